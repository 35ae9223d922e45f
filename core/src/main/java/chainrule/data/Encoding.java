package chainrule.data;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * How a table becomes numbers, learned from its training rows alone: numbers are standardised, (v − mean)/deviation;
 * texts become one-hot columns, one for each text seen in training (an unseen one is all zeros); a target of classes
 * becomes class numbers, a target of numbers is standardised like an input.
 *
 * <p>Mean and deviation are over the training rows (deviation with divisor n); a constant column becomes 0.
 */
public final class Encoding {
  /** A text column with more different texts than this is an identifier rather than a category. */
  private static final int MOST_CATEGORIES = 1000;

  /** What a target is. */
  public enum Task { CLASSIFY, REGRESS }

  /** One input column of the table: numbers, or categories. */
  private record Input(int column, double mean, double deviation, List<String> categories) {
    int width() {
      return categories.isEmpty() ? 1 : categories.size();
    }
  }

  private final Table table;
  private final List<Input> inputs;
  private final int width;
  private final int target;
  private final Task task;
  private final List<String> labels;
  private final double targetMean;
  private final double targetDeviation;

  private Encoding(
      Table table, List<Input> inputs, int target, Task task, List<String> labels, double mean, double deviation) {
    this.table = table;
    this.inputs = inputs;
    this.width = inputs.stream().mapToInt(Input::width).sum();
    this.target = target;
    this.task = task;
    this.labels = labels;
    this.targetMean = mean;
    this.targetDeviation = deviation;
  }

  /**
   * Whether a target looks like classes: texts, or whole numbers of at most 20 different values, each used often enough
   * (10 rows for one value on average).
   */
  public static Task guessTask(Table table, int target) {
    if (!table.isNumeric(target)) return Task.CLASSIFY;
    Set<Double> values = new LinkedHashSet<>();
    for (int r = 0; r < table.rows().size(); r++) {
      double v = table.requireNumber(r, target);
      if (v != Math.rint(v)) return Task.REGRESS;
      values.add(v);
      if (values.size() > 20) return Task.REGRESS;
    }
    return values.size() * 10 <= table.rows().size() ? Task.CLASSIFY : Task.REGRESS;
  }

  /**
   * Learns from these rows of the table.
   *
   * @param drop columns to leave out
   * @throws DataException naming the place of a cell that does not fit
   */
  public static Encoding fit(Table table, int target, Set<Integer> drop, Task task, int[] trainingRows) {
    List<Input> inputs = new ArrayList<>();
    for (int c = 0; c < table.columns().size(); c++) {
      if (c != target && !drop.contains(c)) inputs.add(fitInput(table, c, trainingRows));
    }
    if (inputs.isEmpty()) {
      throw new DataException(table.file() + ": no input column is left beside the target '"
          + table.columns().get(target) + "'");
    }
    if (task == Task.CLASSIFY) {
      return new Encoding(table, inputs, target, task, fitLabels(table, target), 0, 1);
    }
    Input t = fitNumbers(table, target, trainingRows);
    return new Encoding(table, inputs, target, task, List.of(), t.mean, t.deviation);
  }

  private static Input fitInput(Table table, int column, int[] trainingRows) {
    if (table.isNumeric(column)) return fitNumbers(table, column, trainingRows);
    Set<String> seen = new TreeSet<>();
    for (int r : trainingRows) seen.add(table.cell(r, column).strip());
    if (seen.size() > MOST_CATEGORIES || (seen.size() > 20 && 2 * seen.size() > trainingRows.length)) {
      throw new DataException(table.file() + ": column '" + table.columns().get(column) + "' holds " + seen.size()
          + " different texts in " + trainingRows.length + " rows, too many for categories; leave it out with --drop "
          + table.columns().get(column));
    }
    return new Input(column, 0, 1, List.copyOf(seen));
  }

  private static Input fitNumbers(Table table, int column, int[] trainingRows) {
    // Every row is read, so that a mistake in a held-out row is found now. The mean is taken about the first value and
    // then corrected, so that large values do not overflow or cancel.
    for (int r = 0; r < table.rows().size(); r++) table.requireNumber(r, column);
    double n = Math.max(1, trainingRows.length), mean = 0, squares = 0;
    int count = 0;
    for (int r : trainingRows) {
      double v = table.number(r, column), d = v - mean;
      mean += d / ++count;
      squares += d * (v - mean);
    }
    double deviation = Math.sqrt(squares / n);
    return new Input(column, mean, deviation > 0 && deviation < Double.POSITIVE_INFINITY ? deviation : 1, List.of());
  }

  /** The classes in order: as numbers if all are numbers, else as texts. */
  private static List<String> fitLabels(Table table, int target) {
    Set<String> texts = new LinkedHashSet<>();
    for (int r = 0; r < table.rows().size(); r++) {
      String cell = table.cell(r, target).strip();
      if (cell.isEmpty()) {
        throw table.error(r, target, "empty, where each line needs its class; fill it in or delete the line");
      }
      texts.add(cell);
    }
    List<String> labels = new ArrayList<>(texts);
    boolean comma = table.decimalComma(), numbers = labels.stream().allMatch(s -> Numbers.isNumber(s, comma));
    if (numbers) labels.sort(Comparator.comparingDouble(s -> Numbers.parse(s, comma)));
    else labels.sort(null);
    if (labels.size() < 2) {
      throw new DataException(table.file() + ": every row of the target '" + table.columns().get(target) + "' is '"
          + labels.get(0) + "'; a classification needs two classes or more");
    }
    if (labels.size() > MOST_CATEGORIES) {
      throw new DataException(table.file() + ": the target '" + table.columns().get(target) + "' has " + labels.size()
          + " different classes, more than " + MOST_CATEGORIES + "; for numbers use --task regress");
    }
    return List.copyOf(labels);
  }

  public Task task() {
    return task;
  }

  /** Standard deviation of the target in its own unit: a standardised error times this is an error in that unit. */
  public double targetDeviation() {
    return targetDeviation;
  }

  /** These rows of the table as a data set. */
  public Dataset encode(int[] rows) {
    return encode(table, rows);
  }

  /** Rows of another table with the same columns (a test file). */
  public Dataset encode(Table other, int[] rows) {
    double[] x = new double[Math.multiplyExact(rows.length, width)];
    for (int i = 0; i < rows.length; i++) encodeRow(other, rows[i], x, i * width);
    if (task == Task.CLASSIFY) {
      int[] classes = new int[rows.length];
      for (int i = 0; i < rows.length; i++) classes[i] = classOf(other, rows[i]);
      return Dataset.classification(width, x, classes, labels);
    }
    double[] y = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      y[i] = (other.requireNumber(rows[i], target) - targetMean) / targetDeviation;
    }
    return Dataset.regression(width, x, 1, y);
  }

  private void encodeRow(Table other, int row, double[] x, int o) {
    for (Input in : inputs) {
      if (in.categories.isEmpty()) {
        x[o] = (other.requireNumber(row, in.column) - in.mean) / in.deviation;
      } else {
        int c = in.categories.indexOf(other.cell(row, in.column).strip());
        if (c >= 0) x[o + c] = 1;
      }
      o += in.width();
    }
  }

  private int classOf(Table other, int row) {
    String cell = other.cell(row, target).strip();
    int c = labels.indexOf(cell);
    if (c < 0) {
      throw other.error(row, target, "class '" + cell + "' is not among those of " + table.file() + ": "
          + String.join(", ", labels.subList(0, Math.min(10, labels.size()))));
    }
    return c;
  }
}
