// SPDX-License-Identifier: MIT
package chainrule.data;

import chainrule.kernels.Limits;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * How raw data becomes a network's inputs and targets, learned from training rows alone:
 * <pre>
 *   a number          (v − mean) / deviation                    one input ({@link Standardization})
 *                     missing: (median − mean) / deviation
 *                     with pieces, one input each               {@link PiecewiseLinear}; missing: those of the median
 *                     1 where the number is missing, else 0     one input, if training had missing cells
 *   a date            as a number, in days since 1970-01-01
 *   a category        1 for its category, 0 for the others      one input for each category seen in training, and one
 *                                                               for missing if training had missing cells
 *   a class           its index among the labels
 *   a target number   standardized with its own mean and deviation
 *   a label           1 if a row has it, else 0                 one output for each label
 * </pre>
 * A category that did not occur in training encodes as all zeros, and so does a missing one if training had none.
 * {@link #counts} counts both. A row is never refused because an input is missing.
 * <pre>{@code
 * Table table = Table.read(Path.of("iris.csv"));
 * Table.Split rows = table.split(0.2, 1);
 * Encoding encoding = Encoding.of(table).target("species").drop("id").fit(rows.train());
 * Dataset train = encoding.encode(table, rows.train());
 * }</pre>
 * Tables are encoded by column name; single rows as a map, or as values in the order of {@link #inputColumns}. New
 * files are read like the training file with {@link #tableOptions}.
 */
public final class Encoding {

  /** What a target holds. */
  public enum Task {
    /** One class of several. */
    CLASSIFY,
    /** Numbers. */
    REGRESS,
    /** Labels that a row has or lacks. */
    MULTILABEL
  }

  /**
   * The size of images whose pixels, row by row, are the inputs.
   *
   * @param height the number of rows of pixels
   * @param width the number of pixels in a row
   */
  public record ImageSize(int height, int width) {}

  private final List<InputColumn> columns;
  private final Target target;
  private final ImageSize imageSize; // or null
  private final char decimal; // 0 if not known
  private final List<String> missing; // the strings that mean a missing value besides the usual ones
  private final int inputs;
  private final RowEncoder rows;

  /**
   * Creates an encoding from known parts, such as those of a file.
   *
   * @param inputColumns the input columns, in the order in which they become the network's inputs
   * @param target the target
   * @throws IllegalArgumentException if there are no inputs, no target or one class, for a deviation that is not
   *     positive and finite, or if the parts of a column do not fit together
   */
  public Encoding(List<InputColumn> inputColumns, Target target) {
    this(inputColumns, target, null, (char) 0, List.of());
  }

  private Encoding(
      List<InputColumn> inputColumns, Target target, ImageSize imageSize, char decimal, List<String> missing) {
    this.columns = List.copyOf(inputColumns);
    this.target = target;
    this.imageSize = imageSize;
    this.decimal = decimal;
    this.missing = List.copyOf(missing);
    long n = 0;
    for (InputColumn in : columns) {
      EncodingChecks.requireValid(in);
      n += in.width();
    }
    if (n < 1 || n > Limits.MAX_ARRAY_LENGTH) {
      throw new IllegalArgumentException(
          "encoding: expected 1 to " + Limits.MAX_ARRAY_LENGTH + " inputs, found " + n);
    }
    this.inputs = (int) n;
    this.rows = new RowEncoder(columns, inputs);
    EncodingChecks.requireValid(target);
    boolean onePerPixel = imageSize == null
        || (long) imageSize.height * imageSize.width == columns.size() && inputs == columns.size();
    if (!onePerPixel) {
      throw new IllegalArgumentException("encoding: images of " + imageSize.height + " × " + imageSize.width
          + " pixels do not fit " + columns.size() + " input columns");
    }
  }

  /**
   * {@return the same encoding, whose input columns are the pixels of images of this size}
   *
   * @param size the size of the images
   * @throws IllegalArgumentException if there are not height · width input columns
   */
  public Encoding withImageSize(ImageSize size) {
    return new Encoding(columns, target, Objects.requireNonNull(size, "size"), decimal, missing);
  }

  /**
   * {@return the same encoding for files with this decimal mark}
   *
   * @param mark '.' or ',', or 0 if it is not known
   * @throws IllegalArgumentException for another character
   */
  public Encoding withDecimal(char mark) {
    if (mark != '.' && mark != ',' && mark != 0) {
      throw new IllegalArgumentException("decimal mark: expected '.' or ',', found '" + mark + "'");
    }
    return new Encoding(columns, target, imageSize, mark, missing);
  }

  /**
   * {@return the same encoding with the classes of the target in this order, which is that of the outputs}
   *
   * @param labels the labels of the target, in any order
   * @throws IllegalArgumentException unless these are the labels of the target
   */
  public Encoding withLabels(List<String> labels) {
    if (labels.size() != target.labels().size() || !Set.copyOf(labels).equals(Set.copyOf(target.labels()))) {
      throw new IllegalArgumentException("expected the labels " + target.labels() + " in any order, found " + labels);
    }
    Target reordered =
        new Target(target.task(), target.names(), labels, target.means(), target.deviations(), target.values());
    return new Encoding(columns, reordered, imageSize, decimal, missing);
  }

  /**
   * {@return the same encoding for files in which these strings mean a missing value, besides the usual ones}
   *
   * @param markers the strings, such as {@code -999}
   */
  public Encoding withMissing(List<String> markers) {
    return new Encoding(columns, target, imageSize, decimal, markers);
  }

  /**
   * Starts to learn an encoding from a table.
   *
   * @param table the table, which may have rows that are not for training
   * @return a builder that takes the target and other options
   */
  public static EncodingBuilder of(Table table) {
    return new EncodingBuilder(table);
  }

  /**
   * {@return an encoding that leaves numbers as they are, in columns x1, x2, …, with a target of classes}
   *
   * @param inputs the number of inputs, ≥ 1
   * @param labels the names of the classes, ≥ 2
   */
  public static Encoding plain(int inputs, List<String> labels) {
    return new Encoding(numbered("x", inputs, 1), Target.classes("class", labels));
  }

  /**
   * {@return an encoding that leaves numbers as they are, in columns x1, x2, … and targets y1, y2, …, or a single y}
   *
   * @param inputs the number of inputs, ≥ 1
   * @param outputs the number of targets, ≥ 1
   */
  public static Encoding plain(int inputs, int outputs) {
    List<String> names = new ArrayList<>();
    for (int j = 1; j <= outputs; j++) names.add(outputs == 1 ? "y" : "y" + j);
    return new Encoding(numbered("x", inputs, 1), Target.numbers(names, 0, 1));
  }

  /**
   * {@return an encoding of images with pixels 0 … 255 in columns pixel1, pixel2, …, scaled to 0 … 1, and classes}
   *
   * @param height the number of rows of pixels
   * @param width the number of pixels in a row
   * @param labels the names of the classes, ≥ 2
   */
  public static Encoding pixels(int height, int width, List<String> labels) {
    return images(height, width, 255, labels);
  }

  /** Returns an encoding of images whose pixels, in columns pixel1, pixel2, …, are 0 … 1 already, and classes. */
  static Encoding unitPixels(int height, int width, List<String> labels) {
    return images(height, width, 1, labels);
  }

  private static Encoding images(int height, int width, double white, List<String> labels) {
    return new Encoding(numbered("pixel", Math.multiplyExact(height, width), white), Target.classes("label", labels),
        new ImageSize(height, width), (char) 0, List.of());
  }

  private static List<InputColumn> numbered(String name, int n, double deviation) {
    List<InputColumn> inputs = new ArrayList<>();
    for (int i = 1; i <= n; i++) inputs.add(InputColumn.number(name + i, 0, deviation));
    return inputs;
  }

  /**
   * {@return the task that a target suggests} Strings are classes. So are whole numbers with at most 20 different
   * values and at least 10 rows per value on average. Rows without a value do not count.
   *
   * @param table the table
   * @param target the index of the target column, from 0
   */
  public static Task guessTask(Table table, int target) {
    if (!(table.column(target) instanceof NumberColumn column)) return Task.CLASSIFY;
    Set<Double> values = new HashSet<>();
    long rows = 0;
    for (int r = 0; r < table.rows(); r++) {
      double v = column.value(r);
      if (Double.isNaN(v)) continue;
      if (v != Math.rint(v)) return Task.REGRESS;
      rows++;
      values.add(v);
      if (values.size() > 20) return Task.REGRESS;
    }
    return values.size() * 10 <= rows ? Task.CLASSIFY : Task.REGRESS;
  }

  /** {@return the input columns, in the order in which they become the network's inputs} */
  public List<InputColumn> inputColumns() {
    return columns;
  }

  /** {@return the target} */
  public Target target() {
    return target;
  }

  /** {@return the size of the images, if the inputs are the pixels of images} */
  public Optional<ImageSize> imageSize() {
    return Optional.ofNullable(imageSize);
  }

  /** {@return the number of the network's inputs} */
  public int inputs() {
    return inputs;
  }

  /** {@return the decimal mark of the training file, '.' or ','; 0 if it is not known} */
  public char decimal() {
    return decimal;
  }

  /** {@return the strings that mean a missing value in the training file besides the usual ones, such as −999} */
  public List<String> missing() {
    return missing;
  }

  /** {@return the number of the network's outputs} It is 1 for two classes, though a network may also have 2. */
  public int outputs() {
    return !target.isClass() ? target.names().size() : target.labels().size() == 2 ? 1 : target.labels().size();
  }

  // ---------------------------------------------------------------- tables

  /**
   * {@return the options that read a file like the training file: the names of its inputs, the type of each column, the
   * decimal mark where the new file leaves it open, and the strings that mean a missing value}
   */
  public TableOptions tableOptions() {
    Map<String, ColumnType> types = new LinkedHashMap<>();
    for (InputColumn in : columns) types.put(in.name(), in.type());
    for (int j = 0; j < target.names().size(); j++) {
      List<String> strings = target.isClass() ? target.labels() : target.isMultilabel() ? target.values().get(j) : null;
      if (strings == null) continue;
      types.put(target.names().get(j), areNumbers(strings) ? ColumnType.NUMBER : ColumnType.CATEGORY);
    }
    List<String> names = columns.stream().map(InputColumn::name).toList(); // a file may lack the target
    return TableOptions.DEFAULTS.expect(names).usualTypes(types).usualDecimal(decimal).missing(missing);
  }

  /** Returns whether all strings are numbers in their shortest form, as those of a column of numbers are. */
  private static boolean areNumbers(List<String> strings) {
    return strings.stream().allMatch(s -> s.equals(NumberColumn.text(DecimalNumbers.parse(s, false))));
  }

  /**
   * {@return the numbers of the rows that have a value in every target column} Only they can be encoded with the
   * target.
   *
   * @param table the table
   * @throws DataException naming a target column that is missing
   */
  public int[] rowsWithTarget(Table table) {
    return new TableEncoder(this, table).rowsWithTarget(table.allRows());
  }

  /**
   * Encodes the inputs and targets of all rows of a table.
   *
   * @param table a table with the input columns and the target; it may have others
   * @return the encoded rows
   * @throws DataException naming a column that is missing, or the place of a cell that does not fit
   */
  public Dataset encode(Table table) {
    return encode(table, table.allRows());
  }

  /**
   * Encodes the inputs and targets of chosen rows of a table.
   *
   * @param table a table with the input columns and the target; it may have others
   * @param rows row numbers, from 0
   * @return the encoded rows, in this order
   * @throws DataException naming a column that is missing, or the place of a cell that does not fit: a number too far
   *     from those of training, a class that the model does not have, or a target without a value
   */
  public Dataset encode(Table table, int[] rows) {
    TableEncoder encoder = new TableEncoder(this, table);
    double[] x = encoder.inputs(rows);
    if (target.isClass()) return Dataset.classification(inputs, x, encoder.classes(rows), target.labels());
    double[] y = encoder.targets(rows);
    return target.isMultilabel() ? Dataset.multilabel(inputs, x, outputs(), y, target.names())
        : Dataset.regression(inputs, x, outputs(), y);
  }

  /**
   * Encodes the inputs of all rows of a table.
   *
   * @param table a table with the input columns; it may lack the target
   * @return the inputs [rows × inputs]
   * @throws DataException naming a column that is missing, or the place of a cell that does not fit
   */
  public double[] encodeInputs(Table table) {
    return encodeInputs(table, table.allRows());
  }

  /**
   * Encodes the inputs of chosen rows of a table.
   *
   * @param table a table with the input columns; it may lack the target
   * @param rows row numbers, from 0
   * @return the inputs [rows × inputs], in the order of the row numbers
   * @throws DataException naming a column that is missing, or the place of a cell that does not fit
   */
  public double[] encodeInputs(Table table, int[] rows) {
    return new TableEncoder(this, table).inputs(rows);
  }

  /**
   * {@return the number of missing cells and of unseen categories in these rows, for each input column}
   *
   * @param table a table with the input columns
   * @param rows row numbers, from 0
   * @throws DataException naming a column that is missing, or the place of a cell that does not fit
   */
  public List<InputCounts> counts(Table table, int[] rows) {
    return new TableEncoder(this, table).counts(rows);
  }

  // ---------------------------------------------------------------- single rows

  /**
   * Encodes one row, given by column name.
   *
   * @param row the values by column name: a {@link Number} for a column of numbers; a {@link String} for one of
   *     categories; for one of dates an ISO date as a {@link String}, a {@link LocalDate}, a {@link LocalDateTime}, or
   *     days since 1970-01-01 as a {@link Number}. Null and NaN mean missing. Other columns may be present.
   * @return a new array of {@link #inputs} values
   * @throws IllegalArgumentException naming a column that is missing or whose value does not fit
   */
  public double[] encodeRow(Map<String, ?> row) {
    return rows.encode(row);
  }

  /**
   * Encodes one row, given in the order of the input columns.
   *
   * @param row the values in the order of {@link #inputColumns}, of the types that {@link #encodeRow(Map)} takes
   * @return a new array of {@link #inputs} values
   * @throws IllegalArgumentException if there are too few or too many values, or naming the column whose value does not
   *     fit
   */
  public double[] encodeRow(List<?> row) {
    return rows.encode(row);
  }

  /**
   * Encodes rows of numbers.
   *
   * @param raw the rows [rows × input columns], in the order of {@link #inputColumns}; NaN means missing, and a date is
   *     a number of days since 1970-01-01
   * @return a new array [rows × inputs]
   * @throws IllegalArgumentException if the array does not hold whole rows, or naming a column of categories or whose
   *     value does not fit
   */
  public double[] encodeRows(double[] raw) {
    return rows.encode(raw);
  }

  /**
   * Encodes one row of numbers. Allocates nothing: with a {@link chainrule.nn.Predictor} per thread, a server predicts
   * without garbage. If each column becomes one input, the two ranges may be the same.
   *
   * @param raw the array with the row, in the order of {@link #inputColumns}; NaN means missing
   * @param from the index of the row's first value in raw
   * @param x the array that receives the {@link #inputs} inputs
   * @param to the index of the first input in x
   * @throws IllegalArgumentException naming a column of categories or whose value does not fit; or if x is raw although
   *     a column becomes several inputs
   * @throws IndexOutOfBoundsException if an array is too short
   */
  public void encodeRow(double[] raw, int from, double[] x, int to) {
    rows.encode(raw, from, x, to);
  }
}
