// SPDX-License-Identifier: MIT
package chainrule.data;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Encodes single rows, whose values are given in Java, as the inputs of a network. */
final class RowEncoder {
  private final List<InputColumn> columns;
  private final int inputs;

  RowEncoder(List<InputColumn> columns, int inputs) {
    this.columns = columns;
    this.inputs = inputs;
  }

  /** Encodes a row given by column name. */
  double[] encode(Map<String, ?> row) {
    double[] x = new double[inputs];
    int o = 0;
    for (InputColumn in : columns) {
      if (!row.containsKey(in.name())) {
        throw new IllegalArgumentException(
            "no value for column '" + Table.shown(in.name()) + "'; the model needs " + names());
      }
      put(in, row.get(in.name()), x, o);
      o += in.width();
    }
    return x;
  }

  /** Encodes a row given in the order of the columns. */
  double[] encode(List<?> row) {
    if (row.size() != columns.size()) throw wrongCount(row.size());
    double[] x = new double[inputs];
    int o = 0;
    for (int i = 0; i < columns.size(); i++) {
      put(columns.get(i), row.get(i), x, o);
      o += columns.get(i).width();
    }
    return x;
  }

  /** Encodes rows of numbers [rows × columns] as [rows × inputs]. */
  double[] encode(double[] raw) {
    int n = columns.size();
    if (raw.length % n != 0) throw wrongCount(raw.length);
    double[] x = new double[Math.multiplyExact(raw.length / n, inputs)];
    for (int i = 0; i < raw.length / n; i++) encode(raw, i * n, x, i * inputs);
    return x;
  }

  /** Encodes the row of numbers that starts at raw[from], from x[to]. */
  void encode(double[] raw, int from, double[] x, int to) {
    int n = columns.size();
    Objects.checkFromIndexSize(from, n, raw.length);
    Objects.checkFromIndexSize(to, inputs, x.length);
    if (raw == x && inputs != n) {
      throw new IllegalArgumentException(
          n + " values become " + inputs + " inputs, so a row cannot be encoded in-place");
    }
    int o = to;
    for (int i = 0; i < n; i++) {
      InputColumn in = columns.get(i);
      if (!in.isNumber()) throw wrongValue(in, "the number " + raw[from + i]);
      put(in, raw[from + i], x, o);
      o += in.width();
    }
  }

  private static void put(InputColumn in, Object value, double[] x, int o) {
    if (in.isNumber()) {
      put(in, number(in, value), x, o);
      return;
    }
    if (value != null && !(value instanceof String)) throw wrongValue(in, described(value));
    String category = value == null ? "" : UnicodeText.clean((String) value);
    int c = category.isEmpty() ? in.missingPlace() : in.categories().lastIndexOf(category);
    if (c >= 0) x[o + c] = 1;
  }

  private static double number(InputColumn in, Object value) {
    if (value == null) return Double.NaN;
    if (value instanceof Number number) return number.doubleValue();
    boolean date = in.type() == ColumnType.DATE
        && (value instanceof String || value instanceof LocalDate || value instanceof LocalDateTime);
    double days = date ? IsoDate.parse(UnicodeText.strip(value.toString())) : Double.NaN;
    if (Double.isNaN(days)) throw wrongValue(in, described(value));
    return days;
  }

  private static void put(InputColumn in, double v, double[] x, int o) {
    if (Double.isInfinite(v)) throw wrongValue(in, Double.toString(v));
    in.encode(v, x, o);
    if (Math.abs(x[o]) < Double.POSITIVE_INFINITY) return;
    throw new IllegalArgumentException("column '" + Table.shown(in.name()) + "': " + v
        + " is too far from the training data (mean " + in.mean() + ", deviation " + in.deviation() + ")");
  }

  private static IllegalArgumentException wrongValue(InputColumn in, String found) {
    String expected = in.type() == ColumnType.DATE ? "a date such as 2026-11-29, or a finite number of days"
        : in.isNumber() ? "a finite number" : "a string, one of " + Table.shown(in.categories());
    return new IllegalArgumentException(
        "column '" + Table.shown(in.name()) + "': expected " + expected + ", found " + found);
  }

  private static String described(Object value) {
    if (value instanceof String s) return "the string '" + Table.shown(s) + "'";
    if (value instanceof Number n) return "the number " + n;
    return "an object of " + value.getClass().getName();
  }

  private IllegalArgumentException wrongCount(int found) {
    return new IllegalArgumentException("expected " + columns.size() + (columns.size() == 1 ? " value" : " values")
        + " in the order of the columns " + names() + "; found " + found);
  }

  private String names() {
    return Table.shown(columns.stream().map(InputColumn::name).toList());
  }
}
