// SPDX-License-Identifier: MIT
package chainrule.metrics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.random.CounterRandom;
import org.junit.jupiter.api.Test;

/** How outputs are read as classes and probabilities, by hand, and what metrics refuse. */
class ClassOutputsTest {
  private static final double NAN = Double.NaN;

  @Test
  void aSingleOutputIsTheProbabilityOfClass1() {
    double[] yhat = {0.25, 0.5, 1};
    assertEquals(2, ClassOutputs.classes(1));
    assertArrayEquals(new double[] {0.75, 0.5, 0}, ClassOutputs.scores(1, yhat, 0));
    assertArrayEquals(yhat, ClassOutputs.scores(1, yhat, 1));
    assertArrayEquals(new int[] {0, 1, 1}, ClassOutputs.predicted(1, yhat));
  }

  @Test
  void theFirstOfTheLargestOutputsIsPredicted() {
    double[] yhat = {0.2, 0.4, 0.4, 0.5, 0.5, 0, 0.1, NAN, 0.9, NAN, 1, 0};
    assertEquals(3, ClassOutputs.classes(3));
    assertArrayEquals(new int[] {1, 0, 2, 0}, ClassOutputs.predicted(3, yhat));
    assertArrayEquals(new double[] {0.4, 0, 0.9, 0}, ClassOutputs.scores(3, yhat, 2));
  }

  @Test
  void aThresholdIsReachedByEqualProbabilitiesButNotByNaN() {
    assertArrayEquals(new int[] {0, 1, 1, 0}, ClassOutputs.predicted(1, new double[] {0.29, 0.3, 0.9, NAN}, 0.3));
    assertArrayEquals(new int[] {0, 1}, ClassOutputs.predicted(2, new double[] {0.8, 0.2, 0.7, 0.3}, 0.3));
    assertThrows(IllegalArgumentException.class, () -> ClassOutputs.predicted(3, new double[3], 0.3));
  }

  @Test
  void rowsOfProbabilitiesAreDistributions() {
    assertTrue(ClassOutputs.areProbabilities(1, new double[] {0, 1, 0.5}));
    assertTrue(ClassOutputs.areProbabilities(3, new double[] {0.1, 0.2, 0.7, 1, 0, 0}));
    assertTrue(ClassOutputs.areProbabilities(2, new double[0]));
    for (double bad : new double[] {-0.1, 1.1, NAN}) assertFalse(ClassOutputs.areProbabilities(1, new double[] {bad}));
    assertFalse(ClassOutputs.areProbabilities(2, new double[] {0.5, 0.6}));
    assertFalse(ClassOutputs.areProbabilities(2, new double[] {1.5, -0.5}));
  }

  @Test
  void whatDoesNotFitIsRefused() {
    double[] yhat = {0.2, 0.3, 0.5};
    assertThrows(IllegalArgumentException.class, () -> LogLoss.of(2, yhat, new int[1]));
    assertThrows(IllegalArgumentException.class, () -> LogLoss.of(3, yhat, new int[2]));
    assertThrows(IllegalArgumentException.class, () -> BrierScore.of(3, yhat, new int[] {3}));
    assertThrows(IllegalArgumentException.class, () -> BrierScore.of(1, yhat, new int[] {0, -1, 1}));
    assertThrows(IllegalArgumentException.class, () -> LogLoss.of(0, yhat, new int[1]));
    assertThrows(IllegalArgumentException.class, () -> RocCurve.of(yhat, new boolean[2]));
    assertThrows(IllegalArgumentException.class, () -> ReliabilityCurve.of(yhat, new boolean[2], 10));
    assertThrows(IllegalArgumentException.class, () -> ReliabilityCurve.of(yhat, new boolean[3], 0));
    assertThrows(IllegalArgumentException.class, () -> BalancedAccuracy.of(2, new int[2], new int[3]));
    assertThrows(IllegalArgumentException.class, () -> ConformalInterval.scores(2, yhat, yhat));
    assertThrows(IllegalArgumentException.class, () -> TrivialBaseline.of(2, yhat));
    assertThrows(IndexOutOfBoundsException.class, () -> ClassOutputs.scores(3, yhat, 3));
    assertEquals("row 1: expected a class from 0 to 1, found 2",
        assertThrows(IllegalArgumentException.class, () -> LogLoss.of(1, new double[2], new int[] {0, 2}))
            .getMessage());
  }

  /** Sorting, not comparing all pairs: these would be 10¹² comparisons. */
  @Test
  void aMillionRowsAreFast() {
    int n = 1_000_000;
    double[] p = new double[n];
    int[] classes = new int[n];
    for (int i = 0; i < n; i++) {
      p[i] = CounterRandom.uniform(1, 2, i);
      classes[i] = CounterRandom.uniform(1, 3, i) < p[i] ? 1 : 0; // calibrated by construction
    }
    ProbabilityMetrics m = ProbabilityMetrics.of(1, p, classes);
    assertEquals(5.0 / 6, m.rocAuc(), 0.002); // ∫∫ over pairs of the densities 2p and 2(1 − p)
    assertEquals(1.0 / 6, m.brier(), 0.001); // ∫ p(1 − p)
    assertEquals(0.5, m.logLoss(), 0.002); // −∫ p ln p + (1 − p) ln(1 − p)
    assertEquals(0, m.calibrationError(), 0.003);
    assertEquals(5.0 / 6, m.averagePrecision(), 0.002); // ∫ (1 + t)/2 · 2t, precision by the change of recall
  }
}
