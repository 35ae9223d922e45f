package chainrule.nn;

import chainrule.kernels.Kernels;

/** What every layer needs to know of one pass over a batch: kernels, parameters θ and the number of rows n. */
public final class Pass {
  final Kernels kernels;
  final double[] parameters;
  int rows;

  Pass(Kernels kernels, double[] parameters) {
    this.kernels = kernels;
    this.parameters = parameters;
  }
}
