// SPDX-License-Identifier: MIT
package chainrule.io;

import chainrule.data.Encoding;
import chainrule.train.ConfusionMatrix;

/**
 * What a model says of n rows: a class and the probability of each, or numbers in their own unit.
 *
 * @param target what is predicted
 * @param outputs out, numbers for each row
 * @param yhat the network's outputs [n × out]
 */
public record Predictions(Encoding.Target target, int outputs, double[] yhat) {

  /** n. */
  public int rows() {
    return yhat.length / outputs;
  }

  /** The number of the class of a row: the most probable, the first of equals. */
  public int classOf(int row) {
    return ConfusionMatrix.classOf(outputs, yhat, row * outputs);
  }

  /** The name of the class of a row. */
  public String label(int row) {
    return target.labels().get(classOf(row));
  }

  /** ŷ of class c in a row; where one output stands for two classes, class 0 has 1 − ŷ. */
  public double probability(int row, int c) {
    if (outputs > 1) return yhat[row * outputs + c];
    return c == 1 ? yhat[row] : 1 - yhat[row];
  }

  /** Number j of a row, in its own unit: ŷ · deviation + mean. */
  public double value(int row, int j) {
    return target.decode(yhat[row * outputs + j]);
  }
}
