package chainrule.spec.witness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

/** The witness of Φ is itself witnessed: by its other form, and by digits known from tables. */
class NormalSpec {
  @Test
  void theSeriesAndTheFractionAgreeWhereBothConverge() {
    for (String a : new String[] {"5", "5.25", "6.125", "7.5"}) {
      BigDecimal x = new BigDecimal(a), fraction = Normal.tailByFraction(x), series = Normal.bySeries(x.negate());
      // Φ(−7.5) is 3e-14: of the 50 digits of the density, the series keeps 50 − 14
      double error = series.subtract(fraction).abs().doubleValue() / fraction.doubleValue();
      assertTrue(error < 1e-34, "relative difference " + error + " at " + a);
    }
  }

  @Test
  void knownDigits() {
    assertEquals("0.84134474606854294858523254563", Normal.cdf(BigDecimal.ONE).toString().substring(0, 31));
    assertEquals("0.39894228040143267793994605993", Normal.density(BigDecimal.ZERO).toString().substring(0, 31));
    assertEquals(0, Normal.cdf(BigDecimal.ZERO).compareTo(new BigDecimal("0.5")));
  }
}
