// SPDX-License-Identifier: MIT
package chainrule.data;

import java.util.Arrays;

/** The median, found without sorting: bit by bit, in passes over the values whose leading bits are known. */
final class Median {
  private static final int BITS = 11, BUCKETS = 1 << BITS;
  /** The numbers left are copied if they are at most one in this many. */
  private static final int SHARE = 4;

  private Median() {}

  /**
   * Returns the middle one of n ≥ 1 numbers in ascending order, or halfway between the two middle ones.
   *
   * @param values finite, in any order
   */
  static double of(double[] values) {
    int n = values.length;
    double low = select(values, (n - 1) / 2);
    if (n % 2 == 1) return low;
    double high = Double.POSITIVE_INFINITY;
    int upToLow = 0;
    for (double v : values) {
      if (v <= low) upToLow++;
      else high = Math.min(high, v);
    }
    return upToLow > n / 2 ? low : halfway(low, high);
  }

  /** Returns the same of n ≥ 1 numbers that are in ascending order. */
  static double ofSorted(double[] sorted) {
    int n = sorted.length;
    return n % 2 == 1 ? sorted[n / 2] : halfway(sorted[n / 2 - 1], sorted[n / 2]);
  }

  private static double halfway(double low, double high) {
    double sum = low + high;
    return Double.isInfinite(sum) ? low / 2 + high / 2 : sum / 2;
  }

  /** Returns the number with {@code rank} smaller or equal ones before it. */
  private static double select(double[] all, int rank) {
    double[] values = all;
    long prefix = 0;
    int rest = rank, known = 0; // the leading bits of the key that are known
    int[] counts = new int[BUCKETS];
    while (known < Long.SIZE) {
      int bits = Math.min(BITS, Long.SIZE - known), shift = Long.SIZE - known - bits;
      Arrays.fill(counts, 0);
      for (double v : values) {
        long key = key(v);
        if (known == 0 || key >>> Long.SIZE - known == prefix) counts[(int) (key >>> shift) & (1 << bits) - 1]++;
      }
      int bucket = 0;
      while (rest >= counts[bucket]) rest -= counts[bucket++];
      prefix = prefix << bits | bucket;
      known += bits;
      if (counts[bucket] <= values.length / SHARE) values = withPrefix(values, prefix, known, counts[bucket]);
    }
    return number(prefix);
  }

  /** Returns the numbers whose keys start with these bits. */
  private static double[] withPrefix(double[] values, long prefix, int known, int count) {
    double[] some = new double[count];
    int n = 0;
    for (double v : values) if (key(v) >>> Long.SIZE - known == prefix) some[n++] = v;
    return some;
  }

  /** Returns a number whose unsigned order is that of the doubles; −0 is 0. */
  static long key(double v) {
    long bits = Double.doubleToRawLongBits(v + 0.0);
    return bits < 0 ? ~bits : bits ^ Long.MIN_VALUE;
  }

  /** Returns the number with this key. */
  static double number(long key) {
    return Double.longBitsToDouble(key < 0 ? key ^ Long.MIN_VALUE : ~key);
  }
}
