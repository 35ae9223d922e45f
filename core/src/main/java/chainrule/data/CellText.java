// SPDX-License-Identifier: MIT
package chainrule.data;

import java.util.Set;

/** The text of a cell: the blanks around it, and the markers of a missing value. */
final class CellText {
  private CellText() {}

  private static final Set<String> MISSING = Set.of("", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "?", "-", ".");

  /** Removes blanks at both ends, no-break spaces included. */
  static String strip(String s) {
    int from = 0, to = s.length();
    while (from < to && isBlank(s.charAt(from))) from++;
    while (to > from && isBlank(s.charAt(to - 1))) to--;
    return s.substring(from, to);
  }

  private static boolean isBlank(char c) {
    return c <= ' ' || c == '\u00A0' || c == '\u2007' || c == '\u202F' || c == '\uFEFF' || Character.isWhitespace(c);
  }

  /** Returns whether a cell is empty or a usual marker of a missing value, or one of the options. */
  static boolean isMissing(String cell, TableOptions options) {
    return MISSING.contains(cell) || options.missing().contains(cell);
  }

  /** Returns whether a cell can be read as a number. */
  static boolean isNumber(String cell) {
    return !cell.isEmpty() && (DecimalNumbers.isNumber(cell, false) || WrittenNumber.isPossible(cell));
  }
}
