// SPDX-License-Identifier: MIT
package chainrule.report;

import chainrule.format.Formatting;
import chainrule.report.LineChart.Line;
import chainrule.train.History;
import java.util.ArrayList;
import java.util.List;

/** A chart over the epochs of a training. It marks the epoch whose weights were kept if that is not the last one. */
final class EpochChart {
  /** The area between two curves, below the lines. */
  private record Band(String style, double[] low, double[] high) {}

  private final History history;
  private final NetworkCurves curves;
  private final String name;
  private final List<Line> lines = new ArrayList<>();
  private final List<Band> bands = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();
  private int spotEpoch; // 0 for none
  private double spot;

  EpochChart(History history, NetworkCurves curves, String name) {
    this.history = history;
    this.curves = curves;
    this.name = name;
  }

  void line(String name, String style, double[] y) {
    lines.add(new Line(name, style, y));
  }

  /** Adds a line and, for several networks, their range. */
  void line(String name, String style, double[] mean, NetworkCurves.Curve range) {
    line(name, style, mean);
    if (curves.networks() > 1) bands.add(new Band(style.split(" ")[0], range.low(), range.high()));
  }

  /** Marks the value of an epoch with a dot. */
  void spot(int epoch, double value) {
    spotEpoch = epoch;
    spot = value;
  }

  /** Adds a sentence below the chart, unless it is null. */
  void remark(String sentence) {
    if (sentence != null) remarks.add(sentence);
  }

  boolean isEmpty() {
    return lines.isEmpty();
  }

  /** Returns the lowest and the highest finite value, of the positive ones if so requested; null if there is none. */
  double[] range(boolean positive) {
    double low = Double.POSITIVE_INFINITY, high = Double.NEGATIVE_INFINITY;
    List<double[]> all = new ArrayList<>();
    for (Line line : lines) all.add(line.y());
    for (Band band : bands) all.addAll(List.of(band.low, band.high));
    for (double[] values : all) {
      for (double v : values) {
        if (!Double.isFinite(v) || positive && v <= 0) continue;
        low = Math.min(low, v);
        high = Math.max(high, v);
      }
    }
    return low <= high ? new double[] {low, high} : null;
  }

  /** Returns a sentence about the marks of kept epochs; null if there are none. */
  static String explainMarks(History history, NetworkCurves curves) {
    if (curves.networks() > 1) {
      return "The short lines at the bottom mark the epochs whose weights the networks kept.";
    }
    return !isMarked(history) ? null
        : "The dotted line marks epoch " + Formatting.count(history.kept()) + ", whose weights were kept.";
  }

  /** Returns whether weights of an earlier epoch were kept. */
  private static boolean isMarked(History history) {
    return history.kept() > 0 && history.kept() != history.last().number();
  }

  /** @param detail what is small next to the heading; null for nothing */
  void write(Html h, int height, String detail, Axis y) {
    double[] numbers = history.epochs().stream().mapToDouble(History.Epoch::number).toArray();
    Axis x = Axis.whole(numbers[0], numbers[numbers.length - 1], 5);
    h.open("figure", "class", "card").raw("\n").open("h3").text(name);
    if (detail != null) h.element("small", detail);
    h.closeLine();
    Plot plot = new Plot(h, 520, height, x, y, "epoch", null,
        name + " by epoch, " + numbers.length + (numbers.length == 1 ? " epoch" : " epochs"), 5);
    for (Band band : bands) LineChart.band(plot, band.style, numbers, band.low, band.high);
    if (curves.networks() > 1) {
      StringBuilder ticks = new StringBuilder();
      for (int kept : curves.kept()) {
        ticks.append('M').append(Formatting.px(plot.x(kept))).append(' ').append(Formatting.px(plot.height))
            .append("v-9");
      }
      plot.path("tick", ticks.toString());
    } else if (isMarked(history)) {
      plot.path("mark", "M" + Formatting.px(plot.x(history.kept())) + " 0v" + Formatting.px(plot.height));
    }
    LineChart.draw(plot, numbers, lines);
    if (spotEpoch > 0 && numbers.length > 1 && y.shows(spot)) {
      plot.path("spot", "M" + Formatting.px(plot.x(spotEpoch)) + " " + Formatting.px(plot.y(spot)) + "h0");
    }
    plot.close();
    LineChart.legend(h, lines, remarks.toArray(new String[0]));
    h.closeLine();
  }
}
