// SPDX-License-Identifier: MIT
package chainrule.train;

/**
 * Down along half a wave of the cosine, slowly at both ends: <pre>
 * factor(t) = floor + (1 − floor) · ½(1 + cos(π · min(1, (t − 1) / (E·S))))
 * </pre>
 * E·S steps in all, so the last step stands a step above the floor. ½(1 + cos πd) is 1 − sin²(πd/2), and beyond the
 * middle sin²(π(1 − d)/2): exact at both ends, and from a sine of at most a quarter turn, whose series is short.
 * Source: Loshchilov and Hutter 2017 (without restarts). Spec: ScheduleSpec.
 *
 * @param floor the share of the rate that it comes down to, 0 ≤ floor ≤ 1
 */
public record CosineDecay(double floor) implements Schedule {
  /** @throws IllegalArgumentException unless 0 ≤ floor ≤ 1 */
  public CosineDecay {
    if (!(floor >= 0 && floor <= 1)) {
      throw new IllegalArgumentException("cosine: expected a floor from 0 to 1, got " + floor);
    }
  }

  @Override public String name() {
    return floor == 0 ? "cosine" : "cosine:floor=" + floor;
  }

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
   * sin x for 0 ≤ x ≤ π/4: x − x³/3! + x⁵/5! − … + x¹⁷/17!; what is left out is below 2⁻⁶² of it. StrictMath's is the
   * same on every JVM too, but allocates from JDK 21 on.
   */
  private static double sine(double x) {
    double square = x * x, sum = 0;
    for (int k = 8; k >= 1; k--) sum = square / ((2 * k) * (2 * k + 1)) * (1 - sum);
    return x * (1 - sum);
  }
}
