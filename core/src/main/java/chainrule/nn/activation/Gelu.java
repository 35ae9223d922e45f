// SPDX-License-Identifier: MIT
package chainrule.nn.activation;

import chainrule.kernels.Elementary;
import chainrule.kernels.Kernels;

/**
 * Gaussian error linear unit, without approximation: <pre>φ(z) = z·Φ(z)        φ'(z) = Φ(z) + z·φ_N(z)</pre>
 * with the standard normal distribution function Φ and density φ_N. Range about [−0.17, ∞). As limits, φ(−∞) = −0 and
 * φ(∞) = ∞, with φ' = 0 and 1. NaN propagates.
 * Source: Hendrycks and Gimpel 2016.
 */
public record Gelu() implements Elementwise {
  @Override public String name() {
    return "gelu";
  }

  /** Returns z·Φ(z). Formula: beyond-gelu. Spec: BeyondActivationSpec#geluIsZTimesTheNormalDistributionOfZ. */
  @Override public double value(double z) {
    return Elementary.gelu(z);
  }

  @Override public double derivative(double z, double a) {
    return Elementary.geluDerivative(z);
  }

  @Override public boolean isRectifier() {
    return true;
  }

  @Override public void forward(Kernels kernels, int rows, int cols, double[] z, double[] a) {
    kernels.gelu(rows * cols, z, 0, a, 0);
  }

  @Override public void applyDerivative(Kernels kernels, int rows, int cols, double[] z, double[] a, double[] g) {
    kernels.geluGradient(rows * cols, z, 0, g, 0, g, 0);
  }
}
