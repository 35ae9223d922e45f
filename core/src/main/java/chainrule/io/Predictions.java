// SPDX-License-Identifier: MIT
package chainrule.io;

import chainrule.data.Target;
import chainrule.train.ConfusionMatrix;

/**
 * A model's predictions for n rows: a class with the probability of each class, numbers in their original unit, or
 * labels with the probability of each.
 *
 * @param target what is predicted
 * @param outputs out, the number of outputs per row
 * @param yhat the network's outputs [n × out]
 * @param threshold class 1 of two is predicted if its probability is at least this; NaN for the most probable class
 */
public record Predictions(Target target, int outputs, double[] yhat, double threshold) {

  /**
   * Creates predictions without a threshold.
   *
   * @param target what is predicted
   * @param outputs out, the number of outputs per row
   * @param yhat the network's outputs [n × out]
   */
  public Predictions(Target target, int outputs, double[] yhat) {
    this(target, outputs, yhat, Double.NaN);
  }

  /** {@return n, the number of rows} */
  public int rows() {
    return yhat.length / outputs;
  }

  /**
   * {@return the predicted class of a row: by the threshold, or else the most probable one; on a tie, the first}
   *
   * @param row the row, from 0
   */
  public int classOf(int row) {
    if (!Double.isNaN(threshold)) return probability(row, 1) >= threshold ? 1 : 0;
    return ConfusionMatrix.classOf(outputs, yhat, row * outputs);
  }

  /**
   * {@return the name of the predicted class of a row}
   *
   * @param row the row, from 0
   */
  public String label(int row) {
    return target.labels().get(classOf(row));
  }

  /**
   * {@return the probability of a class or label in a row: its output ŷ} If one output represents two classes, class 0
   * has 1 − ŷ.
   *
   * @param row the row, from 0
   * @param c the class or label, from 0
   */
  public double probability(int row, int c) {
    if (outputs > 1 || target.isMultilabel()) return yhat[row * outputs + c];
    return c == 1 ? yhat[row] : 1 - yhat[row];
  }

  /**
   * {@return whether a row has a label: whether its probability is ≥ ½}
   *
   * @param row the row, from 0
   * @param j the label, from 0
   */
  public boolean has(int row, int j) {
    return yhat[row * outputs + j] >= 0.5;
  }

  /**
   * {@return the value of a label in a row, as in the training file: the one that means yes, or the one for no}
   *
   * @param row the row, from 0
   * @param j the label, from 0
   */
  public String labelValue(int row, int j) {
    return target.values().get(j).get(has(row, j) ? 1 : 0);
  }

  /**
   * {@return a predicted number in its original unit: ŷ · deviation + mean}
   *
   * @param row the row, from 0
   * @param j the number among the targets, from 0
   */
  public double value(int row, int j) {
    return target.decode(j, yhat[row * outputs + j]);
  }
}
