// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.Dataset;
import chainrule.metrics.ClassOutputs;
import chainrule.metrics.ProbabilityMetrics;
import chainrule.metrics.TrivialBaseline;
import chainrule.train.MultilabelMetrics;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * The metrics of predicted labels, of which a row has any number.
 *
 * @param probabilities those of each label; empty if the outputs are not probabilities
 * @param baseline the metrics of predicting each label everywhere or nowhere, as most training rows have it or not
 * @param baselineLogLoss the mean log loss over the labels, with their frequencies as probabilities
 */
record LabelResults(MultilabelMetrics metrics, List<ProbabilityMetrics> probabilities, MultilabelMetrics baseline,
    double baselineLogLoss) implements Results {

  static LabelResults of(double[] yhat, Dataset data, TrivialBaseline baseline) {
    int labels = data.outputs();
    double[] trivial = baseline.predictions(data.rows());
    return new LabelResults(MultilabelMetrics.ofPredictions(yhat, data),
        ClassOutputs.areProbabilities(1, yhat) ? ProbabilityMetrics.ofLabels(labels, yhat, data.y()) : List.of(),
        MultilabelMetrics.ofPredictions(trivial, data),
        mean(ProbabilityMetrics.ofLabels(labels, trivial, data.y()), ProbabilityMetrics::logLoss));
  }

  /** Returns the mean over the labels for which the metric is defined; NaN if there are none. */
  private static double mean(List<ProbabilityMetrics> all, ToDoubleFunction<ProbabilityMetrics> metric) {
    return all.stream().mapToDouble(metric).filter(v -> !Double.isNaN(v)).average().orElse(Double.NaN);
  }

  @Override public String headline(double loss) {
    return MetricFormat.labels(metrics) + ", loss " + MetricFormat.loss(loss);
  }

  @Override public List<String> details() {
    String trivial = String.format(Locale.ROOT,
        "the most frequent value of each label: exact match %.4f, mean label accuracy %.4f", baseline.exactMatch(),
        baseline.meanAccuracy());
    if (probabilities.isEmpty()) return List.of(trivial);
    return List.of(trivial, "means over the labels: log loss "
        + MetricFormat.loss(mean(probabilities, ProbabilityMetrics::logLoss)) + " (label frequencies "
        + MetricFormat.loss(baselineLogLoss) + "), Brier score "
        + MetricFormat.loss(mean(probabilities, ProbabilityMetrics::brier)) + ", ROC AUC "
        + MetricFormat.decimals(mean(probabilities, ProbabilityMetrics::rocAuc), 4) + ", calibration error "
        + MetricFormat.loss(mean(probabilities, ProbabilityMetrics::calibrationError)));
  }

  @Override public void printTable(PrintStream out) {
    MetricsTable.printLabelMetrics(out, metrics);
  }

  @Override public void put(Map<String, Object> json, String prefix) {
    json.put(prefix + "accuracy", metrics.exactMatch());
    json.put(prefix + "exact_match", metrics.exactMatch());
    json.put(prefix + "mean_accuracy", metrics.meanAccuracy());
    json.put(prefix + "macro_f1", metrics.macroF1());
    json.put(prefix + "log_loss", mean(probabilities, ProbabilityMetrics::logLoss));
    json.put(prefix + "brier", mean(probabilities, ProbabilityMetrics::brier));
    json.put(prefix + "roc_auc", mean(probabilities, ProbabilityMetrics::rocAuc));
    json.put(prefix + "average_precision", mean(probabilities, ProbabilityMetrics::averagePrecision));
    json.put(prefix + "calibration_error", mean(probabilities, ProbabilityMetrics::calibrationError));
    json.put(prefix + "baseline_exact_match", baseline.exactMatch());
    json.put(prefix + "baseline_mean_accuracy", baseline.meanAccuracy());
    json.put(prefix + "baseline_log_loss", baselineLogLoss);
    List<Map<String, Object>> labels = TargetMetrics.json(metrics);
    for (int l = 0; l < probabilities.size(); l++) Results.put(labels.get(l), "", probabilities.get(l));
    json.put(prefix + "labels", labels);
  }

  @Override public String scoreName() {
    return "mean_accuracy";
  }

  @Override public double score() {
    return metrics.meanAccuracy();
  }

  @Override public double standardError() {
    double a = metrics.meanAccuracy();
    return Math.sqrt(a * (1 - a) / metrics.rows()); // as if the labels of a row were right or wrong together
  }

  @Override public Optional<String> worseThanBaseline(boolean weightedClasses) {
    if (!(metrics.meanAccuracy() < baseline.meanAccuracy())) return Optional.empty();
    return Optional.of(String.format(Locale.ROOT,
        "mean label accuracy %.4f is below %.4f, that of the most frequent value of each label",
        metrics.meanAccuracy(), baseline.meanAccuracy()));
  }
}
