package chainrule.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In a steady state no vector kernel allocates, whatever sizes came before: {@link Allocations}, in fresh JVMs. */
class NoAllocationTest {

  @ParameterizedTest
  @ValueSource(strings = {"rising", "falling"})
  void noKernelAllocates(String order) throws IOException, InterruptedException, URISyntaxException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes = folder(Kernels.class) + System.getProperty("path.separator") + folder(Allocations.class);
    Process p = new ProcessBuilder(java, "--add-modules", "jdk.incubator.vector", "-Xmx256m", "-XX:+UseSerialGC",
        "-Dstdout.encoding=UTF-8", "-cp", classes, Allocations.class.getName(), order)
        .redirectErrorStream(true).start();
    String output;
    try (InputStream in = p.getInputStream()) {
      output = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    assertEquals(0, p.waitFor(), output);
    assertTrue(output.contains("nothing allocated"), output);
  }

  /** Where a class was loaded from, module or not. */
  private static Path folder(Class<?> c) throws URISyntaxException {
    Path file = Path.of(c.getResource(c.getSimpleName() + ".class").toURI());
    return file.getParent().getParent().getParent(); // chainrule/kernels/…
  }
}
