// SPDX-License-Identifier: MIT
package chainrule.metrics;

import java.util.Locale;

/**
 * Chooses the threshold T of two classes, class 1 if its probability is ≥ T, so that a quantity is as large as possible
 * on some rows, which must not be those of training:
 * <pre>
 * F1          2·TP / (2·TP + FP + FN)           few false alarms and few misses, for a rare class 1
 * YOUDEN      TP / P − FP / N                   Youden's J, sensitivity + specificity − 1: both classes count alike
 * </pre>
 * P rows of class 1, N of class 0. All T between two neighboring distinct scores predict the same; T is halfway between
 * them, and after the smallest score halfway between that and 0. Among equal values, the T closest to ½ wins, and of
 * two equally close ones the smaller. A NaN score, or rows of one class only, define no threshold: NaN. Sources: van
 * Rijsbergen 1979, Youden 1950.
 */
public enum ThresholdRule {
  /** 2·TP / (2·TP + FP + FN). Formula: beyond-threshold-f1. Spec: RankingSpec#noThresholdIsBetterThanTheChosenOne. */
  F1 {
    @Override double value(long tp, long fp, long positives, long negatives) {
      return 2.0 * tp / (tp + fp + positives);
    }
  },
  /** TP / P − FP / N. Formula: beyond-threshold-youden. Spec: RankingSpec#noThresholdIsBetterThanTheChosenOne. */
  YOUDEN {
    @Override double value(long tp, long fp, long positives, long negatives) {
      return (double) (tp * negatives - fp * positives) / ((double) positives * negatives);
    }
  };

  /**
   * A threshold with the value of the rule there; both are NaN if no threshold is defined.
   *
   * @param threshold T
   * @param value the rule's value at T
   */
  public record Choice(double threshold, double value) {}

  /** The rule's value for these counts; positives and negatives are not 0. Equal counts give equal bits. */
  abstract double value(long tp, long fp, long positives, long negatives);

  /** {@return the name in options and files: f1, youden} */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * {@return the best threshold}
   *
   * @param scores the probability of class 1 [rows]
   * @param positive whether the row is of class 1 [rows]
   * @throws IllegalArgumentException for a score outside [0, 1]
   */
  public Choice choose(double[] scores, boolean[] positive) {
    return choose(ThresholdCounts.of(scores, positive));
  }

  /**
   * {@return the best threshold of these counts}
   *
   * @param counts the true and false positives of each probability of class 1
   * @throws IllegalArgumentException for a score outside [0, 1]
   */
  public Choice choose(ThresholdCounts counts) {
    int m = counts.size(), p = counts.positives(), n = counts.negatives();
    if (m == 0 || p == 0 || n == 0) return new Choice(Double.NaN, Double.NaN);
    double[] t = counts.thresholds();
    if (t[0] > 1 || t[m - 1] < 0) {
      throw new IllegalArgumentException("expected probabilities, found " + (t[0] > 1 ? t[0] : t[m - 1]));
    }
    Choice best = new Choice(Double.NaN, Double.NEGATIVE_INFINITY);
    for (int k = 0; k < m; k++) {
      double value = value(counts.truePositives()[k], counts.falsePositives()[k], p, n);
      double between = between(k + 1 < m ? t[k + 1] : 0, t[k]);
      double nearer = Math.abs(best.threshold - 0.5) - Math.abs(between - 0.5);
      if (value > best.value || value == best.value && nearer >= 0) best = new Choice(between, value);
    }
    return best;
  }

  /** Returns the middle of two numbers from 0 to 1, or the upper one if it rounds to the lower. */
  private static double between(double low, double high) {
    double middle = (low + high) / 2;
    return middle > low ? middle : high;
  }

  /**
   * {@return the rule's value at a threshold; NaN for rows of one class only or a NaN score}
   *
   * @param threshold T; class 1 is predicted if its probability is ≥ T
   * @param scores the probability of class 1 [rows]
   * @param positive whether the row is of class 1 [rows]
   */
  public double at(double threshold, double[] scores, boolean[] positive) {
    long tp = 0, fp = 0, p = 0;
    for (int i = 0; i < scores.length; i++) {
      if (Double.isNaN(scores[i])) return Double.NaN;
      if (positive[i]) p++;
      if (scores[i] < threshold) continue;
      if (positive[i]) tp++;
      else fp++;
    }
    long n = scores.length - p;
    return p == 0 || n == 0 ? Double.NaN : value(tp, fp, p, n);
  }
}
