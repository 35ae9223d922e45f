// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.Column;
import chainrule.data.Dataset;
import chainrule.data.Encoding.Task;
import chainrule.data.NumberColumn;
import chainrule.data.Table;
import chainrule.data.TextColumn;
import chainrule.format.Formatting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The rows of a table that have a value in every target column, and their classes.
 *
 * @param rows row numbers of the table
 * @param classes for each row of the table its class, from 0; null unless the task is a classification
 * @param labels the names of the classes
 */
record TargetRows(int[] rows, int[] classes, List<String> labels) {
  private static final int MOST_NAMED = 5;

  static TargetRows of(Table table, List<Integer> targets, Task task) {
    int[] rows = withTargets(table, targets);
    return task == Task.CLASSIFY ? classified(table.column(targets.get(0)), rows)
        : new TargetRows(rows, null, List.of());
  }

  /** Returns the rows without a missing value in these columns. */
  static int[] withTargets(Table table, List<Integer> targets) {
    return IntStream.range(0, table.rows())
        .filter(r -> targets.stream().noneMatch(t -> table.column(t).isMissing(r))).toArray();
  }

  private static TargetRows classified(Column column, int[] rows) {
    int[] classes = new int[column.rows()];
    List<String> labels = new ArrayList<>();
    if (column instanceof TextColumn text) {
      TreeMap<String, Integer> codes = new TreeMap<>();
      boolean[] present = new boolean[text.values().size()];
      for (int r : rows) present[text.code(r)] = true;
      for (int c = 0; c < present.length; c++) if (present[c]) codes.put(text.values().get(c), c);
      int[] order = new int[present.length];
      codes.forEach((label, code) -> {
        order[code] = labels.size();
        labels.add(label);
      });
      for (int r : rows) classes[r] = order[text.code(r)];
    } else {
      NumberColumn numbers = (NumberColumn) column;
      TreeSet<Double> values = new TreeSet<>();
      for (int r : rows) values.add(numbers.value(r) + 0.0); // −0 is 0
      Map<Double, Integer> order = new HashMap<>();
      for (double v : values) {
        order.put(v, order.size());
        labels.add(v == Math.rint(v) && Math.abs(v) < 1e15 ? Long.toString((long) v) : Double.toString(v));
      }
      for (int r : rows) classes[r] = order.get(numbers.value(r) + 0.0);
    }
    return new TargetRows(rows, classes, labels);
  }

  /** Returns the classes and their numbers of rows, the largest first. */
  List<DescribeCommand.ClassCount> counts() {
    int[] counts = new int[labels.size()];
    for (int r : rows) counts[classes[r]]++;
    List<DescribeCommand.ClassCount> list = new ArrayList<>();
    for (int c = 0; c < counts.length; c++) list.add(new DescribeCommand.ClassCount(labels.get(c), counts[c]));
    list.sort(Comparator.comparingInt(c -> -c.rows())); // stable: classes of equal size keep their order
    return list;
  }

  /** Says how many rows lack a target and are left out. */
  static List<String> missing(int left) {
    if (left == 0) return List.of();
    return List.of(Formatting.count(left, "row without a target is", "rows without a target are") + " left out");
  }

  /** Splits these rows, a part of {@link #rows}; spreads the classes if there are any. */
  int[][] split(int[] part, double fraction, long seed, int level) {
    return classes == null ? Dataset.splitRows(part, fraction, seed, level)
        : Dataset.splitStratified(part, classes, fraction, seed, level);
  }

  /** Names the classes that have a single row in a part that is split, so that no row can be held out. */
  List<String> single(int[] part, String purpose) {
    if (classes == null) return List.of();
    List<String> names = Arrays.stream(Dataset.classesWithOneRow(part, classes)).mapToObj(labels::get).toList();
    if (names.isEmpty()) return List.of();
    return List.of(names.size() == 1
        ? "class " + named(names) + " has only 1 row, which is used for training and not for " + purpose
        : "classes " + named(names) + " have only 1 row each, which is used for training and not for " + purpose);
  }

  /** Returns the number of classes with a single row, which cannot be held out. */
  int countSingle() {
    return classes == null ? 0 : Dataset.classesWithOneRow(rows, classes).length;
  }

  private static String named(List<String> names) {
    List<String> shown = new ArrayList<>();
    for (String name : names.subList(0, Math.min(MOST_NAMED, names.size()))) {
      shown.add("'" + Formatting.line(name, 40) + "'");
    }
    return String.join(", ", shown)
        + (names.size() > MOST_NAMED ? " and " + (names.size() - MOST_NAMED) + " more" : "");
  }
}
