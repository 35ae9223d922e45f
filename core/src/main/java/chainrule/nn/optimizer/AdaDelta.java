// SPDX-License-Identifier: MIT
package chainrule.nn.optimizer;

/**
 * AdaDelta as 003 states it, with ε outside the roots: <pre>
 * v ← ρ·v + (1 − ρ)·g²
 * Δ ← −(√u + ε) / (√v + ε) · g
 * u ← ρ·u + (1 − ρ)·Δ²               (missing in 003, which prints u as Δθ)
 * θ ← θ + η·Δ                        (η = 1 in 003)
 * </pre>
 * The paper has ε inside the roots: see {@link AdaDeltaZeiler}. A NaN gradient makes its own parameter NaN and no
 * other. Spec: OptimizerSpec.
 *
 * @param rate η, 1 for the formula as stated
 * @param rho ρ, the decay rate of both means, usually 0.95
 * @param epsilon ε, usually 1e-3, the counterpart of √1e-6 in the paper's form. Since u starts at 0, ε alone sets the
 *     size of the first step
 */
public record AdaDelta(double rate, double rho, double epsilon) implements Optimizer {
  static final double RATE = 1, RHO = 0.95, EPSILON = 1e-3;

  /**
   * Creates the optimizer with these parameters.
   *
   * @param rate η
   * @param rho ρ
   * @param epsilon ε
   * @throws IllegalArgumentException unless rate, ε &gt; 0 and 0 ≤ ρ &lt; 1
   */
  public AdaDelta {
    Optimizer.requirePositive("rate", rate);
    Optimizer.requireDecay("rho", rho);
    Optimizer.requirePositive("epsilon", epsilon);
  }

  /** With η = 1, ρ = 0.95, ε = 1e-3. */
  public AdaDelta() {
    this(RATE, RHO, EPSILON);
  }

  @Override public String name() {
    return "adadelta";
  }

  @Override public Optimizer withRate(double newRate) {
    return new AdaDelta(newRate, rho, epsilon);
  }

  @Override public int slots() {
    return 2; // v and u
  }

  /**
   * Computes v, Δ, u and θ ← θ + η·Δ, with ε outside the roots.
   * Formula: 003-adadelta. Spec: OptimizerSpec#adaDeltaHasEpsilonOutsideTheRoots.
   */
  @Override public void update(
      long t, double rate, int from, int to, double[] theta, double[] g, double[][] state) {
    double[] v = state[0], u = state[1]; // [n] each
    double keep = rho, take = 1 - rho, eps = epsilon;
    for (int i = from; i < to; i++) {
      v[i] = RunningMean.next(keep, v[i], take, g[i] * g[i]);
      double delta = -(Math.sqrt(u[i]) + eps) / (Math.sqrt(v[i]) + eps) * g[i];
      u[i] = RunningMean.next(keep, u[i], take, delta * delta);
      theta[i] += rate * delta;
    }
  }
}
