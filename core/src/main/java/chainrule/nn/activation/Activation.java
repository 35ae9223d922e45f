// SPDX-License-Identifier: MIT
package chainrule.nn.activation;

import chainrule.kernels.Kernels;

/**
 * An activation: a = φ(z) and its derivative. Most activations apply to each element separately and implement
 * {@link Elementwise}. Softmax combines the elements of a row, so it implements this interface directly.
 *
 * <p>Implementations must be immutable, so that many threads can use them. Shapes: z, a, g, δ [rows × cols], row-major.
 */
public interface Activation {

  /** The name in summaries, files and on the command line: see {@link Activations}. */
  String name();

  /** Computes a = φ(z). {@code a} may be the array {@code z} if {@link #needsInput} is false. */
  void forward(Kernels kernels, int rows, int cols, double[] z, double[] a);

  /**
   * Computes δ = ∂L/∂z from g = ∂L/∂a, in place: {@code g} holds g before and δ after. {@code z} is the array
   * {@code a} if {@link #needsInput} is false.
   */
  void applyDerivative(Kernels kernels, int rows, int cols, double[] z, double[] a, double[] g);

  /**
   * Returns whether {@link #applyDerivative} reads z. If not, a is written over z, which saves the layer a buffer. True
   * unless overridden, which is always safe.
   */
  default boolean needsInput() {
    return true;
  }

  /**
   * Returns whether it cuts off about half of its inputs, as ReLU does. Weights before it are then initialized by He's
   * rule, otherwise by Xavier's. False unless overridden.
   */
  default boolean isRectifier() {
    return false;
  }

  /** Returns whether all values are in [0, 1], which losses with logarithms require. False unless overridden. */
  default boolean givesProbabilities() {
    return false;
  }

  /**
   * Returns whether layers before it can be trained. False for {@link Step}, whose derivative is 0 wherever it exists.
   * True unless overridden.
   */
  default boolean isTrainable() {
    return true;
  }
}
