// SPDX-License-Identifier: MIT
package chainrule.report;

import java.util.Arrays;

/**
 * Traces the region where a function on a grid exceeds a level, as closed outlines: marching squares, with linear
 * interpolation along the edges of the grid.
 *
 * <p>The grid has n × n samples, row-major, with the first row at the top. A ring of samples that count as below the
 * level surrounds it, so every outline is closed. Outlines cross the ring half a cell outside the grid, where the plot
 * clips them.
 */
final class Contours {
  /** The most points that one line segment replaces; bounds the search. */
  private static final int LONGEST = 60;

  private final int n;
  private final int ring; // n + 2
  private final double[] f;
  private final double level;
  private final double cellWidth, cellHeight; // in tenths of a pixel
  private final int[] next; // the edge on which the outline continues; −1 if none

  private Contours(int n, double[] f, double level, double width, double height) {
    this.n = n;
    this.ring = n + 2;
    this.f = f;
    this.level = level;
    this.cellWidth = 10 * width / (n - 1);
    this.cellHeight = 10 * height / (n - 1);
    this.next = new int[2 * ring * ring];
    Arrays.fill(next, -1);
  }

  /**
   * Returns the SVG path of the region above a level, in tenths of a pixel, for an area of width × height pixels. The
   * path is empty if no sample exceeds the level.
   */
  static String above(int n, double[] f, double level, double width, double height) {
    Contours c = new Contours(n, f, level, width, height);
    for (int row = 0; row < c.ring - 1; row++) for (int column = 0; column < c.ring - 1; column++) c.link(row, column);
    StringBuilder d = new StringBuilder();
    for (int edge = 0; edge < c.next.length; edge++) if (c.next[edge] >= 0) c.outline(edge, d);
    return d.toString();
  }

  private double sample(int row, int column) {
    boolean within = row > 0 && row <= n && column > 0 && column <= n;
    return within ? f[(row - 1) * n + column - 1] : Double.NaN;
  }

  private boolean inside(int row, int column) {
    return sample(row, column) > level; // NaN is outside
  }

  /** Returns the number of the edge from a sample to the right, or down. */
  private int edge(int row, int column, boolean down) {
    return 2 * (row * ring + column) + (down ? 1 : 0);
  }

  /**
   * Links the edges of one cell, clockwise: the outline continues from the edge where a walk around the cell leaves the
   * region to the edge where it returns. At a saddle, where it leaves twice, the mean of the corners decides whether
   * the opposite corners are connected.
   */
  private void link(int r, int c) {
    boolean[] in = {inside(r, c), inside(r, c + 1), inside(r + 1, c + 1), inside(r + 1, c)};
    int[] edges = {edge(r, c, false), edge(r, c + 1, true), edge(r + 1, c, false), edge(r, c, true)};
    boolean saddle = in[0] == in[2] && in[1] == in[3] && in[0] != in[1];
    double mean = (sample(r, c) + sample(r, c + 1) + sample(r + 1, c + 1) + sample(r + 1, c)) / 4;
    for (int i = 0; i < 4; i++) {
      if (!in[i] || in[(i + 1) % 4]) continue;
      int back = saddle && !(mean > level) ? i + 3 : i + 1;
      while (in[back % 4] || !in[(back + 1) % 4]) back++;
      next[edges[i]] = edges[back % 4];
    }
  }

  private void outline(int start, StringBuilder d) {
    double[] xs = new double[64], ys = new double[64];
    int count = 0;
    for (int e = start; next[e] >= 0; ) {
      if (count == xs.length) {
        xs = Arrays.copyOf(xs, 2 * count);
        ys = Arrays.copyOf(ys, 2 * count);
      }
      place(e, xs, ys, count++);
      int following = next[e];
      next[e] = -1;
      e = following;
    }
    append(xs, ys, count, d);
  }

  /** Computes the point at which the function crosses the level on an edge. */
  private void place(int edge, double[] xs, double[] ys, int i) {
    int row = edge / 2 / ring, column = edge / 2 % ring;
    boolean down = (edge & 1) == 1;
    double a = sample(row, column), b = down ? sample(row + 1, column) : sample(row, column + 1);
    double t = (level - a) / (b - a);
    if (!(t >= 0 && t <= 1)) t = 0.5;
    xs[i] = (column - 1 + (down ? 0 : t)) * cellWidth;
    ys[i] = (row - 1 + (down ? t : 0)) * cellHeight;
  }

  /** Appends an outline in relative steps, without the points that lie on a line between their neighbors. */
  private static void append(double[] xs, double[] ys, int count, StringBuilder d) {
    long x = Math.round(xs[0]), y = Math.round(ys[0]);
    d.append('M').append(x).append(' ').append(y).append('l');
    int from = 0;
    boolean first = true;
    for (int i = 1; i < count; i++) {
      if (i + 1 < count && areOnLine(xs, ys, from, i + 1)) continue;
      from = i;
      long dx = Math.round(xs[i]) - x, dy = Math.round(ys[i]) - y;
      if (dx == 0 && dy == 0) continue;
      if (!first && dx >= 0) d.append(' ');
      d.append(dx);
      if (dy >= 0) d.append(' ');
      d.append(dy);
      x += dx;
      y += dy;
      first = false;
    }
    if (first) d.append("0 0");
    d.append('z');
  }

  /** Returns whether all points between two are at most 0.15 pixels from the line that connects these. */
  private static boolean areOnLine(double[] xs, double[] ys, int from, int to) {
    double bx = xs[to] - xs[from], by = ys[to] - ys[from], length = Math.sqrt(bx * bx + by * by);
    if (to - from > LONGEST) return false;
    for (int i = from + 1; i < to; i++) {
      double ax = xs[i] - xs[from], ay = ys[i] - ys[from], along = ax * bx + ay * by;
      if (along < 0 || along > length * length || Math.abs(ax * by - ay * bx) > 1.5 * length) return false;
    }
    return true;
  }
}
