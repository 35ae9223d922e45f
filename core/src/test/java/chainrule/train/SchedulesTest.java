// SPDX-License-Identifier: MIT
package chainrule.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Checks how schedules are parsed. What they compute is tested in ScheduleSpec. */
class SchedulesTest {

  @Test
  void everyNameCanBeParsed() {
    assertEquals(List.of("constant", "step", "cosine"), Schedules.names());
    for (String name : Schedules.names()) assertTrue(Schedules.parse(name).name().startsWith(name), name);
  }

  @Test
  void parametersAreNamedAndHaveDefaults() {
    assertEquals(new ConstantRate(), Schedules.parse("constant"));
    assertEquals(new StepDecay(10, 0.5), Schedules.parse("step"));
    assertEquals(new StepDecay(30, 0.1), Schedules.parse("step:by=0.1,every=30"));
    assertEquals(new CosineDecay(0), Schedules.parse("cosine:"));
    assertEquals(new CosineDecay(0.25), Schedules.parse("cosine:floor=0.25"));
    assertEquals(new WarmUp(5, new CosineDecay(0.01)), Schedules.parse("cosine:floor=0.01,warmup=5"));
    assertEquals(new WarmUp(1, new ConstantRate()), Schedules.parse("constant:warmup=1"));
    assertEquals(new ConstantRate(), Schedules.parse("constant:warmup=0"));
  }

  @Test
  void everyScheduleIsParsedFromItsName() {
    for (Schedule s : List.of(new ConstantRate(), new StepDecay(3, 0.1), new CosineDecay(0), new CosineDecay(0.3),
        new WarmUp(2, new ConstantRate()), new WarmUp(2, new CosineDecay(0)), new WarmUp(4, new StepDecay(1, 1e-3)))) {
      assertEquals(s, Schedules.parse(s.name()), s.name());
    }
  }

  @Test
  void onlyCosineDecayDependsOnTheNumberOfEpochs() {
    assertFalse(new ConstantRate().dependsOnEpochs() || new StepDecay(1, 0.5).dependsOnEpochs());
    assertFalse(new WarmUp(3, new StepDecay(1, 0.5)).dependsOnEpochs());
    assertTrue(new CosineDecay(0).dependsOnEpochs() && new WarmUp(3, new CosineDecay(0)).dependsOnEpochs());
  }

  @Test
  void unknownNamesAndInvalidParametersAreRejected() {
    refused("no schedule 'cosin'; expected one of constant, step, cosine", "cosin");
    refused("no schedule ''; expected one of constant, step, cosine", "");
    refused("step: no parameter 'evry'; it has every, by, warmup", "step:evry=3");
    refused("constant: no parameter 'floor'; it has warmup", "constant:floor=0.1");
    refused("step: expected a whole number ≥ 0 after 'every=', found 1.5", "step:every=1.5");
    refused("step: expected a whole number ≥ 0 after 'every=', found -1.0", "step:every=-1");
    refused("step: expected a whole number ≥ 0 after 'every=', found NaN", "step:every=NaN");
    refused("cosine: expected a whole number ≥ 0 after 'warmup=', found 1.0E10", "cosine:warmup=1e10");
    refused("step: expected every ≥ 1, found 0", "step:every=0");
    refused("step: expected a finite by > 0, found 0.0", "step:by=0");
    refused("step: expected a finite by > 0, found Infinity", "step:by=Infinity");
    refused("cosine: expected 0 ≤ floor ≤ 1, found 1.1", "cosine:floor=1.1");
    refused("cosine: expected 0 ≤ floor ≤ 1, found NaN", "cosine:floor=NaN");
    assertEquals("warmup: expected ≥ 1 epochs, found 0",
        assertThrows(IllegalArgumentException.class, () -> new WarmUp(0, new ConstantRate())).getMessage());
  }

  private static void refused(String message, String spec) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, () -> Schedules.parse(spec)).getMessage());
  }
}
