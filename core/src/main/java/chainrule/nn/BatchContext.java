// SPDX-License-Identifier: MIT
package chainrule.nn;

import chainrule.kernels.Kernels;

/**
 * The batch of a forward and backward pass: kernels, parameters θ, the number of rows n and, in training, the seed and
 * the step that dropout masks depend on.
 */
final class BatchContext {
  final Kernels kernels;
  final double[] parameters;
  int rows;
  boolean training;
  long seed;
  long step;
  /** The number of the first row within its step, for a step that is computed in parts. */
  int firstRow;

  BatchContext(Kernels kernels, double[] parameters) {
    this.kernels = kernels;
    this.parameters = parameters;
  }
}
