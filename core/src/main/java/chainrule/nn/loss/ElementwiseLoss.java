// SPDX-License-Identifier: MIT
package chainrule.nn.loss;

import chainrule.kernels.Kernels;

/** A loss that is a sum over elements. It adds ℓ(ŷ, y) of the elements in row-major order. */
public interface ElementwiseLoss extends Loss {

  /**
   * {@return ℓ(ŷ, y) of one element}
   *
   * @param yhat an output
   * @param y its target
   */
  double value(double yhat, double y);

  /**
   * {@return ∂ℓ/∂ŷ of one element}
   *
   * @param yhat an output
   * @param y its target
   */
  double derivative(double yhat, double y);

  @Override default double sum(Kernels kernels, int rows, int cols, double[] yhat, double[] y, int yo) {
    double total = 0;
    for (int i = 0; i < rows * cols; i++) total += value(yhat[i], y[yo + i]);
    return total;
  }

  @Override default double weightedSum(Kernels kernels, int rows, int cols, double[] yhat, double[] y, int yo,
      double[] w, int wo, double[] row) {
    double total = 0;
    for (int b = 0; b < rows; b++) {
      double weight = w[wo + b];
      if (weight == 0) continue;
      for (int i = b * cols; i < (b + 1) * cols; i++) total += weight * value(yhat[i], y[yo + i]);
    }
    return total;
  }

  @Override default void gradient(
      Kernels kernels, int rows, int cols, double[] yhat, double[] y, int yo, double factor, double[] g) {
    for (int i = 0; i < rows * cols; i++) g[i] = factor * derivative(yhat[i], y[yo + i]);
  }
}
