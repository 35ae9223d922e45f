// SPDX-License-Identifier: MIT
package chainrule.kernels;

import static chainrule.kernels.Lanes.COUNT;
import static chainrule.kernels.Lanes.D;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;

/**
 * Determines by timing where cache lines of 64 bytes start in an array. Java does not expose the address of an array,
 * but a vector of 512 bits that crosses a line takes twice as long to load. When panels of B start at a line, matrix
 * products are a tenth faster on Intel processors (n = 256, 512, 1024: 0.56 → 0.63, 0.57 → 0.63, 0.60 → 0.65 of the
 * peak). Only speed depends on the answer, never a result.
 */
final class CacheLines {
  private CacheLines() {}

  /** Elements that one measurement reads. They fit into the first-level cache. */
  private static final int LENGTH = 512;
  private static final int ROUNDS = 3, REPETITIONS = 20;
  /**
   * Nanoseconds after which a search is given up. It takes 15,000 to 70,000 in compiled code; before that its times
   * mean nothing.
   */
  private static final long COMPILED = 200_000;
  /** An offset starts a line if it takes less than this share of the mean of the others. */
  private static final double CLEARLY = 0.8;

  /** Returns how many spare elements an array needs, so that it can be used from any {@link #first} element on. */
  static int slack() {
    return COUNT;
  }

  /**
   * Returns the first element of x that starts a cache line, or {@code known} if the times do not show one. Returns −1
   * if the search takes too long, because it has not been compiled yet or the processor is busy. x must have at least
   * {@link #slack} elements. Its first elements are overwritten.
   */
  static int first(double[] x, int known) {
    if (COUNT != 8 || x.length < LENGTH + COUNT) return known;
    Arrays.fill(x, 0, LENGTH + COUNT, 0); // subnormal numbers could be slow
    long begin = System.nanoTime();
    int best = 0;
    long least = Long.MAX_VALUE, all = 0;
    for (int o = 0; o < COUNT; o++) {
      long t = time(x, o);
      if (System.nanoTime() - begin > COMPILED) return -1;
      all += t;
      if (t < least) {
        least = t;
        best = o;
      }
    }
    return least < CLEARLY * (all - least) / (COUNT - 1) ? best : known;
  }

  private static long time(double[] x, int o) {
    long least = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long begin = System.nanoTime();
      double sum = 0;
      for (int i = 0; i < REPETITIONS; i++) sum += read(x, o);
      long t = System.nanoTime() - begin;
      if (sum == 0 && t < least) least = t;
    }
    return least;
  }

  /** Returns Σ x from o on, in four chains, so that loads are the bottleneck. */
  private static double read(double[] x, int o) {
    DoubleVector s0 = DoubleVector.zero(D), s1 = s0, s2 = s0, s3 = s0;
    for (int i = 0; i < LENGTH; i += 4 * COUNT) {
      s0 = s0.add(DoubleVector.fromArray(D, x, o + i));
      s1 = s1.add(DoubleVector.fromArray(D, x, o + i + COUNT));
      s2 = s2.add(DoubleVector.fromArray(D, x, o + i + 2 * COUNT));
      s3 = s3.add(DoubleVector.fromArray(D, x, o + i + 3 * COUNT));
    }
    return s0.add(s1).add(s2.add(s3)).lane(0);
  }
}
