// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.DataException;
import chainrule.data.Dataset;

/**
 * Reports outputs and losses that are not finite. Training reports its own ({@link chainrule.train.DivergedException}).
 */
final class NonFiniteResults {
  private NonFiniteResults() {}

  private static final String CAUSES = "its values are too far from the training data, or the weights are too large";

  /**
   * Checks the outputs of a network.
   *
   * @throws DataException naming the first row whose output [rows × outputs] is not finite
   */
  static void refuse(String data, double[] yhat, int outputs) {
    for (int i = 0; i < yhat.length; i++) {
      if (Double.isFinite(yhat[i])) continue;
      throw new DataException(
          data + ": row " + (i / outputs + 1) + ": the network's output is " + name(yhat[i]) + "; " + CAUSES);
    }
  }

  /**
   * Explains a loss that is not finite; the outputs may be.
   *
   * @param yhat the outputs [rows × outputs]
   */
  static String explainLoss(String what, double loss, double[] yhat, Dataset rows) {
    int bad = 0, outputs = rows.outputs();
    for (int i = 0; i < rows.rows(); i++) {
      int j = 0;
      while (j < outputs && Double.isFinite(yhat[i * outputs + j])) j++;
      if (j < outputs) bad++;
    }
    return "the " + what + " loss is " + name(loss) + (bad > 0
        ? ": the network's output overflows for " + bad + " of " + rows.rows() + " rows"
        : ": the outputs are finite, but so far from the targets that the loss overflows")
        + "; a lower learning rate or removing outlier rows usually helps";
  }

  private static String name(double v) {
    return Double.isNaN(v) ? "NaN" : "infinite";
  }
}
