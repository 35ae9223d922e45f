// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import dev.ludovic.netlib.blas.JavaBLAS;

/**
 * netlib's pure-Java BLAS, on the Vector API if available. Its matrices are column-major, so it computes Cᵀ = Bᵀ·Aᵀ.
 */
final class NetlibMatmul implements MatmulEngine {
  private final JavaBLAS blas = JavaBLAS.getInstance();

  @Override public String name() {
    return "netlib " + blas.getClass().getSimpleName();
  }

  @Override public Product prepare(Form form, int m, int n, int k, double[] a, double[] b, double[] c) {
    String ta = form == Form.ATB ? "T" : "N", tb = form == Form.ABT ? "T" : "N";
    int lda = form == Form.ATB ? m : k, ldb = form == Form.ABT ? k : n;
    return new Product() {
      @Override public void run() {
        blas.dgemm(tb, ta, n, m, k, 1, b, ldb, a, lda, 1, c, n);
      }

      @Override public double[] result() {
        return c;
      }
    };
  }
}
