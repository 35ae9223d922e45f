// SPDX-License-Identifier: MIT
package chainrule.kernels;

import static chainrule.kernels.Lanes.COUNT;
import static chainrule.kernels.Lanes.D;

import jdk.incubator.vector.DoubleVector;

/**
 * Products with so few rows that a tile has nothing to reuse. They read each element of B once, so memory bandwidth is
 * the limit.
 */
final class RowKernels {
  private RowKernels() {}

  /** The largest number of columns of C that stay in registers. */
  private static final int IN_REGISTERS = (Lanes.REGISTERS >= 32 ? 16 : 8) * COUNT;

  /**
   * Computes one row of C: c[j] = fma(a[p], b[p,j], c[j]) for p = 0 … k−1. The elements a[p] are {@code step} apart. n
   * must be at least COUNT. Whole rows of C in registers (1×128×784: 11.4 → 8.2 µs, the time in which the second-level
   * cache can be read; 1×10×128: 0.50 → 0.32) beat eight rows of B at a time, but parts of rows do not.
   */
  static void sum(int n, int k, double[] a, int ao, int step, double[] b, int bo, int ldb, double[] c, int co) {
    if (n > IN_REGISTERS) {
      byEightRows(n, k, a, ao, step, b, bo, ldb, c, co);
      return;
    }
    int vectors = IN_REGISTERS / COUNT;
    while (vectors > 2 && vectors * COUNT >= 2 * n) vectors /= 2;
    RowMicroKernels.row(vectors, k, a, ao, step, b, bo, ldb, c, co, n - vectors / 2 * COUNT);
  }

  /** The sum over eight rows of B at a time. The last vector overlaps the one before, and is read before that. */
  private static void byEightRows(
      int n, int k, double[] a, int ao, int step, double[] b, int bo, int ldb, double[] c, int co) {
    int p = 0;
    for (; p <= k - 8; p += 8) addEight(n, a, ao + p * step, step, b, bo + p * ldb, ldb, c, co);
    for (; p < k; p++) outer(1, n, a, ao + p * step, 0, b, bo + p * ldb, c, co, 0);
  }

  /**
   * Adds one turn of the sum to each row of C: c[i,j] = fma(a[i], b[j], c[i,j]). The elements a[i] are {@code step}
   * apart. n must be at least COUNT.
   */
  static void outer(int m, int n, double[] a, int ao, int step, double[] b, int bo, double[] c, int co, int ldc) {
    int last = n - COUNT;
    DoubleVector bLast = DoubleVector.fromArray(D, b, bo + last);
    for (int i = 0; i < m; i++) {
      int ci = co + i * ldc;
      DoubleVector x = DoubleVector.broadcast(D, a[ao + i * step]);
      DoubleVector end = x.fma(bLast, DoubleVector.fromArray(D, c, ci + last));
      for (int j = 0; j < last; j += COUNT) {
        x.fma(DoubleVector.fromArray(D, b, bo + j), DoubleVector.fromArray(D, c, ci + j)).intoArray(c, ci + j);
      }
      end.intoArray(c, ci + last);
    }
  }

  private static void addEight(
      int n, double[] a, int ao, int step, double[] b, int b0, int ldb, double[] c, int co) {
    int b1 = b0 + ldb, b2 = b1 + ldb, b3 = b2 + ldb, b4 = b3 + ldb, b5 = b4 + ldb, b6 = b5 + ldb, b7 = b6 + ldb;
    DoubleVector a0 = DoubleVector.broadcast(D, a[ao]), a1 = DoubleVector.broadcast(D, a[ao + step]);
    DoubleVector a2 = DoubleVector.broadcast(D, a[ao + 2 * step]), a3 = DoubleVector.broadcast(D, a[ao + 3 * step]);
    DoubleVector a4 = DoubleVector.broadcast(D, a[ao + 4 * step]), a5 = DoubleVector.broadcast(D, a[ao + 5 * step]);
    DoubleVector a6 = DoubleVector.broadcast(D, a[ao + 6 * step]), a7 = DoubleVector.broadcast(D, a[ao + 7 * step]);
    int last = n - COUNT;
    DoubleVector end = DoubleVector.fromArray(D, c, co + last);
    for (int j = 0; j < last; j += COUNT) {
      DoubleVector s = a0.fma(DoubleVector.fromArray(D, b, b0 + j), DoubleVector.fromArray(D, c, co + j));
      s = a1.fma(DoubleVector.fromArray(D, b, b1 + j), s);
      s = a2.fma(DoubleVector.fromArray(D, b, b2 + j), s);
      s = a3.fma(DoubleVector.fromArray(D, b, b3 + j), s);
      s = a4.fma(DoubleVector.fromArray(D, b, b4 + j), s);
      s = a5.fma(DoubleVector.fromArray(D, b, b5 + j), s);
      s = a6.fma(DoubleVector.fromArray(D, b, b6 + j), s);
      a7.fma(DoubleVector.fromArray(D, b, b7 + j), s).intoArray(c, co + j);
    }
    end = a0.fma(DoubleVector.fromArray(D, b, b0 + last), end);
    end = a1.fma(DoubleVector.fromArray(D, b, b1 + last), end);
    end = a2.fma(DoubleVector.fromArray(D, b, b2 + last), end);
    end = a3.fma(DoubleVector.fromArray(D, b, b3 + last), end);
    end = a4.fma(DoubleVector.fromArray(D, b, b4 + last), end);
    end = a5.fma(DoubleVector.fromArray(D, b, b5 + last), end);
    end = a6.fma(DoubleVector.fromArray(D, b, b6 + last), end);
    a7.fma(DoubleVector.fromArray(D, b, b7 + last), end).intoArray(c, co + last);
  }

  /**
   * C += A·Bᵀ as dot products, each in the order of p. Lanes would have to run along k, which the order forbids.
   * Instead eight scalar chains overlap in the processor, two turns at a time (12.4 GFLOP/s in cache instead of 10.4).
   */
  static void dots(
      int m, int n, int k, double[] a, int ao, int lda, double[] b, int bo, int ldb, double[] c, int co, int ldc) {
    for (int i = 0; i < m; i++) {
      int ai = ao + i * lda, ci = co + i * ldc, j = 0;
      for (; j <= n - 8; j += 8) eightDots(k, a, ai, b, bo + j * ldb, ldb, c, ci + j);
      for (; j < n; j++) {
        double s = c[ci + j];
        for (int p = 0; p < k; p++) s = Math.fma(a[ai + p], b[bo + j * ldb + p], s);
        c[ci + j] = s;
      }
    }
  }

  private static void eightDots(int k, double[] a, int ai, double[] b, int b0, int ldb, double[] c, int ci) {
    int b1 = b0 + ldb, b2 = b1 + ldb, b3 = b2 + ldb, b4 = b3 + ldb, b5 = b4 + ldb, b6 = b5 + ldb, b7 = b6 + ldb;
    double s0 = c[ci], s1 = c[ci + 1], s2 = c[ci + 2], s3 = c[ci + 3];
    double s4 = c[ci + 4], s5 = c[ci + 5], s6 = c[ci + 6], s7 = c[ci + 7];
    int p = 0;
    for (; p <= k - 2; p += 2) {
      double x = a[ai + p], y = a[ai + p + 1];
      s0 = Math.fma(y, b[b0 + p + 1], Math.fma(x, b[b0 + p], s0));
      s1 = Math.fma(y, b[b1 + p + 1], Math.fma(x, b[b1 + p], s1));
      s2 = Math.fma(y, b[b2 + p + 1], Math.fma(x, b[b2 + p], s2));
      s3 = Math.fma(y, b[b3 + p + 1], Math.fma(x, b[b3 + p], s3));
      s4 = Math.fma(y, b[b4 + p + 1], Math.fma(x, b[b4 + p], s4));
      s5 = Math.fma(y, b[b5 + p + 1], Math.fma(x, b[b5 + p], s5));
      s6 = Math.fma(y, b[b6 + p + 1], Math.fma(x, b[b6 + p], s6));
      s7 = Math.fma(y, b[b7 + p + 1], Math.fma(x, b[b7 + p], s7));
    }
    if (p < k) {
      double x = a[ai + p];
      s0 = Math.fma(x, b[b0 + p], s0);
      s1 = Math.fma(x, b[b1 + p], s1);
      s2 = Math.fma(x, b[b2 + p], s2);
      s3 = Math.fma(x, b[b3 + p], s3);
      s4 = Math.fma(x, b[b4 + p], s4);
      s5 = Math.fma(x, b[b5 + p], s5);
      s6 = Math.fma(x, b[b6 + p], s6);
      s7 = Math.fma(x, b[b7 + p], s7);
    }
    c[ci] = s0;
    c[ci + 1] = s1;
    c[ci + 2] = s2;
    c[ci + 3] = s3;
    c[ci + 4] = s4;
    c[ci + 5] = s5;
    c[ci + 6] = s6;
    c[ci + 7] = s7;
  }
}
