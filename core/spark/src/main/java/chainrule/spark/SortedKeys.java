// SPDX-License-Identifier: MIT
package chainrule.spark;

import chainrule.data.DataException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Comparator;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NullType;

/**
 * The order of rows by a unique key: numbers by value, strings by code point, as {@code sort} does in the C locale and
 * Spark in {@code ORDER BY}. Dates are compared as strings, which is their order in the years 0 to 9999.
 *
 * @param order [rows], the index of each row in ascending order of the keys
 * @param keys [rows], in the order in which the rows came
 */
record SortedKeys(int[] order, Comparable<?>[] keys) {
  private static final Comparator<String> BY_CODE_POINT = SortedKeys::compare;

  /** Returns whether a column of this type can be a key. */
  static boolean isKey(DataType type) {
    CellKind kind = CellKind.of(type);
    return kind != CellKind.OTHER && kind != CellKind.BOOLEAN && !(type instanceof NullType);
  }

  /** Returns the key of a cell, null for missing. */
  static Comparable<?> key(Object cell) {
    if (cell == null || cell instanceof String || cell instanceof BigDecimal) return (Comparable<?>) cell;
    if (!(cell instanceof Float || cell instanceof Double)) return ((Number) cell).longValue();
    double v = ((Number) cell).doubleValue() + 0.0; // +0 for −0
    return Double.isNaN(v) ? null : v;
  }

  /**
   * Sorts rows.
   *
   * @param data the name of the data, for messages
   * @param column the name of the key column, for messages
   * @throws DataException if a key is missing or occurs twice
   */
  static SortedKeys of(String data, String column, Comparable<?>[] keys) {
    requireNoneMissing(data, column, keys);
    Integer[] rows = new Integer[keys.length];
    Arrays.setAll(rows, r -> r);
    Comparator<Comparable<?>> comparator = comparator(keys);
    Arrays.sort(rows, (a, b) -> comparator.compare(keys[a], keys[b]));
    int[] order = new int[rows.length];
    for (int i = 0; i < order.length; i++) order[i] = rows[i];
    requireUnique(data, column, keys, order);
    return new SortedKeys(order, keys);
  }

  /** Returns the order of keys of one type. */
  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Comparator<Comparable<?>> comparator(Comparable<?>[] keys) {
    boolean strings = keys.length > 0 && keys[0] instanceof String;
    return strings ? (Comparator) BY_CODE_POINT : (a, b) -> ((Comparable) a).compareTo(b);
  }

  /** Compares by code point: the units of surrogate pairs come after all other characters. */
  private static int compare(String a, String b) {
    int n = Math.min(a.length(), b.length());
    for (int i = 0; i < n; i++) {
      char x = a.charAt(i), y = b.charAt(i);
      if (x == y) continue;
      boolean xPair = Character.isSurrogate(x), yPair = Character.isSurrogate(y);
      return xPair == yPair ? Character.compare(x, y) : xPair ? 1 : -1;
    }
    return Integer.compare(a.length(), b.length());
  }

  private static void requireNoneMissing(String data, String column, Comparable<?>[] keys) {
    int missing = 0;
    for (Comparable<?> key : keys) if (key == null) missing++;
    if (missing == 0) return;
    throw new DataException(data + ": key column '" + Words.shown(column) + "': no key in " + missing + " of "
        + keys.length + (keys.length == 1 ? " row" : " rows") + ". Expected a different value in every row. Remove "
        + "these rows: rows.where(\"" + Words.sql(column) + " IS NOT NULL\"), or choose another key.");
  }

  private static void requireUnique(String data, String column, Comparable<?>[] keys, int[] order) {
    int repeated = 0, first = -1, firstCount = 0;
    for (int from = 0, to; from < order.length; from = to) {
      to = from + 1;
      while (to < order.length && keys[order[to]].equals(keys[order[from]])) to++;
      if (to == from + 1) continue;
      if (repeated++ > 0) continue;
      first = from;
      firstCount = to - from;
    }
    if (repeated == 0) return;
    throw new DataException(data + ": key column '" + Words.shown(column) + "': "
        + (repeated == 1 ? "1 value occurs" : repeated + " values occur") + " more than once, such as "
        + Words.shown(keys[order[first]].toString()) + " (" + firstCount + " rows). Expected a different value in "
        + "every row. Choose another key, or remove equal rows: rows.dropDuplicates().");
  }

  /** Returns the key of row {@code row} in ascending order, from 0. */
  String text(int row) {
    return keys[order[row]].toString();
  }
}
