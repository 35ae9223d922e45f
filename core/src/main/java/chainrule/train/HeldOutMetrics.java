// SPDX-License-Identifier: MIT
package chainrule.train;

import chainrule.data.Dataset;
import chainrule.metrics.ClassOutputs;
import chainrule.metrics.ProbabilityMetrics;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * All metrics of predictions that apply to a kind of target, by their names in JSON. Weights of rows are ignored.
 * <pre>
 * classes   accuracy, balanced_accuracy, macro_f1; for probabilities also log_loss, brier, roc_auc
 * labels    exact_match, mean_accuracy, macro_f1
 * numbers   r2; for a single target also rmse, mae
 * </pre>
 * See {@link ConfusionMatrix}, {@link ProbabilityMetrics}, {@link MultilabelMetrics} and {@link Evaluation}.
 */
public final class HeldOutMetrics {
  private HeldOutMetrics() {}

  /**
   * Returns the metrics, in the order above.
   *
   * @param yhat the predictions [rows × outputs]
   * @param unit the factor from y to the target's own unit, for rmse and mae; 1 if y has it
   * @throws IllegalArgumentException if ŷ does not have the shape of y
   */
  public static Map<String, Double> of(double[] yhat, Dataset data, double unit) {
    Map<String, Double> m = new LinkedHashMap<>();
    if (data.isClassification()) {
      ConfusionMatrix c = ConfusionMatrix.ofPredictions(yhat, data);
      m.put("accuracy", c.accuracy());
      m.put("balanced_accuracy", c.balancedAccuracy());
      m.put("macro_f1", c.macroF1());
      if (!ClassOutputs.areProbabilities(data.outputs(), yhat)) return m;
      ProbabilityMetrics p = ProbabilityMetrics.of(data.outputs(), yhat, data.classes());
      m.put("log_loss", p.logLoss());
      m.put("brier", p.brier());
      m.put("roc_auc", p.rocAuc());
    } else if (data.isMultilabel()) {
      MultilabelMetrics labels = MultilabelMetrics.ofPredictions(yhat, data);
      m.put("exact_match", labels.exactMatch());
      m.put("mean_accuracy", labels.meanAccuracy());
      m.put("macro_f1", labels.macroF1());
    } else {
      Evaluation e = Evaluation.ofPredictions(yhat, data);
      m.put("r2", e.r2());
      if (data.outputs() > 1) return m;
      m.put("rmse", e.rmse() * unit);
      m.put("mae", e.mae() * unit);
    }
    return m;
  }
}
