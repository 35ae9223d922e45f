// SPDX-License-Identifier: MIT
package chainrule.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds suspicious columns: inputs that reveal the target or number the rows, unusable targets, rare classes. */
final class TargetWarnings {
  /** Numbers that often mean a missing value. */
  private static final double[] MARKERS = {-99, -999, -9999, -99999, 999, 9999, 99999, 999999};
  private static final int FEW_ROWS = 10, MOST_NAMED = 12;

  private final Table table;
  private final Target target;
  private final int[] rows;
  private final Set<Integer> dropped;
  private final List<String> lines = new ArrayList<>();

  private TargetWarnings(Table table, Target target, int[] rows, Set<Integer> dropped) {
    this.table = table;
    this.target = target;
    this.rows = rows;
    this.dropped = dropped;
  }

  /**
   * Returns one line for each finding.
   *
   * @param targets the columns of the target
   * @param inputs the columns that are used
   * @param rows the rows that have a target
   */
  static List<String> of(Table table, Target target, int[] targets, List<Integer> inputs, int[] rows,
      Set<Integer> dropped) {
    TargetWarnings w = new TargetWarnings(table, target, rows, dropped);
    for (int c : inputs) {
      for (int j = 0; j < targets.length; j++) w.leak(c, targets[j], j);
    }
    if (inputs.size() > 1) for (int c : inputs) w.identifier(c);
    for (int c : inputs) w.marker(c);
    if (target.isClass()) w.rareClasses(targets[0]);
    if (target.task() == Encoding.Task.REGRESS) for (int t : targets) w.target((NumberColumn) table.column(t));
    return List.copyOf(w.lines);
  }

  static String quoted(List<String> names) {
    List<String> words = names.stream().limit(MOST_NAMED).map(n -> "'" + Table.shown(n) + "'").toList();
    int more = names.size() - words.size();
    return String.join(", ", words) + (more > 0 ? " and " + more + " more" : "");
  }

  private String advice(int column) {
    return OptionAdvice.option(table, dropped, column);
  }

  /** Finds a number such as −999 that occurs more than once, farther from the others than they are from each other. */
  private void marker(int column) {
    if (!(table.column(column) instanceof NumberColumn c) || c.type() == ColumnType.DATE) return;
    for (double marker : MARKERS) {
      double min = Double.POSITIVE_INFINITY, max = Double.NEGATIVE_INFINITY;
      int count = 0;
      for (int r : rows) {
        double v = c.value(r);
        if (v == marker) {
          count++;
        } else if (!Double.isNaN(v)) {
          min = Math.min(min, v);
          max = Math.max(max, v);
        }
      }
      if (count < 2 || !(max > min) || Math.max(min - marker, marker - max) <= max - min) continue;
      String number = NumberColumn.text(marker);
      lines.add("column '" + Table.shown(c.name()) + "': " + number + " in " + count + " rows is far from the other "
          + "values, " + NumberColumn.text(min) + " to " + NumberColumn.text(max) + ". If it means a missing value, "
          + "pass --missing " + number + ".");
      return;
    }
  }

  private void leak(int column, int targetColumn, int j) {
    boolean same = target.task() == Encoding.Task.REGRESS ? isEqual(column, targetColumn)
        : isOneToOne(column, targetColumn, target.isClass() ? target.labels().size() : 2);
    if (!same) return;
    lines.add("column '" + Table.shown(table.names().get(column)) + "' determines the target '"
        + Table.shown(target.names().get(j)) + "' exactly. If it is not known when predicting, pass " + advice(column)
        + ".");
  }

  private boolean isEqual(int column, int targetColumn) {
    if (!(table.column(column) instanceof NumberColumn c)) return false;
    NumberColumn t = (NumberColumn) table.column(targetColumn);
    int equal = 0;
    for (int r : rows) {
      if (c.isMissing(r)) continue;
      if (c.value(r) != t.value(r)) return false;
      equal++;
    }
    return equal > 1;
  }

  /** Returns whether each value of a column occurs with one of the classes only, and each class with one value. */
  private boolean isOneToOne(int column, int targetColumn, int classes) {
    Column c = table.column(column), t = table.column(targetColumn);
    Map<String, String> classOf = new HashMap<>();
    for (int r : rows) {
      if (c.isMissing(r)) continue;
      String value = c.text(r), label = t.text(r), before = classOf.putIfAbsent(value, label);
      if (before != null && !before.equals(label) || classOf.size() > classes) return false;
    }
    return classOf.size() == classes && new HashSet<>(classOf.values()).size() == classes && rows.length > 2 * classes;
  }

  private void identifier(int column) {
    if (!(table.column(column) instanceof NumberColumn c) || c.type() == ColumnType.DATE || c.rows() < FEW_ROWS) return;
    boolean running = LeftOut.isRunning(c) && (c.value(0) == 0 || c.value(0) == 1);
    if (!running && !(LeftOut.isRowNumberName(c.name()) && areDifferentWholeNumbers(c))) return;
    lines.add("column '" + Table.shown(c.name()) + "' " + (running ? "numbers the rows" : "is different in every row")
        + ". If it only identifies them, pass " + advice(column) + ".");
  }

  /** Finds a target of numbers that cannot be meant: always the same, or a row number. */
  private void target(NumberColumn c) {
    String name = "target '" + Table.shown(c.name()) + "'";
    if (rows.length > 1 && Arrays.stream(rows).allMatch(r -> c.value(r) == c.value(rows[0]))) {
      lines.add(name + " is " + c.text(rows[0]) + " in every row, so there is nothing to learn. Choose another with "
          + "--target.");
    } else if (c.rows() >= FEW_ROWS && LeftOut.isRowNumberName(c.name()) && areDifferentWholeNumbers(c)) {
      lines.add(name + " identifies the rows. Choose another with --target.");
    }
  }

  private static boolean areDifferentWholeNumbers(NumberColumn c) {
    Set<Double> seen = new HashSet<>();
    for (int r = 0; r < c.rows(); r++) {
      double v = c.value(r);
      if (v != Math.rint(v) || !seen.add(v)) return false; // also NaN
    }
    return true;
  }

  private void rareClasses(int column) {
    int[] sizes = new int[target.labels().size()];
    InputCells cells = InputCells.of(table, column, InputColumn.categories("", target.labels()));
    for (int r : rows) sizes[cells.places[cells.codes[r]]]++;
    List<String> rare = new ArrayList<>();
    for (int k = 0; k < sizes.length; k++) {
      boolean few = sizes[k] < 2 || sizes[k] < FEW_ROWS && 5L * sizes[k] * sizes.length < rows.length;
      if (few) rare.add("'" + Table.shown(target.labels().get(k)) + "' (" + sizes[k] + ")");
    }
    if (rare.isEmpty()) return;
    lines.add("classes with few rows: " + String.join(", ", rare.subList(0, Math.min(rare.size(), MOST_NAMED)))
        + (rare.size() > MOST_NAMED ? " and " + (rare.size() - MOST_NAMED) + " more" : ""));
  }
}
