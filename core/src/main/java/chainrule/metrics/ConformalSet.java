// SPDX-License-Identifier: MIT
package chainrule.metrics;

/**
 * Sets of classes by split conformal prediction:
 * <pre>{c : 1 − p_c ≤ q(coverage)} ∪ {the predicted class}         the scores are 1 − p of each row's true class</pre>
 * on rows that the model was not trained on, with q the conformal quantile of {@link ConformalScores}. The true class
 * of a new row, exchangeable with those, is in the set with probability ≥ coverage. Several classes in a set mean that
 * the row is ambiguous. Without the predicted class a set could be empty; adding it can only raise the
 * coverage. A NaN probability puts its class into every set. Source: Sadinle, Lei, Wasserman 2019.
 */
public final class ConformalSet {
  private ConformalSet() {}

  /**
   * {@return the scores 1 − p of the true classes}
   *
   * @param outputs the number of outputs, ≥ 1
   * @param yhat probabilities [rows × outputs], see {@link ClassOutputs}, such as those of rows outside each fold
   * @param classes the true class of each row
   */
  public static ConformalScores scores(int outputs, double[] yhat, int[] classes) {
    ClassOutputs.requireFit(outputs, yhat, classes);
    double[] s = new double[classes.length];
    for (int i = 0; i < s.length; i++) s[i] = score(outputs, yhat, i * outputs, classes[i]);
    return ConformalScores.of(s);
  }

  private static double score(int outputs, double[] yhat, int o, int c) {
    return 1 - ClassOutputs.probability(outputs, yhat, o, c);
  }

  /**
   * {@return for each class whether it is in the set of a row}
   * Formula: beyond-conformal-set. Spec: ConformalSpec#aSetHasThePredictedClassAndThoseThatAreLikelyEnough.
   *
   * @param outputs the number of outputs, ≥ 1
   * @param yhat probabilities [rows × outputs], see {@link ClassOutputs}
   * @param o the index of the row's first output in ŷ
   * @param predicted the class predicted for the row, which is always in the set
   * @param q the quantile, {@link ConformalScores#quantile}
   */
  public static boolean[] of(int outputs, double[] yhat, int o, int predicted, double q) {
    boolean[] set = new boolean[ClassOutputs.classes(outputs)];
    for (int c = 0; c < set.length; c++) set[c] = c == predicted || !(score(outputs, yhat, o, c) > q);
    return set;
  }

  /**
   * {@return for each class whether it is in the set of a row} The predicted class is {@link ClassOutputs#predicted}.
   *
   * @param outputs the number of outputs, ≥ 1
   * @param yhat probabilities [rows × outputs], see {@link ClassOutputs}
   * @param o the index of the row's first output in ŷ
   * @param q the quantile, {@link ConformalScores#quantile}
   */
  public static boolean[] of(int outputs, double[] yhat, int o, double q) {
    return of(outputs, yhat, o, ClassOutputs.predicted(outputs, yhat, o), q);
  }

  /**
   * {@return the share of rows whose true class is in their set; NaN for no rows}
   *
   * @param outputs the number of outputs, ≥ 1
   * @param yhat probabilities [rows × outputs], see {@link ClassOutputs}
   * @param classes the true class of each row
   * @param q the quantile, {@link ConformalScores#quantile}
   */
  public static double coverage(int outputs, double[] yhat, int[] classes, double q) {
    ClassOutputs.requireFit(outputs, yhat, classes);
    long inside = 0;
    for (int i = 0; i < classes.length; i++) if (of(outputs, yhat, i * outputs, q)[classes[i]]) inside++;
    return (double) inside / classes.length;
  }
}
