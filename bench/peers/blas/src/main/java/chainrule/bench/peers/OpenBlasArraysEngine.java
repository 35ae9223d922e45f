// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import dev.ludovic.netlib.blas.NativeBLAS;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;

/**
 * OpenBLAS on Java's arrays without a copy: netlib's binding, which holds the collector off for the length of a call,
 * on the library that bytedeco brings. What surrounds the products then runs on arrays at full speed, which makes this
 * the faster way for larger batches; a call costs more than with native memory.
 */
public final class OpenBlasArraysEngine implements Engine {
  @Override public String name() {
    return openblas_nolapack.OPENBLAS_VERSION.strip() + " on double[] by netlib 3.2.0";
  }

  @Override public PreparedWorkload prepare(Workload work, int threads) throws IOException {
    use(Loader.load(openblas_nolapack.class), "libopenblas.so");
    return new ArrayBlasWorkload(work, NetlibEngine.rowMajor(NativeBLAS.getInstance()));
  }

  /** Tells netlib which library to bind: the one with this name beside what bytedeco has unpacked and loaded. */
  static void use(String loaded, String name) throws IOException {
    try (Stream<Path> files = Files.list(new File(loaded).toPath().getParent())) {
      Path library = files.filter(f -> f.getFileName().toString().startsWith(name))
          .min(Comparator.naturalOrder()).orElseThrow(() -> new IOException(name + " is not beside " + loaded));
      System.setProperty("dev.ludovic.netlib.blas.nativeLibPath", library.toString());
    }
  }
}
