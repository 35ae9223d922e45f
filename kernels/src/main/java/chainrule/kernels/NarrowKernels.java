package chainrule.kernels;

import static chainrule.kernels.Lanes.COUNT;
import static chainrule.kernels.Lanes.D;

import jdk.incubator.vector.DoubleVector;

/**
 * Aᵀ·B with a C of few columns, where lanes along the columns would stand empty: they run along the rows of C, which
 * are the columns of A, so that A is read where it lies.
 *
 * <pre>
 *                    b[p,j]   b[p,j+1]  …          one element of B for all lanes
 *   a[p, i … ]        c00       c01                cVJ: rows i + V·COUNT … of C, column J;  cVJ = fma(aV, bJ, cVJ)
 *   a[p, i+COUNT … ]  c10       c11
 * </pre>
 *
 * A strip of two vectors of rows is turned into a scratch array, all its columns take their sums there, and it is
 * turned back. Every element starts from what C holds and adds its products in the order of p.
 */
final class NarrowKernels {
  private NarrowKernels() {}

  /** The most columns of C. */
  private static final int MOST = 12;
  /** Elements of A from which whole vectors of columns, which tiles hold as well, are worth the turning. */
  private static final long LARGE = 2048;
  /** Rows of C in a strip. */
  private static final int STRIP = 2 * COUNT;

  /** Room for a strip of C. */
  static final int SCRATCH = MOST * STRIP;

  /** Whether it can be taken, and tiles along the columns would be slower. */
  static boolean isNarrow(int m, int n, int k) {
    return m >= COUNT && (n < COUNT || n <= MOST && (long) m * k >= LARGE);
  }

  /**
   * C += Aᵀ·B. A is [k × m], rows lda apart, B is [k × n], rows ldb apart; the sizes are {@link #isNarrow}, s is for a
   * strip of C.
   */
  static void multiply(
      int m, int n, int k, double[] a, int ao, int lda, double[] b, int bo, int ldb, double[] c, int co, int ldc,
      double[] s) {
    for (int i = 0; i < m; i += STRIP) {
      // The second vector overlaps the first, or is it; both are pushed back where less than a vector is left.
      int left = Math.min(STRIP, m - i), first = Math.min(i, m - COUNT), last = Math.max(0, left - COUNT);
      for (int j = 0; j < n; j++) {
        int cj = co + first * ldc + j, at = j * STRIP;
        turn(c, cj, ldc, s, at);
        if (last > 0) turn(c, cj + last * ldc, ldc, s, at + COUNT);
      }
      for (int j = 0, rest = n, width; rest > 0; rest -= width, j += width) {
        width = width(rest);
        columns(width, k, a, ao + first, lda, last, b, bo + j, ldb, s, j * STRIP);
      }
      for (int j = 0; j < n; j++) {
        int cj = co + first * ldc + j, at = j * STRIP;
        if (first == i) turnBack(s, at, c, cj, ldc);
        else for (int r = i - first; r < COUNT; r++) c[cj + r * ldc] = s[at + r];
        if (last > 0) turnBack(s, at + COUNT, c, cj + last * ldc, ldc);
      }
    }
  }

  /** Columns of the next turn, 5 at most, and as equal as can be: the sums of one or two would wait for themselves. */
  private static int width(int left) {
    int turns = (left + 4) / 5;
    return (left + turns - 1) / turns;
  }

  /** s[r] = c[r, 0], one vector of rows: with a constant count C2 writes the loop out. */
  private static void turn(double[] c, int co, int ldc, double[] s, int so) {
    for (int r = 0; r < COUNT; r++) s[so + r] = c[co + r * ldc];
  }

  private static void turnBack(double[] s, int so, double[] c, int co, int ldc) {
    for (int r = 0; r < COUNT; r++) c[co + r * ldc] = s[so + r];
  }

  /** Columns of C as {@link #multiply} has turned them: {@code width} of them, 5 at most. */
  private static void columns(
      int width, int k, double[] a, int ao, int lda, int last, double[] b, int bo, int ldb, double[] s, int so) {
    switch (width) {
      case 5 -> fiveColumns(k, a, ao, lda, last, b, bo, ldb, s, so);
      case 4 -> fourColumns(k, a, ao, lda, last, b, bo, ldb, s, so);
      case 3 -> threeColumns(k, a, ao, lda, last, b, bo, ldb, s, so);
      case 2 -> twoColumns(k, a, ao, lda, last, b, bo, ldb, s, so);
      default -> oneColumn(k, a, ao, lda, last, b, bo, ldb, s, so);
    }
  }

  private static void fiveColumns(
      int k, double[] a, int ao, int lda, int last, double[] b, int bo, int ldb, double[] s, int so) {
    DoubleVector c00 = DoubleVector.fromArray(D, s, so);
    DoubleVector c10 = DoubleVector.fromArray(D, s, so + COUNT);
    DoubleVector c01 = DoubleVector.fromArray(D, s, so + STRIP);
    DoubleVector c11 = DoubleVector.fromArray(D, s, so + STRIP + COUNT);
    DoubleVector c02 = DoubleVector.fromArray(D, s, so + 2 * STRIP);
    DoubleVector c12 = DoubleVector.fromArray(D, s, so + 2 * STRIP + COUNT);
    DoubleVector c03 = DoubleVector.fromArray(D, s, so + 3 * STRIP);
    DoubleVector c13 = DoubleVector.fromArray(D, s, so + 3 * STRIP + COUNT);
    DoubleVector c04 = DoubleVector.fromArray(D, s, so + 4 * STRIP);
    DoubleVector c14 = DoubleVector.fromArray(D, s, so + 4 * STRIP + COUNT);
    for (int p = 0; p < k; p++) {
      int ap = ao + p * lda, bp = bo + p * ldb;
      DoubleVector a0 = DoubleVector.fromArray(D, a, ap);
      DoubleVector a1 = DoubleVector.fromArray(D, a, ap + last);
      DoubleVector b0 = DoubleVector.broadcast(D, b[bp]);
      c00 = a0.fma(b0, c00);
      c10 = a1.fma(b0, c10);
      DoubleVector b1 = DoubleVector.broadcast(D, b[bp + 1]);
      c01 = a0.fma(b1, c01);
      c11 = a1.fma(b1, c11);
      DoubleVector b2 = DoubleVector.broadcast(D, b[bp + 2]);
      c02 = a0.fma(b2, c02);
      c12 = a1.fma(b2, c12);
      DoubleVector b3 = DoubleVector.broadcast(D, b[bp + 3]);
      c03 = a0.fma(b3, c03);
      c13 = a1.fma(b3, c13);
      DoubleVector b4 = DoubleVector.broadcast(D, b[bp + 4]);
      c04 = a0.fma(b4, c04);
      c14 = a1.fma(b4, c14);
    }
    c00.intoArray(s, so);
    c10.intoArray(s, so + COUNT);
    c01.intoArray(s, so + STRIP);
    c11.intoArray(s, so + STRIP + COUNT);
    c02.intoArray(s, so + 2 * STRIP);
    c12.intoArray(s, so + 2 * STRIP + COUNT);
    c03.intoArray(s, so + 3 * STRIP);
    c13.intoArray(s, so + 3 * STRIP + COUNT);
    c04.intoArray(s, so + 4 * STRIP);
    c14.intoArray(s, so + 4 * STRIP + COUNT);
  }

  private static void fourColumns(
      int k, double[] a, int ao, int lda, int last, double[] b, int bo, int ldb, double[] s, int so) {
    DoubleVector c00 = DoubleVector.fromArray(D, s, so);
    DoubleVector c10 = DoubleVector.fromArray(D, s, so + COUNT);
    DoubleVector c01 = DoubleVector.fromArray(D, s, so + STRIP);
    DoubleVector c11 = DoubleVector.fromArray(D, s, so + STRIP + COUNT);
    DoubleVector c02 = DoubleVector.fromArray(D, s, so + 2 * STRIP);
    DoubleVector c12 = DoubleVector.fromArray(D, s, so + 2 * STRIP + COUNT);
    DoubleVector c03 = DoubleVector.fromArray(D, s, so + 3 * STRIP);
    DoubleVector c13 = DoubleVector.fromArray(D, s, so + 3 * STRIP + COUNT);
    for (int p = 0; p < k; p++) {
      int ap = ao + p * lda, bp = bo + p * ldb;
      DoubleVector a0 = DoubleVector.fromArray(D, a, ap);
      DoubleVector a1 = DoubleVector.fromArray(D, a, ap + last);
      DoubleVector b0 = DoubleVector.broadcast(D, b[bp]);
      c00 = a0.fma(b0, c00);
      c10 = a1.fma(b0, c10);
      DoubleVector b1 = DoubleVector.broadcast(D, b[bp + 1]);
      c01 = a0.fma(b1, c01);
      c11 = a1.fma(b1, c11);
      DoubleVector b2 = DoubleVector.broadcast(D, b[bp + 2]);
      c02 = a0.fma(b2, c02);
      c12 = a1.fma(b2, c12);
      DoubleVector b3 = DoubleVector.broadcast(D, b[bp + 3]);
      c03 = a0.fma(b3, c03);
      c13 = a1.fma(b3, c13);
    }
    c00.intoArray(s, so);
    c10.intoArray(s, so + COUNT);
    c01.intoArray(s, so + STRIP);
    c11.intoArray(s, so + STRIP + COUNT);
    c02.intoArray(s, so + 2 * STRIP);
    c12.intoArray(s, so + 2 * STRIP + COUNT);
    c03.intoArray(s, so + 3 * STRIP);
    c13.intoArray(s, so + 3 * STRIP + COUNT);
  }

  private static void threeColumns(
      int k, double[] a, int ao, int lda, int last, double[] b, int bo, int ldb, double[] s, int so) {
    DoubleVector c00 = DoubleVector.fromArray(D, s, so);
    DoubleVector c10 = DoubleVector.fromArray(D, s, so + COUNT);
    DoubleVector c01 = DoubleVector.fromArray(D, s, so + STRIP);
    DoubleVector c11 = DoubleVector.fromArray(D, s, so + STRIP + COUNT);
    DoubleVector c02 = DoubleVector.fromArray(D, s, so + 2 * STRIP);
    DoubleVector c12 = DoubleVector.fromArray(D, s, so + 2 * STRIP + COUNT);
    for (int p = 0; p < k; p++) {
      int ap = ao + p * lda, bp = bo + p * ldb;
      DoubleVector a0 = DoubleVector.fromArray(D, a, ap);
      DoubleVector a1 = DoubleVector.fromArray(D, a, ap + last);
      DoubleVector b0 = DoubleVector.broadcast(D, b[bp]);
      c00 = a0.fma(b0, c00);
      c10 = a1.fma(b0, c10);
      DoubleVector b1 = DoubleVector.broadcast(D, b[bp + 1]);
      c01 = a0.fma(b1, c01);
      c11 = a1.fma(b1, c11);
      DoubleVector b2 = DoubleVector.broadcast(D, b[bp + 2]);
      c02 = a0.fma(b2, c02);
      c12 = a1.fma(b2, c12);
    }
    c00.intoArray(s, so);
    c10.intoArray(s, so + COUNT);
    c01.intoArray(s, so + STRIP);
    c11.intoArray(s, so + STRIP + COUNT);
    c02.intoArray(s, so + 2 * STRIP);
    c12.intoArray(s, so + 2 * STRIP + COUNT);
  }

  private static void twoColumns(
      int k, double[] a, int ao, int lda, int last, double[] b, int bo, int ldb, double[] s, int so) {
    DoubleVector c00 = DoubleVector.fromArray(D, s, so);
    DoubleVector c10 = DoubleVector.fromArray(D, s, so + COUNT);
    DoubleVector c01 = DoubleVector.fromArray(D, s, so + STRIP);
    DoubleVector c11 = DoubleVector.fromArray(D, s, so + STRIP + COUNT);
    for (int p = 0; p < k; p++) {
      int ap = ao + p * lda, bp = bo + p * ldb;
      DoubleVector a0 = DoubleVector.fromArray(D, a, ap);
      DoubleVector a1 = DoubleVector.fromArray(D, a, ap + last);
      DoubleVector b0 = DoubleVector.broadcast(D, b[bp]);
      c00 = a0.fma(b0, c00);
      c10 = a1.fma(b0, c10);
      DoubleVector b1 = DoubleVector.broadcast(D, b[bp + 1]);
      c01 = a0.fma(b1, c01);
      c11 = a1.fma(b1, c11);
    }
    c00.intoArray(s, so);
    c10.intoArray(s, so + COUNT);
    c01.intoArray(s, so + STRIP);
    c11.intoArray(s, so + STRIP + COUNT);
  }

  private static void oneColumn(
      int k, double[] a, int ao, int lda, int last, double[] b, int bo, int ldb, double[] s, int so) {
    DoubleVector c00 = DoubleVector.fromArray(D, s, so);
    DoubleVector c10 = DoubleVector.fromArray(D, s, so + COUNT);
    for (int p = 0; p < k; p++) {
      int ap = ao + p * lda, bp = bo + p * ldb;
      DoubleVector a0 = DoubleVector.fromArray(D, a, ap);
      DoubleVector a1 = DoubleVector.fromArray(D, a, ap + last);
      DoubleVector b0 = DoubleVector.broadcast(D, b[bp]);
      c00 = a0.fma(b0, c00);
      c10 = a1.fma(b0, c10);
    }
    c00.intoArray(s, so);
    c10.intoArray(s, so + COUNT);
  }
}
