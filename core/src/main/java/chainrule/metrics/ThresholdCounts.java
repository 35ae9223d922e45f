// SPDX-License-Identifier: MIT
package chainrule.metrics;

import java.util.Arrays;

/**
 * For each distinct score t_1 &gt; t_2 &gt; …, the numbers of positive and of negative rows with score ≥ t: the true
 * and the false positives of the threshold t. Equal scores, such as 0 and −0, are one threshold. If a score is NaN, no
 * threshold is defined and the arrays are empty.
 *
 * @param thresholds the distinct scores, descending
 * @param truePositives [thresholds] ascending, up to positives
 * @param falsePositives [thresholds] ascending, up to negatives
 * @param positives the number of positive rows
 * @param negatives the number of negative rows
 */
public record ThresholdCounts(
    double[] thresholds, int[] truePositives, int[] falsePositives, int positives, int negatives) {

  /**
   * Sorts the scores and counts the rows at or above each.
   *
   * @param scores [rows], larger for rows that are more likely positive
   * @param positive whether each row is positive [rows]
   * @return the counts; without thresholds if there are no rows or a score is NaN
   */
  public static ThresholdCounts of(double[] scores, boolean[] positive) {
    int n = scores.length, positives = 0;
    if (positive.length != n) {
      throw new IllegalArgumentException("expected " + n + " rows, found " + positive.length);
    }
    for (boolean p : positive) if (p) positives++;
    double[] up = new double[positives], down = new double[n - positives];
    int a = 0, b = 0;
    for (int i = 0; i < n; i++) {
      if (Double.isNaN(scores[i])) {
        return new ThresholdCounts(new double[0], new int[0], new int[0], positives, n - positives);
      }
      if (positive[i]) up[a++] = scores[i];
      else down[b++] = scores[i];
    }
    Arrays.sort(up);
    Arrays.sort(down);
    return merged(up, down);
  }

  /** Merges two sorted arrays from their ends. The comparisons are those of numbers, for which 0 = −0. */
  private static ThresholdCounts merged(double[] up, double[] down) {
    int a = up.length, b = down.length, m = 0;
    double[] t = new double[a + b];
    int[] tp = new int[a + b], fp = new int[a + b];
    while (a > 0 || b > 0) {
      double next = b == 0 || a > 0 && up[a - 1] >= down[b - 1] ? up[a - 1] : down[b - 1];
      while (a > 0 && up[a - 1] == next) a--;
      while (b > 0 && down[b - 1] == next) b--;
      t[m] = next;
      tp[m] = up.length - a;
      fp[m++] = down.length - b;
    }
    return new ThresholdCounts(
        Arrays.copyOf(t, m), Arrays.copyOf(tp, m), Arrays.copyOf(fp, m), up.length, down.length);
  }

  /** {@return the number of distinct scores} */
  public int size() {
    return thresholds.length;
  }

  /** {@return whether there are rows and none of the scores is NaN} */
  public boolean isDefined() {
    return thresholds.length > 0;
  }

  /** Returns the sizes, for a log line. */
  @Override public String toString() {
    return positives + " positive and " + negatives + " negative rows, " + size() + " thresholds";
  }
}
