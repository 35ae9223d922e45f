// SPDX-License-Identifier: MIT
package chainrule.kernels;

import static chainrule.kernels.Lanes.COUNT;
import static chainrule.kernels.Lanes.D;
import static chainrule.kernels.Lanes.L;
import static jdk.incubator.vector.DoubleVector.broadcast;
import static jdk.incubator.vector.DoubleVector.fromArray;
import static jdk.incubator.vector.VectorOperators.ABS;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;

/**
 * The functions of {@link Elementary} in vectors, with the same operations in the same order, so with the same bits.
 * The formulas and constants are explained there.
 *
 * <p><b>Rare arguments.</b> If a vector contains a NaN, an infinity or a number whose exponential is not a normal
 * number, its elements are computed by the scalar code. So the vector code needs no selections for them, and p·2^k is
 * an addition of k to the exponent of p. On AMD, this leaves the multipliers to the polynomial (5 %).
 *
 * <p><b>Why constants are local.</b> C2 loads a vector constant from a static field again in every iteration of a loop
 * that writes an array (exp takes twice as long). A broadcast before the loop stays in a register.
 *
 * <p><b>Why pipelines.</b> C2 spends about 420 nodes on a call of the Vector API and 150 on a broadcast. In a method
 * of more than 18,000 nodes it leaves vectors or masks as objects on the heap. So functions that come close to this
 * limit are pipelines over blocks that stay in the first-level cache. {@link #exp}, {@link #expOfMinusAbs}, {@link
 * #expm1OfReducible} and {@link #log} have 14,000 to 16,500 nodes. They are longer than 325 bytecodes, so each is
 * compiled separately. Every loop of a pipeline is a method with its own constants, because a vector that is live
 * across a call becomes an object (on JDK 17).
 *
 * <p><b>Why no helpers.</b> No method here takes or returns a vector. C2 always inlines the Vector API, but our
 * methods only after many calls and if the caller is still small. If the first arrays are short, a loop is rarely
 * entered while C2 counts. It then keeps a real call forever, which returns an object (on JDK 17 and 25 in one start
 * of sixteen). {@code NoAllocationTest} rejects such methods.
 *
 * <pre>
 *   block of x ──▶ e^−|x| ──▶ sigmoid, softplus, SiLU     block of x ──▶ 2|x| ──▶ e^2|x| − 1 ──▶ tanh
 * </pre>
 */
final class VectorElementary {
  private VectorElementary() {}

  /** Elements in a block of a pipeline: 4 KiB of scratch, a multiple of every lane count. */
  static final int BLOCK = 512;

  /** y = e^x for |x| ≤ 708 or NaN; undefined for other x. n must be a multiple of the lanes. */
  static void expOfOrdinary(int n, double[] x, int xo, double[] y, int yo) {
    DoubleVector log2E = broadcast(D, Elementary.LOG2_E), rounder = broadcast(D, Elementary.ROUNDER),
        one = broadcast(D, 1), half = broadcast(D, 0.5);
    DoubleVector minusLn2Hi = broadcast(D, -Elementary.LN2_HI), minusLn2Lo = broadcast(D, -Elementary.LN2_LO);
    DoubleVector e3 = broadcast(D, Elementary.E3), e4 = broadcast(D, Elementary.E4), e5 = broadcast(D, Elementary.E5),
        e6 = broadcast(D, Elementary.E6), e7 = broadcast(D, Elementary.E7), e8 = broadcast(D, Elementary.E8),
        e9 = broadcast(D, Elementary.E9), e10 = broadcast(D, Elementary.E10), e11 = broadcast(D, Elementary.E11),
        e12 = broadcast(D, Elementary.E12);
    for (int i = 0; i < n; i += COUNT) {
      DoubleVector v = fromArray(D, x, xo + i);
      DoubleVector t = v.fma(log2E, rounder), k = t.sub(rounder);
      DoubleVector r = k.fma(minusLn2Lo, k.fma(minusLn2Hi, v)); // (−k)·ln 2 = k·(−ln 2) exactly
      DoubleVector z = r.mul(r);
      DoubleVector odd = e11.fma(z, e9).fma(z, e7).fma(z, e5).fma(z, e3);
      DoubleVector even = e12.fma(z, e10).fma(z, e8).fma(z, e6).fma(z, e4).fma(z, half);
      DoubleVector s = r.add(one), p = s.add(z.fma(odd.fma(r, even), r.sub(s.sub(one))));
      LongVector exponent = t.reinterpretAsLongs().lanewise(LSHL, 52);
      p.reinterpretAsLongs().add(exponent).reinterpretAsDoubles().intoArray(y, yo + i);
    }
  }

  /** y = e^x. */
  static void exp(int n, double[] x, int xo, double[] y, int yo) {
    DoubleVector log2E = broadcast(D, Elementary.LOG2_E), rounder = broadcast(D, Elementary.ROUNDER),
        one = broadcast(D, 1), half = broadcast(D, 0.5);
    DoubleVector minusLn2Hi = broadcast(D, -Elementary.LN2_HI), minusLn2Lo = broadcast(D, -Elementary.LN2_LO);
    DoubleVector e3 = broadcast(D, Elementary.E3), e4 = broadcast(D, Elementary.E4), e5 = broadcast(D, Elementary.E5),
        e6 = broadcast(D, Elementary.E6), e7 = broadcast(D, Elementary.E7), e8 = broadcast(D, Elementary.E8),
        e9 = broadcast(D, Elementary.E9), e10 = broadcast(D, Elementary.E10), e11 = broadcast(D, Elementary.E11),
        e12 = broadcast(D, Elementary.E12);
    DoubleVector most = broadcast(D, Elementary.EXP_NORMAL);
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      DoubleVector v = fromArray(D, x, xo + i);
      DoubleVector t = v.fma(log2E, rounder), k = t.sub(rounder);
      DoubleVector r = k.fma(minusLn2Lo, k.fma(minusLn2Hi, v)); // (−k)·ln 2 = k·(−ln 2) exactly
      DoubleVector z = r.mul(r);
      DoubleVector odd = e11.fma(z, e9).fma(z, e7).fma(z, e5).fma(z, e3);
      DoubleVector even = e12.fma(z, e10).fma(z, e8).fma(z, e6).fma(z, e4).fma(z, half);
      DoubleVector s = r.add(one), p = s.add(z.fma(odd.fma(r, even), r.sub(s.sub(one))));
      LongVector exponent = t.reinterpretAsLongs().lanewise(LSHL, 52);
      if (v.lanewise(ABS).compare(LE, most).allTrue()) {
        p.reinterpretAsLongs().add(exponent).reinterpretAsDoubles().intoArray(y, yo + i);
      } else {
        expOfRare(x, xo + i, y, yo + i);
      }
    }
    for (; i < n; i++) y[yo + i] = Elementary.exp(x[xo + i]);
  }

  private static void expOfRare(double[] x, int xo, double[] y, int yo) {
    for (int i = 0; i < COUNT; i++) y[yo + i] = Elementary.exp(x[xo + i]);
  }

  /** y = e^−|x|, computed as in {@link #exp}; n must be a multiple of the lanes. */
  static void expOfMinusAbs(int n, double[] x, int xo, double[] y, int yo) {
    DoubleVector log2E = broadcast(D, Elementary.LOG2_E), rounder = broadcast(D, Elementary.ROUNDER),
        one = broadcast(D, 1), half = broadcast(D, 0.5);
    DoubleVector minusLn2Hi = broadcast(D, -Elementary.LN2_HI), minusLn2Lo = broadcast(D, -Elementary.LN2_LO);
    DoubleVector e3 = broadcast(D, Elementary.E3), e4 = broadcast(D, Elementary.E4), e5 = broadcast(D, Elementary.E5),
        e6 = broadcast(D, Elementary.E6), e7 = broadcast(D, Elementary.E7), e8 = broadcast(D, Elementary.E8),
        e9 = broadcast(D, Elementary.E9), e10 = broadcast(D, Elementary.E10), e11 = broadcast(D, Elementary.E11),
        e12 = broadcast(D, Elementary.E12);
    DoubleVector least = broadcast(D, -Elementary.EXP_NORMAL);
    for (int i = 0; i < n; i += COUNT) {
      DoubleVector v = fromArray(D, x, xo + i).lanewise(ABS).neg();
      DoubleVector t = v.fma(log2E, rounder), k = t.sub(rounder);
      DoubleVector r = k.fma(minusLn2Lo, k.fma(minusLn2Hi, v));
      DoubleVector z = r.mul(r);
      DoubleVector odd = e11.fma(z, e9).fma(z, e7).fma(z, e5).fma(z, e3);
      DoubleVector even = e12.fma(z, e10).fma(z, e8).fma(z, e6).fma(z, e4).fma(z, half);
      DoubleVector s = r.add(one), p = s.add(z.fma(odd.fma(r, even), r.sub(s.sub(one))));
      LongVector exponent = t.reinterpretAsLongs().lanewise(LSHL, 52);
      if (v.compare(GE, least).allTrue()) {
        p.reinterpretAsLongs().add(exponent).reinterpretAsDoubles().intoArray(y, yo + i);
      } else {
        expOfRareMinusAbs(x, xo + i, y, yo + i);
      }
    }
  }

  private static void expOfRareMinusAbs(double[] x, int xo, double[] y, int yo) {
    for (int i = 0; i < COUNT; i++) y[yo + i] = Elementary.exp(-Math.abs(x[xo + i]));
  }

  /** y = e^x − 1 for |x| ≤ 40, without the sign of a zero; undefined for other x. n must be a multiple of the lanes. */
  static void expm1OfReducible(int n, double[] x, int xo, double[] y, int yo) {
    DoubleVector log2E = broadcast(D, Elementary.LOG2_E), rounder = broadcast(D, Elementary.POWER_ROUNDER),
        one = broadcast(D, 1), half = broadcast(D, 0.5);
    DoubleVector minusLn2Hi = broadcast(D, -Elementary.LN2_HI), minusLn2Lo = broadcast(D, -Elementary.LN2_LO);
    DoubleVector e3 = broadcast(D, Elementary.E3), e4 = broadcast(D, Elementary.E4), e5 = broadcast(D, Elementary.E5),
        e6 = broadcast(D, Elementary.E6), e7 = broadcast(D, Elementary.E7), e8 = broadcast(D, Elementary.E8),
        e9 = broadcast(D, Elementary.E9), e10 = broadcast(D, Elementary.E10), e11 = broadcast(D, Elementary.E11),
        e12 = broadcast(D, Elementary.E12);
    for (int i = 0; i < n; i += COUNT) {
      DoubleVector v = fromArray(D, x, xo + i), t = v.fma(log2E, rounder), k = t.sub(rounder);
      DoubleVector h = k.fma(minusLn2Hi, v), r = k.fma(minusLn2Lo, h), lost = k.fma(minusLn2Lo, h.sub(r));
      DoubleVector z = r.mul(r);
      DoubleVector odd = e11.fma(z, e9).fma(z, e7).fma(z, e5).fma(z, e3);
      DoubleVector even = e12.fma(z, e10).fma(z, e8).fma(z, e6).fma(z, e4).fma(z, half);
      DoubleVector s = t.reinterpretAsLongs().lanewise(LSHL, 52).reinterpretAsDoubles(), s1 = s.sub(one);
      DoubleVector u = s.fma(r, s1), rest = s.fma(r, s1.sub(u));
      u.add(s.fma(z.fma(odd.fma(r, even), lost), rest)).intoArray(y, yo + i);
    }
  }

  /** y = ln x. */
  static void log(int n, double[] x, int xo, double[] y, int yo) {
    DoubleVector one = broadcast(D, 1), two = broadcast(D, 2), half = broadcast(D, 0.5),
        exponentOffset = broadcast(D, Elementary.EXPONENT_OFFSET);
    DoubleVector ln2Hi = broadcast(D, Elementary.LN2_HI), ln2Lo = broadcast(D, Elementary.LN2_LO);
    DoubleVector l1 = broadcast(D, Elementary.L1), l2 = broadcast(D, Elementary.L2), l3 = broadcast(D, Elementary.L3),
        l4 = broadcast(D, Elementary.L4), l5 = broadcast(D, Elementary.L5), l6 = broadcast(D, Elementary.L6),
        l7 = broadcast(D, Elementary.L7), most = broadcast(D, 1021);
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      DoubleVector v = fromArray(D, x, xo + i);
      LongVector bits = v.reinterpretAsLongs().sub(Elementary.SQRT_HALF_BITS - Elementary.BIAS);
      LongVector e = bits.lanewise(LSHR, 52);
      DoubleVector k = e.or(Elementary.EXPONENT_TO_DOUBLE).reinterpretAsDoubles().sub(exponentOffset);
      DoubleVector f = bits.and(Elementary.MANTISSA).add(Elementary.SQRT_HALF_BITS).reinterpretAsDoubles().sub(one);
      DoubleVector s = f.div(f.add(two));
      DoubleVector z = s.mul(s);
      DoubleVector p = l7.fma(z, l6).fma(z, l5).fma(z, l4).fma(z, l3).fma(z, l2).fma(z, l1);
      DoubleVector square = f.mul(half).mul(f);
      DoubleVector low = s.fma(z.fma(p, square), k.mul(ln2Lo));
      if (k.lanewise(ABS).compare(LE, most).allTrue()) { // so x is positive, normal and finite
        k.fma(ln2Hi, f.sub(square.sub(low))).intoArray(y, yo + i);
      } else {
        logOfRare(x, xo + i, y, yo + i);
      }
    }
    for (; i < n; i++) y[yo + i] = Elementary.log(x[xo + i]);
  }

  private static void logOfRare(double[] x, int xo, double[] y, int yo) {
    for (int i = 0; i < COUNT; i++) y[yo + i] = Elementary.log(x[xo + i]);
  }

  /** y = σ(x) = 1/(1+z) or z/(1+z), z = e^−|x|, with a corrected quotient; scratch [BLOCK]. */
  static void sigmoid(int n, double[] x, int xo, double[] y, int yo, double[] scratch) {
    int whole = n - n % COUNT;
    for (int from = 0; from < whole; from += BLOCK) {
      int size = Math.min(BLOCK, whole - from);
      expOfMinusAbs(size, x, xo + from, scratch, 0);
      sigmoidOfExp(size, scratch, x, xo + from, y, yo + from);
    }
    for (int i = whole; i < n; i++) y[yo + i] = Elementary.sigmoid(x[xo + i]);
  }

  /** y = σ(x), from z = e^−|x|. */
  static void sigmoidOfExp(int n, double[] z, double[] x, int xo, double[] y, int yo) {
    DoubleVector zero = broadcast(D, 0), one = broadcast(D, 1);
    for (int i = 0; i < n; i += COUNT) {
      DoubleVector e = fromArray(D, z, i), d = e.add(one), lost = e.sub(d.sub(one));
      DoubleVector inverse = one.div(d), numerator = one.blend(e, fromArray(D, x, xo + i).compare(LT, zero));
      DoubleVector q = numerator.mul(inverse), minusQ = q.neg();
      DoubleVector rest = minusQ.fma(lost, minusQ.fma(d, numerator));
      rest.fma(inverse, q).intoArray(y, yo + i);
    }
  }

  /** y = tanh x = E/(E + 2), E = e^2|x| − 1, with the sign of x; scratch [BLOCK]. */
  static void tanh(int n, double[] x, int xo, double[] y, int yo, double[] scratch) {
    int whole = n - n % COUNT;
    for (int from = 0; from < whole; from += BLOCK) {
      int size = Math.min(BLOCK, whole - from);
      clampedTwice(size, x, xo + from, scratch);
      expm1OfReducible(size, scratch, 0, scratch, 0);
      tanhOfExpm1(size, scratch, x, xo + from, y, yo + from);
    }
    for (int i = whole; i < n; i++) y[yo + i] = Elementary.tanh(x[xo + i]);
  }

  /** y = 2·min(|x|, 20). */
  private static void clampedTwice(int n, double[] x, int xo, double[] y) {
    DoubleVector clamp = broadcast(D, Elementary.TANH_CLAMP);
    for (int i = 0; i < n; i += COUNT) {
      DoubleVector a = fromArray(D, x, xo + i).lanewise(ABS), b = a.blend(clamp, a.compare(GT, clamp));
      b.add(b).intoArray(y, i);
    }
  }

  private static void tanhOfExpm1(int n, double[] e, double[] x, int xo, double[] y, int yo) {
    DoubleVector one = broadcast(D, 1), two = broadcast(D, 2);
    LongVector signBit = LongVector.broadcast(L, Long.MIN_VALUE);
    for (int i = 0; i < n; i += COUNT) {
      LongVector sign = fromArray(D, x, xo + i).reinterpretAsLongs().and(signBit);
      DoubleVector v = fromArray(D, e, i), d = v.add(two), lost = v.sub(d.sub(two));
      DoubleVector inverse = one.div(d), q = v.mul(inverse), minusQ = q.neg();
      DoubleVector rest = minusQ.fma(lost, minusQ.fma(d, v));
      rest.fma(inverse, q).reinterpretAsLongs().or(sign).reinterpretAsDoubles().intoArray(y, yo + i);
    }
  }

  /** y = softplus x = max(x, 0) + ln(1 + e^−|x|); scratch [BLOCK] holds the exponentials of a block. */
  static void softplus(int n, double[] x, int xo, double[] y, int yo, double[] scratch) {
    int whole = n - n % COUNT;
    for (int from = 0; from < whole; from += BLOCK) {
      int size = Math.min(BLOCK, whole - from);
      expOfMinusAbs(size, x, xo + from, scratch, 0);
      softplusOfExp(size, scratch, x, xo + from, y, yo + from);
    }
    for (int i = whole; i < n; i++) y[yo + i] = Elementary.softplus(x[xo + i]);
  }

  private static void softplusOfExp(int n, double[] e, double[] x, int xo, double[] y, int yo) {
    DoubleVector zero = broadcast(D, 0), two = broadcast(D, 2), half = broadcast(D, 0.5);
    DoubleVector p1 = broadcast(D, Elementary.P1), p2 = broadcast(D, Elementary.P2), p3 = broadcast(D, Elementary.P3),
        p4 = broadcast(D, Elementary.P4), p5 = broadcast(D, Elementary.P5), p6 = broadcast(D, Elementary.P6),
        p7 = broadcast(D, Elementary.P7), p8 = broadcast(D, Elementary.P8), p9 = broadcast(D, Elementary.P9),
        p10 = broadcast(D, Elementary.P10);
    for (int i = 0; i < n; i += COUNT) {
      DoubleVector v = fromArray(D, x, xo + i), f = fromArray(D, e, i);
      DoubleVector s = f.div(f.add(two));
      DoubleVector z = s.mul(s);
      DoubleVector p = p10.fma(z, p9).fma(z, p8).fma(z, p7).fma(z, p6).fma(z, p5).fma(z, p4).fma(z, p3).fma(z, p2)
          .fma(z, p1);
      DoubleVector square = f.mul(half).mul(f);
      DoubleVector log1p = f.sub(s.neg().fma(z.fma(p, square), square));
      zero.blend(v, v.compare(GT, zero)).add(log1p).intoArray(y, yo + i);
    }
  }
}
