package chainrule.nn.optimizer;

/**
 * Nesterov's momentum, as an average: a step along what v will be if the gradient stays:
 * <pre>v ← γ·v + (1 − γ)·g        θ ← θ − η·(γ·v + (1 − γ)·g)</pre>
 * with the new v on the right. With η·(1 − γ) in place of η it is the form without 1 − γ. Source: Nesterov 1983, in the
 * form of Sutskever and others 2013.
 *
 * @param rate η
 * @param gamma γ, the memory, 0.9
 */
public record Nesterov(double rate, double gamma) implements Optimizer {
  /** @throws IllegalArgumentException unless rate &gt; 0 and 0 ≤ γ &lt; 1 */
  public Nesterov {
    Optimizer.requirePositive("rate", rate);
    Optimizer.requireDecay("gamma", gamma);
  }

  /** With γ = 0.9. */
  public Nesterov(double rate) {
    this(rate, 0.9);
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
