// SPDX-License-Identifier: MIT
package chainrule.nn;

import java.util.Arrays;

/** Copies matrices between flat arrays, row-major, and arrays of rows. */
final class Matrices {
  private Matrices() {}

  /** Returns the rows [rows][cols] of a matrix that starts at {@code from}. */
  static double[][] copy(double[] flat, int from, int rows, int cols) {
    double[][] m = new double[rows][];
    for (int r = 0; r < rows; r++) m[r] = Arrays.copyOfRange(flat, from + r * cols, from + (r + 1) * cols);
    return m;
  }

  /**
   * Writes a matrix to a flat array from {@code to} on.
   *
   * @param what the matrix, for the message
   * @throws IllegalArgumentException unless m has this shape; nothing is written
   */
  static void write(String what, double[][] m, int rows, int cols, double[] flat, int to) {
    if (m.length != rows) {
      throw new IllegalArgumentException(
          what + ": expected " + rows + " × " + cols + " (inputs × outputs), found " + m.length + " rows");
    }
    for (int r = 0; r < rows; r++) {
      if (m[r].length == cols) continue;
      throw new IllegalArgumentException(what + ": expected " + rows + " × " + cols
          + " (inputs × outputs), found " + m[r].length + " numbers in row " + r);
    }
    for (int r = 0; r < rows; r++) System.arraycopy(m[r], 0, flat, to + r * cols, cols);
  }
}
