// SPDX-License-Identifier: MIT
package chainrule.bench.peers.speed;

import java.util.List;
import java.util.Locale;

/**
 * Draws curves over a common x axis, from y = 0.
 *
 * @param title the alternative text
 * @param logarithmic whether the x axis is logarithmic
 * @param xTicks the values of x with a label
 * @param level the y of a dashed line, such as a peak; NaN for none
 */
record CurveChart(String title, String xLabel, String yLabel, boolean logarithmic, double[] xTicks, double yLimit,
    double yStep, double level, List<Curve> curves) {
  /** A curve, with a text for each of its points. */
  record Curve(String style, double[] x, double[] y, List<String> texts) {}

  private static final double WIDTH = 480, HEIGHT = 300, LEFT = 70, RIGHT = 16, TOP = 12, BOTTOM = 50;

  void draw(Markup m) {
    String id = m.id();
    m.open("svg", "viewBox", "0 0 " + (int) WIDTH + " " + (int) HEIGHT, "role", "img", "aria-labelledby", id);
    m.element("title", title, "id", id);
    for (int i = 0; i * yStep <= yLimit * (1 + 1e-9); i++) {
      double y = y(i * yStep);
      m.empty("path", "class", "grid", "d", "M" + LEFT + " " + y + "H" + (WIDTH - RIGHT));
      String label = String.format(Locale.ROOT, yStep < 1 ? "%.1f" : "%,.0f", i * yStep);
      m.element("text", label, "class", "end", "x", LEFT - 7, "y", y, "dy", ".35em");
    }
    for (double tick : xTicks) {
      m.empty("path", "class", "axis", "d", "M" + x(tick) + " " + (HEIGHT - BOTTOM) + "v5");
      m.element("text", Integer.toString((int) tick), "class", "mid", "x", x(tick), "y", HEIGHT - BOTTOM + 20);
    }
    m.empty("path", "class", "axis", "d", "M" + LEFT + " " + (HEIGHT - BOTTOM) + "H" + (WIDTH - RIGHT));
    if (!Double.isNaN(level)) {
      m.empty("path", "class", "level", "d", "M" + LEFT + " " + y(level) + "H" + (WIDTH - RIGHT));
    }
    for (Curve c : curves) {
      StringBuilder d = new StringBuilder();
      for (int i = 0; i < c.x.length; i++) d.append(i == 0 ? "M" : "L").append(x(c.x[i]) + " " + y(c.y[i]));
      m.empty("path", "class", "line " + c.style, "d", d);
      for (int i = 0; i < c.x.length; i++) {
        m.open("circle", "class", "dot " + c.style, "cx", x(c.x[i]), "cy", y(c.y[i]), "r", 3.2);
        m.element("title", c.texts.get(i)).close();
      }
    }
    m.element("text", xLabel, "class", "mid name", "x", (LEFT + WIDTH - RIGHT) / 2, "y", HEIGHT - 8);
    m.element("text", yLabel, "class", "mid name", "transform",
        "translate(14 " + (TOP + HEIGHT - BOTTOM) / 2 + ")rotate(-90)", "dy", ".3em");
    m.close();
  }

  private double x(double value) {
    double from = scale(xTicks[0]), to = scale(xTicks[xTicks.length - 1]);
    double at = LEFT + 8 + (WIDTH - RIGHT - 8 - LEFT - 8) * (scale(value) - from) / (to - from);
    return Math.rint(at * 10) / 10;
  }

  private double scale(double value) {
    return logarithmic ? Math.log(value) : value;
  }

  private double y(double value) {
    return Math.rint(10 * (HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * value / yLimit)) / 10;
  }
}
