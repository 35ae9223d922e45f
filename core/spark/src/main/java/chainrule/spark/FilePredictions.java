// SPDX-License-Identifier: MIT
package chainrule.spark;

import chainrule.data.DataException;
import chainrule.io.Model;
import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The command {@code predict MODEL DATA}: predicts files with {@link SparkScoring} and writes a directory of files. */
final class FilePredictions {
  private final SparkArguments a;
  private final SparkSession spark;
  private final PrintStream out;
  private final PrintStream err;

  FilePredictions(SparkArguments a, SparkSession spark, PrintStream out, PrintStream err) {
    this.a = a;
    this.spark = spark;
    this.out = out;
    this.err = err;
  }

  /** @throws DataException with one line that says what is wrong */
  void write() {
    String data = a.others().get(2), directory = a.options().get("--out");
    SparkScoring scoring = SparkScoring.of(model(a.others().get(1))).named(data).keep(a.key().split(","));
    if (a.options().containsKey("--interval")) scoring = scoring.interval(interval());
    Dataset<Row> rows = new DataFiles(spark, a.format()).lines(data);
    SparkPredictions predictions = scoring.score(rows);
    DataFiles.named(data, () -> {
      predictions.rows().write().option("header", true).option("escape", "\"").format(format(directory))
          .save(directory);
      return null;
    });
    predictions.notices().forEach(n -> err.println("note: " + n));
    predictions.summary().lines().forEach(n -> err.println("note: " + n));
    out.println(String.format(Locale.ROOT, "wrote     %s, %,d predictions", directory, predictions.summary().rows()));
  }

  private Model model(String name) {
    try {
      return Model.read(Path.of(name));
    } catch (InvalidPathException e) {
      throw new DataException("'" + name + "' is not a valid file name on this system: " + e.getReason());
    }
  }

  private double interval() {
    String value = a.options().get("--interval");
    try {
      double coverage = Double.parseDouble(value);
      if (coverage > 0 && coverage < 1) return coverage;
    } catch (NumberFormatException e) {
      // reported below, like a number out of range
    }
    throw new DataException("--interval: expected a number > 0 and < 1, found '" + value + "'");
  }

  /** Returns the format that the name of the directory ends in; csv without one. */
  private static String format(String directory) {
    String lower = directory.toLowerCase(Locale.ROOT).replaceFirst("/+$", "");
    List<String> named = DataFiles.FORMATS.stream().filter(f -> lower.endsWith("." + f)).toList();
    return named.isEmpty() ? "csv" : named.get(0);
  }
}
