// SPDX-License-Identifier: MIT
package chainrule.data;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Year;
import java.time.YearMonth;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** An attribute of an ARFF file, and the values read for it so far. */
final class ArffAttribute {
  /** How values are stored. */
  enum Kind { NUMBER, NOMINAL, STRING, DATE }

  private static final int MOST_SHOWN = 8;

  final String name;
  final Kind kind;
  private final ColumnType wanted; // null: as declared
  private final DateTimeFormatter format; // of a date
  private final Map<String, Integer> codes = new HashMap<>(); // of strings and of nominal values
  private final List<String> values = new ArrayList<>();
  private double[] numbers = new double[16]; // numbers and dates
  private int[] cells = new int[16]; // nominal values and strings, −1 for missing
  private int rows;

  /**
   * @param declared the values of a nominal attribute
   * @param format the format of a date, null for ISO dates
   * @param wanted the type the column must have, null for the declared one
   */
  ArffAttribute(String name, Kind kind, List<String> declared, DateTimeFormatter format, ColumnType wanted) {
    this.name = name;
    this.kind = kind;
    this.format = format;
    this.wanted = wanted;
    for (String value : declared) code(value);
  }

  static String normal(String s) {
    return UnicodeText.clean(s);
  }

  private int code(String value) {
    Integer known = codes.get(value);
    if (known != null) return known;
    codes.put(value, values.size());
    values.add(value);
    return values.size() - 1;
  }

  /**
   * Appends a value.
   *
   * @param token the value, null for missing
   * @return null, or what is wrong with it
   */
  String add(String token) {
    if (kind == Kind.NUMBER || kind == Kind.DATE) {
      double v = Double.NaN;
      if (token != null) {
        v = kind == Kind.DATE ? days(token) : DecimalNumbers.parse(token, false);
        String shown = Table.shown(token);
        if (Double.isNaN(v)) {
          String expected = kind == Kind.NUMBER ? "a number" : format == null ? "a date such as 2026-11-29"
              : "a date in the declared format";
          return "expected " + expected + ", found '" + shown + "'. Fix the value, or write ? if it is missing.";
        }
        if (Double.isInfinite(v)) return "'" + shown + "' is too large for a double";
      }
      append(v);
      return null;
    }
    if (token == null) {
      append(-1);
      return null;
    }
    String value = normal(token);
    if (kind == Kind.NOMINAL && !codes.containsKey(value)) {
      return "'" + Table.shown(value) + "' is not among the declared values (" + shownValues() + "). Fix the value, or "
          + "add it to the @attribute line.";
    }
    append(value.isEmpty() ? -1 : code(value));
    return null;
  }

  /** Appends the value that a sparse row leaves out: 0, or the first nominal value. */
  String addDefault() {
    if (kind == Kind.NUMBER || kind == Kind.DATE) append(0.0);
    else if (kind == Kind.NOMINAL) append(values.isEmpty() ? -1 : 0);
    else return wanted == null ? "a sparse row leaves out the value of a string. Write it." : add("0");
    return null;
  }

  private void append(double v) {
    if (rows == numbers.length) numbers = Arrays.copyOf(numbers, grown());
    numbers[rows++] = v;
  }

  private void append(int code) {
    if (rows == cells.length) cells = Arrays.copyOf(cells, grown());
    cells[rows++] = code;
  }

  private int grown() {
    return (int) Math.min(Integer.MAX_VALUE - 8, rows + (rows >> 1) + 16L);
  }

  private String shownValues() {
    List<String> shown = values.stream().limit(MOST_SHOWN).map(Table::shown).toList();
    return String.join(", ", shown) + (values.size() > MOST_SHOWN ? ", …" : "");
  }

  private double days(String token) {
    if (format == null) return IsoDate.parse(token);
    try {
      TemporalAccessor t = format.parseBest(token, LocalDateTime::from, LocalDate::from, YearMonth::from, Year::from);
      if (t instanceof LocalDateTime time) {
        double seconds = ChronoUnit.SECONDS.between(time.toLocalDate().atStartOfDay(), time);
        return time.toLocalDate().toEpochDay() + seconds / 86_400;
      }
      if (t instanceof YearMonth month) return month.atDay(1).toEpochDay();
      return t instanceof Year year ? year.atDay(1).toEpochDay() : ((LocalDate) t).toEpochDay();
    } catch (DateTimeException e) {
      return Double.NaN;
    }
  }

  /** Returns the column of all values. */
  Column column() {
    if (kind == Kind.NUMBER) return new NumberColumn(name, ColumnType.NUMBER, Arrays.copyOf(numbers, rows), Map.of());
    if (kind == Kind.DATE) return new NumberColumn(name, ColumnType.DATE, Arrays.copyOf(numbers, rows), Map.of());
    int[] codesOfRows = Arrays.copyOf(cells, rows);
    if (wanted != ColumnType.NUMBER) return new TextColumn(name, codesOfRows, List.copyOf(values));
    double[] parsed = new double[rows];
    Map<Integer, String> words = new TreeMap<>();
    for (int r = 0; r < rows; r++) {
      String text = codesOfRows[r] < 0 ? "" : values.get(codesOfRows[r]);
      parsed[r] = DecimalNumbers.parse(text, false);
      if (Double.isInfinite(parsed[r])) parsed[r] = Double.NaN;
      if (Double.isNaN(parsed[r]) && codesOfRows[r] >= 0) words.put(r, text);
    }
    return new NumberColumn(name, ColumnType.NUMBER, parsed, words);
  }

  /** Returns whether all different values are numbers. */
  static boolean areNumbers(List<String> values) {
    for (String v : values) if (!DecimalNumbers.isNumber(v, false)) return false;
    return true;
  }
}
