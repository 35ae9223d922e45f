// SPDX-License-Identifier: MIT
package chainrule.data;

/** Parses numbers in tables: decimal, with an optional exponent. */
final class DecimalNumbers {
  private DecimalNumbers() {}

  /** Returns whether {@link #parse} accepts the cell. */
  static boolean isNumber(String cell, boolean decimalComma) {
    return isDecimal(normal(cell, decimalComma));
  }

  /** Returns the value, or NaN if the cell is not a number; no number in a table is NaN. */
  static double parse(String cell, boolean decimalComma) {
    String s = normal(cell, decimalComma);
    return isDecimal(s) ? Double.parseDouble(s) : Double.NaN;
  }

  /** Returns the cell with a decimal point for a decimal comma, which is allowed if the separator is not a comma. */
  private static String normal(String cell, boolean decimalComma) {
    String s = cell.strip();
    return decimalComma ? s.replace(',', '.') : s;
  }

  /**
   * Accepts [+-] digits [. digits] [e [+-] digits], with a digit before the exponent: no hexadecimal, suffixes or NaN.
   */
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
