// SPDX-License-Identifier: MIT
package chainrule.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorMask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Checks that no vector kernel allocates in a steady state, whatever sizes it processed before. Runs {@link
 * AllocationProbe} in fresh JVMs, with the widest lanes of the processor and also with 256 bits if it has more. Two
 * lanes on a processor with four are not covered: they exist to test bits (C2 boxes some of them in one start of
 * twenty).
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
    String classes = directory(Kernels.class) + System.getProperty("path.separator") + directory(AllocationProbe.class);
    Process p = new ProcessBuilder(java, "--add-modules", "jdk.incubator.vector", "-Xmx256m", "-XX:+UseSerialGC",
        "-Dstdout.encoding=UTF-8", "-D" + Selection.KERNELS_PROPERTY + "=" + bits, "-cp", classes,
        AllocationProbe.class.getName(), order).redirectErrorStream(true).start();
    String output;
    try (InputStream in = p.getInputStream()) {
      output = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    assertEquals(0, p.waitFor(), output);
    assertTrue(output.contains("nothing allocated") && output.contains("vector-" + bits), output);
  }

  /**
   * Excludes the most common cause of allocation. C2 always inlines the Vector API, but our methods only after many
   * calls, and a vector that is passed or returned by a call is an object.
   */
  @Test
  void noMethodTakesOrReturnsVectors() throws IOException, URISyntaxException {
    Path classes = directory(Kernels.class).resolve(Kernels.class.getPackageName().replace('.', '/'));
    List<String> offenders;
    try (Stream<Path> files = Files.list(classes)) {
      offenders = files.map(f -> f.getFileName().toString()).filter(f -> f.endsWith(".class"))
          .flatMap(f -> Stream.of(classOf(f).getDeclaredMethods()))
          .filter(m -> Stream.concat(Stream.of(m.getReturnType()), Stream.of(m.getParameterTypes()))
              .anyMatch(t -> Vector.class.isAssignableFrom(t) || VectorMask.class.isAssignableFrom(t)))
          .map(m -> m.getDeclaringClass().getSimpleName() + "." + m.getName()).toList();
    }
    assertEquals(List.of(), offenders, "methods that take or return vectors");
  }

  private static Class<?> classOf(String file) {
    try {
      String name = Kernels.class.getPackageName() + "." + file.substring(0, file.length() - ".class".length());
      return Class.forName(name, false, Kernels.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  /** Returns the directory that a class was loaded from, on the class path or the module path. */
  private static Path directory(Class<?> c) throws URISyntaxException {
    Path file = Path.of(c.getResource(c.getSimpleName() + ".class").toURI());
    return file.getParent().getParent().getParent(); // chainrule/kernels/…
  }
}
