// SPDX-License-Identifier: MIT
package chainrule.train;

import chainrule.data.Dataset;
import chainrule.metrics.ClassOutputs;
import chainrule.metrics.ProbabilityMetrics;
import chainrule.nn.loss.Loss;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * All metrics of predictions ŷ [rows × outputs] by name, in a fixed order:
 * <pre>
 * classes     loss accuracy balanced_accuracy macro_f1, of two classes f1 (that of class 1), and of probabilities
 *             log_loss brier roc_auc average_precision calibration_error
 * labels      loss exact_match mean_accuracy macro_f1 micro_f1
 * numbers     loss rmse mae r2
 * </pre>
 * {@link Evaluation}, {@link ConfusionMatrix}, {@link MultilabelMetrics} and {@link ProbabilityMetrics} define them.
 */
public final class FoldMetrics {
  private FoldMetrics() {}

  /**
   * {@return the metrics by name}
   *
   * @param loss the loss to compute
   * @param yhat predictions [rows × outputs]
   * @param data the rows with their targets
   * @throws IllegalArgumentException if ŷ has another shape than y
   */
  public static Map<String, Double> of(Loss loss, double[] yhat, Dataset data) {
    return of(loss, yhat, data, Double.NaN);
  }

  /**
   * {@return the metrics by name, with a threshold for class 1 of two}
   *
   * @param loss the loss to compute
   * @param yhat predictions [rows × outputs]
   * @param data the rows with their targets
   * @param threshold class 1 is predicted if its probability is ≥ this; NaN for the most probable class
   * @throws IllegalArgumentException if ŷ has another shape than y, or for a threshold without two classes
   */
  public static Map<String, Double> of(Loss loss, double[] yhat, Dataset data, double threshold) {
    Map<String, Double> m = new LinkedHashMap<>();
    Evaluation e = Evaluation.of(loss, yhat, data);
    m.put("loss", e.loss());
    if (data.isClassification()) {
      ConfusionMatrix c = Double.isNaN(threshold) ? ConfusionMatrix.ofPredictions(yhat, data)
          : ConfusionMatrix.of(data.labels(), data.classes(),
              ClassOutputs.predicted(data.outputs(), yhat, threshold));
      m.put("accuracy", c.accuracy());
      m.put("balanced_accuracy", c.balancedAccuracy());
      m.put("macro_f1", c.macroF1());
      if (data.labels().size() == 2) m.put("f1", c.f1(1));
      if (ClassOutputs.areProbabilities(data.outputs(), yhat)) probabilities(m, yhat, data);
    } else if (data.isMultilabel()) {
      MultilabelMetrics labels = MultilabelMetrics.ofPredictions(yhat, data);
      m.put("exact_match", labels.exactMatch());
      m.put("mean_accuracy", labels.meanAccuracy());
      m.put("macro_f1", labels.macroF1());
      m.put("micro_f1", labels.microF1());
    } else {
      m.put("rmse", e.rmse());
      m.put("mae", e.mae());
      m.put("r2", e.r2());
    }
    return m;
  }

  private static void probabilities(Map<String, Double> m, double[] yhat, Dataset data) {
    ProbabilityMetrics p = ProbabilityMetrics.of(data.outputs(), yhat, data.classes());
    m.put("log_loss", p.logLoss());
    m.put("brier", p.brier());
    m.put("roc_auc", p.rocAuc());
    m.put("average_precision", p.averagePrecision());
    m.put("calibration_error", p.calibrationError());
  }
}
