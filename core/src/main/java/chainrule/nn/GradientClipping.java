// SPDX-License-Identifier: MIT
package chainrule.nn;

import chainrule.kernels.Kernels;

/**
 * Clips a gradient by its norm:
 * <pre>g ← g · min(1, c / ‖g‖),  ‖g‖ = √(Σ g²)</pre>
 * over all parameters, correct even where the squares overflow or underflow. A gradient with a NaN or ∞ is not changed.
 * Source: Pascanu, Mikolov, Bengio 2013. Spec: ClippingSpec.
 */
final class GradientClipping {
  /** Above this norm, squares that underflow are too small to matter. */
  private static final double LEAST_NORM = 0x1p-450;

  private GradientClipping() {}

  /**
   * Scales g in place so that its norm is at most {@code limit}.
   * Formula: beyond-clipping. Spec: ClippingSpec#onlyAGradientLongerThanTheLimitIsScaled.
   */
  static void clip(Kernels kernels, double[] g, double limit) {
    double norm = Math.sqrt(kernels.dot(g.length, g, 0, g, 0));
    if (norm > LEAST_NORM && norm < Double.POSITIVE_INFINITY) {
      if (norm > limit) kernels.scale(g.length, limit / norm, g, 0);
      return;
    }
    double m = 0, sum = 0; // the squares overflow or underflow: use units of u, the power of two below max |g|
    for (double v : g) m = Math.max(m, Math.abs(v));
    if (m == 0 || !(m < Double.POSITIVE_INFINITY)) return;
    double u = Math.scalb(1.0, Math.max(Math.getExponent(m), Double.MIN_EXPONENT));
    for (double v : g) sum = Math.fma(v / u, v / u, sum);
    double inUnits = Math.sqrt(sum);
    if (!(inUnits > limit / u)) return;
    kernels.scale(g.length, 1 / u, g, 0);
    kernels.scale(g.length, limit / inUnits, g, 0);
  }
}
