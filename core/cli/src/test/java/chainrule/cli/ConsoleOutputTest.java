// SPDX-License-Identifier: MIT
package chainrule.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What consoles of other charsets than UTF-8 show. */
class ConsoleOutputTest {
  private static final Charset CP437 = Charset.forName("IBM437"), CP850 = Charset.forName("IBM850"),
      CP1252 = Charset.forName("windows-1252");
  private static final Map<String, String> WINDOWS = Map.of("OS", "Windows_NT");

  private static String shown(String text, Charset charset) throws IOException {
    ByteArrayOutputStream console = new ByteArrayOutputStream();
    try (OutputStream out = ConsoleOutput.of(console, charset)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return console.toString(charset);
  }

  @Test void whatTheCodePageHasIsKept() throws IOException {
    assertEquals("Größe café µ ² ½ ± · √ ≥ ≤ ∞ π", shown("Größe café µ ² ½ ± · √ ≥ ≤ ∞ π", CP437));
    assertEquals("Größe × ² ½ ± · ¹³", shown("Größe × ² ½ ± · ¹³", CP850));
    assertEquals("Größe × ² ½ ± · … – € “x”", shown("Größe × ² ½ ± · … – € “x”", CP1252));
    assertEquals("┌─│└ ▶", shown("┌─│└ ▶", StandardCharsets.UTF_8));
  }

  @Test void whatItLacksIsSpelledInAscii() throws IOException {
    for (Charset c : List.of(CP437, CP850, CP1252, StandardCharsets.US_ASCII, StandardCharsets.ISO_8859_1)) {
      assertEquals("2 -> 64 relu -> 3 softmax", shown("2 → 64 relu → 3 softmax", c));
      assertEquals("9.1e 10^-5", shown("9.1e 10⁻⁵", c), "a run of superscripts as a whole");
      assertEquals("theta lambda -0.5 c r z L", shown("θ λ −0.5 č ř ź Ł", c));
    }
    assertEquals("1x10^-2 R^2 >= 0.5 +-3", shown("1×10⁻² R² ≥ 0.5 ±3", StandardCharsets.US_ASCII));
    assertEquals("10^-2 R²", shown("10⁻² R²", CP437));
    assertEquals("dL/dy^, W^T, sum, a*b", shown("∂L/∂ŷ, Wᵀ, Σ, a⊙b", StandardCharsets.US_ASCII));
    assertEquals("+-|+ >", shown("┌─│└ ▶", CP1252));
    assertEquals("Grosse? ??? ?", shown("Grosse? 東京都 😀", CP850));
  }

  /** Every character in the program's own strings must have a spelling, so that none becomes a question mark. */
  @Test void nothingThatHelpAndExplainPrintIsAQuestionMark() throws IOException {
    for (List<String> args : List.of(List.of("help", "train"), List.of("help", "cv"), List.of("help", "import"),
        List.of("explain"), List.of("explain", "mazur"), List.of("train", "xor", "--epochs", "1"), List.of("info"),
        List.of("check", "moons", "--layers", "4:gelu"), List.of("explain", "003-cce"))) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      Main.run(args, new PrintStream(out, true, StandardCharsets.UTF_8), System.err, false);
      String text = out.toString(StandardCharsets.UTF_8);
      assertTrue(text.length() > 100, args.toString());
      for (String line : text.lines().toList()) {
        String ascii = shown(line, StandardCharsets.US_ASCII);
        assertEquals(line.chars().filter(c -> c == '?').count(), ascii.chars().filter(c -> c == '?').count(), line);
      }
    }
  }

  /** A buffer may end inside a character. */
  @Test void charactersMayArriveInParts() throws IOException {
    String text = "a→b 10⁻⁵ Größe 😀 東 ";
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    Random random = new Random(1);
    for (int run = 0; run < 100; run++) {
      ByteArrayOutputStream console = new ByteArrayOutputStream();
      OutputStream out = ConsoleOutput.of(console, CP1252);
      for (int from = 0; from < utf8.length;) {
        int length = Math.min(1 + random.nextInt(3), utf8.length - from);
        if (length == 1) out.write(utf8[from]);
        else out.write(utf8, from, length);
        from += length;
      }
      // digits of a number may be separated, as by a flush
      assertEquals("a->b 10^-5 Größe ? ? ", console.toString(CP1252).replace("-^", "-"));
    }
  }

  @Test void aStreamOfUtf8IsNotConverted() {
    ByteArrayOutputStream console = new ByteArrayOutputStream();
    assertSame(console, ConsoleOutput.of(console, StandardCharsets.UTF_8));
  }

  private static Charset charset(boolean terminal, Map<String, String> environment, String... properties) {
    Properties p = new Properties();
    for (int i = 0; i < properties.length; i += 2) p.setProperty(properties[i], properties[i + 1]);
    return ConsoleOutput.charset("stdout", terminal, p, environment);
  }

  @Test void onWindowsTheJvmNamesTheCodePageOfAConsole() {
    // JDK 17 names it only for a console
    assertEquals(CP437, charset(false, WINDOWS, "sun.stdout.encoding", "cp437", "native.encoding", "Cp1252"));
    assertEquals(CP1252, charset(false, WINDOWS, "sun.stdout.encoding", "Cp1252", "native.encoding", "Cp1252"));
    assertEquals(StandardCharsets.UTF_8, charset(false, WINDOWS, "native.encoding", "Cp1252"));
    assertEquals(StandardCharsets.UTF_8, charset(true, WINDOWS, "sun.stdout.encoding", "UTF-8"), "chcp 65001");
    // JDK 19 and newer name the system's charset for a file
    assertEquals(CP850, charset(false, WINDOWS, "stdout.encoding", "cp850", "native.encoding", "Cp1252"));
    assertEquals(StandardCharsets.UTF_8, charset(false, WINDOWS, "stdout.encoding", "Cp1252", "native.encoding",
        "Cp1252"));
    assertEquals(CP1252, charset(true, WINDOWS, "stdout.encoding", "Cp1252", "native.encoding", "Cp1252"));
    assertEquals(StandardCharsets.US_ASCII, charset(true, WINDOWS, "stdout.encoding", "cp1"), "an unknown name");
  }

  @Test void elsewhereTheLocaleDecidesUnlessThereIsNone() {
    for (String name : List.of("stdout.encoding", "sun.stdout.encoding")) {
      assertEquals(StandardCharsets.UTF_8, charset(true, Map.of(), name, "UTF-8"));
      assertEquals(StandardCharsets.ISO_8859_1, charset(true, Map.of(), name, "ISO-8859-1"));
      assertEquals(StandardCharsets.UTF_8, charset(true, Map.of(), name, "ANSI_X3.4-1968"), "the C locale");
      assertEquals(StandardCharsets.UTF_8, charset(false, Map.of(), name, "ISO-8859-1"), "a file or a pipe");
    }
    assertEquals(StandardCharsets.UTF_8, charset(true, Map.of()));
  }
}
