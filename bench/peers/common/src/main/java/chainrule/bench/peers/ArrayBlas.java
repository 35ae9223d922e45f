// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

/** Matrix products on Java's arrays, as a library offers them; all matrices are row-major, with rows of ld numbers. */
public interface ArrayBlas {
  /** C ← α·op(A)·op(B) + β·C, op(A) [m × k], op(B) [k × n]; β is 0 or 1, and with 0 C is written, not read. */
  void gemm(boolean ta, boolean tb, int m, int n, int k, double alpha, double[] a, int ao, int lda,
      double[] b, int bo, int ldb, double beta, double[] c, int co, int ldc);

  /** y [n] ← x [k] · B [k × n], for a single row. */
  void gemv(int n, int k, double[] x, double[] b, int bo, double[] y);
}
