# SPDX-License-Identifier: MIT
"""Trains one network with PyTorch as a whole process, the counterpart of './chainrule train'. bench/README.md has
the commands.

  python3 cold.py eager|script THREADS digits IMAGES LABELS TEST-IMAGES TEST-LABELS EPOCHS
  python3 cold.py eager|script THREADS table TABLE.csv EPOCHS

digits: 784-128-10, batch 64, SGD with rate 0.1. table: in-64-32-classes, batch 32, Adam with rate 0.004; every fifth
row is for testing. 'eager' uses autograd and torch.optim, 'script' one TorchScript call per step with explicit
gradients. Everything is in double precision. The rows of an epoch are gathered once, and batches are views of them.
"""
import sys

import torch

SGD_RATE, ADAM_RATE = 0.1, 0.004


def idx(file, header):
    with open(file, "rb") as f:
        return torch.frombuffer(bytearray(f.read()), dtype=torch.uint8, offset=header)


def digits(images, labels):
    return idx(images, 16).view(-1, 784).double().div_(255), idx(labels, 8).long()


def table(file):
    with open(file) as f:
        rows = [line.rstrip("\n").split(",") for line in f][1:]
    names = sorted({row[-1] for row in rows})
    x = torch.tensor([[float(cell) for cell in row[:-1]] for row in rows], dtype=torch.double)
    labels = torch.tensor([names.index(row[-1]) for row in rows])
    test = torch.arange(len(rows)) % 5 == 4
    train = ~test
    x = (x - x[train].mean(0)) / x[train].std(0)
    return x[train], labels[train], x[test], labels[test]


def layers(widths):
    """Returns W [in × out] and b of each layer, with He's initial weights."""
    theta = []
    for n, m in zip(widths, widths[1:]):
        theta += [torch.randn(n, m, dtype=torch.double) * (2 / n) ** 0.5, torch.zeros(m, dtype=torch.double)]
    return theta


def script(widths, adam):
    """Returns the source of a step with explicit gradients, as TorchScript in bench/peers/pytorch writes it."""
    last = len(widths) - 2
    s = ["def step(a0: Tensor, labels: Tensor, y: Tensor, p: List[Tensor], m: List[Tensor], v: List[Tensor],"
         " t: List[Tensor]) -> Tensor:"]
    s.append("  " + ", ".join(f"w{l}, b{l}" for l in range(last + 1)) + " = p")
    for l in range(last):
        s.append(f"  a{l + 1} = torch.relu(torch.addmm(b{l}, a{l}, w{l}))")
    scale = 1 if adam else -SGD_RATE
    s.append(f"  ln = torch.log_softmax(torch.addmm(b{last}, a{last}, w{last}), 1)")
    s.append("  loss = torch.nn.functional.nll_loss(ln, labels)")
    s.append(f"  d{last} = torch.exp(ln).sub_(y).mul_({scale} / a0.size(0))")
    for l in range(last, -1, -1):
        if l > 0:
            s.append(f"  d{l - 1} = torch.ops.aten.threshold_backward(torch.mm(d{l}, w{l}.t()), a{l}, 0.0)")
        if adam:
            s += [f"  gw{l} = torch.mm(a{l}.t(), d{l})", f"  gb{l} = torch.sum(d{l}, 0)"]
        else:
            s += [f"  w{l}.addmm_(a{l}.t(), d{l})", f"  b{l}.add_(torch.sum(d{l}, 0))"]
    if adam:
        s.append("  for i in t:\n    i.add_(1.0)")
        s.append("  torch._fused_adam_(p, [" + ", ".join(f"gw{l}, gb{l}" for l in range(last + 1)) + f"], m, v, [], t,"
                 f" lr={ADAM_RATE}, beta1=0.9, beta2=0.999, weight_decay=0.0, eps=1e-8, amsgrad=False, maximize=False)")
    return "\n".join(s) + "\n  return loss\n"


def scripted(widths, adam):
    theta = layers(widths)
    step = torch.jit.CompilationUnit(script(widths, adam)).step
    m, v = [torch.zeros_like(p) for p in theta], [torch.zeros_like(p) for p in theta]
    t = [torch.zeros((), dtype=torch.double) for _ in theta]
    return theta, lambda x, labels, y: step(x, labels, y, theta, m, v, t)


def forward(theta, x):
    for l in range(0, len(theta) - 2, 2):
        x = torch.relu(torch.addmm(theta[l + 1], x, theta[l]))
    return torch.addmm(theta[-1], x, theta[-2])


def eager(widths, adam):
    theta = [p.requires_grad_() for p in layers(widths)]
    optimizer = torch.optim.Adam(theta, ADAM_RATE, fused=True) if adam else torch.optim.SGD(theta, SGD_RATE)

    def step(x, labels, y):
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(forward(theta, x), labels)
        loss.backward()
        optimizer.step()
        return loss.detach()

    return theta, step


def main(mode, threads, data, *rest):
    torch.set_num_threads(int(threads))
    torch.manual_seed(1)
    epochs = int(rest[-1])
    if data == "digits":
        x, labels = digits(rest[0], rest[1])
        test_x, test_labels = digits(rest[2], rest[3])
        hidden, batch, adam = [128], 64, False
    else:
        x, labels, test_x, test_labels = table(rest[0])
        hidden, batch, adam = [64, 32], 32, True
    classes = int(labels.max()) + 1
    y = torch.nn.functional.one_hot(labels, classes).double()
    widths = [x.shape[1]] + hidden + [classes]
    theta, step = (scripted if mode == "script" else eager)(widths, adam)
    for epoch in range(epochs):
        order = torch.randperm(len(x))
        xs, ls, ys = x[order], labels[order], y[order]
        total = torch.zeros((), dtype=torch.double)
        for i in range(0, len(xs), batch):
            total += step(xs[i:i + batch], ls[i:i + batch], ys[i:i + batch])
        with torch.no_grad():
            right = (forward(theta, test_x).argmax(1) == test_labels).double().mean()
        if epoch % max(1, epochs // 10) == 0 or epoch == epochs - 1:
            mean = total.item() / -(-len(xs) // batch)
            print(f"epoch {epoch + 1}: loss {mean:.4f}, test accuracy {right.item():.4f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
