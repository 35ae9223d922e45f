// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

/** The matrix products of a BLAS library on Java arrays. Matrices are row-major, and rows are ld elements apart. */
public interface ArrayBlas {
  /** Computes C ← α·op(A)·op(B) + β·C. Shapes: op(A) [m × k], op(B) [k × n]. β is 0 or 1; if 0, C is not read. */
  void gemm(boolean ta, boolean tb, int m, int n, int k, double alpha, double[] a, int ao, int lda,
      double[] b, int bo, int ldb, double beta, double[] c, int co, int ldc);

  /** Computes y ← x·B for a single row. Shapes: x [k], B [k × n], y [n]. */
  void gemv(int n, int k, double[] x, double[] b, int bo, double[] y);
}
