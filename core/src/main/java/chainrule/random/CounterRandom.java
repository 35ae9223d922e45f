// SPDX-License-Identifier: MIT
package chainrule.random;

import chainrule.kernels.Elementary;

/**
 * Counter-based random numbers. Each is a function of (seed, stream, index), so they can be computed in any order, on
 * any thread and in a resumed run, and there is no state to save.
 *
 * <pre>
 * mix(z):   z ^= z >>> 30;  z *= 0xBF58476D1CE4E5B9;  z ^= z >>> 27;  z *= 0x94D049BB133111EB;  z ^= z >>> 31
 * key     = mix(mix(seed + G) + stream·G)                G = 0x9E3779B97F4A7C15, 2^64 / golden ratio
 * bits    = mix(key + (index + 1)·G)
 * </pre>
 *
 * {@code mix} is the finalizer of SplitMix64. For a fixed key, the numbers are the sequence of SplitMix64 from that
 * key. Arithmetic is modulo 2^64. Source: Steele, Lea, Flood 2014. Spec: {@code CounterRandomTest} (known answers,
 * moments, independence of streams).
 */
public final class CounterRandom {
  private CounterRandom() {}

  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  /**
   * The purpose of a stream of random numbers. Streams of different purposes are different. New purposes are added at
   * the end, because a stream's number depends on the order.
   */
  public enum StreamPurpose {
    /** The initial weights of a layer. */
    INITIALIZATION,
    /** The order of the rows in an epoch. */
    SHUFFLE,
    /** The dropout masks of a layer. */
    DROPOUT,
    /** The division of rows into training, validation and test rows, and into folds. */
    SPLIT,
    /** Generated data. */
    DATA,
    /** The permutations of a column for its importance. */
    IMPORTANCE,
    /** The seeds of several runs: see {@link #seedOfRun}. */
    RUN,
    /** The candidates of a random search. */
    SEARCH
  }

  /**
   * {@return the number of the stream for a purpose and a detail}
   *
   * @param purpose what the numbers are for
   * @param detail a layer, an epoch or a column, 0 ≤ detail &lt; 2^56
   */
  public static long stream(StreamPurpose purpose, long detail) {
    return ((long) purpose.ordinal() << 56) | detail;
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /**
   * {@return 64 random bits}
   *
   * @param seed the seed
   * @param stream the number of the stream, see {@link #stream}
   * @param index the index in the stream
   */
  public static long bits(long seed, long stream, long index) {
    long key = mix(mix(seed + GOLDEN) + stream * GOLDEN);
    return mix(key + (index + 1) * GOLDEN);
  }

  /**
   * {@return the seed of a run of several that start from one seed, such as the members of an ensemble} It is the seed
   * itself for run 0, else 64 random bits. So the first of several runs equals a single run.
   *
   * @param seed the seed of all runs
   * @param run the number of the run, ≥ 0
   * @throws IllegalArgumentException if run &lt; 0
   */
  public static long seedOfRun(long seed, int run) {
    if (run < 0) throw new IllegalArgumentException("run: expected ≥ 0, found " + run);
    return run == 0 ? seed : bits(seed, stream(StreamPurpose.RUN, 0), run);
  }

  /**
   * {@return a uniform number in [0, 1): the upper 53 bits times 2⁻⁵³}
   *
   * @param seed the seed
   * @param stream the number of the stream, see {@link #stream}
   * @param index the index in the stream
   */
  public static double uniform(long seed, long stream, long index) {
    return (bits(seed, stream, index) >>> 11) * 0x1p-53;
  }

  /**
   * {@return a standard normal number by Marsaglia's polar method}
   * <pre>u, v uniform in (−1, 1), s = u² + v²;  u·√(−2 ln s / s)</pre>
   * It repeats until 0 &lt; s &lt; 1. Attempt a = 0, 1, … takes u and v from indices 0 and 1 of the stream bits(seed,
   * stream, index) + a.
   *
   * @param seed the seed
   * @param stream the number of the stream, see {@link #stream}
   * @param index the index in the stream
   */
  public static double normal(long seed, long stream, long index) {
    long sub = bits(seed, stream, index);
    while (true) {
      double u = 2 * uniform(seed, sub, 0) - 1;
      double v = 2 * uniform(seed, sub, 1) - 1;
      double s = u * u + v * v;
      if (s > 0 && s < 1) return u * Math.sqrt(-2 * Elementary.log(s) / s);
      sub++;
    }
  }

  /**
   * {@return a uniform integer in 0 … bound − 1: the upper 63 bits times bound, divided by 2^63} Its bias is below
   * bound / 2^63.
   *
   * @param bound the number of integers, ≥ 1
   * @param seed the seed
   * @param stream the number of the stream, see {@link #stream}
   * @param index the index in the stream
   * @throws IllegalArgumentException if bound &lt; 1
   */
  public static int below(int bound, long seed, long stream, long index) {
    if (bound < 1) throw new IllegalArgumentException("bound: expected ≥ 1, found " + bound);
    return (int) Math.multiplyHigh(bits(seed, stream, index) >>> 1, (long) bound << 1);
  }

  /**
   * Shuffles an array in place (Fisher–Yates).
   *
   * @param order the array
   * @param seed the seed
   * @param stream the number of the stream, see {@link #stream}
   */
  public static void shuffle(int[] order, long seed, long stream) {
    for (int i = order.length - 1; i > 0; i--) {
      int j = below(i + 1, seed, stream, i);
      int t = order[i];
      order[i] = order[j];
      order[j] = t;
    }
  }
}
