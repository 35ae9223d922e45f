// SPDX-License-Identifier: MIT
package chainrule.nn.activation;

import chainrule.kernels.Kernels;

/**
 * Rectified linear unit: <pre>φ(z) = max(0, z)        φ'(z) = 0 for z ≤ 0, 1 for z &gt; 0</pre>
 * Range [0, ∞). At the kink, φ'(0) = 0, as in 001 and 003 (000 prints 1). φ(−0) = +0. NaN propagates, with φ' = 1.
 */
public record Relu() implements Elementwise {
  @Override public String name() {
    return "relu";
  }

  /**
   * Returns max(0, z).
   * Formula: 000-1.2, 001-relu, 003-relu. Spec: ActivationSpec#reluReplacesNegativeNumbersByZero.
   * Formula: 002-relu. Spec: ActivationIdentitySpec#reluEqualsMaxOfZeroAndX.
   */
  @Override public double value(double z) {
    return z <= 0 ? 0 : z;
  }

  /**
   * Returns 1 for z &gt; 0, otherwise 0, also at the kink.
   * Formula: 000-1.2-d, 001-relu-d, 003-relu-d. Spec: ActivationSpec#reluHasDerivativeZeroAtItsKink.
   */
  @Override public double derivative(double z, double a) {
    return a <= 0 ? 0 : 1;
  }

  @Override public boolean needsInput() {
    return false; // a > 0 exactly where z > 0
  }

  @Override public boolean isRectifier() {
    return true;
  }

  @Override public void forward(Kernels kernels, int rows, int cols, double[] z, double[] a) {
    kernels.relu(rows * cols, z, 0, a, 0);
  }

  @Override public void applyDerivative(Kernels kernels, int rows, int cols, double[] z, double[] a, double[] g) {
    kernels.reluGradient(rows * cols, a, 0, g, 0, g, 0);
  }
}
