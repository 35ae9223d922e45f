// SPDX-License-Identifier: MIT
package chainrule.data;

import chainrule.text.Excerpt;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A table of strings: named columns, and rows of equal length with their line numbers.
 *
 * @param file the name of the file, for messages
 * @param columns the names of the columns
 * @param rows the cells
 * @param decimalComma whether 1,5 means 1.5, because the separator is not a comma
 */
public record Table(String file, List<String> columns, List<Row> rows, boolean decimalComma) {
  private static final int MOST_LISTED = 12;

  /** A row: the line of the file on which it starts, and its cells. */
  public record Row(int line, String[] cells) {}

  /** Row numbers, from 0, for training and for testing. */
  public record Split(int[] train, int[] test) {}

  /**
   * Holds out this fraction of the rows at random, in the same way as {@link Dataset#split}.
   *
   * @throws IllegalArgumentException for a fraction outside [0, 1)
   */
  public Split split(double testFraction, long seed) {
    int[][] parts = Dataset.splitRows(rows.size(), testFraction, seed);
    return new Split(parts[0], parts[1]);
  }

  int[] allRows() {
    return IntStream.range(0, rows.size()).toArray();
  }

  /** Returns the index of the column of this name, from 0, or −1 if there is none. */
  public int indexOf(String name) {
    return columns.indexOf(name);
  }

  /**
   * Returns the index, from 0, of a column given by its name or, if there is no such name, by its number from 1.
   *
   * @throws DataException naming the columns there are
   */
  public int columnIndex(String name) {
    int i = indexOf(name);
    if (i >= 0) return i;
    try {
      int number = Integer.parseInt(name);
      if (number >= 1 && number <= columns.size()) return number - 1;
    } catch (NumberFormatException e) {
      // not a number: an unknown name like any other
    }
    throw new DataException(file + ": no column '" + shown(name) + "'; the columns are " + listed());
  }

  /** Returns the error for a missing column that a model needs. */
  DataException missing(String column, String role) {
    return new DataException(
        file + ": no column '" + shown(column) + "', which is " + role + " of the model; the columns are " + listed());
  }

  private String listed() {
    return shown(columns) + (columns.size() > MOST_LISTED ? " (" + columns.size() + " columns)" : "");
  }

  /** Returns the first of several strings, for a message. */
  static String shown(List<String> texts) {
    List<String> first = texts.stream().limit(MOST_LISTED).map(Table::shown).toList();
    return String.join(", ", first) + (texts.size() > MOST_LISTED ? ", …" : "");
  }

  /** Returns a string, shortened for a message. */
  static String shown(String text) {
    return Excerpt.of(text);
  }

  String cell(int row, int column) {
    return rows.get(row).cells()[column];
  }

  double number(int row, int column) {
    return DecimalNumbers.parse(cell(row, column), decimalComma);
  }

  boolean isNumber(int row, int column) {
    return DecimalNumbers.isNumber(cell(row, column), decimalComma);
  }

  /** Returns an error at a cell. */
  DataException error(int row, int column, String what) {
    return new DataException(
        file + ":" + rows.get(row).line() + ": column '" + shown(columns.get(column)) + "': " + what);
  }

  /** Returns the finite number in a cell, or throws an error that names the place. */
  double requireNumber(int row, int column) {
    String cell = cell(row, column);
    if (!isNumber(row, column)) {
      String word = cell.strip();
      throw error(row, column, word.isEmpty()
          ? "expected a number, found an empty cell. Fill it in, or delete the line."
          : "expected a " + (ColumnCells.isNonFinite(word) ? "finite " : "") + "number, found '" + shown(word)
              + "'. Fix the value, or delete the line.");
    }
    double value = number(row, column);
    if (Double.isInfinite(value)) throw error(row, column, "'" + shown(cell.strip()) + "' is too large for a double");
    return value;
  }
}
