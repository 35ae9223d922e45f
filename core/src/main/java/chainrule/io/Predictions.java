// SPDX-License-Identifier: MIT
package chainrule.io;

import chainrule.data.Encoding;
import chainrule.train.ConfusionMatrix;

/**
 * A model's predictions for n rows: a class with the probability of each class, or numbers in their original unit.
 *
 * @param target what is predicted
 * @param outputs out, the number of outputs per row
 * @param yhat the network's outputs [n × out]
 */
public record Predictions(Encoding.Target target, int outputs, double[] yhat) {

  /** Returns n. */
  public int rows() {
    return yhat.length / outputs;
  }

  /** Returns the index of the most probable class of a row; on a tie, the first. */
  public int classOf(int row) {
    return ConfusionMatrix.classOf(outputs, yhat, row * outputs);
  }

  /** Returns the name of the most probable class of a row. */
  public String label(int row) {
    return target.labels().get(classOf(row));
  }

  /** Returns ŷ of class c in a row; if one output represents two classes, class 0 has 1 − ŷ. */
  public double probability(int row, int c) {
    if (outputs > 1) return yhat[row * outputs + c];
    return c == 1 ? yhat[row] : 1 - yhat[row];
  }

  /** Returns number j of a row in its original unit: ŷ · deviation + mean. */
  public double value(int row, int j) {
    return target.decode(yhat[row * outputs + j]);
  }
}
