// SPDX-License-Identifier: MIT
package chainrule.check;

import chainrule.check.GradientCheck.Verdict;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * Decides whether g is the slope of f at v, from values of f at v ± h alone, h = 2^k·size, size near max(1, |v|):
 * <pre>
 * D(h) = (f(−2h) − 8f(−h) + 8f(h) − f(2h)) / 12h                   the slope, but for h⁴/30·f⁽⁵⁾
 * Δ(h) = −f(−2h) + 4f(−h) − 6f(0) + 4f(h) − f(2h)                  −h⁴·f⁗ where f is smooth, rounding where h is small
 * Δ(h) / 2h = R(h) − L(h),   R = (−3f(0) + 4f(h) − f(2h)) / 2h     the right slope less the left one: a kink's gap
 * N(h) = ε·max|f| / h + 2·max(|Δ(h)| … |Δ(h/8)|) / h              what rounding makes of D(h), by bound and by looks
 * E(h) = 8·(N(h) + max over smaller h' of |D(h) − D(h')| − N(h'))  what D(h) may be off by
 * </pre>
 * Nearly every right gradient agrees with D(2⁻⁸) to the tolerance, and that is all. The others are judged at the h
 * where E is least; every smaller step that rounding leaves legible has its say in that. A kink at v itself shows as
 * a gap that is the same at every h down to where rounding begins, and E is never below it; a kink beside v leaves
 * smaller steps clean. One thread at a time.
 */
final class SlopeCheck {
  private static final int USUAL = -8, LARGEST = -4, SMALLEST = -44;
  /** The rounding of f that D may suffer from, in units of |f|: a few roundings for each layer and the loss's sum. */
  private static final double EPSILON = 0x1p-50;
  /** A loss below this is rounded as if it were this: ln(1 + z) for a tiny z has the rounding of 1 + z. */
  private static final double LEAST_LOSS = 0x1p-3;
  /** What E is more than its parts, which are single observations each. */
  private static final double SAFETY = 8;
  /** Halvings of h over which a gap has to stay the same to be a kink's; and over which noise is looked for. */
  private static final int RUN = 3;
  /**
   * Halvings that tell a kink at v from kinks on either side of it, too close for rounding to let smaller steps tell.
   */
  private static final int LONG = 15;

  private final double tolerance;
  private final double[] up = new double[LARGEST + 2 - SMALLEST];
  private final double[] down = new double[LARGEST + 2 - SMALLEST];
  private final boolean[] known = new boolean[LARGEST + 2 - SMALLEST];

  private DoubleUnaryOperator f;
  private double v;
  private double here;
  private double size;

  private double difference;
  private double error;

  SlopeCheck(double tolerance) {
    this.tolerance = tolerance;
  }

  /** What the differences made of the last slope. */
  double difference() {
    return difference;
  }

  /** |g − D| / max(|g|, |D|, E / tolerance) of the last one. */
  double error() {
    return error;
  }

  /** @param value f(at) */
  Verdict examine(DoubleUnaryOperator function, double at, double value, double g) {
    f = function;
    v = at;
    here = value;
    size = Math.scalb(1.0, Math.getExponent(Math.max(1, Math.abs(at))));
    Arrays.fill(known, false);
    if (Double.isNaN(g) || Double.isInfinite(g)) {
      difference = slope(USUAL);
      error = Double.POSITIVE_INFINITY;
      return Verdict.WRONG;
    }
    if (agrees(USUAL, g)) return found(USUAL, g, 0);
    return search(g);
  }

  private Verdict search(double g) {
    int top = climb(g), lowest = top;
    for (; lowest > SMALLEST; lowest--) {
      if (agrees(lowest, g)) return found(lowest, g, 0);
      // Smaller steps than this could not tell g from what is known.
      int settled = lowest + 2 * RUN;
      if (settled >= top) continue;
      if (rounding(lowest) > 4 * Math.max(Math.abs(g - slope(settled)), Math.abs(gap(settled)))) break;
    }
    int best = top;
    double least = Double.POSITIVE_INFINITY;
    for (int k = lowest + RUN; k <= top; k++) {
      double e = uncertainty(k, lowest + 2 * RUN);
      if (e < least) {
        least = e;
        best = k;
      }
    }
    int kink = steadyGap(lowest, top, least);
    Verdict smooth = found(best, g, least);
    return kink == 0 ? smooth : isBetween(g, kink) ? Verdict.KINK : Verdict.WRONG;
  }

  /** Agreement to the tolerance, where f does not look bent at v. */
  private boolean agrees(int k, double g) {
    double d = slope(k), scale = Math.max(Math.abs(g), Math.abs(d));
    return Math.abs(g - d) <= tolerance * scale && Math.abs(gap(k)) <= 0.25 * scale + 8 * rounding(k);
  }

  private Verdict found(int k, double g, double uncertainty) {
    difference = slope(k);
    double scale = Math.max(Math.max(Math.abs(g), Math.abs(difference)), uncertainty / tolerance);
    error = scale == 0 ? 0 : Math.abs(g - difference) / scale;
    if (Double.isNaN(error) || Double.isInfinite(scale)) error = Double.POSITIVE_INFINITY; // f is no number around v
    return error <= tolerance ? Verdict.RIGHT : Verdict.WRONG;
  }

  /** The largest step to try: larger than usual while rounding hides the slope and f is straight as far as it goes. */
  private int climb(double g) {
    int k = USUAL;
    while (k < LARGEST && rounding(k) > 0.1 * tolerance * Math.abs(g)
        && Math.abs(gap(k)) <= 8 * rounding(k) && Math.abs(slope(k) - slope(k - 1)) <= 8 * rounding(k)) {
      k++;
    }
    return k;
  }

  /** E(h); the next smaller step always counts in full. */
  private double uncertainty(int k, int lowest) {
    double unrest = 0;
    for (int j = lowest; j < k; j++) unrest = Math.max(unrest, Math.abs(slope(k) - slope(j)) - noise(j, j - RUN));
    return SAFETY * (noise(k, k) + Math.max(unrest, Math.abs(slope(k) - slope(k - 1))));
  }

  /** N(h), by the looks of Δ at the steps from {@code from} downwards. */
  private double noise(int k, int from) {
    double most = 0;
    for (int j = from - RUN; j <= from; j++) most = Math.max(most, Math.abs(fourth(j)));
    return rounding(k) + 2 * most / step(k);
  }

  /** The k where R(h) and L(h) are steadiest if their gap stays the same down to where rounding begins; else 0. */
  private int steadyGap(int lowest, int top, double least) {
    int first = lowest;
    while (first < top && Math.abs(gap(first)) < 8 * rounding(first)) first++;
    double gap = gap(Math.min(first + RUN, top));
    if (first + RUN > top || first + RUN > -1 || !(least >= SAFETY * Math.abs(gap))) return 0;
    int found = 0, k = first;
    double steadiest = Double.POSITIVE_INFINITY;
    for (; k <= Math.min(top, -1) && Math.abs(gap(k) - gap) <= 0.2 * Math.abs(gap); k++) {
      if (k >= first + RUN && slack(k) < steadiest) {
        steadiest = slack(k);
        found = k;
      }
    }
    return k - first > LONG ? found : 0;
  }

  /** How much R and L themselves vary over a run. */
  private double slack(int k) {
    double spread = 0;
    for (int j = k - RUN; j < k; j++) {
      spread = Math.max(spread, Math.max(Math.abs(side(j, 1) - side(k, 1)), Math.abs(side(j, -1) - side(k, -1))));
    }
    return spread;
  }

  private boolean isBetween(double g, int k) {
    double left = side(k, -1), right = side(k, 1), slack = slack(k) + 1e-3 * Math.abs(right - left);
    return g >= Math.min(left, right) - slack && g <= Math.max(left, right) + slack;
  }

  private double step(int k) {
    return Math.scalb(size, k);
  }

  /** D(h). */
  private double slope(int k) {
    return ((at(k + 1, -1) - at(k + 1, 1)) + 8 * (at(k, 1) - at(k, -1))) / (12 * step(k));
  }

  /** R(h) for side 1, L(h) for −1. */
  private double side(int k, int side) {
    return side * (4 * (at(k, side) - here) - (at(k + 1, side) - here)) / (2 * step(k));
  }

  /** Δ(h), from differences, so that nothing is rounded that need not be. */
  private double fourth(int k) {
    return 4 * ((at(k, 1) - here) + (at(k, -1) - here)) - ((at(k + 1, 1) - here) + (at(k + 1, -1) - here));
  }

  private double gap(int k) {
    return fourth(k) / (2 * step(k));
  }

  /** What rounding of f, and of v ± h, makes of D(h). */
  private double rounding(int k) {
    double most = Math.max(LEAST_LOSS, Math.max(Math.max(Math.abs(at(k, 1)), Math.abs(at(k, -1))),
        Math.max(Math.abs(at(k + 1, 1)), Math.abs(at(k + 1, -1)))));
    return (EPSILON * most + 0x1p-51 * Math.abs(v) * Math.abs(slope(k))) / step(k);
  }

  /** f(v ± 2^k·size), each asked for once. */
  private double at(int k, int side) {
    int i = k - SMALLEST;
    if (!known[i]) {
      known[i] = true;
      up[i] = f.applyAsDouble(v + step(k));
      down[i] = f.applyAsDouble(v - step(k));
    }
    return side > 0 ? up[i] : down[i];
  }
}
