// SPDX-License-Identifier: MIT
package chainrule.spark;

import java.nio.file.Path;
import org.apache.spark.SparkContext$;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** Sessions for tests: on two threads of this JVM, everything on loopback, no web page, no files outside target. */
final class LocalSession implements AutoCloseable {
  private final SparkSession spark;

  private LocalSession(SparkSession spark) {
    this.spark = spark;
  }

  /** Starts a session with {@code local[2]}, in which a failed task is not repeated. */
  static LocalSession start() {
    return start("local[2]");
  }

  /** Starts a session with the given master, for example {@code local[2,4]}: 2 threads, up to 4 attempts of a task. */
  static LocalSession start(String master) {
    return of(settings(master));
  }

  static LocalSession of(SparkSession.Builder builder) {
    return new LocalSession(builder.getOrCreate());
  }

  /** Returns the settings that every session of a test has. */
  static SparkSession.Builder settings(String master) {
    Path target = Path.of("target").toAbsolutePath();
    return SparkSession.builder()
        .appName("chainrule-test")
        .master(master)
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.sql.shuffle.partitions", "3")
        .config("spark.local.dir", target.resolve("spark-local").toString())
        .config("spark.sql.warehouse.dir", target.resolve("spark-warehouse").toString());
  }

  SparkSession spark() {
    return spark;
  }

  JavaSparkContext context() {
    return JavaSparkContext.fromSparkContext(spark.sparkContext());
  }

  @Override public void close() {
    stop(spark);
  }

  /** Stops a session, and waits until its context is gone: after a failure, Spark stops it in a thread of its own. */
  static void stop(SparkSession spark) {
    spark.stop();
    try {
      while (SparkContext$.MODULE$.getActive().isDefined()) Thread.sleep(20); // ended by the time limit of the test
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
