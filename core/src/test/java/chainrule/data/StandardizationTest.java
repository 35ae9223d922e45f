// SPDX-License-Identifier: MIT
package chainrule.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chainrule.random.CounterRandom;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class StandardizationTest {
  private static final MathContext DIGITS = new MathContext(60);

  /** Returns three columns of different magnitudes; the last is constant. */
  private static double[] random(int rows, long seed) {
    double[] x = new double[3 * rows];
    for (int i = 0; i < rows; i++) {
      x[3 * i] = CounterRandom.normal(seed, 1, i);
      x[3 * i + 1] = 1e6 + 1e5 * CounterRandom.uniform(seed, 2, i);
      x[3 * i + 2] = -7.3;
    }
    return x;
  }

  private static BigDecimal mean(double[] x, int column, int rows) {
    BigDecimal sum = BigDecimal.ZERO;
    for (int i = 0; i < rows; i++) sum = sum.add(new BigDecimal(x[3 * i + column]));
    return sum.divide(BigDecimal.valueOf(rows), DIGITS);
  }

  private static double deviation(double[] x, int column, int rows) {
    BigDecimal mean = mean(x, column, rows), sum = BigDecimal.ZERO;
    for (int i = 0; i < rows; i++) sum = sum.add(new BigDecimal(x[3 * i + column]).subtract(mean).pow(2));
    return sum.divide(BigDecimal.valueOf(rows), DIGITS).sqrt(DIGITS).doubleValue();
  }

  /** Each of n updates rounds a few numbers of at most twice the maximum, so the tolerance is 16·n·2⁻⁵³·max. */
  @Test
  void meanAndDeviationMatchSixtyDigitArithmetic() {
    for (int rows : new int[] {1, 2, 3, 100, 1000}) {
      double[] x = random(rows, rows);
      Standardization s = Standardization.fit(rows, 3, x);
      for (int j = 0; j < 2; j++) {
        double tolerance = 16 * rows * 0x1p-53 * (j == 0 ? 10 : 1.1e6);
        assertEquals(mean(x, j, rows).doubleValue(), s.mean(j), tolerance, "mean of " + rows);
        double deviation = deviation(x, j, rows);
        assertEquals(deviation == 0 ? 1 : deviation, s.deviation(j), tolerance, "deviation of " + rows);
      }
      assertEquals(1, s.deviation(2), "a constant column");
    }
  }

  @Test
  void fittedRowsGetMeanZeroAndDeviationOne() {
    double[] x = random(500, 3), before = x.clone(), z = Standardization.fit(500, 3, x).apply(x);
    assertNotSame(x, z);
    assertArrayEquals(before, x, "the argument is not modified");
    for (int j = 0; j < 2; j++) {
      assertEquals(0, mean(z, j, 500).doubleValue(), 1e-11);
      assertEquals(1, deviation(z, j, 500), 1e-11);
    }
    for (int i = 0; i < 500; i++) assertEquals(0, z[3 * i + 2], 1e-14);
  }

  @Test
  void invertReturnsTheOriginalValues() {
    double[] x = random(100, 5), unseen = random(7, 6);
    Standardization s = Standardization.fit(100, 3, x);
    assertEquals(3, s.columns());
    assertArrayEquals(unseen, s.invert(s.apply(unseen)), 1e-9); // 1e6 has an ulp of 1e-10
    assertArrayEquals(new double[] {s.mean(0) + s.deviation(0), s.mean(1) + 2 * s.deviation(1), s.mean(2)},
        s.invert(new double[] {1, 2, 0}), 1e-9);
  }

  @Test
  void anEncodingStandardizesToTheSameBits() {
    double[] x = random(50, 8);
    double[] a = new double[50], b = new double[50], both = new double[100];
    for (int i = 0; i < 50; i++) {
      both[2 * i] = a[i] = x[3 * i];
      both[2 * i + 1] = b[i] = x[3 * i + 1];
    }
    Table table = Table.of("f", List.of(NumberColumn.of("a", a), NumberColumn.of("b", b), NumberColumn.of("y", b)));
    Dataset data = Encoding.of(table).target("y").task(Encoding.Task.REGRESS).fit().encode(table);
    assertArrayEquals(Standardization.fit(50, 2, both).apply(both), data.x());
    assertArrayEquals(Standardization.fit(50, 1, b).apply(b), data.y());
  }

  /** 3u, −3u, 3u have mean u and deviation √8·u, whatever the unit is. */
  @Test
  void valuesWhoseSquaresOverflowOrUnderflowAreStandardized() {
    for (double u : new double[] {1, 2.9e307, 1e300, 1e-160, 1e-300, 0x1p-1040}) {
      Standardization s = Standardization.fit(3, 1, new double[] {3 * u, -3 * u, 3 * u});
      double error = Math.max(1e-15, Double.MIN_VALUE / u); // a subnormal deviation has few digits
      assertEquals(1, s.mean(0) / u, error);
      assertEquals(Math.sqrt(8), s.deviation(0) / u, 3 * error);
    }
  }

  @Test
  void arraysOfTheWrongSizeAreRefused() {
    List<String> refusals =
        List.of(refusal(2, 2, new double[3]), refusal(0, 2, new double[0]), refusal(1, 0, new double[0]));
    assertEquals(List.of("expected an array of rows × columns values, both ≥ 1; found 3 values for 2 × 2",
        "expected an array of rows × columns values, both ≥ 1; found 0 values for 0 × 2",
        "expected an array of rows × columns values, both ≥ 1; found 0 values for 1 × 0"), refusals);
    assertEquals("row 1, column 0: expected a finite number, found NaN",
        refusal(2, 2, new double[] {1, 2, Double.NaN, 3}));
    assertEquals("column 1: the values are too far apart to standardize. Divide them by a power of ten.",
        refusal(2, 2, new double[] {1, 1.7e308, 2, -1.7e308}));
    Standardization s = Standardization.fit(2, 2, new double[4]);
    for (int n : new int[] {1, 3}) {
      String message = "expected rows of 2 values, found " + n + " values";
      assertEquals(message, assertThrows(IllegalArgumentException.class, () -> s.apply(new double[n])).getMessage());
      assertEquals(message, assertThrows(IllegalArgumentException.class, () -> s.invert(new double[n])).getMessage());
    }
    assertEquals(0, s.apply(new double[0]).length);
  }

  private static String refusal(int rows, int columns, double[] x) {
    double[] copy = Arrays.copyOf(x, x.length);
    return assertThrows(IllegalArgumentException.class, () -> Standardization.fit(rows, columns, copy)).getMessage();
  }
}
