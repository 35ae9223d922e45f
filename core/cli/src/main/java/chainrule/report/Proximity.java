// SPDX-License-Identifier: MIT
package chainrule.report;

/** Computes how close each point of a square is to the nearest training row. */
final class Proximity {
  private Proximity() {}

  /**
   * Returns 1 − d/reach on a grid of side × side samples over the unit square, with the first row at the top. d is the
   * distance to the nearest of the points (xs, ys), with y pointing up. The result is 0 where d exceeds reach.
   */
  static double[] of(int side, double[] xs, double[] ys, double reach) {
    double[] proximity = new double[side * side];
    for (int p = 0; p < xs.length; p++) {
      double column = xs[p] * (side - 1), row = (1 - ys[p]) * (side - 1), r = reach * (side - 1);
      int left = (int) Math.max(0, Math.ceil(column - r)), right = (int) Math.min(side - 1, Math.floor(column + r));
      int top = (int) Math.max(0, Math.ceil(row - r)), bottom = (int) Math.min(side - 1, Math.floor(row + r));
      for (int y = top; y <= bottom; y++) {
        for (int x = left; x <= right; x++) {
          double d = Math.sqrt((x - column) * (x - column) + (y - row) * (y - row));
          proximity[y * side + x] = Math.max(proximity[y * side + x], 1 - d / r);
        }
      }
    }
    return proximity;
  }
}
