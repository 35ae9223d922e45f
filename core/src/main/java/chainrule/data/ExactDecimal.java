// SPDX-License-Identifier: MIT
package chainrule.data;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Converts decimal numbers in bytes to doubles, with the same bits as {@link Double#parseDouble}.
 *
 * <p>The significant digits are a whole number m of at most 19 digits, so the value is m · 10ᵉ. If m &lt; 2⁵³ and
 * |e| ≤ 22, both factors are exact and one operation rounds. Otherwise m is multiplied by the first 128 bits of 10ᵉ;
 * the few products that lie too close to the middle between two doubles are left to {@code Double.parseDouble}
 * (D. Lemire, "Number parsing at a gigabyte per second", Software: Practice and Experience 51, 2021).
 *
 * <p>An instance holds where the latest number ended and belongs to one thread.
 */
final class ExactDecimal {
  /** The number of bytes after the end of the text that {@link #scan} may read. */
  static final int PADDING = 8;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int MOST_DIGITS = 19;
  private static final double[] POWERS = new double[23];
  private static final long[] SHORT_POWERS = {1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000};
  private static final long EXACT = 1L << 53;

  static {
    POWERS[0] = 1;
    for (int i = 1; i < POWERS.length; i++) POWERS[i] = POWERS[i - 1] * 10; // exact up to 10²²
  }

  private int end;
  private int decimals;

  /** Returns the index after the last byte of the latest number. */
  int end() {
    return end;
  }

  /** Returns the number of digits after the decimal mark; −1 if there is none, −2 if there is an exponent. */
  int decimals() {
    return decimals;
  }

  /** Reads a number with a decimal point: see {@link #scan(byte[], int, char)}. */
  double scan(byte[] b, int from) {
    return scan(b, from, '.');
  }

  /**
   * Reads {@code [+-] digits [. digits] [e [+-] digits]} from the bytes at an index. The text must be followed by a
   * byte that cannot belong to a number and by {@link #PADDING} bytes.
   *
   * @param mark the decimal mark, '.' or ','
   * @return the number; NaN if there is none, if it overflows, or if it is a whole number that is not exactly a double
   */
  double scan(byte[] b, int from, char mark) {
    int i = from, places = -1;
    boolean negative = b[i] == '-';
    if (negative || b[i] == '+') i++;
    int begin = i;
    while (b[i] == '0') i++;
    int significant = i; // of the first digit that is not a leading zero
    long m = 0;
    int d;
    while ((d = b[i] - '0') >= 0 && d <= 9) {
      m = 10 * m + d;
      i++;
    }
    int digits = i - significant, exponent = 0;
    boolean any = i > begin, whole = true;
    if (b[i] == mark) {
      whole = false;
      int point = ++i;
      if (digits == 0) {
        while (b[i] == '0') i++;
      }
      int first = i;
      while (true) {
        long eight = (long) LONGS.get(b, i) ^ 0x3030303030303030L; // digits become 0 … 9
        long others = ((eight & 0x7F7F7F7F7F7F7F7FL) + 0x7676767676767676L | eight) & 0x8080808080808080L;
        if (others == 0) {
          m = 100_000_000 * m + value(eight);
          i += 8;
          continue;
        }
        int n = Long.numberOfTrailingZeros(others) >>> 3;
        if (n > 0) m = SHORT_POWERS[n] * m + value(eight << 64 - 8 * n);
        i += n;
        break;
      }
      digits += i - first;
      exponent = point - i;
      places = -exponent;
      any |= i > point;
    }
    if (!any) return Double.NaN;
    if ((b[i] | 0x20) == 'e') {
      int e = i + 1, power = 0;
      boolean minus = b[e] == '-';
      if (minus || b[e] == '+') e++;
      int firstDigit = e;
      while ((d = b[e] - '0') >= 0 && d <= 9) {
        if (power < 100_000_000) power = 10 * power + d;
        e++;
      }
      if (e == firstDigit) return Double.NaN;
      exponent += minus ? -power : power;
      whole = false;
      places = -2;
      i = e;
    }
    end = i;
    decimals = places;
    if (digits > MOST_DIGITS) return longNumber(b, from, i, whole);
    if (whole && (m < 0 || m > EXACT) && significantBits(m) > 53) return Double.NaN;
    double v;
    if (m >= 0 && m <= EXACT && exponent >= -22 && exponent <= 22) {
      v = exponent < 0 ? m / POWERS[-exponent] : m * POWERS[exponent];
    } else {
      v = product(m, exponent);
      if (v != v) return finite(parseDouble(b, from, i));
    }
    return negative ? -v : v;
  }

  /** Returns the value of eight digits 0 … 9, the first in the lowest byte. */
  private static long value(long v) {
    long w = v * 10 + (v >>> 8); // pairs
    long high = (w & 0x000000FF000000FFL) * 0x000F424000000064L;
    long low = (w >>> 16 & 0x000000FF000000FFL) * 0x0000271000000001L;
    return high + low >>> 32;
  }

  private static int significantBits(long m) {
    return m == 0 ? 0 : 64 - Long.numberOfLeadingZeros(m) - Long.numberOfTrailingZeros(m);
  }

  private static double longNumber(byte[] b, int from, int to, boolean whole) {
    double v = finite(parseDouble(b, from, to));
    if (v != v || !whole) return v;
    String digits = new String(b, from, to - from, StandardCharsets.ISO_8859_1); // ≤ 309 digits after leading zeros
    String plain = digits.replaceFirst("^[+-]?0*", "");
    return new BigDecimal(Math.abs(v)).compareTo(new BigDecimal(new BigInteger(plain))) == 0 ? v : Double.NaN;
  }

  private static double parseDouble(byte[] b, int from, int to) {
    return Double.parseDouble(new String(b, from, to - from, StandardCharsets.ISO_8859_1).replace(',', '.'));
  }

  private static double finite(double v) {
    return Double.isInfinite(v) ? Double.NaN : v;
  }

  /**
   * Returns the double next to m · 10ᵉ.
   *
   * @param m unsigned
   * @return NaN if 128 bits of the power do not decide, or if the result is not a normal number
   */
  private static double product(long m, int e) {
    if (m == 0) return 0;
    if (e < PowersOfTen.LOWEST || e > PowersOfTen.HIGHEST) return Double.NaN;
    int shift = Long.numberOfLeadingZeros(m);
    long w = m << shift;
    long high = PowersOfTen.HIGH[e - PowersOfTen.LOWEST], low = PowersOfTen.LOW[e - PowersOfTen.LOWEST];
    int exponent = (217_706 * e >> 16) + 64 + 1023 - shift; // 217706 / 2¹⁶ ≈ log₂ 10
    long x1 = multiplyHigh(w, high), x0 = w * high;
    if ((x1 & 0x1FF) == 0x1FF && Long.compareUnsigned(x0 + w, w) < 0) {
      long y1 = multiplyHigh(w, low), y0 = w * low;
      long sum = x0 + y1;
      if (Long.compareUnsigned(sum, x0) < 0) x1++;
      x0 = sum;
      if ((x1 & 0x1FF) == 0x1FF && x0 == -1 && Long.compareUnsigned(y0 + w, w) < 0) return Double.NaN;
    }
    int top = (int) (x1 >>> 63);
    long mantissa = x1 >>> top + 9;
    exponent -= 1 ^ top;
    if (x0 == 0 && (x1 & 0x1FF) == 0 && (mantissa & 3) == 1) return Double.NaN; // halfway
    mantissa = mantissa + (mantissa & 1) >>> 1;
    if (mantissa >>> 53 != 0) {
      mantissa >>>= 1;
      exponent++;
    }
    if (exponent < 1 || exponent > 2046) return Double.NaN;
    return Double.longBitsToDouble((long) exponent << 52 | mantissa & EXACT / 2 - 1);
  }

  /** Returns the upper half of the product of two unsigned numbers. */
  private static long multiplyHigh(long a, long b) {
    return Math.multiplyHigh(a, b) + (a >> 63 & b) + (b >> 63 & a);
  }

  /** The first 128 bits of the powers of ten, rounded down; computed at the first use. */
  private static final class PowersOfTen {
    static final int LOWEST = -348, HIGHEST = 347;
    static final long[] HIGH = new long[HIGHEST - LOWEST + 1], LOW = new long[HIGHEST - LOWEST + 1];

    static {
      BigInteger five = BigInteger.valueOf(5), power = BigInteger.ONE;
      for (int e = 0; e <= -LOWEST; e++) { // 10ᵉ and 5ᵉ have the same leading bits
        if (e <= HIGHEST) set(e, power);
        if (e > 0) set(-e, BigInteger.ONE.shiftLeft(power.bitLength() + 128).divide(power));
        power = power.multiply(five);
      }
    }

    private static void set(int e, BigInteger bits) {
      BigInteger first = bits.shiftRight(bits.bitLength() - 128); // to the left if there are fewer
      HIGH[e - LOWEST] = first.shiftRight(64).longValue();
      LOW[e - LOWEST] = first.longValue();
    }
  }
}
