// SPDX-License-Identifier: MIT
package chainrule.data;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Hashes and comparisons of the bytes of cells. */
final class CellKeys {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long FACTOR = 0x9E3779B97F4A7C15L;
  /** Differs from run to run, so that no file can be made whose cells all collide. Tables do not depend on it. */
  private static final long SEED = System.nanoTime() * FACTOR;

  private CellKeys() {}

  static int hash(byte[] b, int from, int to) {
    long h = SEED ^ to - from;
    int i = from;
    for (; i + 8 <= to; i += 8) h = mix(h ^ (long) LONGS.get(b, i));
    h = mix(h ^ start(b, i, to - i));
    return (int) (h ^ h >>> 32);
  }

  /** Returns the first n &lt; 8 bytes, the first in the lowest byte. */
  private static long start(byte[] b, int from, int n) {
    if (from + 8 <= b.length) return (long) LONGS.get(b, from) & (1L << 8 * n) - 1;
    long rest = 0;
    for (int i = from + n - 1; i >= from; i--) rest = rest << 8 | b[i] & 0xFF;
    return rest;
  }

  private static long mix(long x) {
    long y = x * FACTOR;
    return (y ^ y >>> 29) * 0xBF58476D1CE4E5B9L ^ Math.multiplyHigh(x, FACTOR);
  }

  static boolean equal(byte[] a, int from, byte[] b, int start, int length) {
    return length < 8 ? start(a, from, length) == start(b, start, length)
        : Arrays.equals(a, from, from + length, b, start, start + length);
  }
}
