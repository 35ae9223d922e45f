// SPDX-License-Identifier: MIT
package chainrule.nn;

/**
 * Penalties on the size of parameters, added to the loss: <pre>
 * L1: λ₁ Σ|θ|      gradient + λ₁ sign(θ), sign(0) = 0
 * L2: λ₂ Σθ²       gradient + 2λ₂ θ
 * </pre>
 * over all weights of the network, and over its biases if {@link #withBiases} was called:
 * <pre>{@code
 * Regularization.l2(1e-3)                            // weight decay of 2e-3 in the gradient
 * Regularization.l1l2(1e-4, 1e-3).withBiases()
 * }</pre>
 * A penalty with λ = 0 adds nothing, even where a weight is infinite. Immutable. Spec: RegularizationSpec.
 */
public final class Regularization {
  /** No penalty. */
  public static final Regularization NONE = new Regularization(0, 0, false);

  private final double l1;
  private final double l2;
  private final boolean biases;

  private Regularization(double l1, double l2, boolean biases) {
    this.l1 = requireFactor("l1", l1);
    this.l2 = requireFactor("l2", l2);
    this.biases = biases;
  }

  private static double requireFactor(String name, double lambda) {
    if (lambda >= 0 && lambda < Double.POSITIVE_INFINITY) return lambda;
    throw new IllegalArgumentException(name + ": expected a finite number ≥ 0, found " + lambda);
  }

  /**
   * {@return the penalty λ₁ Σ|w| over all weights}
   *
   * @param lambda λ₁
   * @throws IllegalArgumentException unless 0 ≤ λ₁ &lt; ∞
   */
  public static Regularization l1(double lambda) {
    return new Regularization(lambda, 0, false);
  }

  /**
   * {@return the penalty λ₂ Σw² over all weights}
   *
   * @param lambda λ₂
   * @throws IllegalArgumentException unless 0 ≤ λ₂ &lt; ∞
   */
  public static Regularization l2(double lambda) {
    return new Regularization(0, lambda, false);
  }

  /**
   * {@return the penalty λ₁ Σ|w| + λ₂ Σw² over all weights (elastic net)}
   *
   * @param lambda1 λ₁
   * @param lambda2 λ₂
   * @throws IllegalArgumentException unless 0 ≤ λ₁, λ₂ &lt; ∞
   */
  public static Regularization l1l2(double lambda1, double lambda2) {
    return new Regularization(lambda1, lambda2, false);
  }

  /** {@return the same penalties over weights and biases} */
  public Regularization withBiases() {
    return new Regularization(l1, l2, true);
  }

  /** {@return λ₁; 0 for no L1 penalty} */
  public double l1() {
    return l1;
  }

  /** {@return λ₂; 0 for no L2 penalty} */
  public double l2() {
    return l2;
  }

  /** {@return whether biases are penalized as well} */
  public boolean biases() {
    return biases;
  }

  boolean isNone() {
    return l1 == 0 && l2 == 0;
  }

  /**
   * {@return λ₁ Σ|θ| + λ₂ Σθ²}
   * Formula: 003-l1, 003-l2. Spec: RegularizationSpec#penaltiesAndTheirGradientsFollowTheDocuments.
   *
   * @param network the network with the parameters θ
   */
  public double penalty(Network network) {
    if (isNone()) return 0;
    double[] theta = network.parameters();
    double sum1 = 0, sum2 = 0;
    for (int l = 0; l < network.layers().size(); l++) { // an iterator would allocate in every step
      Layer layer = network.layers().get(l);
      int from = layer.offset(), to = end(layer);
      if (l1 != 0) for (int i = from; i < to; i++) sum1 += Math.abs(theta[i]);
      if (l2 != 0) for (int i = from; i < to; i++) sum2 = Math.fma(theta[i], theta[i], sum2);
    }
    return l1 * sum1 + l2 * sum2; // an unused sum is 0, even where a weight is infinite
  }

  /**
   * Adds the penalty's gradient: g ← g + λ₁ sign(θ) + 2λ₂ θ.
   *
   * @param network the network with the parameters θ
   * @param g a gradient, laid out as the network's parameters
   */
  public void addGradient(Network network, double[] g) {
    addGradient(network, g, 0, g.length);
  }

  /** Adds the penalty's gradient for the parameters {@code from} … {@code to} − 1 only. */
  void addGradient(Network network, double[] g, int from, int to) {
    if (isNone()) return;
    double[] theta = network.parameters();
    for (int l = 0; l < network.layers().size(); l++) {
      Layer layer = network.layers().get(l);
      int first = Math.max(from, layer.offset()), last = Math.min(to, end(layer));
      if (l1 == 0) addShrinkage(2 * l2, theta, g, first, last);
      else addBoth(theta, g, first, last);
    }
  }

  /**
   * Adds 2λ₂ θ, with the same bits as {@link #addBoth}. The JVM vectorizes this loop.
   * Formula: 003-l2-term-d. Spec: RegularizationSpec#theSlopeOfTheL2TermIsNotTheSign.
   * Formula: 003-l2-d. Spec: RegularizationSpec#penaltiesAndTheirGradientsFollowTheDocuments.
   */
  private static void addShrinkage(double twice, double[] theta, double[] g, int from, int to) {
    for (int i = from; i < to; i++) g[i] += twice * theta[i];
  }

  /**
   * Adds λ₁ sign(θ) + 2λ₂ θ.
   * Formula: 003-l1-term-d. Spec: RegularizationSpec#theSlopeOfTheL1TermIsLambdaTimesTheSign.
   * Formula: 003-l1-d. Spec: RegularizationSpec#penaltiesAndTheirGradientsFollowTheDocuments.
   */
  private void addBoth(double[] theta, double[] g, int from, int to) {
    double twice = 2 * l2;
    for (int i = from; i < to; i++) {
      double sign = l1 * Math.signum(theta[i]);
      g[i] += twice == 0 ? sign : Math.fma(twice, theta[i], sign); // without L2, 0 · ∞ must not give NaN
    }
  }

  private int end(Layer layer) {
    return layer.offset() + (biases ? layer.parameters() : layer.weights());
  }

  @Override public boolean equals(Object o) {
    return o instanceof Regularization r && Double.compare(l1, r.l1) == 0 && Double.compare(l2, r.l2) == 0
        && biases == r.biases;
  }

  @Override public int hashCode() {
    return 31 * (31 * Double.hashCode(l1) + Double.hashCode(l2)) + Boolean.hashCode(biases);
  }

  @Override public String toString() {
    return isNone() ? "no penalty" : "l1 " + l1 + ", l2 " + l2 + (biases ? ", biases included" : "");
  }
}
