// SPDX-License-Identifier: MIT
package chainrule.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Map;
import java.util.Properties;

/**
 * Converts UTF-8 to the charset of a console. What the charset lacks is spelled in ASCII: {@code 1×10⁻⁵ → ≥ θ} becomes
 * {@code 1x10^-5 -> >= theta}, a letter with an accent the letter, and everything else a question mark. Consoles of
 * Windows have such charsets, the code pages. Files and pipes get UTF-8.
 */
final class ConsoleOutput extends FilterOutputStream {
  private static final String SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿᵀᵉ", RAISED = "0123456789+-()nTe";

  private static final Map<String, String> SPELLINGS = Map.ofEntries(
      Map.entry("−", "-"), Map.entry("–", "-"), Map.entry("×", "x"), Map.entry("·", "."), Map.entry("…", "..."),
      Map.entry("→", "->"), Map.entry("←", "<-"), Map.entry("≥", ">="), Map.entry("≤", "<="), Map.entry("≠", "!="),
      Map.entry("≈", "~"), Map.entry("≡", "=="), Map.entry("≪", "<<"), Map.entry("±", "+-"), Map.entry("½", "1/2"),
      Map.entry("¼", "1/4"), Map.entry("√", "sqrt"), Map.entry("∞", "inf"), Map.entry("Σ", "sum"), Map.entry("∂", "d"),
      Map.entry("∇", "grad"), Map.entry("⊙", "*"), Map.entry("∪", "U"), Map.entry("‖", "||"), Map.entry("ℓ", "l"),
      Map.entry("⌈", "["), Map.entry("⌉", "]"), Map.entry("⌊", "["), Map.entry("⌋", "]"), Map.entry("′", "'"),
      Map.entry("“", "\""), Map.entry("”", "\""), Map.entry("’", "'"), Map.entry("›", ">"), Map.entry("\u0302", "^"),
      Map.entry("\u0303", "~"), Map.entry("ŷ", "y^"), Map.entry("✓", "+"), Map.entry("✗", "x"), Map.entry("▶", ">"),
      Map.entry("◀", "<"), Map.entry("─", "-"), Map.entry("│", "|"), Map.entry("┌", "+"), Map.entry("┐", "+"),
      Map.entry("└", "+"), Map.entry("┘", "+"), Map.entry("├", "+"), Map.entry("┤", "+"), Map.entry("┬", "+"),
      Map.entry("┴", "+"), Map.entry("┼", "+"), Map.entry("α", "alpha"), Map.entry("β", "beta"),
      Map.entry("γ", "gamma"), Map.entry("δ", "delta"), Map.entry("Δ", "Delta"), Map.entry("ε", "epsilon"),
      Map.entry("η", "eta"), Map.entry("θ", "theta"), Map.entry("λ", "lambda"), Map.entry("µ", "u"),
      Map.entry("ξ", "xi"), Map.entry("π", "pi"), Map.entry("ρ", "rho"), Map.entry("σ", "sigma"),
      Map.entry("φ", "phi"), Map.entry("Φ", "Phi"), Map.entry("ω", "omega"), Map.entry("ł", "l"),
      Map.entry("Ł", "L"), Map.entry("ø", "o"), Map.entry("Ø", "O"), Map.entry("đ", "d"), Map.entry("Đ", "D"),
      Map.entry("€", "EUR"));

  private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder()
      .onMalformedInput(CodingErrorAction.REPLACE).onUnmappableCharacter(CodingErrorAction.REPLACE);
  private final Charset charset;
  private final CharsetEncoder encoder;
  private byte[] begun = {}; // the first bytes of a character whose last bytes are still to come

  ConsoleOutput(OutputStream out, Charset charset) {
    super(out);
    this.charset = charset;
    this.encoder = charset.newEncoder();
  }

  /**
   * Returns the charset of a standard stream: UTF-8 unless it is a terminal.
   *
   * @param stream {@code stdout} or {@code stderr}
   * @param terminal whether the stream is known to be a terminal. On Windows a console is also recognized by its code
   *     page: the JVM names it only for a console (JDK 17), or it differs from the system's (JDK 19 and newer).
   * @param properties the system properties
   * @param environment the environment variables
   */
  static Charset charset(String stream, boolean terminal, Properties properties, Map<String, String> environment) {
    String named = properties.getProperty(stream + ".encoding");
    String name = named != null ? named : properties.getProperty("sun." + stream + ".encoding");
    if (name == null) return StandardCharsets.UTF_8;
    boolean windows = Terminal.isWindows(environment);
    boolean codePage = windows && (named == null || !named.equals(properties.getProperty("native.encoding")));
    if (!terminal && !codePage) return StandardCharsets.UTF_8;
    // An image of the JDK may lack the charset. Every code page contains ASCII.
    Charset charset = Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.US_ASCII;
    // Without a locale, as in containers, the JVM names ASCII, but terminals display UTF-8.
    return !windows && charset.equals(StandardCharsets.US_ASCII) ? StandardCharsets.UTF_8 : charset;
  }

  /** Returns the stream itself for UTF-8, or one that converts what is written to it. */
  static OutputStream of(OutputStream out, Charset charset) {
    return charset.equals(StandardCharsets.UTF_8) ? out : new ConsoleOutput(out, charset);
  }

  @Override public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override public void write(byte[] b, int from, int length) throws IOException {
    ByteBuffer in = ByteBuffer.allocate(begun.length + length).put(begun).put(b, from, length).flip();
    CharBuffer chars = CharBuffer.allocate(in.remaining());
    decoder.decode(in, chars, false);
    begun = new byte[in.remaining()];
    in.get(begun);
    byte[] converted = converted(chars.flip().toString()).getBytes(charset);
    out.write(converted, 0, converted.length);
  }

  /** Replaces what the charset lacks. */
  private String converted(String text) {
    if (encoder.canEncode(text)) return text;
    StringBuilder s = new StringBuilder();
    for (int i = 0; i < text.length();) {
      int end = i + Character.charCount(text.codePointAt(i));
      boolean raised = isSuperscript(text, i);
      while (raised && isSuperscript(text, end)) end++;
      String part = text.substring(i, end);
      s.append(encoder.canEncode(part) ? part : raised ? raised(part) : spelled(part));
      i = end;
    }
    return s.toString();
  }

  private static boolean isSuperscript(String text, int at) {
    return at < text.length() && SUPERSCRIPTS.indexOf(text.charAt(at)) >= 0;
  }

  private static String raised(String superscripts) {
    StringBuilder s = new StringBuilder("^");
    for (char c : superscripts.toCharArray()) s.append(RAISED.charAt(SUPERSCRIPTS.indexOf(c)));
    return s.toString();
  }

  private String spelled(String character) {
    String spelling = SPELLINGS.get(character);
    if (spelling != null) return spelling;
    String letter = Normalizer.normalize(character, Normalizer.Form.NFKD).replaceAll("\\p{M}", "");
    return !letter.isEmpty() && encoder.canEncode(letter) ? letter : "?";
  }
}
