package chainrule.nn.optimizer;

/**
 * Momentum, as an average: <pre>v ← γ·v + (1 − γ)·g        θ ← θ − η·v</pre>
 * Others leave out 1 − γ; the two are equal when their η differ by that factor. Source: 003-momentum.
 *
 * @param rate η
 * @param gamma γ, the memory, 0.9
 */
public record Momentum(double rate, double gamma) implements Optimizer {
  /** @throws IllegalArgumentException unless rate &gt; 0 and 0 ≤ γ &lt; 1 */
  public Momentum {
    Optimizer.requirePositive("rate", rate);
    Optimizer.requireDecay("gamma", gamma);
  }

  /** With γ = 0.9. */
  public Momentum(double rate) {
    this(rate, 0.9);
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
