// SPDX-License-Identifier: MIT
package chainrule.report;

import chainrule.format.Formatting;
import chainrule.report.LineChart.Line;
import chainrule.train.Evaluation;
import chainrule.train.History;
import chainrule.train.History.Epoch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The learning curves: the loss, accuracy or R², and the learning rate if it changed. */
final class TrainingSection {
  /** The ratio of the largest to the smallest loss above which the axis is logarithmic. */
  private static final double TWO_DECADES = 100;

  private TrainingSection() {}

  static void write(Html h, History history, EvaluatedRows results, double baseline) {
    List<Epoch> epochs = history.epochs();
    if (epochs.isEmpty()) return;
    double[] rates = of(history, Epoch::rate), range = range(List.of(new Line("", "", rates)));
    boolean three = range[1] > range[0];
    h.element("h2", "Training").raw("\n").open("div", "class", three ? "cards lead" : "cards").raw("\n");
    loss(h, history, results.model().networks().size(), three ? 470 : 310);
    score(h, history, results, baseline, three ? 220 : 310);
    if (three) {
      chart(h, history, 160, "Learning rate", "at the last step of each epoch", Axis.around(0, range[1], 3),
          List.of(new Line("", "k3", rates)), 0, 0);
    }
    h.closeLine();
  }

  private static void loss(Html h, History history, int networks, int height) {
    List<Line> lines = new ArrayList<>();
    lines.add(new Line("training", "k0", of(history, Epoch::trainLoss)));
    addEvaluated(lines, history, Evaluation::loss);
    double[] range = range(lines);
    boolean log = range[0] > 0 && range[1] / range[0] > TWO_DECADES;
    Axis y = log ? Axis.logarithmic(range[0] / 1.15, range[1] * 1.15) : Axis.around(Math.min(0, range[0]), range[1], 5);
    Epoch best = history.best();
    String judged = best.validation() != null ? "validation" : best.test() != null ? "test" : "training";
    String lowest = Double.isFinite(best.monitoredLoss()) && history.epochs().size() > 1
        ? "Dot: the lowest " + judged + " loss, " + Formatting.value(best.monitoredLoss()) + " in epoch "
        + Formatting.count(best.number())
            + (best == history.last() ? "."
                : "; after the last epoch " + Formatting.value(history.last().monitoredLoss()) + ".")
        : null;
    String penalties = "The training loss is the mean over each epoch's steps, with L1 and L2 penalties if there are any; "
        + "the others have none.";
    String kept = !isMarked(history) ? null
        : "The dotted line marks epoch " + Formatting.count(history.kept()) + ", whose weights were kept.";
    chart(h, history, height, "Loss", log ? "logarithmic scale" : null, y, lines, best.number(), best.monitoredLoss(),
        lowest, kept, lines.size() == 1 ? null : penalties, networks == 1 ? null : "Means over " + networks + " networks. One that has ended counts with the "
            + "epoch whose weights it kept.");
  }

  /** Accuracy or R². */
  private static void score(Html h, History history, EvaluatedRows results, double baseline, int height) {
    boolean classes = false, numbers = false;
    for (Epoch e : history.epochs()) {
      for (Evaluation v : new Evaluation[] {e.validation(), e.test()}) {
        if (v == null) continue;
        classes |= !Double.isNaN(v.accuracy());
        numbers |= !Double.isNaN(v.r2());
      }
    }
    if (!classes && !numbers) return;
    List<Line> lines = new ArrayList<>();
    addEvaluated(lines, history, classes ? Evaluation::accuracy : Evaluation::r2);
    if (!Double.isNaN(baseline)) {
      double[] level = new double[history.epochs().size()];
      Arrays.fill(level, baseline);
      lines.add(new Line(classes ? "majority class" : "predicting the mean", "k7 dashed", level));
    }
    double[] range = range(lines);
    // R² has no lower bound; values far below 0 are clipped.
    Axis y = classes ? Axis.shares(range[0], range[1], 5)
        : Axis.around(Math.max(-1, range[0]), Math.max(0, range[1]), 5);
    Epoch kept = history.keptEpoch();
    String at = null, name = results.rows().isMultilabel() ? "Exact match" : "Accuracy";
    if (kept != null && (kept.test() != null || kept.validation() != null)) {
      boolean tested = kept.test() != null;
      Evaluation v = tested ? kept.test() : kept.validation();
      at = (tested ? "Test " : "Validation ")
          + (classes ? name.toLowerCase(Locale.ROOT) + " "
              + Formatting.percent(v.accuracy(), tested ? results.rows().rows() : 0)
              : "R² " + Formatting.value(v.r2()))
          + (results.model().isEnsemble() ? " of the kept epochs, out of fold."
              : kept == history.last() ? " after the last epoch." : " in the epoch that was kept.");
    }
    if (classes) chart(h, history, height, name, "fraction of rows that are correct", y, lines, 0, 0, at);
    else chart(h, history, height, "R²", "1 is perfect", y, lines, 0, 0, at);
  }

  /** Writes one chart. A dot marks the value of an epoch; remarks that are not null follow below. */
  private static void chart(Html h, History history, int height, String name, String detail, Axis y, List<Line> lines,
      int spotEpoch, double spot, String... remarks) {
    double[] numbers = of(history, Epoch::number);
    Axis x = Axis.whole(numbers[0], numbers[numbers.length - 1], 5);
    h.open("figure", "class", "card").raw("\n").open("h3").text(name);
    if (detail != null) h.element("small", detail);
    h.closeLine();
    Plot plot = new Plot(h, 520, height, x, y, "epoch", null,
        name + " by epoch, " + numbers.length + (numbers.length == 1 ? " epoch" : " epochs"), 5);
    if (isMarked(history)) {
      plot.path("mark", "M" + Formatting.px(plot.x(history.kept())) + " 0v" + Formatting.px(plot.height));
    }
    LineChart.draw(plot, numbers, lines);
    if (spotEpoch > 0 && numbers.length > 1 && y.shows(spot)) {
      plot.path("spot", "M" + Formatting.px(plot.x(spotEpoch)) + " " + Formatting.px(plot.y(spot)) + "h0");
    }
    plot.close();
    LineChart.legend(h, lines, remarks);
    h.closeLine();
  }

  /** Returns whether weights of an earlier epoch were kept. */
  private static boolean isMarked(History history) {
    return history.kept() > 0 && history.kept() != history.last().number();
  }

  private static double[] of(History history, ToDoubleFunction<Epoch> number) {
    return history.epochs().stream().mapToDouble(number).toArray();
  }

  private static void addEvaluated(List<Line> lines, History history, ToDoubleFunction<Evaluation> number) {
    double[] validation = of(history, e -> e.validation() == null ? Double.NaN : number.applyAsDouble(e.validation()));
    double[] test = of(history, e -> e.test() == null ? Double.NaN : number.applyAsDouble(e.test()));
    if (hasNumber(validation)) lines.add(new Line("validation", "k2 dashed", validation));
    if (hasNumber(test)) lines.add(new Line("test", "k1", test));
  }

  private static boolean hasNumber(double[] values) {
    for (double v : values) if (!Double.isNaN(v)) return true;
    return false;
  }

  /** Returns the lowest and the highest finite value of all lines; 0 and 1 if there are none. */
  private static double[] range(List<Line> lines) {
    double low = Double.POSITIVE_INFINITY, high = Double.NEGATIVE_INFINITY;
    for (Line line : lines) {
      for (double v : line.y()) {
        if (!Double.isFinite(v)) continue;
        low = Math.min(low, v);
        high = Math.max(high, v);
      }
    }
    return low <= high ? new double[] {low, high} : new double[] {0, 1};
  }
}
