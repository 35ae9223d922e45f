// SPDX-License-Identifier: MIT
package chainrule.nn.activation;

import chainrule.kernels.Elementary;
import chainrule.kernels.Kernels;

/**
 * Exponential linear unit: <pre>
 * φ(z) = z for z &gt; 0, α(e^z − 1) for z ≤ 0        φ'(z) = 1 for z &gt; 0, α·e^z for z ≤ 0
 * </pre>
 * Range [−α, ∞): φ(−∞) = −α, φ(∞) = ∞. φ' is continuous for α = 1; otherwise there is a kink at 0 with φ'(0) = α. NaN
 * propagates. Source: Clevert, Unterthiner, Hochreiter 2015.
 *
 * @param alpha α, 0 &lt; α &lt; ∞
 */
public record Elu(double alpha) implements Elementwise {
  /**
   * Creates an ELU with this α.
   *
   * @param alpha α
   * @throws IllegalArgumentException unless 0 &lt; α &lt; ∞
   */
  public Elu {
    if (!(alpha > 0 && alpha < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("elu: expected a finite alpha > 0, found " + alpha);
    }
  }

  /** With α = 1. */
  public Elu() {
    this(1);
  }

  @Override public String name() {
    return alpha == 1 ? "elu" : "elu:" + alpha;
  }

  /**
   * Returns z for z &gt; 0, otherwise α(e^z − 1).
   * Formula: beyond-elu. Spec: BeyondActivationSpec#eluIsLinearOnTheRightAndExponentialOnTheLeft.
   */
  @Override public double value(double z) {
    return z > 0 ? z : alpha * Elementary.expm1(z);
  }

  @Override public double derivative(double z, double a) {
    return z > 0 ? 1 : Elementary.eluDerivative(alpha, z);
  }

  @Override public boolean isRectifier() {
    return true;
  }

  @Override public void forward(Kernels kernels, int rows, int cols, double[] z, double[] a) {
    kernels.elu(rows * cols, alpha, z, 0, a, 0);
  }

  @Override public void applyDerivative(Kernels kernels, int rows, int cols, double[] z, double[] a, double[] g) {
    kernels.eluGradient(rows * cols, alpha, z, 0, g, 0, g, 0);
  }
}
