package chainrule.bench.peers;

import static org.bytedeco.openblas.global.openblas.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas.CblasTrans;
import static org.bytedeco.openblas.global.openblas.cblas_dgemm;
import static org.bytedeco.openblas.presets.openblas.blas_set_num_threads;

import org.bytedeco.javacpp.DoublePointer;

/**
 * OpenBLAS through bytedeco, its operands in native memory, so that nothing is copied on the way. With the environment
 * variable OPENBLAS_VERBOSE=2 it prints the processor core that it chose its kernels for.
 */
final class OpenBlasEngine implements Engine {
  OpenBlasEngine(int threads) {
    blas_set_num_threads(threads);
  }

  @Override public String name() {
    return "OpenBLAS";
  }

  private static DoublePointer nativeCopy(double[] x) {
    return new DoublePointer(x);
  }

  @Override public Product prepare(Form form, int m, int n, int k, double[] a, double[] b, double[] c) {
    DoublePointer pa = nativeCopy(a), pb = nativeCopy(b), pc = nativeCopy(c);
    int ta = form == Form.ATB ? CblasTrans : CblasNoTrans, tb = form == Form.ABT ? CblasTrans : CblasNoTrans;
    int lda = form == Form.ATB ? m : k, ldb = form == Form.ABT ? k : n;
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
