// SPDX-License-Identifier: MIT
package chainrule.nn.activation;

import chainrule.kernels.Elementary;
import chainrule.kernels.Kernels;

/**
 * Sigmoid: <pre>φ(z) = 1 / (1 + e^−z)        φ'(z) = a(1 − a),  a = φ(z)</pre>
 * Range [0, 1]. φ(−∞) = 0 and φ(∞) = 1, with φ' = 0. NaN propagates. The derivative that 000 prints, e^z/(1+e^z)²,
 * equals a(1 − a) but is NaN for z &gt; 709, where this form is 0. φ' is 0 where a rounds to 1 (z &gt; 37).
 */
public record Sigmoid() implements Elementwise {
  @Override public String name() {
    return "sigmoid";
  }

  /**
   * Returns 1 / (1 + e^−z).
   * Formula: 000-1.3, 001-sigmoid, 003-sigmoid. Spec: ActivationSpec#sigmoidIsOneOverOnePlusExpOfMinusZ.
   * Formula: 002-sigmoid. Spec: ActivationIdentitySpec#theTwoFormsOfSigmoidAreEqual.
   * Formula: 002-sigmoid-half. Spec: ActivationIdentitySpec#twiceSigmoidIsOneOnlyAtZero.
   */
  @Override public double value(double z) {
    return Elementary.sigmoid(z);
  }

  /**
   * Returns a(1 − a).
   * Formula: 000-1.3-d, 001-sigmoid-d, 003-sigmoid-d, 004-sigmoid-d. Spec:
   * ActivationSpec#sigmoidIsOneOverOnePlusExpOfMinusZ.
   */
  @Override public double derivative(double z, double a) {
    return a * (1 - a);
  }

  @Override public boolean needsInput() {
    return false;
  }

  @Override public boolean givesProbabilities() {
    return true;
  }

  /**
   * Computes a = σ(z) of each element.
   * Formula: 004-sigmoid. Spec: SigmoidNeuronSpec#aNeuronIsTheSigmoidOfItsWeightedSumPlusBias.
   * Formula: 004-sigmoid-unit-bias. Spec: SigmoidNeuronSpec#thePrintedFormHoldsOnlyForABiasOfOne.
   */
  @Override public void forward(Kernels kernels, int rows, int cols, double[] z, double[] a) {
    kernels.sigmoid(rows * cols, z, 0, a, 0);
  }

  @Override public void applyDerivative(Kernels kernels, int rows, int cols, double[] z, double[] a, double[] g) {
    kernels.sigmoidGradient(rows * cols, a, 0, g, 0, g, 0);
  }
}
