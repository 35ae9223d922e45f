package chainrule.nn.optimizer;

/**
 * Gradient descent: <pre>θ ← θ − η·g</pre>
 * as fma(−η, g, θ); in training without penalties g is not kept, and its terms are added to θ one by one ({@code
 * Layer#descend}). Over all samples, a mini-batch or a single sample, as the trainer's batch size says.
 * Source: 001-gd, 002-gd, 003-sgd, 004-sgd-w.
 */
public record GradientDescent(double rate) implements Optimizer {
  /** @throws IllegalArgumentException unless 0 &lt; rate &lt; ∞ */
  public GradientDescent {
    Optimizer.requirePositive("rate", rate);
  }

  @Override public String name() {
    return "sgd";
  }

  @Override public Optimizer withRate(double newRate) {
    return new GradientDescent(newRate);
  }

  @Override public int slots() {
    return 0;
  }

  @Override public boolean isPlainDescent() {
    return true;
  }

  @Override public void update(
      long t, double rate, int from, int to, double[] theta, double[] g, double[][] state) {
    double step = -rate;
    for (int i = from; i < to; i++) theta[i] = Math.fma(step, g[i], theta[i]);
  }
}
