// SPDX-License-Identifier: MIT
package chainrule.kernels;

/**
 * {@link VectorKernels} that compute in scalar code while {@link ScalarStart} says so. Both give the same bits, so
 * {@link #scalar} may change at any time, even between two operations of one training step.
 */
final class StartingKernels extends ForwardingKernels {
  private static final ScalarKernels SCALAR = ScalarKernels.INSTANCE;

  /** Not volatile: a thread that sees a change late computes the same bits at another speed. */
  boolean scalar;

  StartingKernels(Kernels lanes) {
    super(lanes);
  }

  @Override public String name() {
    return base.name();
  }

  // ---------------------------------------------------------------- matrix products

  @Override public void matmul(
      int m, int n, int k, double[] a, int ao, int lda, double[] b, int bo, int ldb, double[] c, int co, int ldc) {
    if (scalar) SCALAR.matmul(m, n, k, a, ao, lda, b, bo, ldb, c, co, ldc);
    else base.matmul(m, n, k, a, ao, lda, b, bo, ldb, c, co, ldc);
  }

  @Override public void matmulTransposedA(
      int m, int n, int k, double[] a, int ao, int lda, double[] b, int bo, int ldb, double[] c, int co, int ldc) {
    if (scalar) SCALAR.matmulTransposedA(m, n, k, a, ao, lda, b, bo, ldb, c, co, ldc);
    else base.matmulTransposedA(m, n, k, a, ao, lda, b, bo, ldb, c, co, ldc);
  }

  @Override public void matmulTransposedB(
      int m, int n, int k, double[] a, int ao, int lda, double[] b, int bo, int ldb, double[] c, int co, int ldc) {
    if (scalar) SCALAR.matmulTransposedB(m, n, k, a, ao, lda, b, bo, ldb, c, co, ldc);
    else base.matmulTransposedB(m, n, k, a, ao, lda, b, bo, ldb, c, co, ldc);
  }

  @Override public void matmulTransposedAInRowBlocks(
      int m, int n, int k, double[] a, int ao, int lda, double[] b, int bo, int ldb, double[] c, int co, int ldc,
      RowBlockListener listener) {
    if (scalar) SCALAR.matmulTransposedAInRowBlocks(m, n, k, a, ao, lda, b, bo, ldb, c, co, ldc, listener);
    else base.matmulTransposedAInRowBlocks(m, n, k, a, ao, lda, b, bo, ldb, c, co, ldc, listener);
  }

  // ---------------------------------------------------------------- the other operations that base computes in lanes

  @Override public void multiply(int n, double[] a, int ao, double[] b, int bo, double[] c, int co) {
    if (scalar) SCALAR.multiply(n, a, ao, b, bo, c, co);
    else base.multiply(n, a, ao, b, bo, c, co);
  }

  @Override public void axpy(int n, double alpha, double[] x, int xo, double[] y, int yo) {
    if (scalar) SCALAR.axpy(n, alpha, x, xo, y, yo);
    else base.axpy(n, alpha, x, xo, y, yo);
  }

  @Override public void exp(int n, double[] x, int xo, double[] y, int yo) {
    if (scalar) SCALAR.exp(n, x, xo, y, yo);
    else base.exp(n, x, xo, y, yo);
  }

  @Override public void log(int n, double[] x, int xo, double[] y, int yo) {
    if (scalar) SCALAR.log(n, x, xo, y, yo);
    else base.log(n, x, xo, y, yo);
  }

  @Override public void sigmoid(int n, double[] x, int xo, double[] y, int yo) {
    if (scalar) SCALAR.sigmoid(n, x, xo, y, yo);
    else base.sigmoid(n, x, xo, y, yo);
  }

  @Override public void tanh(int n, double[] x, int xo, double[] y, int yo) {
    if (scalar) SCALAR.tanh(n, x, xo, y, yo);
    else base.tanh(n, x, xo, y, yo);
  }

  @Override public void softplus(int n, double[] x, int xo, double[] y, int yo) {
    if (scalar) SCALAR.softplus(n, x, xo, y, yo);
    else base.softplus(n, x, xo, y, yo);
  }

  @Override public void relu(int n, double[] x, int xo, double[] y, int yo) {
    if (scalar) SCALAR.relu(n, x, xo, y, yo);
    else base.relu(n, x, xo, y, yo);
  }

  @Override public void leakyRelu(int n, double epsilon, double[] x, int xo, double[] y, int yo) {
    if (scalar) SCALAR.leakyRelu(n, epsilon, x, xo, y, yo);
    else base.leakyRelu(n, epsilon, x, xo, y, yo);
  }

  @Override public void elu(int n, double alpha, double[] x, int xo, double[] y, int yo) {
    if (scalar) SCALAR.elu(n, alpha, x, xo, y, yo);
    else base.elu(n, alpha, x, xo, y, yo);
  }

  @Override public void gelu(int n, double[] x, int xo, double[] y, int yo) {
    if (scalar) SCALAR.gelu(n, x, xo, y, yo);
    else base.gelu(n, x, xo, y, yo);
  }

  @Override public void silu(int n, double[] x, int xo, double[] y, int yo) {
    if (scalar) SCALAR.silu(n, x, xo, y, yo);
    else base.silu(n, x, xo, y, yo);
  }

  @Override public void sigmoidGradient(int n, double[] a, int ao, double[] g, int go, double[] d, int dof) {
    if (scalar) SCALAR.sigmoidGradient(n, a, ao, g, go, d, dof);
    else base.sigmoidGradient(n, a, ao, g, go, d, dof);
  }

  @Override public void tanhGradient(int n, double[] a, int ao, double[] g, int go, double[] d, int dof) {
    if (scalar) SCALAR.tanhGradient(n, a, ao, g, go, d, dof);
    else base.tanhGradient(n, a, ao, g, go, d, dof);
  }

  @Override public void reluGradient(int n, double[] a, int ao, double[] g, int go, double[] d, int dof) {
    if (scalar) SCALAR.reluGradient(n, a, ao, g, go, d, dof);
    else base.reluGradient(n, a, ao, g, go, d, dof);
  }

  @Override public void leakyReluGradient(
      int n, double epsilon, double[] a, int ao, double[] g, int go, double[] d, int dof) {
    if (scalar) SCALAR.leakyReluGradient(n, epsilon, a, ao, g, go, d, dof);
    else base.leakyReluGradient(n, epsilon, a, ao, g, go, d, dof);
  }

  @Override public void eluGradient(int n, double alpha, double[] x, int xo, double[] g, int go, double[] d, int dof) {
    if (scalar) SCALAR.eluGradient(n, alpha, x, xo, g, go, d, dof);
    else base.eluGradient(n, alpha, x, xo, g, go, d, dof);
  }

  @Override public void geluGradient(int n, double[] x, int xo, double[] g, int go, double[] d, int dof) {
    if (scalar) SCALAR.geluGradient(n, x, xo, g, go, d, dof);
    else base.geluGradient(n, x, xo, g, go, d, dof);
  }

  @Override public void siluGradient(int n, double[] x, int xo, double[] g, int go, double[] d, int dof) {
    if (scalar) SCALAR.siluGradient(n, x, xo, g, go, d, dof);
    else base.siluGradient(n, x, xo, g, go, d, dof);
  }

  @Override public void softplusGradient(int n, double[] x, int xo, double[] g, int go, double[] d, int dof) {
    if (scalar) SCALAR.softplusGradient(n, x, xo, g, go, d, dof);
    else base.softplusGradient(n, x, xo, g, go, d, dof);
  }

  @Override public void columnSums(int rows, int cols, double[] x, int xo, double[] s, int so) {
    if (scalar) SCALAR.columnSums(rows, cols, x, xo, s, so);
    else base.columnSums(rows, cols, x, xo, s, so);
  }

  @Override public double sum(int n, double[] x, int xo) {
    if (scalar) return SCALAR.sum(n, x, xo);
    return base.sum(n, x, xo);
  }

  @Override public double dot(int n, double[] x, int xo, double[] y, int yo) {
    if (scalar) return SCALAR.dot(n, x, xo, y, yo);
    return base.dot(n, x, xo, y, yo);
  }

  @Override public double max(int n, double[] x, int xo) {
    if (scalar) return SCALAR.max(n, x, xo);
    return base.max(n, x, xo);
  }

  @Override public void softmax(int rows, int cols, double[] x, int xo, double[] y, int yo) {
    if (scalar) SCALAR.softmax(rows, cols, x, xo, y, yo);
    else base.softmax(rows, cols, x, xo, y, yo);
  }

  @Override public void softmaxGradient(
      int rows, int cols, double[] a, int ao, double[] g, int go, double[] d, int dof) {
    if (scalar) SCALAR.softmaxGradient(rows, cols, a, ao, g, go, d, dof);
    else base.softmaxGradient(rows, cols, a, ao, g, go, d, dof);
  }

  @Override public void logSumExp(int rows, int cols, double[] x, int xo, double[] y, int yo) {
    if (scalar) SCALAR.logSumExp(rows, cols, x, xo, y, yo);
    else base.logSumExp(rows, cols, x, xo, y, yo);
  }
}
