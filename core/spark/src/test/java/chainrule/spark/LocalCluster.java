// SPDX-License-Identifier: MIT
package chainrule.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * A Spark cluster of executor processes on this machine ({@code local-cluster}), with one core each. The environment
 * must have SPARK_HOME, SPARK_LOCAL_IP and SPARK_SCALA_VERSION; Surefire's configuration sets them.
 */
final class LocalCluster implements AutoCloseable {
  private final SparkSession spark;

  private LocalCluster(SparkSession spark) {
    this.spark = spark;
  }

  static LocalCluster start(int executors) {
    return start(executors, Map.of());
  }

  /** Starts the cluster with some settings of Spark besides those of {@link LocalSession}. */
  static LocalCluster start(int executors, Map<String, String> settings) {
    prepareHome();
    SparkSession.Builder builder = onExecutors(LocalSession.settings("local-cluster[" + executors + ",1,1024]"));
    settings.forEach(builder::config);
    return new LocalCluster(builder.getOrCreate());
  }

  /** Adds the settings of small executors on the class path of this JVM. */
  static SparkSession.Builder onExecutors(SparkSession.Builder builder) {
    return builder.config("spark.executor.memory", "512m")
        .config("spark.executor.extraJavaOptions", "-XX:+UseSerialGC")
        .config("spark.executor.extraClassPath", System.getProperty("java.class.path"))
        .config("spark.executorEnv.SPARK_SCALA_VERSION", "2.13");
  }

  /** Creates the directory that executors search for Spark's jars. It is empty: the class path has them. */
  static Path prepareHome() {
    String home = System.getenv("SPARK_HOME");
    if (home == null) throw new IllegalStateException("the environment lacks SPARK_HOME; run this test with Maven");
    try {
      Files.createDirectories(Path.of(home, "jars"));
    } catch (IOException e) {
      throw new IllegalStateException(home + ": " + e.getMessage(), e);
    }
    return Path.of(home);
  }

  SparkSession spark() {
    return spark;
  }

  JavaSparkContext context() {
    return JavaSparkContext.fromSparkContext(spark.sparkContext());
  }

  @Override public void close() {
    LocalSession.stop(spark);
  }
}
