// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.Dataset;
import chainrule.data.Target;
import chainrule.metrics.ClassOutputs;
import chainrule.metrics.ProbabilityMetrics;
import chainrule.metrics.TrivialBaseline;
import chainrule.train.ConfusionMatrix;
import chainrule.train.Evaluation;
import chainrule.train.MultilabelMetrics;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The metrics of predictions on rows whose targets are known, next to those of the trivial baseline: as lines for the
 * terminal and as JSON. {@code train} shows them for the test rows, {@code evaluate} for its data.
 */
interface Results {

  /**
   * Computes the metrics.
   *
   * @param yhat the outputs [rows × outputs]
   * @param data the rows
   * @param target what is predicted, with its unit
   * @param baseline the prediction to beat
   * @param threshold the probability of class 1 from which it is predicted; NaN for the usual rule
   */
  static Results of(double[] yhat, Dataset data, Target target, TrivialBaseline baseline, double threshold) {
    if (data.isClassification()) return ClassResults.of(yhat, data, baseline, threshold);
    return data.isMultilabel() ? LabelResults.of(yhat, data, baseline) : NumberResults.of(yhat, data, target, baseline);
  }

  /** Returns the main score alone: the accuracy, the mean accuracy of the labels, or R². */
  static double score(double[] yhat, Dataset data, double threshold) {
    if (data.isMultilabel()) return MultilabelMetrics.ofPredictions(yhat, data).meanAccuracy();
    if (!data.isClassification()) return Evaluation.ofPredictions(yhat, data).r2();
    int[] predicted = Double.isNaN(threshold) ? ClassOutputs.predicted(data.outputs(), yhat)
        : ClassOutputs.predicted(data.outputs(), yhat, threshold);
    return ConfusionMatrix.of(data.labels(), data.classes(), predicted).accuracy();
  }

  /** Adds the metrics of probabilities to a JSON object, under names that begin with {@code prefix}. */
  static void put(Map<String, Object> json, String prefix, ProbabilityMetrics p) {
    json.put(prefix + "log_loss", p.logLoss());
    json.put(prefix + "brier", p.brier());
    json.put(prefix + "roc_auc", p.rocAuc());
    json.put(prefix + "average_precision", p.averagePrecision());
    json.put(prefix + "calibration_error", p.calibrationError());
  }

  /** Returns the main figures in one line. */
  String headline(double loss);

  /** Returns further figures, a few lines. */
  List<String> details();

  /** Prints the metrics of each class, label or target. */
  void printTable(PrintStream out);

  /** Adds all figures under their names, each with this prefix. */
  void put(Map<String, Object> json, String prefix);

  /** Returns the name of the main score in JSON: accuracy or r2. */
  String scoreName();

  /** Returns the main score; larger is better, 1 is perfect. */
  double score();

  /** Returns the standard error of the score as an estimate for new rows. */
  double standardError();

  /**
   * Returns in which way these results are worse than the baseline; empty if they are not.
   *
   * @param weightedClasses whether training weighted the classes, which gives up accuracy and log loss for a rare class
   */
  Optional<String> worseThanBaseline(boolean weightedClasses);
}
