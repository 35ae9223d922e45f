// SPDX-License-Identifier: MIT
package chainrule.metrics;

import java.util.Arrays;

/**
 * Precision and recall of each threshold t: of the rows with score ≥ t, the share that is positive, and of the positive
 * rows, the share with score ≥ t. The average precision is their mean over the recalls that each threshold adds:
 * <pre>AP = Σ_k (R_k − R_{k−1}) P_k         R_0 = 0, thresholds t_1 &gt; t_2 &gt; …, the distinct scores</pre>
 * without interpolation, as in scikit-learn. 1 is a perfect ranking; equal scores have the share of positive rows.
 * Unlike the area under a {@link RocCurve}, it depends on that share, and so shows how hard a rare class is. NaN, with
 * no points, if there are no positive rows or if a score is NaN; 1 if all rows are positive.
 *
 * @param thresholds the distinct scores, descending
 * @param precision [thresholds]
 * @param recall [thresholds] ascending, up to 1
 * @param averagePrecision the average precision
 */
public record PrecisionRecallCurve(
    double[] thresholds, double[] precision, double[] recall, double averagePrecision) {

  /**
   * {@return the curve of these scores}
   *
   * @param scores [rows], larger for rows that are more likely positive
   * @param positive whether each row is positive [rows]
   */
  public static PrecisionRecallCurve of(double[] scores, boolean[] positive) {
    return of(ThresholdCounts.of(scores, positive));
  }

  /**
   * {@return the curve of these counts}
   * Formula: beyond-precision-recall. Spec: RankingSpec#eachPointCountsTheRowsAtOrAboveItsThreshold.
   * Formula: beyond-average-precision. Spec:
   * RankingSpec#theAveragePrecisionSumsThePrecisionOverTheRecallThatEachThresholdAdds.
   *
   * @param counts the true and false positives of each threshold
   */
  public static PrecisionRecallCurve of(ThresholdCounts counts) {
    int m = counts.positives() == 0 ? 0 : counts.size();
    double[] precision = new double[m], recall = new double[m];
    double sum = 0;
    int last = 0;
    for (int k = 0; k < m; k++) {
      int tp = counts.truePositives()[k];
      precision[k] = tp / ((double) tp + counts.falsePositives()[k]);
      recall[k] = (double) tp / counts.positives();
      sum += (tp - last) * precision[k];
      last = tp;
    }
    double average = m == 0 ? Double.NaN : sum / counts.positives();
    return new PrecisionRecallCurve(Arrays.copyOf(counts.thresholds(), m), precision, recall, average);
  }

  /**
   * {@return the average precision of these scores; NaN without positive rows or if a score is NaN}
   *
   * @param scores [rows], larger for rows that are more likely positive
   * @param positive whether each row is positive [rows]
   */
  public static double average(double[] scores, boolean[] positive) {
    return of(scores, positive).averagePrecision;
  }

  /** Returns the points and the average precision, for a log line. */
  @Override public String toString() {
    return "average precision " + averagePrecision + ", precision " + Arrays.toString(precision) + ", recall "
        + Arrays.toString(recall);
  }
}
