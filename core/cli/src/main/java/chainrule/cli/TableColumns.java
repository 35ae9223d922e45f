// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.Encoding;
import chainrule.data.Encoding.Task;
import chainrule.data.EncodingBuilder;
import chainrule.data.NumberColumn;
import chainrule.data.PiecewiseLinear;
import chainrule.data.Table;
import chainrule.data.TableOptions;
import chainrule.format.Formatting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the options say about the columns of a table: which are targets, which is a weight, which are left out.
 *
 * @param targets indices of the columns to predict
 * @param weight the index of the column of weights, −1 if there is none
 * @param left the columns that are neither inputs nor targets: the dropped ones and the weight
 */
record TableColumns(Table table, List<Integer> targets, int weight, Set<Integer> left, Task task) {
  private static final int MOST_NAMED = 5;
  private static final int DEFAULT_BINS = 4, MOST_COLUMNS = 100;
  private static final long MOST_CELLS = 10_000_000;

  static TableColumns of(Table table, Arguments a) {
    List<Integer> targets = a.value(Option.TARGET).map(list -> indices(Option.TARGET, table, list))
        .orElse(List.of(table.columns().size() - 1));
    Set<Integer> left = new TreeSet<>(a.value(Option.DROP).map(list -> indices(Option.DROP, table, list))
        .orElse(List.of()));
    for (int target : targets) {
      if (left.contains(target)) {
        throw new UsageException("--drop: '" + Formatting.line(table.names().get(target), 60)
            + "' is the target; keep it, or choose another with --target");
      }
    }
    int weight = a.value(Option.WEIGHT).map(table::columnIndex).orElse(-1);
    if (targets.contains(weight)) {
      throw new UsageException("--weight: '" + Formatting.line(table.names().get(weight), 60)
          + "' is the target; choose another column, or another target with --target");
    }
    if (weight >= 0) left.add(weight);
    return new TableColumns(table, targets, weight, left, task(table, targets, task(a)));
  }

  /** Returns the kind of target that --task names. */
  static Optional<Task> task(Arguments a) {
    return a.value(Option.TASK).map(t -> switch (t) {
      case "classify" -> Task.CLASSIFY;
      case "regress" -> Task.REGRESS;
      case "multilabel" -> Task.MULTILABEL;
      default -> throw new UsageException("--task: expected classify, regress or multilabel, found '" + t + "'"
          + SpellingHint.of(t, List.of("classify", "regress", "multilabel")));
    });
  }

  private static Task task(Table table, List<Integer> targets, Optional<Task> given) {
    if (targets.size() == 1) return given.orElseGet(() -> Encoding.guessTask(table, targets.get(0)));
    if (given.isEmpty()) {
      for (int t : targets) if (!(table.column(t) instanceof NumberColumn)) throw severalTargets(table, t);
      return Task.REGRESS;
    }
    if (given.get() == Task.CLASSIFY) {
      throw new UsageException("--task classify requires a single target; pass --task multilabel to predict several "
          + "yes-or-no columns, or name one column with --target");
    }
    return given.get();
  }

  private static UsageException severalTargets(Table table, int column) {
    return new UsageException("--target: several targets must be numbers, but column '"
        + Formatting.line(table.names().get(column), 60) + "' contains text; pass --task multilabel if they are "
        + "yes-or-no columns, or name one column");
  }

  private static List<Integer> indices(Option option, Table table, String list) {
    List<Integer> columns = new ArrayList<>();
    for (String name : ColumnNames.split(list, n -> table.indexOf(n) >= 0)) {
      int index = table.columnIndex(name);
      if (!columns.contains(index)) columns.add(index);
    }
    if (columns.isEmpty()) throw new UsageException(option.flag + ": expected columns, found '" + list + "'");
    return columns;
  }

  /** Starts to learn an encoding of these columns. A column with a type of its own is kept, whatever it contains. */
  EncodingBuilder builder(Arguments a) {
    EncodingBuilder builder = Encoding.of(table).readWith(ReadingOptions.of(a, TableOptions.DEFAULTS))
        .bins(bins(a)).drop(left).task(task).target(targets.stream().mapToInt(Integer::intValue).toArray());
    for (String column : ReadingOptions.typed(a)) builder.keep(column);
    return ReadingOptions.refusesMissing(a) ? builder.refuseMissing() : builder;
  }

  /**
   * Returns the number of bins of each column of numbers. The default keeps the inputs of large tables small: 4 in
   * tables of at most 100 columns and 10 million cells, else 0.
   */
  int bins(Arguments a) {
    int columns = table.columns().size();
    boolean large = columns > MOST_COLUMNS || (long) columns * table.rows() > MOST_CELLS;
    return (int) a.integer(Option.BINS, large ? 0 : DEFAULT_BINS, 0, PiecewiseLinear.MOST);
  }

  /** Names the targets, for a message: {@code 'lat', 'lon'}. */
  String targetNames() {
    return named(targets.stream().map(table.names()::get).toList());
  }

  /** Lists the first of some columns, for a message: {@code 'a', 'b', … (14)}. */
  static String named(List<String> columns) {
    List<String> names = new ArrayList<>();
    for (String name : columns.subList(0, Math.min(MOST_NAMED, columns.size()))) {
      names.add("'" + Formatting.line(name, 60) + "'");
    }
    return String.join(", ", names) + (columns.size() > MOST_NAMED ? ", … (" + columns.size() + ")" : "");
  }
}
