// SPDX-License-Identifier: MIT
package chainrule.bench;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Draws scaling curves as an SVG image without scripts, for light and dark backgrounds. The upper row shows GFLOP/s,
 * the lower row the time per sample. There is a column for each curve and a line for each number of threads.
 */
final class ScalingChart {
  private static final int PLOT_WIDTH = 290, PLOT_HEIGHT = 190, LEFT = 48, TOP = 78, COLUMN = 352, ROW = 248;
  /** The distance between the frame and the outermost points. */
  private static final int MARGIN = 10;
  /** CSS without variables, which some viewers do not support. Viewers without color schemes show the light one. */
  private static final String STYLE = """
      <style>
      svg { font: 12px system-ui, 'DejaVu Sans', sans-serif; } .paper { fill: #ffffff; }
      text { fill: #1f2328; } .small { fill: #656d76; font-size: 11px; } .title { font-weight: 600; }
      .grid { stroke: #d9dee3; } .peak { stroke: #656d76; stroke-dasharray: 5 4; }
      .t0 { color: #0a66c2; } .t1 { color: #c2570a; } .cliff { fill: none; stroke: #cf222e; stroke-width: 2; }
      polyline { fill: none; stroke: currentColor; stroke-width: 2; } .t0 circle, .t1 circle { fill: currentColor; }
      @media (prefers-color-scheme: dark) {
      .paper { fill: #0d1117; } text { fill: #e6edf3; } .small { fill: #9198a1; } .grid { stroke: #2b323b; }
      .peak { stroke: #9198a1; } .t0 { color: #58a6ff; } .t1 { color: #f0883e; } .cliff { stroke: #ff7b72; }
      }
      </style>
      <rect class='paper' width='100%' height='100%'/>
      """;

  private final StringBuilder svg = new StringBuilder();
  private final double peak;

  private ScalingChart(double peak) {
    this.peak = peak;
  }

  static String of(String machine, double peak, List<ScalingCurve> curves) {
    ScalingChart chart = new ScalingChart(peak);
    chart.draw(machine, curves);
    return chart.svg.toString();
  }

  private void draw(String machine, List<ScalingCurve> curves) {
    int width = COLUMN * curves.size() + 8, height = TOP + ROW + PLOT_HEIGHT + 28;
    add("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' width='%d' height='%d' role='img'>%n"
        + "<title>How a training step scales with width, depth and batch</title>%n", width, height, width, height);
    svg.append(STYLE);
    text(LEFT, 24, "title", "start", "Scaling of a training step: forward, backward, update");
    text(LEFT, 41, "small", "start", machine);
    legend(width, curves.get(0).points().get(0).seconds().length);
    double most = 0, least = Double.POSITIVE_INFINITY, slowest = 0;
    for (ScalingCurve curve : curves) {
      for (ScalingCurve.Point p : curve.points()) {
        for (int k = 0; k < p.seconds().length; k++) {
          most = Math.max(most, p.rate(k));
          least = Math.min(least, p.microsecondsPerSample(k));
          slowest = Math.max(slowest, p.microsecondsPerSample(k));
        }
      }
    }
    for (int c = 0; c < curves.size(); c++) {
      int left = LEFT + c * COLUMN;
      text(left, TOP - 10, "title", "start", curves.get(c).title());
      rates(curves.get(c), left, Math.ceil(Math.max(most, peak) / 50) * 50);
      times(curves.get(c), left, Math.floor(Math.log10(least)), Math.ceil(Math.log10(slowest)));
    }
    svg.append("</svg>\n");
  }

  private void legend(int width, int kernels) {
    for (int k = 0; k < kernels; k++) {
      int x = width - 330 + 90 * k;
      add("<g class='t%d'><polyline points='%d,20 %d,20'/><circle cx='%d' cy='20' r='3'/></g>%n", k, x, x + 22, x + 11);
      text(x + 28, 24, "", "start", k == 0 ? "1 thread" : "2 threads");
    }
    add("<line class='peak' x1='%d' y1='20' x2='%d' y2='20'/>%n", width - 146, width - 124);
    text(width - 118, 24, "", "start", "peak of one core");
    add("<circle class='cliff' cx='%d' cy='38' r='6'/>%n", width - 345);
    text(width - 330, 42, "small", "start", "a multiply-add takes > 1.5 × the next smaller size");
  }

  /** Draws GFLOP/s from 0 to {@code top}. */
  private void rates(ScalingCurve curve, int left, double top) {
    for (int value = 0; value <= top; value += 50) {
      line(left, TOP + PLOT_HEIGHT * (1 - value / top), Integer.toString(value));
    }
    double y = TOP + PLOT_HEIGHT * (1 - peak / top);
    add("<line class='peak' x1='%d' y1='%.1f' x2='%d' y2='%.1f'/>%n", left, y, left + PLOT_WIDTH, y);
    text(left + PLOT_WIDTH, TOP - 10, "small", "end", "GFLOP/s");
    for (int k = 0; k < kernels(curve); k++) {
      int number = k;
      curve(curve, left, k, p -> TOP + PLOT_HEIGHT * (1 - p.rate(number) / top), true);
    }
    sizes(curve, left, TOP + PLOT_HEIGHT + 15);
  }

  /** Draws microseconds per sample on a logarithmic scale. */
  private void times(ScalingCurve curve, int left, double from, double to) {
    int top = TOP + ROW;
    for (int e = (int) from; e <= to; e++) {
      String label = e < 0 ? "0." + "0".repeat(-e - 1) + "1" : "1" + "0".repeat(e);
      line(left, top + PLOT_HEIGHT * (to - e) / (to - from), label);
    }
    text(left + PLOT_WIDTH, top - 10, "small", "end", "µs per sample");
    for (int k = 0; k < kernels(curve); k++) {
      int number = k;
      curve(curve, left, k,
          p -> top + PLOT_HEIGHT * (to - Math.log10(p.microsecondsPerSample(number))) / (to - from), false);
    }
    sizes(curve, left, top + PLOT_HEIGHT + 15);
  }

  private void curve(ScalingCurve curve, int left, int k, ToDoubleFunction<ScalingCurve.Point> y, boolean marks) {
    add("<g class='t%d'><polyline points='", k);
    for (ScalingCurve.Point p : curve.points()) add("%.1f,%.1f ", x(curve, left, p), y.applyAsDouble(p));
    add("'/>%n");
    for (ScalingCurve.Point p : curve.points()) {
      add("<circle cx='%.1f' cy='%.1f' r='2.6'><title>%d: %.1f GFLOP/s, %.3f µs per sample</title></circle>%n",
          x(curve, left, p), y.applyAsDouble(p), p.size(), p.rate(k), p.microsecondsPerSample(k));
    }
    add("</g>%n");
    for (int i = 0; marks && i < curve.points().size(); i++) {
      ScalingCurve.Point p = curve.points().get(i);
      if (!curve.isCliff(i, k)) continue;
      add("<circle class='cliff' cx='%.1f' cy='%.1f' r='6'/>%n", x(curve, left, p), y.applyAsDouble(p));
    }
  }

  /** Large sizes are on a logarithmic scale, small ones on a linear scale. */
  private static double x(ScalingCurve curve, int left, ScalingCurve.Point point) {
    double from = scale(curve, curve.points().get(0).size());
    double to = scale(curve, curve.points().get(curve.points().size() - 1).size());
    return left + MARGIN + (PLOT_WIDTH - 2 * MARGIN) * (scale(curve, point.size()) - from) / (to - from);
  }

  private static double scale(ScalingCurve curve, int size) {
    return isDoubling(curve) ? Math.log(size) : size;
  }

  private static boolean isDoubling(ScalingCurve curve) {
    return curve.points().get(curve.points().size() - 1).size() > 16;
  }

  private void sizes(ScalingCurve curve, int left, int y) {
    for (ScalingCurve.Point p : curve.points()) {
      if (isDoubling(curve) && Integer.bitCount(p.size()) > 1) continue;
      text(x(curve, left, p), y, "small", "middle", Integer.toString(p.size()));
    }
  }

  private void line(int left, double y, String label) {
    add("<line class='grid' x1='%d' y1='%.1f' x2='%d' y2='%.1f'/>%n", left, y, left + PLOT_WIDTH, y);
    text(left - 8, y + 4, "small", "end", label);
  }

  private static int kernels(ScalingCurve curve) {
    return curve.points().get(0).seconds().length;
  }

  private void text(double x, double y, String style, String anchor, String content) {
    add("<text x='%.1f' y='%.1f' class='%s' text-anchor='%s'>%s</text>%n", x, y, style, anchor, content);
  }

  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values));
  }
}
