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

  /** For each input column, the number of rows without a value, including those with words. */
  private final long[] missing; // [columns]
  /** For each input column, the number of rows with a string that is not a number or date in a column of those. */
  private final long[] words;
  /** For each input column, the number of rows with a category that training did not see. */
  private final long[] unseen;
  /** For each input column, whether some unseen categories were not kept. */
  private final boolean[] more;
  /** For each input column, the unseen categories that were kept. */
  private final List<TreeSet<String>> different = new ArrayList<>();
  /** The number of rows. */
  private long rows;

  /**
   * Creates counts that are all 0.
   *
   * @param columns the number of input columns
   */
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
   * @param other the counts to add
   * @throws IllegalArgumentException if the numbers of input columns differ
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

  /** {@return the number of rows} */
  public long rows() {
    return rows;
  }

  /**
   * {@return the number of rows without a value in an input column, including those with words}
   *
   * @param column the index of the input column, from 0
   */
  public long missing(int column) {
    return missing[column];
  }

  /**
   * {@return the number of rows with a string that is not a number or date in a column of those}
   *
   * @param column the index of the input column, from 0
   */
  public long words(int column) {
    return words[column];
  }

  /**
   * {@return the number of rows with a category that training did not see; its inputs are all 0}
   *
   * @param column the index of the input column, from 0
   */
  public long unseen(int column) {
    return unseen[column];
  }

  /**
   * {@return the number of different unseen categories, at most 1000: see {@link #hasMore}}
   *
   * @param column the index of the input column, from 0
   */
  public int different(int column) {
    return different.get(column).size();
  }

  /**
   * {@return whether there are more than 1000 different unseen categories}
   *
   * @param column the index of the input column, from 0
   */
  public boolean hasMore(int column) {
    return more[column];
  }

  /**
   * {@return the first unseen categories in alphabetical order, at most 5}
   *
   * @param column the index of the input column, from 0
   */
  public List<String> examples(int column) {
    return different.get(column).stream().limit(InputCounts.MOST_EXAMPLES).toList();
  }
}
