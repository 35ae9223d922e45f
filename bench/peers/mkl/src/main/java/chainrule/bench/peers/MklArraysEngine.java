// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import dev.ludovic.netlib.blas.NativeBLAS;
import java.io.IOException;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.mkl.global.mkl_rt;

/** MKL on Java arrays without copies, through netlib's binding: see {@link OpenBlasArraysEngine}. */
public final class MklArraysEngine implements Engine {
  private final MklEngine mkl = new MklEngine();

  @Override public String name() {
    return mkl.name().replace("by bytedeco", "on double[] by netlib 3.2.0");
  }

  @Override public PreparedWorkload prepare(Workload work, int threads) throws IOException {
    String loaded = Loader.load(mkl_rt.class);
    mkl_rt.MKL_Set_Num_Threads(threads);
    OpenBlasArraysEngine.use(loaded, "libmkl_rt.so");
    return new ArrayBlasWorkload(work, NetlibEngine.rowMajor(NativeBLAS.getInstance()));
  }
}
