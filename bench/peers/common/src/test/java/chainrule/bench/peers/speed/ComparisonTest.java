// SPDX-License-Identifier: MIT
package chainrule.bench.peers.speed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static SpeedRun run(Goal goal, String unit, double low, double median, double high) {
    return new SpeedRun("kind", "machine", "2026-11-30", "",
        List.of(new Figure("1", "row", "figure", unit, goal, new Spread(low, median, high), "")));
  }

  private static Comparison.Change change(SpeedRun now, SpeedRun stored) {
    return new Comparison(now, stored).change(now.figures().get(0));
  }

  @Test void aDifferenceCountsOnlyBeyondTheSpreadOfBothRuns() {
    Goal goal = Goal.atLeast(1);
    SpeedRun stored = run(goal, "×", 1.19, 1.2, 1.21);
    assertEquals(Comparison.Change.SLOWER, change(run(goal, "×", 1.09, 1.1, 1.11), stored));
    assertEquals(Comparison.Change.FASTER, change(run(goal, "×", 1.29, 1.3, 1.31), stored));
    assertEquals(Comparison.Change.SAME, change(run(goal, "×", 1.04, 1.1, 1.16), stored), "own spread");
    assertEquals(Comparison.Change.SAME, change(run(goal, "×", 1.09, 1.1, 1.11), run(goal, "×", 1.1, 1.2, 1.3)),
        "spread of the stored run");
    assertEquals(Comparison.Change.SAME, change(run(goal, "×", 1.17, 1.17, 1.17), stored), "below 3 %");
  }

  @Test void aSmallerValueIsBetterIfTheGoalIsAnUpperLimit() {
    Goal goal = Goal.atMost(1.1);
    SpeedRun now = run(goal, "×", 1.2, 1.2, 1.2), stored = run(goal, "×", 1.05, 1.05, 1.05);
    assertEquals(Comparison.Change.SLOWER, change(now, stored));
    assertEquals(Comparison.Change.FASTER, change(stored, now));
    assertTrue(new Comparison(now, stored).ratio(now.figures().get(0)).orElseThrow() < 1);
  }

  @Test void absoluteTimesAndMissingFiguresAreNotCompared() {
    assertEquals(Comparison.Change.UNKNOWN, change(run(Goal.NONE, "µs", 9, 9, 9), run(Goal.NONE, "µs", 1, 1, 1)));
    assertEquals(Comparison.Change.SLOWER,
        change(run(Goal.NONE, Figure.OF_PEAK, 0.5, 0.5, 0.5), run(Goal.NONE, Figure.OF_PEAK, 0.8, 0.8, 0.8)));
    SpeedRun missing = new SpeedRun("kind", "machine", "", "",
        List.of(new Figure("1", "row", "figure", "×", Goal.atLeast(1), null, "not built")));
    SpeedRun measured = run(Goal.atLeast(1), "×", 1, 1, 1);
    assertEquals(Comparison.Change.UNKNOWN, change(missing, measured));
    assertEquals(Comparison.Change.UNKNOWN, change(measured, missing));
    assertEquals(Comparison.Change.UNKNOWN, change(measured, null));
  }

  @Test void quartilesOfRatiosAreThoseOfTheTurns() {
    Spread spread = Spread.ratio(new double[] {2, 4, 6, 8, 10}, new double[] {2, 2, 2, 2, 2});
    assertEquals(new Spread(2, 3, 4), spread);
    assertEquals(new Spread(0.25, 1 / 3.0, 0.5), spread.inverse(1));
  }

  @Test void everyChangeIsDescribed() {
    SpeedRun now = run(Goal.atLeast(1), "×", 1, 1, 1), stored = run(Goal.atLeast(1), "×", 2, 2, 2);
    String changes = new SpeedTable(new Comparison(now, stored)).changes();
    assertTrue(changes.contains("slower than the stored run:\n    1, figure: 1.00 ×, stored 2.00 ×"), changes);
    assertTrue(new SpeedTable(new Comparison(now, null)).changes().contains("no stored run"));
  }
}
