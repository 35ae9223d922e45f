// SPDX-License-Identifier: MIT
package chainrule.report;

import chainrule.data.Dataset;
import chainrule.data.Encoding;
import chainrule.data.InputColumn;
import java.util.List;

/**
 * The predictions of a network with two inputs over the plane, in the columns' own units: the regions of the classes,
 * or a map of the predicted number.
 */
final class TwoInputSection {
  private static final int WIDTH = 520, HEIGHT = 460;
  /** The most training rows, and the most test rows, that are drawn. */
  static final int MOST_DOTS = 1500;

  final Html h;
  final Report report;
  final EvaluatedRows results;
  final List<InputColumn> columns;
  final int outputs;
  final int side; // samples along each side
  final Axis x, y;

  private TwoInputSection(Html h, Report report, EvaluatedRows results) {
    this.h = h;
    this.report = report;
    this.results = results;
    this.columns = report.model().encoding().inputColumns();
    this.outputs = report.model().architecture().outputs();
    this.side = outputs <= 20 ? 131 : 65;
    this.x = axis(0);
    this.y = axis(1);
  }

  /** Writes the section if there are two inputs and both are numeric. */
  static void write(Html h, Report report, EvaluatedRows results) {
    List<InputColumn> columns = report.model().encoding().inputColumns();
    Encoding e = report.model().encoding();
    boolean numbers = columns.size() == 2 && columns.stream().allMatch(in -> in.isNumber() && !in.indicator());
    if (!numbers || e.target().isMultilabel()) return;
    TwoInputSection plane = new TwoInputSection(h, report, results);
    boolean classes = e.target().isClass();
    h.element("h2", classes ? "Decision boundary" : "Predictions").raw("\n");
    h.open("figure", "class", "card wide").raw("\n");
    if (classes) new DecisionRegions(plane).draw();
    else new PredictionMap(plane).draw();
    h.closeLine();
  }

  /** Returns an axis that contains all rows, with a margin. */
  private Axis axis(int column) {
    double low = Double.POSITIVE_INFINITY, high = Double.NEGATIVE_INFINITY;
    for (Dataset data : new Dataset[] {report.train(), results.rows()}) {
      for (double v : values(data, column)) {
        low = Math.min(low, v);
        high = Math.max(high, v);
      }
    }
    double room = high > low ? 0.05 * (high - low) : 0.5;
    return Axis.within(low - room, high + room, 6);
  }

  /** Returns a column in its own unit, before standardization. */
  double[] values(Dataset data, int column) {
    double[] v = new double[data.rows()];
    InputColumn c = columns.get(column);
    int from = column == 0 ? 0 : columns.get(0).width();
    for (int i = 0; i < v.length; i++) v[i] = data.x()[i * data.inputs() + from] * c.deviation() + c.mean();
    return v;
  }

  /** Returns ŷ [side² × outputs] at the samples, row by row, with the first row at the top. */
  double[] samples() {
    int first = columns.get(0).width(), width = first + columns.get(1).width();
    double[] inputs = new double[width * side * side];
    for (int r = 0, i = 0; r < side; r++) {
      for (int c = 0; c < side; c++, i += width) {
        columns.get(0).encode(x.value(c / (side - 1.0)), inputs, i);
        columns.get(1).encode(y.value(1 - r / (side - 1.0)), inputs, i + first);
      }
    }
    return report.model().outputs(inputs);
  }

  /** Opens the plot to draw into. */
  Plot plot(String what) {
    String over = " over " + columns.get(0).name() + " and " + columns.get(1).name();
    return new Plot(h, WIDTH, HEIGHT, x, y, columns.get(0).name(), columns.get(1).name(), what + over, 0);
  }
}
