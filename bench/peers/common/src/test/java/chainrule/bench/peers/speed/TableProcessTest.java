// SPDX-License-Identifier: MIT
package chainrule.bench.peers.speed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.bench.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableProcessTest {
  @TempDir Path peers;

  /** Records two samples and prints which engine it skipped; with an argument it fails. */
  public static void main(String[] args) {
    Samples.record("4-8-3/16/adam chainrule 1", 1.5, 2);
    System.out.println("- mkl, 1 thread, is skipped: not built");
    if (args.length > 0) throw new IllegalStateException(args[0]);
  }

  private TableSamples run(String... args) throws IOException {
    Path target = Files.createDirectories(peers.resolve("module/target"));
    Files.writeString(target.resolve("classpath"), System.getProperty("java.class.path"));
    return new TableProcess(peers).run("module", "peers.speed.TableProcessTest", List.of(), Map.of(), args);
  }

  @Test void samplesOfAProcessAreRead() throws Exception {
    TableSamples samples = run();
    assertEquals("", samples.failure());
    assertArrayEquals(new double[] {1.5, 2}, samples.get("4-8-3/16/adam chainrule 1"));
  }

  @Test void aFigureThatIsMissingHasItsReason() throws IOException {
    TableSamples samples = run();
    assertEquals("not built",
        assertThrows(NotMeasured.class, () -> samples.get("4-8-3/16/adam mkl 1")).getMessage());
    assertEquals("the table has no row for it", assertThrows(NotMeasured.class, () -> samples.get("x")).getMessage());
  }

  @Test void aProcessThatFailsGivesItsMessage() throws IOException {
    String message = assertThrows(NotMeasured.class, () -> run("no memory").get("x")).getMessage();
    assertTrue(message.startsWith("exit status 1: ") && message.contains("no memory"), message);
    TableSamples missing = new TableProcess(peers).run("other", "Any", List.of(), Map.of());
    assertEquals("bench/peers/other is not built", missing.failure());
  }
}
