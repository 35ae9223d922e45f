// SPDX-License-Identifier: MIT
package chainrule.data;

import java.util.List;

/**
 * Decides for each column of numbers whether '.' or ',' is the decimal mark. Evidence is a number that is one with this
 * mark only, such as 0,5 or 1,200.50. What decides, in this order: evidence in the column itself; the option
 * {@code --decimal}; evidence in the other columns, if it is all for the same mark; the mark of the training data; the
 * separator, if it is the comma; and what the numbers of the column look like together. A number such as 1,250 for
 * which nothing of this decides is refused. One such as 1.250 then has a decimal point.
 */
final class NumberStyle {
  private final String file;
  private final int[] lines;
  private final char separator;
  private final TableOptions options;
  private final TypingNotices notices;
  private final List<NumberCells> columns;
  private final char[] marks; // [columns], 0 where nothing depends on it

  private NumberStyle(String file, int[] lines, char separator, TableOptions options, TypingNotices notices,
      List<NumberCells> columns) {
    this.file = file;
    this.lines = lines;
    this.separator = separator;
    this.options = options;
    this.notices = notices;
    this.columns = columns;
    this.marks = new char[columns.size()];
  }

  /**
   * Returns the decimal mark of each column, 0 where nothing depends on it.
   *
   * @throws DataException if numbers of a column contradict each other, or if one is ambiguous
   */
  static char[] decide(String file, int[] lines, char separator, TableOptions options, TypingNotices notices,
      List<NumberCells> columns) {
    NumberStyle style = new NumberStyle(file, lines, separator, options, notices, columns);
    style.decide();
    return style.marks;
  }

  /** Returns the mark of the whole table: that of the option or of all columns; 0 if they differ or leave it open. */
  static char common(char[] marks, List<NumberCells> columns, TableOptions options) {
    if (options.decimal() != 0) return options.decimal();
    boolean point = false, comma = false;
    for (int i = 0; i < marks.length; i++) {
      point |= marks[i] == '.';
      comma |= marks[i] == ',';
    }
    for (int i = 0; i < marks.length && !point; i++) {
      point = marks[i] != ',' && columns.get(i).hasNumber(v -> v != Math.rint(v));
    }
    return point == comma ? 0 : point ? '.' : ',';
  }

  private void decide() {
    boolean anyComma = options.decimal() == ',' || options.usualDecimal() == ',', anyOpen = false;
    for (int i = 0; i < marks.length; i++) {
      NumberCells cells = columns.get(i);
      boolean open = cells.open(',') != null;
      if (cells.commaOnly() != null || open && cells.hasNumber(NumberStyle::isFraction)) cells.readAsWritten();
      marks[i] = own(cells);
      anyComma |= marks[i] == ',';
      anyOpen |= marks[i] == 0
          && (open && separator != ',' || cells.open('.') != null || cells.mayHavePointsInThousands());
    }
    char fromFile = anyComma || anyOpen ? fromColumns() : 0;
    char likely = options.decimal() != 0 ? options.decimal() : fromFile != 0 ? fromFile : options.usualDecimal();
    for (int i = 0; i < marks.length; i++) {
      if (marks[i] == 0 && likely == ',') {
        columns.get(i).readAsWritten();
        marks[i] = own(columns.get(i));
      }
      if (marks[i] == 0) decideOpen(i, likely, fromFile);
      else tellOwn(i);
    }
  }

  /** Returns the mark for which there is evidence in the strings of a column, or 0. */
  private char own(NumberCells cells) {
    NumberCells.Cell comma = cells.commaOnly(), point = cells.pointOnly();
    if (comma != null && point != null) throw contradiction(cells, comma, point);
    return comma != null ? ',' : point != null ? '.' : 0;
  }

  /** Returns the mark for which there is evidence in some columns and against which there is none in the others. */
  private char fromColumns() {
    boolean anyComma = false, anyPoint = false;
    for (char mark : marks) anyComma |= mark == ',';
    for (int i = 0; i < marks.length && !anyPoint; i++) {
      anyPoint = marks[i] == '.' || marks[i] == 0 && columns.get(i).hasNumber(NumberStyle::hasPoint);
    }
    for (int i = 0; i < marks.length && !anyPoint; i++) {
      if (marks[i] != 0 || !columns.get(i).hasNumber(NumberStyle::isFraction)) continue;
      columns.get(i).readAsWritten(); // 1.5 has a decimal point, 1.500 may not have one
      marks[i] = own(columns.get(i));
      anyPoint = marks[i] == '.';
    }
    return anyPoint == anyComma ? 0 : anyComma ? ',' : '.';
  }

  private static boolean isFraction(double v) {
    return v != Math.rint(v);
  }

  /** Returns whether a number was certainly not written with a point between thousands, as 1.250 may have been. */
  private static boolean hasPoint(double v) {
    return isFraction(v) && (Math.abs(v) >= 1000 || Math.rint(v * 1000) / 1000 != v);
  }

  private void decideOpen(int i, char likely, char fromFile) {
    NumberCells cells = columns.get(i);
    boolean set = options.decimal() != 0;
    if (!set && likely == 0 && cells.mayHavePointsInThousands()) cells.readAsWritten();
    NumberCells.Cell comma = cells.open(','), point = cells.open('.');
    if (comma != null && point != null && !set && fromFile == 0) throw open(cells, comma);
    if (comma != null) {
      marks[i] = likely != 0 ? likely : separator == ',' || cells.looksLikeThousands(',') ? '.' : 0;
      if (marks[i] == 0) throw open(cells, cells.open(','));
      if (set) return;
      assumed(marks[i] == '.' ? TypingNotices.Kind.POINT_ASSUMED : TypingNotices.Kind.COMMA_ASSUMED, cells, comma,
          marks[i]);
    } else if (point != null) {
      marks[i] = likely != 0 ? likely : cells.looksLikeThousands('.') ? ',' : '.';
      if (set || marks[i] == '.') return;
      if (likely == 0 && separator == ',') throw open(cells, cells.open('.'));
      assumed(TypingNotices.Kind.COMMA_THOUSANDS, cells, point, ',');
    }
  }

  private void assumed(TypingNotices.Kind kind, NumberCells cells, NumberCells.Cell cell, char mark) {
    WrittenNumber number = WrittenNumber.of(cell.text());
    double value = mark == '.' ? number.point() : number.comma(), other = mark == '.' ? number.comma() : number.point();
    notices.add(kind, cells.name, Table.shown(cell.text()) + " read as " + NumberColumn.text(value) + " (--decimal "
        + (mark == '.' ? ',' : '.') + " if it means " + NumberColumn.text(other) + ")");
  }

  /** Says how a column is read whose own numbers decide. */
  private void tellOwn(int i) {
    NumberCells cells = columns.get(i);
    char mark = marks[i];
    NumberCells.Cell cell = mark == ',' ? cells.commaOnly() : cells.thousands();
    if (cell == null || mark == options.decimal()) return;
    WrittenNumber number = WrittenNumber.of(cell.text());
    if (mark == '.' && number.currency() != null && options.decimal() == 0) return; // there is a line on the currency
    String read = Table.shown(cell.text()) + " read as "
        + NumberColumn.text(mark == ',' ? number.comma() : number.point());
    if (options.decimal() != 0) {
      notices.add(TypingNotices.Kind.OWN_MARK, cells.name,
          read + " in spite of --decimal " + options.decimal() + ", because of numbers that need the other mark");
    } else {
      notices.add(mark == ',' ? TypingNotices.Kind.COMMA : TypingNotices.Kind.POINT_THOUSANDS, cells.name,
          (mark == ',' ? "decimal comma, " : "") + read);
    }
  }

  private DataException contradiction(NumberCells cells, NumberCells.Cell comma, NumberCells.Cell point) {
    int commaRow = cells.row(comma), pointRow = cells.row(point);
    boolean commaFirst = commaRow < pointRow;
    String first = (commaFirst ? comma : point).text(), second = (commaFirst ? point : comma).text();
    return error(cells, Math.min(commaRow, pointRow), "'" + Table.shown(first) + "' is a number with a decimal "
        + (commaFirst ? "comma" : "point") + " only, but '" + Table.shown(second) + "' (line "
        + lines[Math.max(commaRow, pointRow)] + ") with a decimal " + (commaFirst ? "point" : "comma")
        + " only. Write all numbers of the column in one style, or pass "
        + OptionAdvice.typeOption(cells.name, cells.index, ColumnType.CATEGORY) + " to read strings.");
  }

  private DataException open(NumberCells cells, NumberCells.Cell cell) {
    WrittenNumber number = WrittenNumber.of(cell.text());
    String point = NumberColumn.text(number.point()), comma = NumberColumn.text(number.comma());
    return error(cells, cells.row(cell), "'" + Table.shown(cell.text()) + "' may mean " + point + " or " + comma
        + ". Pass --decimal . for " + point + ", or --decimal , for " + comma + ".");
  }

  private DataException error(NumberCells cells, int row, String what) {
    return new DataException(file + ":" + lines[row] + ": column '" + Table.shown(cells.name) + "': " + what);
  }
}
