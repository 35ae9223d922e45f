// SPDX-License-Identifier: MIT
package chainrule.data;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the index of a cell among categories or classes. A string matches itself. A number matches the category that is
 * the same number, however it is written; so does a string if all categories are numbers in their shortest form, as
 * those of a column of numbers are: then {@code 1.0} is the category {@code 1}. Numbers of more than 15 digits, such as
 * 64-bit identifiers, only match exactly.
 */
final class CategoryIndex {
  /** Two categories are this number, so neither of them is meant. */
  private static final int AMBIGUOUS = -2;

  private final Map<String, Integer> exact = new HashMap<>();
  private final Map<Double, Integer> numbers = new HashMap<>();
  private final boolean allNumbers;

  /** If a category is listed twice, the last index counts. */
  CategoryIndex(List<String> categories) {
    boolean shortest = true;
    for (int i = 0; i < categories.size(); i++) {
      String category = categories.get(i);
      exact.put(category, i);
      double v = number(category);
      if (!Double.isNaN(v)) numbers.merge(v, i, (a, b) -> AMBIGUOUS);
      shortest = shortest && category.equals(NumberColumn.text(v));
    }
    allNumbers = shortest;
  }

  /** Returns the value of a number below 10¹⁵ in absolute value, with −0 as 0, or NaN for any other string. */
  private static double number(String s) {
    double v = DecimalNumbers.parse(s, false);
    return Math.abs(v) < 1e15 ? v + 0.0 : Double.NaN;
  }

  /** Returns the index of a string, or −1 if it is not among the categories. */
  int of(String text) {
    Integer i = exact.get(text);
    return i != null ? i : allNumbers ? ofNumber(number(text)) : -1;
  }

  /** Returns the index of a number, or −1 if it is not among the categories. */
  int of(double v) {
    Integer i = exact.get(NumberColumn.text(v));
    return i != null ? i : ofNumber(v + 0.0);
  }

  private int ofNumber(double v) {
    return Double.isNaN(v) ? -1 : Math.max(-1, numbers.getOrDefault(v, -1));
  }
}
