// SPDX-License-Identifier: MIT
package chainrule.train;

import chainrule.data.Dataset;
import chainrule.nn.Network;
import java.util.List;
import java.util.Locale;

/**
 * The metrics of a network on a multilabel data set. Those of a label follow from the counts of its four outcomes:
 * <pre>
 * accuracy    (TP + TN) / rows               the share of rows where the label is right
 * precision   TP / (TP + FP)                 the share of predictions of the label that are correct
 * recall      TP / (TP + FN)                 the share of the rows with the label that are found
 * F1          2·TP / (2·TP + FP + FN)        the harmonic mean of precision and recall
 * </pre>
 * For all labels together, the exact match is the share of rows with every label right, which is what scikit-learn
 * calls accuracy here. A label is predicted if its output ŷ ≥ ½. A metric is NaN where its divisor is 0. Weights of
 * rows are ignored. Spec: MultilabelMetricsTest.
 *
 * @param labels the names of the labels
 * @param counts [labels × 4], row-major: TP, FP, FN, TN of each label
 * @param exact the number of rows with every label right
 * @param rows the number of all rows
 */
public record MultilabelMetrics(List<String> labels, long[] counts, long exact, int rows) {
  private static final int TP = 0, FP = 1, FN = 2, TN = 3;

  /**
   * {@return the metrics of a network}
   *
   * @param network predicts the labels of the rows
   * @param data rows with labels
   * @throws IllegalArgumentException unless the data is multilabel and fits the network
   */
  public static MultilabelMetrics of(Network network, Dataset data) {
    Trainer.requireFit("test", network, data);
    return ofPredictions(network.predict(data.x()), data);
  }

  /**
   * {@return the metrics of predictions}
   *
   * @param yhat ŷ [rows × labels]
   * @param data the rows with their labels
   * @throws IllegalArgumentException unless the data is multilabel and ŷ has the shape of y
   */
  public static MultilabelMetrics ofPredictions(double[] yhat, Dataset data) {
    if (!data.isMultilabel()) {
      throw new IllegalArgumentException(
          "expected labels, found " + (data.isClassification() ? "classes" : "a regression"));
    }
    Evaluation.requireShape(yhat, data);
    int n = data.rows(), out = data.outputs();
    long[] counts = new long[out * 4];
    long exact = 0;
    for (int i = 0; i < n; i++) {
      boolean allRight = true;
      for (int j = 0; j < out; j++) {
        boolean truth = predicts(data.y()[i * out + j]), predicted = predicts(yhat[i * out + j]);
        counts[j * 4 + (truth ? predicted ? TP : FN : predicted ? FP : TN)]++;
        allRight &= truth == predicted;
      }
      if (allRight) exact++;
    }
    return new MultilabelMetrics(data.labelNames(), counts, exact, n);
  }

  /**
   * {@return whether an output predicts its label: ŷ ≥ ½, so not for NaN}
   *
   * @param yhat the output ŷ of the label
   */
  public static boolean predicts(double yhat) {
    return yhat >= 0.5;
  }

  private long count(int label, int outcome) {
    return counts[label * 4 + outcome];
  }

  /**
   * {@return the number of rows that have a label}
   *
   * @param label the index of the label, from 0
   */
  public long actual(int label) {
    return count(label, TP) + count(label, FN);
  }

  /**
   * {@return the number of rows for which a label was predicted}
   *
   * @param label the index of the label, from 0
   */
  public long predicted(int label) {
    return count(label, TP) + count(label, FP);
  }

  /**
   * {@return the share of rows where a label is right; NaN for no rows}
   *
   * @param label the index of the label, from 0
   */
  public double accuracy(int label) {
    return (double) (count(label, TP) + count(label, TN)) / rows;
  }

  /**
   * {@return TP / (TP + FP); NaN if the label was never predicted}
   *
   * @param label the index of the label, from 0
   */
  public double precision(int label) {
    return (double) count(label, TP) / predicted(label);
  }

  /**
   * {@return TP / (TP + FN); NaN if no row has the label}
   *
   * @param label the index of the label, from 0
   */
  public double recall(int label) {
    return (double) count(label, TP) / actual(label);
  }

  /**
   * {@return 2·TP / (2·TP + FP + FN); NaN if no row has the label and it was never predicted}
   *
   * @param label the index of the label, from 0
   */
  public double f1(int label) {
    return 2.0 * count(label, TP) / (predicted(label) + actual(label));
  }

  /** {@return the share of rows with every label right, the accuracy of {@link Evaluation}; NaN for no rows} */
  public double exactMatch() {
    return (double) exact / rows;
  }

  /** {@return the mean of {@link #accuracy} over the labels, 1 − Hamming loss; NaN for no rows} */
  public double meanAccuracy() {
    double sum = 0;
    for (int l = 0; l < labels.size(); l++) sum += accuracy(l);
    return sum / labels.size();
  }

  /** {@return the mean of {@link #f1} over the labels for which it is not NaN; NaN if there are none} */
  public double macroF1() {
    double sum = 0;
    int n = 0;
    for (int l = 0; l < labels.size(); l++) {
      if (Double.isNaN(f1(l))) continue;
      sum += f1(l);
      n++;
    }
    return sum / n;
  }

  /** {@return F1 of the counts of all labels added up; NaN if no label occurs} */
  public double microF1() {
    long tp = 0, all = 0;
    for (int l = 0; l < labels.size(); l++) {
      tp += count(l, TP);
      all += predicted(l) + actual(l);
    }
    return 2.0 * tp / all;
  }

  /** Returns the size, the exact match and the mean accuracy, for a log line. */
  @Override public String toString() {
    return String.format(Locale.ROOT, "%d labels, %d rows, exact match %.4f, mean accuracy %.4f", labels.size(), rows,
        exactMatch(), meanAccuracy());
  }
}
