// SPDX-License-Identifier: MIT
package chainrule.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a terminal can show, and its width. */
class TerminalTest {
  private static final PrintStream NOWHERE = new PrintStream(new ByteArrayOutputStream());

  private static Terminal terminal(boolean terminal, Map<String, String> environment) {
    return Terminal.of(NOWHERE, terminal, environment, () -> 100);
  }

  @Test
  void onlyATerminalThatWantsItGetsColor() {
    Terminal color = terminal(true, Map.of("TERM", "xterm-256color"));
    assertEquals("\u001b[1mx\u001b[0m", color.bold("x"));
    assertEquals("\u001b[2mx\u001b[0m", color.dim("x"));
    assertEquals("\u001b[1;31mx\u001b[0m", color.red("x"));
    assertEquals("\u001b[33mx\u001b[0m", color.yellow("x"));
    assertEquals("\u001b[1mx\u001b[0m", terminal(true, Map.of("NO_COLOR", "")).bold("x"), "empty means not set");
    for (Terminal t : List.of(terminal(false, Map.of()), terminal(true, Map.of("TERM", "dumb")),
        terminal(true, Map.of("NO_COLOR", "1")), Terminal.plain(NOWHERE))) {
      assertEquals("x", t.bold("x") + t.dim("") + t.red("") + t.yellow(""));
    }
  }

  @Test
  void aLineIsRewrittenOnATerminalThatIsNotDumb() {
    assertTrue(terminal(true, Map.of()).isLive());
    assertTrue(terminal(true, Map.of("NO_COLOR", "1")).isLive());
    assertTrue(!terminal(true, Map.of("TERM", "dumb")).isLive());
    assertTrue(!terminal(false, Map.of("TERM", "xterm")).isLive());
  }

  /** Other consoles of Windows print escape sequences as they are. */
  @Test
  void onWindowsATerminalIsAConsoleThatIsKnownToInterpretEscapeSequences() {
    assertTrue(!terminal(true, Map.of("OS", "Windows_NT")).isLive());
    assertEquals("x", terminal(true, Map.of("OS", "Windows_NT")).red("x"));
    for (String variable : List.of("WT_SESSION", "ANSICON", "ConEmuANSI", "TERM")) {
      assertTrue(terminal(true, Map.of("OS", "Windows_NT", variable, "x")).isLive(), variable);
    }
    assertTrue(!terminal(false, Map.of("OS", "Windows_NT", "WT_SESSION", "x")).isLive());
    assertTrue(!terminal(true, Map.of("OS", "Windows_NT", "TERM", "dumb")).isLive());
  }

  @Test
  void errorsAreRedOnATerminalAndTheResultIsBold() {
    ByteArrayOutputStream out = new ByteArrayOutputStream(), err = new ByteArrayOutputStream();
    Terminal o = Terminal.of(new PrintStream(out, true, StandardCharsets.UTF_8), true, Map.of(), () -> 200);
    Terminal e = Terminal.of(new PrintStream(err, true, StandardCharsets.UTF_8), true, Map.of(), () -> 200);
    try (Interruption interruption = new Interruption()) {
      assertEquals(2, Main.run(List.of("train", "nix"), o, e, interruption));
      assertTrue(err.toString(StandardCharsets.UTF_8).startsWith("\u001b[1;31mchainrule:\u001b[0m nix: no such file"));
      assertEquals(0, Main.run(List.of("train", "xor", "--epochs", "1", "--json"), o, e, interruption));
    }
    String shown = out.toString(StandardCharsets.UTF_8);
    assertTrue(shown.contains("\u001b[1mtest accuracy "), shown);
    String json = shown.lines().reduce((a, b) -> b).orElseThrow();
    assertTrue(json.startsWith("{\"task\"") && json.endsWith("}"), json);
  }

  @Test
  void theWidthIsThatOfSttyOrOfColumnsOr80() {
    assertEquals(132, TerminalWidth.columns("40 132\n"));
    assertEquals(0, TerminalWidth.columns("0 0\n"), "a terminal that does not know its size");
    for (String s : List.of("", "24", "x y", "24 x", "24 -5", "24 99999999999")) {
      assertEquals(0, TerminalWidth.columns(s), s);
    }
    // before the first answer, and where stty has none
    assertEquals(123, new TerminalWidth("123").getAsInt());
    for (String s : new String[] {null, "", "wide", "0", "-3"}) assertEquals(80, new TerminalWidth(s).getAsInt());
  }
}
