// SPDX-License-Identifier: MIT
package chainrule.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.kernels.Kernels;
import chainrule.nn.Network;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tests that training runs end in the same bits on every lane width, number of threads, JDK and machine. */
class GoldenTrainingSpec {
  /** The hash of the runs without blocks, and that of the runs in blocks. */
  private static final String EXPECTED = "95b080fdc4fa80742e498048933a9d025dd132e37063814acb4a6c800f68736b "
      + "06dd131cb499a752e2d6f30ff480e51ad05890041b7c0ee78fce11fc81dd269a";

  /** A JVM has one lane width, so each runs in a separate JVM, with 1, 2, 3 and 8 threads. */
  @Test
  void trainingEndsInTheGoldenBits() throws IOException, InterruptedException {
    String widest = Kernels.best().name();
    assertTrue(widest.startsWith("vector-"), "this test needs the vector kernels, found " + widest);
    List<String> lanes = new ArrayList<>(List.of("scalar"));
    for (int bits = 128; bits <= Integer.parseInt(widest.substring(7)); bits *= 2) lanes.add("" + bits);
    List<Process> runs = new ArrayList<>();
    for (String option : lanes) runs.add(start("-Dchainrule.kernels=" + option));
    for (int i = 0; i < runs.size(); i++) {
      String option = lanes.get(i), printed = new String(runs.get(i).getInputStream().readAllBytes());
      assertEquals(0, runs.get(i).waitFor(), "exit status with kernels " + option + ", which printed\n" + printed);
      String name = option.equals("scalar") ? option : "vector-" + option;
      String expected = Stream.of(1, 2, 3, 8).map(t -> name + " " + t + " " + EXPECTED + "\n")
          .collect(Collectors.joining());
      assertEquals(expected, printed.replace("\r\n", "\n"), "The bits of a training run have changed. Users compare "
          + "and resume runs across versions. If the change is intended, explain it in CHANGELOG.md, rerun the "
          + "README's example, and update the hash here.");
    }
  }

  private static Process start(String option) throws IOException {
    String path = Stream.of(Kernels.class, Network.class, GoldenTraining.class).map(GoldenTrainingSpec::home)
        .collect(Collectors.joining(File.pathSeparator));
    return new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--add-modules", "jdk.incubator.vector",
        option, "-cp", path, GoldenTraining.class.getName())
        .redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static String home(Class<?> c) {
    try {
      return Path.of(c.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
