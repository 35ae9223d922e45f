// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.Dataset;
import chainrule.format.Formatting;
import chainrule.metrics.BrierScore;
import chainrule.metrics.ClassOutputs;
import chainrule.metrics.LogLoss;
import chainrule.metrics.ProbabilityMetrics;
import chainrule.metrics.ReliabilityCurve;
import chainrule.metrics.TrivialBaseline;
import chainrule.train.ConfusionMatrix;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The metrics of predicted classes.
 *
 * @param probabilities NaN if the outputs are not probabilities
 * @param positive the positive one of two classes, whose F1 and average precision are shown
 * @param baselineClass the majority class of the training rows
 * @param baselineAccuracy the share of these rows that belong to it
 * @param baselineLogLoss the log loss of the class frequencies of training
 * @param baselineBrier their Brier score
 * @param hasThreshold whether a threshold decides the class, instead of the largest probability
 */
record ClassResults(ConfusionMatrix confusion, ProbabilityMetrics probabilities, int positive, int baselineClass,
    double baselineAccuracy, double baselineLogLoss, double baselineBrier, boolean hasThreshold) implements Results {
  /** The largest number of classes times rows for which rows are ranked for each class. */
  private static final long MOST_RANKED = 200_000_000;
  private static final int MAX_NAME = 30;

  static ClassResults of(double[] yhat, Dataset data, TrivialBaseline baseline, double threshold) {
    int out = data.outputs();
    int[] classes = data.classes();
    int[] predicted = Double.isNaN(threshold) ? ClassOutputs.predicted(out, yhat)
        : ClassOutputs.predicted(out, yhat, threshold);
    double[] trivial = baseline.predictions(data.rows());
    long majority = Arrays.stream(classes).filter(c -> c == baseline.majorityClass()).count();
    return new ClassResults(ConfusionMatrix.of(data.labels(), classes, predicted), probabilities(out, yhat, classes),
        1, baseline.majorityClass(), (double) majority / classes.length, LogLoss.of(out, trivial, classes),
        BrierScore.of(out, trivial, classes), !Double.isNaN(threshold));
  }

  /** Returns the same results with this class as the positive one. */
  ClassResults withPositive(int c) {
    return new ClassResults(confusion, probabilities, c, baselineClass, baselineAccuracy, baselineLogLoss,
        baselineBrier, hasThreshold);
  }

  private boolean isBinary() {
    return confusion.labels().size() == 2;
  }

  private double averagePrecision() {
    return isBinary() ? probabilities.averagePrecisions()[positive] : probabilities.averagePrecision();
  }

  private static ProbabilityMetrics probabilities(int out, double[] yhat, int[] classes) {
    int count = ClassOutputs.classes(out);
    if ((long) count * classes.length <= MOST_RANKED && ClassOutputs.areProbabilities(out, yhat)) {
      return ProbabilityMetrics.of(out, yhat, classes);
    }
    double[] none = new double[count];
    Arrays.fill(none, Double.NaN);
    boolean defined = ClassOutputs.areProbabilities(out, yhat);
    return new ProbabilityMetrics(defined ? LogLoss.of(out, yhat, classes) : Double.NaN,
        defined ? BrierScore.of(out, yhat, classes) : Double.NaN, Double.NaN, Double.NaN,
        defined ? ReliabilityCurve.ofClasses(out, yhat, classes, ReliabilityCurve.BINS).expectedError() : Double.NaN,
        none, none);
  }

  @Override public String headline(double loss) {
    long n = confusion.total();
    return String.format(Locale.ROOT, "accuracy %.4f (%,d of %,d correct), majority class %.4f, loss %s",
        confusion.accuracy(), Math.round(confusion.accuracy() * n), n, baselineAccuracy, MetricFormat.loss(loss));
  }

  @Override public List<String> details() {
    ProbabilityMetrics p = probabilities;
    List<String> labels = confusion.labels();
    List<String> lines = new ArrayList<>();
    if (!Double.isNaN(p.logLoss())) {
      lines.add("log loss " + MetricFormat.loss(p.logLoss()) + " (class frequencies "
          + MetricFormat.loss(baselineLogLoss) + "), Brier score " + MetricFormat.loss(p.brier()) + " ("
          + MetricFormat.loss(baselineBrier) + "), calibration error " + MetricFormat.loss(p.calibrationError()));
    }
    String ranking = Double.isNaN(p.rocAuc()) ? "" : "ROC AUC " + MetricFormat.decimals(p.rocAuc(), 4)
        + ", average precision " + MetricFormat.decimals(averagePrecision(), 4) + (labels.size() > 2 ? ""
        : " of '" + Formatting.line(labels.get(positive), MAX_NAME) + "'") + ", "; // which depends on the class
    lines.add(ranking + "balanced accuracy " + MetricFormat.decimals(confusion.balancedAccuracy(), 4) + ", macro F1 "
        + MetricFormat.decimals(confusion.macroF1(), 4));
    if (isBinary()) {
      lines.add("positive class " + Formatting.line(confusion.labels().get(positive), MAX_NAME) + ": F1 "
          + MetricFormat.decimals(confusion.f1(positive), 4));
    }
    return lines;
  }

  @Override public void printTable(PrintStream out) {
    MetricsTable.printClassMetrics(out, confusion);
  }

  @Override public void put(Map<String, Object> json, String prefix) {
    json.put(prefix + "accuracy", confusion.accuracy());
    json.put(prefix + "macro_f1", confusion.macroF1());
    json.put(prefix + "balanced_accuracy", confusion.balancedAccuracy());
    Results.put(json, prefix, probabilities);
    if (isBinary()) {
      json.put(prefix + "roc_auc", probabilities.rocAucs()[positive]);
      json.put(prefix + "average_precision", averagePrecision());
      json.put(prefix + "positive_class", confusion.labels().get(positive));
      json.put(prefix + "f1", confusion.f1(positive));
    }
    json.put(prefix + "baseline_class", confusion.labels().get(baselineClass));
    json.put(prefix + "baseline_accuracy", baselineAccuracy);
    json.put(prefix + "baseline_log_loss", baselineLogLoss);
    json.put(prefix + "baseline_brier", baselineBrier);
    List<Map<String, Object>> list = new ArrayList<>();
    for (int c = 0; c < confusion.labels().size(); c++) list.add(ofClass(c));
    json.put(prefix + "classes", list);
  }

  private Map<String, Object> ofClass(int c) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", confusion.labels().get(c));
    json.put("rows", confusion.actual(c));
    json.put("predicted", confusion.predicted(c));
    json.put("precision", confusion.precision(c));
    json.put("recall", confusion.recall(c));
    json.put("f1", confusion.f1(c));
    json.put("roc_auc", probabilities.rocAucs()[c]);
    json.put("average_precision", probabilities.averagePrecisions()[c]);
    return json;
  }

  @Override public String scoreName() {
    return "accuracy";
  }

  @Override public double score() {
    return confusion.accuracy();
  }

  /** The standard error of a share: √(a·(1 − a)/n). */
  @Override public double standardError() {
    double a = confusion.accuracy();
    return Math.sqrt(a * (1 - a) / confusion.total());
  }

  /** A threshold or weights of the classes trade accuracy for recall, so the balanced accuracy is compared instead. */
  @Override public Optional<String> worseThanBaseline(boolean weightedClasses) {
    if (weightedClasses || hasThreshold) {
      int present = 0;
      for (int c = 0; c < confusion.labels().size(); c++) if (confusion.actual(c) > 0) present++;
      if (present > 1 && confusion.balancedAccuracy() < 1.0 / present) {
        return Optional.of(String.format(Locale.ROOT, "balanced accuracy %.4f is below %.4f, that of always predicting "
            + "the same class", confusion.balancedAccuracy(), 1.0 / present));
      }
    } else if (confusion.accuracy() < baselineAccuracy) {
      return Optional.of(String.format(Locale.ROOT, "accuracy %.4f is below %.4f, that of always predicting '%s'",
          confusion.accuracy(), baselineAccuracy,
          Formatting.line(confusion.labels().get(baselineClass), MAX_NAME)));
    }
    if (weightedClasses || !(probabilities.logLoss() > baselineLogLoss)) return Optional.empty();
    return Optional.of("log loss " + MetricFormat.loss(probabilities.logLoss()) + " is above "
        + MetricFormat.loss(baselineLogLoss) + ", that of the class frequencies, so the probabilities mislead");
  }
}
