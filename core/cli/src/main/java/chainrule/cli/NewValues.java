// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.DataException;
import chainrule.data.InputCounts;
import chainrule.data.Table;
import chainrule.format.Formatting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reports values that a model did not see in training: unseen categories, and words in columns of numbers. */
final class NewValues {
  private NewValues() {}

  private static final int MOST_COLUMNS = 8, MOST_LINES = 20, MOST_CHARACTERS = 500;

  /** Prints a line for each column that has such values to standard error. */
  static void warn(Terminal err, List<InputCounts> counts) {
    List<String> lines = new ArrayList<>();
    for (InputCounts c : counts) if (c.unseen() > 0) lines.add(c.unseenLine());
    int shown = lines.size() > MOST_LINES ? MOST_LINES - 1 : lines.size();
    for (String line : lines.subList(0, shown)) print(err, line);
    if (shown < lines.size()) print(err, (lines.size() - shown) + " more columns have unseen values");
  }

  private static void print(Terminal err, String line) {
    err.stream().println(err.yellow("warning:") + " " + Formatting.line(line, MOST_CHARACTERS));
  }

  /**
   * Returns a line for each column of a table that has such values.
   *
   * @throws DataException for a missing value, with {@code --missing refuse}
   */
  static List<String> unseen(Table table, List<InputCounts> counts, Arguments a) {
    List<String> lines = new ArrayList<>();
    for (InputCounts c : counts) {
      if (c.unseen() > 0) lines.add(c.unseenLine());
      if (c.missing() == 0 || !ReadingOptions.refusesMissing(a)) continue;
      throw new DataException(table.file() + ": column '" + Formatting.line(c.column(), 60) + "': "
          + Formatting.count(c.missing(), "missing value", "missing values")
          + ". Fill them in, or remove --missing refuse.");
    }
    return lines;
  }

  /**
   * Says in one line in which columns values are missing.
   *
   * @param treatment what training puts in their place
   */
  static Optional<String> missing(List<InputCounts> counts, String treatment) {
    List<InputCounts> some = counts.stream().filter(c -> c.missing() > 0).toList();
    if (some.isEmpty()) return Optional.empty();
    List<String> names = new ArrayList<>();
    for (InputCounts c : some.subList(0, Math.min(MOST_COLUMNS, some.size()))) {
      names.add("'" + Formatting.line(c.column(), 40) + "' (" + Formatting.count(c.missing()) + ")");
    }
    return Optional.of("missing values in " + String.join(", ", names)
        + (some.size() > MOST_COLUMNS ? " and " + (some.size() - MOST_COLUMNS) + " more columns" : "")
        + ": " + treatment);
  }

  /** Adds {@code "missing"} and {@code "unseen"}, by the names of the columns that have such values. */
  static void put(Map<String, Object> json, List<InputCounts> counts) {
    Map<String, Object> missing = new LinkedHashMap<>(), unseen = new LinkedHashMap<>();
    for (InputCounts c : counts) {
      if (c.missing() > 0) missing.put(c.column(), c.missing());
      if (c.unseen() == 0) continue;
      Map<String, Object> column = new LinkedHashMap<>();
      column.put("rows", c.unseen());
      column.put("different", c.different());
      column.put("examples", c.examples());
      unseen.put(c.column(), column);
    }
    json.put("missing", missing);
    json.put("unseen", unseen);
  }
}
