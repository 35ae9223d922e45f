// SPDX-License-Identifier: MIT
package chainrule.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Compares the scalar kernels, the reference of all others, with formulas written in another way. */
class ScalarKernelsTest {
  private static final Kernels K = ScalarKernels.INSTANCE;

  @Property(tries = 200)
  void aProductIsTheTripleLoopInTheOrderOfP(
      @ForAll MatmulCase.Form form, @ForAll @IntRange(max = 20) int m, @ForAll @IntRange(max = 20) int n,
      @ForAll @IntRange(max = 20) int k, @ForAll long seed) {
    MatmulCase p = new MatmulCase(form, m, n, k, 2, 3, true, seed);
    TestArrays.assertSameBits(p.byIndexFormula(), p.on(K), p.toString());
  }

  @Property(tries = 200)
  void sumAndDotAreWithinTheirErrorBoundsOfTheExactValues(@ForAll @IntRange(max = 300) int n, @ForAll long seed) {
    double[] x = TestArrays.random(n, seed, false), y = TestArrays.random(n, seed + 1, false);
    BigDecimal sum = BigDecimal.ZERO, dot = BigDecimal.ZERO, size = BigDecimal.ZERO, dotSize = BigDecimal.ZERO;
    for (int i = 0; i < n; i++) {
      BigDecimal xi = new BigDecimal(x[i]), p = xi.multiply(new BigDecimal(y[i]));
      sum = sum.add(xi);
      size = size.add(xi.abs());
      dot = dot.add(p);
      dotSize = dotSize.add(p.abs());
    }
    // At most n/8 + 1 additions in a stripe and 3 in the tree, each with a relative error of 2⁻⁵³.
    BigDecimal gamma = new BigDecimal((n / 8 + 4) * 0x1p-53 * 1.01);
    assertTrue(new BigDecimal(K.sum(n, x, 0)).subtract(sum).abs().compareTo(gamma.multiply(size)) <= 0);
    assertTrue(new BigDecimal(K.dot(n, x, 0, y, 0)).subtract(dot).abs().compareTo(gamma.multiply(dotSize)) <= 0);
  }

  @Test
  void stripesAreJoinedByTheDefinedTree() {
    // Chosen so that any other order of the additions gives a different result.
    double[] x = {1, 0x1p-53, 0x1p-54, 0x1p53, 3, -0x1p-53, 7, -0x1p53, 0x1p-52};
    double s0 = 1 + 0x1p-52;
    double expected = ((s0 + 3.0) + (0x1p-54 + 7.0)) + ((0x1p-53 + -0x1p-53) + (0x1p53 + -0x1p53));
    assertEquals(expected, K.sum(9, x, 0));
  }

  @Test
  void scalarKernelsUseOneThreadUnlessWithThreadsSetsMore() {
    assertEquals(1, K.threads());
    assertEquals(3, K.withThreads(3).threads());
    assertEquals(K, K.withThreads(3).withThreads(1));
    assertMessage("threads: expected a number ≥ 1, found 0", () -> K.withThreads(0));
  }

  @Test
  void emptyInputsGiveTheNeutralElement() {
    double[] none = {};
    assertEquals(0.0, K.sum(0, none, 0));
    assertEquals(0.0, K.dot(0, none, 0, none, 0));
    assertEquals(Double.NEGATIVE_INFINITY, K.max(0, none, 0));
    double[] c = {5};
    K.matmul(1, 1, 0, none, 0, 0, none, 0, 1, c, 0, 1);
    assertEquals(5, c[0]);
  }

  @Test
  void anEmptyRangeOverlapsNothing() {
    double[] x = {1, 2, 3, 4, 5};
    K.columnSums(0, 5, x, 2, x, 0);
    K.repeatRow(0, 5, x, 0, x, 2);
    TestArrays.assertSameBits(new double[] {1, 2, 3, 4, 5}, x, "untouched");
  }

  @Test
  void softmaxAndLogSumExpStayFiniteForHugeLogits() {
    double[] x = {1e308, 1e308, -1e308, 0}, y = new double[4], l = new double[1];
    K.softmax(1, 4, x, 0, y, 0);
    TestArrays.assertSameBits(new double[] {0.5, 0.5, 0, 0}, y, "softmax");
    K.logSumExp(1, 4, x, 0, l, 0);
    assertEquals(1e308, l[0]);
    K.logSumExp(1, 2, new double[] {Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY}, 0, l, 0);
    assertEquals(Double.NEGATIVE_INFINITY, l[0]);
  }

  @Test
  void kinksAndNaNFollowTheDefinition() {
    double[] x = {-1, -0.0, 0, 2, Double.NaN}, y = new double[5];
    K.relu(5, x, 0, y, 0);
    TestArrays.assertSameBits(new double[] {0, 0, 0, 2, Double.NaN}, y, "relu");
    double[] g = {9, 9, 9, 9, 9};
    K.reluGradient(5, y, 0, g, 0, g, 0);
    TestArrays.assertSameBits(new double[] {0, 0, 0, 9, 9}, g, "relu'");
  }

  @Test
  void elementaryFunctionsAtTheirEnds() {
    double inf = Double.POSITIVE_INFINITY, nan = Double.NaN;
    assertSame(1, Elementary.exp(0.0));
    assertSame(1, Elementary.exp(-0.0));
    assertSame(inf, Elementary.exp(inf));
    assertSame(0, Elementary.exp(-inf));
    assertSame(nan, Elementary.exp(nan));
    assertSame(inf, Elementary.exp(709.79));
    assertSame(0, Elementary.exp(-745.14));
    assertSame(Double.MIN_VALUE, Elementary.exp(-745.13));
    assertSame(0, Elementary.log(1));
    assertSame(-inf, Elementary.log(0.0));
    assertSame(-inf, Elementary.log(-0.0));
    assertSame(nan, Elementary.log(-Double.MIN_VALUE));
    assertSame(inf, Elementary.log(inf));
    assertSame(nan, Elementary.log(nan));
    assertSame(0.5, Elementary.sigmoid(0));
    assertSame(1, Elementary.sigmoid(inf));
    assertSame(0, Elementary.sigmoid(-inf));
    assertSame(nan, Elementary.sigmoid(nan));
    assertSame(-0.0, Elementary.tanh(-0.0));
    assertSame(1, Elementary.tanh(inf));
    assertSame(-1, Elementary.tanh(-inf));
    assertSame(nan, Elementary.tanh(nan));
    assertSame(Double.MIN_VALUE, Elementary.tanh(Double.MIN_VALUE));
    assertSame(inf, Elementary.softplus(inf));
    assertSame(0, Elementary.softplus(-inf));
    assertSame(nan, Elementary.softplus(nan));
    assertSame(1e300, Elementary.softplus(1e300));
  }

  private static void assertSame(double expected, double actual) {
    assertTrue(TestArrays.same(expected, actual), "expected " + expected + ", found " + actual);
  }

  @Test
  void invalidArgumentsAreRejectedByName() {
    double[] x = new double[10];
    assertMessage("n: expected a size ≥ 0, found -1", () -> K.exp(-1, x, 0, x, 0));
    assertMessage("y overlaps x", () -> K.exp(5, x, 0, x, 1));
    assertMessage("C overlaps A", () -> K.matmul(2, 2, 2, x, 0, 2, new double[4], 0, 2, x, 3, 2));
    assertMessage("C overlaps B", () -> K.matmulTransposedB(2, 2, 2, new double[4], 0, 2, x, 0, 2, x, 3, 2));
    assertMessage("A: expected a row distance ≥ 3, the length of a row, found 2",
        () -> K.matmul(1, 1, 3, x, 0, 2, x, 0, 1, new double[1], 0, 1));
    assertMessage("k: expected a size ≥ 0, found -2",
        () -> K.matmulTransposedA(1, 1, -2, x, 0, 2, x, 0, 1, new double[1], 0, 1));
    IndexOutOfBoundsException e = assertThrows(IndexOutOfBoundsException.class, () -> K.sum(4, x, 7));
    assertEquals("x: elements 7 … 10 of an array of 10", e.getMessage());
    assertThrows(IndexOutOfBoundsException.class, () -> K.sum(1, x, -1));
    // 2¹⁶ × 2¹⁶ overflows an int, which the check must detect
    assertThrows(IndexOutOfBoundsException.class,
        () -> K.matmul(1 << 16, 1 << 16, 1, x, 0, 1, x, 0, 1 << 16, x, 0, 1 << 16));
  }

  private static void assertMessage(String part, Runnable call) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, call::run);
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }
}
