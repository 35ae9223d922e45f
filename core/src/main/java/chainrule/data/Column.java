// SPDX-License-Identifier: MIT
package chainrule.data;

import java.io.Serializable;

/** A named column of a {@link Table}: numbers ({@link NumberColumn}) or strings ({@link TextColumn}). */
public sealed interface Column extends Serializable permits NumberColumn, TextColumn {

  /** {@return the name of the column} */
  String name();

  /** {@return the type of the cells} */
  ColumnType type();

  /** {@return the number of rows} */
  int rows();

  /**
   * {@return whether a cell has no value: it is empty, a missing marker, or not a number in a column of numbers}
   *
   * @param row the row, from 0
   */
  boolean isMissing(int row);

  /** {@return the number of missing cells} */
  default int missing() {
    int n = 0;
    for (int r = 0; r < rows(); r++) if (isMissing(r)) n++;
    return n;
  }

  /**
   * {@return a cell as a string; empty if it is missing} A number is written in its shortest form: 1, 0.5, 1.0E300. A
   * date is written as its number of days. A word in a column of numbers counts as missing, but is returned as it is.
   *
   * @param row the row, from 0
   */
  String text(int row);

  /**
   * {@return the same column with only these rows, in this order}
   *
   * @param rows row numbers, from 0
   */
  Column select(int[] rows);
}
