// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.OPENBLAS_VERSION;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_dgemm;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_dgemv;
import static org.bytedeco.openblas.presets.openblas_nolapack.blas_set_num_threads;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;

/** OpenBLAS through bytedeco's binding, on native memory. */
public final class OpenBlasEngine implements Engine {
  @Override public String name() {
    return OPENBLAS_VERSION.strip() + " by bytedeco";
  }

  @Override public PreparedWorkload prepare(Workload work, int threads) {
    Loader.load(openblas_nolapack.class);
    blas_set_num_threads(threads);
    return new NativeBlasWorkload(work, new NativeBlas() {
      @Override public void gemm(int ta, int tb, int m, int n, int k, double alpha, DoublePointer a, int lda,
          DoublePointer b, int ldb, double beta, DoublePointer c, int ldc) {
        cblas_dgemm(CblasRowMajor, ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
      }

      @Override public void gemv(int n, int k, DoublePointer x, DoublePointer b, DoublePointer y) {
        cblas_dgemv(CblasRowMajor, CblasTrans, k, n, 1, b, n, x, 1, 0, y, 1);
      }
    });
  }
}
