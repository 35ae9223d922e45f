// SPDX-License-Identifier: MIT
package chainrule.spec.ledger;

import chainrule.spec.example.Plot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;

/**
 * Draws a {@link Plot} as inline SVG with a caption. The lines differ in their dashes, which the caption names, so that
 * nothing depends on color. A curve has at most 40 points, in whole units of a drawing 600 units wide.
 */
final class PlotSvg {
  static final int POINTS = 40;
  private static final int WIDTH = 600, HEIGHT = 300;
  /** The margins leave room for the numbers at the axes. */
  private static final int LEFT = 120, RIGHT = 30, TOP = 25, BOTTOM = 50;

  private final Plot plot;
  private final double low, high;

  private PlotSvg(Plot plot, double low, double high) {
    this.plot = plot;
    this.low = low;
    this.high = high;
  }

  static String figure(String id, Plot plot) {
    double low = 0, high = 0;
    for (Plot.Curve c : plot.curves()) {
      for (double[] piece : pieces(plot)) {
        for (double x : piece) {
          double y = c.function().applyAsDouble(x);
          if (!Double.isFinite(y)) throw new IllegalStateException(id + ": " + c.name() + " is " + y + " at " + x);
          low = Math.min(low, y);
          high = Math.max(high, y);
        }
      }
    }
    return new PlotSvg(plot, low, high).draw();
  }

  /** Returns the points of each piece between two breaks, from just after the first to just before the second. */
  static List<double[]> pieces(Plot plot) {
    List<Double> ends = new ArrayList<>(plot.breaks());
    ends.add(0, plot.from());
    ends.add(plot.to());
    double all = plot.to() - plot.from();
    int budget = POINTS - ends.size();
    List<double[]> pieces = new ArrayList<>();
    for (int i = 1; i < ends.size(); i++) {
      double a = ends.get(i - 1), b = ends.get(i);
      int n = Math.max(1, (int) (budget * (b - a) / all));
      double[] x = new double[n + 1];
      for (int k = 0; k <= n; k++) x[k] = a + (b - a) * k / n;
      if (i > 1) x[0] = a + all * 1e-6;
      if (i < ends.size() - 1) x[n] = b - all * 1e-6;
      pieces.add(x);
    }
    return pieces;
  }

  private double exactX(double v) {
    return LEFT + (v - plot.from()) / (plot.to() - plot.from()) * (WIDTH - LEFT - RIGHT);
  }

  private double exactY(double v) {
    return TOP + (high - v) / (high - low) * (HEIGHT - TOP - BOTTOM);
  }

  private long x(double v) {
    return Math.round(exactX(v));
  }

  private long y(double v) {
    return Math.round(exactY(v));
  }

  private String draw() {
    StringBuilder caption = new StringBuilder();
    StringBuilder drawing = new StringBuilder();
    long axis = y(0), bottom = HEIGHT - BOTTOM;
    drawing.append("<path class=axis d=\"M").append(LEFT).append(' ').append(axis).append('H').append(WIDTH - RIGHT);
    if (plot.from() < 0 && plot.to() > 0) {
      drawing.append('M').append(x(0)).append(' ').append(TOP).append('V').append(bottom);
    }
    drawing.append("\"/>");
    text(drawing, "end", LEFT - 10, y(high) + 10, number(high));
    text(drawing, "end", LEFT - 10, y(low) + 10, number(low));
    text(drawing, "start", LEFT, HEIGHT - 10, number(plot.from()));
    text(drawing, "middle", (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, plot.variable());
    text(drawing, "end", WIDTH - RIGHT, HEIGHT - 10, number(plot.to()));
    for (Plot.Curve c : plot.curves()) {
      String line = line(c.role());
      drawing.append("<path class=").append(line).append(" d=\"").append(path(c.function())).append("\"/>")
          .append(circles(c, line));
      caption.append(caption.length() == 0 ? "" : "<br>").append("<b>").append(line).append("</b> ")
          .append(c.role() == Plot.Role.PRINTED ? "as printed: " : "").append(LedgerHtml.escape(c.name()));
    }
    return "<figure><svg viewBox=\"0 0 " + WIDTH + " " + HEIGHT + "\" role=img><title>" + title() + "</title>" + drawing
        + "</svg><figcaption>" + caption + "</figcaption></figure>";
  }

  private String title() {
    StringBuilder s = new StringBuilder();
    for (Plot.Curve c : plot.curves()) {
      s.append(s.length() == 0 ? "" : "; ").append(c.role() == Plot.Role.PRINTED ? "as printed: " : "").append(c.name())
          .append(" from ").append(number(c.function().applyAsDouble(plot.from()))).append(" to ")
          .append(number(c.function().applyAsDouble(plot.to())));
    }
    return LedgerHtml.escape(
        "For " + plot.variable() + " from " + number(plot.from()) + " to " + number(plot.to()) + ": " + s);
  }

  static String line(Plot.Role role) {
    return switch (role) {
      case FORMULA -> "solid";
      case COMPANION -> "dotted";
      case PRINTED -> "dashed";
    };
  }

  private static void text(StringBuilder s, String anchor, long x, long y, String text) {
    s.append("<text x=").append(x).append(" y=").append(y).append(" text-anchor=").append(anchor).append('>')
        .append(LedgerHtml.escape(text)).append("</text>");
  }

  /** A point of a curve before rounding; the first of a line has no point before it. */
  private record Point(double x, double y, boolean first) {}

  /** Returns the path of a curve, with steps relative to the previous point and without points on a straight line. */
  private String path(DoubleUnaryOperator f) {
    List<Point> points = new ArrayList<>();
    for (double[] piece : pieces(plot)) {
      for (int k = 0; k < piece.length; k++) {
        Point p = new Point(exactX(piece[k]), exactY(f.applyAsDouble(piece[k])), k == 0);
        Point last = points.isEmpty() ? null : points.get(points.size() - 1);
        if (last != null && Math.hypot(last.x - p.x, last.y - p.y) < 0.5) continue; // two pieces meet in a kink
        if (k > 1 && !last.first && straight(points.get(points.size() - 2), last, p)) points.remove(last);
        points.add(p);
      }
    }
    StringBuilder s = new StringBuilder();
    long x = 0, y = 0;
    for (Point p : points) {
      long dx = Math.round(p.x) - x, dy = Math.round(p.y) - y;
      x += dx;
      y += dy;
      if (p.first) s.append('M').append(x).append(' ').append(y);
      else s.append('l').append(dx).append(dy < 0 ? "" : " ").append(dy);
    }
    return s.toString();
  }

  /** Returns whether b is less than 0.05 units away from the line from a to c. */
  private static boolean straight(Point a, Point b, Point c) {
    double cross = (b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y);
    return Math.abs(cross) < 0.05 * Math.hypot(c.x - a.x, c.y - a.y);
  }

  /** Marks the value at each jump: a dot for the library's value, a ring for the printed one. */
  private String circles(Plot.Curve c, String line) {
    StringBuilder s = new StringBuilder();
    List<double[]> pieces = pieces(plot);
    for (int i = 0; i < plot.breaks().size(); i++) {
      double[] before = pieces.get(i), after = pieces.get(i + 1);
      DoubleUnaryOperator f = c.function();
      long left = y(f.applyAsDouble(before[before.length - 1])), right = y(f.applyAsDouble(after[0]));
      if (Math.abs(left - right) <= 2) continue;
      double at = plot.breaks().get(i);
      // the space before /> ends the last attribute, which has no quotes
      s.append("<circle class=").append(line).append(" r=7 cx=").append(x(at)).append(" cy=")
          .append(y(f.applyAsDouble(at))).append(" />");
    }
    return s.toString();
  }

  /** Returns a number with at most three digits. */
  static String number(double v) {
    if (v == 0) return "0";
    String s = Math.abs(v) < 1e-3 ? String.format(Locale.ROOT, "%.0e", v)
        : new java.math.BigDecimal(v).round(new java.math.MathContext(3)).stripTrailingZeros().toPlainString();
    return s.replace("e-0", "e-").replace('-', '−');
  }
}
