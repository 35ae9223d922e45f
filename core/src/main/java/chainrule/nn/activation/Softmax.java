// SPDX-License-Identifier: MIT
package chainrule.nn.activation;

import chainrule.kernels.Kernels;

/**
 * Softmax of each row: <pre>a_i = e^z_i / Σ_j e^z_j        ∂a_i/∂z_j = a_i(δ_ij − a_j)</pre>
 * The backward pass multiplies by the full Jacobian, not element by element:
 * <pre>δ_j = Σ_i g_i · a_i(δ_ij − a_j) = a_j (g_j − Σ_i a_i g_i)</pre>
 * Values are in [0, 1] and each row sums to 1 up to rounding. The row's largest z is subtracted first, so finite z give
 * finite values. NaN or +∞ in a row makes the whole row NaN.
 */
public record Softmax() implements Activation {
  @Override public String name() {
    return "softmax";
  }

  @Override public boolean needsInput() {
    return false;
  }

  @Override public boolean givesProbabilities() {
    return true;
  }

  /**
   * Computes a_i = e^z_i / Σ_j e^z_j in each row.
   * Formula: 000-1.4, 001-softmax, 002-softmax, 003-softmax. Spec:
   * SoftmaxSpec#everyValueIsItsExponentialOverTheSumOfItsRow.
   */
  @Override public void forward(Kernels kernels, int rows, int cols, double[] z, double[] a) {
    kernels.softmax(rows, cols, z, 0, a, 0);
  }

  /**
   * Multiplies each row of g by the Jacobian a_i(δ_ij − a_j).
   * Formula: 000-1.4-d, 001-softmax-d, 003-softmax-d. Spec: SoftmaxSpec#everyEntryOfTheJacobianAgreesWithBothWitnesses.
   */
  @Override public void applyDerivative(Kernels kernels, int rows, int cols, double[] z, double[] a, double[] g) {
    kernels.softmaxGradient(rows, cols, a, 0, g, 0, g, 0);
  }
}
