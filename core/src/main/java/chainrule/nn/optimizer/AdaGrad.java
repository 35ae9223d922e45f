// SPDX-License-Identifier: MIT
package chainrule.nn.optimizer;

/**
 * AdaGrad: <pre>v ← v + g²        θ ← θ − η / (√v + ε) · g</pre>
 * ε is added outside the root. It is 10⁻⁸ (003 prints "10^8", which would make every step shorter than 10⁻⁸·η·|g|).
 * v only grows, so steps only get shorter. A NaN gradient makes its own parameter NaN and no other.
 * Spec: OptimizerSpec.
 *
 * @param rate η
 * @param epsilon ε, usually 1e-8
 */
public record AdaGrad(double rate, double epsilon) implements Optimizer {
  /**
   * The default of ε, 10⁻⁸.
   * Formula: 003-epsilon. Spec: OptimizerInterpretationSpec#thePrintedEpsilonOfTenToTheEighthWouldStallTraining.
   */
  static final double EPSILON = 1e-8;

  /**
   * Creates the optimizer with these parameters.
   *
   * @param rate η
   * @param epsilon ε
   * @throws IllegalArgumentException unless rate, ε &gt; 0
   */
  public AdaGrad {
    Optimizer.requirePositive("rate", rate);
    Optimizer.requirePositive("epsilon", epsilon);
  }

  /**
   * With ε = 1e-8.
   *
   * @param rate η
   */
  public AdaGrad(double rate) {
    this(rate, EPSILON);
  }

  @Override public String name() {
    return "adagrad";
  }

  @Override public Optimizer withRate(double newRate) {
    return new AdaGrad(newRate, epsilon);
  }

  @Override public int slots() {
    return 1; // v
  }

  /**
   * Computes v ← v + g² and θ ← θ − η / (√v + ε) · g.
   * Formula: 003-adagrad. Spec: OptimizerSpec#adaGradDividesByTheRootOfTheSumOfSquares.
   */
  @Override public void update(
      long t, double rate, int from, int to, double[] theta, double[] g, double[][] state) {
    double[] v = state[0]; // [n]
    double eps = epsilon;
    for (int i = from; i < to; i++) {
      v[i] = Math.fma(g[i], g[i], v[i]);
      theta[i] -= rate / (Math.sqrt(v[i]) + eps) * g[i];
    }
  }
}
