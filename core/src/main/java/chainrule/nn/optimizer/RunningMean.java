package chainrule.nn.optimizer;

/**
 * The memory of an optimizer that forgets: <pre>mean ← k·mean + (1 − k)·x</pre>
 * Where x stays 0 (a dead unit, a column of zeros) such a mean falls for ever, and would end as a subnormal number, which
 * a processor adds ten times as slowly: Adam's step of 371 parameters took 0.6 µs, and 12.7 µs with a quarter of them
 * dead. So a mean below 2⁻⁹⁰⁰ is rounded to a multiple of 2⁻⁹⁵²: an absolute error of at most 2⁻⁹⁵³, some 1e-287. Up to
 * 2⁻⁸⁴⁶ it may move by two ulps; from there on nothing changes. NaN and ∞ stay; a mean of squares is never below 0.
 * {@code OptimizerSpec} confirms it, and {@code RunningMeanTest} that no memory becomes subnormal.
 */
final class RunningMean {
  /** Far above the subnormal numbers, far below every gradient and its square that move a parameter. */
  private static final double FLOOR = 0x1p-900;

  private RunningMean() {}

  /**
   * The mean after one more number x.
   *
   * @param keep k, 0 ≤ k &lt; 1
   * @param take 1 − k
   */
  static double next(double keep, double mean, double take, double x) {
    return Math.fma(keep, mean, take * x) + FLOOR - FLOOR;
  }
}
