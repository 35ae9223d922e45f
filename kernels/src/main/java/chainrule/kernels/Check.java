// SPDX-License-Identifier: MIT
package chainrule.kernels;

/**
 * Argument checks of the public methods. Each method calls one of these once, before its loops, which check nothing.
 * All throw the exceptions that {@link Kernels} states, and name the argument.
 */
final class Check {
  private Check() {}

  /** Checks a contiguous vector of n elements. */
  static void vector(String name, int n, double[] x, int xo) {
    if (n < 0) throw new IllegalArgumentException("n: expected a size ≥ 0, found " + n);
    range(name, n, x, xo);
  }

  /** Checks a row-major matrix. ld is the distance between the starts of two rows. */
  static void matrix(String name, int rows, int cols, double[] x, int xo, int ld) {
    if (rows < 0 || cols < 0) {
      throw new IllegalArgumentException(name + ": expected sizes ≥ 0, found [" + rows + " × " + cols + "]");
    }
    if (ld < cols) {
      throw new IllegalArgumentException(
          name + ": expected a row distance ≥ " + cols + ", the length of a row, found " + ld);
    }
    range(name, extent(rows, cols, ld), x, xo);
  }

  /** Returns the number of elements from a matrix's first to its last, including gaps between rows. */
  static long extent(int rows, int cols, int ld) {
    return rows == 0 || cols == 0 ? 0 : (long) (rows - 1) * ld + cols;
  }

  private static void range(String name, long extent, double[] x, int xo) {
    if (extent == 0) return;
    if (xo < 0 || xo + extent > x.length) {
      throw new IndexOutOfBoundsException(
          name + ": elements " + xo + " … " + (xo + extent - 1) + " of an array of " + x.length);
    }
  }

  /** Checks that output y is exactly in the place of input x, or does not overlap it. */
  static void sameOrApart(String out, long yn, double[] y, int yo, String in, long xn, double[] x, int xo) {
    if (y == x && yo != xo) apart(out, yn, y, yo, in, xn, x, xo);
  }

  /** Checks that output y does not overlap input x. */
  static void apart(String out, long yn, double[] y, int yo, String in, long xn, double[] x, int xo) {
    if (y == x && yn > 0 && xn > 0 && yo < xo + xn && xo < yo + yn) {
      throw new IllegalArgumentException(out + " overlaps " + in + ". Pass separate arrays or ranges.");
    }
  }

  /** Checks A, B and C of a matrix product, with the shapes of A and B as they are stored. */
  static void matmul(
      int m, int n, int k, int aRows, int aCols, double[] a, int ao, int lda, int bRows, int bCols, double[] b, int bo,
      int ldb, double[] c, int co, int ldc) {
    if (k < 0) throw new IllegalArgumentException("k: expected a size ≥ 0, found " + k);
    matrix("A", aRows, aCols, a, ao, lda);
    matrix("B", bRows, bCols, b, bo, ldb);
    matrix("C", m, n, c, co, ldc);
    apart("C", extent(m, n, ldc), c, co, "A", extent(aRows, aCols, lda), a, ao);
    apart("C", extent(m, n, ldc), c, co, "B", extent(bRows, bCols, ldb), b, bo);
  }

  /** Checks an element-wise operation y from x. */
  static void map(int n, double[] x, int xo, double[] y, int yo) {
    vector("x", n, x, xo);
    vector("y", n, y, yo);
    sameOrApart("y", n, y, yo, "x", n, x, xo);
  }

  /** Checks an element-wise operation c from a and b, under the given names. */
  static void zip(int n, String an, double[] a, int ao, String bn, double[] b, int bo, String cn, double[] c, int co) {
    vector(an, n, a, ao);
    vector(bn, n, b, bo);
    vector(cn, n, c, co);
    sameOrApart(cn, n, c, co, an, n, a, ao);
    sameOrApart(cn, n, c, co, bn, n, b, bo);
  }

  /** Checks {@link Kernels#repeatRow}. */
  static void repeatRow(int rows, int cols, double[] row, int ro, double[] y, int yo) {
    matrix("y", rows, cols, y, yo, cols);
    vector("row", cols, row, ro);
    apart("y", (long) rows * cols, y, yo, "row", cols, row, ro);
  }

  /** Checks {@link Kernels#columnSums}. */
  static void columnSums(int rows, int cols, double[] x, int xo, double[] s, int so) {
    matrix("x", rows, cols, x, xo, cols);
    vector("s", cols, s, so);
    apart("s", cols, s, so, "x", (long) rows * cols, x, xo);
  }

  /** Checks an operation on rows, y [rows × cols] from x. */
  static void mapRows(int rows, int cols, double[] x, int xo, double[] y, int yo) {
    matrix("x", rows, cols, x, xo, cols);
    matrix("y", rows, cols, y, yo, cols);
    long size = (long) rows * cols;
    sameOrApart("y", size, y, yo, "x", size, x, xo);
  }

  /** Checks {@link Kernels#softmaxGradient}. */
  static void softmaxGradient(
      int rows, int cols, double[] a, int ao, double[] g, int go, double[] d, int dof) {
    matrix("a", rows, cols, a, ao, cols);
    matrix("g", rows, cols, g, go, cols);
    matrix("d", rows, cols, d, dof, cols);
    long size = (long) rows * cols;
    sameOrApart("d", size, d, dof, "a", size, a, ao);
    sameOrApart("d", size, d, dof, "g", size, g, go);
  }

  /** Checks an operation that reduces each row of x to one element of y. */
  static void reduceRows(int rows, int cols, double[] x, int xo, double[] y, int yo) {
    matrix("x", rows, cols, x, xo, cols);
    vector("y", rows, y, yo);
    apart("y", rows, y, yo, "x", (long) rows * cols, x, xo);
  }
}
