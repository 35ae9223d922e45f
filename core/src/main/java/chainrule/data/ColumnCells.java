// SPDX-License-Identifier: MIT
package chainrule.data;

import java.util.Locale;
import java.util.Set;

/**
 * Counts the cells of a column by kind. Each row index is that of the first such cell, or −1 if there is none.
 *
 * @param numbers the number of cells that are numbers
 * @param words the number of cells that are neither numbers nor empty
 * @param nonFinite the number of words that mean NaN or an infinity
 */
record ColumnCells(Table table, int column, int numbers, int words, int nonFinite,
    int firstNumber, int firstWord, int firstEmpty) {
  private static final Set<String> NON_FINITE = Set.of("nan", "inf", "infinity", "∞");

  static ColumnCells of(Table table, int column) {
    int numbers = 0, words = 0, nonFinite = 0, firstNumber = -1, firstWord = -1, firstEmpty = -1;
    for (int r = 0; r < table.rows().size(); r++) {
      if (table.isNumber(r, column)) {
        if (numbers++ == 0) firstNumber = r;
        continue;
      }
      String cell = table.cell(r, column).strip();
      if (cell.isEmpty()) {
        if (firstEmpty < 0) firstEmpty = r;
        continue;
      }
      if (words++ == 0) firstWord = r;
      if (isNonFinite(cell)) nonFinite++;
    }
    return new ColumnCells(table, column, numbers, words, nonFinite, firstNumber, firstWord, firstEmpty);
  }

  /** Returns whether a cell is NaN or an infinity, with or without a sign, in any case. */
  static boolean isNonFinite(String cell) {
    String s = cell.startsWith("-") || cell.startsWith("+") ? cell.substring(1) : cell;
    return NON_FINITE.contains(s.toLowerCase(Locale.ROOT));
  }

  /** Returns whether some cells are numbers and others are words. */
  boolean isMixed() {
    return numbers > 0 && words > 0;
  }

  /** Returns the error for a mixed target. */
  DataException mixedTarget() {
    return mixed("target", "Fix the values, delete their lines, or pass --task classify to predict classes.");
  }

  /** Returns the error for a mixed input column; {@code drop} is the option that leaves it out. */
  DataException mixedInput(String drop) {
    return mixed("column", "Fix the values, pass " + drop
        + ", or prefix the numbers with a letter if they are categories ('n2' for '2').");
  }

  /** Returns the error for a mixed column: both counts, an example of each with its line, and what to do. */
  private DataException mixed(String role, String remedy) {
    boolean header = numbers == 1 && firstNumber == 0 && words > 1 && name().equals("column" + (column + 1));
    return new DataException(table.file() + ": " + role + " '" + name() + "': contains "
        + counted(numbers, "number", "numbers", firstNumber) + " and "
        + counted(words, "cell that is not a number", "cells that are not numbers", firstWord)
        + ". " + (nonFinite > 0 ? "NaN and infinity do not count as numbers. " : "")
        + (header ? "If line " + line(firstNumber) + " is a header, rename its columns so that none is a number. " : "")
        + remedy);
  }

  /** Returns the error for a target to regress that contains no numbers. */
  DataException noNumbers() {
    return table.error(firstWord, column,
        "--task regress requires numbers, but no cell of this target is one, such as '"
        + cell(firstWord) + "'. Pass --task classify to predict classes, or choose another column with --target.");
  }

  private String counted(int n, String one, String many, int first) {
    return n + " " + (n == 1 ? one + " (" : many + " (such as ") + "'" + cell(first) + "' in line " + line(first) + ")";
  }

  private String name() {
    return Table.shown(table.columns().get(column));
  }

  private String cell(int row) {
    return Table.shown(table.cell(row, column).strip());
  }

  private int line(int row) {
    return table.rows().get(row).line();
  }
}
