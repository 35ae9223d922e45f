// SPDX-License-Identifier: MIT
package chainrule.data;

import java.util.Arrays;

/** The median, found without sorting: bit by bit, in passes over the values whose leading bits are known. */
final class Median {
  private static final int BITS = 11, BUCKETS = 1 << BITS;

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

  private static double halfway(double low, double high) {
    double sum = low + high;
    return Double.isInfinite(sum) ? low / 2 + high / 2 : sum / 2;
  }

  /** Returns the number with {@code rank} smaller or equal ones before it. */
  private static double select(double[] values, int rank) {
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
    }
    return Double.longBitsToDouble(prefix < 0 ? prefix ^ Long.MIN_VALUE : ~prefix);
  }

  /** Returns a number whose unsigned order is that of the doubles; −0 is 0. */
  private static long key(double v) {
    long bits = Double.doubleToRawLongBits(v + 0.0);
    return bits < 0 ? ~bits : bits ^ Long.MIN_VALUE;
  }
}
