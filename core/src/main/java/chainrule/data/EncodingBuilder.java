// SPDX-License-Identifier: MIT
package chainrule.data;

import chainrule.data.Encoding.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Learns an {@link Encoding} from the training rows of a table.
 * <pre>{@code
 * EncodingBuilder builder = Encoding.of(table).target("species").drop("id");
 * Encoding encoding = builder.fit(rows.train());
 * builder.notices().forEach(System.err::println);
 * }</pre>
 * Columns are given by name or by number: a string is a name or else a number from 1, an {@code int} an index from 0.
 * The target is the last column and the task is {@linkplain Encoding#guessTask guessed} unless they are given.
 *
 * <p>A column that cannot be used is left out: one that has no value or the same value in all training rows, numbers
 * the rows, or has too many different strings to be categories. {@link #notices} names these columns. {@link #keep}
 * uses one nevertheless. Rows without a target are left out, too.
 */
public final class EncodingBuilder {
  /** A target of more classes than this is a mistake. */
  private static final int MOST_CLASSES = 1000;

  private final Table table;
  private final Set<Integer> dropped = new TreeSet<>();
  private final Set<Integer> kept = new TreeSet<>();
  private int[] targets;
  private Task task;
  private boolean complete;
  private int bins;
  private List<String> missing = List.of();
  private int[] withTarget; // or null until needed
  private final Map<Integer, InputColumn> inputs = new LinkedHashMap<>();
  private final Map<Integer, LeftOut> leftOut = new LinkedHashMap<>();
  private List<String> notices = List.of();
  private List<String> warnings = List.of();

  EncodingBuilder(Table table) {
    this.table = table;
    this.targets = new int[] {table.columns().size() - 1};
  }

  // ---------------------------------------------------------------- what to learn

  /**
   * Sets the columns to predict.
   *
   * @param columns the columns by name, or by number from 1; ≥ 1
   * @return this builder
   * @throws DataException if the table lacks one
   */
  public EncodingBuilder target(String... columns) {
    return target(Arrays.stream(columns).mapToInt(table::columnIndex).toArray());
  }

  /**
   * Sets the columns to predict, by index.
   *
   * @param columns the indices of the columns, from 0; ≥ 1
   * @return this builder
   * @throws IllegalArgumentException for no columns, or one that is given twice
   * @throws IndexOutOfBoundsException if the table lacks one
   */
  public EncodingBuilder target(int... columns) {
    if (columns.length == 0) throw new IllegalArgumentException("expected ≥ 1 target");
    for (int c : columns) Objects.checkIndex(c, table.columns().size());
    if (Arrays.stream(columns).distinct().count() < columns.length) {
      throw new IllegalArgumentException("a target is given twice");
    }
    targets = columns.clone();
    withTarget = null;
    return this;
  }

  /**
   * Leaves columns out.
   *
   * @param columns the columns by name, or by number from 1
   * @return this builder
   * @throws DataException if the table lacks one
   */
  public EncodingBuilder drop(String... columns) {
    for (String column : columns) dropped.add(table.columnIndex(column));
    return this;
  }

  /**
   * Leaves columns out, by index.
   *
   * @param columns the indices of the columns, from 0
   * @return this builder
   * @throws IndexOutOfBoundsException if the table lacks one
   */
  public EncodingBuilder drop(Collection<Integer> columns) {
    for (int column : columns) dropped.add(Objects.checkIndex(column, table.columns().size()));
    return this;
  }

  /**
   * Uses columns that would be left out as identifiers, free text or dates. A column without information stays out.
   *
   * @param columns the columns by name, or by number from 1
   * @return this builder
   * @throws DataException if the table lacks one
   */
  public EncodingBuilder keep(String... columns) {
    for (String column : columns) kept.add(table.columnIndex(column));
    return this;
  }

  /**
   * Sets how the table was read, so that new files are read with the same strings for missing values.
   *
   * @param options the options that read the table
   * @return this builder
   */
  public EncodingBuilder readWith(TableOptions options) {
    missing = options.missing();
    return this;
  }

  /**
   * Sets what the target holds.
   *
   * @param what classes, numbers or labels
   * @return this builder
   */
  public EncodingBuilder task(Task what) {
    task = Objects.requireNonNull(what, "task");
    return this;
  }

  /**
   * Refuses missing cells in targets and used inputs, in all rows of the table, instead of encoding them.
   *
   * @return this builder
   */
  public EncodingBuilder refuseMissing() {
    complete = true;
    return this;
  }

  /**
   * Sets into how many bins of about the same number of training rows each column of numbers or dates is divided. Its
   * inputs are then its standardized value and a piece for each bin, see {@link PiecewiseLinear}. Without pieces, a
   * network must learn from the standardized value alone where to bend its output. Columns of two different values
   * have no pieces.
   *
   * @param count 0 to {@link PiecewiseLinear#MOST}; 0, the default, and 1 give no pieces
   * @return this builder
   * @throws IllegalArgumentException for another number
   */
  public EncodingBuilder bins(int count) {
    bins = PiecewiseLinear.requireBins(count);
    return this;
  }

  // ---------------------------------------------------------------- what was learned

  /** {@return the numbers of the rows that have a value in every target column: those to divide into parts} */
  public int[] rowsWithTarget() {
    if (withTarget == null) withTarget = TableEncoder.rowsWith(table, targets, table.allRows());
    return withTarget.clone();
  }

  /** {@return what the last {@link #fit} left out, one line for each kind: rows without a target, and columns} */
  public List<String> notices() {
    return notices;
  }

  /**
   * {@return what the last {@link #fit} found suspicious but used, one line each: columns that equal the target or
   * number the rows, and rare classes}
   */
  public List<String> warnings() {
    return warnings;
  }

  /** {@return what the last {@link #fit} does with each column of the table, in the table's order} */
  public List<ColumnUse> uses() {
    List<ColumnUse> uses = new ArrayList<>();
    for (int c = 0; c < table.columns().size(); c++) {
      String name = table.names().get(c);
      if (isTarget(c)) uses.add(ColumnUse.target(name));
      else if (dropped.contains(c)) uses.add(ColumnUse.dropped(name));
      else if (leftOut.containsKey(c)) uses.add(ColumnUse.leftOut(name, leftOut.get(c)));
      else if (inputs.containsKey(c)) uses.add(ColumnUse.input(inputs.get(c)));
    }
    return uses;
  }

  /**
   * {@return the task: the one that was set, or the one that the target suggests}
   *
   * @throws DataException if no task was set, and one of several targets is not a column of numbers
   */
  public Task task() {
    if (task != null) return task;
    if (targets.length == 1) return Encoding.guessTask(table, targets[0]);
    for (int t : targets) {
      if (table.column(t) instanceof NumberColumn) continue;
      throw new DataException(table.file() + ": target '" + shownName(t) + "': several targets must be numbers. "
          + "Pass --task multilabel if each has two values, such as yes and no.");
    }
    return Task.REGRESS;
  }

  // ---------------------------------------------------------------- learning

  /**
   * Learns from all rows of the table, like {@link #fit(int[])}.
   *
   * @return the encoding
   */
  public Encoding fit() {
    return fit(table.allRows());
  }

  /**
   * Learns from the training rows of the table. Classes and labels are those of all rows.
   *
   * @param trainingRows row numbers, from 0; rows without a target are skipped
   * @return the encoding
   * @throws IllegalArgumentException if a target is dropped
   * @throws DataException if a target does not suit the task, or no input column is left; with {@link #refuseMissing}
   *     naming the place of the first missing cell
   */
  public Encoding fit(int[] trainingRows) {
    for (int t : targets) {
      if (!dropped.contains(t)) continue;
      throw new IllegalArgumentException("column '" + shownName(t) + "' is the target, so it cannot be dropped");
    }
    Task what = task();
    int[] rows = TableEncoder.rowsWith(table, targets, trainingRows);
    if (rows.length == 0) {
      throw new DataException(table.file() + ": no training row has a value in the target '" + shownName(targets[0])
          + "'");
    }
    inputs.clear();
    leftOut.clear();
    for (int c = 0; c < table.columns().size(); c++) {
      if (!isTarget(c) && !dropped.contains(c)) fitInput(c, rows);
    }
    if (inputs.isEmpty() && table.columns().size() == 1) throw onlyOneColumn();
    if (inputs.isEmpty()) {
      throw new DataException(table.file() + ": no input columns are left besides the target '" + shownName(targets[0])
          + "'" + (leftOut.isEmpty() ? "" : "; " + String.join("; ", LeftOut.notices(table, leftOut))));
    }
    if (complete) requireComplete();
    Target target = switch (what) {
      case CLASSIFY -> classes();
      case REGRESS -> numbers(rows);
      case MULTILABEL -> labels();
    };
    report(target);
    return new Encoding(List.copyOf(inputs.values()), target).withDecimal(table.decimal()).withMissing(missing);
  }

  private DataException onlyOneColumn() {
    String name = table.names().get(0);
    String mark = name.codePoints().filter(c -> "^~:&*+!/".indexOf(c) >= 0).mapToObj(Character::toString).findFirst()
        .orElse("");
    String advice = " If '" + mark + "' separates columns, pass --separator '" + mark + "'.";
    return new DataException(table.file() + ": only one column, '" + Table.shown(name)
        + "'. Expected the target and at least one input." + (mark.isEmpty() ? "" : advice));
  }

  private boolean isTarget(int column) {
    return Arrays.stream(targets).anyMatch(t -> t == column);
  }

  private String shownName(int column) {
    return Table.shown(table.names().get(column));
  }

  private void fitInput(int column, int[] rows) {
    Optional<LeftOut> reason = LeftOut.reason(table, column, rows, kept.contains(column));
    if (reason.isPresent()) {
      leftOut.put(column, reason.get());
    } else if (table.column(column) instanceof NumberColumn c) {
      inputs.put(column, fitNumbers(c, column, rows));
    } else {
      inputs.put(column, fitCategories((TextColumn) table.column(column), rows));
    }
  }

  private static InputColumn fitCategories(TextColumn c, int[] rows) {
    return InputColumn.categories(c.name(), LabelOrder.sorted(differentTexts(c, rows)), hasMissing(c, rows));
  }

  private static boolean hasMissing(Column c, int[] rows) {
    for (int r : rows) if (c.isMissing(r)) return true;
    return false;
  }

  private InputColumn fitNumbers(NumberColumn c, int column, int[] rows) {
    double[] values = present(c, rows);
    boolean missing = values.length < rows.length;
    if (missing && areEqual(values)) { // only whether there is a value tells rows apart
      return InputColumn.categories(c.name(), List.of(NumberColumn.text(values[0])), true);
    }
    double mean = mean(column, values, () -> ", or pass " + OptionAdvice.option(table, dropped, column));
    double deviation = Standardization.deviation(values, mean), median = Median.of(values);
    InputColumn in = c.type() == ColumnType.DATE ? InputColumn.date(c.name(), mean, deviation, median, missing)
        : InputColumn.number(c.name(), mean, deviation, median, missing);
    return in.withPieces(PiecewiseLinear.fit(values, bins));
  }

  /** Returns the numbers of these rows that are not missing. */
  private static double[] present(NumberColumn c, int[] rows) {
    double[] values = new double[rows.length];
    int n = 0;
    for (int r : rows) if (!c.isMissing(r)) values[n++] = c.value(r);
    return n == values.length ? values : Arrays.copyOf(values, n);
  }

  private static boolean areEqual(double[] values) {
    for (double v : values) if (v != values[0]) return false;
    return true;
  }

  /** Returns the mean; {@code alternative} continues the advice where it overflows. */
  private double mean(int column, double[] values, Supplier<String> alternative) {
    double mean = Standardization.mean(values);
    if (Double.isFinite(mean)) return mean;
    throw new DataException(table.file() + ": column '" + shownName(column)
        + "': the numbers are too far apart to standardize. Divide them by a power of ten" + alternative.get() + ".");
  }

  /** Refuses the first missing cell, by rows, in a target or an input. */
  private void requireComplete() {
    int row = table.rows(), column = -1;
    for (int c = 0; c < table.columns().size(); c++) {
      if (!isTarget(c) && !inputs.containsKey(c)) continue;
      Column cells = table.column(c);
      for (int r = 0; r < row; r++) {
        if (!cells.isMissing(r)) continue;
        row = r;
        column = c;
      }
    }
    if (column < 0) return;
    String expected = table.column(column) instanceof NumberColumn c
        ? c.type() == ColumnType.DATE ? "a date" : "a number" : isTarget(column) ? "a class" : "a string";
    String word = table.column(column).text(row);
    throw table.error(row, column, "expected " + expected + ", found "
        + (word.isEmpty() ? "a missing value. Fill it in" : "'" + Table.shown(word) + "'. Fix the value")
        + (isTarget(column) ? ", or delete the line."
            : ", delete the line, or pass " + OptionAdvice.option(table, dropped, column) + "."));
  }

  // ---------------------------------------------------------------- targets

  private Target numbers(int[] rows) {
    List<String> names = new ArrayList<>();
    List<Double> means = new ArrayList<>(), deviations = new ArrayList<>();
    for (int t : targets) {
      if (!(table.column(t) instanceof NumberColumn c)) {
        throw new DataException(table.file() + ": target '" + shownName(t) + "': --task regress requires numbers. "
            + "Pass --task classify to predict classes, or choose another column with --target.");
      }
      double[] values = present(c, rows);
      double mean = mean(t, values, () -> "");
      names.add(c.name());
      means.add(mean);
      deviations.add(Standardization.deviation(values, mean));
    }
    return Target.numbers(names, means, deviations);
  }

  private Set<String> differentTexts(int column) {
    return differentTexts(table.column(column), rowsWithTarget());
  }

  /** Returns the different values of these rows, without missing, as strings. */
  private static Set<String> differentTexts(Column column, int[] rows) {
    Set<String> texts = new LinkedHashSet<>();
    if (column instanceof TextColumn c) {
      boolean[] seen = new boolean[c.values().size()];
      for (int r : rows) if (!c.isMissing(r)) seen[c.code(r)] = true;
      for (int code = 0; code < seen.length; code++) if (seen[code]) texts.add(c.values().get(code));
      return texts;
    }
    NumberColumn c = (NumberColumn) column;
    Set<Double> values = new LinkedHashSet<>();
    for (int r : rows) if (!c.isMissing(r)) values.add(c.value(r) + 0.0); // +0 for −0
    for (double v : values) texts.add(NumberColumn.text(v));
    return texts;
  }

  private Target classes() {
    if (targets.length > 1) {
      throw new DataException(table.file() + ": --task classify requires one target, found " + targets.length
          + ". Pass --task multilabel if each has two values, such as yes and no.");
    }
    int t = targets[0];
    String target = table.file() + ": target '" + shownName(t) + "': ";
    boolean numbers = table.column(t) instanceof NumberColumn;
    Set<String> texts = differentTexts(t);
    if (texts.size() < 2) {
      throw new DataException(target + "every row is '" + Table.shown(texts.iterator().next())
          + "', but classification requires at least 2 classes."
          + (numbers ? " Pass --task regress to predict numbers." : ""));
    }
    if (texts.size() > MOST_CLASSES) {
      throw new DataException(target + texts.size() + " classes, the limit is " + MOST_CLASSES + ". "
          + (numbers ? "Pass --task regress to predict numbers." : "Choose another column with --target."));
    }
    return Target.classes(table.names().get(t), LabelOrder.sorted(texts));
  }

  private Target labels() {
    List<String> names = new ArrayList<>();
    List<List<String>> values = new ArrayList<>();
    for (int t : targets) {
      List<String> pair = LabelOrder.sorted(differentTexts(t));
      if (pair.equals(List.of("0")) || pair.equals(List.of("1"))) pair = List.of("0", "1");
      if (pair.size() != 2) {
        throw new DataException(table.file() + ": target '" + shownName(t) + "': --task multilabel requires two "
            + "values, such as 0 and 1, found " + pair.size() + ": " + Table.shown(pair));
      }
      names.add(table.names().get(t));
      values.add(pair);
    }
    return Target.multilabel(names, values);
  }

  // ---------------------------------------------------------------- notices

  private void report(Target target) {
    int[] rows = rowsWithTarget();
    List<String> lines = new ArrayList<>();
    if (rows.length < table.rows()) {
      int without = table.rows() - rows.length;
      lines.add(without + " of " + table.rows() + " rows left out, without a value in the target "
          + TargetWarnings.quoted(target.names()));
    }
    lines.addAll(LeftOut.notices(table, leftOut));
    notices = List.copyOf(lines);
    warnings = TargetWarnings.of(table, target, targets, List.copyOf(inputs.keySet()), rows, dropped);
  }
}
