// SPDX-License-Identifier: MIT
package chainrule.spark;

import chainrule.data.DataException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.SparkSession;

/**
 * The command line on Spark: {@code train}, {@code cv} and {@code tune} with the options of {@code ./chainrule}, and
 * {@code predict}. The exit status is 0 for success, 2 for bad input or a cluster that fails, with one line on standard
 * error, 1 for an internal error, and 130 after an interruption.
 */
public final class Main {
  private static final String USAGE = """
      usage: train|cv|tune DATA --key COLUMN [--format csv|parquet|json|orc] [options of ./chainrule]
             predict MODEL DATA --key COLUMN,… --out DIRECTORY [--format …] [--interval C]
        --key COLUMN      sort the rows by this column, different in each row; it is not an input. predict copies it
        --format FORMAT   the format of DATA (from its name)
        --out DIRECTORY   where predict writes CSV files, or with a name that ends in .parquet, .json or .orc those
      train requires --ensemble K or --blocks N. ./chainrule help train lists its options, also for cv and tune.""";
  private static final int SUCCESS = 0, INTERNAL_ERROR = 1, BAD_INPUT = 2;

  private Main() {}

  /**
   * Runs a command and exits. The master is that of spark-submit or of {@code -Dspark.master=…}; {@code local[*]}
   * without one.
   *
   * @param args the command and its arguments; the help without any
   */
  public static void main(String[] args) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    System.exit(run(List.of(args), out, err, Main::session));
  }

  private static SparkSession session() {
    SparkSession.Builder builder = SparkSession.builder().appName("chainrule");
    if (System.getProperty("spark.master") == null) builder.master("local[*]");
    if (System.getProperty("spark.log.level") == null) builder.config("spark.log.level", "WARN");
    return builder.getOrCreate();
  }

  /**
   * Runs a command without ending the JVM, and returns the exit status.
   *
   * @param sessions creates the session when the arguments are usable; it is stopped at the end
   */
  static int run(List<String> args, PrintStream out, PrintStream err, Supplier<SparkSession> sessions) {
    if (args.isEmpty() || args.contains("--help") || args.contains("-h")) {
      out.println(USAGE);
      return SUCCESS;
    }
    try {
      SparkArguments a = SparkArguments.parse(args);
      SparkSession spark = sessions.get();
      boolean awaited = a.command().equals("train") || a.command().equals("tune");
      try (OrderlyShutdown shutdown = new OrderlyShutdown(awaited)) {
        return run(a, spark, out, shutdown.errors(err));
      } finally {
        spark.stop();
      }
    } catch (SparkArguments.UsageException e) {
      return refuse(err, e.getMessage());
    } catch (Exception e) { // also Spark's checked exceptions, which its methods do not declare
      if (e instanceof SparkThrowable) return refuse(err, FailureText.of(e));
      return internal(err, e);
    }
  }

  private static int run(SparkArguments a, SparkSession spark, PrintStream out, PrintStream err) {
    if (!a.command().equals("predict")) {
      try (SparkCluster cluster = SparkCluster.of(spark, a.key(), a.format())) {
        return chainrule.cli.Main.run(a.others(), out, err, false, cluster);
      }
    }
    try {
      new FilePredictions(a, spark, out, err).write();
      return SUCCESS;
    } catch (DataException | SparkJobException e) {
      return refuse(err, e.getMessage());
    } catch (UncheckedIOException e) {
      return refuse(err, "cannot read or write: " + e.getCause().getMessage());
    } catch (RuntimeException e) {
      return internal(err, e);
    }
  }

  private static int refuse(PrintStream err, String message) {
    err.println("chainrule: " + message);
    return BAD_INPUT;
  }

  private static int internal(PrintStream err, Exception e) {
    err.println("chainrule: internal error, not caused by your input; please report it with the stack trace below");
    e.printStackTrace(err);
    return INTERNAL_ERROR;
  }
}
