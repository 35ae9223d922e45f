// SPDX-License-Identifier: MIT
package chainrule.data;

import java.util.List;
import java.util.Objects;

/**
 * An input column: numbers or dates, which become one input and one for each of their pieces, or categories, which
 * become one input each.
 *
 * @param name the name of the column
 * @param type the type of the column
 * @param mean the mean of the numbers in training; 0 for categories
 * @param deviation the standard deviation of the numbers in training; 1 for categories
 * @param median the median of the numbers in training, which stands for a missing number; 0 for categories
 * @param indicator whether the last input of the column is 1 where the number is missing
 * @param pieces the pieces of the numbers; {@link PiecewiseLinear#NONE} for categories
 * @param categories the categories, in the order of their inputs; empty for numbers
 * @param missingCategory whether a missing category has an input of its own, after those of the categories
 */
public record InputColumn(String name, ColumnType type, double mean, double deviation, double median, boolean indicator,
    PiecewiseLinear pieces, List<String> categories, boolean missingCategory) {
  /**
   * Creates a column from known parts.
   *
   * @param name the name of the column
   * @param type the type of the column
   * @param mean the mean of the numbers, or 0
   * @param deviation the standard deviation of the numbers, or 1
   * @param median the median of the numbers, or 0
   * @param indicator whether an input is 1 where the number is missing
   * @param pieces the pieces of the numbers, or {@link PiecewiseLinear#NONE}
   * @param categories the categories; empty for numbers
   * @param missingCategory whether a missing category has an input
   */
  public InputColumn {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(pieces, "pieces");
    categories = List.copyOf(categories);
  }

  /**
   * Creates a column of categories, or of numbers if there are none, where nothing was missing in training.
   *
   * @param name the name of the column
   * @param mean the mean of the numbers in training; 0 for categories
   * @param deviation the standard deviation of the numbers in training; 1 for categories
   * @param categories the categories, in the order of their inputs; empty for numbers
   */
  public InputColumn(String name, double mean, double deviation, List<String> categories) {
    this(name, categories.isEmpty() ? ColumnType.NUMBER : ColumnType.CATEGORY, mean, deviation, mean, false,
        PiecewiseLinear.NONE, categories, false);
  }

  /**
   * {@return a column of numbers where nothing was missing in training; a missing number counts as the mean}
   *
   * @param name the name of the column
   * @param mean the mean of the numbers in training
   * @param deviation the standard deviation of the numbers in training
   */
  public static InputColumn number(String name, double mean, double deviation) {
    return number(name, mean, deviation, mean, false);
  }

  /**
   * {@return a column of numbers without pieces}
   *
   * @param name the name of the column
   * @param mean the mean of the numbers in training
   * @param deviation the standard deviation of the numbers in training
   * @param median the median of the numbers in training, which stands for a missing number
   * @param indicator whether the last input is 1 where the number is missing
   */
  public static InputColumn number(String name, double mean, double deviation, double median, boolean indicator) {
    return new InputColumn(name, ColumnType.NUMBER, mean, deviation, median, indicator, PiecewiseLinear.NONE, List.of(),
        false);
  }

  /**
   * {@return a column of dates without pieces}
   *
   * @param name the name of the column
   * @param mean the mean of the dates in training, in days since 1970-01-01
   * @param deviation the standard deviation of the dates in training, in days
   * @param median the median of the dates in training, in days since 1970-01-01, which stands for a missing date
   * @param indicator whether the last input is 1 where the date is missing
   */
  public static InputColumn date(String name, double mean, double deviation, double median, boolean indicator) {
    return new InputColumn(name, ColumnType.DATE, mean, deviation, median, indicator, PiecewiseLinear.NONE, List.of(),
        false);
  }

  /**
   * {@return a column of categories where nothing was missing in training}
   *
   * @param name the name of the column
   * @param categories the categories, in the order of their inputs
   */
  public static InputColumn categories(String name, List<String> categories) {
    return categories(name, categories, false);
  }

  /**
   * {@return a column of categories}
   *
   * @param name the name of the column
   * @param categories the categories, in the order of their inputs
   * @param missingCategory whether a missing category has an input of its own, after those of the categories
   */
  public static InputColumn categories(String name, List<String> categories, boolean missingCategory) {
    return new InputColumn(name, ColumnType.CATEGORY, 0, 1, 0, false, PiecewiseLinear.NONE, categories,
        missingCategory);
  }

  /**
   * {@return the same column of numbers or dates with these pieces}
   *
   * @param newPieces the pieces of the numbers
   */
  public InputColumn withPieces(PiecewiseLinear newPieces) {
    return new InputColumn(name, type, mean, deviation, median, indicator, newPieces, categories, missingCategory);
  }

  /** {@return how many of the network's inputs the column becomes} */
  public int width() {
    return isNumber() ? 1 + pieces.count() + (indicator ? 1 : 0) : categories.size() + (missingCategory ? 1 : 0);
  }

  /** {@return whether the column holds numbers or dates} */
  public boolean isNumber() {
    return type != ColumnType.CATEGORY;
  }

  /**
   * Writes the inputs of a number or a date. The first one is infinite if v is too far from the mean.
   *
   * @param v the number, for a date in days since 1970-01-01; NaN means missing
   * @param x the array that receives the {@link #width} inputs
   * @param to the index of the first input in the array
   */
  public void encode(double v, double[] x, int to) {
    boolean missing = Double.isNaN(v);
    double known = missing ? median : v;
    x[to] = Standardization.standardize(known, mean, deviation);
    pieces.encode(known, x, to + 1);
    if (indicator) x[to + width() - 1] = missing ? 1 : 0;
  }

  /** Returns the input of a missing number: (median − mean) / deviation. */
  double filled() {
    return Standardization.standardize(median, mean, deviation);
  }

  /** Returns which of a category's inputs is 1 where the cell is missing, or −1 for none. */
  int missingPlace() {
    return missingCategory ? categories.size() : categories.lastIndexOf(""); // "" in models of older versions
  }
}
