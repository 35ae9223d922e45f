// SPDX-License-Identifier: MIT
package chainrule.nn.optimizer;

/**
 * An optimizer's exponential moving average: <pre>mean ← k·mean + (1 − k)·x</pre>
 * Where x stays 0 (a dead unit, a column of zeros) the mean decays until it is subnormal, and arithmetic on subnormal
 * numbers is slow: Adam's step of 371 parameters took 12.7 µs instead of 0.6 with a quarter of them dead. So a mean
 * below 2⁻⁹⁰⁰ is rounded to a multiple of 2⁻⁹⁵², with an absolute error of at most 2⁻⁹⁵³ (about 1e-287). A mean between
 * 2⁻⁹⁰⁰ and 2⁻⁸⁴⁶ may change by two ulps, a larger one not at all. NaN and ∞ propagate. A mean of squares is never
 * negative.
 * Spec: OptimizerSpec, and {@code RunningMeanTest} for the absence of subnormal values.
 */
final class RunningMean {
  /** Far above subnormal numbers, and far below any gradient or squared gradient that changes a parameter. */
  private static final double FLOOR = 0x1p-900;

  private RunningMean() {}

  /**
   * Returns the mean after one more value x.
   *
   * @param keep k, 0 ≤ k &lt; 1
   * @param take 1 − k
   */
  static double next(double keep, double mean, double take, double x) {
    return Math.fma(keep, mean, take * x) + FLOOR - FLOOR;
  }
}
