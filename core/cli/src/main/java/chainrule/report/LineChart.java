// SPDX-License-Identifier: MIT
package chainrule.report;

import chainrule.format.Formatting;
import java.util.List;

/**
 * Draws lines over a common x axis: downsampled if there are thousands of points, with gaps at values that cannot be
 * drawn.
 */
final class LineChart {
  /** The number of intervals of x whose extremes are kept: about one for every two pixels. */
  private static final int INTERVALS = 240;

  private LineChart() {}

  /**
   * @param name the name in the legend; empty for no entry
   * @param style the CSS class of the line and its legend: color and dashes
   */
  record Line(String name, String style, double[] y) {}

  /** Draws the lines into an open plot. */
  static void draw(Plot plot, double[] x, List<Line> lines) {
    for (Line line : lines) draw(plot, x, line);
  }

  /** Draws one line; a point without neighbors becomes a dot. */
  private static void draw(Plot plot, double[] x, Line line) {
    StringBuilder strokes = new StringBuilder(), lone = new StringBuilder();
    int[] chosen = Downsampling.line(line.y, plot.yAxis, INTERVALS);
    boolean pen = false;
    for (int c = 0; c < chosen.length; c++) {
      int i = chosen[c];
      boolean shown = plot.yAxis.shows(line.y[i]);
      if (shown) {
        boolean continues = c + 1 < chosen.length && plot.yAxis.shows(line.y[chosen[c + 1]]);
        String point = Formatting.px(plot.x(x[i])) + " " + Formatting.px(plot.y(line.y[i]));
        if (!pen && !continues) lone.append('M').append(point).append("h0");
        else strokes.append(pen ? 'L' : 'M').append(point);
      }
      pen = shown;
    }
    plot.path("line " + line.style, strokes.toString());
    plot.path("lone " + line.style, lone.toString());
  }

  /**
   * Draws the area between two lines into an open plot: of many points, the range of each of {@link #INTERVALS}
   * intervals.
   */
  static void band(Plot plot, String style, double[] x, double[] low, double[] high) {
    int n = x.length, areas = Math.min(n, INTERVALS);
    StringBuilder up = new StringBuilder(), down = new StringBuilder();
    for (int s = 0; s < areas; s++) {
      int from = (int) ((long) s * n / areas), to = (int) ((long) (s + 1) * n / areas);
      double l = Double.POSITIVE_INFINITY, u = Double.NEGATIVE_INFINITY;
      for (int i = from; i < to; i++) {
        if (!plot.yAxis.shows(low[i]) || !plot.yAxis.shows(high[i])) continue;
        l = Math.min(l, low[i]);
        u = Math.max(u, high[i]);
      }
      if (l > u) continue;
      String at = Formatting.px(plot.x(x[(from + to - 1) / 2])) + " ";
      up.append(up.isEmpty() ? 'M' : 'L').append(at).append(Formatting.px(plot.y(u)));
      down.insert(0, "L" + at + Formatting.px(plot.y(l)));
    }
    if (!up.isEmpty()) plot.path("area " + style, up.append(down).append('z').toString());
  }

  /** Writes the legend of the lines, and remarks below it; null remarks are skipped. */
  static void legend(Html h, List<Line> lines, String... remarks) {
    h.open("ul", "class", "legend");
    for (Line line : lines) {
      if (line.name.isEmpty()) continue;
      h.open("li").raw("<svg class=\"key\" viewBox=\"0 0 28 10\" aria-hidden=\"true\">");
      h.empty("path", "class", "line " + line.style, "d", "M1 5h26").raw("</svg>").text(line.name).close();
    }
    h.close();
    for (String remark : remarks) if (remark != null) h.element("p", remark, "class", "remark");
  }
}
