// SPDX-License-Identifier: MIT
package chainrule.report;

import chainrule.format.Formatting;
import chainrule.train.Evaluation;
import chainrule.train.History;
import chainrule.train.History.Epoch;
import chainrule.train.TrainingDiagnostics;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The learning curves: the loss, the score, the learning rate if it changed, and the norms of each layer. */
final class TrainingSection {
  /** The ratio of the largest to the smallest loss above which the axis is logarithmic. */
  private static final double TWO_DECADES = 100;

  private final Html h;
  private final History history;
  private final NetworkCurves curves;
  private final EvaluatedRows results;

  private TrainingSection(Html h, History history, NetworkCurves curves, EvaluatedRows results) {
    this.h = h;
    this.history = history;
    this.curves = curves;
    this.results = results;
  }

  static void write(Html h, History history, NetworkCurves curves, EvaluatedRows results, double baseline) {
    if (!history.epochs().isEmpty()) new TrainingSection(h, history, curves, results).write(baseline);
  }

  private void write(double baseline) {
    EpochChart rate = new EpochChart(history, curves, "Learning rate");
    rate.line("", "k3", of(Epoch::rate));
    double[] range = rate.range(false);
    boolean three = range != null && range[1] > range[0];
    h.element("h2", "Training").raw("\n").open("div", "class", three ? "cards lead" : "cards").raw("\n");
    loss(three ? 470 : 310);
    score(baseline, three ? 240 : 310);
    if (three) rate.write(h, 160, "at the last step of each epoch", Axis.around(0, range[1], 3));
    if (curves.isMeasured()) LayerNormCharts.write(h, history, curves, results.model().architecture().layers());
    h.closeLine();
  }

  private void loss(int height) {
    EpochChart chart = new EpochChart(history, curves, "Loss");
    chart.line("training", "k0", of(Epoch::trainLoss), curves.of(Epoch::trainLoss));
    addEvaluated(chart, Evaluation::loss);
    double[] range = chart.range(false);
    if (range == null) range = new double[] {0, 1};
    boolean log = range[0] > 0 && range[1] / range[0] > TWO_DECADES;
    Axis y = log ? Axis.logarithmic(range[0] / 1.15, range[1] * 1.15) : Axis.around(Math.min(0, range[0]), range[1], 5);
    Epoch best = history.best();
    String judged = best.validation() != null ? "validation" : best.test() != null ? "test" : "training";
    chart.spot(best.number(), best.monitoredLoss());
    if (Double.isFinite(best.monitoredLoss()) && history.epochs().size() > 1) {
      chart.remark("Dot: the lowest " + judged + " loss, " + Formatting.value(best.monitoredLoss()) + " in epoch "
          + Formatting.count(best.number()) + (best == history.last() ? "."
              : "; after the last epoch " + Formatting.value(history.last().monitoredLoss()) + "."));
    }
    chart.remark(EpochChart.explainMarks(history, curves));
    int networks = results.model().networks().size();
    chart.remark(networks == 1 ? null : "Means over " + networks + " networks" + (curves.networks() == 1 ? ""
        : "; the areas are their range") + ". One that has ended counts with the epoch whose weights it kept.");
    chart.remark("The training loss includes the L1 and L2 penalties, if there are any; the others do not.");
    chart.write(h, height, log ? "logarithmic scale" : null, y);
  }

  /** Accuracy, exact match or R². */
  private void score(double baseline, int height) {
    EpochChart chart = new EpochChart(history, curves, results.rows().isMultilabel() ? "Exact match"
        : results.rows().isClassification() ? "Accuracy" : "R²");
    boolean classes = results.rows().isClassification() || results.rows().isMultilabel();
    ToDoubleFunction<Evaluation> score = classes ? Evaluation::accuracy : Evaluation::r2;
    if (curves.isMeasured()) {
      NetworkCurves.Curve c = curves.measured(e -> score.applyAsDouble(e.train()));
      if (hasNumber(c.mean())) chart.line("training", "k0", c.mean(), c);
    }
    addEvaluated(chart, score);
    if (chart.isEmpty()) return;
    if (!Double.isNaN(baseline)) {
      double[] level = new double[history.epochs().size()];
      Arrays.fill(level, baseline);
      chart.line(results.rows().isMultilabel() ? "majority of each label"
          : classes ? "majority class" : "predicting the mean", "k7 dashed", level);
    }
    double[] range = chart.range(false);
    if (range == null) range = new double[] {0, 1};
    // R² has no lower bound; values far below 0 are clipped.
    Axis y = classes ? Axis.shares(range[0], range[1], 5)
        : Axis.around(Math.max(-1, range[0]), Math.max(0, range[1]), 5);
    chart.remark(keptScore(classes));
    if (curves.isMeasured()) {
      TrainingDiagnostics d = curves.diagnostics();
      chart.remark("Training: measured after each epoch on " + (d.rows() < d.trainingRows()
          ? Formatting.count(d.rows()) + " random training rows" + (curves.networks() == 1 ? "" : " of each network")
          : curves.networks() > 1 ? "the training rows of each network"
          : "the " + Formatting.count(d.rows(), "training row", "training rows")) + "." + (!curves.isPartlyMeasured()
          ? "" : " The run was resumed; the epochs before were not measured."));
    }
    chart.write(h, height, classes ? "fraction of rows that are correct" : "1 is perfect", y);
  }

  /** Returns a sentence about the score of the weights that were kept; null if no rows were held out for it. */
  private String keptScore(boolean classes) {
    Epoch kept = history.keptEpoch();
    if (kept == null || kept.test() == null && kept.validation() == null) return null;
    boolean tested = kept.test() != null;
    Evaluation v = tested ? kept.test() : kept.validation();
    String name = results.rows().isMultilabel() ? "exact match" : "accuracy";
    return (tested ? "Test " : "Validation ")
        + (classes ? name + " " + Formatting.percent(v.accuracy(), tested ? results.rows().rows() : 0)
            + (Double.isNaN(results.model().calibration().threshold()) ? "" : " with the threshold 0.5")
            : "R² " + Formatting.value(v.r2()))
        + (results.model().isEnsemble() ? " of the kept epochs, out of fold."
            : kept == history.last() ? " after the last epoch, whose weights were kept."
            : " in epoch " + Formatting.count(kept.number()) + ", which was kept.");
  }

  private double[] of(ToDoubleFunction<Epoch> number) {
    return history.epochs().stream().mapToDouble(number).toArray();
  }

  private void addEvaluated(EpochChart chart, ToDoubleFunction<Evaluation> number) {
    ToDoubleFunction<Epoch> validation = e -> e.validation() == null ? Double.NaN
        : number.applyAsDouble(e.validation());
    double[] onValidation = of(validation);
    double[] onTest = of(e -> e.test() == null ? Double.NaN : number.applyAsDouble(e.test()));
    if (hasNumber(onValidation)) chart.line("validation", "k2 dashed", onValidation, curves.of(validation));
    if (hasNumber(onTest)) chart.line("test", "k1", onTest);
  }

  private static boolean hasNumber(double[] values) {
    for (double v : values) if (!Double.isNaN(v)) return true;
    return false;
  }
}
