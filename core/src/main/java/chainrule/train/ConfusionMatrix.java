// SPDX-License-Identifier: MIT
package chainrule.train;

import chainrule.data.DataException;
import chainrule.data.Dataset;
import chainrule.metrics.BalancedAccuracy;
import chainrule.metrics.ClassOutputs;
import chainrule.nn.Network;
import java.util.List;

/**
 * A confusion matrix: counts [classes × classes], with a row for each true class and a column for each predicted class,
 * and the metrics of each class c:
 * <pre>
 * precision   correct / predicted as c                     the share of predictions of c that are correct
 * recall      correct / rows of c                          the share of the rows of c that are found
 * F1          2·correct / (predicted as c + rows of c)     the harmonic mean of precision and recall
 * </pre>
 * A metric is NaN where its divisor is 0: the class was never predicted, or has no rows. Unlike accuracy, these metrics
 * do not hide small classes. Weights of rows are ignored. Spec: ConfusionMatrixTest.
 *
 * @param labels the names of the classes
 * @param counts [classes × classes], row-major
 */
public record ConfusionMatrix(List<String> labels, long[] counts) {
  private static final int MAX_CLASSES = 20_000;

  /**
   * {@return the confusion matrix of a network}
   *
   * @param network predicts the classes of the rows
   * @param data rows with classes
   * @throws IllegalArgumentException for a regression, or if the data does not fit the network
   * @throws DataException for more than 20,000 classes
   */
  public static ConfusionMatrix of(Network network, Dataset data) {
    requireClasses(data);
    Trainer.requireFit("test", network, data);
    return ofPredictions(network.predict(data.x()), data);
  }

  /**
   * {@return the confusion matrix of predictions}
   *
   * @param yhat ŷ [rows × outputs]
   * @param data the rows with their classes
   * @throws IllegalArgumentException for a regression, or if ŷ has another shape than y
   * @throws DataException for more than 20,000 classes
   */
  public static ConfusionMatrix ofPredictions(double[] yhat, Dataset data) {
    requireClasses(data);
    Evaluation.requireShape(yhat, data);
    int classes = data.labels().size(), out = data.outputs();
    long[] counts = new long[classes * classes];
    for (int i = 0; i < data.rows(); i++) {
      counts[classOf(out, data.y(), i * out) * classes + classOf(out, yhat, i * out)]++;
    }
    return new ConfusionMatrix(data.labels(), counts);
  }

  private static void requireClasses(Dataset data) {
    if (data.isMultilabel()) throw new IllegalArgumentException("expected classes, found labels");
    if (!data.isClassification()) throw new IllegalArgumentException("expected classes, found a regression");
    if (data.labels().size() <= MAX_CLASSES) return;
    throw new DataException(
        "a confusion matrix has at most " + MAX_CLASSES + " classes, found " + data.labels().size());
  }

  /**
   * {@return the confusion matrix of predicted classes, however they were chosen}
   *
   * @param labels the names of the classes
   * @param actual the true class of each row
   * @param predicted the predicted class of each row
   * @throws DataException for more than 20,000 classes
   */
  public static ConfusionMatrix of(List<String> labels, int[] actual, int[] predicted) {
    int classes = labels.size();
    if (classes > MAX_CLASSES) {
      throw new DataException("a confusion matrix has at most " + MAX_CLASSES + " classes, found " + classes);
    }
    if (actual.length != predicted.length) {
      throw new IllegalArgumentException("expected " + actual.length + " predictions, found " + predicted.length);
    }
    long[] counts = new long[classes * classes];
    for (int i = 0; i < actual.length; i++) counts[actual[i] * classes + predicted[i]]++;
    return new ConfusionMatrix(labels, counts);
  }

  /**
   * {@return the class that a row of outputs predicts, see {@link ClassOutputs#predicted}}
   *
   * @param outputs the number of outputs, ≥ 1
   * @param y outputs, or one-hot targets [rows × outputs]
   * @param o the index of the row's first output in y
   */
  public static int classOf(int outputs, double[] y, int o) {
    return ClassOutputs.predicted(outputs, y, o);
  }

  /**
   * {@return the number of rows of class {@code truth} that were predicted as class {@code predicted}}
   *
   * @param truth the true class, from 0
   * @param predicted the predicted class, from 0
   */
  public long count(int truth, int predicted) {
    return counts[truth * labels.size() + predicted];
  }

  /**
   * {@return the number of rows of a class}
   *
   * @param c the class, from 0
   */
  public long actual(int c) {
    long n = 0;
    for (int j = 0; j < labels.size(); j++) n += count(c, j);
    return n;
  }

  /**
   * {@return the number of rows predicted as a class}
   *
   * @param c the class, from 0
   */
  public long predicted(int c) {
    long n = 0;
    for (int i = 0; i < labels.size(); i++) n += count(i, c);
    return n;
  }

  /**
   * {@return correct / predicted as c; NaN if the class was never predicted}
   *
   * @param c the class, from 0
   */
  public double precision(int c) {
    return (double) count(c, c) / predicted(c);
  }

  /**
   * {@return correct / rows of c; NaN if the class has no rows}
   *
   * @param c the class, from 0
   */
  public double recall(int c) {
    return (double) count(c, c) / actual(c);
  }

  /**
   * {@return 2·correct / (predicted as c + rows of c); NaN if both are 0}
   *
   * @param c the class, from 0
   */
  public double f1(int c) {
    return 2.0 * count(c, c) / (predicted(c) + actual(c));
  }

  /** {@return the unweighted mean of F1 over the classes that have rows or were predicted; NaN if there are none} */
  public double macroF1() {
    double sum = 0;
    int n = 0;
    for (int c = 0; c < labels.size(); c++) {
      if (Double.isNaN(f1(c))) continue;
      sum += f1(c);
      n++;
    }
    return sum / n;
  }

  /** {@return the mean recall over the classes that have rows, see {@link BalancedAccuracy}; NaN for no rows} */
  public double balancedAccuracy() {
    return BalancedAccuracy.of(labels.size(), counts);
  }

  /** {@return the number of all rows} */
  public long total() {
    long n = 0;
    for (long c : counts) n += c;
    return n;
  }

  /** {@return the share of rows whose prediction is correct; NaN for no rows} */
  public double accuracy() {
    long right = 0;
    for (int c = 0; c < labels.size(); c++) right += count(c, c);
    return (double) right / total();
  }

  /** Returns the size and the accuracy, for a log line. */
  @Override public String toString() {
    return labels.size() + " classes, " + total() + " rows, accuracy " + accuracy();
  }
}
