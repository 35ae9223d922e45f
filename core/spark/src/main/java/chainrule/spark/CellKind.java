// SPDX-License-Identifier: MIT
package chainrule.spark;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/** What the cells of a column of a DataFrame are, by its type. */
enum CellKind {
  /** byte, short, int, bigint, float, double, decimal. */
  NUMBER,
  /** string, char, varchar, and the type of null. */
  TEXT,
  BOOLEAN,
  /** date, timestamp with and without time zone: as strings, in the time zone of the session. */
  DATE,
  /** Anything else: arrays, maps, structs, binary, intervals, times, variants, user-defined types. */
  OTHER;

  static CellKind of(DataType type) {
    if (type instanceof NumericType) return NUMBER;
    if (type instanceof StringType || type instanceof NullType) return TEXT;
    if (type instanceof BooleanType) return BOOLEAN;
    return type instanceof DateType || type instanceof TimestampType || type instanceof TimestampNTZType ? DATE : OTHER;
  }

  /** Returns the column with cells that {@link Cells} takes: numbers and strings. */
  Column readable(Column column) {
    return this == NUMBER ? column : column.cast("string");
  }
}
