// SPDX-License-Identifier: MIT
package chainrule.spec.witness;

import static chainrule.spec.witness.HighPrecision.DIGITS;

import java.math.BigDecimal;
import java.math.MathContext;

/** The standard normal distribution in 50 digits: a series near 0, a continued fraction in the tails. */
public final class NormalDistribution {
  private NormalDistribution() {}

  private static final MathContext MORE = new MathContext(DIGITS.getPrecision() + 20);
  private static final BigDecimal HALF = new BigDecimal("0.5");
  private static final BigDecimal SQRT_2_PI = pi().multiply(BigDecimal.valueOf(2)).sqrt(MORE);

  /** π = 16 arctan(1/5) − 4 arctan(1/239), Machin's formula. */
  private static BigDecimal pi() {
    return arctanOfInverse(5).multiply(BigDecimal.valueOf(16)).subtract(
        arctanOfInverse(239).multiply(BigDecimal.valueOf(4)));
  }

  private static BigDecimal arctanOfInverse(int n) {
    BigDecimal sum = BigDecimal.ZERO, power = BigDecimal.ONE.divide(BigDecimal.valueOf(n), MORE);
    for (int k = 0; k < 60; k++) {
      BigDecimal term = power.divide(BigDecimal.valueOf(2L * k + 1), MORE);
      sum = k % 2 == 0 ? sum.add(term, MORE) : sum.subtract(term, MORE);
      power = power.divide(BigDecimal.valueOf((long) n * n), MORE);
    }
    return sum;
  }

  /** e^(−x²/2) / √(2π). */
  public static BigDecimal density(BigDecimal x) {
    return HighPrecision.exp(x.multiply(x, MORE).multiply(HALF).negate()).divide(SQRT_2_PI, DIGITS);
  }

  /** Φ(x), the probability of values below x, by the series up to ±5. It would lose digits in the left tail. */
  public static BigDecimal cdf(BigDecimal x) {
    boolean middle = x.abs().compareTo(BigDecimal.valueOf(5)) < 0;
    if (middle) return bySeries(x);
    BigDecimal tail = tailByFraction(x.abs());
    return x.signum() < 0 ? tail : BigDecimal.ONE.subtract(tail, MORE);
  }

  /** Φ(z) as a dual number. The derivative of Φ is the density, since Φ is its integral. */
  public static Dual cdf(Dual z) {
    return new Dual(cdf(z.v()), density(z.v()).multiply(z.d(), DIGITS));
  }

  /** ½ + φ(x)·(x + x³/3 + x⁵/(3·5) + x⁷/(3·5·7) + …), whose terms all have one sign. */
  static BigDecimal bySeries(BigDecimal x) {
    BigDecimal square = x.multiply(x, MORE), term = x.round(MORE), sum = term;
    BigDecimal least = term.abs().movePointLeft(MORE.getPrecision());
    for (int k = 3; term.abs().compareTo(least) > 0; k += 2) {
      term = term.multiply(square, MORE).divide(BigDecimal.valueOf(k), MORE);
      sum = sum.add(term, MORE);
    }
    return HALF.add(density(x).multiply(sum, MORE), MORE);
  }

  /** 1 − Φ(a) = φ(a) / (a + 1/(a + 2/(a + 3/(a + …)))), with 400 levels, which are enough for a ≥ 5. */
  static BigDecimal tailByFraction(BigDecimal a) {
    BigDecimal fraction = a;
    for (int k = 400; k >= 1; k--) fraction = a.add(BigDecimal.valueOf(k).divide(fraction, MORE), MORE);
    return density(a).divide(fraction, DIGITS);
  }
}
