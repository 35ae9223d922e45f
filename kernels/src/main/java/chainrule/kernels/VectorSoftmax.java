// SPDX-License-Identifier: MIT
package chainrule.kernels;

import static chainrule.kernels.Lanes.COUNT;
import static chainrule.kernels.Lanes.D;
import static chainrule.kernels.VectorReductions.STRIPES;
import static jdk.incubator.vector.DoubleVector.broadcast;
import static jdk.incubator.vector.DoubleVector.fromArray;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.MAX;

import jdk.incubator.vector.DoubleVector;

/**
 * Softmax, its gradient and log-sum-exp, in lanes. Long rows are vectorized along the row. Rows of 8 to 16 columns are
 * {@link TwoVectorRows} if there are eight lanes. Other short rows are {@link TransposedRows}.
 *
 * <p>The maximum m is needed only for x − m. So it may ignore a NaN, because e^(NaN − m) makes the row NaN anyway, and
 * it may be either zero, because e^±0 = 1. This avoids the selections that an exact maximum costs.
 *
 * <p>A division by the sum of a row is a multiplication by its inverse, corrected to the bits of the division: see
 * {@link #invert}. On Intel, 8 rows of 1000 take 1.2 ns per element (with divisions 1.9), JDK 17 and 25.
 */
final class VectorSoftmax {
  private VectorSoftmax() {}

  /** The largest number of columns of a row that is transposed. */
  private static final int NARROW = 64;
  /** The largest number of rows that are computed one by one: they would fill too little of the least width, eight. */
  static final int FEW = 3;
  /** The largest number of rows in a block, and of its elements: 8 KiB. */
  static final int ROWS = 64, BLOCK = 1024;
  /**
   * The layout of the scratch array: a block of exponentials, eight stripes of sums for each of its rows, and for each
   * row its maximum, sum, −sum, 1/sum and the rounding error of that.
   */
  static final int PARTS = BLOCK, MAXIMA = PARTS + STRIPES * ROWS, SUMS = MAXIMA + ROWS, MINUS_SUMS = SUMS + ROWS,
      INVERSES = MINUS_SUMS + ROWS, LOWS = INVERSES + ROWS;

  /** The length of the scratch array. */
  static final int SCRATCH = LOWS + ROWS;

  /**
   * The differences x − m of a block are called ordinary if all are at least −600. Then the exponentials need no check,
   * and quotients can be computed by {@link #invert}. The test is that no lane's sum of squares exceeds 600²: one
   * multiply-add for each vector, which also finds ±∞ and NaN. It fails without need if many differences exceed 50.
   */
  static final double SQUARES = 600.0 * 600.0;

  /** Returns whether no vector loop would run. Scalar code then takes a third of the time. */
  static boolean isTiny(int rows, int cols) {
    return rows <= FEW && cols < COUNT;
  }

  /** Returns whether to transpose the rows. */
  private static boolean isTransposed(int rows, int cols) {
    return rows > FEW && cols <= 2 * COUNT || rows >= COUNT && cols <= NARROW;
  }

  /** {@link Kernels#softmax}; s is scratch [SCRATCH]. */
  static void softmax(int rows, int cols, double[] x, int xo, double[] y, int yo, double[] s) {
    if (cols == 0) return;
    if (TwoVectorRows.fit(rows, cols)) {
      for (int i = 0; i < rows; i += ROWS) {
        int size = Math.min(ROWS, rows - i);
        boolean ordinary = TwoVectorRows.sumExp(size, cols, x, xo + i * cols, s);
        TwoVectorRows.divide(ordinary, size, cols, s, y, yo + i * cols);
      }
      return;
    }
    if (!isTransposed(rows, cols)) {
      for (int i = 0; i < rows; i++) softmaxOfLongRow(cols, x, xo + i * cols, y, yo + i * cols, s);
      return;
    }
    for (int i = 0; i < rows; ) {
      int width = TransposedRows.width(rows - i, cols), size = Math.min(width, rows - i);
      boolean ordinary = TransposedRows.sumExp(size, width, cols, x, xo + i * cols, s);
      TransposedRows.divide(ordinary, size, width, cols, s, y, yo + i * cols);
      i += size;
    }
  }

  /** y = e^y. */
  static void exp(boolean ordinary, int n, double[] y, int yo) {
    int whole = ordinary ? n - n % COUNT : 0;
    VectorElementary.expOfOrdinary(whole, y, yo, y, yo);
    if (whole < n) VectorElementary.exp(n - whole, y, yo + whole, y, yo + whole);
  }

  /**
   * Prepares the divisions by the sum of row i. With the inverse h = RN(1/t) of a sum t and l ≈ 1/t − h:
   * <pre>q = RN(e·h + e·l);   r = e − q·t, exactly;   RN(e/t) = RN(q + r·h)</pre>
   * q is one of the two doubles next to e/t. So r is exact and q + r·h rounds like the quotient (Markstein 1990),
   * unless e is so small that r is subnormal. One division of eight lanes takes 16 cycles on Intel, this takes two.
   */
  static void invert(double[] s, int i) {
    double minusSum = -s[SUMS + i], inverse = 1 / s[SUMS + i];
    s[MINUS_SUMS + i] = minusSum;
    s[INVERSES + i] = inverse;
    s[LOWS + i] = Math.fma(minusSum, inverse, 1) * inverse;
  }

  private static void softmaxOfLongRow(int cols, double[] x, int xi, double[] y, int yi, double[] s) {
    double m = roughMax(cols, x, xi);
    boolean ordinary = true;
    for (int from = 0; from < cols; from += VectorElementary.BLOCK) {
      int size = Math.min(VectorElementary.BLOCK, cols - from);
      boolean block = subtract(size, m, x, xi + from, y, yi + from);
      exp(block, size, y, yi + from);
      ordinary &= block;
    }
    double total = VectorReductions.sum(cols, y, yi, s);
    int whole = cols - cols % COUNT;
    if (ordinary) divideOrdinary(whole, total, y, yi);
    else divide(whole, total, y, yi);
    for (int j = whole; j < cols; j++) y[yi + j] = y[yi + j] / total;
  }

  private static void divideOrdinary(int n, double total, double[] y, int yo) {
    double h = 1 / total;
    DoubleVector minusTotal = broadcast(D, -total), inverse = broadcast(D, h);
    DoubleVector low = broadcast(D, Math.fma(-total, h, 1) * h);
    for (int j = 0; j < n; j += COUNT) {
      DoubleVector e = fromArray(D, y, yo + j), q = e.fma(inverse, e.mul(low));
      minusTotal.fma(q, e).fma(inverse, q).intoArray(y, yo + j);
    }
  }

  private static void divide(int n, double total, double[] y, int yo) {
    DoubleVector divisor = broadcast(D, total);
    for (int j = 0; j < n; j += COUNT) fromArray(D, y, yo + j).div(divisor).intoArray(y, yo + j);
  }

  /** {@link Kernels#logSumExp}; s is scratch [SCRATCH]. */
  static void logSumExp(int rows, int cols, double[] x, int xo, double[] y, int yo, double[] s) {
    boolean twoVectors = TwoVectorRows.fit(rows, cols);
    if (!twoVectors && !isTransposed(rows, cols) || cols == 0) {
      for (int i = 0; i < rows; i++) y[yo + i] = logSumExpOfLongRow(cols, x, xo + i * cols, s);
      return;
    }
    for (int i = 0; i < rows; ) {
      int width = TransposedRows.width(rows - i, cols), size = Math.min(width, rows - i);
      if (twoVectors) TwoVectorRows.sumExp(size, cols, x, xo + i * cols, s);
      else TransposedRows.sumExp(size, width, cols, x, xo + i * cols, s);
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
      exp(subtract(size, m, x, xi + from, s, 0), size, s, 0);
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

  /** y = x − m. Returns whether all differences are ordinary. */
  private static boolean subtract(int n, double m, double[] x, int xo, double[] y, int yo) {
    DoubleVector less = broadcast(D, m), squares = broadcast(D, 0);
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      DoubleVector d = fromArray(D, x, xo + i).sub(less);
      d.intoArray(y, yo + i);
      squares = d.fma(d, squares);
    }
    boolean ordinary = squares.compare(LE, broadcast(D, SQUARES)).allTrue();
    for (; i < n; i++) {
      double d = x[xo + i] - m;
      y[yo + i] = d;
      ordinary &= d * d <= SQUARES;
    }
    return ordinary;
  }

  // ---------------------------------------------------------------- the gradient

  /** {@link Kernels#softmaxGradient}; s is scratch [SCRATCH]. */
  static void softmaxGradient(
      int rows, int cols, double[] a, int ao, double[] g, int go, double[] d, int dof, double[] s) {
    int done = 0;
    if (TwoVectorRows.fit(rows, cols)) {
      TwoVectorRows.gradient(rows, cols, a, ao, g, go, d, dof);
      done = rows - 1;
    } else if (TwoVectorRows.fitThree(rows, cols)) {
      TwoVectorRows.gradientOfThree(rows, cols, a, ao, g, go, d, dof);
      done = rows - 1;
    }
    for (int i = done; i < rows; i++) {
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
