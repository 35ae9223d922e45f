// SPDX-License-Identifier: MIT
package chainrule.data;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * The order of classes and categories: by value if all of them are numbers, else as people sort them, so that
 * {@code class 2} comes before {@code class 10}. Strings that only differ in how a number is written are ordered by
 * their characters, so the order never depends on the order of the rows.
 */
final class LabelOrder {
  private LabelOrder() {}

  /** Returns the labels in order. */
  static List<String> sorted(Collection<String> labels) {
    boolean numbers = labels.stream().allMatch(s -> DecimalNumbers.isNumber(s, false));
    Comparator<String> order = numbers
        ? Comparator.<String>comparingDouble(s -> DecimalNumbers.parse(s, false)).thenComparing(LabelOrder::compare)
        : LabelOrder::compare;
    return labels.stream().sorted(order).toList();
  }

  /** Compares character by character, but runs of the digits 0 … 9 by the whole numbers that they represent. */
  static int compare(String a, String b) {
    int i = 0, j = 0;
    while (i < a.length() && j < b.length()) {
      if (isDigit(a, i) && isDigit(b, j)) {
        int endA = endOfDigits(a, i), endB = endOfDigits(b, j);
        int startA = skipZeros(a, i, endA), startB = skipZeros(b, j, endB);
        int c = Integer.compare(endA - startA, endB - startB);
        if (c == 0) c = a.substring(startA, endA).compareTo(b.substring(startB, endB));
        if (c != 0) return c;
        i = endA;
        j = endB;
      } else {
        int c = Character.compare(a.charAt(i++), b.charAt(j++));
        if (c != 0) return c;
      }
    }
    int c = Integer.compare(a.length() - i, b.length() - j);
    return c != 0 ? c : a.compareTo(b);
  }

  private static boolean isDigit(String s, int i) {
    return s.charAt(i) >= '0' && s.charAt(i) <= '9';
  }

  private static int endOfDigits(String s, int from) {
    int i = from;
    while (i < s.length() && isDigit(s, i)) i++;
    return i;
  }

  private static int skipZeros(String s, int from, int to) {
    int i = from;
    while (i < to - 1 && s.charAt(i) == '0') i++;
    return i;
  }
}
