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
 * OpenBLAS on Java arrays without copies, through netlib's JNI binding to the library of bytedeco. The binding blocks
 * the garbage collector during a call. Java code between the products runs on arrays at full speed, which makes this
 * faster for larger batches, although a call costs more than with native memory.
 */
public final class OpenBlasArraysEngine implements Engine {
  @Override public String name() {
    return openblas_nolapack.OPENBLAS_VERSION.strip() + " on double[] by netlib 3.2.0";
  }

  @Override public PreparedWorkload prepare(Workload work, int threads) throws IOException {
    use(Loader.load(openblas_nolapack.class), "libopenblas.so");
    return new ArrayBlasWorkload(work, NetlibEngine.rowMajor(NativeBLAS.getInstance()));
  }

  /** Makes netlib bind the library with this name in the directory of a library that bytedeco has loaded. */
  static void use(String loaded, String name) throws IOException {
    try (Stream<Path> files = Files.list(new File(loaded).toPath().getParent())) {
      Path library = files.filter(f -> f.getFileName().toString().startsWith(name))
          .min(Comparator.naturalOrder())
          .orElseThrow(() -> new IOException(name + " is not in the directory of " + loaded));
      System.setProperty("dev.ludovic.netlib.blas.nativeLibPath", library.toString());
    }
  }
}
