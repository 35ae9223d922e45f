// SPDX-License-Identifier: MIT
package chainrule.report;

import chainrule.format.Formatting;
import chainrule.metrics.ClassOutputs;
import chainrule.metrics.PrecisionRecallCurve;
import chainrule.metrics.ReliabilityCurve;
import chainrule.metrics.RocCurve;
import chainrule.metrics.ThresholdCounts;
import chainrule.report.LineChart.Line;
import chainrule.train.MultilabelMetrics;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How good the probabilities of classes or labels are: ROC and precision-recall curves, reliability, and for two
 * classes the metrics by threshold. Written only if the outputs are probabilities and a class or label has rows with it
 * and rows without it.
 */
final class ProbabilitySection {
  /** The most classes whose curves are drawn: those with the smallest area. */
  private static final int MAX_CURVES = 6;
  /** The largest number of classes times rows for which curves are computed. */
  private static final long MOST_RANKED = 50_000_000;
  private static final int MAX_POINTS = 400, THRESHOLDS = 101;

  private final Html h;
  private final EvaluatedRows results;
  private final int outputs;
  private final boolean multilabel;
  private final int[] classes; // null for a multilabel problem
  private final List<String> labels;

  private ProbabilitySection(Html h, EvaluatedRows results) {
    this.h = h;
    this.results = results;
    this.outputs = results.rows().outputs();
    this.multilabel = results.rows().isMultilabel();
    this.classes = multilabel ? null : results.rows().classes();
    this.labels = multilabel ? results.labelMetrics().labels() : results.rows().labels();
  }

  static void write(Html h, EvaluatedRows results) {
    double[] yhat = results.predictions().yhat();
    int outputs = results.rows().outputs();
    long ranked = (long) Math.max(outputs, results.rows().labels().size()) * results.rows().rows();
    // each label has a probability of its own
    boolean probabilities = ClassOutputs.areProbabilities(results.rows().isMultilabel() ? 1 : outputs, yhat);
    if (ranked > MOST_RANKED || !probabilities) return;
    new ProbabilitySection(h, results).write();
  }

  private void write() {
    List<Integer> drawn = new ArrayList<>();
    double[] areas = new double[labels.size()];
    for (int c = isBinary() ? 1 : 0; c < labels.size(); c++) {
      areas[c] = RocCurve.area(counts(c));
      if (!Double.isNaN(areas[c])) drawn.add(c);
    }
    if (drawn.isEmpty()) return;
    drawn.sort(Comparator.comparingDouble(c -> areas[c]));
    boolean subset = drawn.size() > MAX_CURVES;
    if (subset) drawn = drawn.subList(0, MAX_CURVES);
    h.element("h2", "Probabilities").raw("\n");
    String subsetRemark = subset ? "; the " + MAX_CURVES + (multilabel ? " labels" : " classes")
        + " with the smallest area" : "";
    h.element("p", "Measured " + results.where() + ". " + (isBinary()
        ? "The positive class is “" + Formatting.named(labels.get(1), 40) + "”."
        : (multilabel ? "Each label by itself" : "Each class against all others") + subsetRemark + ".")).raw("\n");
    h.open("div", "class", "cards").raw("\n");
    roc(drawn, areas);
    precisionRecall(drawn);
    reliability();
    if (isBinary()) thresholds();
    h.closeLine();
  }

  /** Returns whether there is one positive class. */
  private boolean isBinary() {
    return !multilabel && labels.size() == 2;
  }

  private ThresholdCounts counts(int c) {
    double[] yhat = results.predictions().yhat();
    if (!multilabel) {
      return ThresholdCounts.of(ClassOutputs.scores(outputs, yhat, c), ClassOutputs.isClass(classes, c));
    }
    double[] scores = new double[results.rows().rows()];
    boolean[] positive = new boolean[scores.length];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = yhat[i * outputs + c];
      positive[i] = MultilabelMetrics.predicts(results.rows().y()[i * outputs + c]);
    }
    return ThresholdCounts.of(scores, positive);
  }

  /** The curve of the most probable class; of the positive class; or of all labels of all rows together. */
  private ReliabilityCurve reliabilityCurve() {
    double[] yhat = results.predictions().yhat(), y = results.rows().y();
    if (!multilabel) return ReliabilityCurve.ofClasses(outputs, yhat, classes, ReliabilityCurve.BINS);
    boolean[] happened = new boolean[y.length];
    for (int i = 0; i < y.length; i++) happened[i] = MultilabelMetrics.predicts(y[i]);
    return ReliabilityCurve.of(yhat, happened, ReliabilityCurve.BINS);
  }

  private void roc(List<Integer> drawn, double[] areas) {
    Plot plot = open("ROC curve", "true against false positives", "false-positive rate", "true-positive rate",
        "The share of positive rows that are found, by the share of negative rows that are reported");
    diagonal(plot);
    List<Line> legend = new ArrayList<>();
    for (int k = 0; k < drawn.size(); k++) {
      int c = drawn.get(k);
      RocCurve curve = RocCurve.of(counts(c));
      steps(plot, "line k" + k, curve.falsePositiveRate(), curve.truePositiveRate());
      legend.add(new Line(name(c) + "AUC " + Formatting.value(areas[c]), "k" + k, new double[0]));
    }
    close(plot, legend, "The dotted line is chance, AUC 0.5.");
  }

  private void precisionRecall(List<Integer> drawn) {
    Plot plot = open("Precision and recall", "by threshold", "recall", "precision",
        "The share of reported rows that are positive, by the share of positive rows that are found");
    List<Line> legend = new ArrayList<>();
    for (int k = 0; k < drawn.size(); k++) {
      int c = drawn.get(k);
      ThresholdCounts counts = counts(c);
      PrecisionRecallCurve curve = PrecisionRecallCurve.of(counts);
      steps(plot, "line k" + k, curve.recall(), curve.precision());
      double share = counts.positives() / (double) (counts.positives() + counts.negatives());
      if (drawn.size() == 1) plot.path("level", "M0 " + Formatting.px(plot.y(share)) + "h" + Formatting.px(plot.width));
      legend.add(new Line(name(c) + "average precision " + Formatting.value(curve.averagePrecision()), "k" + k,
          new double[0]));
    }
    close(plot, legend, drawn.size() == 1 ? "The dotted line is the share of positive rows, the precision of chance."
        : null);
  }

  private void reliability() {
    ReliabilityCurve r = reliabilityCurve();
    Plot plot = open("Reliability", "do frequencies match probabilities?", "predicted probability",
        "observed frequency",
        "The share of rows where the prediction is true, by its probability, in " + r.bins() + " bins");
    diagonal(plot);
    int[] used = IntStream.range(0, r.bins()).filter(b -> r.rows()[b] > 0).toArray();
    double[] x = new double[used.length], y = new double[used.length];
    int most = 1;
    for (int i = 0; i < used.length; i++) {
      x[i] = r.meanProbability()[used[i]];
      y[i] = r.frequency()[used[i]];
      most = Math.max(most, r.rows()[used[i]]);
    }
    LineChart.draw(plot, x, List.of(new Line("", "k0", y)));
    for (int i = 0; i < used.length; i++) {
      double size = 4 + 10 * Math.sqrt((double) r.rows()[used[i]] / most);
      h.empty("circle", "class", "bin k0", "r", Formatting.px(size / 2), "cx", Formatting.px(plot.x(x[i])), "cy",
          Formatting.px(plot.y(y[i])));
    }
    close(plot, List.of(), "Expected calibration error " + Formatting.value(r.expectedError()) + ". A larger dot "
        + "stands for more rows; on the dotted line, probabilities are right" + (isBinary() ? "."
        : multilabel ? ". All labels together." : ". The prediction is the most probable class."));
  }

  private void thresholds() {
    ThresholdCounts counts = counts(1);
    double[] t = new double[THRESHOLDS], precision = new double[THRESHOLDS], recall = new double[THRESHOLDS],
        f1 = new double[THRESHOLDS];
    int k = counts.size();
    for (int i = 0; i < THRESHOLDS; i++) {
      t[i] = i / (THRESHOLDS - 1.0);
      while (k > 0 && counts.thresholds()[k - 1] < t[i]) k--;
      double tp = k == 0 ? 0 : counts.truePositives()[k - 1], fp = k == 0 ? 0 : counts.falsePositives()[k - 1];
      precision[i] = tp / (tp + fp);
      recall[i] = tp / counts.positives();
      f1[i] = 2 * tp / (tp + fp + counts.positives());
    }
    Plot plot = open("Threshold", "from which the positive class is predicted", "threshold", null,
        "Precision, recall and F1 by threshold");
    double chosen = results.model().calibration().threshold();
    double marked = Double.isNaN(chosen) ? 0.5 : chosen;
    plot.path("level", "M" + Formatting.px(plot.x(marked)) + " 0v" + Formatting.px(plot.height));
    List<Line> lines = List.of(new Line("precision", "k0", precision), new Line("recall", "k1", recall),
        new Line("F1", "k2 dashed", f1));
    LineChart.draw(plot, t, lines);
    close(plot, lines, "The dotted line is the threshold of the model, " + Formatting.value(marked)
        + (Double.isNaN(chosen) ? ". To choose another: train with --patience 20 --threshold f1, or youden." : "."));
  }

  private String name(int c) {
    return isBinary() ? "" : Formatting.named(labels.get(c), 24) + ": ";
  }

  private Plot open(String name, String detail, String x, String y, String title) {
    h.open("figure", "class", "card").raw("\n").open("h3").text(name);
    h.element("small", detail).closeLine();
    return new Plot(h, 520, 360, Axis.within(0, 1, 5), Axis.within(0, 1, 5), x, y, title, 7);
  }

  private void close(Plot plot, List<Line> legend, String remark) {
    plot.close();
    LineChart.legend(h, legend, remark);
    h.closeLine();
  }

  private static void diagonal(Plot plot) {
    plot.path("level", "M0 " + Formatting.px(plot.height) + "L" + Formatting.px(plot.width) + " 0");
  }

  /** Draws a line through at most about 400 of the points, the first and the last among them. */
  private static void steps(Plot plot, String style, double[] x, double[] y) {
    StringBuilder d = new StringBuilder();
    int every = Math.max(1, x.length / MAX_POINTS);
    for (int i = 0; i < x.length; i++) {
      if (i % every != 0 && i != x.length - 1) continue;
      d.append(d.isEmpty() ? 'M' : 'L').append(Formatting.px(plot.x(x[i]))).append(' ')
          .append(Formatting.px(plot.y(y[i])));
    }
    plot.path(style, d.toString());
  }
}
