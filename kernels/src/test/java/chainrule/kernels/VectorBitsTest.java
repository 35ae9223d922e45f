package chainrule.kernels;

import static chainrule.kernels.Subjects.SCALAR;
import static chainrule.kernels.Subjects.VECTOR;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Vector lanes give the bits of the scalar definition, for every kernel, shape, offset, stride and special value. */
class VectorBitsTest {

  @Property(tries = 4000, edgeCases = EdgeCasesMode.NONE)
  void everyElementwiseKernelAndReductionHasTheScalarBits(
      @ForAll Operation operation, @ForAll("sizes") int cols, @ForAll @IntRange(max = 5) int rows,
      @ForAll @IntRange(max = 9) int xo, @ForAll @IntRange(max = 9) int yo, @ForAll @IntRange(max = 9) int zo,
      @ForAll boolean special, @ForAll long seed) {
    Operation.Shape shape = Operation.Shape.of(rows, cols, xo, yo, zo);
    // Room for the result of a reduction even where n = 0, and a margin that must stay as it was.
    double[] x = Buffers.random(shape.n() + xo + cols + 3, seed, special);
    double[] y = Buffers.random(shape.n() + yo + cols + 3, seed + 1, special);
    double[] expected = Buffers.random(shape.n() + zo + cols + rows + 3, seed + 2, special);
    double[] actual = expected.clone();
    operation.run.on(SCALAR, shape, x, y, expected);
    operation.run.on(VECTOR, shape, x, y, actual);
    Buffers.assertSameBits(expected, actual, operation + " of " + shape);
  }

  @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
  void writingWhereItReadsChangesNothing(
      @ForAll("inPlace") Operation operation, @ForAll("sizes") int cols, @ForAll @IntRange(min = 1, max = 4) int rows,
      @ForAll @IntRange(max = 9) int o, @ForAll boolean special, @ForAll long seed) {
    Operation.Shape shape = Operation.Shape.of(rows, cols, o, o, o);
    double[] x = Buffers.random(shape.n() + o + 3, seed, special);
    double[] y = Buffers.random(shape.n() + o + 3, seed + 1, special);
    double[] apart = x.clone();
    operation.run.on(SCALAR, shape, x, y, apart);
    double[] onX = x.clone();
    operation.run.on(VECTOR, shape, onX, y, onX);
    Buffers.assertSameBits(apart, onX, operation + " in place of " + shape);
    double[] onXScalar = x.clone();
    operation.run.on(SCALAR, shape, onXScalar, y, onXScalar);
    Buffers.assertSameBits(apart, onXScalar, operation + " in place of " + shape + ", scalar");
  }

  @Provide
  Arbitrary<Operation> inPlace() {
    return Arbitraries.of(
        Operation.MULTIPLY, Operation.EXP, Operation.LOG, Operation.SIGMOID, Operation.TANH, Operation.SOFTPLUS,
        Operation.RELU, Operation.LEAKY_RELU, Operation.ELU, Operation.GELU, Operation.SILU,
        Operation.SIGMOID_GRADIENT, Operation.TANH_GRADIENT, Operation.RELU_GRADIENT, Operation.LEAKY_RELU_GRADIENT,
        Operation.ELU_GRADIENT, Operation.GELU_GRADIENT, Operation.SILU_GRADIENT, Operation.SOFTPLUS_GRADIENT,
        Operation.SOFTMAX, Operation.SOFTMAX_GRADIENT);
  }

  @Property(tries = 2000, edgeCases = EdgeCasesMode.NONE)
  void everyMatrixProductHasTheScalarBits(
      @ForAll Products.Form form, @ForAll("sizes") int m, @ForAll("sizes") int n, @ForAll("depths") int k,
      @ForAll @IntRange(max = 9) int offset, @ForAll @IntRange(max = 5) int gap, @ForAll boolean special,
      @ForAll long seed) {
    Products p = new Products(form, m, n, k, offset, gap, special, seed);
    Buffers.assertSameBits(p.on(SCALAR), p.on(VECTOR), p.toString());
  }

  /** 0, 1, lanes ± 1 and tiles ± 1 for every lane width (tiles are 4 or 8 rows, 3 vectors of columns), and more. */
  @Provide
  Arbitrary<Integer> sizes() {
    return Arbitraries.oneOf(
        Arbitraries.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 15, 16, 17, 23, 24, 25, 31, 32, 33, 47, 48, 49),
        Arbitraries.integers().between(0, 100));
  }

  /** As sizes, with the ends of a block of the sum (256). */
  @Provide
  Arbitrary<Integer> depths() {
    return Arbitraries.oneOf(sizes(), Arbitraries.of(255, 256, 257, 511, 512, 513, 600));
  }
}
