// SPDX-License-Identifier: MIT
package chainrule.nn.optimizer;

/**
 * Adam: <pre>
 * m ← β₁·m + (1 − β₁)·g            m̂ = m / (1 − β₁^t)
 * v ← β₂·v + (1 − β₂)·g²           v̂ = v / (1 − β₂^t)
 * θ ← θ − η · m̂ / (√v̂ + ε)
 * </pre>
 * t counts the network's steps from 1 (with t = 0, as 003 prints it, the bias corrections divide by zero). ε is added
 * outside the root. A NaN gradient makes its own parameter NaN and no other. Spec: OptimizerSpec.
 *
 * @param rate η, usually 0.001
 * @param beta1 β₁, the decay rate of the mean gradient, usually 0.9
 * @param beta2 β₂, the decay rate of the mean squared gradient, usually 0.999
 * @param epsilon ε, usually 1e-8
 */
public record Adam(double rate, double beta1, double beta2, double epsilon) implements Optimizer {
  static final double RATE = 0.001, BETA1 = 0.9, BETA2 = 0.999, EPSILON = 1e-8;

  /**
   * Creates the optimizer with these parameters.
   *
   * @param rate η
   * @param beta1 β₁
   * @param beta2 β₂
   * @param epsilon ε
   * @throws IllegalArgumentException unless rate, ε &gt; 0 and 0 ≤ β &lt; 1
   */
  public Adam {
    Optimizer.requirePositive("rate", rate);
    Optimizer.requireDecay("beta1", beta1);
    Optimizer.requireDecay("beta2", beta2);
    Optimizer.requirePositive("epsilon", epsilon);
  }

  /** With η = 0.001, β₁ = 0.9, β₂ = 0.999, ε = 1e-8, the values of the paper. */
  public Adam() {
    this(RATE);
  }

  /**
   * With β₁ = 0.9, β₂ = 0.999, ε = 1e-8.
   *
   * @param rate η
   */
  public Adam(double rate) {
    this(rate, BETA1, BETA2, EPSILON);
  }

  @Override public String name() {
    return "adam";
  }

  @Override public Optimizer withRate(double newRate) {
    return new Adam(newRate, beta1, beta2, epsilon);
  }

  @Override public int slots() {
    return 2; // m and v
  }

  /**
   * Computes m, v and θ ← θ − η · m̂ / (√v̂ + ε).
   * Formula: 003-adam. Spec: OptimizerSpec#adamDividesTheCorrectedMeanByTheRootOfTheCorrectedMeanSquare.
   */
  @Override public void update(
      long t, double rate, int from, int to, double[] theta, double[] g, double[][] state) {
    double[] m = state[0], v = state[1]; // [n] each
    double b1 = beta1, b2 = beta2, eps = epsilon;
    double rest1 = 1 - b1, rest2 = 1 - b2;
    double unbias1 = 1 / (1 - power(b1, t)), unbias2 = 1 / (1 - power(b2, t)); // divisions are slow
    for (int i = from; i < to; i++) {
      m[i] = RunningMean.next(b1, m[i], rest1, g[i]);
      v[i] = RunningMean.next(b2, v[i], rest2, g[i] * g[i]);
      theta[i] -= rate * (m[i] * unbias1) / (Math.sqrt(v[i] * unbias2) + eps);
    }
  }

  /** Returns b^t by repeated squaring. It only multiplies, so the bits are the same everywhere. */
  static double power(double b, long t) {
    double result = 1;
    for (double square = b; t > 0; t >>= 1, square *= square) {
      if ((t & 1) == 1) result *= square;
    }
    return result;
  }
}
