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
    long rest = 0;
    for (; i < to; i++) rest = rest << 8 | b[i] & 0xFF;
    h = mix(h ^ rest);
    return (int) (h ^ h >>> 32);
  }

  private static long mix(long x) {
    long y = x * FACTOR;
    return (y ^ y >>> 29) * 0xBF58476D1CE4E5B9L ^ Math.multiplyHigh(x, FACTOR);
  }

  static boolean equal(byte[] a, int from, byte[] b, int start, int length) {
    return length < 8 ? equalShort(a, from, b, start, length)
        : Arrays.equals(a, from, from + length, b, start, start + length);
  }

  private static boolean equalShort(byte[] a, int from, byte[] b, int start, int length) {
    for (int i = 0; i < length; i++) if (a[from + i] != b[start + i]) return false;
    return true;
  }
}
