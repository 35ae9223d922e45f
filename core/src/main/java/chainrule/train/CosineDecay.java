package chainrule.train;

/**
 * Down along half a wave of the cosine, slowly at both ends: <pre>
 * factor(t) = floor + (1 − floor) · ½(1 + cos(π · min(1, (t − 1) / (E·S))))
 * </pre>
 * E·S steps in all, so the last step stands a step above the floor. The cosine is StrictMath's, the same on every JVM.
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
    return floor + (1 - floor) * 0.5 * (1 + StrictMath.cos(Math.PI * done));
  }
}
