package chainrule.nn.activation;

import chainrule.kernels.Elementary;

/**
 * Gaussian error linear unit, exact: <pre>φ(z) = z·Φ(z)        φ'(z) = Φ(z) + z·φ_N(z)</pre>
 * with the normal distribution's Φ and its density φ_N. φ(−∞) = −0, φ(∞) = ∞ (as limits); NaN propagates.
 * Source: Hendrycks and Gimpel 2016.
 */
public record Gelu() implements Elementwise {
  @Override public String name() {
    return "gelu";
  }

  @Override public double value(double z) {
    return z == Double.NEGATIVE_INFINITY ? -0.0 : z * Elementary.normalCdf(z);
  }

  @Override public double derivative(double z, double a) {
    double bell = Elementary.normalDensity(z);
    return Elementary.normalCdf(z) + (bell == 0 ? 0 : z * bell);
  }

  @Override public boolean isRectifier() {
    return true;
  }
}
