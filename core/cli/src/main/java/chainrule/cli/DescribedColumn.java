// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.ColumnSummary;
import chainrule.data.ColumnType;
import chainrule.data.ColumnUse;
import chainrule.data.NumberColumn;
import chainrule.format.Formatting;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A row of what {@code describe} prints: a column, and what training would do with it.
 *
 * @param use null if training would refuse the table
 */
record DescribedColumn(ColumnSummary summary, ColumnUse use) {
  /** The most columns that are listed unless all are requested, and how many of them are the last ones. */
  private static final int MOST_LISTED = 60, LAST_LISTED = 10;
  private static final int MAX_NAME = 20, MAX_VALUES = 36, MAX_USE = 100;

  /** Prints a table that is aligned; of many columns, the first and the last. */
  static void print(PrintStream out, List<DescribedColumn> columns, boolean all) {
    int n = columns.size();
    boolean shortened = !all && n > MOST_LISTED;
    List<DescribedColumn> shown = new ArrayList<>(shortened ? columns.subList(0, MOST_LISTED - LAST_LISTED) : columns);
    if (shortened) shown.addAll(columns.subList(n - LAST_LISTED, n));
    List<String[]> rows = new ArrayList<>();
    rows.add(new String[] {"column", "type", "missing", "distinct",
        "min … median … max, or top values", "in training"});
    for (DescribedColumn c : shown) rows.add(c.cells());
    int[] widths = new int[rows.get(0).length];
    for (String[] row : rows) {
      for (int i = 0; i < row.length; i++) widths[i] = Math.max(widths[i], width(row[i]));
    }
    for (int r = 0; r < rows.size(); r++) {
      if (shortened && r == 1 + MOST_LISTED - LAST_LISTED) {
        out.println("… " + Formatting.count(n - shown.size()) + " more columns (--all lists them)");
      }
      StringBuilder s = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        String cell = rows.get(r)[i], space = " ".repeat(widths[i] - width(cell));
        boolean right = i == 2 || i == 3;
        s.append(i == 0 ? "" : "  ").append(right ? space + cell : cell + space);
      }
      out.println(s.toString().stripTrailing());
    }
  }

  private static int width(String s) {
    return s.codePointCount(0, s.length());
  }

  private String[] cells() {
    return new String[] {Formatting.line(summary.name(), MAX_NAME), summary.type().word(),
        Formatting.count(summary.missing()), Formatting.count(summary.distinct()),
        Formatting.line(values(), MAX_VALUES), use == null ? "" : Formatting.line(use.words(), MAX_USE)};
  }

  private String values() {
    if (!Double.isNaN(summary.median())) {
      return text(summary.min()) + " … " + text(summary.median()) + " … " + text(summary.max());
    }
    StringBuilder s = new StringBuilder();
    for (ColumnSummary.ValueCount v : summary.top()) {
      s.append(s.length() == 0 ? "" : ", ").append(Formatting.line(v.value(), MAX_VALUES));
      if (v.rows() > 1) s.append(' ').append(Formatting.count(v.rows()));
    }
    return s.toString();
  }

  /** Formats a number with at most six significant digits, and whole numbers and dates completely. */
  private String text(double v) {
    if (summary.type() == ColumnType.DATE && isWhole(summary.min()) && isWhole(summary.max())) {
      return summary.text(Math.floor(v)); // a median between two days is the earlier one
    }
    if (summary.type() != ColumnType.NUMBER || isWhole(v) && Math.abs(v) < 1e12) return summary.text(v);
    return NumberColumn.of("", new BigDecimal(v).round(new MathContext(6)).doubleValue()).text(0);
  }

  private static boolean isWhole(double v) {
    return v == Math.rint(v);
  }

  /** Returns everything about the column as JSON. */
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", summary.name());
    json.put("type", summary.type().word());
    json.put("missing", summary.missing());
    json.put("words", summary.words());
    json.put("distinct", summary.distinct());
    if (summary.type() != ColumnType.CATEGORY) {
      json.put("min", value(summary.min()));
      json.put("median", value(summary.median()));
      json.put("max", value(summary.max()));
    }
    List<Object> top = new ArrayList<>();
    for (ColumnSummary.ValueCount v : summary.top()) {
      Map<String, Object> value = new LinkedHashMap<>();
      value.put("value", v.value());
      value.put("rows", v.rows());
      top.add(value);
    }
    json.put("top", top);
    json.put("use", use == null ? null : use.role().name().toLowerCase(Locale.ROOT).replace('_', ' '));
    json.put("inputs", use == null ? null : use.inputs());
    json.put("meaning", use == null ? null : use.words());
    return json;
  }

  private Object value(double v) {
    return summary.type() == ColumnType.DATE && !Double.isNaN(v) ? summary.text(v) : (Object) v;
  }
}
