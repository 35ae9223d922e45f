package chainrule.report;

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
    for (Line line : lines) plot.path("line " + line.style, path(plot, x, line.y));
  }

  /** SVG path data. A point without neighbours is a dot. */
  static String path(Plot plot, double[] x, double[] y) {
    StringBuilder d = new StringBuilder();
    boolean pen = false;
    int drawn = 0; // points since the pen was set down
    for (int i : Thin.line(y, plot.yAxis, STRETCHES)) {
      boolean shown = plot.yAxis.shows(y[i]) && plot.xAxis.shows(x[i]);
      if (pen && !shown && drawn == 1) d.append("h0");
      if (shown) {
        d.append(pen ? drawn == 1 ? "L" : " " : "M").append(Show.px(plot.x(x[i]))).append(' ').append(Show.px(plot.y(y[i])));
        drawn = pen ? drawn + 1 : 1;
      }
      pen = shown;
    }
    if (pen && drawn == 1) d.append("h0");
    return d.toString();
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
