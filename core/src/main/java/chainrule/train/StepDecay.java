// SPDX-License-Identifier: MIT
package chainrule.train;

/**
 * Lower by a factor again and again: <pre>factor(t) = by^⌊(t − 1) / (every · S)⌋</pre>
 * S steps make an epoch. Spec: ScheduleSpec.
 *
 * @param every epochs between two changes, 1 or more
 * @param by what the rate is multiplied by, 0 &lt; by &lt; ∞ (0.1 is usual)
 */
public record StepDecay(int every, double by) implements Schedule {
  /** @throws IllegalArgumentException unless every ≥ 1 and 0 &lt; by &lt; ∞ */
  public StepDecay {
    if (every < 1) throw new IllegalArgumentException("step: expected 1 epoch or more after every, got " + every);
    if (!(by > 0 && by < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("step: expected a number above 0 after by, got " + by);
    }
  }

  @Override public String name() {
    return "step:every=" + every + ",by=" + by;
  }

  @Override public double factor(long t, int stepsPerEpoch, int epochs) {
    long times = (t - 1) / ((long) every * stepsPerEpoch);
    double factor = 1;
    for (double square = by; times > 0; times >>= 1, square *= square) {
      if ((times & 1) == 1) factor *= square;
    }
    return factor;
  }

  @Override public boolean dependsOnEpochs() {
    return false;
  }
}
