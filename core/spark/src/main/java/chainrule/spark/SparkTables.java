// SPDX-License-Identifier: MIT
package chainrule.spark;

import chainrule.data.DataException;
import chainrule.data.Table;
import chainrule.data.TableOptions;
import chainrule.data.UntypedColumn;
import chainrule.kernels.Limits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Converts DataFrames to tables, to train on the driver.
 * <pre>{@code
 * Table table = SparkTables.table(spark.read().option("header", true).csv("people.csv"), "id", "people");
 * Encoding encoding = Encoding.of(table).target("income").fit();
 * }</pre>
 * A DataFrame has no order, but training needs one: the order decides which rows are in a batch. So a key is required,
 * a column with a different value in every row. The rows are sorted by it, and the table does not depend on partitions.
 * Numbers are sorted by value, strings by code point, dates by time.
 *
 * <p>The types are those that reading a CSV file with these cells gives, as far as Spark's types tell:
 * <pre>
 *   byte … bigint, float, double    numbers; NaN is missing; ±∞ is refused; whole numbers that a double does not hold
 *                                   are identifiers, and categories
 *   decimal                         the nearest double
 *   boolean                         the categories true and false
 *   date, timestamp                 days since 1970-01-01, in the time zone of the session
 *   string                          categories; but if at least 95 % of the strings that are not missing are numbers
 *                                   or ISO dates, the column is one of these, and a notice says so
 *   arrays, maps, structs, …        refused
 * </pre>
 * Missing are null, and among strings what is missing in a file, such as NA.
 */
public final class SparkTables {
  private SparkTables() {}

  /**
   * {@return the rows sorted by the key, without the key column} The types and missing values are decided from the
   * data: see {@link #table(Dataset, String, String, TableOptions)}.
   *
   * @param rows the data, not a stream
   * @param key the name of a column of numbers, strings or dates, different in each row
   * @param name the name of the data, for messages
   * @throws DataException if the rows, the key or the cells are unsuitable
   * @throws SparkJobException if Spark cannot compute the rows
   */
  public static Table table(Dataset<Row> rows, String key, String name) {
    return table(rows, key, name, TableOptions.DEFAULTS);
  }

  /**
   * {@return the rows sorted by the key, without the key column} Runs one Spark job. The driver needs memory for the
   * table twice, and 60 bytes per row for the key. The line of a row in messages is its number in the order of the key,
   * from 1.
   *
   * @param rows the data, not a stream
   * @param key the name of a column of numbers, strings or dates, different in each row
   * @param name the name of the data, for messages
   * @param options may set types, strings for missing values and the decimal mark of strings
   * @throws DataException if a key is missing or occurs twice, if there are no rows or no other columns, for a column
   *     that is not of numbers, strings, booleans or dates, for two columns of the same name, for an infinite number,
   *     or for a column of strings that can be read in several ways
   * @throws SparkJobException if Spark cannot compute the rows
   */
  public static Table table(Dataset<Row> rows, String key, String name, TableOptions options) {
    Frame frame = new Frame(name, rows);
    if (rows.isStreaming()) throw new DataException(name + ": a stream has no end. Write its rows to a table first.");
    int keyColumn = frame.require(key, "the key");
    if (!SortedKeys.isKey(frame.type(keyColumn))) {
      throw new DataException(name + ": key column '" + Words.shown(key)
          + "': expected numbers, strings or dates, found " + Words.shown(frame.type(keyColumn).simpleString())
          + ". Choose another key.");
    }
    List<Integer> columns = new ArrayList<>();
    for (int c = 0; c < frame.columns(); c++) {
      if (c == keyColumn) continue;
      if (frame.kind(c) == CellKind.OTHER) throw frame.unsuitable(c);
      columns.add(c);
    }
    if (columns.isEmpty()) throw new DataException(name + ": no columns besides the key. Expected ≥ 1.");
    List<TableBlock> blocks = collect(name, frame, keyColumn, columns);
    SortedKeys keys = SortedKeys.of(name, key, keys(name, blocks));
    List<UntypedColumn> cells = new ArrayList<>();
    for (int c = 0; c < columns.size(); c++) cells.add(column(name, key, frame.name(columns.get(c)), c, blocks, keys));
    requireDifferentNames(name, cells);
    return typed(name, key, cells, keys, options);
  }

  /** Refuses names that differ only in blanks around them or in their Unicode normalization. */
  private static void requireDifferentNames(String name, List<UntypedColumn> cells) {
    Set<String> names = new HashSet<>();
    for (UntypedColumn c : cells) {
      if (names.add(c.name())) continue;
      throw new DataException(name + ": two columns are named '" + Words.shown(c.name()) + "', except for blanks or "
          + "their Unicode form. Rename one, with rows.toDF(…).");
    }
  }

  private static List<TableBlock> collect(String name, Frame frame, int key, List<Integer> columns) {
    List<Column> selected = new ArrayList<>(List.of(frame.readable(key)));
    for (int c : columns) selected.add(frame.readable(c));
    int n = columns.size();
    return PartitionResults.of("partition of " + name, frame.select(selected), rows -> TableBlock.of(rows, n));
  }

  private static Comparable<?>[] keys(String name, List<TableBlock> blocks) {
    long rows = blocks.stream().mapToLong(b -> b.rows).sum();
    if (rows == 0) throw new DataException(name + ": no rows. Expected one row per example.");
    if (rows > Limits.MAX_ARRAY_LENGTH) {
      throw new DataException(
          name + ": " + rows + " rows, the limit is " + Limits.MAX_ARRAY_LENGTH + ". Use a sample.");
    }
    Comparable<?>[] keys = new Comparable<?>[(int) rows];
    int at = 0;
    for (TableBlock block : blocks) {
      System.arraycopy(block.keys, 0, keys, at, block.rows);
      at += block.rows;
      block.keys = null;
    }
    return keys;
  }

  /** Returns one column of all blocks in the order of the keys, and frees its memory in the blocks. */
  private static UntypedColumn column(
      String name, String key, String column, int c, List<TableBlock> blocks, SortedKeys keys) {
    int n = keys.order().length, at = 0;
    double[] numbers = null;
    int[] codes = null;
    Map<String, Integer> places = new HashMap<>();
    List<String> texts = new ArrayList<>();
    for (TableBlock block : blocks) {
      if (block.numbers[c] != null) {
        if (numbers == null) numbers = filled(n);
        System.arraycopy(block.numbers[c], 0, numbers, at, block.rows);
      }
      if (block.codes[c] != null) {
        if (codes == null) Arrays.fill(codes = new int[n], -1);
        int[] newCodes = codes(block.texts[c], places, texts);
        for (int r = 0; r < block.rows; r++) if (block.codes[c][r] >= 0) codes[at + r] = newCodes[block.codes[c][r]];
      }
      at += block.rows;
      block.numbers[c] = null;
      block.codes[c] = null;
      block.texts[c] = null;
    }
    if (numbers == null && codes == null) numbers = filled(n);
    if (numbers != null) numbers = sorted(numbers, keys.order());
    requireFinite(name, key, column, numbers, keys);
    return UntypedColumn.of(column, numbers, codes == null ? null : sorted(codes, keys.order()), texts);
  }

  private static double[] filled(int n) {
    double[] values = new double[n];
    Arrays.fill(values, Double.NaN);
    return values;
  }

  private static int[] codes(String[] strings, Map<String, Integer> places, List<String> texts) {
    int[] codes = new int[strings.length];
    for (int i = 0; i < codes.length; i++) {
      Integer place = places.putIfAbsent(strings[i], texts.size());
      codes[i] = place == null ? texts.size() : place;
      if (place == null) texts.add(strings[i]);
    }
    return codes;
  }

  private static double[] sorted(double[] values, int[] order) {
    double[] sorted = new double[values.length];
    for (int i = 0; i < sorted.length; i++) sorted[i] = values[order[i]];
    return sorted;
  }

  private static int[] sorted(int[] values, int[] order) {
    int[] sorted = new int[values.length];
    for (int i = 0; i < sorted.length; i++) sorted[i] = values[order[i]];
    return sorted;
  }

  private static void requireFinite(String name, String key, String column, double[] numbers, SortedKeys keys) {
    for (int i = 0; numbers != null && i < numbers.length; i++) {
      if (!Double.isInfinite(numbers[i])) continue;
      throw new DataException(name + ": column '" + Words.shown(column) + "': expected a finite number, found "
          + numbers[i] + " in the row with " + Words.shown(key) + " = " + Words.shown(keys.text(i))
          + ". Set it to null, or leave the column out: rows.drop(" + Words.literal(column) + ").");
    }
  }

  /** Decides the types. An error in a row gets the row's key. */
  private static Table typed(
      String name, String key, List<UntypedColumn> cells, SortedKeys keys, TableOptions options) {
    try {
      return Table.typed(name, cells, options);
    } catch (DataException e) {
      Matcher place = Pattern.compile(Pattern.quote(name) + ":(\\d+): .*").matcher(e.getMessage());
      int row = place.matches() ? Integer.parseInt(place.group(1)) - 1 : -1;
      if (row < 0 || row >= keys.order().length) throw e;
      throw new DataException(e.getMessage() + " Row " + (row + 1) + " is the one with " + Words.shown(key) + " = "
          + Words.shown(keys.text(row)) + ".");
    }
  }
}
