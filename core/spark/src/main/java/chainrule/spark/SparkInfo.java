// SPDX-License-Identifier: MIT
package chainrule.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * Prints which kernels the driver and the executors of a cluster use. Runs a short job on every executor, so it also
 * shows whether the cluster works.
 */
public final class SparkInfo {
  private SparkInfo() {}

  /**
   * Prints the kernels, and exits with status 1 if the cluster fails. The master is that of spark-submit or of
   * {@code -Dspark.master=…}; {@code local[*]} without one.
   *
   * @param args ignored
   */
  public static void main(String[] args) {
    SparkSession.Builder builder = SparkSession.builder().appName("chainrule info");
    if (System.getProperty("spark.master") == null) builder.master("local[*]");
    SparkSession spark = builder.getOrCreate();
    try {
      JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
      lines(SparkJobs.on(context)).forEach(System.out::println);
    } catch (SparkJobException e) {
      System.err.println("chainrule: " + e.getMessage());
      spark.stop();
      System.exit(1);
    }
    spark.stop();
  }

  /** Returns a line for the application, the driver and each executor. */
  static List<String> lines(SparkJobs jobs) {
    JavaSparkContext context = jobs.context();
    List<String> lines = new ArrayList<>();
    lines.add("spark       " + context.version() + ", " + context.master() + ", " + context.sc().applicationId());
    lines.add("driver      " + describe(SparkKernels.ofThisExecutor()));
    for (ExecutorKernels e : SparkKernels.ofExecutors(jobs)) {
      if (!e.executor().equals("driver")) lines.add("executor " + e.executor() + "  " + describe(e));
    }
    return lines;
  }

  private static String describe(ExecutorKernels e) {
    return e.host() + ", JDK " + e.jdk() + ", kernels " + e.kernels() + ", "
        + (e.threads() == 1 ? "1 thread" : e.threads() + " threads");
  }
}
