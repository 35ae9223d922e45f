// SPDX-License-Identifier: MIT
package chainrule.data;

import java.text.Normalizer;

/** Brings strings from files into the form in which they are compared. */
final class UnicodeText {
  private UnicodeText() {}

  /** Returns whether the character is a blank of any kind: white space, or a no-break space such as U+00A0. */
  static boolean isBlank(char c) {
    if (c > ' ' && c < 0x80) return false;
    return c == ' ' || c != 0 && (Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\uFEFF');
  }

  /** Returns the string without blanks around it. */
  static String strip(String s) {
    int from = 0, to = s.length();
    while (from < to && isBlank(s.charAt(from))) from++;
    while (from < to && isBlank(s.charAt(to - 1))) to--;
    return s.substring(from, to);
  }

  /** Returns the string in NFC without blanks around it; the same object if nothing changes. */
  static String clean(String s) {
    String stripped = strip(s);
    for (int i = 0; i < stripped.length(); i++) {
      if (stripped.charAt(i) >= 0x300) return Normalizer.normalize(stripped, Normalizer.Form.NFC); // below, all is NFC
    }
    return stripped;
  }
}
