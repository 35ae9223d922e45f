// SPDX-License-Identifier: MIT
package chainrule.data;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The strings that mean a missing value. An empty cell, NA, N/A, NaN, null, ?, and what databases, pandas and
 * spreadsheets write, such as \N, {@code <NA>} and #N/A, do so in every column. None, a dash, a dot and the errors of
 * spreadsheets do so only in columns of numbers and dates. Markers from the options hold everywhere, and one that is a
 * number, such as −999, also stands for equal numbers, such as −999.0.
 */
final class MissingMarkers {
  private static final Set<String> EVERYWHERE = Set.of("", "NA", "N/A", "n/a", "NaN", "nan", "null", "NULL", "?",
      "\\N", "(null)", "(NULL)", "[NULL]", "<NA>", "NaT", "#N/A");
  private static final Set<String> AMONG_NUMBERS = Set.of("None", "none", "-", "--", ".", "..", "...", "\u2212",
      "\u2013", "\u2014", "\u2026", "Null", "NAN", "Nan", "-nan", "-NaN", "na", "n.a.", "N.A.", "nil", "NIL", "missing",
      "#DIV/0!", "#VALUE!", "#REF!", "#NUM!", "#NAME?", "#NULL!", "#NV", "#WERT!", "#BEZUG!", "#ZAHL!", "1.#QNAN",
      "1.#IND", "-1.#IND", "-1.#QNAN");

  private final Set<String> strings = new HashSet<>(EVERYWHERE);
  private final double[] numbers;

  /** @param more the markers from the options */
  MissingMarkers(List<String> more) {
    Set<Double> values = new HashSet<>();
    for (String marker : more) {
      String clean = UnicodeText.clean(marker);
      strings.add(clean);
      WrittenNumber number = WrittenNumber.of(clean);
      if (number != null) values.add(number.usual() + 0.0); // +0 for −0
    }
    numbers = new double[values.size()];
    int n = 0;
    for (double v : values) numbers[n++] = v;
  }

  /** Returns whether a string means a missing value in a column of strings; it has no blanks around it. */
  boolean inText(String cell) {
    if (strings.contains(cell)) return true;
    if (numbers.length == 0) return false;
    WrittenNumber number = WrittenNumber.of(cell);
    return number != null && isMarker(number.usual());
  }

  /** Returns whether a string means a missing value in a column of numbers or dates. */
  boolean amongNumbers(String cell) {
    return strings.contains(cell) || AMONG_NUMBERS.contains(cell);
  }

  /** Returns whether some number means a missing value. */
  boolean hasNumbers() {
    return numbers.length > 0;
  }

  /** Returns whether this number means a missing value. */
  boolean isMarker(double value) {
    for (double n : numbers) if (n == value) return true;
    return false;
  }
}
