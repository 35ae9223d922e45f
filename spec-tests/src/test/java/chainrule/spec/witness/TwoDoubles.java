package chainrule.spec.witness;

import java.math.BigDecimal;

/**
 * A number as the sum of two doubles that do not overlap, |lo| ≤ ½ ulp(hi): about 106 bits. Each operation is wrong by
 * a few units of 2⁻¹⁰⁴, relatively; so are differences, unless they cancel. For numbers between 2⁻⁹⁰⁰ and 2⁹⁰⁰, so that
 * lo never underflows. After Dekker 1971 and Knuth.
 */
public record TwoDoubles(double hi, double lo) {
  public static final TwoDoubles ZERO = new TwoDoubles(0, 0), ONE = new TwoDoubles(1, 0);

  public static TwoDoubles of(double x) {
    return new TwoDoubles(x, 0);
  }

  public static TwoDoubles of(BigDecimal x) {
    double hi = x.doubleValue();
    return new TwoDoubles(hi, x.subtract(new BigDecimal(hi)).doubleValue());
  }

  /** a + b, exactly. */
  static TwoDoubles sum(double a, double b) {
    double s = a + b, t = s - a;
    return new TwoDoubles(s, a - (s - t) + (b - t));
  }

  /** a·b, exactly. */
  public static TwoDoubles product(double a, double b) {
    double p = a * b;
    return new TwoDoubles(p, Math.fma(a, b, -p));
  }

  /** a + b for |a| ≥ |b|: makes the parts apart again. */
  private static TwoDoubles ordered(double a, double b) {
    double s = a + b;
    return new TwoDoubles(s, b - (s - a));
  }

  public TwoDoubles plus(TwoDoubles o) {
    TwoDoubles s = sum(hi, o.hi), t = sum(lo, o.lo);
    s = ordered(s.hi, s.lo + t.hi);
    return ordered(s.hi, s.lo + t.lo);
  }

  public TwoDoubles minus(TwoDoubles o) {
    return plus(o.negate());
  }

  public TwoDoubles negate() {
    return new TwoDoubles(-hi, -lo);
  }

  public TwoDoubles times(TwoDoubles o) {
    double p = hi * o.hi;
    return ordered(p, Math.fma(hi, o.hi, -p) + (hi * o.lo + lo * o.hi));
  }

  /** Long division, three digits of a double each. */
  public TwoDoubles over(TwoDoubles o) {
    double q1 = hi / o.hi;
    TwoDoubles rest = minus(o.times(of(q1)));
    double q2 = rest.hi / o.hi;
    rest = rest.minus(o.times(of(q2)));
    return ordered(q1, q2).plus(of(rest.hi / o.hi));
  }

  /** Times a power of two. */
  public TwoDoubles times2(double power) {
    return new TwoDoubles(hi * power, lo * power);
  }
}
