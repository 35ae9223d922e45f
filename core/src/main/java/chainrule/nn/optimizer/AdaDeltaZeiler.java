// SPDX-License-Identifier: MIT
package chainrule.nn.optimizer;

/**
 * AdaDelta as its paper states it, with ε inside both roots: <pre>
 * v ← ρ·v + (1 − ρ)·g²
 * Δ ← −√(u + ε) / √(v + ε) · g
 * u ← ρ·u + (1 − ρ)·Δ²
 * θ ← θ + η·Δ
 * </pre>
 * 003 has ε outside the roots: see {@link AdaDelta}. A NaN gradient makes its own parameter NaN and no other.
 * Source: Zeiler 2012. Spec: OptimizerSpec.
 *
 * @param rate η, 1 for the formula as stated
 * @param rho ρ, the decay rate of both means, usually 0.95
 * @param epsilon ε, usually 1e-6. Since u starts at 0, ε alone sets the size of the first step
 */
public record AdaDeltaZeiler(double rate, double rho, double epsilon) implements Optimizer {
  static final double EPSILON = 1e-6;

  /**
   * Creates the optimizer with these parameters.
   *
   * @param rate η
   * @param rho ρ
   * @param epsilon ε
   * @throws IllegalArgumentException unless rate, ε &gt; 0 and 0 ≤ ρ &lt; 1
   */
  public AdaDeltaZeiler {
    Optimizer.requirePositive("rate", rate);
    Optimizer.requireDecay("rho", rho);
    Optimizer.requirePositive("epsilon", epsilon);
  }

  /** With η = 1, ρ = 0.95, ε = 1e-6. */
  public AdaDeltaZeiler() {
    this(AdaDelta.RATE, AdaDelta.RHO, EPSILON);
  }

  @Override public String name() {
    return "adadelta-zeiler";
  }

  @Override public Optimizer withRate(double newRate) {
    return new AdaDeltaZeiler(newRate, rho, epsilon);
  }

  @Override public int slots() {
    return 2; // v and u
  }

  /**
   * Computes v, Δ, u and θ ← θ + η·Δ, with ε inside the roots.
   * Formula: beyond-adadelta-zeiler. Spec: OptimizerSpec#zeilersAdaDeltaHasEpsilonInsideTheRoots.
   */
  @Override public void update(
      long t, double rate, int from, int to, double[] theta, double[] g, double[][] state) {
    double[] v = state[0], u = state[1]; // [n] each
    double keep = rho, take = 1 - rho, eps = epsilon;
    for (int i = from; i < to; i++) {
      v[i] = RunningMean.next(keep, v[i], take, g[i] * g[i]);
      double delta = -Math.sqrt(u[i] + eps) / Math.sqrt(v[i] + eps) * g[i];
      u[i] = RunningMean.next(keep, u[i], take, delta * delta);
      theta[i] += rate * delta;
    }
  }
}
