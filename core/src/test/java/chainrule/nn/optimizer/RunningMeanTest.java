// SPDX-License-Identifier: MIT
package chainrule.nn.optimizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class RunningMeanTest {
  @Test
  void noOptimizerStateBecomesSubnormalWhileTheGradientIsZero() {
    List<Optimizer> all =
        List.of(new Momentum(0.1), new Nesterov(0.1), new RmsProp(0.1), new AdaDelta(), new AdaDeltaZeiler(),
        new Adam(0.1, 0.9, 0.99, 1e-8), new AdamW(0.1, 0.9, 0.99, 1e-8, 0));
    for (Optimizer o : all) {
      double[] theta = {1, 1, 1}, g = {1, -1e-150, 1e-160}, none = new double[3];
      double[][] state = new double[o.slots()][3];
      o.update(1, o.rate(), 3, theta, g, state);
      for (long t = 2; t <= 100_000; t++) o.update(t, o.rate(), 3, theta, none, state);
      for (double[] slot : state) {
        for (double m : slot) assertTrue(m == 0 || Math.abs(m) >= Double.MIN_NORMAL, () -> o + " has the state " + m);
      }
    }
  }

  @Test
  void aMeanThatIsNotTinyHasTheBitsOfTheFormula() {
    double k = 0.9, rest = 1 - k;
    for (double mean = 0x1p-840; mean < 1e300; mean *= 1.7) {
      for (double x : new double[] {0, mean / 3, -mean, 5 * mean}) {
        assertEquals(Math.fma(k, mean, rest * x), RunningMean.next(k, mean, rest, x), () -> "with " + x);
      }
    }
    assertEquals(Double.NEGATIVE_INFINITY, RunningMean.next(k, Double.NEGATIVE_INFINITY, rest, 1));
    assertTrue(Double.isNaN(RunningMean.next(k, 0, rest, Double.NaN)));
  }

  @Test
  void aTinyMeanIsWithinItsDocumentedErrorBound() {
    double k = 0.5, rest = 0.5;
    for (double mean = Double.MIN_VALUE; mean < 0x1p-840; mean *= 1.3 + Double.MIN_VALUE / mean) {
      for (double sign : new double[] {1, -1}) {
        double exact = Math.fma(k, sign * mean, rest * 0), actual = RunningMean.next(k, sign * mean, rest, 0);
        double bound = Math.abs(exact) < 0x1p-900 ? 0x1p-953 : 2 * Math.ulp(exact);
        double m = mean;
        assertTrue(Math.abs(actual - exact) <= bound, () -> sign * m + " became " + actual);
        assertTrue(sign * actual >= 0, () -> sign * m + " became " + actual);
      }
    }
  }
}
