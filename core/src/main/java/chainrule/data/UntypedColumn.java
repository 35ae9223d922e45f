// SPDX-License-Identifier: MIT
package chainrule.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * A named column of cells that are numbers, strings or missing, from a source other than a file, before its type is
 * decided. {@link Table#typed} makes it a column of numbers, dates or categories.
 */
public final class UntypedColumn {
  private final String name;
  private final double[] numbers; // [rows], NaN for strings and missing cells; null if there are none
  private final int[] codes; // [rows], −1 for numbers and missing cells; null if all cells are
  private final List<String> texts;

  private UntypedColumn(String name, double[] numbers, int[] codes, List<String> texts) {
    this.name = cleanName(name);
    this.numbers = numbers;
    this.codes = codes;
    this.texts = texts;
  }

  /**
   * {@return a column of numbers}
   *
   * @param name the name of the column
   * @param values the numbers, NaN for missing; the array is not copied and may be overwritten
   * @throws IllegalArgumentException for an infinite value
   */
  public static UntypedColumn numbers(String name, double... values) {
    return new UntypedColumn(name, requireNotInfinite(values), null, List.of());
  }

  /**
   * {@return a column of strings}
   *
   * @param name the name of the column
   * @param cells the strings, null for missing
   */
  public static UntypedColumn strings(String name, List<String> cells) {
    Map<String, Integer> places = new HashMap<>();
    List<String> texts = new ArrayList<>();
    int[] codes = new int[cells.size()];
    for (int r = 0; r < codes.length; r++) codes[r] = code(cells.get(r), places, texts);
    return new UntypedColumn(name, null, codes, texts);
  }

  /**
   * {@return a column of numbers and strings} A cell with a code ≥ 0 is the string of this code. Every other cell is
   * its number, or missing if that is NaN. The order of the strings leaves no trace.
   *
   * @param name the name of the column
   * @param numbers [rows]; null if there are none. The array is not copied and may be overwritten.
   * @param codes [rows], −1 where the cell is not a string; null if there are no strings
   * @param texts the strings of the codes
   * @throws IllegalArgumentException for an infinite number, or arrays of different lengths
   * @throws IndexOutOfBoundsException for a code without a string
   */
  public static UntypedColumn of(String name, double[] numbers, int[] codes, List<String> texts) {
    if (numbers == null && codes == null) throw new IllegalArgumentException("expected numbers or codes");
    if (codes == null) return numbers(name, numbers);
    if (numbers != null && numbers.length != codes.length) {
      throw new IllegalArgumentException("expected " + numbers.length + " codes, found " + codes.length);
    }
    if (numbers != null) requireNotInfinite(numbers);
    int[] inOrder = new int[codes.length], newCodes = new int[texts.size()]; // place + 1, 0 for a new one
    Map<String, Integer> places = new HashMap<>();
    List<String> found = new ArrayList<>();
    for (int r = 0; r < codes.length; r++) {
      int code = codes[r];
      inOrder[r] = -1;
      if (code < 0) continue;
      Objects.checkIndex(code, newCodes.length);
      if (newCodes[code] == 0) newCodes[code] = code(texts.get(code), places, found) + 1;
      inOrder[r] = newCodes[code] - 1;
      if (numbers != null) numbers[r] = Double.NaN;
    }
    return new UntypedColumn(name, numbers, inOrder, found);
  }

  private static int code(String text, Map<String, Integer> places, List<String> texts) {
    if (text == null) return -1;
    Integer place = places.putIfAbsent(text, texts.size());
    if (place != null) return place;
    texts.add(text);
    return texts.size() - 1;
  }

  private static double[] requireNotInfinite(double[] values) {
    for (int r = 0; r < values.length; r++) {
      if (!Double.isInfinite(values[r])) continue;
      throw new IllegalArgumentException("row " + r + ": expected a finite number or NaN, found " + values[r]);
    }
    return values;
  }

  /**
   * {@return a column's name as one in a file is read: in NFC, without blanks around it}
   *
   * @param name the name
   */
  public static String cleanName(String name) {
    return UnicodeText.clean(name);
  }

  /** {@return the name in NFC, without blanks around it: see {@link #cleanName}} */
  public String name() {
    return name;
  }

  /** {@return the number of rows} */
  public int rows() {
    return numbers != null ? numbers.length : codes.length;
  }

  /** Returns the column as if it had been parsed. A number is one beyond doubt, however it was once written. */
  RawColumn raw() {
    int rows = rows(), strings = 0, missing = 0;
    for (int r = 0; r < rows; r++) {
      if (codes != null && codes[r] >= 0) strings++;
      else if (numbers == null || Double.isNaN(numbers[r])) missing++;
    }
    if (strings + missing == 0 && rows > 0) return new RawColumn(numbers, null, List.of(), false, this::asStrings);
    List<String> all = new ArrayList<>(texts);
    int empty = all.indexOf("");
    if (empty < 0 && missing > 0) {
      empty = all.size();
      all.add("");
    }
    int[] withEmpty = codes == null ? filled(rows) : codes.clone();
    for (int r = 0; r < rows && missing > 0; r++) {
      if (withEmpty[r] < 0 && (numbers == null || Double.isNaN(numbers[r]))) withEmpty[r] = empty;
    }
    double[] cells = strings + missing == rows ? null : numbers;
    return new RawColumn(cells, withEmpty, all, false, this::asStrings);
  }

  private static int[] filled(int rows) {
    int[] codes = new int[rows];
    Arrays.fill(codes, -1);
    return codes;
  }

  /** Returns the column with all cells as strings, a whole number of less than 19 digits without a decimal point. */
  private RawColumn asStrings() {
    List<String> cells = new ArrayList<>();
    for (int r = 0; r < rows(); r++) {
      boolean isText = codes != null && codes[r] >= 0, isNumber = numbers != null && !Double.isNaN(numbers[r]);
      cells.add(isText ? texts.get(codes[r]) : isNumber ? text(numbers[r]) : "");
    }
    UntypedColumn strings = strings(name, cells);
    return new RawColumn(null, strings.codes, strings.texts, false, () -> {
      throw new AssertionError("already strings");
    });
  }

  private static String text(double v) {
    return v == Math.rint(v) && Math.abs(v) < 1e18 ? Long.toString((long) v) : Double.toString(v);
  }

  /** Decides the types of columns of equal length: see {@link Table#typed}. */
  static Table typed(String name, List<UntypedColumn> columns, TableOptions options) {
    if (columns.isEmpty()) throw new IllegalArgumentException("expected ≥ 1 column");
    int[] lines = IntStream.rangeClosed(1, columns.get(0).rows()).toArray();
    for (UntypedColumn c : columns) {
      if (c.rows() != lines.length) throw new IllegalArgumentException("columns of different lengths");
    }
    List<String> names = columns.stream().map(UntypedColumn::name).toList();
    List<RawColumn> raw = columns.stream().map(UntypedColumn::raw).toList();
    ColumnTyping typing = ColumnTyping.resolve(name, names, raw, lines, ',', options);
    List<String> notices = new ArrayList<>(typing.notices());
    notices.addAll(stringsAsNumbers(columns, typing.columns(), options));
    return new Table(name, typing.columns(), lines, typing.decimal(), notices);
  }

  /** Says which columns have only strings but are columns of numbers. Those of dates have a line already. */
  private static List<String> stringsAsNumbers(List<UntypedColumn> from, List<Column> to, TableOptions options) {
    TypingNotices notices = new TypingNotices();
    String text = "strings that are numbers, read as numbers; ";
    for (int c = 0; c < to.size() && !options.hasWrittenCells(); c++) {
      Column column = to.get(c);
      boolean wanted = options.types().containsKey(column.name())
          || options.types().containsKey(Integer.toString(c + 1)) || options.usualTypes().containsKey(column.name());
      if (wanted || from.get(c).numbers != null || column.type() != ColumnType.NUMBER) continue;
      if (column.missing() == column.rows()) continue;
      notices.add(TypingNotices.Kind.STRINGS, column.name(), 0,
          text + OptionAdvice.typeOption(column.name(), c, ColumnType.CATEGORY) + " reads categories",
          text + "--type NAME=category reads categories");
    }
    return notices.lines();
  }
}
