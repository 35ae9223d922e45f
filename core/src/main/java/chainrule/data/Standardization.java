// SPDX-License-Identifier: MIT
package chainrule.data;

/**
 * Scales each column of a matrix to mean 0 and standard deviation 1, and back. Networks train well only on inputs and
 * regression targets of about that size.
 * <pre>{@code
 * Standardization sx = Standardization.fit(rows, 4, x), sy = Standardization.fit(rows, 1, y);
 * trainer.fit(Dataset.regression(4, sx.apply(x), 1, sy.apply(y)), 100);
 * double[] predicted = sy.invert(net.predict(sx.apply(newRows)));
 * }</pre>
 * Fit it on the training rows, and apply the same object to every other row.
 * <pre>
 *   z = (v − mean) / deviation         mean = Σ v / n,   deviation = √(Σ (v − mean)² / n)
 * </pre>
 * The deviation of a constant column is set to 1, so the column becomes 0. Mean and deviation are accurate also where
 * sums or squares of the values overflow or underflow. Instances are immutable. Spec: StandardizationTest.
 */
public final class Standardization {
  /** Below this, underflow may have removed digits from a sum of squares. */
  private static final double LEAST_SQUARES = 0x1p-900;

  private final double[] means;
  private final double[] deviations;

  private Standardization(double[] means, double[] deviations) {
    this.means = means;
    this.deviations = deviations;
  }

  /**
   * Computes the mean and the deviation of each column of a matrix.
   *
   * @param rows the number of rows, ≥ 1
   * @param columns the number of columns, ≥ 1
   * @param x the matrix [rows × columns] of finite numbers
   * @return the standardization of these columns
   * @throws IllegalArgumentException if the sizes do not fit, if a value is not finite, or if the values of a column
   *     are so far apart that their mean overflows
   */
  public static Standardization fit(int rows, int columns, double[] x) {
    if (rows < 1 || columns < 1 || x.length != (long) rows * columns) {
      throw new IllegalArgumentException("expected an array of rows × columns values, both ≥ 1; found " + x.length
          + " values for " + rows + " × " + columns);
    }
    double[] means = new double[columns], deviations = new double[columns], column = new double[rows];
    for (int j = 0; j < columns; j++) {
      for (int i = 0; i < rows; i++) {
        column[i] = x[i * columns + j];
        if (!Double.isFinite(column[i])) {
          throw new IllegalArgumentException(
              "row " + i + ", column " + j + ": expected a finite number, found " + column[i]);
        }
      }
      means[j] = mean(column);
      if (!Double.isFinite(means[j])) {
        throw new IllegalArgumentException("column " + j + ": the values are too far apart to standardize. "
            + "Divide them by a power of ten.");
      }
      deviations[j] = deviation(column, means[j]);
    }
    return new Standardization(means, deviations);
  }

  /** {@return the number of columns} */
  public int columns() {
    return means.length;
  }

  /**
   * {@return the mean of a column}
   *
   * @param column the index of the column, from 0
   */
  public double mean(int column) {
    return means[column];
  }

  /**
   * {@return the standard deviation of a column; 1 for a constant column}
   *
   * @param column the index of the column, from 0
   */
  public double deviation(int column) {
    return deviations[column];
  }

  /**
   * {@return the standardized values, in a new array [n × columns]}
   *
   * @param x the original values [n × columns]
   * @throws IllegalArgumentException if x does not consist of whole rows
   */
  public double[] apply(double[] x) {
    double[] z = new double[requireRows(x).length];
    for (int i = 0; i < z.length; i++) z[i] = standardize(x[i], means[i % means.length], deviations[i % means.length]);
    return z;
  }

  /**
   * {@return the original values, in a new array [n × columns]}
   *
   * @param z the standardized values [n × columns]
   * @throws IllegalArgumentException if z does not consist of whole rows
   */
  public double[] invert(double[] z) {
    double[] x = new double[requireRows(z).length];
    for (int i = 0; i < x.length; i++) x[i] = restore(z[i], means[i % means.length], deviations[i % means.length]);
    return x;
  }

  private double[] requireRows(double[] values) {
    if (values.length % means.length == 0) return values;
    throw new IllegalArgumentException(
        "expected rows of " + means.length + " values, found " + values.length + " values");
  }

  /** Returns (v − mean) / deviation. */
  static double standardize(double v, double mean, double deviation) {
    return (v - mean) / deviation;
  }

  /** Returns z · deviation + mean. */
  static double restore(double z, double mean, double deviation) {
    return z * deviation + mean;
  }

  /** Returns the mean, updated value by value so that the sum of large values does not overflow. */
  static double mean(double[] values) {
    double mean = 0;
    for (int i = 0; i < values.length; i++) mean += (values[i] - mean) / (i + 1);
    return mean;
  }

  /** Returns the standard deviation about the mean of the same values, or 1 where it is 0. */
  static double deviation(double[] values, double mean) {
    double running = 0, squares = 0; // Welford's update: large values do not cancel
    for (int i = 0; i < values.length; i++) {
      double d = values[i] - running;
      running += d / (i + 1);
      squares += d * (values[i] - running);
    }
    double deviation = squares > LEAST_SQUARES && squares < Double.POSITIVE_INFINITY
        ? Math.sqrt(squares / Math.max(1, values.length)) : deviationInUnits(values, mean);
    return deviation > 0 ? deviation : 1;
  }

  /** Computes in units of a power of two near max |v − mean|, for values whose squares overflow or underflow. */
  private static double deviationInUnits(double[] values, double mean) {
    double most = 0, sum = 0; // of half the differences: a difference itself may overflow
    for (double v : values) most = Math.max(most, Math.abs(v / 2 - mean / 2));
    if (most == 0) return 0;
    int unit = Math.max(Math.getExponent(most), Double.MIN_EXPONENT);
    for (double v : values) {
      double d = Math.scalb(v / 2 - mean / 2, -unit);
      sum += d * d;
    }
    return 2 * Math.scalb(Math.sqrt(sum / values.length), unit);
  }
}
