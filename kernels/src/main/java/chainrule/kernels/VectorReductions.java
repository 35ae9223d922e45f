// SPDX-License-Identifier: MIT
package chainrule.kernels;

import static chainrule.kernels.Lanes.COUNT;
import static chainrule.kernels.Lanes.D;
import static chainrule.kernels.Lanes.L;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The eight stripes of {@link Kernels#sum} in registers: one of 512 bits, two of 256 or four of 128.
 *
 * <pre>
 *   512:  v0 = s0 … s7          256:  v0 = s0 … s3, v1 = s4 … s7          128:  v0 = s0 s1, … v3 = s6 s7
 * </pre>
 *
 * Whole groups of eight elements are added in registers. Then the stripes are stored in the caller's s [8], the
 * remaining elements are added to them one by one, and the tree joins them.
 */
final class VectorReductions {
  private VectorReductions() {}

  static final int STRIPES = 8;

  /**
   * The number of elements below which scalar stripes are faster. (C2 also allocates the vectors of a loop that rarely
   * runs as objects.)
   */
  static final int SHORT = 32;

  /** {@link Kernels#sum}; s is scratch [STRIPES]. */
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

  /** {@link Kernels#dot}; s is scratch [STRIPES]. */
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

  private static double tree(double[] s, int o) {
    return ScalarKernels.tree(s[o], s[o + 1], s[o + 2], s[o + 3], s[o + 4], s[o + 5], s[o + 6], s[o + 7]);
  }

  /** {@link Kernels#max}. */
  static double max(int n, double[] x, int xo) {
    // so that each loop runs: C2 may leave objects in one that does not (15 elements, 4 lanes, one start of eighteen)
    if (n < (COUNT == 8 ? 2 : 4) * COUNT) return ScalarKernels.INSTANCE.max(n, x, xo);
    return COUNT == 8 ? maxOfBits(n, x, xo) : maxOfLanes(n, x, xo);
  }

  /**
   * Takes the maximum in four independent chains, to hide latency. Java's maximum is one instruction on 64-bit ARM and
   * several on x86.
   */
  private static double maxOfLanes(int n, double[] x, int xo) {
    DoubleVector v0 = DoubleVector.broadcast(D, Double.NEGATIVE_INFINITY), v1 = v0, v2 = v0, v3 = v0;
    int i = 0;
    for (; i <= n - 4 * COUNT; i += 4 * COUNT) {
      v0 = v0.max(DoubleVector.fromArray(D, x, xo + i));
      v1 = v1.max(DoubleVector.fromArray(D, x, xo + i + COUNT));
      v2 = v2.max(DoubleVector.fromArray(D, x, xo + i + 2 * COUNT));
      v3 = v3.max(DoubleVector.fromArray(D, x, xo + i + 3 * COUNT));
    }
    for (; i <= n - COUNT; i += COUNT) v0 = v0.max(DoubleVector.fromArray(D, x, xo + i));
    double m = v0.max(v1).max(v2.max(v3)).reduceLanes(VectorOperators.MAX);
    for (; i < n; i++) m = Math.max(m, x[xo + i]);
    return m;
  }

  /**
   * Takes the maximum of the bits as integers, which is one instruction of AVX-512 (1.6 to 2 times as fast as {@link
   * #maxOfLanes} there). Among numbers without a sign bit, the largest has the largest bits. If all have a sign bit,
   * the largest has the smallest bits. Without the sign bit, only a NaN has bits above those of ∞.
   */
  private static double maxOfBits(int n, double[] x, int xo) {
    LongVector noSign = LongVector.broadcast(L, Long.MAX_VALUE);
    LongVector most0 = LongVector.broadcast(L, Long.MIN_VALUE), least0 = noSign, size0 = most0;
    LongVector most1 = most0, least1 = least0, size1 = size0;
    int i = 0;
    for (; i <= n - 2 * COUNT; i += 2 * COUNT) {
      LongVector v0 = DoubleVector.fromArray(D, x, xo + i).reinterpretAsLongs();
      LongVector v1 = DoubleVector.fromArray(D, x, xo + i + COUNT).reinterpretAsLongs();
      most0 = most0.max(v0);
      least0 = least0.min(v0);
      size0 = size0.max(v0.and(noSign));
      most1 = most1.max(v1);
      least1 = least1.min(v1);
      size1 = size1.max(v1.and(noSign));
    }
    long most = most0.max(most1).reduceLanes(VectorOperators.MAX);
    long least = least0.min(least1).reduceLanes(VectorOperators.MIN);
    long size = size0.max(size1).reduceLanes(VectorOperators.MAX);
    double m = Double.NEGATIVE_INFINITY;
    if (size > Double.doubleToRawLongBits(Double.POSITIVE_INFINITY)) m = Double.NaN;
    else if (i > 0) m = Double.longBitsToDouble(most >= 0 ? most : least);
    for (; i < n; i++) m = Math.max(m, x[xo + i]);
    return m;
  }

  /** Elements of a block of rows in {@link #columnSums}: 32 KiB, which fit into the first-level cache. */
  private static final int BLOCK = 4096;

  /**
   * {@link Kernels#columnSums}, in blocks of rows, so that each strip of columns finds its rows in the cache. A block
   * has at least eight rows, which are about as many streams as a processor prefetches.
   */
  static void columnSums(int rows, int cols, double[] x, int xo, double[] s, int so) {
    if (cols == 0) return;
    int step = Math.max(8, BLOCK / cols);
    for (int from = 0, count; from < rows; from += count) {
      count = Math.min(step, rows - from);
      int at = xo + from * cols, j = 0;
      for (; j <= cols - 8 * COUNT; j += 8 * COUNT) addStrip(count, cols, x, at + j, s, so + j);
      for (; j <= cols - COUNT; j += COUNT) addVector(count, cols, x, at + j, s, so + j);
      for (; j < cols; j++) {
        double total = s[so + j];
        for (int i = 0; i < count; i++) total += x[at + i * cols + j];
        s[so + j] = total;
      }
    }
  }

  /** Adds eight vectors of columns. */
  private static void addStrip(int rows, int cols, double[] x, int xo, double[] s, int so) {
    DoubleVector v0 = DoubleVector.fromArray(D, s, so), v1 = DoubleVector.fromArray(D, s, so + COUNT);
    DoubleVector v2 = DoubleVector.fromArray(D, s, so + 2 * COUNT), v3 = DoubleVector.fromArray(D, s, so + 3 * COUNT);
    DoubleVector v4 = DoubleVector.fromArray(D, s, so + 4 * COUNT), v5 = DoubleVector.fromArray(D, s, so + 5 * COUNT);
    DoubleVector v6 = DoubleVector.fromArray(D, s, so + 6 * COUNT), v7 = DoubleVector.fromArray(D, s, so + 7 * COUNT);
    for (int i = 0, at = xo; i < rows; i++, at += cols) {
      v0 = v0.add(DoubleVector.fromArray(D, x, at));
      v1 = v1.add(DoubleVector.fromArray(D, x, at + COUNT));
      v2 = v2.add(DoubleVector.fromArray(D, x, at + 2 * COUNT));
      v3 = v3.add(DoubleVector.fromArray(D, x, at + 3 * COUNT));
      v4 = v4.add(DoubleVector.fromArray(D, x, at + 4 * COUNT));
      v5 = v5.add(DoubleVector.fromArray(D, x, at + 5 * COUNT));
      v6 = v6.add(DoubleVector.fromArray(D, x, at + 6 * COUNT));
      v7 = v7.add(DoubleVector.fromArray(D, x, at + 7 * COUNT));
    }
    v0.intoArray(s, so);
    v1.intoArray(s, so + COUNT);
    v2.intoArray(s, so + 2 * COUNT);
    v3.intoArray(s, so + 3 * COUNT);
    v4.intoArray(s, so + 4 * COUNT);
    v5.intoArray(s, so + 5 * COUNT);
    v6.intoArray(s, so + 6 * COUNT);
    v7.intoArray(s, so + 7 * COUNT);
  }

  /** Adds one vector of columns. */
  private static void addVector(int rows, int cols, double[] x, int xo, double[] s, int so) {
    DoubleVector total = DoubleVector.fromArray(D, s, so);
    for (int i = 0, at = xo; i < rows; i++, at += cols) total = total.add(DoubleVector.fromArray(D, x, at));
    total.intoArray(s, so);
  }
}
