package chainrule.kernels;

import static chainrule.kernels.Lanes.COUNT;
import static chainrule.kernels.Lanes.D;
import static jdk.incubator.vector.VectorOperators.ABS;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;

/**
 * {@link Elementary}, a vector at a time: the same operations in the same order, so the same bits. Read the two files
 * side by side; every formula and every constant is explained there.
 *
 * <p><b>Why loops and not functions of a vector.</b> A call of the Vector API costs C2 hundreds of nodes, and past a
 * budget of some 40 calls in one compilation it leaves vectors as objects on the heap (seen: 5 to 10 times slower). So
 * constants are vectors made once, {@link #exp} is a loop of more than 325 bytecodes, which C2 compiles on its own and
 * never inlines, and the functions built on it are pipelines over blocks that stay in the first-level cache:
 *
 * <pre>
 *   block of x ──▶ −|x| ──▶ exp ──▶ sigmoid, softplus       block of x ──▶ 2|x| ──▶ exp ──▶ tanh
 * </pre>
 */
final class VectorElementary {
  private VectorElementary() {}

  /** Numbers in a block: 4 KiB of scratch, a multiple of every lane count. */
  static final int BLOCK = 512;

  private static DoubleVector all(double x) {
    return DoubleVector.broadcast(D, x);
  }

  private static DoubleVector load(double[] x, int i) {
    return DoubleVector.fromArray(D, x, i);
  }

  private static final DoubleVector ZERO = all(0), ONE = all(1), TWO = all(2), HALF = all(0.5);

  // ---------------------------------------------------------------- exp

  private static final DoubleVector CLAMP = all(Elementary.EXP_CLAMP), MINUS_CLAMP = all(-Elementary.EXP_CLAMP);
  private static final DoubleVector LOG2_E = all(Elementary.LOG2_E), ROUNDER = all(Elementary.ROUNDER);
  private static final DoubleVector MINUS_LN2_HI = all(-Elementary.LN2_HI), MINUS_LN2_LO = all(-Elementary.LN2_LO);
  private static final DoubleVector E3 = all(Elementary.E3), E4 = all(Elementary.E4), E5 = all(Elementary.E5),
      E6 = all(Elementary.E6), E7 = all(Elementary.E7), E8 = all(Elementary.E8), E9 = all(Elementary.E9),
      E10 = all(Elementary.E10), E11 = all(Elementary.E11);

  /** y = e^x. */
  static void exp(int n, double[] x, int xo, double[] y, int yo) {
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      DoubleVector v = DoubleVector.fromArray(D, x, xo + i);
      DoubleVector c = v.blend(CLAMP, v.compare(GT, CLAMP)).blend(MINUS_CLAMP, v.compare(LT, MINUS_CLAMP));
      DoubleVector k = c.fma(LOG2_E, ROUNDER).sub(ROUNDER);
      DoubleVector r = k.fma(MINUS_LN2_HI, c); // (−k)·ln 2 and k·(−ln 2) are the same number
      r = k.fma(MINUS_LN2_LO, r);
      DoubleVector q = E11.fma(r, E10);
      q = q.fma(r, E9);
      q = q.fma(r, E8);
      q = q.fma(r, E7);
      q = q.fma(r, E6);
      q = q.fma(r, E5);
      q = q.fma(r, E4);
      q = q.fma(r, E3);
      q = q.fma(r, HALF);
      DoubleVector s = r.add(ONE);
      DoubleVector lost = r.sub(s.sub(ONE));
      DoubleVector p = s.add(r.mul(r).fma(q, lost));
      DoubleVector t1 = k.fma(HALF, ROUNDER);
      DoubleVector t2 = k.sub(t1.sub(ROUNDER)).add(ROUNDER);
      LongVector power1 = t1.reinterpretAsLongs().lanewise(LSHL, 52).add(Elementary.ONE_BITS);
      LongVector power2 = t2.reinterpretAsLongs().lanewise(LSHL, 52).add(Elementary.ONE_BITS);
      p.mul(power1.reinterpretAsDoubles()).mul(power2.reinterpretAsDoubles()).intoArray(y, yo + i);
    }
    for (; i < n; i++) y[yo + i] = Elementary.exp(x[xo + i]);
  }

  // ---------------------------------------------------------------- log

  private static final DoubleVector MIN_NORMAL = all(Double.MIN_NORMAL), TWO_54 = all(Elementary.TWO_54);
  private static final DoubleVector EXPONENT_OFFSET = all(Elementary.EXPONENT_OFFSET), FIFTY_FOUR = all(54);
  private static final DoubleVector MINUS_INFINITY = all(Double.NEGATIVE_INFINITY);
  private static final DoubleVector INFINITY = all(Double.POSITIVE_INFINITY), NAN = all(Double.NaN);

  /** y = ln x. */
  static void log(int n, double[] x, int xo, double[] y, int yo) {
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      DoubleVector v = load(x, xo + i);
      VectorMask<Double> tiny = v.compare(LT, MIN_NORMAL);
      LongVector bits = v.blend(v.mul(TWO_54), tiny).reinterpretAsLongs();
      LongVector e = bits.sub(Elementary.SQRT_HALF_BITS - Elementary.BIAS).lanewise(LSHR, 52);
      DoubleVector k = e.or(Elementary.EXPONENT_TO_DOUBLE).reinterpretAsDoubles().sub(EXPONENT_OFFSET);
      k = k.blend(k.sub(FIFTY_FOUR), tiny);
      DoubleVector f = bits.sub(e.lanewise(LSHL, 52)).add(Elementary.BIAS).reinterpretAsDoubles().sub(ONE);
      DoubleVector l = logOfReduced(k, f, ZERO);
      l = l.blend(MINUS_INFINITY, v.compare(EQ, ZERO));
      l = l.blend(INFINITY, v.compare(EQ, INFINITY));
      NAN.blend(l, v.compare(GE, ZERO)).intoArray(y, yo + i);
    }
    for (; i < n; i++) y[yo + i] = Elementary.log(x[xo + i]);
  }

  private static final DoubleVector LN2_HI = all(Elementary.LN2_HI), LN2_LO = all(Elementary.LN2_LO);
  private static final DoubleVector L1 = all(Elementary.L1), L2 = all(Elementary.L2), L3 = all(Elementary.L3),
      L4 = all(Elementary.L4), L5 = all(Elementary.L5), L6 = all(Elementary.L6), L7 = all(Elementary.L7);

  private static DoubleVector logOfReduced(DoubleVector k, DoubleVector f, DoubleVector c) {
    DoubleVector s = f.div(f.add(TWO));
    DoubleVector z = s.mul(s);
    DoubleVector p = L7.fma(z, L6);
    p = p.fma(z, L5);
    p = p.fma(z, L4);
    p = p.fma(z, L3);
    p = p.fma(z, L2);
    p = p.fma(z, L1);
    DoubleVector half = f.mul(HALF).mul(f);
    DoubleVector low = s.fma(z.fma(p, half), k.fma(LN2_LO, c));
    return k.mul(LN2_HI).sub(half.sub(low).sub(f));
  }

  // ---------------------------------------------------------------- built on exp, block by block; scratch [BLOCK]

  private static final DoubleVector SQRT2_MINUS_1 = all(Elementary.SQRT2_MINUS_1);

  /** y = softplus x = max(x, 0) + ln(1 + e^−|x|). */
  static void softplus(int n, double[] x, int xo, double[] y, int yo, double[] scratch) {
    int whole = n - n % COUNT;
    for (int from = 0; from < whole; from += BLOCK) {
      int size = Math.min(BLOCK, whole - from);
      expOfMinusAbs(size, x, xo + from, scratch);
      for (int i = from; i < from + size; i += COUNT) {
        DoubleVector v = load(x, xo + i), z = load(scratch, i - from);
        VectorMask<Double> small = z.compare(LT, SQRT2_MINUS_1);
        DoubleVector u = z.add(ONE);
        DoubleVector f = u.mul(HALF).sub(ONE).blend(z, small);
        DoubleVector c = z.sub(u.sub(ONE)).div(u).blend(ZERO, small);
        DoubleVector log1p = logOfReduced(ONE.blend(ZERO, small), f, c);
        ZERO.blend(v, v.compare(GT, ZERO)).add(log1p).intoArray(y, yo + i);
      }
    }
    for (int i = whole; i < n; i++) y[yo + i] = Elementary.softplus(x[xo + i]);
  }

  /** y = σ(x) = 1/(1+z) or z/(1+z), z = e^−|x|, the quotient corrected once. */
  static void sigmoid(int n, double[] x, int xo, double[] y, int yo, double[] scratch) {
    int whole = n - n % COUNT;
    for (int from = 0; from < whole; from += BLOCK) {
      int size = Math.min(BLOCK, whole - from);
      expOfMinusAbs(size, x, xo + from, scratch);
      for (int i = from; i < from + size; i += COUNT) {
        DoubleVector z = load(scratch, i - from);
        DoubleVector d = z.add(ONE), lost = z.sub(d.sub(ONE));
        DoubleVector inverse = ONE.div(d), numerator = ONE.blend(z, load(x, xo + i).compare(LT, ZERO));
        DoubleVector q = numerator.mul(inverse), minusQ = q.neg();
        DoubleVector rest = minusQ.fma(lost, minusQ.fma(d, numerator));
        rest.fma(inverse, q).intoArray(y, yo + i);
      }
    }
    for (int i = whole; i < n; i++) y[yo + i] = Elementary.sigmoid(x[xo + i]);
  }

  private static void expOfMinusAbs(int size, double[] x, int xo, double[] scratch) {
    for (int i = 0; i < size; i += COUNT) load(x, xo + i).lanewise(ABS).neg().intoArray(scratch, i);
    exp(size, scratch, 0, scratch, 0);
  }

  private static final DoubleVector TANH_SMALL = all(Elementary.TANH_SMALL);
  private static final DoubleVector T1 = all(Elementary.T1), T2 = all(Elementary.T2), T3 = all(Elementary.T3),
      T4 = all(Elementary.T4), T5 = all(Elementary.T5), T6 = all(Elementary.T6), T7 = all(Elementary.T7),
      T8 = all(Elementary.T8), T9 = all(Elementary.T9), T10 = all(Elementary.T10), T11 = all(Elementary.T11);

  /** y = tanh x = a + a³·T(a²) below 0.55, else 1 − 2/(e^2a + 1), with the sign of x; a = |x|. */
  static void tanh(int n, double[] x, int xo, double[] y, int yo, double[] scratch) {
    int whole = n - n % COUNT;
    for (int from = 0; from < whole; from += BLOCK) {
      int size = Math.min(BLOCK, whole - from);
      for (int i = 0; i < size; i += COUNT) load(x, xo + from + i).lanewise(ABS).mul(TWO).intoArray(scratch, i);
      exp(size, scratch, 0, scratch, 0);
      for (int i = from; i < from + size; i += COUNT) {
        DoubleVector v = load(x, xo + i), a = v.lanewise(ABS), z = a.mul(a);
        DoubleVector t = T11.fma(z, T10);
        t = t.fma(z, T9);
        t = t.fma(z, T8);
        t = t.fma(z, T7);
        t = t.fma(z, T6);
        t = t.fma(z, T5);
        t = t.fma(z, T4);
        t = t.fma(z, T3);
        t = t.fma(z, T2);
        t = t.fma(z, T1);
        DoubleVector small = a.mul(z).fma(t, a);
        DoubleVector large = ONE.sub(TWO.div(load(scratch, i - from).add(ONE)));
        LongVector bits = large.blend(small, a.compare(LT, TANH_SMALL)).reinterpretAsLongs();
        bits.or(v.reinterpretAsLongs().and(Long.MIN_VALUE)).reinterpretAsDoubles().intoArray(y, yo + i);
      }
    }
    for (int i = whole; i < n; i++) y[yo + i] = Elementary.tanh(x[xo + i]);
  }

  // ---------------------------------------------------------------- for softmax

  /** y = e^(x−m). */
  static void expMinus(int n, double m, double[] x, int xo, double[] y, int yo) {
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) load(x, xo + i).sub(m).intoArray(y, yo + i);
    for (; i < n; i++) y[yo + i] = x[xo + i] - m;
    exp(n, y, yo, y, yo);
  }
}
