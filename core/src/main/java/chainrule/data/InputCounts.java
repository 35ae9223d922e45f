// SPDX-License-Identifier: MIT
package chainrule.data;

import java.util.List;
import java.util.stream.Collectors;

/**
 * How many cells of an input column lack a value, or have one that training did not see.
 *
 * @param column the column's name
 * @param missing the number of rows without a value, including those with words
 * @param words the number of rows with a word in a column of numbers, which counts as missing
 * @param unseen the number of rows with a category that training did not see; its inputs are all 0
 * @param different the number of different unseen categories
 * @param examples the first few of them, in the order of the rows
 */
public record InputCounts(String column, int missing, int words, int unseen, int different, List<String> examples) {
  static final int MOST_EXAMPLES = 5;

  /**
   * Creates counts from known parts.
   *
   * @param column the column's name
   * @param missing the number of rows without a value
   * @param words the number of rows with a word in a column of numbers
   * @param unseen the number of rows with an unseen category
   * @param different the number of different unseen categories
   * @param examples the first few of them
   */
  public InputCounts {
    examples = List.copyOf(examples);
  }

  /** {@return one line about unseen categories: {@code column colour: 14 rows with unseen values 'red', 'RED.'}} */
  public String unseenLine() {
    String list = examples.stream().map(e -> "'" + Table.shown(e) + "'").collect(Collectors.joining(", "));
    return "column " + Table.shown(column) + ": " + unseen + (unseen == 1 ? " row" : " rows") + " with unseen "
        + (different == 1 ? "value " : "values ") + list
        + (different > examples.size() ? " and " + (different - examples.size()) + " more" : "");
  }
}
