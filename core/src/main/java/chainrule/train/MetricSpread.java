// SPDX-License-Identifier: MIT
package chainrule.train;

import java.util.Locale;

/**
 * The mean and the standard deviation of a metric over the trainings of a cross-validation:
 * <pre>mean = (1/n) Σ v_i        deviation = √(Σ (v_i − mean)² / (n − 1))</pre>
 * over the n values that are not NaN. The folds share training rows, so the deviation describes the spread of the
 * folds; it is not a standard error.
 *
 * @param mean the mean; NaN for no values
 * @param deviation the standard deviation; NaN for fewer than two values
 * @param count n
 */
public record MetricSpread(double mean, double deviation, int count) {

  /**
   * {@return the spread of some values}
   *
   * @param values added in their order; NaN values are skipped
   */
  public static MetricSpread of(double... values) {
    double sum = 0, squares = 0;
    int n = 0;
    for (double v : values) {
      if (Double.isNaN(v)) continue;
      sum += v;
      n++;
    }
    double mean = sum / n;
    for (double v : values) if (!Double.isNaN(v)) squares += (v - mean) * (v - mean);
    return new MetricSpread(mean, n < 2 ? Double.NaN : Math.sqrt(squares / (n - 1)), n);
  }

  /** Returns {@code 0.9467 ± 0.0298}. */
  @Override public String toString() {
    return String.format(Locale.ROOT, "%.4g ± %.2g", mean, deviation);
  }
}
