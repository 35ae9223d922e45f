package chainrule.data;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * How a table becomes numbers, learned from its training rows alone: numbers are standardised, (v − mean)/deviation;
 * texts become one-hot columns, one for each text seen in training (an unseen one is all zeros); a target of classes
 * becomes class numbers, a target of numbers is standardised like an input.
 *
 * <p>Mean and deviation are over the training rows (deviation with divisor n), also where the squares of their numbers
 * overflow or underflow; a constant column becomes 0.
 */
public final class Encoding {
  /** A text column with more different texts than this is an identifier rather than a category. */
  private static final int MOST_CATEGORIES = 1000;
  /** Above, squares that underflow do not count. */
  private static final double LEAST_SQUARES = 0x1p-900;

  /** What a target is. */
  public enum Task { CLASSIFY, REGRESS }

  /**
   * One input column: numbers, which become (v − mean)/deviation, or categories, which become a column each.
   *
   * @param categories empty for numbers
   */
  public record Input(String name, double mean, double deviation, List<String> categories) {
    public Input {
      Objects.requireNonNull(name, "name");
      categories = List.copyOf(categories);
    }

    /** How many of the network's inputs it makes. */
    public int width() {
      return categories.isEmpty() ? 1 : categories.size();
    }

    public boolean isNumber() {
      return categories.isEmpty();
    }
  }

  /**
   * What is predicted: a class, or numbers.
   *
   * @param names the column's name; for several numbers a name for each
   * @param labels the classes' names in the order of the outputs; empty for numbers
   * @param mean of the numbers in training
   * @param deviation what one unit of a standardised number is in its own unit
   */
  public record Target(List<String> names, List<String> labels, double mean, double deviation) {
    public Target {
      names = List.copyOf(names);
      labels = List.copyOf(labels);
    }

    public boolean isClass() {
      return !labels.isEmpty();
    }
  }

  /** The size of pictures whose pixels, row by row, are the inputs. */
  public record Picture(int height, int width) {}

  private final List<Input> inputs;
  private final Target target;
  private final Picture picture;
  private final int width;

  /**
   * An encoding that is known already, as from a file.
   *
   * @param picture null unless the inputs are the pixels of a picture
   * @throws IllegalArgumentException for no inputs, one class, no target, or a deviation that is not above 0
   */
  public Encoding(List<Input> inputs, Target target, Picture picture) {
    this.inputs = List.copyOf(inputs);
    this.target = target;
    this.picture = picture;
    long w = 0;
    for (Input in : inputs) {
      requireScale(in.name, in.mean, in.deviation);
      w += in.width();
    }
    if (w < 1 || w > Integer.MAX_VALUE - 8) throw new IllegalArgumentException("encoding: " + w + " inputs");
    this.width = (int) w;
    if (target.names.isEmpty() || target.labels.size() == 1 || target.isClass() && target.names.size() > 1) {
      throw new IllegalArgumentException("encoding: expected one target of 2 classes or more, or numbers with a name each");
    }
    requireScale(target.names.get(0), target.mean, target.deviation);
    if (picture != null && (long) picture.height * picture.width != inputs.size()) {
      throw new IllegalArgumentException("encoding: pictures of " + picture.height + " × " + picture.width + " pixels from "
          + inputs.size() + " inputs");
    }
  }

  private static void requireScale(String name, double mean, double deviation) {
    if (!(Math.abs(mean) < Double.POSITIVE_INFINITY && deviation > 0 && deviation < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("encoding: column '" + Table.shown(name) + "' with mean " + mean + " and deviation " + deviation);
    }
  }

  /** Numbers as they are, in columns x1, x2, …, and classes. */
  public static Encoding plain(int inputs, List<String> labels) {
    return new Encoding(numbered("x", inputs, 1), new Target(List.of("class"), labels, 0, 1), null);
  }

  /** Numbers as they are, in columns x1, x2, … and y1, y2, …, or y where there is one. */
  public static Encoding plain(int inputs, int outputs) {
    List<String> names = new ArrayList<>();
    for (int j = 1; j <= outputs; j++) names.add(outputs == 1 ? "y" : "y" + j);
    return new Encoding(numbered("x", inputs, 1), new Target(List.copyOf(names), List.of(), 0, 1), null);
  }

  /** Pictures of 0 … 255 in columns pixel1, pixel2, …, which become 0 … 1, and classes. */
  public static Encoding pixels(int height, int width, List<String> labels) {
    return new Encoding(numbered("pixel", Math.multiplyExact(height, width), 255),
        new Target(List.of("label"), labels, 0, 1), new Picture(height, width));
  }

  /** Pictures whose pixels are 0 … 1 already, in columns pixel1, pixel2, …, and classes. */
  static Encoding drawn(int height, int width, List<String> labels) {
    return new Encoding(numbered("pixel", Math.multiplyExact(height, width), 1),
        new Target(List.of("label"), labels, 0, 1), new Picture(height, width));
  }

  private static List<Input> numbered(String name, int n, double deviation) {
    List<Input> inputs = new ArrayList<>();
    for (int i = 1; i <= n; i++) inputs.add(new Input(name + i, 0, deviation, List.of()));
    return inputs;
  }

  /**
   * Returns the task that a target suggests: classes for words, and for whole numbers of at most 20 different values,
   * each used often enough (10 rows for one value on average).
   *
   * @throws DataException for a target in which some cells are numbers and others are not, which suggests neither
   */
  public static Task guessTask(Table table, int target) {
    ColumnCells cells = ColumnCells.of(table, target);
    if (cells.isMixed()) throw cells.mixedTarget();
    if (cells.numbers() == 0) return Task.CLASSIFY;
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
   * Learns from these rows of the table. An input column holds numbers if all its cells are numbers, and categories if
   * none is. If only some cells of an input, or of a target to regress, are numbers, the column is refused whatever the
   * majority. A target to classify may hold both, since its cells are labels.
   *
   * @param drop columns to leave out
   * @throws DataException naming the place of a cell that does not fit
   */
  public static Encoding fit(Table table, int target, Set<Integer> drop, Task task, int[] trainingRows) {
    List<Input> inputs = new ArrayList<>();
    for (int c = 0; c < table.columns().size(); c++) {
      if (c != target && !drop.contains(c)) inputs.add(fitInput(table, c, drop, trainingRows));
    }
    if (inputs.isEmpty()) {
      throw new DataException(table.file() + ": no input column is left beside the target '"
          + Table.shown(table.columns().get(target)) + "'");
    }
    List<String> name = List.of(table.columns().get(target));
    if (task == Task.CLASSIFY) return new Encoding(inputs, new Target(name, fitLabels(table, target), 0, 1), null);
    ColumnCells cells = ColumnCells.of(table, target);
    if (cells.isMixed()) throw cells.mixedTarget();
    if (cells.words() > 0) throw cells.noNumbers();
    Input t = fitNumbers(table, target, trainingRows, () -> "");
    return new Encoding(inputs, new Target(name, List.of(), t.mean, t.deviation), null);
  }

  private static Input fitInput(Table table, int column, Set<Integer> drop, int[] trainingRows) {
    ColumnCells cells = ColumnCells.of(table, column);
    Supplier<String> option = () -> DropAdvice.option(table, drop, column);
    if (cells.isMixed()) throw cells.mixedInput(option.get());
    if (cells.numbers() > 0) {
      if (cells.firstEmpty() >= 0) {
        throw table.error(cells.firstEmpty(), column, "empty, where this column holds numbers; fill it in, delete the "
            + "line, or leave the column out with " + option.get());
      }
      return fitNumbers(table, column, trainingRows, () -> ", or leave the column out with " + option.get());
    }
    Set<String> seen = new TreeSet<>();
    for (int r : trainingRows) seen.add(table.cell(r, column).strip());
    if (seen.size() > MOST_CATEGORIES || (seen.size() > 20 && 2 * seen.size() > trainingRows.length)) {
      String name = Table.shown(table.columns().get(column));
      throw new DataException(table.file() + ": column '" + name + "' holds " + seen.size() + " different texts in "
          + trainingRows.length + " rows, too many for categories; leave it out with " + option.get());
    }
    return new Input(table.columns().get(column), 0, 1, List.copyOf(seen));
  }

  /** Learns mean and deviation; {@code alternative} continues the advice for numbers that have none. */
  private static Input fitNumbers(Table table, int column, int[] trainingRows, Supplier<String> alternative) {
    // Every row is read, so that a mistake in a held-out row is found now. The mean and the squares about it are carried
    // along from row to row, so that large values neither overflow nor cancel.
    for (int r = 0; r < table.rows().size(); r++) table.requireNumber(r, column);
    double n = Math.max(1, trainingRows.length), mean = 0, squares = 0;
    int count = 0;
    for (int r : trainingRows) {
      double v = table.number(r, column), d = v - mean;
      mean += d / ++count;
      squares += d * (v - mean);
    }
    if (!(Math.abs(mean) < Double.POSITIVE_INFINITY)) {
      throw new DataException(table.file() + ": the numbers of column '" + Table.shown(table.columns().get(column))
          + "' are too far apart to be standardised; divide them by a power of ten" + alternative.get());
    }
    double deviation = squares > LEAST_SQUARES && squares < Double.POSITIVE_INFINITY ? Math.sqrt(squares / n)
        : deviationInUnits(table, column, trainingRows, mean);
    return new Input(table.columns().get(column), mean, deviation > 0 ? deviation : 1, List.of());
  }

  /** Where squares overflow or underflow: counted in units u, the power of two below max |v − mean|. */
  private static double deviationInUnits(Table table, int column, int[] rows, double mean) {
    double most = 0, sum = 0; // in halves: the difference itself may overflow
    for (int r : rows) most = Math.max(most, Math.abs(table.number(r, column) / 2 - mean / 2));
    if (most == 0) return 0;
    int u = Math.max(Math.getExponent(most), Double.MIN_EXPONENT);
    for (int r : rows) {
      double d = Math.scalb(table.number(r, column) / 2 - mean / 2, -u);
      sum += d * d;
    }
    return 2 * Math.scalb(Math.sqrt(sum / rows.length), u);
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
    for (int c = 1; numbers && c < labels.size(); c++) {
      if (Numbers.parse(labels.get(c - 1), comma) != Numbers.parse(labels.get(c), comma)) continue;
      throw new DataException(table.file() + ": the target '" + Table.shown(table.columns().get(target)) + "' has the class '"
          + Table.shown(labels.get(c - 1)) + "', and the same number as '" + Table.shown(labels.get(c)) + "'; write it in one way");
    }
    if (labels.size() < 2) {
      throw new DataException(table.file() + ": every row of the target '" + Table.shown(table.columns().get(target)) + "' is '"
          + Table.shown(labels.get(0)) + "'; a classification needs two classes or more"
          + (numbers ? ", and numbers are predicted with --task regress" : ""));
    }
    if (labels.size() > MOST_CATEGORIES) {
      throw new DataException(table.file() + ": the target '" + Table.shown(table.columns().get(target)) + "' has " + labels.size()
          + " different classes, more than " + MOST_CATEGORIES + "; " + (numbers ? "predict numbers with --task regress"
          : "choose another column with --target"));
    }
    return List.copyOf(labels);
  }

  /** The input columns, in the order in which they make the network's inputs. */
  public List<Input> inputs() {
    return inputs;
  }

  /** What is predicted. */
  public Target target() {
    return target;
  }

  /** The size of the pictures; null where the inputs are none. */
  public Picture picture() {
    return picture;
  }

  /** How many inputs the network has. */
  public int width() {
    return width;
  }

  /** How many outputs the network has; two classes may also be two. */
  public int outputs() {
    return !target.isClass() ? target.names.size() : target.labels.size() == 2 ? 1 : target.labels.size();
  }

  /**
   * Inputs of these rows of a table, [rows × width]. Its columns are found by their names; others may be there.
   * @throws DataException naming the column that is not there, or the place of a cell that does not fit
   */
  public double[] encodeInputs(Table table, int[] rows) {
    double[] x = new double[size(table, rows.length, width, "inputs")];
    Map<String, Integer> columns = places(table.columns());
    int o = 0;
    for (Input in : inputs) {
      Integer column = columns.get(in.name);
      if (column == null) throw table.missing(in.name, "an input");
      Map<String, Integer> categories = places(in.categories);
      for (int i = 0; i < rows.length; i++) {
        if (in.isNumber()) {
          x[i * width + o] = standardised(table, rows[i], column, in.mean, in.deviation);
        } else {
          Integer c = categories.get(table.cell(rows[i], column).strip());
          if (c != null) x[i * width + o + c] = 1;
        }
      }
      o += in.width();
    }
    return x;
  }

  /** (v − mean) / deviation, which must be finite as well. */
  private static double standardised(Table table, int row, int column, double mean, double deviation) {
    double z = (table.requireNumber(row, column) - mean) / deviation;
    if (Math.abs(z) < Double.POSITIVE_INFINITY) return z;
    throw table.error(row, column, "'" + Table.shown(table.cell(row, column).strip()) + "' is too far from the numbers of "
        + "training, whose mean is " + mean + " and whose deviation is " + deviation);
  }

  private static int size(Table table, int rows, int width, String what) {
    if ((long) rows * width <= Integer.MAX_VALUE - 8) return rows * width;
    throw new DataException(table.file() + ": " + rows + " rows of " + width + " " + what + " are more numbers than one array "
        + "holds (" + (Integer.MAX_VALUE - 8) + "); use fewer rows, or train with fewer columns of many categories");
  }

  private static Map<String, Integer> places(List<String> names) {
    Map<String, Integer> places = new HashMap<>();
    for (int i = 0; i < names.size(); i++) places.put(names.get(i), i);
    return places;
  }

  /** Inputs and targets of these rows of a table, as {@link #encodeInputs}. */
  public Dataset encode(Table table, int[] rows) {
    double[] x = encodeInputs(table, rows);
    if (target.isClass()) {
      int column = targetColumn(table, 0);
      Map<String, Integer> labels = places(target.labels);
      size(table, rows.length, outputs(), "outputs");
      int[] classes = new int[rows.length];
      for (int i = 0; i < rows.length; i++) classes[i] = classOf(table, rows[i], column, labels);
      return Dataset.classification(width, x, classes, target.labels);
    }
    int outputs = target.names.size();
    double[] y = new double[size(table, rows.length, outputs, "targets")];
    for (int j = 0; j < outputs; j++) {
      int column = targetColumn(table, j);
      for (int i = 0; i < rows.length; i++) {
        y[i * outputs + j] = standardised(table, rows[i], column, target.mean, target.deviation);
      }
    }
    return Dataset.regression(width, x, outputs, y);
  }

  private int targetColumn(Table table, int j) {
    int column = table.columns().indexOf(target.names.get(j));
    if (column < 0) throw table.missing(target.names.get(j), "the target");
    return column;
  }

  private int classOf(Table table, int row, int column, Map<String, Integer> labels) {
    String cell = table.cell(row, column).strip();
    Integer c = labels.get(cell);
    if (c == null) {
      throw table.error(row, column, "class '" + Table.shown(cell) + "' is not among those that were trained: "
          + Table.shown(target.labels));
    }
    return c;
  }

  /** A number that the network gives, in the target's own unit. */
  public double decode(double yhat) {
    return yhat * target.deviation + target.mean;
  }
}
