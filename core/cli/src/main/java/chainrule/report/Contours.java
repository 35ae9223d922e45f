package chainrule.report;

import java.util.Arrays;

/**
 * The region where a function on a grid is above a level, as closed outlines (marching squares, the crossing of each grid
 * edge found by linear interpolation).
 *
 * <p>The grid has n × n samples, row-major, the first row on top. Around it lies a ring of samples that are outside, so
 * that every outline closes; it is crossed half a cell beyond the grid, where the frame of the plot cuts it off.
 */
final class Contours {
  /** Points that one step passes over, at most: so that the search for them stays short. */
  private static final int LONGEST = 60;

  private final int n;
  private final int ring; // n + 2
  private final double[] f;
  private final double level;
  private final double cellWidth, cellHeight; // in tenths of a pixel
  private final int[] next; // edge on which the outline goes on; −1 for none

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

  /** SVG path data in tenths of a pixel for an area of width × height pixels; empty where nothing is above the level. */
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

  /** The edge from a sample to the right, or down. */
  private int edge(int row, int column, boolean down) {
    return 2 * (row * ring + column) + (down ? 1 : 0);
  }

  /**
   * One cell, walked round clockwise: where the walk leaves the region the outline goes on to where it comes back. Where
   * it leaves twice, at opposite corners, the cell's mean decides whether the corners belong together.
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

  /** Where the level is crossed on an edge. */
  private void place(int edge, double[] xs, double[] ys, int i) {
    int row = edge / 2 / ring, column = edge / 2 % ring;
    boolean down = (edge & 1) == 1;
    double a = sample(row, column), b = down ? sample(row + 1, column) : sample(row, column + 1);
    double t = (level - a) / (b - a);
    if (!(t >= 0 && t <= 1)) t = 0.5;
    xs[i] = (column - 1 + (down ? 0 : t)) * cellWidth;
    ys[i] = (row - 1 + (down ? t : 0)) * cellHeight;
  }

  /** The outline without points that lie on the way from their neighbours, steps relative. */
  private static void append(double[] xs, double[] ys, int count, StringBuilder d) {
    long x = Math.round(xs[0]), y = Math.round(ys[0]);
    d.append('M').append(x).append(' ').append(y).append('l');
    int from = 0;
    boolean first = true;
    for (int i = 1; i < count; i++) {
      if (i + 1 < count && areOnTheWay(xs, ys, from, i + 1)) continue;
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

  /** Whether all points between two are less than a seventh of a pixel off the line from one to the other. */
  private static boolean areOnTheWay(double[] xs, double[] ys, int from, int to) {
    double bx = xs[to] - xs[from], by = ys[to] - ys[from], length = Math.sqrt(bx * bx + by * by);
    if (to - from > LONGEST) return false;
    for (int i = from + 1; i < to; i++) {
      double ax = xs[i] - xs[from], ay = ys[i] - ys[from], along = ax * bx + ay * by;
      if (along < 0 || along > length * length || Math.abs(ax * by - ay * bx) > 1.5 * length) return false;
    }
    return true;
  }
}
