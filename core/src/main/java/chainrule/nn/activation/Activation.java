// SPDX-License-Identifier: MIT
package chainrule.nn.activation;

import chainrule.kernels.Kernels;

/**
 * An activation: a = φ(z) and its derivative. Most activations apply to each element separately and implement
 * {@link Elementwise}. Softmax combines the elements of a row, so it implements this interface directly.
 *
 * <p>Implementations must be immutable, so that many threads can use them. Shapes: z, a, g, δ [rows × cols], row-major,
 * from index 0. The arrays may be longer.
 */
public interface Activation {

  /** {@return the name in summaries, files and on the command line: see {@link Activations}} */
  String name();

  /**
   * Computes a = φ(z).
   *
   * @param kernels the kernels to compute with; the bits do not depend on them
   * @param rows the number of rows
   * @param cols the number of units
   * @param z the pre-activations [rows × cols]
   * @param a receives φ(z) [rows × cols]; may be the array {@code z} if {@link #needsInput} is false
   */
  void forward(Kernels kernels, int rows, int cols, double[] z, double[] a);

  /**
   * Computes δ = ∂L/∂z from g = ∂L/∂a, in place.
   *
   * @param kernels the kernels to compute with; the bits do not depend on them
   * @param rows the number of rows
   * @param cols the number of units
   * @param z the pre-activations [rows × cols]; may be the array {@code a} if {@link #needsInput} is false
   * @param a φ(z) [rows × cols]
   * @param g holds g before and δ after [rows × cols]
   */
  void applyDerivative(Kernels kernels, int rows, int cols, double[] z, double[] a, double[] g);

  /**
   * {@return whether {@link #applyDerivative} reads z} If not, a is written over z, which saves the layer a buffer.
   * True unless overridden, which is always safe.
   */
  default boolean needsInput() {
    return true;
  }

  /**
   * {@return whether it cuts off about half of its inputs, as ReLU does} Weights before it are then initialized by He's
   * rule, otherwise by Xavier's. False unless overridden.
   */
  default boolean isRectifier() {
    return false;
  }

  /** {@return whether all values are in [0, 1], which losses with logarithms require} False unless overridden. */
  default boolean givesProbabilities() {
    return false;
  }

  /**
   * {@return whether layers before it can be trained} False for {@link Step}, whose derivative is 0 wherever it exists.
   * True unless overridden.
   */
  default boolean isTrainable() {
    return true;
  }
}
