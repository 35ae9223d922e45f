// SPDX-License-Identifier: MIT
package chainrule.report;

import chainrule.data.Dataset;
import chainrule.data.Encoding;
import chainrule.data.InputColumn;
import chainrule.format.Formatting;
import chainrule.io.Predictions;
import chainrule.report.LineChart.Line;
import java.util.ArrayList;
import java.util.List;

/** The predictions of a network with one input over this input: the number with the rows, or class probabilities. */
final class OneInputSection {
  private static final int SAMPLES = 400;
  private static final int MOST_DOTS = 1000;
  private static final int MOST_LINES = Palette.COLORS;

  private OneInputSection() {}

  /** Writes the section if there is a single, numeric input. */
  static void write(Html h, Report report, EvaluatedRows results) {
    Encoding e = report.model().encoding();
    InputColumn in = e.inputColumns().get(0);
    if (e.inputColumns().size() > 1 || !in.isNumber() || in.indicator() || e.target().isMultilabel()) return;
    double[] train = values(e, report.train()), judged = values(e, results.rows());
    double low = Double.POSITIVE_INFINITY, high = Double.NEGATIVE_INFINITY;
    for (double[] part : new double[][] {train, judged}) {
      for (double v : part) {
        low = Math.min(low, v);
        high = Math.max(high, v);
      }
    }
    double room = high > low ? 0.03 * (high - low) : 0.5;
    Axis x = Axis.within(low - room, high + room, 8);
    double[] xs = new double[SAMPLES], inputs = new double[SAMPLES * e.inputs()];
    for (int i = 0; i < SAMPLES; i++) {
      xs[i] = x.value(i / (SAMPLES - 1.0));
      in.encode(xs[i], inputs, i * e.inputs());
    }
    Predictions p = report.model().predictEncoded(inputs);
    List<Line> lines = lines(e, p);

    h.element("h2", "Predictions").raw("\n").open("figure", "class", "card wide").raw("\n");
    String name = in.name();
    if (e.target().isClass()) {
      Plot plot = new Plot(
          h, 520, 380, x, Axis.shares(0, 1, 5), name, "probability", "Probability of each class over " + name,
          5);
      LineChart.draw(plot, xs, lines);
      plot.close();
    } else {
      Plot plot = new Plot(h, 520, 380, x, range(lines, report.train(), results), name,
          e.target().names().size() == 1 ? e.target().names().get(0) : null, "Prediction and rows over " + name, 5);
      if (lines.size() == 1) {
        dots(h, plot, train, trueValues(e, report.train()), "k7", "3.5");
        if (results.heldOut()) dots(h, plot, judged, results.trueValues(0), "k1", "5");
      }
      LineChart.draw(plot, xs, lines);
      plot.close();
    }
    h.open("div").raw("\n");
    LineChart.legend(h, lines, lines.size() > 1 || e.target().isClass() ? null
        : results.heldOut() ? "Gray dots are training rows, orange dots are test rows." : "Dots are training rows.");
    h.closeLine().closeLine();
  }

  private static List<Line> lines(Encoding e, Predictions p) {
    List<String> names = e.target().isClass() ? e.target().labels() : e.target().names();
    List<Line> lines = new ArrayList<>();
    for (int j = 0; j < Math.min(MOST_LINES, names.size()); j++) {
      double[] y = new double[SAMPLES];
      for (int i = 0; i < SAMPLES; i++) y[i] = e.target().isClass() ? p.probability(i, j) : p.value(i, j);
      lines.add(new Line((e.target().isClass() ? "" : "predicted ") + Formatting.named(names.get(j), 60),
          Palette.style(j), y));
    }
    return lines;
  }

  private static double[] values(Encoding e, Dataset data) {
    double[] v = new double[data.rows()];
    for (int i = 0; i < v.length; i++) {
      v[i] = data.x()[i * e.inputs()] * e.inputColumns().get(0).deviation() + e.inputColumns().get(0).mean();
    }
    return v;
  }

  private static double[] trueValues(Encoding e, Dataset data) {
    double[] y = new double[data.rows()];
    for (int i = 0; i < y.length; i++) y[i] = e.target().decode(data.y()[i * data.outputs()]);
    return y;
  }

  private static Axis range(List<Line> lines, Dataset train, EvaluatedRows results) {
    double low = Double.POSITIVE_INFINITY, high = Double.NEGATIVE_INFINITY;
    List<double[]> all = new ArrayList<>();
    for (Line line : lines) all.add(line.y());
    if (lines.size() == 1) {
      all.add(trueValues(results.model().encoding(), train));
      all.add(results.trueValues(0));
    }
    for (double[] part : all) {
      for (double v : part) {
        if (!Double.isFinite(v)) continue;
        low = Math.min(low, v);
        high = Math.max(high, v);
      }
    }
    return Axis.around(low, high, 6);
  }

  private static void dots(Html h, Plot plot, double[] xs, double[] ys, String style, String size) {
    h.open("g", "stroke-width", size);
    plot.path("dots " + style, plot.dots(xs, ys, Downsampling.evenly(xs.length, MOST_DOTS)));
    h.closeLine();
  }
}
