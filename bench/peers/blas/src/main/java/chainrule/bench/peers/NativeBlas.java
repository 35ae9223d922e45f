// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import org.bytedeco.javacpp.DoublePointer;

/** The row-major matrix products of a BLAS library on native memory, with the constants of CBLAS for ta and tb. */
public interface NativeBlas {
  int NO_TRANS = 111, TRANS = 112;

  /** Computes C ← α·op(A)·op(B) + β·C. */
  void gemm(int ta, int tb, int m, int n, int k, double alpha, DoublePointer a, int lda, DoublePointer b, int ldb,
      double beta, DoublePointer c, int ldc);

  /** Computes y ← x·B for a single row. Shapes: x [k], B [k × n], y [n]. */
  void gemv(int n, int k, DoublePointer x, DoublePointer b, DoublePointer y);
}
