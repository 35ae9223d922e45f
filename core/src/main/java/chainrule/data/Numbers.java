// SPDX-License-Identifier: MIT
package chainrule.data;

/** Numbers as people write them into tables: decimal, with an optional exponent. */
final class Numbers {
  private Numbers() {}

  /** Whether {@link #parse} would take it. */
  static boolean isNumber(String cell, boolean decimalComma) {
    return isDecimal(normal(cell, decimalComma));
  }

  /** The value; NaN if it is no number (use {@link #isNumber} to tell, no number in a table is NaN). */
  static double parse(String cell, boolean decimalComma) {
    String s = normal(cell, decimalComma);
    return isDecimal(s) ? Double.parseDouble(s) : Double.NaN;
  }

  /** Where the separator is not a comma, 1,5 is the number 1.5; two of either are none in any way. */
  private static String normal(String cell, boolean decimalComma) {
    String s = cell.strip();
    return decimalComma ? s.replace(',', '.') : s;
  }

  /** [+-] digits [. digits] [e [+-] digits], a digit before the exponent: no hexadecimal, no suffixes, no NaN. */
  private static boolean isDecimal(String s) {
    int i = 0, n = s.length(), digits = 0;
    if (i < n && (s.charAt(i) == '+' || s.charAt(i) == '-')) i++;
    for (; i < n && isDigit(s.charAt(i)); i++) digits++;
    if (i < n && s.charAt(i) == '.') i++;
    for (; i < n && isDigit(s.charAt(i)); i++) digits++;
    if (digits == 0) return false;
    if (i < n && (s.charAt(i) == 'e' || s.charAt(i) == 'E')) {
      i++;
      if (i < n && (s.charAt(i) == '+' || s.charAt(i) == '-')) i++;
      int from = i;
      while (i < n && isDigit(s.charAt(i))) i++;
      if (i == from) return false;
    }
    return i == n;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
