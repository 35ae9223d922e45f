// SPDX-License-Identifier: MIT
package chainrule.nn.activation;

import chainrule.kernels.Kernels;

/**
 * An activation: a = φ(z) and the way an error takes back through it. Most work on each element alone: those implement
 * {@link Elementwise}, two lines of formula; softmax mixes the elements of a row and so implements this.
 *
 * <p>Implementations are immutable and safe for use by many threads. Shapes: z, a, g, δ [rows × cols], row-major.
 */
public interface Activation {

  /** The name used in summaries, files and on the command line. */
  String name();

  /** a = φ(z). {@code a} may be {@code z} itself when {@link #needsInput} is false. */
  void forward(Kernels kernels, int rows, int cols, double[] z, double[] a);

  /**
   * δ = ∂L/∂z from g = ∂L/∂a, in place: {@code g} holds g before and δ after. Where {@link #needsInput} is false,
   * {@code z} is {@code a}.
   */
  void applyDerivative(Kernels kernels, int rows, int cols, double[] z, double[] a, double[] g);

  /**
   * Whether {@link #applyDerivative} reads z; if not, a is written over z and the layer needs no second buffer.
   * True unless overridden, which is always right.
   */
  default boolean needsInput() {
    return true;
  }

  /**
   * Whether it cuts off about half of its inputs, as ReLU does: weights before it then begin as He's, else as
   * Xavier's.
   */
  default boolean isRectifier() {
    return false;
  }

  /** Whether all its values lie in [0, 1], which losses with logarithms need. False unless overridden. */
  default boolean givesProbabilities() {
    return false;
  }

  /** Whether gradients can pass: false for a step, whose derivative is 0 wherever it exists. */
  default boolean isTrainable() {
    return true;
  }
}
