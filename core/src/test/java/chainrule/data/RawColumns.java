// SPDX-License-Identifier: MIT
package chainrule.data;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Makes raw columns from strings, in place of a file, and types them. The first row is in line 2. */
final class RawColumns {
  private final List<String> names = new ArrayList<>();
  private final List<RawColumn> columns = new ArrayList<>();
  private final char separator;

  RawColumns(char separator) {
    this.separator = separator;
  }

  /** Adds a column whose plain numbers are numbers. */
  RawColumns with(String name, String... cells) {
    names.add(name);
    columns.add(raw(cells));
    return this;
  }

  /** Adds a column of which all cells are strings. */
  RawColumns withStrings(String name, String... cells) {
    names.add(name);
    columns.add(strings(cells));
    return this;
  }

  ColumnTyping typed() {
    return typed(TableOptions.DEFAULTS);
  }

  ColumnTyping typed(TableOptions options) {
    int[] lines = IntStream.range(2, 2 + columns.get(0).rows()).toArray();
    return ColumnTyping.resolve("f", names, columns, lines, separator, options);
  }

  static RawColumn raw(String... cells) {
    double[] numbers = new double[cells.length];
    Map<String, Integer> places = new LinkedHashMap<>();
    int[] codes = new int[cells.length];
    for (int r = 0; r < cells.length; r++) {
      String cell = cells[r].strip();
      numbers[r] = cell.matches("[+-]?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?") ? Double.parseDouble(cell) : Double.NaN;
      if (Double.isInfinite(numbers[r]) || cell.matches("[+-]?[0-9]+")
          && new BigDecimal(numbers[r]).compareTo(new BigDecimal(cell)) != 0) {
        numbers[r] = Double.NaN;
      }
      codes[r] = !Double.isNaN(numbers[r]) ? -1 : places.computeIfAbsent(cell, c -> places.size());
    }
    if (places.isEmpty()) codes = null;
    else if (Arrays.stream(codes).allMatch(c -> c >= 0)) numbers = null;
    boolean points = false;
    for (int r = 0; numbers != null && r < cells.length; r++) {
      points |= !Double.isNaN(numbers[r]) && cells[r].indexOf('.') >= 0;
    }
    return new RawColumn(numbers, codes, List.copyOf(places.keySet()), points, () -> strings(cells));
  }

  private static RawColumn strings(String... cells) {
    Map<String, Integer> places = new LinkedHashMap<>();
    int[] codes = new int[cells.length];
    for (int r = 0; r < cells.length; r++) codes[r] = places.computeIfAbsent(cells[r], c -> places.size());
    return new RawColumn(null, codes, List.copyOf(places.keySet()), () -> {
      throw new AssertionError("already strings");
    });
  }
}
