// SPDX-License-Identifier: MIT
package chainrule.kernels;

/**
 * A·B with two or three columns, in scalar code: vectors of columns would be mostly empty, and vectors of rows would
 * need a transposed A. Four rows at a time give 8 or 12 independent sums, enough to hide the latency of a multiply-add.
 * This was not timed apart from the other changes to the steps of 4-8-3 and 2-16-16-3 (0.72 and 0.89 of the time).
 */
final class ColumnKernels {
  private ColumnKernels() {}

  /** The largest number of columns of C. With four, tiles are faster. */
  static final int MAX_COLUMNS = 3;

  /** C += A·B with n = 2 or 3. Rows of A are lda apart, rows of B ldb, rows of C ldc. */
  static void multiply(
      int m, int n, int k, double[] a, int ao, int lda, double[] b, int bo, int ldb, double[] c, int co, int ldc) {
    int i = 0;
    for (; i <= m - 4; i += 4) {
      if (n == 3) threeColumns(k, a, ao + i * lda, lda, b, bo, ldb, c, co + i * ldc, ldc);
      else twoColumns(k, a, ao + i * lda, lda, b, bo, ldb, c, co + i * ldc, ldc);
    }
    for (; i < m; i++) {
      for (int j = 0; j < n; j++) {
        double s = c[co + i * ldc + j];
        for (int p = 0; p < k; p++) s = Math.fma(a[ao + i * lda + p], b[bo + p * ldb + j], s);
        c[co + i * ldc + j] = s;
      }
    }
  }

  private static void threeColumns(
      int k, double[] a, int a0, int lda, double[] b, int bo, int ldb, double[] c, int c0, int ldc) {
    int a1 = a0 + lda, a2 = a1 + lda, a3 = a2 + lda, c1 = c0 + ldc, c2 = c1 + ldc, c3 = c2 + ldc;
    double c00 = c[c0], c01 = c[c0 + 1], c02 = c[c0 + 2], c10 = c[c1], c11 = c[c1 + 1], c12 = c[c1 + 2];
    double c20 = c[c2], c21 = c[c2 + 1], c22 = c[c2 + 2], c30 = c[c3], c31 = c[c3 + 1], c32 = c[c3 + 2];
    for (int p = 0; p < k; p++) {
      int bp = bo + p * ldb;
      double b0 = b[bp], b1 = b[bp + 1], b2 = b[bp + 2], x0 = a[a0 + p], x1 = a[a1 + p];
      c00 = Math.fma(x0, b0, c00);
      c01 = Math.fma(x0, b1, c01);
      c02 = Math.fma(x0, b2, c02);
      c10 = Math.fma(x1, b0, c10);
      c11 = Math.fma(x1, b1, c11);
      c12 = Math.fma(x1, b2, c12);
      double x2 = a[a2 + p], x3 = a[a3 + p];
      c20 = Math.fma(x2, b0, c20);
      c21 = Math.fma(x2, b1, c21);
      c22 = Math.fma(x2, b2, c22);
      c30 = Math.fma(x3, b0, c30);
      c31 = Math.fma(x3, b1, c31);
      c32 = Math.fma(x3, b2, c32);
    }
    c[c0] = c00;
    c[c0 + 1] = c01;
    c[c0 + 2] = c02;
    c[c1] = c10;
    c[c1 + 1] = c11;
    c[c1 + 2] = c12;
    c[c2] = c20;
    c[c2 + 1] = c21;
    c[c2 + 2] = c22;
    c[c3] = c30;
    c[c3 + 1] = c31;
    c[c3 + 2] = c32;
  }

  private static void twoColumns(
      int k, double[] a, int a0, int lda, double[] b, int bo, int ldb, double[] c, int c0, int ldc) {
    int a1 = a0 + lda, a2 = a1 + lda, a3 = a2 + lda, c1 = c0 + ldc, c2 = c1 + ldc, c3 = c2 + ldc;
    double c00 = c[c0], c01 = c[c0 + 1], c10 = c[c1], c11 = c[c1 + 1];
    double c20 = c[c2], c21 = c[c2 + 1], c30 = c[c3], c31 = c[c3 + 1];
    for (int p = 0; p < k; p++) {
      int bp = bo + p * ldb;
      double b0 = b[bp], b1 = b[bp + 1], x0 = a[a0 + p], x1 = a[a1 + p], x2 = a[a2 + p], x3 = a[a3 + p];
      c00 = Math.fma(x0, b0, c00);
      c01 = Math.fma(x0, b1, c01);
      c10 = Math.fma(x1, b0, c10);
      c11 = Math.fma(x1, b1, c11);
      c20 = Math.fma(x2, b0, c20);
      c21 = Math.fma(x2, b1, c21);
      c30 = Math.fma(x3, b0, c30);
      c31 = Math.fma(x3, b1, c31);
    }
    c[c0] = c00;
    c[c0 + 1] = c01;
    c[c1] = c10;
    c[c1 + 1] = c11;
    c[c2] = c20;
    c[c2 + 1] = c21;
    c[c3] = c30;
    c[c3 + 1] = c31;
  }
}
