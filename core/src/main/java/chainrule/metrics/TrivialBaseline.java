// SPDX-License-Identifier: MIT
package chainrule.metrics;

import chainrule.data.Dataset;
import java.util.Arrays;

/**
 * The prediction that ignores the inputs: in every row, the mean of each target column of the training rows:
 * <pre>ŷ_j = (1/n) Σ_i y_ij</pre>
 * Since classes are 0, 1 or one-hot, these are the frequencies of the classes, and the predicted class is the majority
 * class; for labels, the frequency of each label; for numbers, their means. A network that is not better has learned
 * nothing. Its metrics are computed from {@link #predictions} as a network's: the accuracy of the majority class, the
 * log loss and Brier score of the frequencies, an ROC AUC of ½, a balanced accuracy of 1/k, an R² of at most 0. Two
 * equally frequent classes predict class 1, as a single output of ½ does; of more, the first. Weights of rows are
 * ignored. Source: scikit-learn's DummyClassifier(strategy="prior") and DummyRegressor.
 */
public final class TrivialBaseline {
  private final double[] means; // [outputs]

  private TrivialBaseline(double[] means) {
    this.means = means;
  }

  /**
   * {@return the baseline of these training rows; its predictions are NaN if there are none}
   *
   * @param train the training rows
   */
  public static TrivialBaseline of(Dataset train) {
    return of(train.outputs(), train.y());
  }

  /**
   * {@return the baseline of the targets of training rows}
   * Formula: beyond-trivial-baseline. Spec: ProbabilitySpec#theBaselineOfNumbersIsTheirMean.
   *
   * @param outputs the number of target columns, ≥ 1
   * @param y targets [rows × outputs]
   */
  public static TrivialBaseline of(int outputs, double[] y) {
    if (outputs < 1 || y.length % outputs != 0) {
      throw new IllegalArgumentException("expected rows of " + outputs + " targets, found " + y.length + " values");
    }
    double[] means = new double[outputs];
    for (int j = 0; j < outputs; j++) means[j] = mean(outputs, y, j);
    return new TrivialBaseline(means);
  }

  /**
   * {@return the baseline with these means, such as those that a model stores}
   *
   * @param means [outputs], ≥ 1; the array is copied
   */
  public static TrivialBaseline ofMeans(double... means) {
    if (means.length == 0) throw new IllegalArgumentException("expected the means of ≥ 1 output");
    return new TrivialBaseline(means.clone());
  }

  /** The mean of a constant column is that constant, and the sum of large numbers does not overflow. */
  private static double mean(int outputs, double[] y, int j) {
    int n = y.length / outputs;
    double sum = 0, low = Double.POSITIVE_INFINITY, high = Double.NEGATIVE_INFINITY;
    for (int i = j; i < y.length; i += outputs) {
      sum += y[i];
      low = Math.min(low, y[i]);
      high = Math.max(high, y[i]);
    }
    double mean = sum / n;
    if (Double.isInfinite(sum)) {
      mean = 0;
      for (int i = j; i < y.length; i += outputs) mean += y[i] / n;
    }
    return n == 0 ? Double.NaN : Math.min(high, Math.max(low, mean));
  }

  /** {@return the prediction [outputs], the same for every row} */
  public double[] means() {
    return means.clone();
  }

  /**
   * {@return the predictions ŷ [rows × outputs]}
   *
   * @param rows the number of rows, ≥ 0
   */
  public double[] predictions(int rows) {
    double[] yhat = new double[Math.multiplyExact(rows, means.length)];
    for (int i = 0; i < yhat.length; i++) yhat[i] = means[i % means.length];
    return yhat;
  }

  /** {@return the majority class, for targets that are classes} */
  public int majorityClass() {
    return ClassOutputs.predicted(means.length, means, 0);
  }

  /** Returns whether the other object is a baseline whose means have the same bits. */
  @Override public boolean equals(Object other) {
    return other instanceof TrivialBaseline b && Arrays.equals(means, b.means);
  }

  @Override public int hashCode() {
    return Arrays.hashCode(means);
  }

  /** Returns the means, for a log line. */
  @Override public String toString() {
    return "means " + Arrays.toString(means);
  }
}
