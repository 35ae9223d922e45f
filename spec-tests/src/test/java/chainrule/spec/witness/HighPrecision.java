// SPDX-License-Identifier: MIT
package chainrule.spec.witness;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Elementary functions in 50 decimal digits, by series that no code under test uses: the witness for values. */
public final class HighPrecision {
  private HighPrecision() {}

  public static final MathContext DIGITS = new MathContext(50, RoundingMode.HALF_EVEN);
  private static final BigDecimal ONE = BigDecimal.ONE;
  private static final BigDecimal TWO = BigDecimal.valueOf(2);
  private static final BigDecimal LARGE = new BigDecimal("1e300");

  /** Computes e^x by the Taylor series of x/2^k, squared k times. The guard digits cover the squarings. */
  public static BigDecimal exp(BigDecimal x) {
    MathContext mc = new MathContext(DIGITS.getPrecision() + 12, RoundingMode.HALF_EVEN);
    int k = 0;
    BigDecimal r = x;
    while (r.abs().compareTo(new BigDecimal("0.01")) > 0) {
      r = r.divide(TWO, mc);
      k++;
    }
    BigDecimal sum = ONE, term = ONE;
    for (int i = 1; i < 60; i++) {
      term = term.multiply(r, mc).divide(BigDecimal.valueOf(i), mc);
      if (term.signum() == 0) break;
      sum = sum.add(term, mc);
    }
    for (int i = 0; i < k; i++) sum = sum.multiply(sum, mc);
    return sum.round(DIGITS);
  }

  /** Computes ln x for x &gt; 0 from y₀ = Math.log(x): y ← y + 2(x − e^y)/(x + e^y) triples the correct digits. */
  public static BigDecimal log(BigDecimal x) {
    if (x.compareTo(LARGE) > 0) { // Math.log takes a double
      return log(x.movePointLeft(300)).add(log(BigDecimal.TEN).multiply(BigDecimal.valueOf(300)), DIGITS);
    }
    MathContext mc = new MathContext(DIGITS.getPrecision() + 10, RoundingMode.HALF_EVEN);
    BigDecimal y = new BigDecimal(Math.log(x.doubleValue()));
    for (int i = 0; i < 3; i++) {
      BigDecimal e = exp(y);
      y = y.add(TWO.multiply(x.subtract(e, mc), mc).divide(x.add(e, mc), mc), mc);
    }
    return y.round(DIGITS);
  }

  /** 1 / (1 + e^−x). */
  public static BigDecimal sigmoid(BigDecimal x) {
    return ONE.divide(ONE.add(exp(x.negate())), DIGITS);
  }

  /** (e^2x − 1) / (e^2x + 1). */
  public static BigDecimal tanh(BigDecimal x) {
    BigDecimal e = expm1(x.multiply(TWO));
    return e.divide(e.add(TWO), DIGITS);
  }

  /** e^x − 1, by its series for small x, where the difference would lose digits. */
  public static BigDecimal expm1(BigDecimal x) {
    if (x.abs().compareTo(new BigDecimal("0.1")) > 0) return exp(x).subtract(ONE);
    BigDecimal sum = BigDecimal.ZERO, term = ONE;
    for (int i = 1; i < 60; i++) {
      term = term.multiply(x, DIGITS).divide(BigDecimal.valueOf(i), DIGITS);
      sum = sum.add(term, DIGITS);
    }
    return sum;
  }

  /** ln(1 + e^x), as x + ln(1 + e^−x) for x &gt; 0, and by the series of ln(1 + z) where z = e^x is tiny. */
  public static BigDecimal softplus(BigDecimal x) {
    if (x.signum() > 0) return x.add(softplus(x.negate()), DIGITS);
    BigDecimal z = exp(x);
    if (z.compareTo(new BigDecimal("1e-3")) > 0) return log(ONE.add(z));
    BigDecimal sum = BigDecimal.ZERO, power = ONE;
    for (int i = 1; i < 30; i++) {
      power = power.multiply(z, DIGITS);
      BigDecimal term = power.divide(BigDecimal.valueOf(i), DIGITS);
      sum = i % 2 == 1 ? sum.add(term, DIGITS) : sum.subtract(term, DIGITS);
    }
    return sum;
  }

  /** Returns |actual − exact| in units in the last place of the exact value, rounded to double. */
  public static double ulps(double actual, BigDecimal exact) {
    BigDecimal error = new BigDecimal(actual).subtract(exact).abs();
    return error.divide(new BigDecimal(Math.ulp(exact.doubleValue())), DIGITS).doubleValue();
  }
}
