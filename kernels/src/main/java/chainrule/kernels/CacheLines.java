package chainrule.kernels;

import static chainrule.kernels.Lanes.COUNT;
import static chainrule.kernels.Lanes.D;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;

/**
 * Finds by the clock which elements of an array begin a cache line of 64 bytes. Java does not tell where an array lies,
 * but vectors of 512 bits that straddle two lines take twice as long to load; where panels of B begin a line, matrix
 * products gain a tenth on processors that feel it (Intel: n = 256, 512, 1024: 0.56 → 0.63, 0.57 → 0.63, 0.60 → 0.65 of
 * the peak). Only speed depends on what is found, never a result.
 */
final class CacheLines {
  private CacheLines() {}

  /** Elements that are read for a look: they lie in the first-level cache. */
  private static final int LOOK = 512;
  private static final int ROUNDS = 3, LOOKS = 20;
  /** Nanoseconds for all looks, which take some 15,000 once they are compiled; until then they say nothing. */
  private static final long COMPILED = 200_000;
  /** A line has been found if it beats the middle of the others so clearly. */
  private static final double CLEARLY = 0.8;

  /** How many elements more than needed an array must have, so that it can be used from any {@link #first} on. */
  static int slack() {
    return COUNT;
  }

  /**
   * The first element of x that begins a line, or {@code known} where the clock does not tell. x has at least {@link
   * #slack} elements; the first of them are lost.
   */
  static int first(double[] x, int known) {
    if (COUNT != 8 || x.length < LOOK + COUNT) return known;
    Arrays.fill(x, 0, LOOK + COUNT, 0); // subnormal numbers would take their own time
    long begin = System.nanoTime();
    int best = 0;
    long least = Long.MAX_VALUE, all = 0;
    for (int o = 0; o < COUNT; o++) {
      long t = time(x, o);
      if (System.nanoTime() - begin > COMPILED) return known;
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
      for (int i = 0; i < LOOKS; i++) sum += look(x, o);
      long t = System.nanoTime() - begin;
      if (sum == 0 && t < least) least = t;
    }
    return least;
  }

  /** Σ x from o on, in four chains, so that loads set the pace. */
  private static double look(double[] x, int o) {
    DoubleVector s0 = DoubleVector.zero(D), s1 = s0, s2 = s0, s3 = s0;
    for (int i = 0; i < LOOK; i += 4 * COUNT) {
      s0 = s0.add(DoubleVector.fromArray(D, x, o + i));
      s1 = s1.add(DoubleVector.fromArray(D, x, o + i + COUNT));
      s2 = s2.add(DoubleVector.fromArray(D, x, o + i + 2 * COUNT));
      s3 = s3.add(DoubleVector.fromArray(D, x, o + i + 3 * COUNT));
    }
    return s0.add(s1).add(s2.add(s3)).lane(0);
  }
}
