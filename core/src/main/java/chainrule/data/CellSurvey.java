// SPDX-License-Identifier: MIT
package chainrule.data;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * What the strings of a column tell together about their meaning, if a model needs numbers or dates: how many are, the
 * decimal mark, and whether they have one unit. The rules are those for a file ({@code ColumnTyping}, {@code
 * NumberStyle}). Surveys of parts of a column can be added in any order, with the same result.
 */
public final class CellSurvey implements Serializable {
  private static final long serialVersionUID = 1;

  /** The name of the column. */
  private final String name;
  /** The type of the column in the model, numbers or dates. */
  private final ColumnType type;
  /** The strings that mean a missing value besides the usual ones. */
  private final List<String> markers;
  private transient MissingMarkers missing;
  /** The number of strings that are numbers or dates. */
  private long fitting;
  /** The number of strings that are neither numbers or dates nor missing markers. */
  private long words;
  /** The first of these strings in alphabetical order, or null. */
  private String word;
  /** The first number in alphabetical order that is one with a decimal point only, or null. */
  private String pointOnly;
  /** The first number in alphabetical order that is one with a decimal comma only, or null. */
  private String commaOnly;
  /** The first number in alphabetical order that has different values with either mark, or null. */
  private String open;
  /** The first number in alphabetical order with a percent sign, or null. */
  private String percent;
  /** The first number in alphabetical order that is not 0 and has no percent sign, or null. */
  private String plain;
  /** By currency, the first amount in alphabetical order. */
  private final TreeMap<String, String> amounts = new TreeMap<>();

  /**
   * Creates a survey without cells.
   *
   * @param in the input column of the model, of numbers or dates
   * @param encoding the encoding of the model, for the strings that mean a missing value
   * @throws IllegalArgumentException for a column of categories
   */
  public CellSurvey(InputColumn in, Encoding encoding) {
    if (!in.isNumber()) throw new IllegalArgumentException("expected a column of numbers or dates");
    name = in.name();
    type = in.type();
    markers = encoding.missing();
  }

  /** {@return the name of the column} */
  public String name() {
    return name;
  }

  /**
   * Adds a cell.
   *
   * @param cell the string, null for missing
   */
  public void add(String cell) {
    if (cell == null) return;
    String clean = UnicodeText.clean(cell);
    if (missing == null) missing = new MissingMarkers(markers);
    if (missing.amongNumbers(clean)) return;
    if (type == ColumnType.DATE) {
      if (Double.isNaN(IsoDate.parse(clean))) addWord(clean);
      else fitting++;
      return;
    }
    WrittenNumber number = WrittenNumber.of(clean);
    if (number == null) addWord(clean);
    else if (number.isOpen() || !missing.isMarker(number.usual())) addNumber(clean, number);
  }

  private void addWord(String cell) {
    words++;
    word = first(word, cell);
  }

  private void addNumber(String cell, WrittenNumber number) {
    fitting++;
    if (Double.isNaN(number.comma())) pointOnly = first(pointOnly, cell);
    else if (Double.isNaN(number.point())) commaOnly = first(commaOnly, cell);
    else if (number.isOpen()) open = first(open, cell);
    if (number.percent()) percent = first(percent, cell);
    else if (number.usual() != 0) plain = first(plain, cell);
    if (number.currency() != null) amounts.merge(number.currency(), cell, CellSurvey::first);
  }

  private static String first(String a, String b) {
    return a == null ? b : b == null || a.compareTo(b) <= 0 ? a : b;
  }

  /**
   * Adds the survey of other rows of the column.
   *
   * @param other the survey to add, of the same column
   */
  public void add(CellSurvey other) {
    fitting += other.fitting;
    words += other.words;
    word = first(word, other.word);
    pointOnly = first(pointOnly, other.pointOnly);
    commaOnly = first(commaOnly, other.commaOnly);
    open = first(open, other.open);
    percent = first(percent, other.percent);
    plain = first(plain, other.plain);
    other.amounts.forEach((currency, cell) -> amounts.merge(currency, cell, CellSurvey::first));
  }

  /** {@return the decimal mark that numbers of the column require, '.' or ','; 0 if none does} */
  public char evidence() {
    return commaOnly != null ? ',' : pointOnly != null ? '.' : 0;
  }

  /**
   * Checks that the strings can be read.
   *
   * @param data the name of the data, for messages
   * @throws DataException if fewer than 95 % of the strings that are not missing are numbers or dates, if some need a
   *     decimal point and others a decimal comma, or if they have different units
   */
  public void requireReadable(String data) {
    String expected = type == ColumnType.DATE ? "a date such as 2026-11-29" : "a number";
    if (words > 0 && fitting < NumberCells.NUMBERS_PER_WORD * words) {
      throw error(data, "expected " + expected + " as in training, found '" + Table.shown(word) + "' ("
          + words + " of " + (words + fitting) + " strings). Fix the values, or set them to null.");
    }
    if (commaOnly != null && pointOnly != null) {
      throw error(data, "'" + Table.shown(commaOnly) + "' is a number with a decimal comma only, but '"
          + Table.shown(pointOnly) + "' with a decimal point only. Write all numbers of the column in one style.");
    }
    if (percent != null && plain != null) {
      throw error(data, "'" + Table.shown(percent) + "' has a percent sign, but '" + Table.shown(plain)
          + "' has none. Write all values in the same unit.");
    }
    if (amounts.size() > 1) {
      List<String> cells = List.copyOf(amounts.values());
      throw error(data, "'" + Table.shown(cells.get(0)) + "' and '" + Table.shown(cells.get(1))
          + "' are in different currencies. Convert them to one.");
    }
  }

  private DataException error(String data, String what) {
    return new DataException(data + ": column '" + Table.shown(name) + "': " + what);
  }

  /**
   * {@return what has to be assumed, one line each, without the column's name}
   *
   * @param mark the decimal mark with which the column is read
   */
  public List<String> notices(char mark) {
    List<String> lines = new ArrayList<>();
    String cell = evidence() == 0 ? open : mark == ',' ? commaOnly : null;
    if (cell != null) {
      lines.add("strings, " + Table.shown(cell) + " read as " + NumberColumn.text(CellEncoder.number(cell, mark)));
    }
    if (percent != null) lines.add(read("in percent, ", percent, mark));
    for (String a : amounts.values()) lines.add(read("amounts, the currency is left out: ", a, mark));
    if (words > 0) {
      String kind = type == ColumnType.DATE ? "date" : "number";
      lines.add(words + " of " + (words + fitting) + (words == 1 ? " strings is not a " + kind + " and counts"
          : " strings are not " + kind + "s and count") + " as missing, such as '" + Table.shown(word) + "'");
    }
    return lines;
  }

  private static String read(String before, String cell, char mark) {
    return before + Table.shown(cell) + " read as " + NumberColumn.text(CellEncoder.number(cell, mark));
  }
}
