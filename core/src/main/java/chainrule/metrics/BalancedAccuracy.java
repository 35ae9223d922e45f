// SPDX-License-Identifier: MIT
package chainrule.metrics;

/**
 * The balanced accuracy, the mean recall over the classes that have rows:
 * <pre>(1/k) Σ_c n_cc / n_c         n_c rows of class c, n_cc of them predicted as c, k classes with n_c &gt; 0</pre>
 * A constant prediction has 1/k, however large its class. 1 is perfect. As scikit-learn's balanced_accuracy_score. NaN
 * for no rows.
 */
public final class BalancedAccuracy {
  private BalancedAccuracy() {}

  /**
   * {@return the balanced accuracy of predicted classes}
   *
   * @param classes the number of classes
   * @param actual the true class of each row
   * @param predicted the predicted class of each row
   */
  public static double of(int classes, int[] actual, int[] predicted) {
    if (actual.length != predicted.length) {
      throw new IllegalArgumentException("expected " + actual.length + " predictions, found " + predicted.length);
    }
    long[] right = new long[classes], rows = new long[classes];
    for (int i = 0; i < actual.length; i++) {
      rows[actual[i]]++;
      if (predicted[i] == actual[i]) right[actual[i]]++;
    }
    return of(right, rows);
  }

  /**
   * {@return the balanced accuracy of a confusion matrix}
   *
   * @param classes the number of classes
   * @param counts [classes × classes], row-major, with a row for each true class
   */
  public static double of(int classes, long[] counts) {
    long[] right = new long[classes], rows = new long[classes];
    for (int c = 0; c < classes; c++) {
      right[c] = counts[c * classes + c];
      for (int p = 0; p < classes; p++) rows[c] += counts[c * classes + p];
    }
    return of(right, rows);
  }

  /**
   * Returns (1/k) Σ_c n_cc / n_c.
   * Formula: beyond-balanced-accuracy. Spec: ProbabilitySpec#theBalancedAccuracyIsTheMeanRecallOfTheClassesWithRows.
   */
  private static double of(long[] right, long[] rows) {
    double sum = 0;
    int present = 0;
    for (int c = 0; c < rows.length; c++) {
      if (rows[c] == 0) continue;
      sum += (double) right[c] / rows[c];
      present++;
    }
    return sum / present;
  }
}
