package chainrule.nn.activation;

import chainrule.kernels.Elementary;

/**
 * Sigmoid linear unit (swish): <pre>φ(z) = z·σ(z)        φ'(z) = σ(z)·(1 + z·σ(−z))</pre>
 * φ(−∞) = −0, φ(∞) = ∞ and their derivatives 0 and 1 (as limits); NaN propagates.
 * Source: Elfwing, Uchibe, Doya 2017.
 */
public record Silu() implements Elementwise {
  @Override public String name() {
    return "silu";
  }

  @Override public double value(double z) {
    return z == Double.NEGATIVE_INFINITY ? -0.0 : z * Elementary.sigmoid(z);
  }

  @Override public double derivative(double z, double a) {
    if (Double.isInfinite(z)) return z > 0 ? 1 : 0;
    return Elementary.sigmoid(z) * (1 + z * Elementary.sigmoid(-z));
  }

  @Override public boolean isRectifier() {
    return true;
  }
}
