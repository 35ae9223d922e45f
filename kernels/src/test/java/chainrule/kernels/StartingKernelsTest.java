// SPDX-License-Identifier: MIT
package chainrule.kernels;

import static chainrule.kernels.KernelsUnderTest.SCALAR;
import static chainrule.kernels.KernelsUnderTest.VECTOR;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** {@link StartingKernels}: the bits are the same whenever they change between scalar code and vectors. */
class StartingKernelsTest {
  private static final int[][] SHAPES = {{1, 1}, {3, 5}, {64, 10}, {7, 33}, {70, 64}};

  private final StartingKernels kernels = new StartingKernels(VECTOR);

  @Test
  void scalarCodeAndVectorsAlternateAtRandomWithEqualBits() {
    SplittableRandom random = new SplittableRandom(1);
    for (int[] size : SHAPES) {
      KernelOperation.Shape shape = KernelOperation.Shape.of(size[0], size[1], 1, 2, 3);
      int length = shape.n() + shape.cols() + 8;
      double[] x = TestArrays.random(length, 1, false), y = TestArrays.random(length, 2, false);
      double[] expected = new double[length], actual = new double[length];
      for (KernelOperation o : KernelOperation.values()) {
        for (int time = 0; time < 6; time++) {
          kernels.scalar = random.nextBoolean();
          o.run.on(SCALAR, shape, x, y, expected);
          o.run.on(kernels, shape, x, y, actual);
          assertArrayEquals(bits(expected), bits(actual), o + " of " + shape);
        }
      }
    }
  }

  @Test
  void productsAlternateAtRandomWithEqualBits() {
    SplittableRandom random = new SplittableRandom(2);
    int m = 37, n = 41, k = 29;
    double[] a = TestArrays.random(m * k, 1, false), b = TestArrays.random(k * n, 2, false);
    double[] c = new double[m * n], expected = new double[m * n];
    List<Integer> reported = new ArrayList<>();
    for (int time = 0; time < 40; time++) {
      kernels.scalar = random.nextBoolean();
      SCALAR.matmul(m, n, k, a, 0, k, b, 0, n, expected, 0, n);
      kernels.matmul(m, n, k, a, 0, k, b, 0, n, c, 0, n);
      SCALAR.matmulTransposedA(m, n, k, a, 0, m, b, 0, n, expected, 0, n);
      kernels.matmulTransposedA(m, n, k, a, 0, m, b, 0, n, c, 0, n);
      SCALAR.matmulTransposedB(m, n, k, a, 0, k, b, 0, k, expected, 0, n);
      kernels.matmulTransposedB(m, n, k, a, 0, k, b, 0, k, c, 0, n);
      assertArrayEquals(bits(expected), bits(c));
    }
    for (boolean scalar : new boolean[] {true, false}) {
      kernels.scalar = scalar;
      reported.clear();
      kernels.matmulTransposedAInRowBlocks(
          m, n, k, a, 0, m, b, 0, n, c, 0, n, (from, to) -> reported.add(to - from));
      assertEquals(m * n, reported.stream().mapToInt(Integer::intValue).sum());
      SCALAR.matmulTransposedAInRowBlocks(m, n, k, a, 0, m, b, 0, n, expected, 0, n, (from, to) -> { });
      assertArrayEquals(bits(expected), bits(c));
    }
  }

  @Test
  void theyAreTheVectorKernelsByNameAndThreads() {
    assertEquals(VECTOR.name(), kernels.name());
    assertEquals(1, kernels.threads());
    assertSame(kernels, kernels.withThreads(3).withThreads(1));
  }

  /** Other kernels than those of the process, among them forced ones, never start with scalar code. */
  @Test
  void onlyTheKernelsOfTheProcessStartWithScalarCode() {
    assertFalse(ScalarStart.begin(kernels, 0));
    assertFalse(ScalarStart.begin(VECTOR, 0));
    assertFalse(ScalarStart.begin(SCALAR, 0));
  }

  /** The only test of this module that announces computations, because their total ends scalar starts for good. */
  @Test
  void shortComputationsAreScalarAndALongOneEndsThat() {
    Kernels best = Kernels.best();
    assumeTrue(best.withThreads(1) instanceof StartingKernels, "vectors were requested by a property");
    StartingKernels process = (StartingKernels) best.withThreads(1);
    assertTrue(ScalarStart.begin(best, 1e6));
    assertTrue(ScalarStart.begin(best.withThreads(2), 1e6));
    assertTrue(process.scalar);
    ScalarStart.end();
    assertTrue(process.scalar, "the first computation has not ended");
    ScalarStart.end();
    assertFalse(process.scalar);
    assertTrue(ScalarStart.begin(best, 1e6));
    assertFalse(ScalarStart.begin(best, ScalarStart.LONG), "a long one uses vectors");
    assertFalse(process.scalar, "and so does the one that had begun");
    ScalarStart.end();
    assertFalse(ScalarStart.begin(best, 1), "and all later ones");
  }

  private static long[] bits(double[] x) {
    long[] bits = new long[x.length];
    for (int i = 0; i < x.length; i++) bits[i] = Double.doubleToLongBits(x[i]);
    return bits;
  }
}
