// SPDX-License-Identifier: MIT
package chainrule.data;

import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** A column of numbers or dates. Missing cells are NaN; every other value is finite. */
public final class NumberColumn implements Column {
  private static final long serialVersionUID = 1;

  /** The name of the column. */
  private final String name;
  /** The type of the column, numbers or dates. */
  private final ColumnType type;
  /** The numbers, NaN for missing. */
  private final double[] values; // [rows]
  /** By row, the cells that count as missing because they are not numbers. */
  private final Map<Integer, String> words;

  /**
   * @param values the numbers, NaN for missing; the array is not copied
   * @param words by row, the cells that are neither numbers nor empty nor a missing marker, and so count as missing
   */
  NumberColumn(String name, ColumnType type, double[] values, Map<Integer, String> words) {
    this.name = Objects.requireNonNull(name, "name");
    this.type = type;
    this.values = values;
    this.words = words;
  }

  /**
   * {@return a column of numbers}
   *
   * @param name the name of the column
   * @param values the numbers, NaN for missing; the array is not copied
   * @throws IllegalArgumentException for an infinite value
   */
  public static NumberColumn of(String name, double... values) {
    return of(name, ColumnType.NUMBER, values);
  }

  /**
   * {@return a column of dates}
   *
   * @param name the name of the column
   * @param days the dates in days since 1970-01-01, NaN for missing; the array is not copied
   * @throws IllegalArgumentException for an infinite value
   */
  public static NumberColumn dates(String name, double... days) {
    return of(name, ColumnType.DATE, days);
  }

  private static NumberColumn of(String name, ColumnType type, double[] values) {
    for (int i = 0; i < values.length; i++) {
      if (Double.isInfinite(values[i])) {
        throw new IllegalArgumentException("row " + i + ": expected a finite number or NaN, found " + values[i]);
      }
    }
    return new NumberColumn(name, type, values, Map.of());
  }

  @Override public String name() {
    return name;
  }

  @Override public ColumnType type() {
    return type;
  }

  @Override public int rows() {
    return values.length;
  }

  /**
   * {@return the number in a row, NaN if it is missing; for a date, days since 1970-01-01}
   *
   * @param row the row, from 0
   */
  public double value(int row) {
    return values[row];
  }

  /** {@return the numbers [rows], NaN for missing: the array itself, not a copy} */
  public double[] values() {
    return values;
  }

  @Override public boolean isMissing(int row) {
    return Double.isNaN(values[row]);
  }

  /** {@return the cells that count as missing because they are not numbers, such as {@code abc}, by row} */
  public Map<Integer, String> words() {
    return words;
  }

  @Override public String text(int row) {
    return Double.isNaN(values[row]) ? words.getOrDefault(row, "") : text(values[row]);
  }

  /** Returns the shortest form of a number: a whole number below 10¹⁵ without a decimal point. */
  static String text(double v) {
    return v == Math.rint(v) && Math.abs(v) < 1e15 ? Long.toString((long) v) : Double.toString(v);
  }

  @Override public NumberColumn select(int[] rows) {
    double[] chosen = new double[rows.length];
    Map<Integer, String> chosenWords = new TreeMap<>();
    for (int i = 0; i < rows.length; i++) {
      chosen[i] = values[rows[i]];
      String word = words.isEmpty() ? null : words.get(rows[i]);
      if (word != null) chosenWords.put(i, word);
    }
    return new NumberColumn(name, type, chosen, chosenWords);
  }
}
