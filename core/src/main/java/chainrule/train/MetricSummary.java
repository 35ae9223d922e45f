// SPDX-License-Identifier: MIT
package chainrule.train;

/**
 * The mean and the spread of a metric over n folds:
 * <pre>
 * mean        m = (1/n) Σ v_i
 * deviation   √(Σ(v_i − m)² / (n − 1))       the sample standard deviation
 * </pre>
 * Folds in which the metric is undefined (NaN) are left out. The mean of no folds is NaN, and the deviation of fewer
 * than two. Folds share training rows, so the deviation describes the spread of folds; it is not a standard error.
 * Spec: CrossValidationTest.
 *
 * @param folds n, the number of folds in which the metric is defined
 */
public record MetricSummary(double mean, double deviation, int folds) {

  /** Returns the summary of these values. Equal values have exactly their mean and a deviation of 0. */
  public static MetricSummary of(double... values) {
    int n = 0;
    double sum = 0, low = Double.POSITIVE_INFINITY, high = Double.NEGATIVE_INFINITY;
    for (double v : values) {
      if (Double.isNaN(v)) continue;
      n++;
      sum += v;
      low = Math.min(low, v);
      high = Math.max(high, v);
    }
    if (n == 0) return new MetricSummary(Double.NaN, Double.NaN, 0);
    double mean = Math.min(high, Math.max(low, sum / n)), squares = 0;
    for (double v : values) if (!Double.isNaN(v)) squares += (v - mean) * (v - mean);
    return new MetricSummary(mean, n == 1 ? Double.NaN : Math.sqrt(squares / (n - 1)), n);
  }

  /** Returns mean and deviation, for a log line: {@code 0.95 ± 0.02}. */
  @Override public String toString() {
    return mean + " ± " + deviation;
  }
}
