package chainrule.nn.optimizer;

/**
 * AdamW, Adam with decoupled weight decay: <pre>
 * m ← β₁·m + (1 − β₁)·g            m̂ = m / (1 − β₁^t)
 * v ← β₂·v + (1 − β₂)·g²           v̂ = v / (1 − β₂^t)
 * θ ← θ − η · (m̂ / (√v̂ + ε) + λ·θ)
 * </pre>
 * The decay acts on every parameter, biases included. t counts from 1. Source: Loshchilov and Hutter 2017.
 *
 * @param rate η, 0.001
 * @param beta1 β₁, 0.9
 * @param beta2 β₂, 0.999
 * @param epsilon ε, 1e-8
 * @param decay λ, 0.01
 */
public record AdamW(double rate, double beta1, double beta2, double epsilon, double decay) implements Optimizer {
  /** @throws IllegalArgumentException unless rate, ε &gt; 0, 0 ≤ β &lt; 1 and 0 ≤ λ &lt; ∞ */
  public AdamW {
    Optimizer.requirePositive("rate", rate);
    Optimizer.requireDecay("beta1", beta1);
    Optimizer.requireDecay("beta2", beta2);
    Optimizer.requirePositive("epsilon", epsilon);
    if (!(decay >= 0 && decay < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("decay: expected a number from 0 on, got " + decay);
    }
  }

  /** With β₁ = 0.9, β₂ = 0.999, ε = 1e-8, λ = 0.01. */
  public AdamW(double rate) {
    this(rate, 0.9, 0.999, 1e-8, 0.01);
  }

  @Override public String name() {
    return "adamw";
  }

  @Override public Optimizer withRate(double newRate) {
    return new AdamW(newRate, beta1, beta2, epsilon, decay);
  }

  @Override public int slots() {
    return 2; // m and v
  }

  @Override public void update(
      long t, double rate, int from, int to, double[] theta, double[] g, double[][] state) {
    double[] m = state[0], v = state[1]; // [n] each
    double b1 = beta1, b2 = beta2, eps = epsilon, lambda = decay;
    double rest1 = 1 - b1, rest2 = 1 - b2;
    double unbias1 = 1 / (1 - Adam.power(b1, t)), unbias2 = 1 / (1 - Adam.power(b2, t));
    for (int i = from; i < to; i++) {
      m[i] = RunningMean.next(b1, m[i], rest1, g[i]);
      v[i] = RunningMean.next(b2, v[i], rest2, g[i] * g[i]);
      theta[i] -= rate * (m[i] * unbias1 / (Math.sqrt(v[i] * unbias2) + eps) + lambda * theta[i]);
    }
  }
}
