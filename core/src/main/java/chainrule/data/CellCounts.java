// SPDX-License-Identifier: MIT
package chainrule.data;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * How many cells of each input column lack a value, or have one that training did not see, in the rows that a {@link
 * CellEncoder} has encoded. The counts of parts of a table can be added in any order, with the same result.
 */
public final class CellCounts implements Serializable {
  private static final long serialVersionUID = 1;
  /** The most different unseen strings that are kept for each column: the first ones in alphabetical order. */
  static final int MOST_DIFFERENT = 1000;

  private final long[] missing; // [columns]
  private final long[] words;
  private final long[] unseen;
  private final boolean[] more;
  private final List<TreeSet<String>> different = new ArrayList<>();
  private long rows;

  /** Counts for this number of input columns, all 0. */
  public CellCounts(int columns) {
    missing = new long[columns];
    words = new long[columns];
    unseen = new long[columns];
    more = new boolean[columns];
    for (int c = 0; c < columns; c++) different.add(new TreeSet<>());
  }

  void addRow() {
    rows++;
  }

  void addMissing(int column) {
    missing[column]++;
  }

  void addWord(int column) {
    words[column]++;
  }

  void addUnseen(int column, String text) {
    unseen[column]++;
    addDifferent(column, text);
  }

  private void addDifferent(int column, String text) {
    TreeSet<String> texts = different.get(column);
    texts.add(text);
    if (texts.size() <= MOST_DIFFERENT) return;
    texts.pollLast();
    more[column] = true;
  }

  /**
   * Adds the counts of other rows.
   *
   * @throws IllegalArgumentException if they are of another number of columns
   */
  public void add(CellCounts other) {
    if (other.missing.length != missing.length) {
      throw new IllegalArgumentException("expected " + missing.length + " columns, found " + other.missing.length);
    }
    rows += other.rows;
    for (int c = 0; c < missing.length; c++) {
      missing[c] += other.missing[c];
      words[c] += other.words[c];
      unseen[c] += other.unseen[c];
      more[c] |= other.more[c];
      for (String text : other.different.get(c)) addDifferent(c, text);
    }
  }

  /** Returns the number of rows. */
  public long rows() {
    return rows;
  }

  /** Returns the number of rows without a value in this input column, including those with words. */
  public long missing(int column) {
    return missing[column];
  }

  /** Returns the number of rows with a string that is not a number or date in a column of those. */
  public long words(int column) {
    return words[column];
  }

  /** Returns the number of rows with a category that training did not see; its inputs are all 0. */
  public long unseen(int column) {
    return unseen[column];
  }

  /** Returns the number of different unseen categories; of more than 1000, 1000 and {@link #hasMore}. */
  public int different(int column) {
    return different.get(column).size();
  }

  /** Returns whether there are more than 1000 different unseen categories. */
  public boolean hasMore(int column) {
    return more[column];
  }

  /** Returns the first few unseen categories in alphabetical order. */
  public List<String> examples(int column) {
    return different.get(column).stream().limit(InputCounts.MOST_EXAMPLES).toList();
  }
}
