// SPDX-License-Identifier: MIT
package chainrule.spark;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Reads training rows that are already encoded from a DataFrame. */
final class EncodedRows {
  private EncodedRows() {}

  private static final String NUMBER = "row", X = "x", Y = "y", WEIGHT = "weight";
  private static final Set<String> INTEGERS = Set.of("tinyint", "smallint", "int", "bigint");

  /**
   * @param rows with the columns {@code row}, {@code x}, {@code y} and, if rows have weights, {@code weight}
   * @throws IllegalArgumentException if a column is missing or of another type
   */
  static JavaRDD<TrainingRow> of(Dataset<Row> rows) {
    List<String> names = Arrays.asList(rows.columns());
    int number = require(rows, names, NUMBER, INTEGERS, "bigint");
    int x = require(rows, names, X, Set.of("array<double>"), "array<double>");
    int y = require(rows, names, Y, Set.of("array<double>"), "array<double>");
    int weight = names.contains(WEIGHT) ? require(rows, names, WEIGHT, Set.of("double"), "double") : -1;
    return rows.javaRDD().map(r -> row(r, number, x, y, weight));
  }

  private static int require(Dataset<Row> rows, List<String> names, String name, Set<String> types, String expected) {
    int c = names.indexOf(name);
    if (c < 0) {
      throw new IllegalArgumentException("training rows: expected a column '" + name + "' of type " + expected
          + ", found the columns " + String.join(", ", names) + ". Rename or add it with withColumn");
    }
    String type = rows.schema().fields()[c].dataType().simpleString();
    if (types.contains(type)) return c;
    throw new IllegalArgumentException("training rows, column '" + name + "': expected the type " + expected
        + ", found " + type + ". Convert it with cast(\"" + expected + "\")");
  }

  private static TrainingRow row(Row r, int number, int x, int y, int weight) {
    if (r.isNullAt(number)) {
      throw new IllegalArgumentException("column '" + NUMBER + "': expected a number, found null");
    }
    long n = ((Number) r.get(number)).longValue();
    if (n != (int) n) throw new IllegalArgumentException("row number " + n + ": expected less than 2^31");
    if (weight >= 0 && r.isNullAt(weight)) throw missing(n, WEIGHT);
    return new TrainingRow(
        (int) n, doubles(r, n, x, X), doubles(r, n, y, Y), weight < 0 ? 1 : r.getDouble(weight));
  }

  private static double[] doubles(Row r, long number, int c, String name) {
    if (r.isNullAt(c)) throw missing(number, name);
    List<Double> list = r.getList(c);
    double[] values = new double[list.size()];
    int i = 0;
    for (Double v : list) {
      if (v == null) throw missing(number, name);
      values[i++] = v;
    }
    return values;
  }

  private static IllegalArgumentException missing(long number, String name) {
    return new IllegalArgumentException("row " + number + ", column '" + name + "': expected a number, found null");
  }
}
