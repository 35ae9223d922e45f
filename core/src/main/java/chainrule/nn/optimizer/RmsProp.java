// SPDX-License-Identifier: MIT
package chainrule.nn.optimizer;

/**
 * RMSProp: <pre>v ← ρ·v + (1 − ρ)·g²        θ ← θ − η / (√v + ε) · g</pre>
 * ε is added outside the root. A NaN gradient makes its own parameter NaN and no other. Spec: OptimizerSpec.
 *
 * @param rate η
 * @param rho ρ, the decay rate of the mean squared gradient, usually 0.9
 * @param epsilon ε, usually 1e-8
 */
public record RmsProp(double rate, double rho, double epsilon) implements Optimizer {
  static final double RHO = 0.9, EPSILON = 1e-8;

  /**
   * Creates the optimizer with these parameters.
   *
   * @param rate η
   * @param rho ρ
   * @param epsilon ε
   * @throws IllegalArgumentException unless rate, ε &gt; 0 and 0 ≤ ρ &lt; 1
   */
  public RmsProp {
    Optimizer.requirePositive("rate", rate);
    Optimizer.requireDecay("rho", rho);
    Optimizer.requirePositive("epsilon", epsilon);
  }

  /**
   * With ρ = 0.9, ε = 1e-8.
   *
   * @param rate η
   */
  public RmsProp(double rate) {
    this(rate, RHO, EPSILON);
  }

  @Override public String name() {
    return "rmsprop";
  }

  @Override public Optimizer withRate(double newRate) {
    return new RmsProp(newRate, rho, epsilon);
  }

  @Override public int slots() {
    return 1; // v
  }

  /**
   * Computes v ← ρ·v + (1 − ρ)·g² and θ ← θ − η / (√v + ε) · g.
   * Formula: 003-rmsprop. Spec: OptimizerSpec#rmsPropDividesByTheRootOfTheMeanSquare.
   */
  @Override public void update(
      long t, double rate, int from, int to, double[] theta, double[] g, double[][] state) {
    double[] v = state[0]; // [n]
    double keep = rho, take = 1 - rho, eps = epsilon;
    for (int i = from; i < to; i++) {
      v[i] = RunningMean.next(keep, v[i], take, g[i] * g[i]);
      theta[i] -= rate / (Math.sqrt(v[i]) + eps) * g[i];
    }
  }
}
