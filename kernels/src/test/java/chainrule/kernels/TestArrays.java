// SPDX-License-Identifier: MIT
package chainrule.kernels;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.SplittableRandom;

/** Seeded test data, optionally with special values, and a comparison of bits. */
final class TestArrays {
  private TestArrays() {}

  private static final double[] SPECIAL = {
    0.0, -0.0, 1, -1, Double.MIN_VALUE, -Double.MIN_VALUE, Double.MIN_NORMAL, 0x1p-1040, Double.MAX_VALUE,
    -Double.MAX_VALUE, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN, 709.782712893384, 709.79,
    -708.4, -745.13, -745.14, 1000, -1000, 1001, 0.55, -0.55, 0.5499999999999999, 36.9, -37.5, 1e300, 1e-300, 0.5, 2
  };

  /** Returns ordinary numbers. With {@code special}, about every fourth is a special value. */
  static double[] random(int length, long seed, boolean special) {
    SplittableRandom r = new SplittableRandom(seed);
    double[] x = new double[length];
    for (int i = 0; i < length; i++) {
      double scale = switch (r.nextInt(4)) {
        case 0 -> 0.1;
        case 1 -> 1;
        case 2 -> 30;
        default -> 800;
      };
      x[i] = special && r.nextInt(4) == 0 ? SPECIAL[r.nextInt(SPECIAL.length)] : (2 * r.nextDouble() - 1) * scale;
    }
    return x;
  }

  /** Asserts that both arrays have the same bits. All NaNs count as equal. */
  static void assertSameBits(double[] expected, double[] actual, String what) {
    if (expected.length != actual.length) fail(what + ": length " + actual.length + ", expected " + expected.length);
    for (int i = 0; i < expected.length; i++) {
      if (!same(expected[i], actual[i])) {
        fail(what + ": element " + i + ": expected " + Double.toHexString(expected[i]) + " (" + expected[i]
            + "), found " + Double.toHexString(actual[i]) + " (" + actual[i] + ")");
      }
    }
  }

  static boolean same(double a, double b) {
    return Double.doubleToLongBits(a) == Double.doubleToLongBits(b); // maps every NaN to one
  }
}
