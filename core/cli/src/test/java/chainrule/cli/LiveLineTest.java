// SPDX-License-Identifier: MIT
package chainrule.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.cli.LiveLine.Part;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The rewritten line: its width, its parts, its pace. */
class LiveLineTest {
  private static final List<Part> PARTS = List.of(new Part("epoch 3/20", 0), new Part("loss 0.1234", 2),
      new Part("best 2", 3), new Part("", 9), new Part("42 s left", 1));

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream stream = new PrintStream(bytes, true, StandardCharsets.UTF_8);
  private int width = 80;
  private long millis;

  private Terminal terminal(Map<String, String> environment) {
    return Terminal.of(stream, true, environment, () -> width);
  }

  private LiveLine line(int delayMillis) {
    return new LiveLine(terminal(Map.of()), delayMillis, () -> millis * 1_000_000);
  }

  private String printed() {
    String s = bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    bytes.reset();
    return s;
  }

  private static Part[] parts() {
    return PARTS.toArray(new Part[0]);
  }

  @Test
  void theLeastImportantPartsAreLeftOutFirst() {
    String[] expected = {"epoch 3/20  loss 0.1234  best 2  42 s left", "epoch 3/20  loss 0.1234  42 s left",
        "epoch 3/20  42 s left", "epoch 3/20"};
    for (int i = 0; i < expected.length; i++) {
      int columns = expected[i].length();
      assertEquals(expected[i], LiveLine.fit(PARTS, columns));
      if (i + 1 < expected.length) assertEquals(expected[i + 1], LiveLine.fit(PARTS, columns - 1));
    }
    assertEquals("epoc…", LiveLine.fit(PARTS, 5), "the last part is truncated");
    List<Part> equal = List.of(new Part("a", 1), new Part("b", 1));
    assertEquals("a", LiveLine.fit(equal, 3), "of equal parts the later one is left out");
  }

  @Test
  void wideCharactersTakeTwoColumns() {
    List<Part> parts = List.of(new Part("データ", 0), new Part("5 %", 1));
    assertEquals("データ  5 %", LiveLine.fit(parts, 11));
    assertEquals("データ", LiveLine.fit(parts, 10));
    assertEquals("デ…", LiveLine.fit(parts, 4));
  }

  @Test
  void aDrawingNeverWrapsAndFollowsTheWidthOfTheTerminal() {
    LiveLine line = line(0);
    line.update(parts());
    assertEquals("\r\u001b[K\u001b[?7lepoch 3/20  loss 0.1234  best 2  42 s left\u001b[?7h", printed());
    width = 22; // the last column stays free
    line.update(parts());
    assertEquals("\r\u001b[K\u001b[?7lepoch 3/20  42 s left\u001b[?7h", printed());
    width = 1; // a terminal of unknown or absurd size
    line.update(parts());
    assertEquals("\r\u001b[K\u001b[?7lepoch 3…\u001b[?7h".replace("epoch 3…", LiveLine.fit(PARTS, 9)), printed());
  }

  @Test
  void itIsDueAfterTheDelayAndThenTenTimesASecond() {
    millis = 12_345;
    LiveLine line = line(500);
    assertFalse(line.isDue());
    millis += 499;
    assertFalse(line.isDue());
    millis += 1;
    assertTrue(line.isDue());
    line.update(parts());
    assertFalse(line.isDue());
    millis += 99;
    assertFalse(line.isDue());
    millis += 1;
    assertTrue(line.isDue());
  }

  @Test
  void itIsErasedOrKeptOnlyIfItIsShown() {
    LiveLine line = line(0);
    line.clear();
    line.keep();
    assertEquals("", printed());
    line.update(parts());
    printed();
    line.clear();
    line.clear();
    line.keep();
    assertEquals("\r\u001b[K", printed());
    line.update(parts());
    printed();
    line.keep();
    line.clear();
    assertEquals("\n", printed());
  }

  @Test
  void nothingIsPrintedWhereALineCannotBeRewritten() {
    for (Terminal t : List.of(Terminal.plain(stream), terminal(Map.of("TERM", "dumb")),
        Terminal.of(stream, false, Map.of("TERM", "xterm"), () -> width))) {
      LiveLine line = new LiveLine(t, 0);
      assertFalse(line.isDue());
      line.update(parts());
      line.clear();
      line.keep();
      assertEquals("", printed());
    }
  }
}
