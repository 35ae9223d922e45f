// SPDX-License-Identifier: MIT
package chainrule.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineCounterTest {
  @TempDir Path directory;

  private long count(String text, char lineEnd, int threads) throws IOException {
    return LineCounter.count(Files.writeString(directory.resolve("f"), text), (byte) lineEnd, threads);
  }

  @Test
  void blankLinesAtTheEndDoNotCount() throws IOException {
    assertEquals(0, count("", '\n', 1));
    for (String end : new String[] {"", "\n", "\r\n", "\n\n", "\n  \n\t\n", "\r\n\r\n"}) {
      assertEquals(3, count("a\n\nb" + end, '\n', 1), end);
    }
    assertEquals(3, count("a\r\rb\r", '\r', 1));
  }

  @Test
  void largeFilesAreCountedByAllThreads() throws IOException {
    String line = "x".repeat(99) + "\n";
    for (int threads = 1; threads < 4; threads++) {
      assertEquals(20_000, count(line.repeat(20_000), '\n', threads));
      assertEquals(20_000, count(line.repeat(19_999) + "é", '\n', threads));
    }
  }
}
