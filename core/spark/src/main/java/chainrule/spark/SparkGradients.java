// SPDX-License-Identifier: MIT
package chainrule.spark;

import chainrule.data.Dataset;
import chainrule.nn.GradientSum;
import chainrule.train.GradientSource;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Computes the gradient of each batch on Spark's executors, for synchronous training.
 * <pre>{@code
 * try (SparkGradients gradients = SparkGradients.broadcast(spark, train)) {
 *   History h = Trainer.of(net).batch(8192).blocks(256).fit(gradients, test, 20);
 * }
 * }</pre>
 * Each step is one Spark job. Its tasks compute the gradients of ranges of the batch's blocks, and the driver adds them
 * in the fixed tree of {@link GradientSum}. The result has the bits of a training with the same
 * {@link chainrule.train.Trainer#blocks} on one machine, for any number of tasks and executors. Repeated tasks,
 * speculative copies and lost executors do not change it. The driver does everything else, such as the optimizer, early
 * stopping and checkpoints: see {@link GradientSource}.
 *
 * <p>A job costs 10 to 20 ms, and more for many parameters, so this pays off only for steps of about
 * {@value #WORTH_PARAMETERS} parameters and {@value #WORTH_ROWS} rows or more. Smaller networks train faster on one
 * machine. Independent trainings, such as folds and candidates, divide better.
 *
 * <p>Activations and losses must be built in. One training at a time uses a source; the next may begin when it has
 * ended. For use by one thread. Spec: SynchronousTrainingTest, SynchronousClusterTest.
 */
public final class SparkGradients implements GradientSource, AutoCloseable {
  /** The number of parameters from which on synchronous training pays off, about. */
  public static final int WORTH_PARAMETERS = 1_000_000;
  /** The number of rows per step from which on synchronous training pays off, about. */
  public static final int WORTH_ROWS = 4000;

  private final JavaSparkContext context;
  private final SparkJobs jobs;
  private final RowPlacement placement;
  private int most; // tasks per step; 0 for Spark's default parallelism
  private int tasks; // of the current training, at most
  private Setting setting; // of the current training
  private Broadcast<ExecutorPlan> plan;
  private GradientSum sum;

  private SparkGradients(JavaSparkContext context, RowPlacement placement) {
    this.context = context;
    this.jobs = SparkJobs.on(context);
    this.placement = placement;
  }

  /**
   * Sends all rows to each executor, once.
   *
   * @param context the Spark context of the executors
   * @param rows the training rows, which must not change
   * @return the source of their gradients
   */
  public static SparkGradients broadcast(JavaSparkContext context, Dataset rows) {
    return new SparkGradients(context, new BroadcastRows(context, rows));
  }

  /**
   * Sends all rows to each executor, once.
   *
   * @param spark the session of the executors
   * @param rows the training rows, which must not change
   * @return the source of their gradients
   */
  public static SparkGradients broadcast(SparkSession spark, Dataset rows) {
    return broadcast(JavaSparkContext.fromSparkContext(spark.sparkContext()), rows);
  }

  /**
   * Leaves all rows on the executors, which keep two copies of each: as given, and in the current epoch's order. Spark
   * shuffles the rows once per epoch. The driver has the weights, and not the inputs and targets. Runs a job, which
   * computes the rows.
   *
   * @param rows with the numbers 0 … n − 1, in any order. Rows that are lost with an executor are computed again, so
   *     they must be the same each time
   * @return the source of their gradients
   * @throws IllegalArgumentException if a number is missing or there twice, or if rows have different lengths
   * @throws SparkJobException if Spark cannot compute the rows
   */
  public static SparkGradients partitioned(JavaRDD<TrainingRow> rows) {
    return new SparkGradients(JavaSparkContext.fromSparkContext(rows.context()), new PartitionedRows(rows));
  }

  /**
   * Leaves all rows on the executors: see {@link #partitioned(JavaRDD)}.
   *
   * @param rows with the columns {@code row} (an integer type), {@code x} and {@code y} (array&lt;double&gt;) and, if
   *     rows have weights, {@code weight} (double): see {@link TrainingRow}
   * @return the source of their gradients
   * @throws IllegalArgumentException if a column is missing or has another type, if a number is missing or there twice,
   *     or if rows have different lengths
   * @throws SparkJobException if Spark cannot compute the rows, or if a cell is null
   */
  public static SparkGradients partitioned(org.apache.spark.sql.Dataset<Row> rows) {
    return partitioned(EncodedRows.of(rows));
  }

  /**
   * Sets the largest number of tasks per step. Unless called, it is the number of cores when a training begins. A batch
   * of fewer blocks has one task per block. The bits do not depend on it. Takes effect with the next training.
   *
   * @param count the number of tasks, ≥ 1
   * @return this source
   * @throws IllegalArgumentException if count &lt; 1
   */
  public SparkGradients tasks(int count) {
    if (count < 1) throw new IllegalArgumentException("tasks: expected ≥ 1, found " + count);
    most = count;
    return this;
  }

  @Override public int rows() {
    return placement.rows();
  }

  @Override public double[] weights() {
    return placement.weights();
  }

  @Override public void begin(Setting value) {
    int count = most > 0 ? most : jobs.cores();
    StepLimits.require(value, placement, count, context.getConf());
    ExecutorPlan next = new ExecutorPlan(value, placement.rows());
    end();
    setting = value;
    tasks = count;
    sum = new GradientSum(value.network().kernels(), 1, value.network().parameters().length);
    plan = context.broadcast(next);
    placement.begin(plan, value.batch(), value.block(), tasks);
  }

  /** Removes what executors keep of the last training. */
  private void end() {
    if (plan != null) plan.destroy();
    plan = null;
  }

  @Override public double lossAndGradient(Batch batch, double[] gradient) {
    int blocks = GradientSum.blocks(batch.rows(), setting.block()), count = BlockRanges.tasks(blocks, tasks);
    String what = "epoch " + batch.epoch() + ", step " + (batch.stepOfEpoch() + 1) + ", task";
    jobs.requireRunning(what);
    sum.clear(blocks);
    StepRequest step = StepRequest.of(context, batch, setting.network().parameters());
    try {
      placement.run(jobs, what, plan, step, count, (task, part) -> {
        sum.merge(GradientSum.of(setting.network().kernels(), part));
        return true;
      });
    } finally {
      step.release(context);
    }
    System.arraycopy(sum.gradient(), 0, gradient, 0, gradient.length);
    return batch.factor() * sum.loss();
  }

  /** Removes the rows and everything else that executors keep for this source. */
  @Override public void close() {
    if (context.sc().isStopped()) return; // Spark has removed everything
    end();
    placement.close();
  }
}
