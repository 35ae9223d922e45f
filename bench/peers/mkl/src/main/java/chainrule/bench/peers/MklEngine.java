// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import static org.bytedeco.mkl.global.mkl_rt.CblasRowMajor;
import static org.bytedeco.mkl.global.mkl_rt.CblasTrans;
import static org.bytedeco.mkl.global.mkl_rt.MKL_Get_Version_String;
import static org.bytedeco.mkl.global.mkl_rt.MKL_Set_Num_Threads;
import static org.bytedeco.mkl.global.mkl_rt.cblas_dgemm;
import static org.bytedeco.mkl.global.mkl_rt.cblas_dgemv;

import java.nio.charset.StandardCharsets;
import org.bytedeco.javacpp.DoublePointer;

/** MKL through bytedeco's binding, on native memory. */
public final class MklEngine implements Engine {
  @Override public String name() {
    byte[] text = new byte[200];
    MKL_Get_Version_String(text, text.length);
    String version = new String(text, StandardCharsets.US_ASCII); // … Library Version 2025.3-Product Build …
    return "MKL " + version.replaceAll("(?s).*Version (\\S+?)-.*", "$1") + " by bytedeco";
  }

  @Override public PreparedWorkload prepare(Workload work, int threads) {
    MKL_Set_Num_Threads(threads);
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
