// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import org.bytedeco.javacpp.DoublePointer;

/** A library's row-major dgemm on native memory; {@code CblasTrans} or {@code CblasNoTrans} as CBLAS numbers them. */
public interface NativeBlas {
  int NO_TRANS = 111, TRANS = 112;

  /** C ← α·op(A)·op(B) + β·C. */
  void gemm(int ta, int tb, int m, int n, int k, double alpha, DoublePointer a, int lda, DoublePointer b, int ldb,
      double beta, DoublePointer c, int ldc);

  /** y [n] ← x [k] · B [k × n], for a single row. */
  void gemv(int n, int k, DoublePointer x, DoublePointer b, DoublePointer y);
}
