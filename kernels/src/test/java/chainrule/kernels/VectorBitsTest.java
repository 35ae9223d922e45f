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

/** Compares the vector kernels with the scalar ones, bit by bit, over shapes, offsets, strides and special values. */
class VectorBitsTest {

  @Property(tries = 4000, edgeCases = EdgeCasesMode.NONE)
  void everyElementwiseKernelAndReductionMatchesTheScalarOne(
      @ForAll KernelOperation operation, @ForAll("sizes") int cols, @ForAll @IntRange(max = 5) int rows,
      @ForAll @IntRange(max = 9) int xo, @ForAll @IntRange(max = 9) int yo, @ForAll @IntRange(max = 9) int zo,
      @ForAll boolean special, @ForAll long seed) {
    KernelOperation.Shape shape = KernelOperation.Shape.of(rows, cols, xo, yo, zo);
    // Room for the result of a reduction even if n = 0, and a margin that must not change.
    double[] x = TestArrays.random(shape.n() + xo + cols + 3, seed, special);
    double[] y = TestArrays.random(shape.n() + yo + cols + 3, seed + 1, special);
    double[] expected = TestArrays.random(shape.n() + zo + cols + rows + 3, seed + 2, special);
    double[] actual = expected.clone();
    operation.run.on(SCALAR, shape, x, y, expected);
    operation.run.on(VECTOR, shape, x, y, actual);
    TestArrays.assertSameBits(expected, actual, operation + " of " + shape);
  }

  @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
  void inPlaceResultsEqualThoseInASeparateArray(
      @ForAll("inPlace") KernelOperation operation, @ForAll("sizes") int cols,
      @ForAll @IntRange(min = 1, max = 4) int rows, @ForAll @IntRange(max = 9) int o, @ForAll boolean special,
      @ForAll long seed) {
    KernelOperation.Shape shape = KernelOperation.Shape.of(rows, cols, o, o, o);
    double[] x = TestArrays.random(shape.n() + o + 3, seed, special);
    double[] y = TestArrays.random(shape.n() + o + 3, seed + 1, special);
    double[] apart = x.clone();
    operation.run.on(SCALAR, shape, x, y, apart);
    double[] onX = x.clone();
    operation.run.on(VECTOR, shape, onX, y, onX);
    TestArrays.assertSameBits(apart, onX, operation + " in place of " + shape);
    double[] onXScalar = x.clone();
    operation.run.on(SCALAR, shape, onXScalar, y, onXScalar);
    TestArrays.assertSameBits(apart, onXScalar, operation + " in place of " + shape + ", scalar");
  }

  @Provide
  Arbitrary<KernelOperation> inPlace() {
    return Arbitraries.of(
        KernelOperation.MULTIPLY, KernelOperation.EXP, KernelOperation.LOG, KernelOperation.SIGMOID,
        KernelOperation.TANH, KernelOperation.SOFTPLUS, KernelOperation.RELU, KernelOperation.LEAKY_RELU,
        KernelOperation.ELU, KernelOperation.GELU, KernelOperation.SILU, KernelOperation.SIGMOID_GRADIENT,
        KernelOperation.TANH_GRADIENT, KernelOperation.RELU_GRADIENT, KernelOperation.LEAKY_RELU_GRADIENT,
        KernelOperation.ELU_GRADIENT, KernelOperation.GELU_GRADIENT, KernelOperation.SILU_GRADIENT,
        KernelOperation.SOFTPLUS_GRADIENT,
        KernelOperation.SOFTMAX, KernelOperation.SOFTMAX_GRADIENT);
  }

  @Property(tries = 2000, edgeCases = EdgeCasesMode.NONE)
  void everyMatrixProductMatchesTheScalarOne(
      @ForAll MatmulCase.Form form, @ForAll("sizes") int m, @ForAll("sizes") int n, @ForAll("depths") int k,
      @ForAll @IntRange(max = 9) int offset, @ForAll @IntRange(max = 5) int gap, @ForAll boolean special,
      @ForAll long seed) {
    MatmulCase p = new MatmulCase(form, m, n, k, offset, gap, special, seed);
    TestArrays.assertSameBits(p.on(SCALAR), p.on(VECTOR), p.toString());
  }

  /** 0, 1, lanes ± 1 and tiles ± 1 for every lane width (tiles are 4 or 8 rows, 3 vectors of columns), and more. */
  @Provide
  Arbitrary<Integer> sizes() {
    return Arbitraries.oneOf(
        Arbitraries.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 15, 16, 17, 23, 24, 25, 31, 32, 33, 47, 48, 49),
        Arbitraries.integers().between(0, 100));
  }

  /** The sizes, and lengths around multiples of 256. */
  @Provide
  Arbitrary<Integer> depths() {
    return Arbitraries.oneOf(sizes(), Arbitraries.of(255, 256, 257, 511, 512, 513, 600));
  }
}
