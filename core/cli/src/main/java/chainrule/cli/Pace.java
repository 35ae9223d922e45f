// SPDX-License-Identifier: MIT
package chainrule.cli;

/**
 * The speed of training, in epochs per second, for an estimate of the time left. The first two seconds do not count,
 * because the JVM is still compiling. Measures the last epochs, of ten seconds or more, so that the estimate soon
 * follows a change, such as a laptop that was asleep.
 */
final class Pace {
  private static final long WARM_UP = 2_000_000_000L, SHORTEST = 1_000_000_000L, WINDOW = 10_000_000_000L;

  private final long start;
  private boolean warm;
  private Mark from, next;

  /** How much was done at a time. */
  private record Mark(double epochs, long nanos) {}

  Pace(long start) {
    this.start = start;
  }

  /** Call after each step. */
  void step(double epochs, long now) {
    if (warm || now - start < WARM_UP) return;
    warm = true;
    from = next = new Mark(epochs, now);
  }

  /** Call after each epoch: windows start at the end of one, so that they include the time to evaluate. */
  void epoch(double epochs, long now) {
    step(epochs, now);
    if (!warm || now - next.nanos < WINDOW) return;
    from = next;
    next = new Mark(epochs, now);
  }

  /** Returns the epochs per second; NaN until the JVM is warm and one second has been measured. */
  double speed(double epochs, long now) {
    if (!warm || now - from.nanos < SHORTEST || epochs <= from.epochs) return Double.NaN;
    return (epochs - from.epochs) * 1e9 / (now - from.nanos);
  }
}
