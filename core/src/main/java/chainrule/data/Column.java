// SPDX-License-Identifier: MIT
package chainrule.data;

import java.io.Serializable;

/** A named column of a {@link Table}: numbers ({@link NumberColumn}) or strings ({@link TextColumn}). */
public sealed interface Column extends Serializable permits NumberColumn, TextColumn {

  String name();

  ColumnType type();

  /** Returns the number of rows. */
  int rows();

  /** Returns whether a cell has no value: it is empty, a missing marker, or not a number in a column of numbers. */
  boolean isMissing(int row);

  /** Returns the number of missing cells. */
  default int missing() {
    int n = 0;
    for (int r = 0; r < rows(); r++) if (isMissing(r)) n++;
    return n;
  }

  /** Returns a cell as a string; empty if it is missing. A number is written in its shortest form: 1, 0.5, 1.0E300. */
  String text(int row);

  /** Returns the same column with only these rows, in this order. */
  Column select(int[] rows);
}
