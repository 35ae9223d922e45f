// SPDX-License-Identifier: MIT
package chainrule.bench;

import chainrule.kernels.Kernels;
import chainrule.kernels.ScalarKernels;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops that elementary kernels are compared with: plain loops over {@code Math}, and the functions of the Vector
 * API. Each loop has a separate method, so that the profile of one does not slow down another.
 */
public final class MathLoops {
  private MathLoops() {}

  public interface Kernel {
    void run(Kernels k, int n, double[] x, double[] g, double[] y);
  }

  public interface Loop {
    void run(int n, double[] x, double[] g, double[] y);
  }

  public interface LanewiseLoop {
    void run(int n, double[] x, double[] y);
  }

  /** An element-wise function, measured on arguments in [from, to). g is the gradient to propagate. */
  public enum Function {
    EXP(-20, 20, (k, n, x, g, y) -> k.exp(n, x, 0, y, 0), MathLoops::exp, MathLoops::lanewiseExp),
    LOG(0, 100, (k, n, x, g, y) -> k.log(n, x, 0, y, 0), MathLoops::log, MathLoops::lanewiseLog),
    SIGMOID(-10, 10, (k, n, x, g, y) -> k.sigmoid(n, x, 0, y, 0), MathLoops::sigmoid, null),
    TANH(-5, 5, (k, n, x, g, y) -> k.tanh(n, x, 0, y, 0), MathLoops::tanh, MathLoops::lanewiseTanh),
    SOFTPLUS(-10, 10, (k, n, x, g, y) -> k.softplus(n, x, 0, y, 0), MathLoops::softplus, null),
    RELU(-1, 1, (k, n, x, g, y) -> k.relu(n, x, 0, y, 0), MathLoops::relu, null),
    SIGMOID_GRADIENT(
        0, 1, (k, n, x, g, y) -> k.sigmoidGradient(n, x, 0, g, 0, y, 0), MathLoops::sigmoidGradient, null),
    TANH_GRADIENT(-1, 1, (k, n, x, g, y) -> k.tanhGradient(n, x, 0, g, 0, y, 0), MathLoops::tanhGradient, null),
    RELU_GRADIENT(-1, 1, (k, n, x, g, y) -> k.reluGradient(n, x, 0, g, 0, y, 0), MathLoops::reluGradient, null),
    LEAKY_RELU(-1, 1, (k, n, x, g, y) -> k.leakyRelu(n, 0.01, x, 0, y, 0), MathLoops::leakyRelu, null),
    LEAKY_RELU_GRADIENT(
        -1, 1, (k, n, x, g, y) -> k.leakyReluGradient(n, 0.01, x, 0, g, 0, y, 0), MathLoops::leakyReluGradient, null),
    ELU(-5, 5, (k, n, x, g, y) -> k.elu(n, 0.7, x, 0, y, 0), MathLoops::elu, null),
    ELU_GRADIENT(-5, 5, (k, n, x, g, y) -> k.eluGradient(n, 0.7, x, 0, g, 0, y, 0), MathLoops::eluGradient, null),
    SILU(-10, 10, (k, n, x, g, y) -> k.silu(n, x, 0, y, 0), MathLoops::silu, null),
    SILU_GRADIENT(-10, 10, (k, n, x, g, y) -> k.siluGradient(n, x, 0, g, 0, y, 0), MathLoops::siluGradient, null),
    GELU(-5, 5, (k, n, x, g, y) -> k.gelu(n, x, 0, y, 0), MathLoops::gelu, null),
    GELU_GRADIENT(-5, 5, (k, n, x, g, y) -> k.geluGradient(n, x, 0, g, 0, y, 0), MathLoops::geluGradient, null),
    SOFTPLUS_GRADIENT(
        -10, 10, (k, n, x, g, y) -> k.softplusGradient(n, x, 0, g, 0, y, 0), MathLoops::softplusGradient, null);

    final double from, to;
    final Kernel kernel;
    final Loop math;
    final LanewiseLoop lanewise;

    Function(double from, double to, Kernel kernel, Loop math, LanewiseLoop lanewise) {
      this.from = from;
      this.to = to;
      this.kernel = kernel;
      this.math = math;
      this.lanewise = lanewise;
    }
  }

  public interface RowKernel {
    void run(Kernels k, int rows, int cols, double[] x, double[] g, double[] y);
  }

  public interface RowLoop {
    void run(int rows, int cols, double[] x, double[] g, double[] y);
  }

  /** A function of each row. */
  public enum Rows {
    SOFTMAX(-5, 5, (k, rows, cols, x, g, y) -> k.softmax(rows, cols, x, 0, y, 0), MathLoops::softmax),
    SOFTMAX_GRADIENT(
        0, 1, (k, rows, cols, x, g, y) -> k.softmaxGradient(rows, cols, x, 0, g, 0, y, 0),
        MathLoops::softmaxGradient),
    LOG_SUM_EXP(-5, 5, (k, rows, cols, x, g, y) -> k.logSumExp(rows, cols, x, 0, y, 0), MathLoops::logSumExp);

    final double from, to;
    final RowKernel kernel;
    final RowLoop math;

    Rows(double from, double to, RowKernel kernel, RowLoop math) {
      this.from = from;
      this.to = to;
      this.kernel = kernel;
      this.math = math;
    }
  }

  // ---------------------------------------------------------------- with Math

  static void exp(int n, double[] x, double[] g, double[] y) {
    for (int i = 0; i < n; i++) y[i] = Math.exp(x[i]);
  }

  static void log(int n, double[] x, double[] g, double[] y) {
    for (int i = 0; i < n; i++) y[i] = Math.log(x[i]);
  }

  static void sigmoid(int n, double[] x, double[] g, double[] y) {
    for (int i = 0; i < n; i++) y[i] = 1 / (1 + Math.exp(-x[i]));
  }

  static void tanh(int n, double[] x, double[] g, double[] y) {
    for (int i = 0; i < n; i++) y[i] = Math.tanh(x[i]);
  }

  static void softplus(int n, double[] x, double[] g, double[] y) {
    for (int i = 0; i < n; i++) y[i] = Math.max(x[i], 0) + Math.log1p(Math.exp(-Math.abs(x[i])));
  }

  static void relu(int n, double[] x, double[] g, double[] y) {
    for (int i = 0; i < n; i++) y[i] = Math.max(x[i], 0);
  }

  static void sigmoidGradient(int n, double[] a, double[] g, double[] d) {
    for (int i = 0; i < n; i++) d[i] = g[i] * (a[i] * (1 - a[i]));
  }

  static void tanhGradient(int n, double[] a, double[] g, double[] d) {
    for (int i = 0; i < n; i++) d[i] = g[i] * (1 - a[i] * a[i]);
  }

  static void reluGradient(int n, double[] a, double[] g, double[] d) {
    for (int i = 0; i < n; i++) d[i] = a[i] > 0 ? g[i] : 0;
  }

  static void leakyRelu(int n, double[] x, double[] g, double[] y) {
    for (int i = 0; i < n; i++) y[i] = Math.max(0.01 * x[i], x[i]);
  }

  static void leakyReluGradient(int n, double[] a, double[] g, double[] d) {
    for (int i = 0; i < n; i++) d[i] = a[i] > 0 ? g[i] : 0.01 * g[i];
  }

  static void elu(int n, double[] x, double[] g, double[] y) {
    for (int i = 0; i < n; i++) y[i] = x[i] > 0 ? x[i] : 0.7 * Math.expm1(x[i]);
  }

  static void eluGradient(int n, double[] x, double[] g, double[] d) {
    for (int i = 0; i < n; i++) d[i] = x[i] > 0 ? g[i] : g[i] * (0.7 * Math.exp(x[i]));
  }

  static void silu(int n, double[] x, double[] g, double[] y) {
    for (int i = 0; i < n; i++) y[i] = x[i] / (1 + Math.exp(-x[i]));
  }

  static void siluGradient(int n, double[] x, double[] g, double[] d) {
    for (int i = 0; i < n; i++) {
      double s = 1 / (1 + Math.exp(-x[i]));
      d[i] = g[i] * (s + x[i] * s * (1 - s));
    }
  }

  static void softplusGradient(int n, double[] x, double[] g, double[] d) {
    for (int i = 0; i < n; i++) d[i] = g[i] / (1 + Math.exp(-x[i]));
  }

  /** {@code Math} has no erf, so this is the scalar kernel. */
  static void gelu(int n, double[] x, double[] g, double[] y) {
    ScalarKernels.INSTANCE.gelu(n, x, 0, y, 0);
  }

  /** The scalar kernel, like {@link #gelu}. */
  static void geluGradient(int n, double[] x, double[] g, double[] d) {
    ScalarKernels.INSTANCE.geluGradient(n, x, 0, g, 0, d, 0);
  }

  static void softmax(int rows, int cols, double[] x, double[] g, double[] y) {
    for (int i = 0; i < rows * cols; i += cols) {
      double m = Double.NEGATIVE_INFINITY, total = 0;
      for (int j = i; j < i + cols; j++) m = Math.max(m, x[j]);
      for (int j = i; j < i + cols; j++) total += y[j] = Math.exp(x[j] - m);
      for (int j = i; j < i + cols; j++) y[j] /= total;
    }
  }

  static void softmaxGradient(int rows, int cols, double[] a, double[] g, double[] d) {
    for (int i = 0; i < rows * cols; i += cols) {
      double mean = 0;
      for (int j = i; j < i + cols; j++) mean += a[j] * g[j];
      for (int j = i; j < i + cols; j++) d[j] = a[j] * (g[j] - mean);
    }
  }

  static void logSumExp(int rows, int cols, double[] x, double[] g, double[] y) {
    for (int i = 0; i < rows; i++) {
      double m = Double.NEGATIVE_INFINITY, total = 0;
      for (int j = i * cols; j < (i + 1) * cols; j++) m = Math.max(m, x[j]);
      for (int j = i * cols; j < (i + 1) * cols; j++) total += Math.exp(x[j] - m);
      y[i] = m + Math.log(total);
    }
  }

  // ---------------------------------------------------------------- with the functions of the Vector API

  private static final VectorSpecies<Double> D = DoubleVector.SPECIES_PREFERRED;

  static void lanewiseExp(int n, double[] x, double[] y) {
    int i = 0;
    for (; i <= n - D.length(); i += D.length()) {
      DoubleVector.fromArray(D, x, i).lanewise(VectorOperators.EXP).intoArray(y, i);
    }
    for (; i < n; i++) y[i] = Math.exp(x[i]);
  }

  static void lanewiseLog(int n, double[] x, double[] y) {
    int i = 0;
    for (; i <= n - D.length(); i += D.length()) {
      DoubleVector.fromArray(D, x, i).lanewise(VectorOperators.LOG).intoArray(y, i);
    }
    for (; i < n; i++) y[i] = Math.log(x[i]);
  }

  static void lanewiseTanh(int n, double[] x, double[] y) {
    int i = 0;
    for (; i <= n - D.length(); i += D.length()) {
      DoubleVector.fromArray(D, x, i).lanewise(VectorOperators.TANH).intoArray(y, i);
    }
    for (; i < n; i++) y[i] = Math.tanh(x[i]);
  }
}
