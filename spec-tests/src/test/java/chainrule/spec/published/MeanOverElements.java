// SPDX-License-Identifier: MIT
package chainrule.spec.published;

import chainrule.kernels.Kernels;
import chainrule.nn.loss.Loss;
import java.util.Arrays;

/** A loss as Keras, TensorFlow and Optax define it: a mean over all elements. Ours sums the elements of a row. */
record MeanOverElements(Loss loss, int rows, int cols) {
  /** Returns the mean. */
  double of(double[] yhat, double[] y) {
    return loss.sum(Kernels.best(), rows, cols, yhat, y, 0) / (rows * cols);
  }

  /** Returns the mean of the weighted elements: divided by their number, not by the sum of the weights. */
  double weighted(double[] yhat, double[] y, double... weights) {
    return loss.weightedSum(Kernels.best(), rows, cols, yhat, y, 0, weights, 0, new double[cols]) / (rows * cols);
  }

  /** Returns the mean of each row. */
  double[] ofRows(double[] yhat, double[] y) {
    double[] means = new double[rows];
    for (int b = 0; b < rows; b++) {
      double[] row = Arrays.copyOfRange(yhat, b * cols, (b + 1) * cols);
      means[b] = loss.sum(Kernels.best(), 1, cols, row, y, b * cols) / cols;
    }
    return means;
  }
}
