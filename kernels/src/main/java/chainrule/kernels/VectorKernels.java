// SPDX-License-Identifier: MIT
package chainrule.kernels;

import static chainrule.kernels.Lanes.COUNT;
import static chainrule.kernels.Lanes.D;
import static jdk.incubator.vector.DoubleVector.broadcast;
import static jdk.incubator.vector.DoubleVector.fromArray;

import jdk.incubator.vector.DoubleVector;

/**
 * {@link Kernels} in the SIMD lanes of the JDK's Vector API, as far as they need no masks. All other operations are
 * forwarded to {@link ScalarKernels}, or computed in lanes by the subclass {@link MaskedVectorKernels}.
 *
 * <p>Each loop processes whole vectors, then the remaining elements one by one, with the scalar code of {@link
 * ScalarKernels}. The results are bit-identical.
 */
class VectorKernels extends ForwardingKernels {
  static final ScalarKernels SCALAR = ScalarKernels.INSTANCE;

  /**
   * Scratch of one thread: blocks of exponentials, the stripes of a reduction, or the transposed rows of a softmax,
   * which need the most.
   */
  static final ThreadLocal<double[]> SCRATCH = ThreadLocal.withInitial(() -> new double[VectorSoftmax.SCRATCH]);

  VectorKernels() {
    super(SCALAR);
  }

  /** Returns the vector kernels for the lanes of this process. */
  static Kernels create() {
    OperatorProfile.mix();
    return Lanes.MASKS ? new MaskedVectorKernels() : new VectorKernels();
  }

  @Override public String name() {
    return "vector-" + Lanes.BITS;
  }

  // ---------------------------------------------------------------- matrix products: see the table in package-info

  @Override public void matmul(
      int m, int n, int k, double[] a, int ao, int lda, double[] b, int bo, int ldb, double[] c, int co, int ldc) {
    if (!VectorMatmul.isWorthLanes(m, n, k)) {
      SCALAR.matmul(m, n, k, a, ao, lda, b, bo, ldb, c, co, ldc);
      return;
    }
    Check.matmul(m, n, k, m, k, a, ao, lda, k, n, b, bo, ldb, c, co, ldc);
    VectorMatmul.multiply(m, n, k, a, ao, lda, false, b, bo, ldb, false, c, co, ldc);
  }

  @Override public void matmulTransposedA(
      int m, int n, int k, double[] a, int ao, int lda, double[] b, int bo, int ldb, double[] c, int co, int ldc) {
    if (!VectorMatmul.isWorthLanes(m, n, k)) {
      SCALAR.matmulTransposedA(m, n, k, a, ao, lda, b, bo, ldb, c, co, ldc);
      return;
    }
    Check.matmul(m, n, k, k, m, a, ao, lda, k, n, b, bo, ldb, c, co, ldc);
    VectorMatmul.multiply(m, n, k, a, ao, lda, true, b, bo, ldb, false, c, co, ldc);
  }

  @Override public void matmulTransposedAInRowBlocks(
      int m, int n, int k, double[] a, int ao, int lda, double[] b, int bo, int ldb, double[] c, int co, int ldc,
      RowBlockListener listener) {
    if (!VectorMatmul.isWorthRowBlocks(m, n, k)) {
      super.matmulTransposedAInRowBlocks(m, n, k, a, ao, lda, b, bo, ldb, c, co, ldc, listener);
      return;
    }
    Check.matmul(m, n, k, k, m, a, ao, lda, k, n, b, bo, ldb, c, co, ldc);
    VectorMatmul.inRowBlocks(m, n, k, a, ao, lda, b, bo, ldb, c, co, ldc, listener);
  }

  @Override public void matmulTransposedB(
      int m, int n, int k, double[] a, int ao, int lda, double[] b, int bo, int ldb, double[] c, int co, int ldc) {
    if (!VectorMatmul.isWorthLanes(m, n, k)) {
      SCALAR.matmulTransposedB(m, n, k, a, ao, lda, b, bo, ldb, c, co, ldc);
      return;
    }
    Check.matmul(m, n, k, m, k, a, ao, lda, n, k, b, bo, ldb, c, co, ldc);
    VectorMatmul.multiply(m, n, k, a, ao, lda, false, b, bo, ldb, true, c, co, ldc);
  }

  // ---------------------------------------------------------------- element-wise, vectorized by C2
  // C2 vectorizes these scalar loops itself and can start them where the stores are aligned, which we cannot. It gives
  // up on two arrays with different offsets, because they might overlap: so the loops below are written in lanes.

  @Override public void fill(int n, double value, double[] y, int yo) {
    SCALAR.fill(n, value, y, yo);
  }

  @Override public void scale(int n, double alpha, double[] x, int xo) {
    SCALAR.scale(n, alpha, x, xo);
  }

  @Override public void repeatRow(int rows, int cols, double[] row, int ro, double[] y, int yo) {
    SCALAR.repeatRow(rows, cols, row, ro, y, yo);
  }

  // ---------------------------------------------------------------- element-wise

  @Override public void multiply(int n, double[] a, int ao, double[] b, int bo, double[] c, int co) {
    Check.zip(n, "a", a, ao, "b", b, bo, "c", c, co);
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) fromArray(D, a, ao + i).mul(fromArray(D, b, bo + i)).intoArray(c, co + i);
    for (; i < n; i++) c[co + i] = a[ao + i] * b[bo + i];
  }

  @Override public void axpy(int n, double alpha, double[] x, int xo, double[] y, int yo) {
    Check.map(n, x, xo, y, yo);
    DoubleVector factor = broadcast(D, alpha);
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      factor.fma(fromArray(D, x, xo + i), fromArray(D, y, yo + i)).intoArray(y, yo + i);
    }
    for (; i < n; i++) y[yo + i] = Math.fma(alpha, x[xo + i], y[yo + i]);
  }

  @Override public void sigmoidGradient(int n, double[] a, int ao, double[] g, int go, double[] d, int dof) {
    Check.zip(n, "a", a, ao, "g", g, go, "d", d, dof);
    DoubleVector one = broadcast(D, 1);
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      DoubleVector v = fromArray(D, a, ao + i);
      fromArray(D, g, go + i).mul(v.mul(one.sub(v))).intoArray(d, dof + i);
    }
    for (; i < n; i++) d[dof + i] = g[go + i] * (a[ao + i] * (1 - a[ao + i]));
  }

  @Override public void tanhGradient(int n, double[] a, int ao, double[] g, int go, double[] d, int dof) {
    Check.zip(n, "a", a, ao, "g", g, go, "d", d, dof);
    DoubleVector one = broadcast(D, 1);
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      DoubleVector v = fromArray(D, a, ao + i);
      fromArray(D, g, go + i).mul(v.neg().fma(v, one)).intoArray(d, dof + i);
    }
    for (; i < n; i++) d[dof + i] = g[go + i] * Math.fma(-a[ao + i], a[ao + i], 1);
  }

  // ---------------------------------------------------------------- reductions

  @Override public void columnSums(int rows, int cols, double[] x, int xo, double[] s, int so) {
    Check.columnSums(rows, cols, x, xo, s, so);
    VectorReductions.columnSums(rows, cols, x, xo, s, so);
  }

  @Override public double sum(int n, double[] x, int xo) {
    if (n < VectorReductions.SHORT) return SCALAR.sum(n, x, xo); // needs no scratch
    Check.vector("x", n, x, xo);
    return VectorReductions.sum(n, x, xo, SCRATCH.get());
  }

  @Override public double dot(int n, double[] x, int xo, double[] y, int yo) {
    if (n < VectorReductions.SHORT) return SCALAR.dot(n, x, xo, y, yo);
    Check.vector("x", n, x, xo);
    Check.vector("y", n, y, yo);
    return VectorReductions.dot(n, x, xo, y, yo, SCRATCH.get());
  }

  @Override public double max(int n, double[] x, int xo) {
    Check.vector("x", n, x, xo);
    return VectorReductions.max(n, x, xo);
  }

  // ---------------------------------------------------------------- softmax

  @Override public void softmaxGradient(
      int rows, int cols, double[] a, int ao, double[] g, int go, double[] d, int dof) {
    Check.softmaxGradient(rows, cols, a, ao, g, go, d, dof);
    VectorSoftmax.softmaxGradient(rows, cols, a, ao, g, go, d, dof, SCRATCH.get());
  }
}
