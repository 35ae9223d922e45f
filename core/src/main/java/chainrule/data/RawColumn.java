// SPDX-License-Identifier: MIT
package chainrule.data;

import java.util.List;
import java.util.function.Supplier;

/**
 * A column as it was parsed, before its type is decided: each cell is a plain number or a string.
 *
 * <p>A plain number is {@code [+-] digits [. digits] [e [+-] digits]}, blanks around it removed, whose double has the
 * same value: whole numbers that a double cannot hold exactly, such as 64-bit identifiers, are strings. Every other
 * cell is a string, an empty one is "". Columns that look like text in the first part of the file have only strings.
 *
 * <p>Numbers that can only have a decimal comma, such as {@code 0,5}, are plain numbers too, except the first one of
 * the column: it stays a string, to show the decimal mark.
 */
final class RawColumn {
  /** [rows], NaN where the cell is a string; null if all cells are strings. */
  final double[] numbers;
  /** [rows], the index of the cell's string, −1 where the cell is a plain number; null if all cells are numbers. */
  final int[] codes;
  /** The different strings in the order of their first appearance, blanks around them removed, in NFC. */
  final List<String> texts;
  /** Whether some plain number may be written with a point; false if none is. */
  final boolean points;
  private final Supplier<RawColumn> allTexts;

  /** @param allTexts returns the column with all cells as strings, exactly as they are written; may read the file */
  RawColumn(double[] numbers, int[] codes, List<String> texts, Supplier<RawColumn> allTexts) {
    this(numbers, codes, texts, true, allTexts);
  }

  /** @param points whether some plain number may be written with a point; false saves reading the column again */
  RawColumn(double[] numbers, int[] codes, List<String> texts, boolean points, Supplier<RawColumn> allTexts) {
    this.numbers = numbers;
    this.codes = codes;
    this.texts = texts;
    this.points = points;
    this.allTexts = allTexts;
  }

  int rows() {
    return numbers != null ? numbers.length : codes.length;
  }

  /** Returns whether the cell is a plain number. */
  boolean isNumber(int row) {
    return codes == null || codes[row] < 0;
  }

  /** Returns the string of a cell that is not a plain number. */
  String text(int row) {
    return texts.get(codes[row]);
  }

  /** Returns this column with all cells as strings, exactly as they are written: {@code numbers} is null. */
  RawColumn asTexts() {
    return numbers == null ? this : allTexts.get();
  }
}
