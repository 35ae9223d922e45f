package chainrule.kernels;

import static chainrule.kernels.Lanes.COUNT;
import static chainrule.kernels.Lanes.D;
import static jdk.incubator.vector.DoubleVector.broadcast;
import static jdk.incubator.vector.DoubleVector.fromArray;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link Kernels} in SIMD lanes of the JDK's Vector API. Each loop takes whole vectors, then the elements left over one
 * by one with the same scalar text as {@link ScalarKernels}; the results are equal to the bit. Where lanes have no
 * masks, {@link MasklessKernels} stands in.
 */
class VectorKernels implements Kernels {
  private static final ScalarKernels SCALAR = ScalarKernels.INSTANCE;

  VectorKernels() {}

  static Kernels create() {
    OperatorProfile.mix();
    return Lanes.MASKS ? new VectorKernels() : new MasklessKernels();
  }

  @Override public String name() {
    return "vector-" + Lanes.BITS;
  }

  /** One thread's room for blocks of exponentials, the stripes of a reduction, or rows of a softmax (the most). */
  private static final ThreadLocal<double[]> SCRATCH = ThreadLocal.withInitial(() -> new double[VectorSoftmax.SCRATCH]);

  // ---------------------------------------------------------------- matrix products

  @Override public void matmul(
      int m, int n, int k, double[] a, int ao, int lda, double[] b, int bo, int ldb, double[] c, int co, int ldc) {
    if (!VectorMatmul.isWorthIt(m, n, k)) {
      SCALAR.matmul(m, n, k, a, ao, lda, b, bo, ldb, c, co, ldc);
      return;
    }
    Check.matmul(m, n, k, m, k, a, ao, lda, k, n, b, bo, ldb, c, co, ldc);
    VectorMatmul.multiply(m, n, k, a, ao, lda, false, b, bo, ldb, false, c, co, ldc);
  }

  @Override public void matmulTransposedA(
      int m, int n, int k, double[] a, int ao, int lda, double[] b, int bo, int ldb, double[] c, int co, int ldc) {
    if (!VectorMatmul.isWorthIt(m, n, k)) {
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
      Kernels.super.matmulTransposedAInRowBlocks(m, n, k, a, ao, lda, b, bo, ldb, c, co, ldc, listener);
      return;
    }
    Check.matmul(m, n, k, k, m, a, ao, lda, k, n, b, bo, ldb, c, co, ldc);
    VectorMatmul.inRowBlocks(m, n, k, a, ao, lda, b, bo, ldb, c, co, ldc, listener);
  }

  @Override public void matmulTransposedB(
      int m, int n, int k, double[] a, int ao, int lda, double[] b, int bo, int ldb, double[] c, int co, int ldc) {
    if (!VectorMatmul.isWorthIt(m, n, k)) {
      SCALAR.matmulTransposedB(m, n, k, a, ao, lda, b, bo, ldb, c, co, ldc);
      return;
    }
    Check.matmul(m, n, k, m, k, a, ao, lda, n, k, b, bo, ldb, c, co, ldc);
    VectorMatmul.multiply(m, n, k, a, ao, lda, false, b, bo, ldb, true, c, co, ldc);
  }

  // ---------------------------------------------------------------- element-wise, plain
  // C2 finds the lanes of these loops by itself, and can do what we cannot: begin where the stores are aligned. (Where
  // two arrays have offsets of their own it gives up, as it does not know whether they overlap; hence the loops below.)

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

  @Override public void exp(int n, double[] x, int xo, double[] y, int yo) {
    Check.map(n, x, xo, y, yo);
    VectorElementary.exp(n, x, xo, y, yo);
  }

  @Override public void log(int n, double[] x, int xo, double[] y, int yo) {
    Check.map(n, x, xo, y, yo);
    VectorElementary.log(n, x, xo, y, yo);
  }

  @Override public void sigmoid(int n, double[] x, int xo, double[] y, int yo) {
    Check.map(n, x, xo, y, yo);
    VectorElementary.sigmoid(n, x, xo, y, yo, SCRATCH.get());
  }

  @Override public void tanh(int n, double[] x, int xo, double[] y, int yo) {
    Check.map(n, x, xo, y, yo);
    VectorElementary.tanh(n, x, xo, y, yo, SCRATCH.get());
  }

  @Override public void softplus(int n, double[] x, int xo, double[] y, int yo) {
    Check.map(n, x, xo, y, yo);
    VectorElementary.softplus(n, x, xo, y, yo, SCRATCH.get());
  }

  @Override public void relu(int n, double[] x, int xo, double[] y, int yo) {
    Check.map(n, x, xo, y, yo);
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      DoubleVector v = fromArray(D, x, xo + i);
      v.blend(0.0, v.compare(VectorOperators.LE, 0.0)).intoArray(y, yo + i);
    }
    for (; i < n; i++) y[yo + i] = x[xo + i] <= 0 ? 0 : x[xo + i];
  }

  @Override public void leakyRelu(int n, double epsilon, double[] x, int xo, double[] y, int yo) {
    Check.map(n, x, xo, y, yo);
    VectorActivations.leakyRelu(n, epsilon, x, xo, y, yo);
  }

  @Override public void elu(int n, double alpha, double[] x, int xo, double[] y, int yo) {
    Check.map(n, x, xo, y, yo);
    VectorActivations.elu(n, alpha, x, xo, y, yo, SCRATCH.get());
  }

  @Override public void gelu(int n, double[] x, int xo, double[] y, int yo) {
    Check.map(n, x, xo, y, yo);
    VectorActivations.gelu(n, x, xo, y, yo, SCRATCH.get());
  }

  @Override public void silu(int n, double[] x, int xo, double[] y, int yo) {
    Check.map(n, x, xo, y, yo);
    VectorActivations.silu(n, x, xo, y, yo, SCRATCH.get());
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

  @Override public void reluGradient(int n, double[] a, int ao, double[] g, int go, double[] d, int dof) {
    Check.zip(n, "a", a, ao, "g", g, go, "d", d, dof);
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      DoubleVector v = fromArray(D, a, ao + i);
      fromArray(D, g, go + i).blend(0.0, v.compare(VectorOperators.LE, 0.0)).intoArray(d, dof + i);
    }
    for (; i < n; i++) d[dof + i] = a[ao + i] <= 0 ? 0 : g[go + i];
  }

  @Override public void leakyReluGradient(
      int n, double epsilon, double[] a, int ao, double[] g, int go, double[] d, int dof) {
    Check.zip(n, "a", a, ao, "g", g, go, "d", d, dof);
    VectorActivations.leakyReluGradient(n, epsilon, a, ao, g, go, d, dof);
  }

  @Override public void eluGradient(int n, double alpha, double[] x, int xo, double[] g, int go, double[] d, int dof) {
    Check.zip(n, "x", x, xo, "g", g, go, "d", d, dof);
    VectorActivations.eluGradient(n, alpha, x, xo, g, go, d, dof, SCRATCH.get());
  }

  @Override public void geluGradient(int n, double[] x, int xo, double[] g, int go, double[] d, int dof) {
    Check.zip(n, "x", x, xo, "g", g, go, "d", d, dof);
    VectorActivations.geluGradient(n, x, xo, g, go, d, dof, SCRATCH.get());
  }

  @Override public void siluGradient(int n, double[] x, int xo, double[] g, int go, double[] d, int dof) {
    Check.zip(n, "x", x, xo, "g", g, go, "d", d, dof);
    VectorActivations.siluGradient(n, x, xo, g, go, d, dof, SCRATCH.get());
  }

  @Override public void softplusGradient(int n, double[] x, int xo, double[] g, int go, double[] d, int dof) {
    Check.zip(n, "x", x, xo, "g", g, go, "d", d, dof);
    VectorActivations.softplusGradient(n, x, xo, g, go, d, dof, SCRATCH.get());
  }

  // ---------------------------------------------------------------- reductions

  @Override public void columnSums(int rows, int cols, double[] x, int xo, double[] s, int so) {
    Check.columnSums(rows, cols, x, xo, s, so);
    VectorReductions.columnSums(rows, cols, x, xo, s, so);
  }

  @Override public double sum(int n, double[] x, int xo) {
    Check.vector("x", n, x, xo);
    return VectorReductions.sum(n, x, xo, SCRATCH.get());
  }

  @Override public double dot(int n, double[] x, int xo, double[] y, int yo) {
    Check.vector("x", n, x, xo);
    Check.vector("y", n, y, yo);
    return VectorReductions.dot(n, x, xo, y, yo, SCRATCH.get());
  }

  @Override public double max(int n, double[] x, int xo) {
    Check.vector("x", n, x, xo);
    return VectorReductions.max(n, x, xo);
  }

  // ---------------------------------------------------------------- softmax

  @Override public void softmax(int rows, int cols, double[] x, int xo, double[] y, int yo) {
    if (VectorSoftmax.isTiny(rows, cols)) {
      SCALAR.softmax(rows, cols, x, xo, y, yo);
      return;
    }
    Check.mapRows(rows, cols, x, xo, y, yo);
    VectorSoftmax.softmax(rows, cols, x, xo, y, yo, SCRATCH.get());
  }

  @Override public void softmaxGradient(
      int rows, int cols, double[] a, int ao, double[] g, int go, double[] d, int dof) {
    Check.softmaxGradient(rows, cols, a, ao, g, go, d, dof);
    VectorSoftmax.softmaxGradient(rows, cols, a, ao, g, go, d, dof, SCRATCH.get());
  }

  @Override public void logSumExp(int rows, int cols, double[] x, int xo, double[] y, int yo) {
    if (VectorSoftmax.isTiny(rows, cols)) {
      SCALAR.logSumExp(rows, cols, x, xo, y, yo);
      return;
    }
    Check.reduceRows(rows, cols, x, xo, y, yo);
    VectorSoftmax.logSumExp(rows, cols, x, xo, y, yo, SCRATCH.get());
  }
}
