# SPDX-License-Identifier: MIT
"""The engine numpy: training steps in a process with the protocol of chainrule.bench.peers.EngineServer."""
import sys
import time

try:
    import numpy as np
except ImportError as e:
    np, missing = None, str(e)


STEPS_BEFORE_RESTART = 4096  # as in EngineServer


def uniform(seed, n):
    """The first n doubles of Java's SplittableRandom(seed)."""
    z = np.uint64(seed) + np.arange(1, n + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return ((z ^ (z >> np.uint64(31))) >> np.uint64(11)).astype(np.float64) * 2.0**-53


class Workload:
    """A workload, as Workload.java defines it, with preallocated arrays."""

    def __init__(self, work):
        self.work = work
        shape, rows, self.task = work.split("/")
        widths = [int(w) for w in shape.split("-")]
        n, classes = int(rows), widths[-1]
        self.n, self.rows, self.t, self.taken = n, np.arange(n), 0, 0
        self.x = uniform(42, n * widths[0]).reshape(n, -1)
        self.labels = (uniform(43, n) * classes).astype(int)
        sizes = [(i + 1) * o for i, o in zip(widths, widths[1:])]
        self.theta, at = uniform(44, sum(sizes)), 0
        self.g, self.m, self.v, self.u = (np.zeros(sum(sizes)) for _ in range(4))
        self.w, self.b, self.dw, self.db = [], [], [], []
        for i, o, size in zip(widths, widths[1:], sizes):
            self.theta[at : at + size] = (2 * self.theta[at : at + size] - 1) * (1 / np.sqrt(i))
            self.w.append(self.theta[at : at + i * o].reshape(i, o))
            self.b.append(self.theta[at + i * o : at + size])
            self.dw.append(self.g[at : at + i * o].reshape(i, o))
            self.db.append(self.g[at + i * o : at + size])
            at += size
        self.a = [np.empty((n, o)) for o in widths[1:]]
        self.d = [np.empty((n, o)) for o in widths[1:]]
        self.one = [np.empty((1, o)) for o in widths[1:]]

    def forward(self, x, a):
        for w, b, z in zip(self.w, self.b, a):
            np.dot(x, w, out=z)
            z += b
            if z is not a[-1]:
                np.maximum(z, 0, out=z)
            x = z
        return x

    def step(self):
        z = self.forward(self.x, self.a)
        z -= z.max(axis=1, keepdims=True)
        d = np.exp(z, out=self.d[-1])
        total = d.sum(axis=1, keepdims=True)
        loss = (np.log(total).sum() - z[self.rows, self.labels].sum()) / self.n
        d /= total * self.n
        d[self.rows, self.labels] -= 1 / self.n
        for l in reversed(range(len(self.w))):
            d, a = self.d[l], self.x if l == 0 else self.a[l - 1]
            if l > 0:
                np.dot(d, self.w[l].T, out=self.d[l - 1])
                self.d[l - 1] *= a > 0
            np.dot(a.T, d, out=self.dw[l])
            d.sum(axis=0, out=self.db[l])
        self.update()
        return loss

    def update(self):
        g, m, v, u = self.g, self.m, self.v, self.u
        if self.task == "sgd":
            g *= 0.1
            self.theta -= g
            return
        self.t += 1
        m *= 0.9
        m += np.multiply(g, 1 - 0.9, out=u)
        v *= 0.999
        g *= g
        v += np.multiply(g, 1 - 0.999, out=u)
        np.sqrt(v, out=u)
        u *= 1 / (1 - 0.999**self.t) ** 0.5
        u += 1e-8
        np.divide(m, u, out=u)
        u *= 0.001 / (1 - 0.9**self.t)
        self.theta -= u

    def predict(self):
        z = self.forward(self.x[:1], self.one)
        p = np.exp(z - z.max())
        return p / p.sum()


def timed(run, n):
    last = 0
    begin = time.perf_counter_ns()
    for _ in range(n):
        last = run()
    nanos = time.perf_counter_ns() - begin
    if not np.isfinite(last).all():
        raise ArithmeticError(f"a step returned {last}")
    return nanos


def answer(words):
    global steps
    if words[0] == "prepare":
        steps = Workload(words[1])
        return "numpy " + np.__version__
    training = steps.task != "predict"
    if words[0] == "check":
        values = [steps.step() for _ in range(3)] if training else steps.predict()[0]
        return " ".join(repr(float(v)) for v in values)
    if words[0] == "run":
        left, nanos = int(words[1]), 0
        while left > 0:
            if training and steps.taken >= STEPS_BEFORE_RESTART:
                steps = Workload(steps.work)
            part = min(left, STEPS_BEFORE_RESTART - steps.taken) if training else left
            nanos += timed(steps.step if training else steps.predict, part)
            steps.taken += part
            left -= part
        return str(nanos)
    raise ValueError("unknown request: " + " ".join(words))


steps = None
for line in sys.stdin:
    try:
        reply = "ok " + answer(line.split()) if np else "no " + missing
    except Exception as e:
        reply = f"no {type(e).__name__}: {e}"
    print("@ " + reply, flush=True)
