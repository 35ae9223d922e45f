// SPDX-License-Identifier: MIT
package chainrule.kernels;

import static chainrule.kernels.KernelsUnderTest.SCALAR;
import static chainrule.kernels.KernelsUnderTest.VECTOR;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Compares softmax, its gradient and log-sum-exp with the scalar kernels on about two million elements. The vector
 * kernels divide by multiplying with a corrected inverse, whose rare errors a few quotients would not show. The
 * spreads lie below, around and above the limit of this method, differences of −600.
 */
class SoftmaxBitsTest {
  private static final double[] SPREADS = {1, 10, 100, 599, 601, 700, 740, 2000};

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 7, 8, 9, 10, 15, 16, 17, 20, 64, 65, 513, 1100})
  void rowsOfEveryKindAndSpreadMatchTheScalarOnes(int cols) {
    for (int seed = 0; seed < 8; seed++) {
      for (double spread : SPREADS) {
        int rows = 1 + 2000 / cols + seed, n = rows * cols;
        double[] x = numbers(n, spread, seed), g = numbers(n, 1, seed + 8);
        String of = rows + " rows of " + cols + ", spread " + spread + ", seed " + seed;
        double[] expected = new double[n], actual = new double[n];
        SCALAR.softmax(rows, cols, x, 0, expected, 0);
        VECTOR.softmax(rows, cols, x, 0, actual, 0);
        TestArrays.assertSameBits(expected, actual, "softmax of " + of);
        SCALAR.softmaxGradient(rows, cols, expected, 0, g, 0, g, 0);
        VECTOR.softmaxGradient(rows, cols, actual, 0, numbers(n, 1, seed + 8), 0, actual, 0);
        TestArrays.assertSameBits(g, actual, "gradient of " + of);
        double[] logs = new double[rows], vectorLogs = new double[rows];
        SCALAR.logSumExp(rows, cols, x, 0, logs, 0);
        VECTOR.logSumExp(rows, cols, x, 0, vectorLogs, 0);
        TestArrays.assertSameBits(logs, vectorLogs, "log-sum-exp of " + of);
      }
    }
  }

  /** Returns numbers between −spread and 0, in every third seed with a few that are that far apart. */
  private static double[] numbers(int n, double spread, int seed) {
    SplittableRandom r = new SplittableRandom(seed);
    double[] x = r.doubles(n, -spread, 0).toArray();
    if (seed % 3 == 0) {
      for (int i = 0; i < n; i++) x[i] = r.nextInt(50) == 0 ? x[i] : x[i] / spread;
    }
    return x;
  }
}
