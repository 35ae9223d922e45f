// SPDX-License-Identifier: MIT
package chainrule.spark;

import chainrule.data.CellCounts;
import java.util.ArrayList;
import java.util.List;

/**
 * What was missing or unseen in the rows that have been scored.
 *
 * @param rows the number of rows counted: those of all partitions that were scored to their end
 * @param columns the input columns of the model, in its order
 */
public record ScoringSummary(long rows, List<InputCells> columns) {

  /**
   * The counts of an input column.
   *
   * @param name the name of the column
   * @param missing the number of rows without a value, including those with words
   * @param words the number of rows with a string that is not a number or date in a column of those, which counts as
   *     missing
   * @param unseen the number of rows with a category that training did not see; its inputs are all 0
   * @param different the number of different unseen categories, at most 1000
   * @param more whether there are more than 1000
   * @param examples the first few of them in alphabetical order
   */
  public record InputCells(
      String name, long missing, long words, long unseen, int different, boolean more, List<String> examples) {
    /**
     * Copies the examples.
     *
     * @param name the name of the column
     * @param missing the number of rows without a value
     * @param words the number of rows with a string in a column of numbers or dates
     * @param unseen the number of rows with an unseen category
     * @param different the number of different unseen categories, at most 1000
     * @param more whether there are more than 1000
     * @param examples the first few of them; not null
     */
    public InputCells {
      examples = List.copyOf(examples);
    }

    /** {@return one line about unseen categories, as {@code ./chainrule predict} prints it} */
    public String unseenLine() {
      List<String> shown = examples.stream().map(e -> "'" + Words.shown(e) + "'").toList();
      return "column " + Words.shown(name) + ": " + unseen + (unseen == 1 ? " row" : " rows") + " with unseen "
          + (different == 1 ? "value " : "values ") + String.join(", ", shown)
          + (different > examples.size()
              ? " and " + (different - examples.size()) + (more ? " or more" : " more") : "");
    }
  }

  /**
   * Copies the list of columns.
   *
   * @param rows the number of rows counted
   * @param columns the input columns; not null
   */
  public ScoringSummary {
    columns = List.copyOf(columns);
  }

  static ScoringSummary of(List<String> names, Iterable<CellCounts> parts) {
    CellCounts all = new CellCounts(names.size());
    for (CellCounts part : parts) all.add(part);
    List<InputCells> columns = new ArrayList<>();
    for (int c = 0; c < names.size(); c++) {
      columns.add(new InputCells(names.get(c), all.missing(c), all.words(c), all.unseen(c), all.different(c),
          all.hasMore(c), all.examples(c)));
    }
    return new ScoringSummary(all.rows(), columns);
  }

  /** {@return one line for each column with unseen categories} */
  public List<String> lines() {
    return columns.stream().filter(c -> c.unseen > 0).map(InputCells::unseenLine).toList();
  }
}
