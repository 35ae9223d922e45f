// SPDX-License-Identifier: MIT
package chainrule.nn.activation;

/**
 * Step: <pre>φ(z) = 0 for z &lt; 0, 1 for z ≥ 0        φ'(z) = 0 wherever it exists</pre>
 * For forward passes (perceptrons) only: gradient descent cannot train through a derivative of 0, so training refuses
 * it. Values 0 and 1. φ(−0) = 1. NaN propagates.
 */
public record Step() implements Elementwise {
  @Override public String name() {
    return "step";
  }

  /**
   * Returns 1 for z ≥ 0, 0 for z &lt; 0.
   * Formula: 002-step. Spec: ActivationIdentitySpec#stepIsZeroOrOneWithDerivativeZero.
   * Formula: 002-perceptron. Spec: ForwardSpec#perceptronsComputeAndOrAndNand.
   */
  @Override public double value(double z) {
    return z >= 0 ? 1 : z < 0 ? 0 : z;
  }

  @Override public double derivative(double z, double a) {
    return 0;
  }

  @Override public boolean needsInput() {
    return false;
  }

  @Override public boolean isTrainable() {
    return false;
  }

  @Override public boolean givesProbabilities() {
    return true;
  }
}
