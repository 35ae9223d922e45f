// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.blas.JavaBLAS;

/** netlib's pure-Java BLAS, on the Vector API if available. */
public final class NetlibEngine implements Engine {
  private final BLAS blas = JavaBLAS.getInstance();

  @Override public String name() {
    return "netlib 3.2.0, " + blas.getClass().getSimpleName();
  }

  @Override public PreparedWorkload prepare(Workload work, int threads) {
    if (threads > 1) throw new UnsupportedOperationException("netlib uses one thread");
    return new ArrayBlasWorkload(work, rowMajor(blas));
  }

  /** Adapts a column-major BLAS, for which C = op(A)·op(B) is Cᵀ = op(B)ᵀ·op(A)ᵀ. */
  static ArrayBlas rowMajor(BLAS blas) {
    return new ArrayBlas() {
      @Override public void gemm(boolean ta, boolean tb, int m, int n, int k, double alpha, double[] a, int ao, int lda,
          double[] b, int bo, int ldb, double beta, double[] c, int co, int ldc) {
        blas.dgemm(tb ? "T" : "N", ta ? "T" : "N", n, m, k, alpha, b, bo, ldb, a, ao, lda, beta, c, co, ldc);
      }

      @Override public void gemv(int n, int k, double[] x, double[] b, int bo, double[] y) {
        blas.dgemv("N", n, k, 1, b, bo, n, x, 0, 1, 0, y, 0, 1);
      }
    };
  }
}
