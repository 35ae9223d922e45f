// SPDX-License-Identifier: MIT
package chainrule.data;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What a column of a table contains.
 *
 * @param name the name of the column
 * @param type the type of the column
 * @param rows the number of cells
 * @param missing the number of cells without a value, including words
 * @param words the number of cells with a word in a column of numbers, which count as missing
 * @param distinct the number of different values
 * @param min the smallest number; NaN for categories and for a column without values. Dates are in days since
 *     1970-01-01; {@link #text} formats them.
 * @param median the median, NaN where {@code min} is
 * @param max the largest number, NaN where {@code min} is
 * @param top the most frequent values, at most 5, most frequent first; of equally frequent ones the first in order
 */
public record ColumnSummary(String name, ColumnType type, int rows, int missing, int words, int distinct, double min,
    double median, double max, List<ValueCount> top) {
  private static final int MOST_VALUES = 5;

  /**
   * A value and its number of cells.
   *
   * @param value the value, as {@link #text} writes it
   * @param rows the number of cells that contain it
   */
  public record ValueCount(String value, int rows) {}

  /**
   * Creates a summary from known parts.
   *
   * @param name the name of the column
   * @param type the type of the column
   * @param rows the number of cells
   * @param missing the number of missing cells, including words
   * @param words the number of words in a column of numbers
   * @param distinct the number of different values
   * @param min the smallest number, or NaN
   * @param median the median, or NaN
   * @param max the largest number, or NaN
   * @param top the most frequent values
   */
  public ColumnSummary {
    top = List.copyOf(top);
  }

  /**
   * {@return the summary of a column}
   *
   * @param table the table
   * @param column the index of the column, from 0
   */
  public static ColumnSummary of(Table table, int column) {
    return table.column(column) instanceof NumberColumn c ? of(c) : of((TextColumn) table.column(column));
  }

  private static ColumnSummary of(NumberColumn c) {
    double[] sorted = SortedNumbers.of(c.values());
    List<ValueCount> top = new ArrayList<>();
    int distinct = 0;
    for (int from = 0, to; from < sorted.length; from = to) {
      to = from + 1;
      while (to < sorted.length && sorted[to] == sorted[from]) to++;
      distinct++;
      if (top.size() == MOST_VALUES && top.get(MOST_VALUES - 1).rows >= to - from) continue;
      top.add(new ValueCount(text(c.type(), sorted[from]), to - from));
      keepMostFrequent(top);
    }
    boolean any = sorted.length > 0;
    return new ColumnSummary(c.name(), c.type(), c.rows(), c.rows() - sorted.length, c.words().size(), distinct,
        any ? sorted[0] : Double.NaN, any ? Median.ofSorted(sorted) : Double.NaN,
        any ? sorted[sorted.length - 1] : Double.NaN, top);
  }

  private static ColumnSummary of(TextColumn c) {
    int[] sizes = new int[c.values().size()];
    int missing = 0;
    for (int r = 0; r < c.rows(); r++) {
      if (c.isMissing(r)) missing++;
      else sizes[c.code(r)]++;
    }
    List<ValueCount> top = new ArrayList<>();
    int distinct = 0;
    for (int code = 0; code < sizes.length; code++) {
      if (sizes[code] == 0) continue;
      distinct++;
      top.add(new ValueCount(c.values().get(code), sizes[code]));
      if (top.size() > 100 * MOST_VALUES) keepMostFrequent(top);
    }
    keepMostFrequent(top);
    double none = Double.NaN;
    return new ColumnSummary(c.name(), c.type(), c.rows(), missing, 0, distinct, none, none, none, top);
  }

  private static void keepMostFrequent(List<ValueCount> top) {
    top.sort(Comparator.comparingInt((ValueCount v) -> -v.rows).thenComparing(v -> v.value, LabelOrder::compare));
    while (top.size() > MOST_VALUES) top.remove(top.size() - 1);
  }

  /**
   * {@return a value of this column as a string: a number in its shortest form, or an ISO date}
   *
   * @param value the value, such as the median of the column
   */
  public String text(double value) {
    return text(type, value);
  }

  private static String text(ColumnType type, double value) {
    if (type != ColumnType.DATE || !(Math.abs(value) < 1e7)) return NumberColumn.text(value);
    LocalDate date = LocalDate.ofEpochDay((long) Math.floor(value));
    long seconds = Math.round((value - Math.floor(value)) * 86_400);
    return seconds == 0 ? date.toString()
        : LocalDateTime.of(date, LocalTime.MIDNIGHT).plusSeconds(seconds).toString();
  }
}
