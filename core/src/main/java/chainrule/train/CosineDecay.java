// SPDX-License-Identifier: MIT
package chainrule.train;

/**
 * Lowers the rate along half a cosine wave, slowly at both ends: <pre>
 * factor(t) = floor + (1 − floor) · ½(1 + cos(π · min(1, (t − 1) / (E·S))))
 * </pre>
 * over E·S steps, so the last step is one step above the floor. ½(1 + cos πd) is computed as 1 − sin²(πd/2) for d ≤ ½
 * and as sin²(π(1 − d)/2) beyond. These forms are exact at both ends and need the sine on [0, π/4] only.
 * Source: Loshchilov and Hutter 2017 (without restarts). Spec: ScheduleSpec.
 *
 * @param floor the factor at the end, 0 ≤ floor ≤ 1
 */
public record CosineDecay(double floor) implements Schedule {
  /**
   * Checks the floor.
   *
   * @param floor the factor at the end
   * @throws IllegalArgumentException unless 0 ≤ floor ≤ 1
   */
  public CosineDecay {
    if (!(floor >= 0 && floor <= 1)) {
      throw new IllegalArgumentException("cosine: expected 0 ≤ floor ≤ 1, found " + floor);
    }
  }

  @Override public String name() {
    return floor == 0 ? "cosine" : "cosine:floor=" + floor;
  }

  /**
   * Returns floor + (1 − floor) · ½(1 + cos(π · min(1, (t − 1) / (E·S)))).
   * Formula: beyond-cosine-decay. Spec: ScheduleSpec#cosineDecayFollowsHalfAPeriodOfTheCosine.
   */
  @Override public double factor(long t, int stepsPerEpoch, int epochs) {
    double done = Math.min(1, (t - 1) / ((double) epochs * stepsPerEpoch));
    return floor + (1 - floor) * halfWave(done);
  }

  /** ½(1 + cos πd) for 0 ≤ d ≤ 1. */
  private static double halfWave(double d) {
    double s = sine(Math.PI / 2 * Math.min(d, 1 - d));
    return d <= 0.5 ? 1 - s * s : s * s;
  }

  /**
   * Returns sin x for 0 ≤ x ≤ π/4 as x − x³/3! + x⁵/5! − … + x¹⁷/17!. The rest of the series is below 2⁻⁶² sin x.
   * {@code StrictMath.sin} has the same bits on every JVM too, but allocates since JDK 21.
   */
  private static double sine(double x) {
    double square = x * x, sum = 0;
    for (int k = 8; k >= 1; k--) sum = square / ((2 * k) * (2 * k + 1)) * (1 - sum);
    return x * (1 - sum);
  }
}
