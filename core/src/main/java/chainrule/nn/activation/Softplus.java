// SPDX-License-Identifier: MIT
package chainrule.nn.activation;

import chainrule.kernels.Elementary;
import chainrule.kernels.Kernels;

/**
 * Softplus, a smooth ReLU: <pre>φ(z) = ln(1 + e^z)        φ'(z) = σ(z)</pre>
 * Range [0, ∞), without overflow. φ(−∞) = 0, φ(∞) = ∞. NaN propagates. Source: Dugas and others 2001.
 */
public record Softplus() implements Elementwise {
  @Override public String name() {
    return "softplus";
  }

  /** Returns ln(1 + e^z). Formula: beyond-softplus. Spec: BeyondActivationSpec#softplusIsTheLogarithmOfOnePlusExp. */
  @Override public double value(double z) {
    return Elementary.softplus(z);
  }

  @Override public double derivative(double z, double a) {
    return Elementary.sigmoid(z);
  }

  @Override public boolean isRectifier() {
    return true;
  }

  @Override public void forward(Kernels kernels, int rows, int cols, double[] z, double[] a) {
    kernels.softplus(rows * cols, z, 0, a, 0);
  }

  @Override public void applyDerivative(Kernels kernels, int rows, int cols, double[] z, double[] a, double[] g) {
    kernels.softplusGradient(rows * cols, z, 0, g, 0, g, 0);
  }
}
