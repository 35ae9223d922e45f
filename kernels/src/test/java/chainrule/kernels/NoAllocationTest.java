package chainrule.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * In a steady state no vector kernel allocates, whatever sizes came before: {@link Allocations}, in fresh JVMs. In the
 * processor's widest lanes, and in 256 bits where it has more; two lanes forced on a processor with four are a way to
 * test bits, not to run (C2 boxes some of them in one start of twenty).
 */
class NoAllocationTest {

  static Stream<Arguments> lanesAndOrders() {
    return IntStream.of(256, Lanes.WIDEST_BITS).filter(bits -> bits <= Lanes.WIDEST_BITS).distinct().boxed()
        .flatMap(bits -> Stream.of("rising", "falling").map(order -> Arguments.of(bits, order)));
  }

  @ParameterizedTest
  @MethodSource("lanesAndOrders")
  void noKernelAllocates(int bits, String order) throws IOException, InterruptedException, URISyntaxException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes = folder(Kernels.class) + System.getProperty("path.separator") + folder(Allocations.class);
    Process p = new ProcessBuilder(java, "--add-modules", "jdk.incubator.vector", "-Xmx256m", "-XX:+UseSerialGC",
        "-Dstdout.encoding=UTF-8", "-D" + Selection.KERNELS_PROPERTY + "=" + bits, "-cp", classes,
        Allocations.class.getName(), order).redirectErrorStream(true).start();
    String output;
    try (InputStream in = p.getInputStream()) {
      output = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    assertEquals(0, p.waitFor(), output);
    assertTrue(output.contains("nothing allocated") && output.contains("vector-" + bits), output);
  }

  /** Where a class was loaded from, module or not. */
  private static Path folder(Class<?> c) throws URISyntaxException {
    Path file = Path.of(c.getResource(c.getSimpleName() + ".class").toURI());
    return file.getParent().getParent().getParent(); // chainrule/kernels/…
  }
}
