package chainrule.nn;

import chainrule.kernels.Kernels;

/**
 * What every layer needs to know of one pass over a batch: kernels, parameters θ, the number of rows n, and in training
 * the seed and the step, of which a dropout mask is a function.
 */
final class Pass {
  final Kernels kernels;
  final double[] parameters;
  int rows;
  boolean training;
  long seed;
  long step;
  /** The number of the first row within its step, where a batch is taken in parts. */
  int firstRow;

  Pass(Kernels kernels, double[] parameters) {
    this.kernels = kernels;
    this.parameters = parameters;
  }
}
