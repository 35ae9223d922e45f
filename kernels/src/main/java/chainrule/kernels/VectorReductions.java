package chainrule.kernels;

import static chainrule.kernels.Lanes.COUNT;
import static chainrule.kernels.Lanes.D;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The eight stripes of {@link Kernels#sum} in registers: one of 512 bits, two of 256 or four of 128.
 *
 * <pre>
 *   512:  v0 = s0 … s7          256:  v0 = s0 … s3, v1 = s4 … s7          128:  v0 = s0 s1, … v3 = s6 s7
 * </pre>
 *
 * Whole groups of eight go through the registers; then the stripes are written to the caller's s [8], take what is left
 * over one by one, and the tree joins them.
 */
final class VectorReductions {
  private VectorReductions() {}

  static final int STRIPES = 8;

  /**
   * Below so many elements the scalar stripes are done sooner (and C2 keeps the registers of a loop that hardly runs
   * as objects).
   */
  private static final int SHORT = 32;

  static double sum(int n, double[] x, int xo, double[] s) {
    if (n < SHORT) return ScalarKernels.INSTANCE.sum(n, x, xo);
    DoubleVector v0 = DoubleVector.zero(D), v1 = v0, v2 = v0, v3 = v0;
    int i = 0;
    for (; i <= n - STRIPES; i += STRIPES) {
      v0 = v0.add(DoubleVector.fromArray(D, x, xo + i));
      if (COUNT <= 4) v1 = v1.add(DoubleVector.fromArray(D, x, xo + i + COUNT));
      if (COUNT == 2) {
        v2 = v2.add(DoubleVector.fromArray(D, x, xo + i + 4));
        v3 = v3.add(DoubleVector.fromArray(D, x, xo + i + 6));
      }
    }
    v0.intoArray(s, 0);
    if (COUNT <= 4) v1.intoArray(s, COUNT);
    if (COUNT == 2) {
      v2.intoArray(s, 4);
      v3.intoArray(s, 6);
    }
    for (int j = 0; i < n; i++, j++) s[j] += x[xo + i];
    return tree(s, 0);
  }

  static double dot(int n, double[] x, int xo, double[] y, int yo, double[] s) {
    if (n < SHORT) return ScalarKernels.INSTANCE.dot(n, x, xo, y, yo);
    DoubleVector v0 = DoubleVector.zero(D), v1 = v0, v2 = v0, v3 = v0;
    int i = 0;
    for (; i <= n - STRIPES; i += STRIPES) {
      v0 = DoubleVector.fromArray(D, x, xo + i).fma(DoubleVector.fromArray(D, y, yo + i), v0);
      if (COUNT <= 4) {
        v1 = DoubleVector.fromArray(D, x, xo + i + COUNT).fma(DoubleVector.fromArray(D, y, yo + i + COUNT), v1);
      }
      if (COUNT == 2) {
        v2 = DoubleVector.fromArray(D, x, xo + i + 4).fma(DoubleVector.fromArray(D, y, yo + i + 4), v2);
        v3 = DoubleVector.fromArray(D, x, xo + i + 6).fma(DoubleVector.fromArray(D, y, yo + i + 6), v3);
      }
    }
    v0.intoArray(s, 0);
    if (COUNT <= 4) v1.intoArray(s, COUNT);
    if (COUNT == 2) {
      v2.intoArray(s, 4);
      v3.intoArray(s, 6);
    }
    for (int j = 0; i < n; i++, j++) s[j] = Math.fma(x[xo + i], y[yo + i], s[j]);
    return tree(s, 0);
  }

  /**
   * Σ e^(x−m). scratch [BLOCK + 8] holds the exponentials of one block, and behind them the stripes; a block is a
   * multiple of eight, so each begins at stripe 0.
   */
  static double sumExp(int n, double[] x, int xo, double m, double[] scratch) {
    int stripes = VectorElementary.BLOCK;
    for (int j = 0; j < STRIPES; j++) scratch[stripes + j] = 0;
    for (int from = 0; from < n; from += VectorElementary.BLOCK) {
      int size = Math.min(VectorElementary.BLOCK, n - from);
      VectorElementary.expMinus(size, m, x, xo + from, scratch, 0);
      for (int i = 0; i < size; i++) scratch[stripes + (i & (STRIPES - 1))] += scratch[i];
    }
    return tree(scratch, stripes);
  }

  private static double tree(double[] s, int o) {
    return ScalarKernels.tree(s[o], s[o + 1], s[o + 2], s[o + 3], s[o + 4], s[o + 5], s[o + 6], s[o + 7]);
  }

  static double max(int n, double[] x, int xo) {
    double m = Double.NEGATIVE_INFINITY;
    int i = 0;
    if (n >= COUNT) {
      DoubleVector v = DoubleVector.broadcast(D, m);
      for (; i <= n - COUNT; i += COUNT) v = v.lanewise(VectorOperators.MAX, DoubleVector.fromArray(D, x, xo + i));
      m = v.reduceLanes(VectorOperators.MAX);
    }
    for (; i < n; i++) m = Math.max(m, x[xo + i]);
    return m;
  }
}
