// SPDX-License-Identifier: MIT
package chainrule.spec.witness;

import static chainrule.spec.witness.HighPrecision.DIGITS;

import java.math.BigDecimal;
import java.util.List;

/** Dual numbers in 50 digits, whose rounding errors are negligible. */
public final class ExactArithmetic implements Arithmetic<Dual> {
  public static final ExactArithmetic EXACT = new ExactArithmetic();

  private static final BigDecimal TWO_PI =
      new BigDecimal("6.28318530717958647692528676655900576839433879875021164194988918461563281");

  private ExactArithmetic() {}

  @Override public Dual constant(double x) {
    return Dual.constant(x);
  }

  @Override public Dual variable(double x) {
    return Dual.variable(x);
  }

  @Override public Dual sum(List<Dual> terms) {
    return terms.stream().reduce(Dual.ZERO, Dual::plus);
  }

  @Override public Dual times(Dual a, Dual b) {
    return a.times(b);
  }

  @Override public Dual over(Dual a, Dual b) {
    return a.over(b);
  }

  @Override public Dual exp(Dual x) {
    return x.exp();
  }

  @Override public Dual log(Dual x) {
    return x.log();
  }

  /** Computes ½ + density · Σ x^(2k+1) / (1·3·5…(2k+1)), whose terms all have one sign. */
  @Override public Dual normalCdf(Dual x) {
    BigDecimal square = x.v().multiply(x.v(), DIGITS);
    BigDecimal half = new BigDecimal("0.5");
    BigDecimal density = HighPrecision.exp(square.multiply(half).negate()).divide(TWO_PI.sqrt(DIGITS), DIGITS);
    BigDecimal term = x.v(), sum = term, least = new BigDecimal("1e-55");
    for (int k = 1; term.abs().compareTo(least) > 0; k++) {
      term = term.multiply(square, DIGITS).divide(BigDecimal.valueOf(2L * k + 1), DIGITS);
      sum = sum.add(term, DIGITS);
    }
    return new Dual(half.add(density.multiply(sum, DIGITS), DIGITS), density.multiply(x.d(), DIGITS));
  }

  @Override public double value(Dual x) {
    return x.value();
  }
}
