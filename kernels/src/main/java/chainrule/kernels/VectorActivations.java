package chainrule.kernels;

import static chainrule.kernels.Lanes.COUNT;
import static chainrule.kernels.Lanes.D;
import static chainrule.kernels.Lanes.L;
import static chainrule.kernels.VectorElementary.BLOCK;
import static jdk.incubator.vector.VectorOperators.ABS;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;

/**
 * Activations built on {@link VectorElementary}: value and derivative, a vector at a time, with the bits of the
 * definition. GELU, whose polynomial alone fills a loop, is a pipeline over blocks that stay in the first-level cache:
 *
 * <pre>
 *   block of x ──▶ bell e^(−x²/2) ──▶ tail Q(|x|) ──▶ joined with x (and g) ──▶ y
 * </pre>
 */
final class VectorActivations {
  private VectorActivations() {}

  private static DoubleVector all(double x) {
    return DoubleVector.broadcast(D, x);
  }

  private static DoubleVector load(double[] x, int i) {
    return DoubleVector.fromArray(D, x, i);
  }

  // ---------------------------------------------------------------- leaky ReLU

  static void leakyRelu(int n, double epsilon, double[] x, int xo, double[] y, int yo) {
    DoubleVector slope = all(epsilon), zero = all(0);
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      DoubleVector v = load(x, xo + i);
      v.blend(slope.mul(v), v.compare(LE, zero)).intoArray(y, yo + i);
    }
    for (; i < n; i++) y[yo + i] = x[xo + i] <= 0 ? epsilon * x[xo + i] : x[xo + i];
  }

  static void leakyReluGradient(
      int n, double epsilon, double[] a, int ao, double[] g, int go, double[] d, int dof) {
    DoubleVector slope = all(epsilon), zero = all(0);
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      DoubleVector e = load(g, go + i);
      e.blend(e.mul(slope), load(a, ao + i).compare(LE, zero)).intoArray(d, dof + i);
    }
    for (; i < n; i++) d[dof + i] = a[ao + i] <= 0 ? g[go + i] * epsilon : g[go + i];
  }

  // ---------------------------------------------------------------- ELU

  /** x above 0, else α(e^x − 1): the exponential of {@link VectorElementary#tanh}, clamped below only. */
  static void elu(int n, double alpha, double[] x, int xo, double[] y, int yo) {
    DoubleVector log2E = all(Elementary.LOG2_E), rounder = all(Elementary.POWER_ROUNDER), one = all(1);
    DoubleVector half = all(0.5);
    DoubleVector minusLn2Hi = all(-Elementary.LN2_HI), minusLn2Lo = all(-Elementary.LN2_LO);
    LongVector signBit = LongVector.broadcast(L, Long.MIN_VALUE);
    DoubleVector zero = all(0), scale = all(alpha), clamp = all(-Elementary.EXPM1_CLAMP);
    DoubleVector e3 = all(Elementary.E3), e4 = all(Elementary.E4), e5 = all(Elementary.E5), e6 = all(Elementary.E6),
        e7 = all(Elementary.E7), e8 = all(Elementary.E8), e9 = all(Elementary.E9), e10 = all(Elementary.E10),
        e11 = all(Elementary.E11);
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      DoubleVector v = load(x, xo + i), a = v.blend(clamp, v.compare(LT, clamp));
      DoubleVector t = a.fma(log2E, rounder), k = t.sub(rounder);
      DoubleVector h = k.fma(minusLn2Hi, a), r = k.fma(minusLn2Lo, h), lost = k.fma(minusLn2Lo, h.sub(r));
      DoubleVector z = r.mul(r);
      DoubleVector odd = e11.fma(z, e9).fma(z, e7).fma(z, e5).fma(z, e3);
      DoubleVector even = e10.fma(z, e8).fma(z, e6).fma(z, e4).fma(z, half);
      DoubleVector s = t.reinterpretAsLongs().lanewise(LSHL, 52).reinterpretAsDoubles(), s1 = s.sub(one);
      DoubleVector u = s.fma(r, s1), rest = s.fma(r, s1.sub(u));
      DoubleVector e = u.add(s.fma(z.fma(odd.fma(r, even), lost), rest));
      LongVector sign = v.reinterpretAsLongs().and(signBit);
      e = e.reinterpretAsLongs().or(sign).reinterpretAsDoubles();
      scale.mul(e).blend(v, v.compare(GT, zero)).intoArray(y, yo + i);
    }
    for (; i < n; i++) y[yo + i] = x[xo + i] > 0 ? x[xo + i] : alpha * Elementary.expm1(x[xo + i]);
  }

  /** g above 0, else g·(α·e^x): the exponential of {@link VectorElementary#exp}, which needs no upper end here. */
  static void eluGradient(
      int n, double alpha, double[] x, int xo, double[] g, int go, double[] d, int dof) {
    DoubleVector log2E = all(Elementary.LOG2_E), rounder = all(Elementary.ROUNDER), one = all(1), half = all(0.5);
    DoubleVector minusLn2Hi = all(-Elementary.LN2_HI), minusLn2Lo = all(-Elementary.LN2_LO);
    DoubleVector e3 = all(Elementary.E3), e4 = all(Elementary.E4), e5 = all(Elementary.E5), e6 = all(Elementary.E6),
        e7 = all(Elementary.E7), e8 = all(Elementary.E8), e9 = all(Elementary.E9), e10 = all(Elementary.E10),
        e11 = all(Elementary.E11);
    DoubleVector zero = all(0), scale = all(alpha), least = all(-Elementary.EXP_NORMAL);
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      DoubleVector v = load(x, xo + i);
      DoubleVector t = v.fma(log2E, rounder), k = t.sub(rounder);
      DoubleVector r = k.fma(minusLn2Lo, k.fma(minusLn2Hi, v));
      DoubleVector z = r.mul(r);
      DoubleVector odd = e11.fma(z, e9).fma(z, e7).fma(z, e5).fma(z, e3);
      DoubleVector even = e10.fma(z, e8).fma(z, e6).fma(z, e4).fma(z, half);
      DoubleVector s = r.add(one), p = s.add(z.fma(odd.fma(r, even), r.sub(s.sub(one))));
      LongVector exponent = t.reinterpretAsLongs().lanewise(LSHL, 52);
      DoubleVector e = p.reinterpretAsLongs().add(exponent).reinterpretAsDoubles();
      if (v.compare(GE, least).allTrue()) {
        DoubleVector error = load(g, go + i);
        error.mul(scale.mul(e)).blend(error, v.compare(GT, zero)).intoArray(d, dof + i);
      } else {
        eluGradientOfRest(COUNT, alpha, x, xo + i, g, go + i, d, dof + i);
      }
    }
    eluGradientOfRest(n - i, alpha, x, xo + i, g, go + i, d, dof + i);
  }

  private static void eluGradientOfRest(
      int n, double alpha, double[] x, int xo, double[] g, int go, double[] d, int dof) {
    for (int i = 0; i < n; i++) {
      d[dof + i] = x[xo + i] > 0 ? g[go + i] : g[go + i] * (alpha * Elementary.exp(x[xo + i]));
    }
  }

  // ---------------------------------------------------------------- what has e^−|x| in it

  /** g·σ(x), as {@link VectorElementary#sigmoid}. */
  static void softplusGradient(int n, double[] x, int xo, double[] g, int go, double[] d, int dof) {
    DoubleVector log2E = all(Elementary.LOG2_E), rounder = all(Elementary.ROUNDER), one = all(1), half = all(0.5);
    DoubleVector minusLn2Hi = all(-Elementary.LN2_HI), minusLn2Lo = all(-Elementary.LN2_LO);
    DoubleVector e3 = all(Elementary.E3), e4 = all(Elementary.E4), e5 = all(Elementary.E5), e6 = all(Elementary.E6),
        e7 = all(Elementary.E7), e8 = all(Elementary.E8), e9 = all(Elementary.E9), e10 = all(Elementary.E10),
        e11 = all(Elementary.E11);
    DoubleVector zero = all(0), least = all(-Elementary.EXP_NORMAL);
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      DoubleVector v = load(x, xo + i), m = v.lanewise(ABS).neg();
      DoubleVector t = m.fma(log2E, rounder), k = t.sub(rounder);
      DoubleVector r = k.fma(minusLn2Lo, k.fma(minusLn2Hi, m));
      DoubleVector z = r.mul(r);
      DoubleVector odd = e11.fma(z, e9).fma(z, e7).fma(z, e5).fma(z, e3);
      DoubleVector even = e10.fma(z, e8).fma(z, e6).fma(z, e4).fma(z, half);
      DoubleVector s = r.add(one), p = s.add(z.fma(odd.fma(r, even), r.sub(s.sub(one))));
      LongVector exponent = t.reinterpretAsLongs().lanewise(LSHL, 52);
      DoubleVector e = p.reinterpretAsLongs().add(exponent).reinterpretAsDoubles();
      DoubleVector c = e.add(one), lost = e.sub(c.sub(one));
      DoubleVector inverse = one.div(c), numerator = one.blend(e, v.compare(LT, zero));
      DoubleVector q = numerator.mul(inverse), minusQ = q.neg();
      DoubleVector rest = minusQ.fma(lost, minusQ.fma(c, numerator));
      if (m.compare(GE, least).allTrue()) {
        load(g, go + i).mul(rest.fma(inverse, q)).intoArray(d, dof + i);
      } else {
        softplusGradientOfRest(COUNT, x, xo + i, g, go + i, d, dof + i);
      }
    }
    softplusGradientOfRest(n - i, x, xo + i, g, go + i, d, dof + i);
  }

  private static void softplusGradientOfRest(int n, double[] x, int xo, double[] g, int go, double[] d, int dof) {
    for (int i = 0; i < n; i++) d[dof + i] = g[go + i] * Elementary.sigmoid(x[xo + i]);
  }

  /** x/(1+e) or x·e/(1+e), e = e^−|x|. */
  static void silu(int n, double[] x, int xo, double[] y, int yo) {
    DoubleVector log2E = all(Elementary.LOG2_E), rounder = all(Elementary.ROUNDER), one = all(1), half = all(0.5);
    DoubleVector minusLn2Hi = all(-Elementary.LN2_HI), minusLn2Lo = all(-Elementary.LN2_LO);
    DoubleVector e3 = all(Elementary.E3), e4 = all(Elementary.E4), e5 = all(Elementary.E5), e6 = all(Elementary.E6),
        e7 = all(Elementary.E7), e8 = all(Elementary.E8), e9 = all(Elementary.E9), e10 = all(Elementary.E10),
        e11 = all(Elementary.E11);
    DoubleVector zero = all(0), least = all(-Elementary.EXP_NORMAL);
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      DoubleVector v = load(x, xo + i), m = v.lanewise(ABS).neg();
      DoubleVector t = m.fma(log2E, rounder), k = t.sub(rounder);
      DoubleVector r = k.fma(minusLn2Lo, k.fma(minusLn2Hi, m));
      DoubleVector z = r.mul(r);
      DoubleVector odd = e11.fma(z, e9).fma(z, e7).fma(z, e5).fma(z, e3);
      DoubleVector even = e10.fma(z, e8).fma(z, e6).fma(z, e4).fma(z, half);
      DoubleVector s = r.add(one), p = s.add(z.fma(odd.fma(r, even), r.sub(s.sub(one))));
      LongVector exponent = t.reinterpretAsLongs().lanewise(LSHL, 52);
      DoubleVector e = p.reinterpretAsLongs().add(exponent).reinterpretAsDoubles();
      if (m.compare(GE, least).allTrue()) {
        v.blend(v.mul(e), v.compare(LT, zero)).div(e.add(one)).intoArray(y, yo + i);
      } else {
        siluOfRest(COUNT, x, xo + i, y, yo + i);
      }
    }
    siluOfRest(n - i, x, xo + i, y, yo + i);
  }

  private static void siluOfRest(int n, double[] x, int xo, double[] y, int yo) {
    for (int i = 0; i < n; i++) y[yo + i] = Elementary.silu(x[xo + i]);
  }

  /** g·(c + x·e)/c² or g·(e·(c + x)/c²), c = 1 + e, e = e^−|x|. */
  static void siluGradient(int n, double[] x, int xo, double[] g, int go, double[] d, int dof) {
    DoubleVector log2E = all(Elementary.LOG2_E), rounder = all(Elementary.ROUNDER), one = all(1), half = all(0.5);
    DoubleVector minusLn2Hi = all(-Elementary.LN2_HI), minusLn2Lo = all(-Elementary.LN2_LO);
    DoubleVector e3 = all(Elementary.E3), e4 = all(Elementary.E4), e5 = all(Elementary.E5), e6 = all(Elementary.E6),
        e7 = all(Elementary.E7), e8 = all(Elementary.E8), e9 = all(Elementary.E9), e10 = all(Elementary.E10),
        e11 = all(Elementary.E11);
    DoubleVector zero = all(0), least = all(-Elementary.EXP_NORMAL);
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      DoubleVector v = load(x, xo + i), m = v.lanewise(ABS).neg();
      DoubleVector t = m.fma(log2E, rounder), k = t.sub(rounder);
      DoubleVector r = k.fma(minusLn2Lo, k.fma(minusLn2Hi, m));
      DoubleVector z = r.mul(r);
      DoubleVector odd = e11.fma(z, e9).fma(z, e7).fma(z, e5).fma(z, e3);
      DoubleVector even = e10.fma(z, e8).fma(z, e6).fma(z, e4).fma(z, half);
      DoubleVector s = r.add(one), p = s.add(z.fma(odd.fma(r, even), r.sub(s.sub(one))));
      LongVector exponent = t.reinterpretAsLongs().lanewise(LSHL, 52);
      DoubleVector e = p.reinterpretAsLongs().add(exponent).reinterpretAsDoubles();
      DoubleVector c = e.add(one);
      if (m.compare(GE, least).allTrue()) {
        DoubleVector slope = v.fma(e, c).blend(e.mul(c.add(v)), v.compare(LT, zero)).div(c.mul(c));
        load(g, go + i).mul(slope).intoArray(d, dof + i);
      } else {
        siluGradientOfRest(COUNT, x, xo + i, g, go + i, d, dof + i);
      }
    }
    siluGradientOfRest(n - i, x, xo + i, g, go + i, d, dof + i);
  }

  private static void siluGradientOfRest(int n, double[] x, int xo, double[] g, int go, double[] d, int dof) {
    for (int i = 0; i < n; i++) d[dof + i] = g[go + i] * Elementary.siluDerivative(x[xo + i]);
  }

  // ---------------------------------------------------------------- GELU

  /** x·Φ(x); scratch [2·BLOCK]. */
  static void gelu(int n, double[] x, int xo, double[] y, int yo, double[] scratch) {
    DoubleVector zero = all(0), one = all(1), minusZero = all(-0.0), minusInfinity = all(Double.NEGATIVE_INFINITY);
    int whole = n - n % COUNT;
    for (int from = 0; from < whole; from += BLOCK) {
      int size = Math.min(BLOCK, whole - from);
      bell(size, x, xo + from, scratch);
      tail(size, x, xo + from, scratch);
      for (int i = 0; i < size; i += COUNT) {
        DoubleVector v = load(x, xo + from + i), q = load(scratch, BLOCK + i);
        DoubleVector cdf = one.sub(q).blend(q, v.compare(LT, zero));
        v.mul(cdf).blend(minusZero, v.compare(EQ, minusInfinity)).intoArray(y, yo + from + i);
      }
    }
    for (int i = whole; i < n; i++) y[yo + i] = Elementary.gelu(x[xo + i]);
  }

  /** g·(Φ(x) + x·φ(x)); scratch [2·BLOCK]. */
  static void geluGradient(
      int n, double[] x, int xo, double[] g, int go, double[] d, int dof, double[] scratch) {
    DoubleVector zero = all(0), one = all(1), scale = all(Elementary.ONE_OVER_SQRT_2_PI);
    int whole = n - n % COUNT;
    for (int from = 0; from < whole; from += BLOCK) {
      int size = Math.min(BLOCK, whole - from);
      bell(size, x, xo + from, scratch);
      tail(size, x, xo + from, scratch);
      for (int i = 0; i < size; i += COUNT) {
        DoubleVector v = load(x, xo + from + i), q = load(scratch, BLOCK + i);
        DoubleVector cdf = one.sub(q).blend(q, v.compare(LT, zero));
        DoubleVector density = scale.mul(load(scratch, i));
        DoubleVector slope = cdf.add(v.mul(density).blend(zero, density.compare(EQ, zero)));
        load(g, go + from + i).mul(slope).intoArray(d, dof + from + i);
      }
    }
    for (int i = whole; i < n; i++) d[dof + i] = g[go + i] * Elementary.geluDerivative(x[xo + i]);
  }

  /** scratch[i] = e^(−a²/2), a = |x[i]|, a² taken in two parts; n is a multiple of the lanes. */
  private static void bell(int n, double[] x, int xo, double[] scratch) {
    DoubleVector clamp = all(Elementary.NORMAL_CLAMP), minusHalf = all(-0.5);
    for (int i = 0; i < n; i += COUNT) {
      DoubleVector a = load(x, xo + i).lanewise(ABS);
      a = a.blend(clamp, a.compare(GT, clamp));
      DoubleVector square = a.mul(a);
      minusHalf.mul(square).intoArray(scratch, i);
      minusHalf.mul(a.fma(a, square.neg())).intoArray(scratch, BLOCK + i);
    }
    VectorElementary.exp(n, scratch, 0, scratch, 0);
    for (int i = 0; i < n; i += COUNT) {
      DoubleVector bell = load(scratch, i);
      bell.fma(load(scratch, BLOCK + i), bell).intoArray(scratch, i);
    }
  }

  /** scratch[BLOCK + i] = Q(a) = ½·t·P(t)·scratch[i], a = |x[i]|; n is a multiple of the lanes. */
  private static void tail(int n, double[] x, int xo, double[] scratch) {
    double[] c = Elementary.ERFC;
    DoubleVector clamp = all(Elementary.NORMAL_CLAMP), base = all(Elementary.THREE_SQRT_2), half = all(0.5);
    DoubleVector factor = all(Elementary.MINUS_35_29THS);
    DoubleVector c0 = all(c[0]), c1 = all(c[1]), c2 = all(c[2]), c3 = all(c[3]), c4 = all(c[4]), c5 = all(c[5]),
        c6 = all(c[6]), c7 = all(c[7]), c8 = all(c[8]), c9 = all(c[9]), c10 = all(c[10]), c11 = all(c[11]),
        c12 = all(c[12]), c13 = all(c[13]), c14 = all(c[14]), c15 = all(c[15]), c16 = all(c[16]), c17 = all(c[17]),
        c18 = all(c[18]), c19 = all(c[19]), c20 = all(c[20]), c21 = all(c[21]), c22 = all(c[22]);
    for (int i = 0; i < n; i += COUNT) {
      DoubleVector a = load(x, xo + i).lanewise(ABS);
      a = a.blend(clamp, a.compare(GT, clamp));
      DoubleVector sum = base.add(a), t = base.div(sum), u = factor.fma(a, base).div(sum), z = u.mul(u);
      DoubleVector even = c22.fma(z, c20).fma(z, c18).fma(z, c16).fma(z, c14).fma(z, c12).fma(z, c10).fma(z, c8)
          .fma(z, c6).fma(z, c4).fma(z, c2).fma(z, c0);
      DoubleVector odd = c21.fma(z, c19).fma(z, c17).fma(z, c15).fma(z, c13).fma(z, c11).fma(z, c9).fma(z, c7)
          .fma(z, c5).fma(z, c3).fma(z, c1);
      half.mul(t.mul(odd.fma(u, even))).mul(load(scratch, i)).intoArray(scratch, BLOCK + i);
    }
  }
}
