// SPDX-License-Identifier: MIT
package chainrule.nn.activation;

import chainrule.kernels.Kernels;

/**
 * An activation of each element separately: a = φ(z), δ = g ⊙ φ'(z). To write your own, implement the name and the two
 * formulas. {@code GradientCheckSpec} shows how to test it, and {@link Activations#register} lets models store it.
 */
public interface Elementwise extends Activation {

  /**
   * {@return φ(z)}
   *
   * @param z the pre-activation
   */
  double value(double z);

  /**
   * {@return φ'(z)}
   *
   * @param z the pre-activation; must not be used if {@link #needsInput} is false
   * @param a φ(z)
   */
  double derivative(double z, double a);

  /**
   * Computes a = φ(z) of each element.
   * Formula: 003-activation. Spec: DefinitionSpec#theOutputOfALayerIsTheActivationOfEachElementOfZ.
   */
  @Override default void forward(Kernels kernels, int rows, int cols, double[] z, double[] a) {
    for (int i = 0; i < rows * cols; i++) a[i] = value(z[i]);
  }

  /**
   * Multiplies each element of g by φ'(z).
   * Formula: 003-activation-d. Spec:
   * DefinitionSpec#theBackwardPassOfAnActivationMultipliesItsDerivativeByTheIncomingGradient.
   */
  @Override default void applyDerivative(Kernels kernels, int rows, int cols, double[] z, double[] a, double[] g) {
    for (int i = 0; i < rows * cols; i++) g[i] = g[i] * derivative(z[i], a[i]);
  }
}
