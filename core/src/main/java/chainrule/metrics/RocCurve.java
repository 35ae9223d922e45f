// SPDX-License-Identifier: MIT
package chainrule.metrics;

import java.util.Arrays;

/**
 * The receiver operating characteristic: for each threshold t, the share of negative rows with score ≥ t (the
 * false-positive rate) and the share of positive rows with score ≥ t (the true-positive rate, recall). The first point
 * is (0, 0), at t = ∞, the last (1, 1). The area under the curve is a rank statistic, the share of all pairs of a
 * positive and a negative row in which the positive row has the larger score, ties counting half:
 * <pre>AUC = Σ_{i positive} Σ_{j negative} ([s_i &gt; s_j] + ½ [s_i = s_j]) / (P · N)</pre>
 * 1 is a perfect ranking, ½ is chance or equal scores, 0 is a reversed ranking. It equals Mann and Whitney's U / (P·N)
 * and the area of the trapezoids below the points. The pairs are counted in whole numbers. NaN, with no points, if all
 * rows are of one class, if there are none, or if a score is NaN. Source: Hanley, McNeil 1982.
 *
 * @param thresholds the distinct scores after ∞, descending
 * @param falsePositiveRate [thresholds] from 0 to 1
 * @param truePositiveRate [thresholds] from 0 to 1
 * @param area the area under the curve
 */
public record RocCurve(double[] thresholds, double[] falsePositiveRate, double[] truePositiveRate, double area) {

  /**
   * {@return the curve of these scores}
   *
   * @param scores [rows], larger for rows that are more likely positive
   * @param positive whether each row is positive [rows]
   */
  public static RocCurve of(double[] scores, boolean[] positive) {
    return of(ThresholdCounts.of(scores, positive));
  }

  /**
   * {@return the curve of these counts}
   * Formula: beyond-roc. Spec: RankingSpec#eachPointCountsTheRowsAtOrAboveItsThreshold.
   *
   * @param counts the true and false positives of each threshold
   */
  public static RocCurve of(ThresholdCounts counts) {
    double area = area(counts);
    int m = Double.isNaN(area) ? 0 : counts.size() + 1;
    double[] t = new double[m], x = new double[m], y = new double[m];
    if (m > 0) t[0] = Double.POSITIVE_INFINITY;
    for (int k = 1; k < m; k++) {
      t[k] = counts.thresholds()[k - 1];
      x[k] = (double) counts.falsePositives()[k - 1] / counts.negatives();
      y[k] = (double) counts.truePositives()[k - 1] / counts.positives();
    }
    return new RocCurve(t, x, y, area);
  }

  /**
   * {@return the area under the curve of these scores; NaN if all rows are of one class or a score is NaN}
   *
   * @param scores [rows], larger for rows that are more likely positive
   * @param positive whether each row is positive [rows]
   */
  public static double area(double[] scores, boolean[] positive) {
    return area(ThresholdCounts.of(scores, positive));
  }

  /**
   * {@return the area under the curve of these counts}
   * Formula: beyond-roc-auc. Spec: RankingSpec#theAreaIsTheShareOfPairsInTheRightOrder.
   *
   * @param counts the true and false positives of each threshold
   */
  public static double area(ThresholdCounts counts) {
    if (!counts.isDefined() || counts.positives() == 0 || counts.negatives() == 0) return Double.NaN;
    long halves = 0; // pairs won count 2, ties 1: at most 2·P·N < 2⁶¹
    int tp = 0, fp = 0;
    for (int k = 0; k < counts.size(); k++) {
      long positives = counts.truePositives()[k] - tp, negatives = counts.falsePositives()[k] - fp;
      tp += positives;
      fp += negatives;
      halves += positives * (2L * (counts.negatives() - fp) + negatives);
    }
    return halves / (2.0 * counts.positives() * counts.negatives());
  }

  /** Returns the points and the area, for a log line. */
  @Override public String toString() {
    return "area " + area + ", false-positive rate " + Arrays.toString(falsePositiveRate) + ", true-positive rate "
        + Arrays.toString(truePositiveRate);
  }
}
