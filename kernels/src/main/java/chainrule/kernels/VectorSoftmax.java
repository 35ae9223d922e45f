// SPDX-License-Identifier: MIT
package chainrule.kernels;

import static chainrule.kernels.Lanes.COUNT;
import static chainrule.kernels.Lanes.D;
import static chainrule.kernels.VectorReductions.STRIPES;
import static jdk.incubator.vector.DoubleVector.broadcast;
import static jdk.incubator.vector.DoubleVector.fromArray;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.MAX;

import jdk.incubator.vector.DoubleVector;

/**
 * Softmax, its gradient and log-sum-exp, in lanes. Long rows are vectorized along the row. Short rows are transposed,
 * so that a lane is a row and every vector is full:
 *
 * <pre>
 *   x [rows × cols]        scratch [cols × width]          width = rows of the block, in whole vectors
 *   a0 a1 a2               a0 b0 c0 …
 *   b0 b1 b2      ──▶      a1 b1 c1 …      maximum, exp and sums run down the columns
 *   c0 c1 c2               a2 b2 c2 …
 * </pre>
 *
 * The maximum m is needed only for x − m. So it may ignore a NaN, because e^(NaN − m) makes the row NaN anyway, and it
 * may be either zero, because e^±0 = 1. This avoids the selections that an exact maximum costs.
 */
final class VectorSoftmax {
  private VectorSoftmax() {}

  /** The largest number of columns of a row that is transposed, and of rows in a block. */
  private static final int NARROW = 64, ROWS = 64;
  /** The largest number of rows that are computed one by one: they would fill too little of the least width, eight. */
  private static final int FEW = 3;
  /** Elements of a transposed block: 8 KiB. */
  private static final int BLOCK = 1024;
  /** Where the sums start in the scratch array, eight stripes for each row of a block; and where the maxima do. */
  private static final int SUMS = BLOCK, MAXIMA = SUMS + STRIPES * ROWS;

  /** The length of the scratch array. */
  static final int SCRATCH = MAXIMA + ROWS;

  /** Returns whether no vector loop would run. Scalar code then takes a third of the time. */
  static boolean isTiny(int rows, int cols) {
    return rows <= FEW && cols < COUNT;
  }

  /** Returns whether to transpose the rows. */
  private static boolean isTransposed(int rows, int cols) {
    return rows > FEW && cols <= 2 * COUNT || rows >= COUNT && cols <= NARROW;
  }

  /** Returns the width of the next block: a power of two, so that the row of element i is given by its low bits. */
  private static int width(int rows, int cols) {
    int room = Math.min(ROWS, Integer.highestOneBit(BLOCK / cols));
    return Math.min(room, Math.max(STRIPES, Integer.highestOneBit(rows)));
  }

  /** {@link Kernels#softmax}; s is scratch [SCRATCH]. */
  static void softmax(int rows, int cols, double[] x, int xo, double[] y, int yo, double[] s) {
    if (cols == 0) return;
    if (!isTransposed(rows, cols)) {
      for (int i = 0; i < rows; i++) softmaxOfLongRow(cols, x, xo + i * cols, y, yo + i * cols, s);
      return;
    }
    for (int i = 0; i < rows; ) {
      int width = width(rows - i, cols), size = Math.min(width, rows - i);
      sumExpTransposed(size, width, cols, x, xo + i * cols, s);
      for (int e = 0; e < cols * width; e += COUNT) {
        fromArray(D, s, e).div(fromArray(D, s, SUMS + (e & width - 1))).intoArray(s, e);
      }
      transposeBack(size, width, cols, s, y, yo + i * cols);
      i += size;
    }
  }

  private static void softmaxOfLongRow(int cols, double[] x, int xi, double[] y, int yi, double[] s) {
    double m = roughMax(cols, x, xi);
    subtract(cols, m, x, xi, y, yi);
    VectorElementary.exp(cols, y, yi, y, yi);
    double total = VectorReductions.sum(cols, y, yi, s);
    DoubleVector divisor = broadcast(D, total);
    int j = 0;
    for (; j <= cols - COUNT; j += COUNT) fromArray(D, y, yi + j).div(divisor).intoArray(y, yi + j);
    for (; j < cols; j++) y[yi + j] = y[yi + j] / total;
  }

  /** {@link Kernels#logSumExp}; s is scratch [SCRATCH]. */
  static void logSumExp(int rows, int cols, double[] x, int xo, double[] y, int yo, double[] s) {
    if (!isTransposed(rows, cols) || cols == 0) {
      for (int i = 0; i < rows; i++) y[yo + i] = logSumExpOfLongRow(cols, x, xo + i * cols, s);
      return;
    }
    for (int i = 0; i < rows; ) {
      int width = width(rows - i, cols), size = Math.min(width, rows - i);
      sumExpTransposed(size, width, cols, x, xo + i * cols, s);
      VectorElementary.log(width, s, SUMS, s, SUMS);
      for (int r = 0; r < size; r++) {
        double m = s[MAXIMA + r];
        y[yo + i + r] = Double.isInfinite(m) ? VectorReductions.max(cols, x, xo + (i + r) * cols) : m + s[SUMS + r];
      }
      i += size;
    }
  }

  private static double logSumExpOfLongRow(int cols, double[] x, int xi, double[] s) {
    double m = roughMax(cols, x, xi);
    if (Double.isInfinite(m)) return VectorReductions.max(cols, x, xi); // ±∞ itself, or NaN if there is one
    for (int j = 0; j < STRIPES; j++) s[SUMS + j] = 0;
    for (int from = 0; from < cols; from += VectorElementary.BLOCK) {
      int size = Math.min(VectorElementary.BLOCK, cols - from);
      subtract(size, m, x, xi + from, s, 0);
      VectorElementary.exp(size, s, 0, s, 0);
      addToStripes(size, s);
    }
    return m + Elementary.log(ScalarKernels.tree(
        s[SUMS], s[SUMS + 1], s[SUMS + 2], s[SUMS + 3], s[SUMS + 4], s[SUMS + 5], s[SUMS + 6], s[SUMS + 7]));
  }

  /** Adds s [size] to the stripes. Blocks are multiples of eight, so each starts at stripe 0. */
  private static void addToStripes(int size, double[] s) {
    int whole = size - size % STRIPES;
    for (int c = 0; c < STRIPES; c += COUNT) {
      DoubleVector stripe = fromArray(D, s, SUMS + c);
      for (int i = c; i < whole; i += STRIPES) stripe = stripe.add(fromArray(D, s, i));
      stripe.intoArray(s, SUMS + c);
    }
    for (int i = whole; i < size; i++) s[SUMS + i - whole] += s[i];
  }

  /** Returns the largest of x, ignoring NaN, and with zeros of either sign. */
  private static double roughMax(int n, double[] x, int xo) {
    double m = Double.NEGATIVE_INFINITY;
    int i = 0;
    if (n >= 4 * COUNT) {
      DoubleVector a = broadcast(D, m), b = a, c = a, d = a; // four independent chains
      for (; i <= n - 4 * COUNT; i += 4 * COUNT) {
        DoubleVector p = fromArray(D, x, xo + i), q = fromArray(D, x, xo + i + COUNT);
        DoubleVector r = fromArray(D, x, xo + i + 2 * COUNT), t = fromArray(D, x, xo + i + 3 * COUNT);
        a = a.blend(p, p.compare(GT, a));
        b = b.blend(q, q.compare(GT, b));
        c = c.blend(r, r.compare(GT, c));
        d = d.blend(t, t.compare(GT, d));
      }
      m = a.lanewise(MAX, b).lanewise(MAX, c.lanewise(MAX, d)).reduceLanes(MAX);
    }
    for (; i < n; i++) m = x[xo + i] > m ? x[xo + i] : m;
    return m;
  }

  /** y = x − m. */
  private static void subtract(int n, double m, double[] x, int xo, double[] y, int yo) {
    DoubleVector less = broadcast(D, m);
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) fromArray(D, x, xo + i).sub(less).intoArray(y, yo + i);
    for (; i < n; i++) y[yo + i] = x[xo + i] - m;
  }

  // ---------------------------------------------------------------- transposed rows

  /**
   * s = e^(x − m), transposed, with the sums of its rows at SUMS and their maxima m at MAXIMA. Each step is one long
   * loop, because many short ones cost more.
   */
  private static void sumExpTransposed(int rows, int width, int cols, double[] x, int xo, double[] s) {
    transpose(rows, width, cols, x, xo, s);
    int n = cols * width, row = width - 1;
    for (int i = MAXIMA; i < MAXIMA + width; i++) s[i] = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i += COUNT) {
      DoubleVector v = fromArray(D, s, i), m = fromArray(D, s, MAXIMA + (i & row));
      m.blend(v, v.compare(GT, m)).intoArray(s, MAXIMA + (i & row));
    }
    for (int i = 0; i < n; i += COUNT) fromArray(D, s, i).sub(fromArray(D, s, MAXIMA + (i & row))).intoArray(s, i);
    VectorElementary.exp(n, s, 0, s, 0);
    sumTransposed(width, n, s);
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
  private static void sumTransposed(int width, int n, double[] s) {
    int stripe = STRIPES * width - 1;
    for (int i = SUMS; i <= SUMS + stripe; i++) s[i] = 0;
    for (int i = 0; i < n; i += COUNT) {
      fromArray(D, s, SUMS + (i & stripe)).add(fromArray(D, s, i)).intoArray(s, SUMS + (i & stripe));
    }
    for (int l = SUMS; l < SUMS + width; l += COUNT) {
      DoubleVector even = fromArray(D, s, l).add(fromArray(D, s, l + 4 * width))
          .add(fromArray(D, s, l + 2 * width).add(fromArray(D, s, l + 6 * width)));
      DoubleVector odd = fromArray(D, s, l + width).add(fromArray(D, s, l + 5 * width))
          .add(fromArray(D, s, l + 3 * width).add(fromArray(D, s, l + 7 * width)));
      even.add(odd).intoArray(s, l);
    }
  }

  // ---------------------------------------------------------------- the gradient

  /** {@link Kernels#softmaxGradient}; s is scratch [STRIPES]. */
  static void softmaxGradient(
      int rows, int cols, double[] a, int ao, double[] g, int go, double[] d, int dof, double[] s) {
    for (int i = 0; i < rows; i++) {
      int ai = ao + i * cols, gi = go + i * cols, di = dof + i * cols;
      double mean = VectorReductions.dot(cols, a, ai, g, gi, s);
      DoubleVector less = broadcast(D, mean);
      int j = 0;
      for (; j <= cols - COUNT; j += COUNT) {
        fromArray(D, a, ai + j).mul(fromArray(D, g, gi + j).sub(less)).intoArray(d, di + j);
      }
      for (; j < cols; j++) d[di + j] = a[ai + j] * (g[gi + j] - mean);
    }
  }
}
