// SPDX-License-Identifier: MIT
package chainrule.metrics;

import java.util.Arrays;

/**
 * Compares probabilities with frequencies. Bin b of B holds the rows with p in (b/B, (b+1)/B], and those with p = 0 in
 * the first. A model is calibrated if in each bin the mean of p is near the share of rows where the event happened. The
 * expected calibration error is their mean distance, weighted by rows:
 * <pre>ECE = Σ_b (n_b/n) · |share_b − mean p_b|</pre>
 * from 0 to 1; 0 is calibrated. If a p is NaN or outside [0, 1], no bin has rows and the error is NaN, as for no rows.
 * Source: Guo and others 2017.
 *
 * @param rows [bins] n_b
 * @param meanProbability [bins] the mean of p, NaN for a bin without rows
 * @param frequency [bins] the share of rows where the event happened, NaN for a bin without rows
 * @param expectedError the expected calibration error
 */
public record ReliabilityCurve(int[] rows, double[] meanProbability, double[] frequency, double expectedError) {
  /** The usual number of bins. */
  public static final int BINS = 10;

  /**
   * {@return the curve of the probabilities of classes} For two classes, p is the probability of class 1 and the event
   * is that the row is of class 1. For more, p is the largest output and the event is that the predicted class is right
   * (top-label calibration).
   *
   * @param outputs the number of outputs, ≥ 1
   * @param yhat probabilities [rows × outputs], see {@link ClassOutputs}
   * @param classes the true class of each row
   * @param bins B, 1 … 1,000; usually {@link #BINS}
   */
  public static ReliabilityCurve ofClasses(int outputs, double[] yhat, int[] classes, int bins) {
    ClassOutputs.requireFit(outputs, yhat, classes);
    if (outputs <= 2) return of(ClassOutputs.scores(outputs, yhat, 1), ClassOutputs.isClass(classes, 1), bins);
    double[] p = new double[classes.length];
    boolean[] right = new boolean[classes.length];
    for (int i = 0; i < p.length; i++) {
      int c = ClassOutputs.predicted(outputs, yhat, i * outputs);
      p[i] = yhat[i * outputs + c];
      right[i] = c == classes[i];
    }
    return of(p, right, bins);
  }

  /**
   * {@return the curve of the probabilities of an event}
   * Formula: beyond-calibration-error. Spec:
   * ProbabilitySpec#theCalibrationErrorIsTheWeightedDistanceOfEachBinFromTheDiagonal.
   *
   * @param p the probability of the event [rows]
   * @param happened whether it happened [rows]
   * @param bins B, 1 … 1,000; usually {@link #BINS}
   * @throws IllegalArgumentException unless 1 ≤ bins ≤ 1,000
   */
  public static ReliabilityCurve of(double[] p, boolean[] happened, int bins) {
    if (bins < 1 || bins > 1000) throw new IllegalArgumentException("bins: expected 1 to 1000, found " + bins);
    if (p.length != happened.length) {
      throw new IllegalArgumentException("expected " + p.length + " rows, found " + happened.length);
    }
    int[] rows = new int[bins];
    double[] sum = new double[bins], events = new double[bins];
    double expected = 0;
    for (int i = 0; i < p.length; i++) {
      if (!(p[i] >= 0 && p[i] <= 1)) return undefined(bins);
      int b = bin(p[i], bins);
      rows[b]++;
      sum[b] += p[i];
      if (happened[i]) events[b]++;
    }
    for (int b = 0; b < bins; b++) {
      expected += Math.abs(events[b] - sum[b]); // n_b · |share − mean p|
      sum[b] /= rows[b];
      events[b] /= rows[b];
    }
    return new ReliabilityCurve(rows, sum, events, expected / p.length);
  }

  private static ReliabilityCurve undefined(int bins) {
    double[] none = new double[bins];
    Arrays.fill(none, Double.NaN);
    return new ReliabilityCurve(new int[bins], none, none.clone(), Double.NaN);
  }

  /** Returns the first bin whose upper edge, the double (b+1)/B, is ≥ p. */
  private static int bin(double p, int bins) {
    int b = Math.min(bins - 1, (int) (p * bins));
    while (b > 0 && p <= (double) b / bins) b--;
    return b;
  }

  /** {@return the number of bins} */
  public int bins() {
    return rows.length;
  }

  /** Returns the bins and the error, for a log line. */
  @Override public String toString() {
    return "expected calibration error " + expectedError + ", rows " + Arrays.toString(rows) + ", mean probability "
        + Arrays.toString(meanProbability) + ", frequency " + Arrays.toString(frequency);
  }
}
