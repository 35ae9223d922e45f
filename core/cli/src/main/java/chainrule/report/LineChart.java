package chainrule.report;

import chainrule.format.Formatting;
import java.util.List;

/** Lines over a common x, thinned where there are thousands of points, with gaps where a number has no place. */
final class LineChart {
  /** Stretches of x that keep their own extremes: about one for two pixels. */
  private static final int STRETCHES = 240;

  private LineChart() {}

  /**
   * @param name for the legend; empty if the chart says it
   * @param style the class of its path and of its legend: colour and dashes
   */
  record Line(String name, String style, double[] y) {}

  /** The lines, in a plot that is open. */
  static void draw(Plot plot, double[] x, List<Line> lines) {
    for (Line line : lines) draw(plot, x, line);
  }

  /** One line; a point without neighbours is a dot. */
  private static void draw(Plot plot, double[] x, Line line) {
    StringBuilder strokes = new StringBuilder(), lone = new StringBuilder();
    int[] chosen = Downsampling.line(line.y, plot.yAxis, STRETCHES);
    boolean pen = false;
    for (int c = 0; c < chosen.length; c++) {
      int i = chosen[c];
      boolean shown = plot.yAxis.shows(line.y[i]);
      if (shown) {
        boolean goesOn = c + 1 < chosen.length && plot.yAxis.shows(line.y[chosen[c + 1]]);
        String place = Formatting.px(plot.x(x[i])) + " " + Formatting.px(plot.y(line.y[i]));
        if (!pen && !goesOn) lone.append('M').append(place).append("h0");
        else strokes.append(pen ? 'L' : 'M').append(place);
      }
      pen = shown;
    }
    plot.path("line " + line.style, strokes.toString());
    plot.path("lone " + line.style, lone.toString());
  }

  /** What each line is, and remarks below. */
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
