// SPDX-License-Identifier: MIT
package chainrule.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.DoublePredicate;
import java.util.function.IntPredicate;

/**
 * The cells of a column read as numbers with both decimal marks, before one is chosen. Work is done once per different
 * string and stored by its code.
 */
final class NumberCells {
  /** The share of numbers from which a column is one of numbers: 19 of 20. */
  static final int NUMBERS_PER_WORD = 19;
  /** In a column of thousands at least one number without a mark has three digits. */
  private static final int LARGE = 100;
  /** This many different numbers with three decimals are not a coincidence. */
  private static final int MANY = 20;
  private static final byte MISSING = 0, WORD = 1, NUMBER = 2;

  /** A cell that is the reason for a decision; {@code row} is −1 if it was not looked up. */
  record Cell(int row, String text) {}

  final String name;
  /** The index of the column, from 0. */
  final int index;
  private final MissingMarkers markers;
  private RawColumn raw;
  private byte[] kinds; // [codes]
  private double[] point; // [codes], the value with a decimal point, NaN if there is none
  private double[] comma; // [codes], the value with a decimal comma, NaN if there is none
  private boolean signs; // whether a number has a currency, %, parentheses or blanks and apostrophes between thousands
  private boolean inexact; // whether a double does not hold some whole number
  private boolean whole; // whether all strings that are numbers are only digits
  private long numbers;
  private long words;

  NumberCells(String name, int index, RawColumn raw, MissingMarkers markers) {
    this.name = name;
    this.index = index;
    this.raw = raw;
    this.markers = markers;
    if (raw.numbers != null && markers.hasNumbers()) {
      for (int r = 0; r < raw.numbers.length; r++) if (markers.isMarker(raw.numbers[r])) raw.numbers[r] = Double.NaN;
    }
    classify();
  }

  private void classify() {
    List<String> texts = raw.texts;
    int n = raw.codes == null ? 0 : texts.size();
    kinds = new byte[n];
    point = comma = new double[0];
    signs = inexact = false;
    whole = true;
    for (int k = 0; k < n; k++) {
      String text = texts.get(k);
      WrittenNumber number = WrittenNumber.of(text);
      if (markers.amongNumbers(number == null ? UnicodeText.clean(text) : UnicodeText.strip(text))
          || number != null && !number.isOpen() && markers.isMarker(number.usual())) {
        kinds[k] = MISSING;
      } else if (number == null) {
        kinds[k] = WORD;
      } else {
        if (point.length == 0) {
          point = new double[n];
          comma = new double[n];
        }
        kinds[k] = NUMBER;
        point[k] = number.point();
        comma[k] = number.comma();
        signs |= number.currency() != null || number.percent() || number.parentheses() || number.grouped();
        inexact |= number.whole() && !number.exact();
        whole &= number.whole();
      }
    }
    count();
  }

  private void count() {
    numbers = 0;
    words = 0;
    int rows = raw.rows();
    if (raw.codes == null) {
      numbers = rows;
      if (markers.hasNumbers()) for (int r = 0; r < rows; r++) if (Double.isNaN(raw.numbers[r])) numbers--;
      return;
    }
    for (int r = 0; r < rows; r++) {
      int code = raw.codes[r];
      if (code < 0 ? !Double.isNaN(raw.numbers[r]) : kinds[code] == NUMBER) numbers++;
      else if (code >= 0 && kinds[code] == WORD) words++;
    }
  }

  /** Reads all cells as they are written: 1.000 could be 1000, which the plain numbers do not show. */
  void readAsWritten() {
    if (raw.numbers == null || !raw.points) return;
    raw = raw.asTexts();
    classify();
  }

  /** Returns how many cells are numbers with some decimal mark. */
  long numbers() {
    return numbers;
  }

  /** Returns how many cells are neither numbers nor missing. */
  long words() {
    return words;
  }

  /** Returns whether at least 95 % of the cells that are not missing are numbers. */
  boolean isNumeric() {
    return numbers > 0 && numbers >= NUMBERS_PER_WORD * words;
  }

  /** Returns whether all numbers are whole and some have more digits than a double holds. */
  boolean areIdentifiers() {
    return inexact && whole && tooLarge('.') == null && !hasNumber(v -> v != Math.rint(v));
  }

  /** Returns whether some plain number has this property. */
  boolean hasNumber(DoublePredicate property) {
    if (raw.numbers == null) return false;
    for (double v : raw.numbers) if (!Double.isNaN(v) && property.test(v)) return true;
    return false;
  }

  /** Returns a string that is a number too large for a double with this decimal mark, null if there is none. */
  Cell tooLarge(char mark) {
    return find(k -> Double.isInfinite(mark == ',' ? comma[k] : point[k]));
  }

  /** Returns a string that is a number with a decimal point only, null if there is none. */
  Cell pointOnly() {
    return find(k -> Double.isNaN(comma[k]));
  }

  /** Returns a string that is a number with a decimal comma only, null if there is none. */
  Cell commaOnly() {
    return find(k -> Double.isNaN(point[k]));
  }

  /** Returns a string with commas between thousands if '.' is the decimal mark, null if there is none. */
  Cell thousands() {
    return find(k -> !Double.isNaN(point[k]) && raw.texts.get(k).indexOf(',') >= 0);
  }

  /** Returns a string that is a number with both decimal marks, but another one; null if there is none. */
  Cell open(char mark) {
    return find(k -> point[k] != comma[k] && !Double.isNaN(point[k]) && !Double.isNaN(comma[k])
        && raw.texts.get(k).indexOf(mark) >= 0);
  }

  private Cell find(IntPredicate property) {
    for (int k = 0; k < point.length; k++) {
      if (kinds[k] == NUMBER && property.test(k)) return new Cell(-1, raw.texts.get(k));
    }
    return null;
  }

  /** Returns the row in which a string occurs first. */
  int row(Cell cell) {
    int code = raw.texts.indexOf(cell.text);
    for (int r = 0; r < raw.codes.length; r++) if (raw.codes[r] == code) return r;
    throw new AssertionError("a string that does not occur: " + cell.text);
  }

  /**
   * Returns whether plain numbers could be written with a point between thousands: each of them is either whole and
   * below 1000 or could be written like 1.250, and there are some of both kinds.
   */
  boolean mayHavePointsInThousands() {
    if (raw.numbers == null) return false;
    boolean fraction = false, large = false;
    for (double v : raw.numbers) {
      double size = Math.abs(v);
      if (v != Math.rint(v)) { // or NaN
        if (size < 1 || size >= 1000 || Math.rint(v * 1000) / 1000 != v && size > 0) return false;
        fraction |= size > 0;
      } else if (size >= 1000) {
        return false;
      } else {
        large |= size >= LARGE;
      }
    }
    return fraction && large;
  }

  /**
   * Returns whether this mark can only separate thousands although each of the numbers, such as 1,250, could be a
   * decimal one. Three conditions must hold: a number ends in 0, which a program that leaves out needless digits would
   * not write; numbers without the mark have no decimals, which a program that always writes three would; and these are
   * below 1000, so that they need no mark, but larger than the others would be as decimal numbers.
   */
  boolean looksLikeThousands(char mark) {
    readAsWritten();
    if (hasNumber(v -> v != Math.rint(v) || Math.abs(v) >= 1000)) return false;
    double largestPlain = 0, largestDecimal = 0;
    int marked = 0;
    boolean zero = false;
    if (raw.numbers != null) {
      for (double v : raw.numbers) if (Math.abs(v) > largestPlain) largestPlain = Math.abs(v); // false for NaN
    }
    for (int k = 0; k < point.length; k++) {
      if (kinds[k] != NUMBER) continue;
      double thousands = mark == ',' ? point[k] : comma[k], decimal = mark == ',' ? comma[k] : point[k];
      if (thousands == decimal) {
        if (decimal != Math.rint(decimal) || Math.abs(decimal) >= 1000) return false;
        largestPlain = Math.max(largestPlain, Math.abs(decimal));
      } else if (raw.texts.get(k).indexOf(mark) < 0) {
        return false;
      } else {
        marked++;
        largestDecimal = Math.max(largestDecimal, Math.abs(decimal));
        zero |= thousands % 10 == 0;
      }
    }
    return zero && largestPlain >= LARGE && (largestDecimal < largestPlain || marked >= MANY);
  }

  /** A number with a sign of some kind, and the row in which it occurs first. */
  record Signed(int row, String text, WrittenNumber number) {}

  /** Returns, for each currency, its first number; and for each of "%", "(" and " " the first number with it. */
  Map<String, Signed> signed() {
    Map<String, Signed> first = new LinkedHashMap<>();
    if (!signs) return first;
    boolean[] seen = new boolean[kinds.length];
    for (int r = 0; r < raw.codes.length; r++) {
      int code = raw.codes[r];
      if (code < 0 || seen[code] || kinds[code] != NUMBER) continue;
      seen[code] = true;
      String text = raw.texts.get(code);
      Signed signed = new Signed(r, text, WrittenNumber.of(text));
      WrittenNumber number = signed.number;
      if (number.currency() != null) first.putIfAbsent(number.currency(), signed);
      if (number.percent()) first.putIfAbsent("%", signed);
      if (number.parentheses()) first.putIfAbsent("(", signed);
      if (number.grouped()) first.putIfAbsent(" ", signed);
    }
    return first;
  }

  /** Returns the first number other than 0 without a percent sign, or null. */
  Cell withoutPercent() {
    boolean[] seen = new boolean[kinds.length];
    for (int r = 0; r < raw.rows(); r++) {
      if (raw.isNumber(r)) {
        if (raw.numbers[r] != 0 && !Double.isNaN(raw.numbers[r])) return new Cell(r, NumberColumn.text(raw.numbers[r]));
        continue;
      }
      int code = raw.codes[r];
      if (seen[code] || kinds[code] != NUMBER) continue;
      seen[code] = true;
      WrittenNumber number = WrittenNumber.of(raw.texts.get(code));
      if (!number.percent() && number.usual() != 0) return new Cell(r, raw.texts.get(code));
    }
    return null;
  }

  /** Returns the first different cells, at most {@code most}, that are neither numbers nor missing. */
  List<Cell> firstWords(int most) {
    Set<Integer> codes = new LinkedHashSet<>();
    List<Cell> cells = new ArrayList<>();
    for (int r = 0; raw.codes != null && r < raw.codes.length && cells.size() < most; r++) {
      int code = raw.codes[r];
      if (code >= 0 && kinds[code] == WORD && codes.add(code)) cells.add(new Cell(r, raw.texts.get(code)));
    }
    return cells;
  }

  /** Returns the column with this decimal mark. */
  NumberColumn column(char mark) {
    double[] byCode = mark == ',' ? comma : point;
    int rows = raw.rows();
    double[] values = raw.numbers != null ? raw.numbers : new double[rows];
    Map<Integer, String> wordsByRow = new TreeMap<>();
    for (int r = 0; raw.codes != null && r < rows; r++) {
      int code = raw.codes[r];
      if (code < 0) continue;
      values[r] = kinds[code] != NUMBER || markers.isMarker(byCode[code]) ? Double.NaN : byCode[code];
      if (kinds[code] == WORD) wordsByRow.put(r, UnicodeText.clean(raw.texts.get(code)));
    }
    return new NumberColumn(name, ColumnType.NUMBER, values, wordsByRow);
  }
}
