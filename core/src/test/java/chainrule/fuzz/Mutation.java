// SPDX-License-Identifier: MIT
package chainrule.fuzz;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Random damage, small and large, to bytes and strings. */
final class Mutation {
  private Mutation() {}

  private static final long[] EXTREME = {0, 1, -1, 2, 7, 8, 127, 128, 255, 256, 32767, 32768, 65535, 65536, 1 << 28,
      Integer.MAX_VALUE,
      Integer.MIN_VALUE, 0xFFFFFFFFL, 1L << 32, 1L << 61, Long.MAX_VALUE, Long.MIN_VALUE};
  private static final String[] NUMBERS = {"0", "-0", "1", "-1", "2", "3", "1.5", "1e999", "-1e999", "1e-999", "1e308",
      "4.9e-324", "NaN", "Infinity",
      "2147483647", "2147483648", "-2147483648", "4294967296", "9223372036854775807", "9223372036854775808", "1e19",
          "0x10", "01", "1e", ".", "",
      "\u0663", "1,5", "true", "null", "[]", "{}", "\"1\"", "100000000",
      "00000000000000000000000000000000000000000000001"};
  private static final String[] PIECES = {"\"", "\"\"", ",", ";", "\t", "\n", "\r", "\r\n", "\0", "\uFEFF", "\uFFFD",
      "\uD83D\uDE00", "\uD800", "\u0085",
      "\u2028", "'", "\\", "\\u", "\\u0000", "{", "}", "[", "]", ":", "(", ")", "-", "+", "e", ".", " ", "null", "NaN",
          "class", "a", "0", "9", "\u001b[2J", "%s",
      "%n", "../", "/", "\u202e"};
  private static final Pattern NUMBER = Pattern.compile("-?\\d[\\d.eE+-]*");
  private static final Pattern QUOTED = Pattern.compile("\"[^\"]*\"|'[^']*'");

  static byte[] bytes(FuzzRandom c, byte[] original) {
    byte[] b = original;
    for (int n = 1 + c.fewBelow(6); n > 0; n--) b = once(c, b);
    return b;
  }

  private static byte[] once(FuzzRandom c, byte[] b) {
    int n = b.length;
    if (n == 0) return c.bytes(1 + c.below(8));
    int at = c.below(n), length = Math.min(n - at, 1 + c.fewBelow(c.oneIn(4) ? n : 8));
    byte[] copy = b.clone();
    switch (c.below(9)) {
      case 0, 1 -> copy[at] ^= 1 << c.below(8);
      case 2 -> copy[at] = (byte) EXTREME[c.below(EXTREME.length)];
      case 3 -> copy = replace(b, at, 0, c.bytes(length));
      case 4 -> copy = replace(b, at, length, new byte[0]);
      case 5 -> copy = replace(b, at, 0, Arrays.copyOfRange(b, at, at + length));
      case 6 -> copy = Arrays.copyOf(b, at);
      case 7 -> {
        int from = c.below(n - length + 1);
        System.arraycopy(b, from, copy, at, length);
      }
      default -> {
        long v = EXTREME[c.below(EXTREME.length)];
        int size = c.of(2, 4, 8);
        boolean little = c.oneIn(2);
        for (int i = 0; i < size && at + i < n; i++) copy[at + i] = (byte) (v >> 8 * (little ? i : size - 1 - i));
      }
    }
    return copy;
  }

  private static byte[] replace(byte[] b, int at, int length, byte[] by) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(b, 0, at);
    out.writeBytes(by);
    out.write(b, at + length, b.length - at - length);
    return out.toByteArray();
  }

  static String number(FuzzRandom c) {
    return c.of(NUMBERS);
  }

  static String piece(FuzzRandom c) {
    return c.of(PIECES);
  }

  static String text(FuzzRandom c, String original) {
    String s = original;
    for (int n = 1 + c.fewBelow(4); n > 0; n--) s = once(c, s);
    return s;
  }

  private static String once(FuzzRandom c, String s) {
    int at = c.below(s.length() + 1),
        length = Math.min(s.length() - at, 1 + c.fewBelow(c.oneIn(4) ? s.length() + 1 : 6));
    return switch (c.below(8)) {
      case 0, 1, 2 -> token(c, s, NUMBER, at, number(c));
      case 3 -> token(c, s, QUOTED, at, c.oneIn(3) ? number(c) : "\"" + piece(c) + "\"");
      case 4 -> s.substring(0, at) + piece(c) + s.substring(at);
      case 5 -> s.substring(0, at) + s.substring(at + length);
      case 6 -> s.substring(0, at) + s.substring(at, at + length).repeat(1 + c.fewBelow(20)) + s.substring(at);
      default -> c.oneIn(3) ? s.substring(0, at) : swapped(c, s, at);
    };
  }

  /** Replaces the first token at or after {@code at}. */
  private static String token(FuzzRandom c, String s, Pattern pattern, int at, String by) {
    Matcher m = pattern.matcher(s);
    if (!m.find(at) && !m.find(0)) return s + by;
    return s.substring(0, m.start()) + by + s.substring(m.end());
  }

  /** Swaps two tokens, as if two fields had changed places. */
  private static String swapped(FuzzRandom c, String s, int at) {
    Pattern p = c.oneIn(2) ? QUOTED : NUMBER;
    Matcher m = p.matcher(s);
    if (!m.find(c.below(at + 1))) return s;
    int a = m.start(), b = m.end();
    if (!m.find(Math.max(b, at))) return s;
    return s.substring(0, a) + m.group() + s.substring(b, m.start()) + s.substring(a, b) + s.substring(m.end());
  }
}
