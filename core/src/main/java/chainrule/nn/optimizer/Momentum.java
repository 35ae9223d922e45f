// SPDX-License-Identifier: MIT
package chainrule.nn.optimizer;

/**
 * Gradient descent with momentum, as an exponential moving average: <pre>v ← γ·v + (1 − γ)·g        θ ← θ − η·v</pre>
 * Other libraries omit the factor 1 − γ. Both forms take the same steps when the η here is theirs / (1 − γ). A NaN
 * gradient makes its own parameter NaN and no other. Spec: OptimizerSpec.
 *
 * @param rate η
 * @param gamma γ, the decay rate of the mean gradient, usually 0.9
 */
public record Momentum(double rate, double gamma) implements Optimizer {
  static final double GAMMA = 0.9;

  /**
   * Creates the optimizer with these parameters.
   *
   * @param rate η
   * @param gamma γ
   * @throws IllegalArgumentException unless rate &gt; 0 and 0 ≤ γ &lt; 1
   */
  public Momentum {
    Optimizer.requirePositive("rate", rate);
    Optimizer.requireDecay("gamma", gamma);
  }

  /**
   * With γ = 0.9.
   *
   * @param rate η
   */
  public Momentum(double rate) {
    this(rate, GAMMA);
  }

  @Override public String name() {
    return "momentum";
  }

  @Override public Optimizer withRate(double newRate) {
    return new Momentum(newRate, gamma);
  }

  @Override public int slots() {
    return 1; // v
  }

  /**
   * Computes v ← γ·v + (1 − γ)·g and θ ← θ − η·v.
   * Formula: 003-momentum. Spec: OptimizerSpec#momentumAveragesTheGradients.
   */
  @Override public void update(
      long t, double rate, int from, int to, double[] theta, double[] g, double[][] state) {
    double[] v = state[0]; // [n]
    double keep = gamma, take = 1 - gamma;
    for (int i = from; i < to; i++) {
      v[i] = RunningMean.next(keep, v[i], take, g[i]);
      theta[i] -= rate * v[i];
    }
  }
}
