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
 * Whole groups of eight go through the registers, the rest into the stripes one by one, then the tree joins them.
 */
final class VectorReductions {
  private VectorReductions() {}

  private static final int STRIPES = 8;

  private static DoubleVector load(double[] x, int i) {
    return DoubleVector.fromArray(D, x, i);
  }

  private static DoubleVector zero() {
    return DoubleVector.zero(D);
  }

  static double sum(int n, double[] x, int xo) {
    DoubleVector v0 = zero(), v1 = zero(), v2 = zero(), v3 = zero();
    int i = 0;
    for (; i <= n - STRIPES; i += STRIPES) {
      v0 = v0.add(load(x, xo + i));
      if (COUNT <= 4) v1 = v1.add(load(x, xo + i + COUNT));
      if (COUNT == 2) {
        v2 = v2.add(load(x, xo + i + 4));
        v3 = v3.add(load(x, xo + i + 6));
      }
    }
    int o = xo + i, left = n - i;
    return join(v0, v1, v2, v3,
        left > 0 ? x[o] : -0.0, left > 1 ? x[o + 1] : -0.0, left > 2 ? x[o + 2] : -0.0, left > 3 ? x[o + 3] : -0.0,
        left > 4 ? x[o + 4] : -0.0, left > 5 ? x[o + 5] : -0.0, left > 6 ? x[o + 6] : -0.0);
  }

  static double sumExp(int n, double[] x, int xo, double m) {
    DoubleVector v0 = zero(), v1 = zero(), v2 = zero(), v3 = zero();
    int i = 0;
    for (; i <= n - STRIPES; i += STRIPES) {
      v0 = v0.add(LaneFunctions.exp(load(x, xo + i).sub(m)));
      if (COUNT <= 4) v1 = v1.add(LaneFunctions.exp(load(x, xo + i + COUNT).sub(m)));
      if (COUNT == 2) {
        v2 = v2.add(LaneFunctions.exp(load(x, xo + i + 4).sub(m)));
        v3 = v3.add(LaneFunctions.exp(load(x, xo + i + 6).sub(m)));
      }
    }
    int o = xo + i, left = n - i;
    return join(v0, v1, v2, v3,
        expOrNothing(0, left, x, o, m), expOrNothing(1, left, x, o, m), expOrNothing(2, left, x, o, m),
        expOrNothing(3, left, x, o, m), expOrNothing(4, left, x, o, m), expOrNothing(5, left, x, o, m),
        expOrNothing(6, left, x, o, m));
  }

  private static double expOrNothing(int j, int left, double[] x, int o, double m) {
    return j < left ? Elementary.exp(x[o + j] - m) : -0.0;
  }

  static double dot(int n, double[] x, int xo, double[] y, int yo) {
    DoubleVector v0 = zero(), v1 = zero(), v2 = zero(), v3 = zero();
    int i = 0;
    for (; i <= n - STRIPES; i += STRIPES) {
      v0 = load(x, xo + i).fma(load(y, yo + i), v0);
      if (COUNT <= 4) v1 = load(x, xo + i + COUNT).fma(load(y, yo + i + COUNT), v1);
      if (COUNT == 2) {
        v2 = load(x, xo + i + 4).fma(load(y, yo + i + 4), v2);
        v3 = load(x, xo + i + 6).fma(load(y, yo + i + 6), v3);
      }
    }
    double s0 = stripe(0, v0, v1, v2, v3), s1 = stripe(1, v0, v1, v2, v3), s2 = stripe(2, v0, v1, v2, v3),
        s3 = stripe(3, v0, v1, v2, v3), s4 = stripe(4, v0, v1, v2, v3), s5 = stripe(5, v0, v1, v2, v3),
        s6 = stripe(6, v0, v1, v2, v3), s7 = stripe(7, v0, v1, v2, v3);
    int a = xo + i, b = yo + i, left = n - i;
    if (left > 0) s0 = Math.fma(x[a], y[b], s0);
    if (left > 1) s1 = Math.fma(x[a + 1], y[b + 1], s1);
    if (left > 2) s2 = Math.fma(x[a + 2], y[b + 2], s2);
    if (left > 3) s3 = Math.fma(x[a + 3], y[b + 3], s3);
    if (left > 4) s4 = Math.fma(x[a + 4], y[b + 4], s4);
    if (left > 5) s5 = Math.fma(x[a + 5], y[b + 5], s5);
    if (left > 6) s6 = Math.fma(x[a + 6], y[b + 6], s6);
    return ScalarKernels.tree(s0, s1, s2, s3, s4, s5, s6, s7);
  }

  /** Adds what is left over to the stripes (−0 is nothing: s + −0 = s for every s) and joins them. */
  private static double join(
      DoubleVector v0, DoubleVector v1, DoubleVector v2, DoubleVector v3,
      double r0, double r1, double r2, double r3, double r4, double r5, double r6) {
    return ScalarKernels.tree(
        stripe(0, v0, v1, v2, v3) + r0, stripe(1, v0, v1, v2, v3) + r1, stripe(2, v0, v1, v2, v3) + r2,
        stripe(3, v0, v1, v2, v3) + r3, stripe(4, v0, v1, v2, v3) + r4, stripe(5, v0, v1, v2, v3) + r5,
        stripe(6, v0, v1, v2, v3) + r6, stripe(7, v0, v1, v2, v3));
  }

  private static double stripe(int s, DoubleVector v0, DoubleVector v1, DoubleVector v2, DoubleVector v3) {
    int register = s / COUNT;
    return (register == 0 ? v0 : register == 1 ? v1 : register == 2 ? v2 : v3).lane(s % COUNT);
  }

  static double max(int n, double[] x, int xo) {
    double m = Double.NEGATIVE_INFINITY;
    int i = 0;
    if (n >= COUNT) {
      DoubleVector v = load(x, xo);
      for (i = COUNT; i <= n - COUNT; i += COUNT) v = v.lanewise(VectorOperators.MAX, load(x, xo + i));
      m = v.reduceLanes(VectorOperators.MAX);
    }
    for (; i < n; i++) m = Math.max(m, x[xo + i]);
    return m;
  }
}
