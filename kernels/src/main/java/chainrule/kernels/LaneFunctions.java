package chainrule.kernels;

import static chainrule.kernels.Elementary.*;
import static chainrule.kernels.Lanes.D;
import static jdk.incubator.vector.VectorOperators.ABS;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link Elementary}, a vector at a time: the same operations in the same order, so the same bits. Read the two files
 * side by side; every formula and every constant is explained there.
 */
final class LaneFunctions {
  private LaneFunctions() {}

  private static DoubleVector lanes(double x) {
    return DoubleVector.broadcast(D, x);
  }

  private static VectorMask<Double> less(DoubleVector x, double y) {
    return x.compare(VectorOperators.LT, y);
  }

  static DoubleVector exp(DoubleVector x) {
    DoubleVector c = x.blend(EXP_CLAMP, x.compare(VectorOperators.GT, EXP_CLAMP)).blend(-EXP_CLAMP, less(x, -EXP_CLAMP));
    DoubleVector k = c.fma(lanes(LOG2_E), lanes(ROUNDER)).sub(ROUNDER);
    DoubleVector minusK = k.neg();
    DoubleVector r = minusK.fma(lanes(LN2_HI), c);
    r = minusK.fma(lanes(LN2_LO), r);
    DoubleVector q = lanes(E11);
    q = q.fma(r, lanes(E10));
    q = q.fma(r, lanes(E9));
    q = q.fma(r, lanes(E8));
    q = q.fma(r, lanes(E7));
    q = q.fma(r, lanes(E6));
    q = q.fma(r, lanes(E5));
    q = q.fma(r, lanes(E4));
    q = q.fma(r, lanes(E3));
    q = q.fma(r, lanes(0.5));
    DoubleVector p = r.mul(r).fma(q, r).add(1);
    DoubleVector t1 = k.fma(lanes(0.5), lanes(ROUNDER));
    DoubleVector t2 = k.sub(t1.sub(ROUNDER)).add(ROUNDER);
    return p.mul(powerOfTwo(t1)).mul(powerOfTwo(t2));
  }

  private static DoubleVector powerOfTwo(DoubleVector t) {
    return t.reinterpretAsLongs().lanewise(LSHL, 52).add(ONE_BITS).reinterpretAsDoubles();
  }

  static DoubleVector log(DoubleVector x) {
    VectorMask<Double> tiny = less(x, Double.MIN_NORMAL);
    LongVector bits = x.blend(x.mul(TWO_54), tiny).reinterpretAsLongs();
    LongVector e = bits.sub(SQRT_HALF_BITS - BIAS).lanewise(LSHR, 52);
    DoubleVector k = e.or(EXPONENT_TO_DOUBLE).reinterpretAsDoubles().sub(EXPONENT_OFFSET);
    k = k.blend(k.sub(54), tiny);
    DoubleVector f = bits.sub(e.lanewise(LSHL, 52)).add(BIAS).reinterpretAsDoubles().sub(1);
    DoubleVector y = logOfReduced(k, f, lanes(0));
    y = y.blend(Double.NEGATIVE_INFINITY, x.compare(VectorOperators.EQ, 0.0));
    y = y.blend(x, x.compare(VectorOperators.EQ, Double.POSITIVE_INFINITY));
    return y.blend(Double.NaN, x.compare(VectorOperators.GE, 0.0).not());
  }

  private static DoubleVector logOfReduced(DoubleVector k, DoubleVector f, DoubleVector c) {
    DoubleVector s = f.div(f.add(2));
    DoubleVector z = s.mul(s);
    DoubleVector p = lanes(L7);
    p = p.fma(z, lanes(L6));
    p = p.fma(z, lanes(L5));
    p = p.fma(z, lanes(L4));
    p = p.fma(z, lanes(L3));
    p = p.fma(z, lanes(L2));
    p = p.fma(z, lanes(L1));
    DoubleVector half = f.mul(0.5).mul(f);
    DoubleVector low = s.fma(z.fma(p, half), k.fma(lanes(LN2_LO), c));
    return k.mul(LN2_HI).sub(half.sub(low).sub(f));
  }

  private static DoubleVector log1p(DoubleVector z) {
    VectorMask<Double> small = less(z, SQRT2_MINUS_1);
    DoubleVector u = z.add(1);
    DoubleVector f = u.mul(0.5).sub(1).blend(z, small);
    DoubleVector c = z.sub(u.sub(1)).div(u).blend(0.0, small);
    return logOfReduced(lanes(1).blend(0.0, small), f, c);
  }

  static DoubleVector softplus(DoubleVector x) {
    DoubleVector positivePart = lanes(0).blend(x, x.compare(VectorOperators.GT, 0.0));
    return positivePart.add(log1p(exp(x.lanewise(ABS).neg())));
  }

  static DoubleVector sigmoid(DoubleVector x) {
    DoubleVector z = exp(x.lanewise(ABS).neg());
    return lanes(1).blend(z, less(x, 0)).div(z.add(1));
  }

  static DoubleVector tanh(DoubleVector x) {
    DoubleVector a = x.lanewise(ABS);
    DoubleVector z = a.mul(a);
    DoubleVector t = lanes(T11);
    t = t.fma(z, lanes(T10));
    t = t.fma(z, lanes(T9));
    t = t.fma(z, lanes(T8));
    t = t.fma(z, lanes(T7));
    t = t.fma(z, lanes(T6));
    t = t.fma(z, lanes(T5));
    t = t.fma(z, lanes(T4));
    t = t.fma(z, lanes(T3));
    t = t.fma(z, lanes(T2));
    t = t.fma(z, lanes(T1));
    DoubleVector small = a.mul(z).fma(t, a);
    DoubleVector large = lanes(1).sub(lanes(2).div(exp(a.mul(2)).add(1)));
    DoubleVector y = large.blend(small, less(a, TANH_SMALL));
    LongVector sign = x.reinterpretAsLongs().and(Long.MIN_VALUE);
    return y.reinterpretAsLongs().or(sign).reinterpretAsDoubles();
  }

  static DoubleVector relu(DoubleVector x) {
    return x.blend(0.0, x.compare(VectorOperators.LE, 0.0));
  }
}
