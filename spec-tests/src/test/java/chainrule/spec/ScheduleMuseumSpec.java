// SPDX-License-Identifier: MIT
package chainrule.spec;

import static chainrule.spec.LossChecks.rejects;

import chainrule.nn.optimizer.GradientDescent;
import chainrule.spec.ledger.Ledger;
import chainrule.spec.ledger.Ledger.Entry;
import chainrule.train.ConstantRate;
import chainrule.train.CosineDecay;
import chainrule.train.Schedule;
import chainrule.train.StepDecay;
import chainrule.train.WarmUp;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The bug museum of schedules: the spec that the real schedule passes rejects each planted defect. */
class ScheduleMuseumSpec {

  private static Entry scratch() {
    return Ledger.scratch("museum");
  }

  private interface Factor {
    double of(long t, int steps, int epochs);
  }

  private record Exhibit(String name, Factor factor) implements Schedule {
    @Override public double factor(long t, int stepsPerEpoch, int epochs) {
      return factor.of(t, stepsPerEpoch, epochs);
    }
  }

  private static void isRejected(Consumer<Schedule> spec, Schedule real, String defect, Factor factor) {
    rejects(spec, real, new Exhibit(defect, factor));
  }

  @Test
  void commonMistakesInStepDecayAreRejected() {
    Consumer<Schedule> spec = s -> ScheduleSpec.stepSpec(scratch(), s, 2, 0.1, 5, 7);
    StepDecay real = new StepDecay(2, 0.1);
    isRejected(spec, real, "a step too early", (t, s, e) -> Math.pow(0.1, t / (2 * s)));
    isRejected(spec, real, "an epoch too late", (t, s, e) -> Math.pow(0.1, Math.max(0, t - 1 - s) / (2 * s)));
    isRejected(spec, real, "steps instead of epochs", (t, s, e) -> Math.pow(0.1, (t - 1) / 2));
    isRejected(spec, real, "decays in every step", (t, s, e) -> Math.pow(0.1, (t - 1) / (2.0 * s)));
    isRejected(spec, real, "once only", (t, s, e) -> t > 2 * s ? 0.1 : 1);
  }

  @Test
  void commonMistakesInCosineDecayAreRejected() {
    Consumer<Schedule> spec = s -> ScheduleSpec.cosineSpec(scratch(), s, 0.1, 5, 7);
    CosineDecay real = new CosineDecay(0.1);
    isRejected(spec, real, "over epochs instead of steps", (t, s, e) -> wave(0.1, (t - 1) / s / (double) e));
    isRejected(spec, real, "a step ahead", (t, s, e) -> wave(0.1, t / ((double) e * s)));
    isRejected(spec, real, "at the floor in the last step", (t, s, e) -> wave(0.1, (t - 1) / ((double) e * s - 1)));
    isRejected(spec, real, "rises again after the end", (t, s, e) ->
        0.1 + 0.9 * 0.5 * (1 + StrictMath.cos(Math.PI * (t - 1) / ((double) e * s))));
    isRejected(spec, real, "a full period", (t, s, e) -> wave(0.1, 2.0 * (t - 1) / ((double) e * s)));
    isRejected(spec, real, "added to the floor", (t, s, e) -> 0.1 + wave(0, (t - 1) / ((double) e * s)));
    isRejected(spec, real, "clamped to the floor", (t, s, e) -> Math.max(0.1, wave(0, (t - 1) / ((double) e * s))));
    isRejected(spec, real, "a straight line", (t, s, e) -> 1 - 0.9 * Math.min(1, (t - 1) / ((double) e * s)));
  }

  private static double wave(double floor, double done) {
    return floor + (1 - floor) * 0.5 * (1 + StrictMath.cos(Math.PI * Math.min(1, done)));
  }

  @Test
  void commonMistakesInWarmUpAreRejected() {
    CosineDecay then = new CosineDecay(0);
    Consumer<Schedule> spec = s -> ScheduleSpec.warmUpSpec(scratch(), s, 2, then, 5, 7);
    WarmUp real = new WarmUp(2, then);
    isRejected(spec, real, "starts at 0", (t, s, e) -> t <= 2L * s ? (t - 1) / (2.0 * s) : real.factor(t, s, e));
    isRejected(spec, real, "one value per epoch",
        (t, s, e) -> t <= 2L * s ? ((t - 1) / s + 1) / 2.0 : real.factor(t, s, e));
    isRejected(spec, real, "for w steps", (t, s, e) -> t <= 2 ? t / 2.0 : then.factor(t - 2, s, e));
    isRejected(spec, real, "the second started early",
        (t, s, e) -> t <= 2L * s ? t / (2.0 * s) : then.factor(t, s, e));
    isRejected(spec, real, "the second spans all epochs", (t, s, e) ->
        t <= 2L * s ? t / (2.0 * s) : then.factor(t - 2L * s, s, e));
    isRejected(spec, real, "the product of both", (t, s, e) -> Math.min(1, t / (2.0 * s)) * then.factor(t, s, e));
  }

  @Test
  void trainingAtOtherRatesIsRejected() {
    Consumer<Schedule> spec = s -> ScheduleSpec.trajectorySpec(
        scratch(), s, new GradientDescent(0.1), ScheduleSpec.HALVES, 0);
    StepDecay real = new StepDecay(1, 0.5);
    rejects(spec, real, new ConstantRate());
    isRejected(spec, real, "steps start over in each epoch", (t, s, e) -> real.factor((t - 1) % s + 1, s, e));
    isRejected(spec, real, "steps counted from 0", (t, s, e) -> real.factor(Math.max(1, t - 1), s, e));
  }
}
