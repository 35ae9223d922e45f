// SPDX-License-Identifier: MIT
package chainrule.nn;

import chainrule.kernels.Kernels;

/**
 * The batch that a forward and a backward pass are working on, as every layer sees it: kernels, parameters θ, the
 * number of rows n, and in training the seed and the step, of which a dropout mask is a function.
 */
final class BatchContext {
  final Kernels kernels;
  final double[] parameters;
  int rows;
  boolean training;
  long seed;
  long step;
  /** The number of the first row within its step, where a batch is processed in parts. */
  int firstRow;

  BatchContext(Kernels kernels, double[] parameters) {
    this.kernels = kernels;
    this.parameters = parameters;
  }
}
