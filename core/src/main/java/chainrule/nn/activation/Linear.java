// SPDX-License-Identifier: MIT
package chainrule.nn.activation;

import chainrule.kernels.Kernels;

/**
 * The identity: <pre>φ(z) = z        φ'(z) = 1</pre>
 * Every value passes unchanged, including NaN and ∞.
 */
public record Linear() implements Elementwise {
  @Override public String name() {
    return "linear";
  }

  /**
   * Returns z.
   * Formula: 000-1.1, 002-linear, 003-linear. Spec: ActivationSpec#linearReturnsItsInput.
   * Formula: 002-linear-collapse. Spec:
   * StackedLayersSpec#twoLinearFunctionsAreOneAndWithAnActivationBetweenThemTheyAreNot.
   */
  @Override public double value(double z) {
    return z;
  }

  /** Returns 1. Formula: 000-1.1-d, 003-linear-d. Spec: ActivationSpec#linearReturnsItsInput. */
  @Override public double derivative(double z, double a) {
    return 1;
  }

  @Override public boolean needsInput() {
    return false;
  }

  @Override public void forward(Kernels kernels, int rows, int cols, double[] z, double[] a) {
    if (a != z) System.arraycopy(z, 0, a, 0, rows * cols);
  }

  @Override public void applyDerivative(Kernels kernels, int rows, int cols, double[] z, double[] a, double[] g) {}
}
