// SPDX-License-Identifier: MIT
package chainrule.spark;

import chainrule.cli.ClusterException;
import chainrule.cli.TrainingCluster;
import chainrule.data.Table;
import chainrule.data.TableOptions;
import chainrule.train.GradientSource;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.spark.SparkThrowable;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Runs the commands {@code train}, {@code cv} and {@code tune} on Spark, with the output and the files that they have
 * on one machine. The data is a DataFrame or a file that Spark reads.
 * <pre>{@code
 * Dataset<Row> people = spark.read().parquet("hdfs:///people");
 * try (SparkCluster cluster = SparkCluster.of(spark, "id").with("people", people)) {
 *   List<String> train = List.of("train", "people", "--target", "income", "--ensemble", "5", "--out", "model.npz");
 *   int status = chainrule.cli.Main.run(train, System.out, System.err, false, cluster);
 * }
 * }</pre>
 * The driver collects the rows, sorts them by the key, and sends the table to each executor once. Folds, candidates and
 * members of an ensemble are one task each. Executors read no files. Spec: SparkCommandsTest.
 */
public final class SparkCluster implements TrainingCluster, AutoCloseable {
  private final SparkSession spark;
  private final JavaSparkContext context;
  private final SparkJobs jobs;
  private final String key;
  private final String format;
  private final Map<String, Dataset<Row>> frames = new HashMap<>();
  private final List<SparkGradients> sources = new ArrayList<>();
  private Table shared; // the table of the last run; null before
  private SharedTable sent;

  private SparkCluster(SparkSession spark, String key, String format) {
    this.spark = spark;
    this.context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    this.jobs = SparkJobs.on(context);
    this.key = key;
    this.format = format;
  }

  /**
   * {@return a cluster whose files have the format that their names end in}
   *
   * @param spark the session that reads the data and runs the jobs
   * @param key a column with a different value in each row, by which the rows are sorted; not an input
   */
  public static SparkCluster of(SparkSession spark, String key) {
    return new SparkCluster(spark, key, "");
  }

  /**
   * {@return a cluster whose files have a given format}
   *
   * @param spark the session that reads the data and runs the jobs
   * @param key a column with a different value in each row, by which the rows are sorted; not an input
   * @param format {@code csv}, {@code parquet}, {@code json} or {@code orc}
   */
  public static SparkCluster of(SparkSession spark, String key, String format) {
    return new SparkCluster(spark, key, format);
  }

  /**
   * Uses a DataFrame in place of a file.
   *
   * @param name the name of the data in the arguments of a command
   * @param rows the data, with the key column
   * @return this cluster
   */
  public SparkCluster with(String name, Dataset<Row> rows) {
    frames.put(name, rows);
    return this;
  }

  @Override public Table table(String name, TableOptions options) {
    return translated(() -> {
      DataFiles files = new DataFiles(spark, format);
      boolean frame = frames.containsKey(name);
      Dataset<Row> rows = frame ? frames.get(name) : files.read(name, key);
      TableOptions cells = !frame && files.isCsv(name) ? options.writtenCells() : options;
      return DataFiles.named(name, () -> SparkTables.table(rows, key, name, cells));
    });
  }

  @Override public <T extends Serializable, R extends Serializable> void run(Table table,
      TableFunction<T, R> function, List<T> tasks, Consumer<R> receiver, BooleanSupplier stop) {
    translated(() -> jobs.stoppedBy(stop).<T, R>run("training", tasks, new TableTask<>(share(table), function),
        (task, result) -> {
          receiver.accept(result);
          return !stop.getAsBoolean();
        }));
  }

  private SharedTable share(Table table) {
    if (table == shared) return sent;
    if (sent != null) sent.close();
    sent = SharedTable.of(context, table);
    shared = table;
    return sent;
  }

  @Override public GradientSource gradients(chainrule.data.Dataset rows) {
    SparkGradients gradients = translated(() -> SparkGradients.broadcast(context, rows));
    sources.add(gradients);
    return new ReportingSource(gradients);
  }

  /** Removes tables and rows from the executors. */
  @Override public void close() {
    sources.forEach(SparkGradients::close);
    sources.clear();
    if (sent != null) sent.close();
    sent = null;
    shared = null;
  }

  /** Computes a gradient, and makes a failure of the cluster one line of the command. */
  private record ReportingSource(SparkGradients source) implements GradientSource {
    @Override public int rows() {
      return source.rows();
    }

    @Override public double[] weights() {
      return source.weights();
    }

    @Override public void begin(Setting setting) {
      translated(() -> {
        source.begin(setting);
        return null;
      });
    }

    @Override public double lossAndGradient(Batch batch, double[] gradient) {
      return translated(() -> source.lossAndGradient(batch, gradient));
    }
  }

  /**
   * Makes a failure of the cluster one line of the command. The exception of a task stays an internal error, since bad
   * input does not reach a task as an exception.
   */
  private static <V> V translated(Supplier<V> action) {
    try {
      return action.get();
    } catch (SparkJobException e) {
      if (e.getCause() instanceof RuntimeException cause && !(cause instanceof SparkThrowable)) throw e;
      throw new ClusterException(e.getMessage(), e);
    }
  }
}
