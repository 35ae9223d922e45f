// SPDX-License-Identifier: MIT
package chainrule.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;

/** The rows of one partition, column by column, with their keys. A string is stored once per block. */
final class TableBlock implements Serializable {
  private static final long serialVersionUID = 1;
  private static final int FIRST_CAPACITY = 256;

  /** [rows], null where the key is missing. */
  Comparable<?>[] keys = {};
  /** [columns][rows], NaN for strings and missing cells; null for a column without numbers. */
  final double[][] numbers;
  /** [columns][rows], −1 where the cell is not a string; null for a column without strings. */
  final int[][] codes;
  /** [columns][codes]. */
  final String[][] texts;
  int rows;

  private TableBlock(int columns) {
    numbers = new double[columns][];
    codes = new int[columns][];
    texts = new String[columns][];
  }

  /** Collects rows whose first cell is the key. */
  static TableBlock of(Iterator<Row> rows, int columns) {
    TableBlock block = new TableBlock(columns);
    Builder builder = block.new Builder();
    while (rows.hasNext()) builder.add(rows.next());
    builder.end();
    return block;
  }

  private final class Builder implements Cells.Receiver {
    private final List<Map<String, Integer>> places = new ArrayList<>();

    Builder() {
      for (int c = 0; c < numbers.length; c++) places.add(new HashMap<>());
    }

    void add(Row row) {
      if (rows == keys.length) grow(Math.max(FIRST_CAPACITY, rows + (rows >> 1)));
      keys[rows] = SortedKeys.key(row.get(0));
      for (int c = 0; c < numbers.length; c++) Cells.read(row.get(c + 1), c, this);
      rows++;
    }

    private void grow(int capacity) {
      keys = Arrays.copyOf(keys, capacity);
      for (int c = 0; c < numbers.length; c++) {
        if (numbers[c] != null) numbers[c] = Arrays.copyOf(numbers[c], capacity);
        if (codes[c] == null) continue;
        codes[c] = Arrays.copyOf(codes[c], capacity);
        Arrays.fill(codes[c], rows, capacity, -1);
      }
    }

    void end() {
      grow(rows);
      for (int c = 0; c < texts.length; c++) {
        texts[c] = new String[places.get(c).size()];
        for (Map.Entry<String, Integer> e : places.get(c).entrySet()) texts[c][e.getValue()] = e.getKey();
      }
    }

    @Override public void missing(int column) {
      if (numbers[column] != null) numbers[column][rows] = Double.NaN;
    }

    @Override public void number(int column, double v) {
      if (numbers[column] == null) {
        numbers[column] = new double[keys.length];
        Arrays.fill(numbers[column], 0, rows, Double.NaN);
      }
      numbers[column][rows] = v;
    }

    @Override public void text(int column, String cell) {
      missing(column);
      if (codes[column] == null) {
        codes[column] = new int[keys.length];
        Arrays.fill(codes[column], -1);
      }
      Map<String, Integer> known = places.get(column);
      Integer place = known.putIfAbsent(cell, known.size());
      codes[column][rows] = place == null ? known.size() - 1 : place;
    }
  }
}
