// SPDX-License-Identifier: MIT
package chainrule.kernels;

import static chainrule.kernels.KernelsUnderTest.SCALAR;
import static chainrule.kernels.KernelsUnderTest.VECTOR;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Compares operations in blocks of rows with index formulas over several blocks, and the maximum at every position. */
class ReductionBitsTest {

  @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
  void columnSumsAddTheirRowsInOrderAcrossBlocks(
      @ForAll @IntRange(max = 1100) int rows, @ForAll @IntRange(max = 170) int cols, @ForAll @IntRange(max = 5) int xo,
      @ForAll boolean special, @ForAll long seed) {
    double[] x = TestArrays.random(rows * cols + xo, seed, special), s = TestArrays.random(cols + 7, seed + 1, special);
    double[] expected = s.clone(), scalar = s.clone(), vector = s.clone();
    for (int j = 0; j < cols; j++) {
      for (int i = 0; i < rows; i++) expected[3 + j] += x[xo + i * cols + j];
    }
    SCALAR.columnSums(rows, cols, x, xo, scalar, 3);
    VECTOR.columnSums(rows, cols, x, xo, vector, 3);
    String what = "column sums of [" + rows + " × " + cols + "]";
    TestArrays.assertSameBits(expected, scalar, what + ", scalar");
    TestArrays.assertSameBits(expected, vector, what);
  }

  @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
  void repeatRowCopiesARowAcrossBlocks(
      @ForAll @IntRange(max = 700) int rows, @ForAll @IntRange(max = 170) int cols, @ForAll @IntRange(max = 5) int o,
      @ForAll long seed) {
    double[] row = TestArrays.random(cols + o, seed, true), y = TestArrays.random(rows * cols + o + 3, seed + 1, true);
    double[] expected = y.clone(), scalar = y.clone(), vector = y.clone();
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < cols; j++) expected[o + i * cols + j] = row[o + j];
    }
    SCALAR.repeatRow(rows, cols, row, o, scalar, o);
    VECTOR.repeatRow(rows, cols, row, o, vector, o);
    String what = "a row of " + cols + " repeated " + rows + " times";
    TestArrays.assertSameBits(expected, scalar, what + ", scalar");
    TestArrays.assertSameBits(expected, vector, what);
  }

  @Test
  void maxIsCorrectAtEveryPosition() {
    double negativeNaN = Double.longBitsToDouble(0xFFF8000000000001L); // x86 computes 0/0 as a negative NaN
    double[] values = {negativeNaN, Double.NaN, Double.POSITIVE_INFINITY, Double.MAX_VALUE, 1, Double.MIN_VALUE, 0.0,
        -0.0, -Double.MIN_VALUE, -1, -Double.MAX_VALUE, Double.NEGATIVE_INFINITY}; // descending from the third
    SplittableRandom random = new SplittableRandom(5);
    for (int n = 1; n <= 70; n++) {
      for (int v = 0; v < values.length; v++) {
        double[] x = new double[n + 1];
        // at each position in turn, among values that come after it in the list
        for (int i = 0; i < n; i++) {
          for (int j = 0; j < n; j++) x[j + 1] = values[v + random.nextInt(values.length - v)];
          x[i + 1] = values[v];
          assertMaximum(v < 2 ? Double.NaN : values[v], n, x);
        }
      }
    }
    double[] nothing = {1};
    assertMaximum(Double.NEGATIVE_INFINITY, 0, nothing);
  }

  private static void assertMaximum(double expected, int n, double[] x) {
    assertEquals(expected, SCALAR.max(n, x, 1), "scalar maximum of " + n);
    assertEquals(expected, VECTOR.max(n, x, 1), "maximum of " + n);
  }
}
