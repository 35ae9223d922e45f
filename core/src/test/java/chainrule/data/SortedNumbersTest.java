// SPDX-License-Identifier: MIT
package chainrule.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;

class SortedNumbersTest {
  private final Random random = new Random(16);

  private double[] numbers(int n, DoubleSupplier next) {
    double[] values = new double[n];
    for (int i = 0; i < n; i++) values[i] = next.getAsDouble();
    return values;
  }

  private static void check(double[] values) {
    double[] before = values.clone(), expected = Arrays.stream(values).filter(v -> !Double.isNaN(v)).map(v -> v + 0.0)
        .sorted().toArray();
    assertArrayEquals(expected, SortedNumbers.of(values));
    assertArrayEquals(before, values);
    if (expected.length == 0) return;
    double low = expected[(expected.length - 1) / 2], high = expected[expected.length / 2];
    double middle = low == high ? low : Double.isInfinite(low + high) ? low / 2 + high / 2 : (low + high) / 2;
    assertEquals(middle, Median.of(expected));
    assertEquals(middle, Median.ofSorted(expected));
    for (int i = 0; i < expected.length; i += 2) expected[i] = -expected[i]; // no longer in order
    double[] again = SortedNumbers.of(expected);
    assertEquals(Median.ofSorted(again), Median.of(expected));
  }

  @Test
  void numbersOfAnyAmountAreSortedAsByComparison() {
    for (int n : new int[] {0, 1, 2, 7, 100, 4095, 4096, 4097, 20_000}) check(numbers(n, random::nextGaussian));
  }

  @Test
  void missingNumbersAreLeftOutAndMinusZeroIsZero() {
    for (int n : new int[] {10, 10_000}) {
      double[] some = {Double.NaN, Double.NaN, -0.0, 0, 1, -1, -2.5};
      check(numbers(n, () -> some[random.nextInt(some.length)]));
      check(numbers(n, () -> Double.NaN));
      check(numbers(n, () -> -0.0));
    }
  }

  @Test
  void numbersOfAllMagnitudesAndEqualOnesAreSorted() {
    check(numbers(10_000, () -> {
      double v = Double.longBitsToDouble(random.nextLong());
      return Double.isInfinite(v) ? Double.MAX_VALUE : v;
    }));
    check(numbers(10_000, () -> random.nextBoolean() ? Double.MAX_VALUE : -Double.MAX_VALUE));
    check(numbers(10_000, () -> Double.MIN_VALUE * random.nextInt(3)));
    check(numbers(10_000, () -> random.nextInt(1000) * 0.25));
    check(numbers(10_000, () -> 3));
  }
}
