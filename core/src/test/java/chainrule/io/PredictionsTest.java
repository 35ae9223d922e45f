// SPDX-License-Identifier: MIT
package chainrule.io;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chainrule.data.Target;
import java.util.List;
import org.junit.jupiter.api.Test;

class PredictionsTest {
  private static final Target TWO = new Target(List.of("survived"), List.of("no", "yes"), 0, 1);

  @Test
  void oneOutputGivesTheProbabilitiesOfTwoClasses() {
    Predictions p = new Predictions(TWO, 1, new double[] {0.25, 0.5, 1});
    assertEquals(3, p.rows());
    assertEquals(List.of(0.75, 0.5, 0.0), List.of(p.probability(0, 0), p.probability(1, 0), p.probability(2, 0)));
    assertEquals(List.of(0.25, 0.5, 1.0), List.of(p.probability(0, 1), p.probability(1, 1), p.probability(2, 1)));
    assertEquals(List.of("no", "yes", "yes"), List.of(p.label(0), p.label(1), p.label(2)), "the second class if p ≥ ½");
  }

  @Test
  void severalOutputsAreOneProbabilityPerClass() {
    Target species = new Target(List.of("species"), List.of("a", "b", "c"), 0, 1);
    Predictions p = new Predictions(species, 3, new double[] {0.2, 0.7, 0.1, 0.5, 0, 0.5, 0.1, 0.3, 0.6});
    assertEquals(3, p.rows());
    assertEquals(List.of(0.2, 0.7, 0.1), List.of(p.probability(0, 0), p.probability(0, 1), p.probability(0, 2)));
    assertEquals(List.of(0.1, 0.3, 0.6), List.of(p.probability(2, 0), p.probability(2, 1), p.probability(2, 2)));
    assertEquals(List.of(1, 0, 2), List.of(p.classOf(0), p.classOf(1), p.classOf(2)), "the first of equals");
    assertEquals(List.of("b", "a", "c"), List.of(p.label(0), p.label(1), p.label(2)));
    Predictions two = new Predictions(TWO, 2, new double[] {0.5, 0.5, 0.25, 0.75});
    assertEquals(List.of("no", "yes"), List.of(two.label(0), two.label(1)), "also with two outputs");
  }

  @Test
  void everyLabelHasAProbabilityOfItsOwn() {
    Target two = Target.multilabel(List.of("a", "b"), List.of(List.of("0", "1"), List.of("no", "yes")));
    Predictions p = new Predictions(two, 2, new double[] {0.5, 0.25, 0.125, 0.75});
    assertEquals(List.of(0.5, 0.25, 0.125, 0.75),
        List.of(p.probability(0, 0), p.probability(0, 1), p.probability(1, 0), p.probability(1, 1)));
    assertEquals(List.of(true, false, false, true), List.of(p.has(0, 0), p.has(0, 1), p.has(1, 0), p.has(1, 1)));
    assertEquals(List.of("1", "no", "0", "yes"),
        List.of(p.labelValue(0, 0), p.labelValue(0, 1), p.labelValue(1, 0), p.labelValue(1, 1)));
    Target label = Target.multilabel(List.of("a"), List.of(List.of("0", "1")));
    Predictions one = new Predictions(label, 1, new double[] {0.25});
    assertEquals(0.25, one.probability(0, 0), "one label is not two classes");
  }

  @Test
  void severalNumbersHaveTheirOwnUnits() {
    Target target = Target.numbers(List.of("lat", "lon"), List.of(50.0, 8.0), List.of(2.0, 0.5));
    Predictions p = new Predictions(target, 2, new double[] {1, 1, -1, 2});
    assertEquals(List.of(52.0, 8.5, 48.0, 9.0), List.of(p.value(0, 0), p.value(0, 1), p.value(1, 0), p.value(1, 1)));
  }

  @Test
  void numbersAreConvertedToTheirOwnUnit() {
    Predictions p = new Predictions(new Target(List.of("u", "v"), List.of(), 100, 8), 2, new double[] {0, -1, 2, 0.5});
    assertEquals(2, p.rows());
    assertEquals(List.of(100.0, 92.0), List.of(p.value(0, 0), p.value(0, 1)));
    assertEquals(List.of(116.0, 104.0), List.of(p.value(1, 0), p.value(1, 1)));
  }
}
