// SPDX-License-Identifier: MIT
package chainrule.spec;

import java.math.BigInteger;

/**
 * The random numbers of training, an independent implementation of the definition in {@code CounterRandom}: SplitMix64
 * with a separate key for each (seed, stream), in unbounded integers reduced modulo 2^64.
 */
final class PlainRandom {
  private PlainRandom() {}

  private static final BigInteger MODULUS = BigInteger.TWO.pow(64);
  private static final BigInteger GOLDEN = new BigInteger("9E3779B97F4A7C15", 16);
  private static final long FIRST = new BigInteger("BF58476D1CE4E5B9", 16).longValue();
  private static final long SECOND = new BigInteger("94D049BB133111EB", 16).longValue();

  /** The purposes of streams, in their upper 8 bits. The lower 56 bits are the epoch or the layer. */
  static final int SHUFFLE = 1, DROPOUT = 2, IMPORTANCE = 5;

  private static long scramble(long z) {
    long one = (z ^ z >>> 30) * FIRST;
    long two = (one ^ one >>> 27) * SECOND;
    return two ^ two >>> 31;
  }

  /** Returns a + b·G modulo 2^64. */
  private static long plus(long a, BigInteger b) {
    return BigInteger.valueOf(a).add(b.multiply(GOLDEN)).mod(MODULUS).longValue();
  }

  static long key(long seed, int purpose, long detail) {
    BigInteger stream = BigInteger.valueOf(purpose).shiftLeft(56).add(BigInteger.valueOf(detail));
    return scramble(plus(scramble(plus(seed, BigInteger.ONE)), stream));
  }

  /** Returns the number at {@code index} in this key's sequence. */
  static long bits(long key, long index) {
    return scramble(key + (index + 1) * GOLDEN.longValue());
  }

  /** Returns the rows 0 … n − 1 in the order of an epoch. */
  static int[] order(int n, long seed, int epoch) {
    return order(n, seed, SHUFFLE, epoch);
  }

  /** Returns the rows 0 … n − 1 in a random order, by the Fisher–Yates shuffle from the last place down. */
  static int[] order(int n, long seed, int purpose, long detail) {
    long key = key(seed, purpose, detail);
    int[] order = new int[n];
    for (int i = 0; i < n; i++) order[i] = i;
    for (int place = n - 1; place > 0; place--) {
      BigInteger upper63 = BigInteger.valueOf(bits(key, place) >>> 1);
      int taken = upper63.multiply(BigInteger.valueOf(place + 1)).shiftRight(63).intValue();
      int row = order[taken];
      order[taken] = order[place];
      order[place] = row;
    }
    return order;
  }

  /** Returns the mask of one layer in one step, row by row: a unit is kept if its number in [0, 1) is ≥ the rate. */
  static boolean[] mask(long seed, int layer, long step, int rows, int units, double rate) {
    long key = key(bits(key(seed, DROPOUT, layer), step), 0, 0);
    boolean[] kept = new boolean[rows * units];
    for (int i = 0; i < kept.length; i++) kept[i] = Math.scalb((double) (bits(key, i) >>> 11), -53) >= rate;
    return kept;
  }
}
