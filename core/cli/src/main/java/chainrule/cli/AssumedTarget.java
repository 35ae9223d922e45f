// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.Encoding;
import chainrule.data.Encoding.Task;
import chainrule.data.NumberColumn;
import chainrule.data.TextColumn;
import chainrule.format.Formatting;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Finds the column that may be meant as the target where the last one is, because no option names it. */
final class AssumedTarget {
  /** Names of columns that are meant as targets, in lower case. */
  private static final Set<String> NAMES = Set.of("class", "label", "target", "outcome", "response", "y");
  private static final int MOST_CLASSES = 20, ROWS_PER_CLASS = 5;

  private AssumedTarget() {}

  /** Returns a note for training without {@code --target} if another column may be meant. */
  static Optional<String> note(TableColumns columns) {
    return candidate(columns)
        .map(c -> "target " + columns.targetNames() + ": the last column" + advice(columns.table().names().get(c), c));
  }

  /** Returns how to choose another column, to be read after "the last column". */
  static String advice(TableColumns columns) {
    return candidate(columns).map(c -> advice(columns.table().names().get(c), c))
        .orElse(", choose another with --target");
  }

  private static String advice(String name, int column) {
    boolean pasted = name.equals(Formatting.line(name, 60)) && !name.startsWith("-");
    return ". If it is '" + Formatting.line(name, 60) + "', pass --target "
        + (pasted ? TrainingSettings.quoted(name) : Integer.toString(column + 1)) + ".";
  }

  /**
   * Returns a column that may be the target instead: one with such a name, or classes in the first column if the last
   * one has numbers. Whole numbers count as classes in a file without names only, since many inputs are whole numbers.
   */
  private static Optional<Integer> candidate(TableColumns columns) {
    List<String> names = columns.table().names();
    int last = names.size() - 1;
    if (isTargetName(names.get(last))) return Optional.empty();
    for (int c = 0; c < last; c++) {
      if (isTargetName(names.get(c)) && !columns.left().contains(c)) return Optional.of(c);
    }
    boolean first = last > 0 && columns.task() == Task.REGRESS && !columns.left().contains(0) && areClasses(columns);
    return first ? Optional.of(0) : Optional.empty();
  }

  private static boolean isTargetName(String name) {
    return NAMES.contains(name.strip().toLowerCase(Locale.ROOT));
  }

  private static boolean areClasses(TableColumns columns) {
    if (columns.table().column(0) instanceof TextColumn c) {
      int classes = c.values().size();
      return classes >= 2 && classes <= MOST_CLASSES && c.rows() >= (long) ROWS_PER_CLASS * classes;
    }
    NumberColumn c = (NumberColumn) columns.table().column(0);
    boolean different = false;
    for (int r = 1; r < c.rows(); r++) different |= c.value(r) != c.value(0);
    return different && c.name().equals("column1") && Encoding.guessTask(columns.table(), 0) == Task.CLASSIFY;
  }
}
