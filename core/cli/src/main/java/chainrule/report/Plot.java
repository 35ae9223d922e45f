// SPDX-License-Identifier: MIT
package chainrule.report;

import chainrule.format.Formatting;

/**
 * The frame of a chart: grid, ticks and axis titles around a drawing area. {@link #x} and {@link #y} convert values to
 * coordinates in this area, with y pointing down.
 */
final class Plot {
  /** The width of a character on phones, in units of the drawing; margins are wide enough for the labels. */
  private static final double CHARACTER = 10.6;

  final Axis xAxis;
  final Axis yAxis;
  final double width;
  final double height;
  private final Html h;

  /**
   * Opens the drawing. Draw into it, then {@link #close} it.
   *
   * @param xTitle the title below the x axis
   * @param yTitle the title next to the y axis; null for none
   * @param bleed how far marks may extend beyond the drawing area; 0 for an area that is filled and needs no grid
   */
  Plot(Html h, double fullWidth, double fullHeight, Axis xAxis, Axis yAxis, String xTitle, String yTitle, String title,
      int bleed) {
    this.h = h;
    this.xAxis = xAxis;
    this.yAxis = yAxis;
    double letters = 1;
    for (Axis.Tick t : yAxis.ticks()) {
      letters = Math.max(letters, t.label().length() + (t.label().endsWith("%") ? 0.6 : 0));
    }
    double left = Math.max(24, letters * CHARACTER + 12) + (yTitle == null ? 0 : 24), right = 20, top = 12, bottom = 48;
    width = fullWidth - left - right;
    height = fullHeight - top - bottom;

    String id = h.id();
    h.open("svg", "viewBox", "0 0 " + Formatting.px(fullWidth) + " " + Formatting.px(fullHeight), "role", "img",
        "aria-labelledby", id);
    h.element("title", title, "id", id);
    h.open("g", "transform", "translate(" + Formatting.px(left) + " " + Formatting.px(top) + ")");
    frame(xTitle, yTitle, left, bleed > 0);
    h.open("svg", "x", "" + -bleed, "y", "" + -bleed, "width", Formatting.px(width + 2 * bleed), "height",
        Formatting.px(height + 2 * bleed), "viewBox",
        -bleed + " " + -bleed + " " + Formatting.px(width + 2 * bleed) + " " + Formatting.px(height + 2 * bleed));
  }

  private void frame(String xTitle, String yTitle, double left, boolean grid) {
    StringBuilder lines = new StringBuilder();
    String across = grid ? Formatting.px(width) : "-5";
    for (Axis.Tick t : yAxis.ticks()) {
      lines.append("M0 ").append(Formatting.px(y(t.value()))).append('h').append(across);
    }
    h.empty("path", "class", grid ? "grid" : "axis", "d", lines.toString());
    StringBuilder marks = new StringBuilder("M0 " + Formatting.px(height) + "h" + Formatting.px(width));
    for (Axis.Tick t : xAxis.ticks()) {
      marks.append('M').append(Formatting.px(x(t.value()))).append(' ').append(Formatting.px(height)).append("v5");
    }
    h.empty("path", "class", "axis", "d", marks.toString());
    for (Axis.Tick t : yAxis.ticks()) {
      h.element("text", t.label(), "class", "end", "x", "-8", "y", Formatting.px(y(t.value())), "dy", ".35em");
    }
    for (Axis.Tick t : xAxis.ticks()) {
      h.element("text", t.label(), "class", "mid", "x", Formatting.px(x(t.value())), "y", Formatting.px(height + 9),
          "dy", ".8em");
    }
    h.element("text", Formatting.truncate(xTitle, 36), "class", "mid name", "x", Formatting.px(width / 2), "y",
        Formatting.px(height + 42));
    if (yTitle == null) return;
    h.element("text", Formatting.truncate(yTitle, 30), "class", "mid name", "transform",
        "translate(" + Formatting.px(14 - left) + " " + Formatting.px(height / 2) + ")rotate(-90)", "dy", ".3em");
  }

  double x(double v) {
    return xAxis.at(v) * width;
  }

  double y(double v) {
    return height - yAxis.at(v) * height;
  }

  void close() {
    h.close().close().closeLine();
  }

  /** Draws a path with a CSS class, unless the path is empty. */
  void path(String style, String d) {
    if (!d.isEmpty()) h.empty("path", "class", style, "d", d);
  }

  /**
   * Returns a path of zero-length strokes, whose round caps are the dots. Points that cannot be drawn are skipped.
   */
  String dots(double[] xs, double[] ys, int[] chosen) {
    StringBuilder d = new StringBuilder();
    for (int i : chosen) {
      if (!xAxis.shows(xs[i]) || !yAxis.shows(ys[i])) continue;
      d.append('M').append(Formatting.px(x(xs[i]))).append(' ').append(Formatting.px(y(ys[i]))).append("h0");
    }
    return d.toString();
  }
}
