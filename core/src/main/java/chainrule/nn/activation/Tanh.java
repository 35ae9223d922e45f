// SPDX-License-Identifier: MIT
package chainrule.nn.activation;

import chainrule.kernels.Elementary;
import chainrule.kernels.Kernels;

/**
 * Hyperbolic tangent: <pre>φ(z) = 2 / (1 + e^−2z) − 1 = tanh z        φ'(z) = 1 − a²,  a = φ(z)</pre>
 * Range [−1, 1]. φ(±∞) = ±1, with φ' = 0. NaN propagates. The printed form loses digits near 0 to cancellation;
 * {@link Elementary#tanh} does not. φ' is 0 where |a| rounds to 1 (|z| &gt; 19).
 */
public record Tanh() implements Elementwise {
  @Override public String name() {
    return "tanh";
  }

  /**
   * Returns tanh z.
   * Formula: 001-tanh. Spec: ActivationSpec#tanhIsWithinTwoUlpsAndItsDerivativeIsOneMinusItsSquare.
   * Formula: 002-tanh-sigmoid. Spec: ActivationIdentitySpec#tanhIsTwiceSigmoidOfTwiceXMinusOne.
   */
  @Override public double value(double z) {
    return Elementary.tanh(z);
  }

  /**
   * Returns 1 − a².
   * Formula: 001-tanh-d. Spec: ActivationSpec#tanhIsWithinTwoUlpsAndItsDerivativeIsOneMinusItsSquare.
   */
  @Override public double derivative(double z, double a) {
    return Math.fma(-a, a, 1);
  }

  @Override public boolean needsInput() {
    return false;
  }

  @Override public void forward(Kernels kernels, int rows, int cols, double[] z, double[] a) {
    kernels.tanh(rows * cols, z, 0, a, 0);
  }

  @Override public void applyDerivative(Kernels kernels, int rows, int cols, double[] z, double[] a, double[] g) {
    kernels.tanhGradient(rows * cols, a, 0, g, 0, g, 0);
  }
}
