// SPDX-License-Identifier: MIT
package chainrule.train;

/**
 * Multiplies the rate by a factor every few epochs: <pre>factor(t) = by^⌊(t − 1) / (every · S)⌋</pre>
 * with S steps per epoch. Spec: ScheduleSpec.
 *
 * @param every the number of epochs between two changes, ≥ 1
 * @param by the factor, 0 &lt; by &lt; ∞, usually 0.1 … 0.5
 */
public record StepDecay(int every, double by) implements Schedule {
  /**
   * Checks the parameters.
   *
   * @param every the number of epochs between two changes
   * @param by the factor
   * @throws IllegalArgumentException unless every ≥ 1 and 0 &lt; by &lt; ∞
   */
  public StepDecay {
    if (every < 1) throw new IllegalArgumentException("step: expected every ≥ 1, found " + every);
    if (!(by > 0 && by < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("step: expected a finite by > 0, found " + by);
    }
  }

  @Override public String name() {
    return "step:every=" + every + ",by=" + by;
  }

  /**
   * Returns by^⌊(t − 1) / (every · S)⌋.
   * Formula: beyond-step-decay. Spec: ScheduleSpec#stepDecayMultipliesTheRateEveryNEpochs.
   */
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
