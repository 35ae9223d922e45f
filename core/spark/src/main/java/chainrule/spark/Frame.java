// SPDX-License-Identifier: MIT
package chainrule.spark;

import chainrule.data.DataException;
import chainrule.data.UntypedColumn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;

/**
 * A DataFrame whose columns are found by their names, whatever characters they contain and whether Spark
 * distinguishes case.
 */
final class Frame {
  private final String data;
  private final StructField[] fields;
  private final Dataset<Row> numbered; // columns c0, c1, …
  private final Map<String, Integer> places = new HashMap<>();
  private final Map<String, Integer> cleanPlaces = new HashMap<>(); // −1 if several names are equal

  /**
   * @param data the name of the data, for messages
   * @throws DataException if two columns have the same name
   */
  Frame(String data, Dataset<Row> rows) {
    this.data = data;
    this.fields = rows.schema().fields();
    String[] names = new String[fields.length];
    for (int c = 0; c < names.length; c++) {
      names[c] = "c" + c;
      cleanPlaces.merge(UntypedColumn.cleanName(fields[c].name()), c, (a, b) -> -1);
      Integer before = places.put(fields[c].name(), c);
      if (before == null) continue;
      throw new DataException(data + ": columns " + (before + 1) + " and " + (c + 1) + " are both named '"
          + Words.shown(fields[c].name()) + "'. Rename one, with rows.toDF(…).");
    }
    this.numbered = rows.toDF(names);
  }

  int columns() {
    return fields.length;
  }

  String name(int column) {
    return fields[column].name();
  }

  StructField field(int column) {
    return fields[column];
  }

  DataType type(int column) {
    return fields[column].dataType();
  }

  CellKind kind(int column) {
    return CellKind.of(type(column));
  }

  List<String> names() {
    List<String> names = new ArrayList<>();
    for (StructField field : fields) names.add(field.name());
    return names;
  }

  /**
   * Returns the index of a column, −1 if there is none of this name. If no name is equal, one counts that differs only
   * in blanks around it or in its Unicode normalization, which tables and models do not keep.
   */
  int indexOf(String name) {
    Integer place = places.get(name);
    return place != null ? place : cleanPlaces.getOrDefault(UntypedColumn.cleanName(name), -1);
  }

  /**
   * Returns the index of a column.
   *
   * @param role what the column is for: {@code the key}
   * @throws DataException if there is none of this name
   */
  int require(String name, String role) {
    int column = indexOf(name);
    if (column >= 0) return column;
    throw new DataException(data + ": no column '" + Words.shown(name) + "', which is " + role + "; the columns are "
        + Words.listed(names()));
  }

  /** Returns a column as it is. */
  Column column(int column) {
    return numbered.col("c" + column);
  }

  /** Returns a column with cells that {@link Cells} reads. */
  Column readable(int column) {
    return kind(column).readable(column(column));
  }

  /** Returns these columns of all rows. */
  Dataset<Row> select(List<Column> columns) {
    return numbered.select(columns.toArray(new Column[0]));
  }

  /** Returns the error for a column of a type that is neither numbers nor categories. */
  DataException unsuitable(int column) {
    String name = Words.literal(name(column)), type = type(column).typeName();
    String advice = switch (type) {
      case "array" -> ", or replace it by its elements: rows.withColumn(\"x1\", col(" + name + ").getItem(0)).drop("
          + name + ")";
      case "struct" -> ", or replace it by its fields: rows.select(\"*\", " + Words.literal(Words.sql(name(column))
          + ".*") + ").drop(" + name + ")";
      case "map" -> ", or replace it by its values: rows.withColumn(\"x1\", col(" + name + ").getItem(\"key\")).drop("
          + name + ")";
      default -> "";
    };
    return new DataException(data + ": column '" + Words.shown(name(column)) + "': expected numbers, strings, booleans "
        + "or dates, found " + Words.shown(type(column).simpleString()) + ". Leave it out: rows.drop(" + name + ")"
        + advice + ".");
  }
}
