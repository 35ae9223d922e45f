// SPDX-License-Identifier: MIT
package chainrule.train;

import java.util.Objects;

/**
 * In a straight line up to the full rate, then as another schedule says: <pre>
 * factor(t) = t / (w·S)                     for t ≤ w·S
 *           = then.factor(t − w·S)          after, in E − w epochs
 * </pre>
 * for w epochs of S steps. Spec: ScheduleSpec.
 *
 * @param epochs w, 1 or more
 * @param then what follows
 */
public record WarmUp(int epochs, Schedule then) implements Schedule {
  /** @throws IllegalArgumentException unless epochs ≥ 1 */
  public WarmUp {
    if (epochs < 1) throw new IllegalArgumentException("warmup: expected 1 epoch or more, got " + epochs);
    Objects.requireNonNull(then, "then");
  }

  @Override public String name() {
    return then.name() + (then.name().indexOf(':') < 0 ? ":" : ",") + "warmup=" + epochs;
  }

  @Override public double factor(long t, int stepsPerEpoch, int allEpochs) {
    long up = (long) epochs * stepsPerEpoch;
    return t <= up ? (double) t / up : then.factor(t - up, stepsPerEpoch, Math.max(1, allEpochs - epochs));
  }

  @Override public boolean dependsOnEpochs() {
    return then.dependsOnEpochs();
  }
}
