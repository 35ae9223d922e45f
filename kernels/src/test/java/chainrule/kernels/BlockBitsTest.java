// SPDX-License-Identifier: MIT
package chainrule.kernels;

import static chainrule.kernels.KernelsUnderTest.SCALAR;
import static chainrule.kernels.KernelsUnderTest.VECTOR;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/**
 * Compares vector and scalar kernels at sizes that cross the blocks of the vector kernels: the scratch arrays of the
 * element-wise ones, and MC, KC, NC and the thresholds of the products. The sizes lie around powers of two and
 * multiples of a tile instead of the current block sizes, so the test stays valid when those change.
 */
class BlockBitsTest {

  @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
  void vectorKernelsMatchScalarKernelsOnLongVectors(
      @ForAll KernelOperation operation, @ForAll("longSizes") int cols, @ForAll @IntRange(min = 1, max = 3) int rows,
      @ForAll @IntRange(max = 9) int xo, @ForAll @IntRange(max = 9) int yo, @ForAll @IntRange(max = 9) int zo,
      @ForAll boolean special, @ForAll long seed) {
    KernelOperation.Shape shape = KernelOperation.Shape.of(rows, cols, xo, yo, zo);
    double[] x = TestArrays.random(shape.n() + xo + 3, seed, special);
    double[] y = TestArrays.random(shape.n() + yo + 3, seed + 1, special);
    double[] expected = TestArrays.random(shape.n() + zo + 3, seed + 2, special);
    double[] actual = expected.clone();
    operation.run.on(SCALAR, shape, x, y, expected);
    operation.run.on(VECTOR, shape, x, y, actual);
    TestArrays.assertSameBits(expected, actual, operation + " of " + shape);
  }

  /** Softmax transposes up to 64 rows at a time, and at most 1024 elements. */
  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void vectorKernelsMatchScalarKernelsOnManyShortRows(
      @ForAll("byRows") KernelOperation operation, @ForAll @IntRange(min = 33, max = 300) int rows,
      @ForAll @IntRange(max = 70) int cols, @ForAll @IntRange(max = 9) int offset, @ForAll boolean special,
      @ForAll long seed) {
    KernelOperation.Shape shape = KernelOperation.Shape.of(rows, cols, offset, 1, 2);
    double[] x = TestArrays.random(shape.n() + offset + 3, seed, special);
    double[] y = TestArrays.random(shape.n() + 4, seed + 1, special);
    double[] expected = TestArrays.random(shape.n() + rows + 5, seed + 2, special), actual = expected.clone();
    operation.run.on(SCALAR, shape, x, y, expected);
    operation.run.on(VECTOR, shape, x, y, actual);
    TestArrays.assertSameBits(expected, actual, operation + " of " + shape);
  }

  @Provide
  Arbitrary<KernelOperation> byRows() {
    return Arbitraries.of(KernelOperation.SOFTMAX, KernelOperation.SOFTMAX_GRADIENT, KernelOperation.LOG_SUM_EXP);
  }

  /** A thread's scratch arrays only grow. In a new thread, no earlier product has enlarged them. */
  @Test
  void theFirstProductOfAThreadMatchesTheScalarOneForEachShape() throws InterruptedException {
    for (MatmulCase.Form form : MatmulCase.Form.values()) {
      for (int[] s : new int[][] {{40, 3, 9}, {96, 8, 40}, {96, 12, 40}, {300, 11, 60}, {9, 10, 500}, {70, 30, 20},
          {130, 200, 400}, {3, 3, 40}, {65, 1, 30}}) {
        MatmulCase p = new MatmulCase(form, s[0], s[1], s[2], 1, 1, false, 11);
        double[] expected = p.on(SCALAR);
        Throwable[] error = new Throwable[1];
        Thread fresh = new Thread(() -> TestArrays.assertSameBits(expected, p.on(VECTOR), p.toString()));
        fresh.setUncaughtExceptionHandler((thread, e) -> error[0] = e);
        fresh.start();
        fresh.join();
        if (error[0] != null) throw new AssertionError(p.toString(), error[0]);
      }
    }
  }

  @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
  void productsThatAreLongInOneDimensionMatchTheScalarOnes(
      @ForAll MatmulCase.Form form, @ForAll @IntRange(max = 2) int which, @ForAll("longSizes") int size,
      @ForAll @IntRange(min = 1, max = 28) int second, @ForAll @IntRange(min = 1, max = 20) int third,
      @ForAll @IntRange(max = 5) int offset, @ForAll @IntRange(max = 3) int gap, @ForAll boolean special,
      @ForAll long seed) {
    MatmulCase p = switch (which) {
      case 0 -> new MatmulCase(form, size, second, third, offset, gap, special, seed);
      case 1 -> new MatmulCase(form, second, size, third, offset, gap, special, seed);
      default -> new MatmulCase(form, second, third, size, offset, gap, special, seed);
    };
    TestArrays.assertSameBits(p.on(SCALAR), p.on(VECTOR), p.toString());
  }

  /** Two dimensions cross a block at once, which gives ragged corners of C and partial blocks of the sum. */
  @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
  void productsThatAreLongInTwoDimensionsMatchTheScalarOnes(
      @ForAll MatmulCase.Form form, @ForAll @IntRange(max = 2) int which, @ForAll("blockSizes") int first,
      @ForAll("blockSizes") int second, @ForAll @IntRange(min = 1, max = 9) int third, @ForAll boolean special,
      @ForAll long seed) {
    MatmulCase p = switch (which) {
      case 0 -> new MatmulCase(form, first, second, third, 1, 1, special, seed);
      case 1 -> new MatmulCase(form, third, first, second, 1, 1, special, seed);
      default -> new MatmulCase(form, first, third, second, 1, 1, special, seed);
    };
    TestArrays.assertSameBits(p.on(SCALAR), p.on(VECTOR), p.toString());
  }

  /**
   * Sizes beyond every current threshold: a second block of rows (1024) with a second block of the sum (384) or of
   * columns (192); a sum too long to gather B (8192); rows of C too long for a row block (8192); a narrow C too large
   * for one row block (2¹⁶); a B too large to be packed at once (2²⁰).
   */
  @Test
  void productsBeyondEveryThresholdMatchTheScalarOnes() {
    for (MatmulCase.Form form : MatmulCase.Form.values()) {
      for (int[] s : new int[][] {{1030, 50, 390}, {1030, 200, 20}, {9, 3, 8300}, {20, 12, 8200}, {9, 8300, 3},
          {5600, 12, 30}, {5, 125, 8300}}) {
        MatmulCase p = new MatmulCase(form, s[0], s[1], s[2], 2, 1, false, 13);
        TestArrays.assertSameBits(p.on(SCALAR), p.on(VECTOR), p.toString());
      }
    }
  }

  /** About 500 to 5000. */
  @Provide
  Arbitrary<Integer> longSizes() {
    Arbitrary<Integer> near = Arbitraries.of(-9, -8, -7, -1, 0, 0, 1, 2, 7, 8, 9);
    Arbitrary<Integer> blocks = Arbitraries.of(512, 768, 1024, 1536, 2048, 3072, 4096);
    Arbitrary<Integer> panels = Arbitraries.integers().between(21, 130).map(i -> 24 * i);
    return Arbitraries.oneOf(
        Arbitraries.integers().between(500, 3150), near.flatMap(d -> blocks.map(b -> b + d)),
        near.flatMap(d -> panels.map(p -> p + d)));
  }

  /** About 90 to 530: around the smaller blocks and twice their sizes. */
  @Provide
  Arbitrary<Integer> blockSizes() {
    Arbitrary<Integer> near = Arbitraries.of(-7, -1, 0, 1, 5, 8);
    return near.flatMap(d -> Arbitraries.of(96, 120, 128, 144, 192, 240, 256, 384, 512).map(b -> b + d));
  }
}
