// SPDX-License-Identifier: MIT
package chainrule.nn.optimizer;

/**
 * Nesterov's momentum, as an exponential moving average. It steps along the value that v would have next if the
 * gradient stayed the same:
 * <pre>v ← γ·v + (1 − γ)·g        θ ← θ − η·(γ·v + (1 − γ)·g)</pre>
 * where the right side uses the new v. Other libraries omit the factor 1 − γ. Both forms take the same steps when the
 * η here is theirs / (1 − γ). A NaN gradient makes its own parameter NaN and no other.
 * Source: Nesterov 1983, in the form of Sutskever and others 2013. Spec: OptimizerSpec.
 *
 * @param rate η
 * @param gamma γ, the decay rate of the mean gradient, usually 0.9
 */
public record Nesterov(double rate, double gamma) implements Optimizer {
  /**
   * Creates the optimizer with these parameters.
   *
   * @param rate η
   * @param gamma γ
   * @throws IllegalArgumentException unless rate &gt; 0 and 0 ≤ γ &lt; 1
   */
  public Nesterov {
    Optimizer.requirePositive("rate", rate);
    Optimizer.requireDecay("gamma", gamma);
  }

  /**
   * With γ = 0.9.
   *
   * @param rate η
   */
  public Nesterov(double rate) {
    this(rate, Momentum.GAMMA);
  }

  @Override public String name() {
    return "nesterov";
  }

  @Override public Optimizer withRate(double newRate) {
    return new Nesterov(newRate, gamma);
  }

  @Override public int slots() {
    return 1; // v
  }

  /**
   * Computes v ← γ·v + (1 − γ)·g and θ ← θ − η·(γ·v + (1 − γ)·g).
   * Formula: beyond-nesterov. Spec: OptimizerSpec#nesterovStepsAlongAWeightedMeanOfTheNewAverageAndTheGradient.
   */
  @Override public void update(
      long t, double rate, int from, int to, double[] theta, double[] g, double[][] state) {
    double[] v = state[0]; // [n]
    double keep = gamma, take = 1 - gamma;
    for (int i = from; i < to; i++) {
      v[i] = RunningMean.next(keep, v[i], take, g[i]);
      theta[i] -= rate * RunningMean.next(keep, v[i], take, g[i]);
    }
  }
}
