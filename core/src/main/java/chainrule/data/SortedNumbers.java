// SPDX-License-Identifier: MIT
package chainrule.data;

import java.util.Arrays;

/** Sorts the numbers of a column: by digits of 11 bits from the lowest, which is several times as fast as comparing. */
final class SortedNumbers {
  private static final int BITS = 11, BUCKETS = 1 << BITS, DIGITS = 6, FEW = 4096;

  private SortedNumbers() {}

  /**
   * Returns the numbers that are not NaN in ascending order, with 0 for −0.
   *
   * @param values the numbers; not changed
   */
  static double[] of(double[] values) {
    int n = 0;
    for (double v : values) if (v == v) n++;
    double[] sorted = new double[n];
    int k = 0;
    for (double v : values) if (v == v) sorted[k++] = v + 0.0;
    if (n < FEW) Arrays.sort(sorted);
    else sortByDigits(sorted);
    return sorted;
  }

  private static void sortByDigits(double[] values) {
    int n = values.length;
    long[] keys = new long[n], other = new long[n];
    int[][] starts = new int[DIGITS][BUCKETS];
    for (int i = 0; i < n; i++) {
      long key = Median.key(values[i]);
      keys[i] = key;
      for (int d = 0; d < DIGITS; d++) starts[d][digit(key, d)]++;
    }
    for (int d = 0; d < DIGITS; d++) {
      if (starts[d][digit(keys[0], d)] == n) continue; // all have the same
      toStarts(starts[d]);
      distribute(keys, other, starts[d], d);
      long[] swap = keys;
      keys = other;
      other = swap;
    }
    for (int i = 0; i < n; i++) values[i] = Median.number(keys[i]);
  }

  private static int digit(long key, int d) {
    return (int) (key >>> BITS * d) & BUCKETS - 1;
  }

  /** Replaces the size of each bucket by the index at which it starts. */
  private static void toStarts(int[] counts) {
    int next = 0;
    for (int i = 0; i < counts.length; i++) {
      int count = counts[i];
      counts[i] = next;
      next += count;
    }
  }

  private static void distribute(long[] from, long[] to, int[] next, int d) {
    for (long key : from) to[next[digit(key, d)]++] = key;
  }
}
