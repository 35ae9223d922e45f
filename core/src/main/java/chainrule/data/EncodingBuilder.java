// SPDX-License-Identifier: MIT
package chainrule.data;

import chainrule.data.Encoding.Input;
import chainrule.data.Encoding.Target;
import chainrule.data.Encoding.Task;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Learns an {@link Encoding} from the training rows of a table.
 * <pre>{@code
 * Encoding encoding = Encoding.of(table).target("species").drop("id").fit(rows.train());
 * }</pre>
 * Columns are given by name or by number: a string is a name or else a number from 1, an {@code int} an index from 0.
 * The target is the last column and the task is {@linkplain Encoding#guessTask guessed} unless they are given.
 */
public final class EncodingBuilder {
  /** A text column with more different values than this holds identifiers rather than categories. */
  private static final int MOST_CATEGORIES = 1000;

  private final Table table;
  private final Set<Integer> dropped = new TreeSet<>();
  private int target;
  private Task task;

  EncodingBuilder(Table table) {
    this.table = table;
    this.target = table.columns().size() - 1;
  }

  /**
   * Sets the column to predict.
   *
   * @throws DataException if the table lacks it
   */
  public EncodingBuilder target(String column) {
    return target(table.columnIndex(column));
  }

  /** Sets the column to predict, counted from 0. */
  public EncodingBuilder target(int column) {
    target = Objects.checkIndex(column, table.columns().size());
    return this;
  }

  /**
   * Leaves columns out.
   *
   * @throws DataException if the table lacks one
   */
  public EncodingBuilder drop(String... columns) {
    for (String column : columns) dropped.add(table.columnIndex(column));
    return this;
  }

  /** Leaves columns out, counted from 0. */
  public EncodingBuilder drop(Collection<Integer> columns) {
    for (int column : columns) dropped.add(Objects.checkIndex(column, table.columns().size()));
    return this;
  }

  /** Sets what the target holds: classes or numbers. */
  public EncodingBuilder task(Task what) {
    task = Objects.requireNonNull(what, "task");
    return this;
  }

  /** Learns from all rows of the table. */
  public Encoding fit() {
    return fit(table.allRows());
  }

  /**
   * Learns from these rows of the table. An input column holds numbers if all its cells are numbers, and categories if
   * none is. A mixed column is refused whatever the majority, unless it is the target of a classification, whose cells
   * are labels. Cells of the other rows are checked too, and the classes are those of all rows.
   *
   * @throws IllegalArgumentException if the target is dropped
   * @throws DataException naming the place of a cell that does not fit
   */
  public Encoding fit(int[] trainingRows) {
    if (dropped.contains(target)) {
      throw new IllegalArgumentException("column '" + Table.shown(table.names().get(target)) + "' is the target, "
          + "so it cannot be dropped");
    }
    Task what = task != null ? task : Encoding.guessTask(table, target);
    List<Input> inputs = new ArrayList<>();
    for (int c = 0; c < table.columns().size(); c++) {
      if (c != target && !dropped.contains(c)) inputs.add(fitInput(c, trainingRows));
    }
    if (inputs.isEmpty()) {
      throw new DataException(table.file() + ": no input columns are left besides the target '"
          + Table.shown(table.names().get(target)) + "'");
    }
    String name = table.names().get(target);
    if (what == Task.CLASSIFY) return new Encoding(inputs, Target.classes(name, fitLabels()));
    if (!(table.column(target) instanceof NumberColumn)) {
      throw new DataException(table.file() + ": target '" + Table.shown(name) + "': --task regress requires numbers. "
          + "Pass --task classify to predict classes, or choose another column with --target.");
    }
    Input scale = fitNumbers(target, trainingRows, () -> "");
    return new Encoding(inputs, Target.numbers(List.of(name), scale.mean(), scale.deviation()));
  }

  private Input fitInput(int column, int[] trainingRows) {
    Supplier<String> option = () -> DropAdvice.option(table, dropped, column);
    if (table.column(column) instanceof NumberColumn) {
      return fitNumbers(column, trainingRows, () -> ", or pass " + option.get());
    }
    Set<String> seen = new TreeSet<>();
    for (int r : trainingRows) seen.add(table.column(column).text(r));
    if (seen.size() > MOST_CATEGORIES || (seen.size() > 20 && 2 * seen.size() > trainingRows.length)) {
      String name = Table.shown(table.names().get(column));
      throw new DataException(table.file() + ": column '" + name + "': " + seen.size() + " different strings in "
          + trainingRows.length + " rows are too many for categories. Pass " + option.get() + ".");
    }
    return Input.categories(table.names().get(column), List.copyOf(seen));
  }

  /** Learns mean and deviation; {@code alternative} continues the advice where the mean overflows. */
  private Input fitNumbers(int column, int[] trainingRows, Supplier<String> alternative) {
    double[] values = new double[trainingRows.length];
    for (int i = 0; i < values.length; i++) values[i] = Encoding.requireNumber(table, trainingRows[i], column);
    double mean = Standardization.mean(values);
    if (!Double.isFinite(mean)) {
      throw new DataException(table.file() + ": column '" + Table.shown(table.names().get(column))
          + "': the numbers are too far apart to standardize. Divide them by a power of ten" + alternative.get() + ".");
    }
    return Input.number(table.names().get(column), mean, Standardization.deviation(values, mean));
  }

  /** Returns the classes in order: as numbers if all are numbers, else as strings. */
  private List<String> fitLabels() {
    Set<String> texts = new LinkedHashSet<>();
    for (int r = 0; r < table.rows(); r++) {
      String cell = table.column(target).text(r);
      if (cell.isEmpty()) {
        throw table.error(r, target, "expected a class, found an empty cell. Fill it in, or delete the line.");
      }
      texts.add(cell);
    }
    List<String> labels = new ArrayList<>(texts);
    boolean comma = false, numbers = labels.stream().allMatch(s -> DecimalNumbers.isNumber(s, comma));
    if (numbers) labels.sort(Comparator.comparingDouble(s -> DecimalNumbers.parse(s, comma)));
    else labels.sort(null);
    for (int c = 1; numbers && c < labels.size(); c++) {
      if (DecimalNumbers.parse(labels.get(c - 1), comma) != DecimalNumbers.parse(labels.get(c), comma)) continue;
      throw new DataException(
          table.file() + ": target '" + Table.shown(table.names().get(target)) + "': the classes '"
          + Table.shown(labels.get(c - 1)) + "' and '" + Table.shown(labels.get(c))
          + "' are the same number. Write it in one way.");
    }
    if (labels.size() < 2) {
      throw new DataException(
          table.file() + ": target '" + Table.shown(table.names().get(target)) + "': every row is '"
          + Table.shown(labels.get(0)) + "', but classification requires at least 2 classes."
          + (numbers ? " Pass --task regress to predict numbers." : ""));
    }
    if (labels.size() > MOST_CATEGORIES) {
      throw new DataException(
          table.file() + ": target '" + Table.shown(table.names().get(target)) + "': " + labels.size()
          + " classes, the limit is " + MOST_CATEGORIES + ". " + (numbers ? "Pass --task regress to predict numbers."
          : "Choose another column with --target."));
    }
    return List.copyOf(labels);
  }
}
