// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import static org.bytedeco.openblas.global.openblas.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas.CblasTrans;
import static org.bytedeco.openblas.global.openblas.cblas_dgemm;
import static org.bytedeco.openblas.presets.openblas.blas_set_num_threads;

import org.bytedeco.javacpp.DoublePointer;

/**
 * OpenBLAS through bytedeco's binding, either with operands in native memory, which are not copied, or with Java
 * arrays, which JavaCPP copies in every call. With the environment variable OPENBLAS_VERBOSE=2, OpenBLAS prints the
 * processor core whose kernels it uses.
 */
final class OpenBlasMatmul implements MatmulEngine {
  private final boolean arrays;

  OpenBlasMatmul(int threads, boolean arrays) {
    blas_set_num_threads(threads);
    this.arrays = arrays;
  }

  @Override public String name() {
    return arrays ? "OpenBLAS, double[]" : "OpenBLAS";
  }

  @Override public Product prepare(Form form, int m, int n, int k, double[] a, double[] b, double[] c) {
    int ta = form == Form.ATB ? CblasTrans : CblasNoTrans, tb = form == Form.ABT ? CblasTrans : CblasNoTrans;
    int lda = form == Form.ATB ? m : k, ldb = form == Form.ABT ? k : n;
    if (arrays) {
      return new Product() {
        @Override public void run() {
          cblas_dgemm(CblasRowMajor, ta, tb, m, n, k, 1, a, lda, b, ldb, 1, c, n);
        }

        @Override public double[] result() {
          return c;
        }
      };
    }
    DoublePointer pa = new DoublePointer(a), pb = new DoublePointer(b), pc = new DoublePointer(c);
    return new Product() {
      @Override public void run() {
        cblas_dgemm(CblasRowMajor, ta, tb, m, n, k, 1, pa, lda, pb, ldb, 1, pc, n);
      }

      @Override public double[] result() {
        double[] out = new double[m * n];
        pc.get(out);
        return out;
      }
    };
  }
}
