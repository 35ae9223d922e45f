// SPDX-License-Identifier: MIT
package chainrule.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The line that shows how much of a table has been read. */
class ReadingProgressTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream stream = new PrintStream(bytes, true, StandardCharsets.UTF_8);
  private long now = 5_000_000_000L;

  private String shown() {
    String s = bytes.toString(StandardCharsets.UTF_8);
    bytes.reset();
    return s;
  }

  @Test
  void aTerminalShowsBytesRowsAndTimeLeftAfterHalfASecond() {
    ReadingProgress p = new ReadingProgress(Terminal.of(stream, true, Map.of(), () -> 100), "big.csv", () -> now);
    now += 400_000_000;
    p.onBytes(10_000_000, 40_000_000, 1000);
    assertEquals("", shown());
    now += 600_000_000;
    p.onBytes(10_000_000, 40_000_000, 1234);
    String line = shown();
    assertTrue(line.contains("reading big.csv  10 MB of 40 MB  1,234 rows  3.0 s left"), line);
    now += 1_000_000_000;
    p.onBytes(2_500_000, -1, 1);
    line = shown();
    assertTrue(line.contains("reading big.csv  2.5 MB  1 row") && !line.contains("left"), line);
    p.end();
    assertEquals("\r\u001b[K", shown());
  }

  @Test
  void aFileShowsNothing() {
    ReadingProgress p = new ReadingProgress(Terminal.plain(stream), "big.csv", () -> now);
    now += 2_000_000_000;
    p.onBytes(1, 2, 3);
    p.end();
    assertEquals("", shown());
  }
}
