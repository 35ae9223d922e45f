// SPDX-License-Identifier: MIT
package chainrule.nn.activation;

import chainrule.kernels.Kernels;

/**
 * An activation of each element alone: a = φ(z), δ = g ⊙ φ'(z). A new one is its name and these two formulas; the loops
 * come with it, and {@code GradientCheck}'s own test shows how to prove it.
 */
public interface Elementwise extends Activation {

  /** φ(z). */
  double value(double z);

  /** φ'(z), a = φ(z) being known already. Where {@link #needsInput} is false only {@code a} may be used. */
  double derivative(double z, double a);

  @Override default void forward(Kernels kernels, int rows, int cols, double[] z, double[] a) {
    for (int i = 0; i < rows * cols; i++) a[i] = value(z[i]);
  }

  @Override default void applyDerivative(Kernels kernels, int rows, int cols, double[] z, double[] a, double[] g) {
    for (int i = 0; i < rows * cols; i++) g[i] = g[i] * derivative(z[i], a[i]);
  }
}
