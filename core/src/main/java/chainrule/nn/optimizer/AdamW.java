// SPDX-License-Identifier: MIT
package chainrule.nn.optimizer;

/**
 * AdamW, Adam with decoupled weight decay: <pre>
 * m ← β₁·m + (1 − β₁)·g            m̂ = m / (1 − β₁^t)
 * v ← β₂·v + (1 − β₂)·g²           v̂ = v / (1 − β₂^t)
 * θ ← θ − η · (m̂ / (√v̂ + ε) + λ·θ)
 * </pre>
 * The decay applies to every parameter, biases included. t counts from 1. A NaN gradient makes its own parameter NaN
 * and no other. Source: Loshchilov and Hutter 2017. Spec: OptimizerSpec.
 *
 * @param rate η, usually 0.001
 * @param beta1 β₁, the decay rate of the mean gradient, usually 0.9
 * @param beta2 β₂, the decay rate of the mean squared gradient, usually 0.999
 * @param epsilon ε, usually 1e-8
 * @param decay λ, the weight decay, usually 0.01
 */
public record AdamW(double rate, double beta1, double beta2, double epsilon, double decay) implements Optimizer {
  static final double DECAY = 0.01;

  /**
   * Creates the optimizer with these parameters.
   *
   * @param rate η
   * @param beta1 β₁
   * @param beta2 β₂
   * @param epsilon ε
   * @param decay λ
   * @throws IllegalArgumentException unless rate, ε &gt; 0, 0 ≤ β &lt; 1 and 0 ≤ λ &lt; ∞
   */
  public AdamW {
    Optimizer.requirePositive("rate", rate);
    Optimizer.requireDecay("beta1", beta1);
    Optimizer.requireDecay("beta2", beta2);
    Optimizer.requirePositive("epsilon", epsilon);
    if (!(decay >= 0 && decay < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("decay: expected a finite number ≥ 0, found " + decay);
    }
  }

  /** With Adam's η = 0.001 and λ = 0.01. */
  public AdamW() {
    this(Adam.RATE);
  }

  /**
   * With Adam's β₁ = 0.9, β₂ = 0.999, ε = 1e-8, and λ = 0.01.
   *
   * @param rate η
   */
  public AdamW(double rate) {
    this(rate, Adam.BETA1, Adam.BETA2, Adam.EPSILON, DECAY);
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

  /**
   * Computes m, v and θ ← θ − η · (m̂ / (√v̂ + ε) + λ·θ).
   * Formula: beyond-adamw. Spec: OptimizerSpec#adamWAppliesItsDecaySeparatelyFromTheGradient.
   */
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
