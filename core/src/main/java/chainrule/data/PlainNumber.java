// SPDX-License-Identifier: MIT
package chainrule.data;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The plain numbers of {@link RawColumn}, in strings. */
final class PlainNumber {
  private PlainNumber() {}

  /** Returns the number that a whole string is, or NaN. */
  static double parse(String s) {
    byte[] b = s.getBytes(StandardCharsets.UTF_8);
    ExactDecimal decimal = new ExactDecimal();
    double v = decimal.scan(Arrays.copyOf(b, b.length + 1 + ExactDecimal.PADDING), 0);
    return v == v && decimal.end() == b.length ? v : Double.NaN;
  }
}
