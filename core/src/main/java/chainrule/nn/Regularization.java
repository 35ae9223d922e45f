package chainrule.nn;

/**
 * Penalties on the size of parameters, added to the loss: <pre>
 * L1: λ₁ Σ|θ|      gradient + λ₁ sign(θ), sign(0) = 0
 * L2: λ₂ Σθ²       gradient + 2λ₂ θ
 * </pre>
 * over all weights, and the biases too when asked; either or both. Source: 003-l1, 003-l2. Spec: RegularizationSpec.
 *
 * @param l1 λ₁, 0 or more
 * @param l2 λ₂, 0 or more
 * @param biases whether biases are penalised as well
 */
public record Regularization(double l1, double l2, boolean biases) {
  /** No penalty. */
  public static final Regularization NONE = new Regularization(0, 0, false);

  /** @throws IllegalArgumentException unless both are finite and 0 or more */
  public Regularization {
    require("l1", l1);
    require("l2", l2);
  }

  private static void require(String name, double lambda) {
    if (!(lambda >= 0 && lambda < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(name + ": expected a number from 0 on, got " + lambda);
    }
  }

  boolean isNone() {
    return l1 == 0 && l2 == 0;
  }

  /** λ₁ Σ|θ| + λ₂ Σθ² over the network's parameters as they are. */
  public double penalty(Network network) {
    if (isNone()) return 0;
    double[] theta = network.parameters();
    double sum1 = 0, sum2 = 0;
    for (int l = 0; l < network.layers().size(); l++) { // an iterator would be an object for each step
      Layer layer = network.layers().get(l);
      for (int i = layer.offset(); i < end(layer); i++) {
        sum1 += Math.abs(theta[i]);
        sum2 = Math.fma(theta[i], theta[i], sum2);
      }
    }
    // a sum that is not asked for may be ∞, and 0·∞ is NaN
    return (l1 == 0 ? 0 : l1 * sum1) + (l2 == 0 ? 0 : l2 * sum2);
  }

  /** g ← g + λ₁ sign(θ) + 2λ₂ θ, g laid out as the network's parameters. */
  public void addGradient(Network network, double[] g) {
    addGradient(network, g, 0, g.length);
  }

  /** The same for the parameters {@code from} … {@code to} − 1 alone. */
  void addGradient(Network network, double[] g, int from, int to) {
    if (isNone()) return;
    double[] theta = network.parameters();
    double twice = 2 * l2;
    for (int l = 0; l < network.layers().size(); l++) {
      Layer layer = network.layers().get(l);
      for (int i = Math.max(from, layer.offset()); i < Math.min(to, end(layer)); i++) {
        double sign = l1 * Math.signum(theta[i]);
        g[i] += twice == 0 ? sign : Math.fma(twice, theta[i], sign); // 0 · ∞ is no penalty, not NaN
      }
    }
  }

  private int end(Layer layer) {
    return layer.offset() + (biases ? layer.parameters() : layer.weights());
  }
}
