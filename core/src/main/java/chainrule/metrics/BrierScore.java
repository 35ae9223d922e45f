// SPDX-License-Identifier: MIT
package chainrule.metrics;

/**
 * The Brier score, the mean squared error of probabilities:
 * <pre>
 * two classes       (1/n) Σ_i (p_i − y_i)²              p_i the probability of class 1, y_i 0 or 1;   0 … 1
 * more classes      (1/n) Σ_i Σ_c (p_ic − y_ic)²        y_i one-hot;   0 … 2
 * </pre>
 * Smaller is better; the guess ½ of two classes scores ¼. For two classes with two outputs, half the second form, which
 * is the first if p_i0 = 1 − p_i1. Like scikit-learn's brier_score_loss. NaN for no rows or if an output is NaN.
 * Source: Brier 1950.
 */
public final class BrierScore {
  private BrierScore() {}

  /**
   * {@return the Brier score}
   * Formula: beyond-brier, beyond-brier-classes. Spec:
   * ProbabilitySpec#theBrierScoreIsTheMeanSquaredErrorOfTheProbabilities.
   *
   * @param outputs the number of outputs, ≥ 1
   * @param yhat probabilities [rows × outputs], see {@link ClassOutputs}
   * @param classes the true class of each row
   */
  public static double of(int outputs, double[] yhat, int[] classes) {
    ClassOutputs.requireFit(outputs, yhat, classes);
    double sum = 0;
    for (int i = 0; i < classes.length; i++) {
      for (int j = 0; j < outputs; j++) {
        double y = outputs == 1 ? classes[i] : classes[i] == j ? 1 : 0;
        double e = yhat[i * outputs + j] - y;
        sum += e * e;
      }
    }
    return (outputs == 2 ? sum / 2 : sum) / classes.length;
  }
}
