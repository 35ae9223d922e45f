// SPDX-License-Identifier: MIT
package chainrule.kernels;

import static chainrule.kernels.Lanes.COUNT;
import static chainrule.kernels.Lanes.D;
import static jdk.incubator.vector.DoubleVector.fromArray;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link VectorKernels} that also compute the remaining operations in lanes: those that select between values lane by
 * lane, and so need masks. They are used where masks live in registers ({@link Lanes#MASKS}); elsewhere scalar code is
 * faster.
 */
final class MaskedVectorKernels extends VectorKernels {

  // ---------------------------------------------------------------- element-wise

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
    VectorActivations.eluGradient(n, alpha, x, xo, g, go, d, dof);
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

  // ---------------------------------------------------------------- softmax

  @Override public void softmax(int rows, int cols, double[] x, int xo, double[] y, int yo) {
    if (VectorSoftmax.isTiny(rows, cols)) {
      SCALAR.softmax(rows, cols, x, xo, y, yo);
      return;
    }
    Check.mapRows(rows, cols, x, xo, y, yo);
    VectorSoftmax.softmax(rows, cols, x, xo, y, yo, SCRATCH.get());
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
