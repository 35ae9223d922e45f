// SPDX-License-Identifier: MIT
package chainrule.data;

import chainrule.kernels.Limits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * How raw data becomes a network's inputs and targets, learned from training rows alone:
 * <pre>
 *   a number       (v − mean) / deviation               one input ({@link Standardization})
 *   a category     1 for its category, 0 for the others     one input for each category seen in training
 *   a class        its index among the labels
 *   a target number   standardized like an input
 * </pre>
 * A category that training has not seen encodes as all zeros.
 * <pre>{@code
 * Table table = Table.read(Path.of("iris.csv"));
 * Table.Split rows = table.split(0.2, 1);
 * Encoding encoding = Encoding.of(table).target("species").drop("id").fit(rows.train());
 * Dataset train = encoding.encode(table, rows.train());
 * }</pre>
 * Tables are encoded by column name; single rows as a map, or as values in the order of {@link #inputColumns}.
 */
public final class Encoding {

  /** What a target holds. */
  public enum Task { CLASSIFY, REGRESS }

  /**
   * An input column: numbers, which become one input, or categories, which become one input each.
   *
   * @param mean of the numbers in training; 0 for categories
   * @param deviation of the numbers in training; 1 for categories
   * @param categories empty for numbers
   */
  public record Input(String name, double mean, double deviation, List<String> categories) {
    public Input {
      Objects.requireNonNull(name, "name");
      categories = List.copyOf(categories);
    }

    /** Returns a column of numbers. */
    public static Input number(String name, double mean, double deviation) {
      return new Input(name, mean, deviation, List.of());
    }

    /** Returns a column of categories. */
    public static Input categories(String name, List<String> categories) {
      return new Input(name, 0, 1, categories);
    }

    /** Returns how many of the network's inputs the column becomes. */
    public int width() {
      return categories.isEmpty() ? 1 : categories.size();
    }

    public boolean isNumber() {
      return categories.isEmpty();
    }
  }

  /**
   * The target: a class, or one number or more.
   *
   * @param names the column's name; for several numbers, one name each
   * @param labels the names of the classes in the order of the outputs; empty for numbers
   * @param mean of the numbers in training; 0 for classes
   * @param deviation of the numbers in training; 1 for classes
   */
  public record Target(List<String> names, List<String> labels, double mean, double deviation) {
    public Target {
      names = List.copyOf(names);
      labels = List.copyOf(labels);
    }

    /** Returns a target of classes. */
    public static Target classes(String name, List<String> labels) {
      return new Target(List.of(name), labels, 0, 1);
    }

    /** Returns a target of numbers that share one mean and deviation. */
    public static Target numbers(List<String> names, double mean, double deviation) {
      return new Target(names, List.of(), mean, deviation);
    }

    public boolean isClass() {
      return !labels.isEmpty();
    }

    /** Converts a network's output to the target's unit: ŷ · deviation + mean. */
    public double decode(double yhat) {
      return Standardization.restore(yhat, mean, deviation);
    }
  }

  /** The size of images whose pixels, row by row, are the inputs. */
  public record ImageSize(int height, int width) {}

  private final List<Input> columns;
  private final Target target;
  private final ImageSize imageSize; // or null
  private final int inputs;

  /**
   * Creates an encoding from known parts, such as those of a file.
   *
   * @throws IllegalArgumentException if there are no inputs, no target or one class, or for a deviation that is not
   *     positive and finite
   */
  public Encoding(List<Input> inputColumns, Target target) {
    this(inputColumns, target, null);
  }

  private Encoding(List<Input> inputColumns, Target target, ImageSize imageSize) {
    this.columns = List.copyOf(inputColumns);
    this.target = target;
    this.imageSize = imageSize;
    long n = 0;
    for (Input in : columns) {
      requireScale(in.name, in.mean, in.deviation);
      n += in.width();
    }
    if (n < 1 || n > Limits.MAX_ARRAY_LENGTH) {
      throw new IllegalArgumentException(
          "encoding: expected 1 to " + Limits.MAX_ARRAY_LENGTH + " inputs, found " + n);
    }
    this.inputs = (int) n;
    if (target.names.isEmpty() || target.labels.size() == 1 || target.isClass() && target.names.size() > 1) {
      throw new IllegalArgumentException(
          "encoding: expected one target with at least 2 classes, or ≥ 1 named numeric targets");
    }
    requireScale(target.names.get(0), target.mean, target.deviation);
    if (imageSize != null && (long) imageSize.height * imageSize.width != columns.size()) {
      throw new IllegalArgumentException("encoding: images of " + imageSize.height + " × " + imageSize.width
          + " pixels do not fit " + columns.size() + " input columns");
    }
  }

  private static void requireScale(String name, double mean, double deviation) {
    if (!(Math.abs(mean) < Double.POSITIVE_INFINITY && deviation > 0 && deviation < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "encoding: column '" + Table.shown(name) + "': expected a finite mean and a finite deviation > 0, found mean "
          + mean + " and deviation " + deviation);
    }
  }

  /**
   * Returns the same encoding, whose input columns are the pixels of images of this size.
   *
   * @throws IllegalArgumentException if there are not height · width input columns
   */
  public Encoding withImageSize(ImageSize size) {
    return new Encoding(columns, target, Objects.requireNonNull(size, "size"));
  }

  /** Starts to learn an encoding from a table. */
  public static EncodingBuilder of(Table table) {
    return new EncodingBuilder(table);
  }

  /** Returns an encoding that leaves numbers as they are, in columns x1, x2, …, with a target of classes. */
  public static Encoding plain(int inputs, List<String> labels) {
    return new Encoding(numbered("x", inputs, 1), Target.classes("class", labels));
  }

  /** Returns an encoding that leaves numbers as they are, in columns x1, x2, … and targets y1, y2, …, or a single y. */
  public static Encoding plain(int inputs, int outputs) {
    List<String> names = new ArrayList<>();
    for (int j = 1; j <= outputs; j++) names.add(outputs == 1 ? "y" : "y" + j);
    return new Encoding(numbered("x", inputs, 1), Target.numbers(names, 0, 1));
  }

  /** Returns an encoding of images with pixels 0 … 255 in columns pixel1, pixel2, …, scaled to 0 … 1, and classes. */
  public static Encoding pixels(int height, int width, List<String> labels) {
    return images(height, width, 255, labels);
  }

  /** Returns an encoding of images whose pixels, in columns pixel1, pixel2, …, are 0 … 1 already, and classes. */
  static Encoding unitPixels(int height, int width, List<String> labels) {
    return images(height, width, 1, labels);
  }

  private static Encoding images(int height, int width, double white, List<String> labels) {
    return new Encoding(numbered("pixel", Math.multiplyExact(height, width), white), Target.classes("label", labels),
        new ImageSize(height, width));
  }

  private static List<Input> numbered(String name, int n, double deviation) {
    List<Input> inputs = new ArrayList<>();
    for (int i = 1; i <= n; i++) inputs.add(Input.number(name + i, 0, deviation));
    return inputs;
  }

  /**
   * Returns the task that a target suggests. Strings are classes. So are whole numbers with at most 20 different values
   * and at least 10 rows per value on average.
   *   */
  public static Task guessTask(Table table, int target) {
    if (!(table.column(target) instanceof NumberColumn column)) return Task.CLASSIFY;
    Set<Double> values = new LinkedHashSet<>();
    for (int r = 0; r < table.rows(); r++) {
      double v = column.value(r);
      if (Double.isNaN(v)) continue;
      if (v != Math.rint(v)) return Task.REGRESS;
      values.add(v);
      if (values.size() > 20) return Task.REGRESS;
    }
    return values.size() * 10 <= table.rows() ? Task.CLASSIFY : Task.REGRESS;
  }

  /** Returns the input columns, in the order in which they become the network's inputs. */
  public List<Input> inputColumns() {
    return columns;
  }

  /** Returns the target. */
  public Target target() {
    return target;
  }

  /** Returns the size of the images, if the inputs are the pixels of images. */
  public Optional<ImageSize> imageSize() {
    return Optional.ofNullable(imageSize);
  }

  /** Returns the number of the network's inputs. */
  public int inputs() {
    return inputs;
  }

  /** Returns the number of the network's outputs; 1 for two classes, though a network may also have 2. */
  public int outputs() {
    return !target.isClass() ? target.names.size() : target.labels.size() == 2 ? 1 : target.labels.size();
  }

  // ---------------------------------------------------------------- tables

  /** Encodes the inputs and targets of all rows of a table. */
  public Dataset encode(Table table) {
    return encode(table, table.allRows());
  }

  /**
   * Encodes the inputs and targets of these rows of a table, which may have other columns as well.
   *
   * @throws DataException naming a column that is missing, or the place of a cell that does not fit
   */
  public Dataset encode(Table table, int[] rows) {
    double[] x = encodeInputs(table, rows);
    if (target.isClass()) {
      int column = targetColumn(table, 0);
      Map<String, Integer> labels = positions(target.labels);
      size(table, rows.length, outputs(), "outputs");
      int[] classes = new int[rows.length];
      for (int i = 0; i < rows.length; i++) classes[i] = classOf(table, rows[i], column, labels);
      return Dataset.classification(inputs, x, classes, target.labels);
    }
    int outputs = target.names.size();
    double[] y = new double[size(table, rows.length, outputs, "targets")];
    for (int j = 0; j < outputs; j++) {
      int column = targetColumn(table, j);
      for (int i = 0; i < rows.length; i++) {
        y[i * outputs + j] = standardized(table, rows[i], column, target.mean, target.deviation);
      }
    }
    return Dataset.regression(inputs, x, outputs, y);
  }

  /** Encodes the inputs of all rows of a table, [rows × inputs]; it may lack the target. */
  public double[] encodeInputs(Table table) {
    return encodeInputs(table, table.allRows());
  }

  /**
   * Encodes the inputs of these rows of a table, [rows × inputs]; it may lack the target.
   *
   * @throws DataException naming a column that is missing, or the place of a cell that does not fit
   */
  public double[] encodeInputs(Table table, int[] rows) {
    double[] x = new double[size(table, rows.length, inputs, "inputs")];
    Map<String, Integer> tableColumns = positions(table.names());
    int o = 0;
    for (Input in : columns) {
      Integer column = tableColumns.get(in.name);
      if (column == null) throw table.missing(in.name, "an input");
      Map<String, Integer> categories = positions(in.categories);
      for (int i = 0; i < rows.length; i++) {
        if (in.isNumber()) {
          x[i * inputs + o] = standardized(table, rows[i], column, in.mean, in.deviation);
        } else {
          Integer c = categories.get(table.column(column).text(rows[i]));
          if (c != null) x[i * inputs + o + c] = 1;
        }
      }
      o += in.width();
    }
    return x;
  }

  static double requireNumber(Table table, int row, int column) {
    if (table.column(column) instanceof NumberColumn c && !c.isMissing(row)) return c.value(row);
    String word = table.column(column).text(row);
    throw table.error(row, column, word.isEmpty()
        ? "expected a number, found an empty cell. Fill it in, or delete the line."
        : "expected a number, found '" + Table.shown(word) + "'. Fix the value, or delete the line.");
  }

  /** Standardizes a cell; the result must be finite, too. */
  private static double standardized(Table table, int row, int column, double mean, double deviation) {
    double z = Standardization.standardize(requireNumber(table, row, column), mean, deviation);
    if (Math.abs(z) < Double.POSITIVE_INFINITY) return z;
    throw table.error(row, column,
        "'" + Table.shown(table.column(column).text(row)) + "' is too far from the training data "
        + "(mean " + mean + ", deviation " + deviation + ")");
  }

  private static int size(Table table, int rows, int width, String what) {
    if ((long) rows * width <= Limits.MAX_ARRAY_LENGTH) return rows * width;
    throw new DataException(
        table.file() + ": " + rows + " rows of " + width + " " + what + " exceed the largest array ("
        + Limits.MAX_ARRAY_LENGTH + " elements). Use fewer rows, or train without the columns of many categories.");
  }

  private static Map<String, Integer> positions(List<String> names) {
    Map<String, Integer> positions = new HashMap<>();
    for (int i = 0; i < names.size(); i++) positions.put(names.get(i), i);
    return positions;
  }

  private int targetColumn(Table table, int j) {
    int column = table.indexOf(target.names.get(j));
    if (column < 0) throw table.missing(target.names.get(j), "the target");
    return column;
  }

  private int classOf(Table table, int row, int column, Map<String, Integer> labels) {
    String cell = table.column(column).text(row);
    Integer c = labels.get(cell);
    if (c == null) {
      throw table.error(row, column,
          "expected a class of the model, found '" + Table.shown(cell) + "'. The classes are "
          + Table.shown(target.labels) + ".");
    }
    return c;
  }

  // ---------------------------------------------------------------- single rows

  /**
   * Encodes one row, given by column name: a {@link Number} for a column of numbers, a {@link String} for one of
   * categories. Other columns may be present.
   *
   * @return a new array of {@link #inputs} values
   * @throws IllegalArgumentException naming a column that is missing or whose value does not fit
   */
  public double[] encodeRow(Map<String, ?> row) {
    double[] x = new double[inputs];
    int o = 0;
    for (Input in : columns) {
      if (!row.containsKey(in.name)) {
        throw new IllegalArgumentException(
            "no value for column '" + Table.shown(in.name) + "'; the model needs " + names());
      }
      put(in, row.get(in.name), x, o);
      o += in.width();
    }
    return x;
  }

  /**
   * Encodes one row, given as values in the order of {@link #inputColumns}: a {@link Number} for a column of numbers, a
   * {@link String} for one of categories.
   *
   * @return a new array of {@link #inputs} values
   * @throws IllegalArgumentException if there are too few or too many values, or naming the column whose value does not
   *     fit
   */
  public double[] encodeRow(List<?> row) {
    if (row.size() != columns.size()) throw wrongCount(row.size());
    double[] x = new double[inputs];
    int o = 0;
    for (int i = 0; i < columns.size(); i++) {
      put(columns.get(i), row.get(i), x, o);
      o += columns.get(i).width();
    }
    return x;
  }

  /**
   * Encodes rows of numbers [rows × input columns], in the order of {@link #inputColumns}.
   *
   * @return a new array [rows × inputs]
   * @throws IllegalArgumentException if the array does not hold whole rows, or naming a column of categories or whose
   *     value does not fit
   */
  public double[] encodeRows(double[] raw) {
    if (raw.length % columns.size() != 0) throw wrongCount(raw.length);
    double[] x = new double[raw.length];
    for (int i = 0; i < raw.length; i += columns.size()) encodeRow(raw, i, x, i);
    return x;
  }

  /**
   * Encodes one row of numbers, raw[from …] in the order of {@link #inputColumns}, into {@link #inputs} values from
   * x[to]. Allocates nothing: with a {@link chainrule.nn.Predictor} per thread, a server predicts without garbage. The
   * two ranges may be the same.
   *
   * @throws IllegalArgumentException naming a column of categories or whose value does not fit
   * @throws IndexOutOfBoundsException if an array is too short
   */
  public void encodeRow(double[] raw, int from, double[] x, int to) {
    int n = columns.size();
    Objects.checkFromIndexSize(from, n, raw.length);
    Objects.checkFromIndexSize(to, n, x.length);
    for (int i = 0; i < n; i++) {
      Input in = columns.get(i);
      if (!in.isNumber()) throw wrongValue(in, "the number " + raw[from + i]);
      x[to + i] = standardized(in, raw[from + i]);
    }
  }

  private static void put(Input in, Object value, double[] x, int o) {
    if (in.isNumber()) {
      if (!(value instanceof Number number)) throw wrongValue(in, described(value));
      x[o] = standardized(in, number.doubleValue());
    } else {
      if (!(value instanceof String category)) throw wrongValue(in, described(value));
      int c = in.categories.lastIndexOf(category.strip());
      if (c >= 0) x[o + c] = 1;
    }
  }

  private static double standardized(Input in, double v) {
    if (!(Math.abs(v) < Double.POSITIVE_INFINITY)) throw wrongValue(in, Double.toString(v));
    double z = Standardization.standardize(v, in.mean, in.deviation);
    if (Math.abs(z) < Double.POSITIVE_INFINITY) return z;
    throw new IllegalArgumentException(
        "column '" + Table.shown(in.name) + "': " + v + " is too far from the training data "
        + "(mean " + in.mean + ", deviation " + in.deviation + ")");
  }

  private static IllegalArgumentException wrongValue(Input in, String found) {
    String expected = in.isNumber() ? "a finite number" : "a string, one of " + Table.shown(in.categories);
    return new IllegalArgumentException(
        "column '" + Table.shown(in.name) + "': expected " + expected + ", found " + found);
  }

  private static String described(Object value) {
    if (value == null) return "null";
    if (value instanceof String s) return "the string '" + Table.shown(s) + "'";
    if (value instanceof Number n) return "the number " + n;
    return "an object of " + value.getClass().getName();
  }

  private IllegalArgumentException wrongCount(int found) {
    return new IllegalArgumentException("expected " + columns.size() + (columns.size() == 1 ? " value" : " values")
        + " in the order of the columns " + names() + "; found " + found);
  }

  private String names() {
    return Table.shown(columns.stream().map(Input::name).toList());
  }
}
