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

  /**
   * The commonest cause, forbidden: C2 inlines the Vector API always, a method of ours only where it has counted many
   * calls, and a vector that passes a call is an object.
   */
  @Test
  void noMethodTakesOrReturnsVectors() throws IOException, URISyntaxException {
    Path classes = folder(Kernels.class).resolve(Kernels.class.getPackageName().replace('.', '/'));
    List<String> handingOn;
    try (Stream<Path> files = Files.list(classes)) {
      handingOn = files.map(f -> f.getFileName().toString()).filter(f -> f.endsWith(".class"))
          .flatMap(f -> Stream.of(classOf(f).getDeclaredMethods()))
          .filter(m -> Stream.concat(Stream.of(m.getReturnType()), Stream.of(m.getParameterTypes()))
              .anyMatch(t -> Vector.class.isAssignableFrom(t) || VectorMask.class.isAssignableFrom(t)))
          .map(m -> m.getDeclaringClass().getSimpleName() + "." + m.getName()).toList();
    }
    assertEquals(List.of(), handingOn, "methods that take or return vectors");
  }

  private static Class<?> classOf(String file) {
    try {
      String name = Kernels.class.getPackageName() + "." + file.substring(0, file.length() - ".class".length());
      return Class.forName(name, false, Kernels.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  /** Where a class was loaded from, module or not. */
  private static Path folder(Class<?> c) throws URISyntaxException {
    Path file = Path.of(c.getResource(c.getSimpleName() + ".class").toURI());
    return file.getParent().getParent().getParent(); // chainrule/kernels/…
  }
}
