// SPDX-License-Identifier: MIT
package chainrule.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Computes one result from the rows of each partition, and brings them to the driver. */
final class PartitionResults {
  private static final String LIMIT = "spark.driver.maxResultSize";

  private PartitionResults() {}

  /** What is computed from the rows of a partition. */
  interface PartitionFunction<R> extends Serializable {
    R apply(Iterator<Row> rows);
  }

  /**
   * Runs one job, and returns the results as they arrive: their order differs from run to run.
   *
   * @param what what a task is, for messages
   * @throws SparkJobException if a task fails, or if the results are larger than Spark's limit
   */
  static <R extends Serializable> List<R> of(String what, Dataset<Row> rows, PartitionFunction<R> function) {
    JavaRDD<R> partitions = rows.javaRDD().mapPartitions(part -> List.of(function.apply(part)).iterator());
    List<R> results = new ArrayList<>();
    int tasks = partitions.getNumPartitions();
    if (tasks == 0) return results;
    try {
      SparkJobs.on(JavaSparkContext.fromSparkContext(rows.sparkSession().sparkContext()))
          .run(what, partitions, tasks, result -> result, (task, result) -> results.add(result));
    } catch (SparkJobException e) {
      if (!e.getMessage().contains(LIMIT)) throw e;
      throw new SparkJobException(
          e.getMessage() + ". Raise the limit, such as --conf " + LIMIT + "=4g, or use fewer rows or columns.", e);
    }
    return results;
  }
}
