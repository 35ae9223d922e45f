// SPDX-License-Identifier: MIT
package chainrule.spec.witness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

/** Tests the witness for Φ: the series against the continued fraction, and both against digits known from tables. */
class NormalDistributionSpec {
  @Test
  void theSeriesAndTheFractionAgreeWhereBothConverge() {
    for (String a : new String[] {"5", "5.25", "6.125", "7.5"}) {
      BigDecimal x = new BigDecimal(a), fraction = NormalDistribution.tailByFraction(x);
      BigDecimal series = NormalDistribution.bySeries(x.negate());
      // Φ(−7.5) = 3e-14, so ½ minus the series loses 14 of 50 digits
      double error = series.subtract(fraction).abs().doubleValue() / fraction.doubleValue();
      assertTrue(error < 1e-34, "relative difference " + error + " at " + a);
    }
  }

  @Test
  void theValuesHaveTheDigitsOfTheTables() {
    BigDecimal cdf = NormalDistribution.cdf(BigDecimal.ONE), density = NormalDistribution.density(BigDecimal.ZERO);
    assertEquals("0.84134474606854294858523254563", cdf.toString().substring(0, 31));
    assertEquals("0.39894228040143267793994605993", density.toString().substring(0, 31));
    assertEquals(0, NormalDistribution.cdf(BigDecimal.ZERO).compareTo(new BigDecimal("0.5")));
  }
}
