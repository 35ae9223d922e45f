// SPDX-License-Identifier: MIT
package chainrule.check;

import chainrule.check.GradientCheck.Verdict;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * Decides whether g is the slope of f at v from values of f at v ± h, h = 2^k·size, with size near max(1, |v|):
 * <pre>
 * D(h) = (f(−2h) − 8f(−h) + 8f(h) − f(2h)) / 12h                   the slope + O(h⁴/30·f⁽⁵⁾)
 * Δ(h) = −f(−2h) + 4f(−h) − 6f(0) + 4f(h) − f(2h)                  about −h⁴·f⁗ for smooth f; rounding for small h
 * Δ(h) / 2h = R(h) − L(h),   R = (−3f(0) + 4f(h) − f(2h)) / 2h     right minus left slope: the gap of a kink
 * N(h) = ε·max|f| / h + 2·max(|Δ(h)| … |Δ(h/8)|) / h              the rounding error of D(h): bound + estimate
 * E(h) = 8·(N(h) + max over smaller h' of |D(h) − D(h')| − N(h'))  the error of D(h)
 * </pre>
 * Nearly every right gradient agrees with D(2⁻⁸) within the tolerance, and no other step is needed. Otherwise the h
 * with the smallest E decides; E takes account of all smaller steps that rounding does not dominate. A kink at v gives
 * the same gap at every h down to where rounding dominates, and E is at least that gap. A kink near v does not affect
 * steps that do not reach it. For use by one thread at a time.
 */
final class SlopeCheck {
  private static final int USUAL = -8, LARGEST = -4, SMALLEST = -44;
  /** The relative rounding error of f: a few roundings for each layer and for the loss's sum. */
  private static final double EPSILON = 0x1p-50;
  /** The absolute rounding error of a smaller loss is that of this value: ln(1 + z) for tiny z rounds like 1 + z. */
  private static final double LEAST_LOSS = 0x1p-3;
  /** The safety factor of E, whose parts are single observations. */
  private static final double SAFETY = 8;
  /** The number of halvings of h over which a kink's gap must be constant, and over which noise is estimated. */
  private static final int WINDOW = 3;
  /** The number of halvings with a constant gap that shows a kink at v instead of two kinks close to v. */
  private static final int MIN_HALVINGS_AT_KINK = 15;

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

  /** The estimate of the last slope from differences. */
  double difference() {
    return difference;
  }

  /** |g − D| / max(|g|, |D|, E / tolerance) for the last slope. */
  double error() {
    return error;
  }

  /**
   * Decides whether g is the slope of {@code function} at {@code at}.
   *
   * @param value f(at)
   */
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
    int top = largestStep(g), lowest = top;
    for (; lowest > SMALLEST; lowest--) {
      if (agrees(lowest, g)) return found(lowest, g, 0);
      // smaller steps are too noisy to decide
      int settled = lowest + 2 * WINDOW;
      if (settled >= top) continue;
      if (rounding(lowest) > 4 * Math.max(Math.abs(g - slope(settled)), Math.abs(gap(settled)))) break;
    }
    int best = top;
    double least = Double.POSITIVE_INFINITY;
    for (int k = lowest + WINDOW; k <= top; k++) {
      double e = uncertainty(k, lowest + 2 * WINDOW);
      if (e < least) {
        least = e;
        best = k;
      }
    }
    int kink = steadyGap(lowest, top, least);
    Verdict smooth = found(best, g, least);
    return kink == 0 ? smooth : isBetween(g, kink) ? Verdict.KINK : Verdict.WRONG;
  }

  /** Returns whether g is within the tolerance of D(h) and f shows no kink at v. */
  private boolean agrees(int k, double g) {
    double d = slope(k), scale = Math.max(Math.abs(g), Math.abs(d));
    return Math.abs(g - d) <= tolerance * scale && Math.abs(gap(k)) <= 0.25 * scale + 8 * rounding(k);
  }

  private Verdict found(int k, double g, double uncertainty) {
    difference = slope(k);
    double scale = Math.max(Math.max(Math.abs(g), Math.abs(difference)), uncertainty / tolerance);
    error = scale == 0 ? 0 : Math.abs(g - difference) / scale;
    if (Double.isNaN(error) || Double.isInfinite(scale)) error = Double.POSITIVE_INFINITY; // f is not finite near v
    return error <= tolerance ? Verdict.RIGHT : Verdict.WRONG;
  }

  /** Returns the largest step to try: more than usual while rounding hides the slope and f is linear up to there. */
  private int largestStep(double g) {
    int k = USUAL;
    while (k < LARGEST && rounding(k) > 0.1 * tolerance * Math.abs(g)
        && Math.abs(gap(k)) <= 8 * rounding(k) && Math.abs(slope(k) - slope(k - 1)) <= 8 * rounding(k)) {
      k++;
    }
    return k;
  }

  /** Returns E(h). The next smaller step counts without deducting its noise. */
  private double uncertainty(int k, int lowest) {
    double spread = 0;
    for (int j = lowest; j < k; j++) spread = Math.max(spread, Math.abs(slope(k) - slope(j)) - noise(j, j - WINDOW));
    return SAFETY * (noise(k, k) + Math.max(spread, Math.abs(slope(k) - slope(k - 1))));
  }

  /** Returns N(h), estimated from Δ at the steps {@code from} and smaller. */
  private double noise(int k, int from) {
    double most = 0;
    for (int j = from - WINDOW; j <= from; j++) most = Math.max(most, Math.abs(fourthDifference(j)));
    return rounding(k) + 2 * most / step(k);
  }

  /** Returns the k where R(h) and L(h) vary least if the gap is constant down to where rounding dominates, else 0. */
  private int steadyGap(int lowest, int top, double least) {
    int first = lowest;
    while (first < top && Math.abs(gap(first)) < 8 * rounding(first)) first++;
    double gap = gap(Math.min(first + WINDOW, top));
    if (first + WINDOW > top || first + WINDOW > -1 || !(least >= SAFETY * Math.abs(gap))) return 0;
    int found = 0, k = first;
    double steadiest = Double.POSITIVE_INFINITY;
    for (; k <= Math.min(top, -1) && Math.abs(gap(k) - gap) <= 0.2 * Math.abs(gap); k++) {
      if (k >= first + WINDOW && slack(k) < steadiest) {
        steadiest = slack(k);
        found = k;
      }
    }
    return k - first > MIN_HALVINGS_AT_KINK ? found : 0;
  }

  /** Returns how much R and L vary over a window. */
  private double slack(int k) {
    double spread = 0;
    for (int j = k - WINDOW; j < k; j++) {
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

  /** Returns D(h). */
  private double slope(int k) {
    return ((at(k + 1, -1) - at(k + 1, 1)) + 8 * (at(k, 1) - at(k, -1))) / (12 * step(k));
  }

  /** Returns R(h) for side 1, L(h) for side −1. */
  private double side(int k, int side) {
    return side * (4 * (at(k, side) - here) - (at(k + 1, side) - here)) / (2 * step(k));
  }

  /** Returns Δ(h), computed from differences to f(v) to avoid rounding. */
  private double fourthDifference(int k) {
    return 4 * ((at(k, 1) - here) + (at(k, -1) - here)) - ((at(k + 1, 1) - here) + (at(k + 1, -1) - here));
  }

  private double gap(int k) {
    return fourthDifference(k) / (2 * step(k));
  }

  /** Returns a bound of the error of D(h) from the rounding of f and of v ± h. */
  private double rounding(int k) {
    double most = Math.max(LEAST_LOSS, Math.max(Math.max(Math.abs(at(k, 1)), Math.abs(at(k, -1))),
        Math.max(Math.abs(at(k + 1, 1)), Math.abs(at(k + 1, -1)))));
    return (EPSILON * most + 0x1p-51 * Math.abs(v) * Math.abs(slope(k))) / step(k);
  }

  /** Returns f(v ± 2^k·size), evaluated at most once. */
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
