// SPDX-License-Identifier: MIT
package chainrule.cli;

/**
 * The speed of training, in epochs per second, for an estimate of the time left. There is none until the JVM has warmed
 * up: it compiles the code while training runs, and each second is faster than the one before. Later the speed is that
 * of the last epochs, of ten seconds or more. The estimate thus soon follows a change, such as a laptop that was
 * asleep.
 */
final class Pace {
  private static final long SECOND = 1_000_000_000L, MAX_WARM_UP = 20 * SECOND, WINDOW = 10 * SECOND;
  /** A second that is faster than the one before by less than this factor is steady. */
  private static final double ACCELERATION = 1.1;
  private static final int STEADY_SECONDS = 2;

  private final long start;
  private Mark second; // the start of the current second of the warm-up
  private double speed; // of the second before; 0 if there is none
  private int steady; // how many seconds in a row
  private Mark from, next; // the starts of the current window and of the one after it; null during the warm-up

  /** How much was done at a time. */
  private record Mark(double epochs, long nanos) {
    double speed(double epochsThen, long nanosThen) {
      return (epochsThen - epochs) * SECOND / (nanosThen - nanos);
    }
  }

  Pace(long start) {
    this.start = start;
  }

  /** Call after each step. */
  void step(double epochs, long now) {
    if (from != null) return;
    if (second == null) second = new Mark(epochs, now); // the first step, the slowest, does not count
    if (now - second.nanos < SECOND) return;
    double measured = second.speed(epochs, now);
    steady = measured < ACCELERATION * speed ? steady + 1 : 0;
    speed = measured;
    if (steady == STEADY_SECONDS || now - start >= MAX_WARM_UP) from = next = second;
    second = new Mark(epochs, now);
  }

  /** Call after each epoch: windows start at the end of one, so that they include the time to evaluate. */
  void epoch(double epochs, long now) {
    step(epochs, now);
    if (from == null || now - next.nanos < WINDOW) return;
    from = next;
    next = new Mark(epochs, now);
  }

  /** Returns whether the JVM has warmed up, so that the speed is good for an estimate. */
  boolean isWarm() {
    return from != null;
  }

  /** Returns the current speed in epochs per second; NaN in the first second. */
  double speed(double epochs, long now) {
    return from != null && now > from.nanos ? from.speed(epochs, now) : speed > 0 ? speed : Double.NaN;
  }
}
