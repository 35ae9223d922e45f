// SPDX-License-Identifier: MIT
package chainrule.spec.witness;

import java.math.BigDecimal;

/**
 * A number as the sum of two doubles with |lo| ≤ ½ ulp(hi): about 106 bits. The relative error of each operation is a
 * few units of 2⁻¹⁰⁴, except where a difference cancels. Numbers must be between 2⁻⁹⁰⁰ and 2⁹⁰⁰, so that lo does not
 * underflow. Source: Dekker 1971, Knuth.
 */
public record DoubleDouble(double hi, double lo) {
  public static final DoubleDouble ZERO = new DoubleDouble(0, 0), ONE = new DoubleDouble(1, 0);

  public static DoubleDouble of(double x) {
    return new DoubleDouble(x, 0);
  }

  public static DoubleDouble of(BigDecimal x) {
    double hi = x.doubleValue();
    return new DoubleDouble(hi, x.subtract(new BigDecimal(hi)).doubleValue());
  }

  /** a + b, exactly. */
  static DoubleDouble sum(double a, double b) {
    double s = a + b, t = s - a;
    return new DoubleDouble(s, a - (s - t) + (b - t));
  }

  /** a·b, exactly. */
  public static DoubleDouble product(double a, double b) {
    double p = a * b;
    return new DoubleDouble(p, Math.fma(a, b, -p));
  }

  /** a + b for |a| ≥ |b|, as two doubles that do not overlap. */
  private static DoubleDouble ordered(double a, double b) {
    double s = a + b;
    return new DoubleDouble(s, b - (s - a));
  }

  public DoubleDouble plus(DoubleDouble o) {
    DoubleDouble s = sum(hi, o.hi), t = sum(lo, o.lo);
    s = ordered(s.hi, s.lo + t.hi);
    return ordered(s.hi, s.lo + t.lo);
  }

  public DoubleDouble minus(DoubleDouble o) {
    return plus(o.negate());
  }

  public DoubleDouble negate() {
    return new DoubleDouble(-hi, -lo);
  }

  public DoubleDouble times(DoubleDouble o) {
    double p = hi * o.hi;
    return ordered(p, Math.fma(hi, o.hi, -p) + (hi * o.lo + lo * o.hi));
  }

  /** Long division with three quotient digits, each a double. */
  public DoubleDouble over(DoubleDouble o) {
    double q1 = hi / o.hi;
    DoubleDouble rest = minus(o.times(of(q1)));
    double q2 = rest.hi / o.hi;
    rest = rest.minus(o.times(of(q2)));
    return ordered(q1, q2).plus(of(rest.hi / o.hi));
  }

  /** Multiplies by a power of two. */
  public DoubleDouble times2(double power) {
    return new DoubleDouble(hi * power, lo * power);
  }
}
