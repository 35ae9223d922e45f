// SPDX-License-Identifier: MIT
package chainrule.metrics;

import chainrule.data.Dataset;
import chainrule.kernels.Elementary;

/**
 * The log loss of probabilities, the mean surprise at the true classes:
 * <pre>−(1/n) Σ_i ln p_i         p_i the probability of row i's true class, clamped to [ε, 1], ε = 2⁻⁵²</pre>
 * It is ≥ 0, 0 for certain and true predictions, ln k for guesses among k classes. The clamp, as in scikit-learn,
 * limits a row to 36.04, so that one certain mistake does not make it infinite. NaN for no rows or if the p of a row is
 * NaN. Source: Good 1952.
 */
public final class LogLoss {
  /** The smallest probability that is not clamped. */
  static final double LEAST = 0x1p-52;

  private LogLoss() {}

  /**
   * {@return the log loss}
   * Formula: beyond-log-loss. Spec: ProbabilitySpec#theLogLossIsTheLogarithmOfTheLikelihood.
   *
   * @param outputs the number of outputs, ≥ 1
   * @param yhat probabilities [rows × outputs], see {@link ClassOutputs}
   * @param classes the true class of each row
   */
  public static double of(int outputs, double[] yhat, int[] classes) {
    ClassOutputs.requireFit(outputs, yhat, classes);
    double sum = 0;
    for (int i = 0; i < classes.length; i++) {
      double p = ClassOutputs.probability(outputs, yhat, i * outputs, classes[i]);
      sum -= Elementary.log(Math.min(1, Math.max(LEAST, p)));
    }
    return sum / classes.length;
  }

  /**
   * {@return the log loss of classes, or the mean of the labels' log losses, each of two classes}
   *
   * @param yhat probabilities [rows × outputs]
   * @param data rows with classes or labels
   * @throws IllegalArgumentException if the targets are numbers, or ŷ does not fit
   */
  public static double of(double[] yhat, Dataset data) {
    if (data.isClassification()) return of(data.outputs(), yhat, data.classes());
    if (!data.isMultilabel()) throw new IllegalArgumentException("the log loss is for classes and labels, not numbers");
    return ProbabilityMetrics.ofLabels(data.outputs(), yhat, data.y()).stream()
        .mapToDouble(ProbabilityMetrics::logLoss).average().orElse(Double.NaN);
  }
}
