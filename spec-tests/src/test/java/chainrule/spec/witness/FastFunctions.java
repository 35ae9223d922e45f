// SPDX-License-Identifier: MIT
package chainrule.spec.witness;

import java.math.BigDecimal;
import java.math.MathContext;

/**
 * The elementary functions in double-double arithmetic: about a hundred times faster than {@link HighPrecision}, so
 * that tests can use a million points. Their relative error is below 2⁻⁷⁵, a four-millionth of an ulp;
 * {@code FastFunctionsSpec} compares them with 50 digits. The formulas avoid cancellation:
 *
 * <pre>
 * e^x − 1        x = k·ln 2 + r;  e^(r/64) − 1 by Taylor's series, then p ← 2p + p² six times
 * ln(1 + f)      y₀ = Math.log1p(f);  y = y₀ + 2(f − p)/(2 + f + p), p = e^y₀ − 1: three times the digits of y₀
 * Φ(x)           ½ ± φ(x)·(x + x³/3 + x⁵/(3·5) + …) for |x| < 5, else the continued fraction of the tail
 * </pre>
 */
public final class FastFunctions {
  private FastFunctions() {}

  /** value · 2^exponent, so that results that are subnormal or out of range as a double keep their digits. */
  public record Scaled(DoubleDouble value, int exponent) {
    static Scaled of(DoubleDouble value) {
      return new Scaled(value, 0);
    }

    /** Returns this number without its exponent, for exponents that lose no digits. */
    private DoubleDouble unscaled() {
      return value.times2(Math.scalb(1.0, exponent));
    }

    /** Returns |actual − this| in ulps of this number, rounded to double; 0 if both overflow. */
    public double ulps(double actual) {
      return ulps(actual, 0);
    }

    /** Returns |actual − this| in ulps of this number or of {@code magnitude}, whichever is larger. */
    public double ulps(double actual, double magnitude) {
      double rounded = Math.scalb(value.hi(), exponent);
      if (Double.isInfinite(rounded)) return actual == rounded ? 0 : Double.POSITIVE_INFINITY;
      double unit = Math.scalb(Math.ulp(Math.max(Math.abs(rounded), magnitude)), -exponent);
      return Math.abs(Math.scalb(actual, -exponent) - value.hi() - value.lo()) / unit;
    }

    /** Multiplies the mantissas and adds the exponents, so that the product cannot underflow. */
    Scaled times(double factor) {
      int k = Math.getExponent(factor);
      return new Scaled(value.times(DoubleDouble.of(Math.scalb(factor, -k))), exponent + k);
    }

    public BigDecimal exactly() {
      BigDecimal power = BigDecimal.valueOf(2).pow(exponent, new MathContext(60));
      return new BigDecimal(value.hi()).add(new BigDecimal(value.lo())).multiply(power);
    }
  }

  private static final DoubleDouble ONE = DoubleDouble.ONE, TWO = DoubleDouble.of(2), HALF = DoubleDouble.of(0.5);
  private static final DoubleDouble LN2 = DoubleDouble.of(HighPrecision.log(BigDecimal.valueOf(2)));
  private static final DoubleDouble DENSITY_AT_0 = DoubleDouble.of(NormalDistribution.density(BigDecimal.ZERO));
  private static final DoubleDouble[] INVERSE = new DoubleDouble[400];

  static {
    for (int i = 1; i < INVERSE.length; i++) INVERSE[i] = ONE.over(DoubleDouble.of(i));
  }

  /** Below it, a function whose series starts with x equals x to 200 bits. */
  private static final double TINY = 0x1p-220;

  /** At ±1100 and beyond, e^x, x·e^x and (1 + x)·e^x are 0 or ∞ as doubles. */
  private static final double FAR = 1100;

  public static Scaled exp(double x) {
    return exp(DoubleDouble.of(Math.max(-FAR, Math.min(x, FAR))));
  }

  private static Scaled exp(DoubleDouble x) {
    double k = Math.rint(x.hi() / LN2.hi());
    return new Scaled(ONE.plus(expm1Reduced(x.minus(LN2.times(DoubleDouble.of(k))))), (int) k);
  }

  /** e^r − 1 for |r| ≤ 0.4, from the series r/64·(1 + r/64/2·(1 + r/64/3·(…))). */
  private static DoubleDouble expm1Reduced(DoubleDouble r) {
    DoubleDouble s = r.times2(0x1p-6), t = ONE;
    for (int i = 11; i >= 2; i--) t = ONE.plus(s.times(INVERSE[i]).times(t));
    DoubleDouble p = s.times(t);
    for (int i = 0; i < 6; i++) p = p.times2(2).plus(p.times(p));
    return p;
  }

  public static Scaled expm1(double x) {
    if (Math.abs(x) < TINY) return Scaled.of(ONE).times(x);
    if (Math.abs(x) < 0.4) return Scaled.of(expm1Reduced(DoubleDouble.of(x)));
    Scaled e = exp(x);
    if (e.exponent > 200) return e;
    return Scaled.of(e.exponent < -200 ? ONE.negate() : e.unscaled().minus(ONE));
  }

  public static Scaled log(double x) {
    int k = x < Double.MIN_NORMAL ? Math.getExponent(x * 0x1p54) - 54 : Math.getExponent(x);
    double m = Math.scalb(x, -k);
    if (m > 1.5) {
      m /= 2;
      k++;
    }
    return Scaled.of(LN2.times(DoubleDouble.of(k)).plus(log1p(DoubleDouble.of(m - 1)))); // m − 1 is exact
  }

  private static DoubleDouble log1p(DoubleDouble f) {
    if (f.hi() == 0) return f;
    DoubleDouble y = DoubleDouble.of(Math.log1p(f.hi()));
    DoubleDouble p = Math.abs(y.hi()) < 0.4 ? expm1Reduced(y) : exp(y).unscaled().minus(ONE);
    return y.plus(f.minus(p).times2(2).over(TWO.plus(f).plus(p)));
  }

  public static Scaled sigmoid(double x) {
    Scaled z = exp(-Math.abs(x));
    if (z.exponent < -200) return x > 0 ? Scaled.of(ONE) : z;
    DoubleDouble d = ONE.plus(z.unscaled());
    return Scaled.of((x < 0 ? z.unscaled() : ONE).over(d));
  }

  public static Scaled silu(double x) {
    return sigmoid(x).times(Math.max(x, -FAR));
  }

  /** σ(x)·(1 + x·σ(−x)). */
  public static Scaled siluDerivative(double x) {
    Scaled s = sigmoid(x), other = sigmoid(-x).times(Math.max(x, -FAR));
    return other.exponent < -200 ? s : new Scaled(s.value.times(ONE.plus(other.unscaled())), s.exponent);
  }

  /** α(e^x − 1) for x ≤ 0, x above. */
  public static Scaled elu(double alpha, double x) {
    return x > 0 ? Scaled.of(DoubleDouble.of(x)) : expm1(x).times(alpha);
  }

  /** α·e^x for x ≤ 0, 1 above. */
  public static Scaled eluDerivative(double alpha, double x) {
    return x > 0 ? Scaled.of(ONE) : exp(x).times(alpha);
  }

  /** σ(x)·σ(−x). */
  public static Scaled sigmoidDerivative(double x) {
    Scaled near = sigmoid(Math.abs(x)), far = sigmoid(-Math.abs(x));
    return new Scaled(far.value.times(near.value), far.exponent);
  }

  /** 4·σ(2x)·σ(−2x). */
  public static Scaled tanhDerivative(double x) {
    return sigmoidDerivative(2 * x).times(4);
  }

  /** a(1 − a), for a from 0 to 1. */
  public static Scaled sigmoidGradient(double a) {
    return Scaled.of(ONE.minus(DoubleDouble.of(a))).times(a);
  }

  /** 1 − a². */
  public static Scaled tanhGradient(double a) {
    return Scaled.of(ONE.minus(DoubleDouble.product(a, a)));
  }

  public static Scaled tanh(double x) {
    if (Math.abs(x) < TINY) return Scaled.of(DoubleDouble.of(x));
    if (Math.abs(x) > 80) return Scaled.of(DoubleDouble.of(Math.signum(x)));
    DoubleDouble p = expm1(2 * x).unscaled();
    return Scaled.of(p.over(p.plus(TWO)));
  }

  public static Scaled softplus(double x) {
    Scaled z = exp(-Math.abs(x));
    if (z.exponent < -200) return x > 0 ? Scaled.of(DoubleDouble.of(x)) : z;
    DoubleDouble l = log1p(z.unscaled());
    return Scaled.of(x > 0 ? DoubleDouble.of(x).plus(l) : l);
  }

  public static Scaled normalDensity(double x) {
    double a = Math.min(Math.abs(x), 45); // it is 0 as a double for a ≥ 39
    Scaled bell = exp(DoubleDouble.product(a, a).times2(-0.5));
    return new Scaled(bell.value.times(DENSITY_AT_0), bell.exponent);
  }

  public static Scaled gelu(double x) {
    return normalCdf(x).times(Math.max(x, -45));
  }

  /** Φ(x) + x·φ(x). */
  public static Scaled geluDerivative(double x) {
    Scaled density = normalDensity(x), cdf = normalCdf(x);
    if (x > 30) return cdf;
    DoubleDouble term = density.value.times(DoubleDouble.of(Math.max(x, -45)));
    if (cdf.exponent == density.exponent) return new Scaled(cdf.value.plus(term), cdf.exponent);
    return Scaled.of(cdf.unscaled().plus(new Scaled(term, density.exponent).unscaled()));
  }

  public static Scaled normalCdf(double x) {
    double a = Math.min(Math.abs(x), 45);
    Scaled density = normalDensity(a);
    if (a < 5) {
      DoubleDouble inner = density.unscaled().times(oddSeries(a));
      return Scaled.of(x < 0 ? HALF.minus(inner) : HALF.plus(inner));
    }
    DoubleDouble argument = DoubleDouble.of(a), fraction = argument;
    for (int k = 16 + (int) (800 / (a * a)); k >= 1; k--) fraction = argument.plus(DoubleDouble.of(k).over(fraction));
    Scaled tail = new Scaled(density.value.over(fraction), density.exponent);
    if (x < 0) return tail;
    return Scaled.of(tail.exponent < -200 ? ONE : ONE.minus(tail.unscaled()));
  }

  /** a + a³/3 + a⁵/(3·5) + … */
  private static DoubleDouble oddSeries(double a) {
    if (a < TINY) return DoubleDouble.of(a);
    DoubleDouble square = DoubleDouble.product(a, a), term = DoubleDouble.of(a), sum = term;
    for (int k = 3; term.hi() > 0x1p-106 * sum.hi(); k += 2) {
      term = term.times(square).times(INVERSE[k]);
      sum = sum.plus(term);
    }
    return sum;
  }
}
