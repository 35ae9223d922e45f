// SPDX-License-Identifier: MIT
package chainrule.spark;

import chainrule.data.ColumnType;
import chainrule.data.DataException;
import chainrule.data.InputColumn;
import chainrule.io.Model;
import chainrule.metrics.ConformalScores;
import chainrule.nn.Network;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/**
 * Predicts the rows of DataFrames with a model, with the bits of {@code ./chainrule predict} on the same cells.
 * <pre>{@code
 * Model model = Model.read(Path.of("model.npz"));
 * SparkPredictions p = SparkScoring.of(model).keep("id").score(rows);
 * p.rows().write().parquet("predictions");
 * p.summary().lines().forEach(System.err::println);     // unseen categories
 * }</pre>
 * Columns are found by name. The result has the kept columns, with their types, and then the columns that {@code
 * predict} writes. Missing values and unseen categories are encoded as {@code predict} does, and {@link
 * SparkPredictions#summary} counts them. The model is sent to each executor once. Each task scores its partition in
 * batches, on one thread. The prediction for a row depends on this row only, so partitions leave no trace.
 *
 * <p>A column of numbers or dates may come as strings, as when a CSV file was read without {@code inferSchema}. They
 * are read as in a file. Only then {@link #score} runs a job, which looks at these columns: at least 95 % of the
 * strings must be numbers, and all need the same decimal mark. A boolean is the category true or false, in any case of
 * letters. Instances are immutable.
 */
public final class SparkScoring {
  private final Model model;
  private final String data;
  private final List<String> kept;
  private final double coverage; // NaN without intervals

  private SparkScoring(Model model, String data, List<String> kept, double coverage) {
    this.model = model;
    this.data = data;
    this.kept = List.copyOf(kept);
    this.coverage = coverage;
  }

  /**
   * {@return the scoring with a model, without any kept columns yet}
   *
   * @param model the model
   * @throws DataException if a weight of the model is not finite
   */
  public static SparkScoring of(Model model) {
    for (Network network : model.networks()) {
      for (double weight : network.parameters()) {
        if (Double.isFinite(weight)) continue;
        throw new DataException("the model cannot predict because a weight is " + weight + "; train it again");
      }
    }
    return new SparkScoring(model, "DataFrame", List.of(), Double.NaN);
  }

  /**
   * {@return the kept columns and the predictions: {@code of(model).keep(kept).score(rows).rows()}}
   *
   * @param model the model
   * @param rows the data, which has the model's input columns
   * @param kept the columns to copy, ≥ 1: see {@link #keep}
   * @throws DataException as {@link #of} and {@link #score}
   */
  public static Dataset<Row> predict(Model model, Dataset<Row> rows, String... kept) {
    return of(model).keep(kept).score(rows).rows();
  }

  /**
   * {@return the same with a name of the data for messages}
   *
   * @param name the name; {@code DataFrame} unless set
   */
  public SparkScoring named(String name) {
    return new SparkScoring(model, name, kept, coverage);
  }

  /**
   * {@return the same with these columns, and no others, copied next to the predictions} At least one is required, such
   * as a key, because the rows of a DataFrame have no order.
   *
   * @param columns their names, each once; messages about a row contain its value of the first
   */
  public SparkScoring keep(String... columns) {
    return new SparkScoring(model, data, List.of(columns), coverage);
  }

  /**
   * {@return the same with prediction intervals or sets of classes that contain the truth with a given probability, as
   * with {@code predict --interval}}
   *
   * @param newCoverage the probability, 0 &lt; newCoverage &lt; 1
   * @throws IllegalArgumentException unless 0 &lt; newCoverage &lt; 1
   * @throws DataException if the model has no or too few errors of held-out rows, or predicts labels
   */
  public SparkScoring interval(double newCoverage) {
    if (!(newCoverage > 0 && newCoverage < 1)) {
      throw new IllegalArgumentException("interval: expected a number between 0 and 1, found " + newCoverage);
    }
    quantiles(newCoverage);
    return new SparkScoring(model, data, kept, newCoverage);
  }

  private List<Double> quantiles(double c) {
    if (Double.isNaN(c)) return List.of();
    if (model.encoding().target().isMultilabel()) {
      throw new DataException("intervals are for numbers and classes, but the model predicts labels");
    }
    if (model.calibration().scores().isEmpty()) {
      throw new DataException("the model has no errors of held-out rows, which intervals require; train it with "
          + "--patience 20 or --ensemble 5");
    }
    List<Double> quantiles = new ArrayList<>();
    for (ConformalScores s : model.calibration().scores()) {
      double q = s.quantile(c);
      if (q == Double.POSITIVE_INFINITY) {
        throw new DataException("interval " + c + ": the model has the errors of only " + s.rows() + " held-out rows; "
            + "give a number up to " + Math.floor(1000.0 * s.rows() / (s.rows() + 1)) / 1000
            + ", or train with a larger --validation-fraction");
      }
      quantiles.add(q);
    }
    return quantiles;
  }

  /**
   * {@return the predictions for all rows, which Spark computes when they are needed} A number that is infinite or too
   * far from training, and an output that is not finite, end the action with a {@link DataException} as the cause.
   *
   * @param rows the data, which has the model's input columns and the kept ones, in any order
   * @throws DataException before any job, if no column is kept, if a column is missing, there twice or of a type that
   *     the model cannot use, or if a kept column has the name of a predicted one; and if strings cannot be read as
   *     numbers or dates
   * @throws SparkJobException if the job that looks at strings fails
   */
  public SparkPredictions score(Dataset<Row> rows) {
    Frame frame = new Frame(data, rows);
    PredictedColumns predicted = new PredictedColumns(quantiles(coverage));
    List<StructField> fields = keptFields(frame);
    List<StructField> results = predicted.fields(model.encoding().target());
    requireNewNames(results);
    fields.addAll(results);
    Map<InputColumn, Integer> strings = new LinkedHashMap<>();
    List<Column> selected = new ArrayList<>();
    for (int k = 0; k < kept.size(); k++) selected.add(frame.column(frame.indexOf(kept.get(k))).as("k" + k));
    for (int c : inputs(frame)) {
      InputColumn in = model.encoding().inputColumns().get(selected.size() - kept.size());
      selected.add(cells(frame, c, in).as("x" + selected.size()));
      boolean needsOthers = in.isNumber() && frame.kind(c) == CellKind.TEXT && frame.type(c) != DataTypes.NullType;
      if (needsOthers) strings.put(in, c);
    }
    StringInputs read = StringInputs.of(data, frame, strings, model.encoding());
    ScoringCounts counts = new ScoringCounts();
    rows.sparkSession().sparkContext().register(counts, "chainrule scoring");
    byte[] file = file();
    JavaSparkContext context = JavaSparkContext.fromSparkContext(rows.sparkSession().sparkContext());
    ScoringTask task = new ScoringTask(
        id(file), context.broadcast(file), data, kept.get(0), kept.size(), read.decimals(), predicted, counts);
    Dataset<Row> result =
        frame.select(selected).mapPartitions(task, Encoders.row(DataTypes.createStructType(fields)));
    List<String> inputs = model.encoding().inputColumns().stream().map(InputColumn::name).toList();
    return new SparkPredictions(result, read.notices(), inputs, counts);
  }

  private List<StructField> keptFields(Frame frame) {
    if (kept.isEmpty()) {
      throw new DataException(data + ": no column is kept. The rows of a DataFrame have no order, so keep a column "
          + "that identifies them, such as keep(" + Words.literal(frame.columns() == 0 ? "id" : frame.name(0)) + ").");
    }
    List<StructField> fields = new ArrayList<>();
    for (String name : kept) {
      StructField field = frame.field(frame.require(name, "to be kept"));
      if (fields.contains(field)) {
        throw new DataException(data + ": column '" + Words.shown(name) + "' is kept twice. Keep it once.");
      }
      fields.add(field);
    }
    return fields;
  }

  /** Refuses kept columns with the name of a predicted one. */
  private void requireNewNames(List<StructField> results) {
    for (StructField field : results) {
      if (!kept.contains(field.name())) continue;
      String name = Words.literal(field.name());
      throw new DataException(data + ": column '" + Words.shown(field.name())
          + "' is both kept and predicted. Rename it: rows.withColumnRenamed(" + name + ", "
          + Words.literal(field.name() + "_") + ").");
    }
  }

  /** Returns the column of the frame for each input column. */
  private List<Integer> inputs(Frame frame) {
    List<Integer> columns = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (InputColumn in : model.encoding().inputColumns()) {
      columns.add(frame.indexOf(in.name()));
      if (columns.get(columns.size() - 1) < 0) missing.add(in.name());
    }
    if (missing.isEmpty()) return columns;
    throw new DataException(data + ": no " + (missing.size() == 1 ? "column " : "columns ") + Words.listed(missing)
        + ", which " + (missing.size() == 1 ? "is an input" : "are inputs") + " of the model; the columns are "
        + Words.listed(frame.names()));
  }

  /** Returns a column of the frame as cells of an input column. */
  private Column cells(Frame frame, int c, InputColumn in) {
    CellKind kind = frame.kind(c);
    boolean fits = switch (in.type()) {
      case NUMBER -> kind == CellKind.NUMBER || kind == CellKind.TEXT;
      case DATE -> kind == CellKind.DATE || kind == CellKind.TEXT;
      case CATEGORY -> kind != CellKind.OTHER;
    };
    if (!fits) throw unfit(frame, c, in);
    if (kind != CellKind.BOOLEAN) return frame.readable(c);
    return functions.when(frame.column(c), named("true", in)).when(functions.not(frame.column(c)), named("false", in));
  }

  private DataException unfit(Frame frame, int c, InputColumn in) {
    String name = Words.literal(in.name()), expected = switch (in.type()) {
      case NUMBER -> "numbers";
      case DATE -> "dates";
      case CATEGORY -> "strings";
    };
    boolean flag = frame.kind(c) == CellKind.BOOLEAN && in.type() == ColumnType.NUMBER;
    return new DataException(data + ": column '" + Words.shown(in.name()) + "': expected " + expected
        + " as in training, found " + Words.shown(frame.type(c).simpleString()) + ". Convert it as in the training data"
        + (flag ? ", for example rows.withColumn(" + name + ", col(" + name + ").cast(\"int\"))." : "."));
  }

  /** Returns the category that is this word in any case of letters, if there is only one; otherwise the word. */
  private static String named(String word, InputColumn in) {
    List<String> same = in.categories().stream().filter(word::equalsIgnoreCase).toList();
    return same.size() == 1 ? same.get(0) : word;
  }

  private byte[] file() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    model.write(out);
    return out.toByteArray();
  }

  private static String id(byte[] file) {
    try {
      return new BigInteger(1, MessageDigest.getInstance("SHA-256").digest(file)).toString(16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
