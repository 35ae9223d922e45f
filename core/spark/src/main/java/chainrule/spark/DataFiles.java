// SPDX-License-Identifier: MIT
package chainrule.spark;

import chainrule.data.DataException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;

/**
 * Reads files as DataFrames, in the format that their names end in. The cells of a CSV file stay strings, whose types
 * {@link SparkTables} decides as {@code ./chainrule} does; only the key gets the type that Spark infers, because it
 * decides the order of the rows.
 */
final class DataFiles {
  static final List<String> FORMATS = List.of("csv", "parquet", "json", "orc");

  private final SparkSession spark;
  private final String format; // empty to take it from the names

  DataFiles(SparkSession spark, String format) {
    this.spark = spark;
    this.format = format;
  }

  /**
   * Returns the rows of a file or of a directory of files, to be collected.
   *
   * @param key the column whose type matters
   * @throws DataException naming the file, if Spark cannot read it
   */
  Dataset<Row> read(String name, String key) {
    if (!isCsv(name)) return lines(name);
    requireFile(name);
    return named(name, () -> {
      Dataset<Row> rows = csv().option("multiLine", true).csv(name);
      if (!List.of(rows.columns()).contains(key)) return rows;
      DataType type =
          csv().option("multiLine", true).option("inferSchema", true).csv(name).schema().apply(key).dataType();
      return rows.withColumn(key, functions.col(Words.sql(key)).cast(type));
    });
  }

  /** Returns rows like {@link #read}, to be computed in parts: a row of a CSV file must be one line. */
  Dataset<Row> lines(String name) {
    String chosen = formatOf(name);
    requireFile(name);
    return named(name, () -> isCsv(name) ? csv().csv(name) : spark.read().format(chosen).load(name));
  }

  /** Checks that there is a file, because Spark logs a stack trace if there is none. */
  private void requireFile(String name) {
    try {
      Path path = new Path(name);
      FileStatus[] found = path.getFileSystem(spark.sparkContext().hadoopConfiguration()).globStatus(path);
      if (found != null && found.length > 0) return;
    } catch (IOException | IllegalArgumentException e) {
      throw new DataException(name + ": " + reason(e));
    }
    throw new DataException(name + ": no such file or directory");
  }

  private DataFrameReader csv() {
    return spark.read().option("header", true).option("escape", "\"").option("mode", "FAILFAST");
  }

  boolean isCsv(String name) {
    return formatOf(name).equals("csv");
  }

  private String formatOf(String name) {
    if (!format.isEmpty()) return format;
    String lower = name.toLowerCase(Locale.ROOT).replaceFirst("(\\.(gz|bz2|zst|snappy))?/*$", "");
    for (String f : FORMATS) if (lower.endsWith("." + f)) return f;
    throw new DataException(name + ": expected a name that ends in .csv, .parquet, .json or .orc. Rename it, or pass "
        + "--format csv, parquet, json or orc.");
  }

  /** Reads, and turns what Spark throws about a file into one line that names it. */
  static <V> V named(String name, Supplier<V> action) {
    try {
      return action.get();
    } catch (Exception e) { // also Spark's checked exceptions, which its methods do not declare
      boolean unreadable = e instanceof SparkJobException && e.getMessage().contains("[FAILED_READ_FILE");
      if (e instanceof RuntimeException own && !(e instanceof SparkThrowable) && !unreadable) throw own;
      for (Throwable t = e; t != null; t = t.getCause()) if (t instanceof DataException d) throw d;
      throw new DataException(name + ": " + reason(e));
    }
  }

  /** Returns the first line of the innermost cause that has a message, without the name of its type. */
  private static String reason(Throwable e) {
    String reason = e.getClass().getSimpleName();
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t.getMessage() == null || t.getMessage().isBlank()) continue;
      reason = t.getMessage().strip().lines().findFirst().orElseThrow();
      if (reason.startsWith("[MALFORMED_CSV_RECORD]")) {
        return reason.replaceFirst("^\\S+ (.*?)( SQLSTATE: \\w+)?$", "$1") + ". Expected as many cells as the header "
            + "has. Fix the line.";
      }
    }
    return reason;
  }
}
