// SPDX-License-Identifier: MIT
package chainrule.kernels;

/**
 * Forwards every operation except the matrix products to other kernels. A subclass defines the products and overrides
 * the operations that it computes in another way.
 */
abstract class ForwardingKernels implements Kernels {
  /** The kernels that compute what a subclass does not override. */
  final Kernels base;

  ForwardingKernels(Kernels base) {
    this.base = base;
  }

  @Override public void fill(int n, double value, double[] y, int yo) {
    base.fill(n, value, y, yo);
  }

  @Override public void repeatRow(int rows, int cols, double[] row, int ro, double[] y, int yo) {
    base.repeatRow(rows, cols, row, ro, y, yo);
  }

  @Override public void multiply(int n, double[] a, int ao, double[] b, int bo, double[] c, int co) {
    base.multiply(n, a, ao, b, bo, c, co);
  }

  @Override public void axpy(int n, double alpha, double[] x, int xo, double[] y, int yo) {
    base.axpy(n, alpha, x, xo, y, yo);
  }

  @Override public void scale(int n, double alpha, double[] x, int xo) {
    base.scale(n, alpha, x, xo);
  }

  @Override public void exp(int n, double[] x, int xo, double[] y, int yo) {
    base.exp(n, x, xo, y, yo);
  }

  @Override public void log(int n, double[] x, int xo, double[] y, int yo) {
    base.log(n, x, xo, y, yo);
  }

  @Override public void sigmoid(int n, double[] x, int xo, double[] y, int yo) {
    base.sigmoid(n, x, xo, y, yo);
  }

  @Override public void tanh(int n, double[] x, int xo, double[] y, int yo) {
    base.tanh(n, x, xo, y, yo);
  }

  @Override public void softplus(int n, double[] x, int xo, double[] y, int yo) {
    base.softplus(n, x, xo, y, yo);
  }

  @Override public void relu(int n, double[] x, int xo, double[] y, int yo) {
    base.relu(n, x, xo, y, yo);
  }

  @Override public void leakyRelu(int n, double epsilon, double[] x, int xo, double[] y, int yo) {
    base.leakyRelu(n, epsilon, x, xo, y, yo);
  }

  @Override public void elu(int n, double alpha, double[] x, int xo, double[] y, int yo) {
    base.elu(n, alpha, x, xo, y, yo);
  }

  @Override public void gelu(int n, double[] x, int xo, double[] y, int yo) {
    base.gelu(n, x, xo, y, yo);
  }

  @Override public void silu(int n, double[] x, int xo, double[] y, int yo) {
    base.silu(n, x, xo, y, yo);
  }

  @Override public void sigmoidGradient(int n, double[] a, int ao, double[] g, int go, double[] d, int dof) {
    base.sigmoidGradient(n, a, ao, g, go, d, dof);
  }

  @Override public void tanhGradient(int n, double[] a, int ao, double[] g, int go, double[] d, int dof) {
    base.tanhGradient(n, a, ao, g, go, d, dof);
  }

  @Override public void reluGradient(int n, double[] a, int ao, double[] g, int go, double[] d, int dof) {
    base.reluGradient(n, a, ao, g, go, d, dof);
  }

  @Override public void leakyReluGradient(
      int n, double epsilon, double[] a, int ao, double[] g, int go, double[] d, int dof) {
    base.leakyReluGradient(n, epsilon, a, ao, g, go, d, dof);
  }

  @Override public void eluGradient(int n, double alpha, double[] x, int xo, double[] g, int go, double[] d, int dof) {
    base.eluGradient(n, alpha, x, xo, g, go, d, dof);
  }

  @Override public void geluGradient(int n, double[] x, int xo, double[] g, int go, double[] d, int dof) {
    base.geluGradient(n, x, xo, g, go, d, dof);
  }

  @Override public void siluGradient(int n, double[] x, int xo, double[] g, int go, double[] d, int dof) {
    base.siluGradient(n, x, xo, g, go, d, dof);
  }

  @Override public void softplusGradient(int n, double[] x, int xo, double[] g, int go, double[] d, int dof) {
    base.softplusGradient(n, x, xo, g, go, d, dof);
  }

  @Override public void columnSums(int rows, int cols, double[] x, int xo, double[] s, int so) {
    base.columnSums(rows, cols, x, xo, s, so);
  }

  @Override public double sum(int n, double[] x, int xo) {
    return base.sum(n, x, xo);
  }

  @Override public double dot(int n, double[] x, int xo, double[] y, int yo) {
    return base.dot(n, x, xo, y, yo);
  }

  @Override public double max(int n, double[] x, int xo) {
    return base.max(n, x, xo);
  }

  @Override public void softmax(int rows, int cols, double[] x, int xo, double[] y, int yo) {
    base.softmax(rows, cols, x, xo, y, yo);
  }

  @Override public void softmaxGradient(
      int rows, int cols, double[] a, int ao, double[] g, int go, double[] d, int dof) {
    base.softmaxGradient(rows, cols, a, ao, g, go, d, dof);
  }

  @Override public void logSumExp(int rows, int cols, double[] x, int xo, double[] y, int yo) {
    base.logSumExp(rows, cols, x, xo, y, yo);
  }

  @Override public String toString() {
    return name() + " kernels, " + threads() + (threads() == 1 ? " thread" : " threads");
  }
}
