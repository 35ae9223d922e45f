// SPDX-License-Identifier: MIT
package chainrule.kernels;

import static chainrule.kernels.Lanes.COUNT;
import static chainrule.kernels.Lanes.D;
import static chainrule.kernels.VectorReductions.STRIPES;
import static chainrule.kernels.VectorSoftmax.INVERSES;
import static chainrule.kernels.VectorSoftmax.LOWS;
import static chainrule.kernels.VectorSoftmax.MAXIMA;
import static chainrule.kernels.VectorSoftmax.MINUS_SUMS;
import static chainrule.kernels.VectorSoftmax.PARTS;
import static chainrule.kernels.VectorSoftmax.SQUARES;
import static chainrule.kernels.VectorSoftmax.SUMS;
import static jdk.incubator.vector.DoubleVector.broadcast;
import static jdk.incubator.vector.DoubleVector.fromArray;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;

import jdk.incubator.vector.DoubleVector;

/**
 * The parts of softmax and log-sum-exp for short rows. They are transposed, so that a lane is a row and every vector is
 * full:
 *
 * <pre>
 *   x [rows × cols]        scratch [cols × width]          width = rows of the block, in whole vectors
 *   a0 a1 a2               a0 b0 c0 …
 *   b0 b1 b2      ──▶      a1 b1 c1 …      maximum, exp and sums run down the columns
 *   c0 c1 c2               a2 b2 c2 …
 * </pre>
 *
 * The scratch array s has the layout of {@link VectorSoftmax}.
 */
final class TransposedRows {
  private TransposedRows() {}

  /** Returns the width of the next block: a power of two, so that the row of element i is given by its low bits. */
  static int width(int rows, int cols) {
    int room = Math.min(VectorSoftmax.ROWS, Integer.highestOneBit(VectorSoftmax.BLOCK / cols));
    return Math.min(room, Math.max(STRIPES, Integer.highestOneBit(rows)));
  }

  /**
   * s = e^(x − m), transposed, with the sums of its rows at SUMS and their maxima m at MAXIMA. Each step is one long
   * loop, because many short ones cost more. Returns whether all x − m are ordinary.
   */
  static boolean sumExp(int rows, int width, int cols, double[] x, int xo, double[] s) {
    transpose(rows, width, cols, x, xo, s);
    int n = cols * width, row = width - 1;
    for (int i = MAXIMA; i < MAXIMA + width; i++) s[i] = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i += COUNT) {
      DoubleVector v = fromArray(D, s, i), m = fromArray(D, s, MAXIMA + (i & row));
      m.blend(v, v.compare(GT, m)).intoArray(s, MAXIMA + (i & row));
    }
    DoubleVector squares = broadcast(D, 0);
    for (int i = 0; i < n; i += COUNT) {
      DoubleVector d = fromArray(D, s, i).sub(fromArray(D, s, MAXIMA + (i & row)));
      d.intoArray(s, i);
      squares = d.fma(d, squares);
    }
    boolean ordinary = squares.compare(LE, broadcast(D, SQUARES)).allTrue();
    VectorSoftmax.exp(ordinary, n, s, 0);
    sum(width, n, s);
    return ordinary;
  }

  /** y [rows × cols] = s / the sums of its rows. */
  static void divide(
      boolean ordinary, int rows, int width, int cols, double[] s, double[] y, int yo) {
    if (ordinary) divideOrdinary(width, cols * width, s);
    else divide(width, cols * width, s);
    transposeBack(rows, width, cols, s, y, yo);
  }

  /** s [n / width × width] = s / the sums of its columns, by {@link VectorSoftmax#invert}. */
  private static void divideOrdinary(int width, int n, double[] s) {
    for (int i = 0; i < width; i++) VectorSoftmax.invert(s, i);
    for (int i = 0; i < n; i += COUNT) {
      int row = i & width - 1;
      DoubleVector e = fromArray(D, s, i), inverse = fromArray(D, s, INVERSES + row);
      DoubleVector q = e.fma(inverse, e.mul(fromArray(D, s, LOWS + row)));
      fromArray(D, s, MINUS_SUMS + row).fma(q, e).fma(inverse, q).intoArray(s, i);
    }
  }

  private static void divide(int width, int n, double[] s) {
    for (int i = 0; i < n; i += COUNT) {
      fromArray(D, s, i).div(fromArray(D, s, SUMS + (i & width - 1))).intoArray(s, i);
    }
  }

  /** Transposes x [rows × cols] into s [cols × width]. Lanes without a row are set to 0. */
  private static void transpose(int rows, int width, int cols, double[] x, int xo, double[] s) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0, at = i; j < cols; j++, at += width) s[at] = x[xo + i * cols + j];
    }
    for (int i = rows; i < width; i++) {
      for (int j = 0; j < cols; j++) s[j * width + i] = 0;
    }
  }

  /** Transposes s [cols × width] into y [rows × cols]. */
  private static void transposeBack(int rows, int width, int cols, double[] s, double[] y, int yo) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0, at = i; j < cols; j++, at += width) y[yo + i * cols + j] = s[at];
    }
  }

  /** Sums the columns of s [n / width × width] into SUMS [width], each in eight stripes and one tree. */
  private static void sum(int width, int n, double[] s) {
    int stripe = STRIPES * width - 1;
    for (int i = PARTS; i <= PARTS + stripe; i++) s[i] = 0;
    for (int i = 0; i < n; i += COUNT) {
      fromArray(D, s, PARTS + (i & stripe)).add(fromArray(D, s, i)).intoArray(s, PARTS + (i & stripe));
    }
    for (int i = 0, l = PARTS; i < width; i += COUNT, l += COUNT) {
      DoubleVector even = fromArray(D, s, l).add(fromArray(D, s, l + 4 * width))
          .add(fromArray(D, s, l + 2 * width).add(fromArray(D, s, l + 6 * width)));
      DoubleVector odd = fromArray(D, s, l + width).add(fromArray(D, s, l + 5 * width))
          .add(fromArray(D, s, l + 3 * width).add(fromArray(D, s, l + 7 * width)));
      even.add(odd).intoArray(s, SUMS + i);
    }
  }
}
