// SPDX-License-Identifier: MIT
package chainrule.spec.witness;

import static chainrule.spec.witness.HighPrecision.DIGITS;

import java.math.BigDecimal;

/**
 * A dual number v + d·ε with ε² = 0, in 50 digits: the witness for derivatives. A formula written in dual numbers
 * yields its value and its derivative together. The derivative follows from the rules below, not from a formula for it.
 *
 * @param v the value
 * @param d the derivative with respect to the number created by {@link #variable}
 */
public record Dual(BigDecimal v, BigDecimal d) {
  public static final Dual ZERO = constant(0), ONE = constant(1);

  /** Returns the variable of the derivative. */
  public static Dual variable(double x) {
    return new Dual(new BigDecimal(x), BigDecimal.ONE);
  }

  public static Dual constant(double x) {
    return new Dual(new BigDecimal(x), BigDecimal.ZERO);
  }

  public Dual plus(Dual o) {
    return new Dual(v.add(o.v, DIGITS), d.add(o.d, DIGITS));
  }

  public Dual minus(Dual o) {
    return new Dual(v.subtract(o.v, DIGITS), d.subtract(o.d, DIGITS));
  }

  public Dual times(Dual o) {
    return new Dual(v.multiply(o.v, DIGITS), d.multiply(o.v, DIGITS).add(v.multiply(o.d, DIGITS), DIGITS));
  }

  public Dual times(double k) {
    return times(constant(k));
  }

  public Dual over(Dual o) {
    BigDecimal q = v.divide(o.v, DIGITS);
    return new Dual(q, d.subtract(q.multiply(o.d, DIGITS), DIGITS).divide(o.v, DIGITS));
  }

  public Dual negate() {
    return new Dual(v.negate(), d.negate());
  }

  public Dual exp() {
    BigDecimal e = HighPrecision.exp(v);
    return new Dual(e, e.multiply(d, DIGITS));
  }

  public Dual log() {
    return new Dual(HighPrecision.log(v), d.divide(v, DIGITS));
  }

  /** Returns the square root, which has no derivative at 0. */
  public Dual sqrt() {
    BigDecimal s = v.sqrt(DIGITS);
    return new Dual(s, d.divide(s.add(s), DIGITS));
  }

  /** Returns tanh. Its derivative is that of (e^2x − 1)/(e^2x + 1), by the quotient rule. */
  public Dual tanh() {
    Dual e = plus(this).exp();
    Dual q = e.minus(ONE).over(e.plus(ONE));
    return new Dual(HighPrecision.tanh(v), q.d); // computes the value without cancellation near 0
  }

  /** Returns |x|, which has no derivative at 0. */
  public Dual abs() {
    if (v.signum() == 0) throw new ArithmeticException("|x| has no derivative at 0: test the kink separately");
    return v.signum() < 0 ? negate() : this;
  }

  public boolean isPositive() {
    return v.signum() > 0;
  }

  public double value() {
    return v.doubleValue();
  }

  public double derivative() {
    return d.doubleValue();
  }
}
