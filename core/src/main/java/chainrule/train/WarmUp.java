// SPDX-License-Identifier: MIT
package chainrule.train;

import java.util.Objects;

/**
 * Raises the rate linearly to its full value, then follows another schedule: <pre>
 * factor(t) = t / (w·S)                     for t ≤ w·S
 *           = then.factor(t − w·S)          after, in E − w epochs
 * </pre>
 * where w epochs have S steps each. Spec: ScheduleSpec.
 *
 * @param epochs w, ≥ 1
 * @param then the schedule that follows
 */
public record WarmUp(int epochs, Schedule then) implements Schedule {
  /**
   * Checks the number of epochs.
   *
   * @param epochs w
   * @param then not null
   * @throws IllegalArgumentException unless epochs ≥ 1
   */
  public WarmUp {
    if (epochs < 1) throw new IllegalArgumentException("warmup: expected ≥ 1 epochs, found " + epochs);
    Objects.requireNonNull(then, "then");
  }

  @Override public String name() {
    return then.name() + (then.name().indexOf(':') < 0 ? ":" : ",") + "warmup=" + epochs;
  }

  /**
   * Returns t / (w·S) for t ≤ w·S, otherwise the factor of the schedule that follows.
   * Formula: beyond-warm-up. Spec: ScheduleSpec#warmUpIsLinearAndThenFollowsTheSecondSchedule.
   */
  @Override public double factor(long t, int stepsPerEpoch, int allEpochs) {
    long up = (long) epochs * stepsPerEpoch;
    return t <= up ? (double) t / up : then.factor(t - up, stepsPerEpoch, Math.max(1, allEpochs - epochs));
  }

  @Override public boolean dependsOnEpochs() {
    return then.dependsOnEpochs();
  }
}
