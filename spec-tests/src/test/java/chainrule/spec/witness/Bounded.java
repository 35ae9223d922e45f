// SPDX-License-Identifier: MIT
package chainrule.spec.witness;

import static chainrule.spec.witness.HighPrecision.DIGITS;

import java.math.BigDecimal;

/**
 * A number in 50 digits, with a bound of the error that double arithmetic makes if it rounds each operation of the
 * formula once (running error analysis). A formula written in it yields its value and its tolerance, so that
 * cancellation and underflow need no slack chosen by hand.
 *
 * @param v the value
 * @param error a bound of the absolute rounding error, 0 for an input
 */
public record Bounded(BigDecimal v, double error) {
  private static final double U = 0x1p-53;
  public static final Bounded ZERO = of(0), ONE = of(1);

  /** Returns an input, which is exact. */
  public static Bounded of(double x) {
    return new Bounded(new BigDecimal(x), 0);
  }

  /** Returns a result that is rounded once: by half an ulp, or by half of the least subnormal if it underflows. */
  private static Bounded rounded(BigDecimal v, double carried) {
    return new Bounded(v, carried + U * (magnitude(v) + carried) + Double.MIN_VALUE);
  }

  private static double magnitude(BigDecimal v) {
    return Math.abs(v.doubleValue());
  }

  public Bounded plus(Bounded o) {
    return rounded(v.add(o.v, DIGITS), error + o.error);
  }

  public Bounded minus(Bounded o) {
    return rounded(v.subtract(o.v, DIGITS), error + o.error);
  }

  public Bounded times(Bounded o) {
    double carried = o.error == 0 ? 0 : magnitude(v) * o.error;
    if (error > 0) carried += (magnitude(o.v) + o.error) * error;
    return rounded(v.multiply(o.v, DIGITS), carried);
  }

  /** @throws ArithmeticException if o is 0 */
  public Bounded over(Bounded o) {
    BigDecimal q = v.divide(o.v, DIGITS);
    double least = magnitude(o.v) - o.error;
    double carried = (error + magnitude(q) * o.error) / least;
    return rounded(q, error == 0 && o.error == 0 ? 0 : least > 0 ? carried : Double.POSITIVE_INFINITY);
  }

  /** Returns √v. An error e of v changes it by at most e/√v, and by at most √e. */
  public Bounded sqrt() {
    if (v.signum() == 0) return new Bounded(v, Math.sqrt(error));
    BigDecimal root = v.sqrt(DIGITS);
    return rounded(root, error == 0 ? 0 : Math.min(error / magnitude(root), Math.sqrt(error)));
  }

  /** Returns v^t for an exact v: t − 1 multiplications, in any order, make t − 1 rounding errors. */
  public Bounded power(long t) {
    BigDecimal p = v.pow(Math.toIntExact(t), DIGITS);
    return new Bounded(p, magnitude(p) * (t * Math.ulp(1.0) / 2) + 2 * Double.MIN_VALUE);
  }

  /** Returns the same value with its error bound raised by {@code more}. */
  public Bounded within(double more) {
    return new Bounded(v, error + more);
  }

  public Bounded negate() {
    return new Bounded(v.negate(), error);
  }

  public double value() {
    return v.doubleValue();
  }
}
