// SPDX-License-Identifier: MIT
package chainrule.bench;

import java.util.Arrays;

/** Times several candidates in alternating turns, for tables of ratios. Each figure is the median of its turns. */
public final class Timing {
  private Timing() {}

  private static volatile double sink;

  /** Returns the seconds of one run of each candidate. Turns last about {@code seconds}, after a warm-up. */
  public static double[] medians(int turns, double seconds, Runnable... runs) {
    return Arrays.stream(samples(turns, seconds, runs)).mapToDouble(Timing::median).toArray();
  }

  /** Returns the seconds of one run [candidates][turns]. Turns last about {@code seconds}, after a warm-up. */
  public static double[][] samples(int turns, double seconds, Runnable... runs) {
    int[] times = new int[runs.length];
    for (int r = 0; r < runs.length; r++) times[r] = calibrate(runs[r], seconds);
    double[][] taken = new double[runs.length][turns];
    for (int t = 0; t < turns; t++) {
      for (int r = 0; r < runs.length; r++) taken[r][t] = time(runs[r], times[r]);
    }
    return taken;
  }

  /** Returns the median; the greater of two. */
  public static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /**
   * Warms up, and returns how many runs fit into one turn. Stops when ten turns in a row have not improved on the best,
   * so that the code has been fully compiled.
   */
  private static int calibrate(Runnable run, double seconds) {
    int times = 1, unbeaten = 0;
    double best = Double.POSITIVE_INFINITY, spent = 0;
    while (spent < 100 * seconds && (unbeaten < 10 || spent < 20 * seconds)) {
      double each = time(run, times);
      spent += each * times;
      unbeaten = each < 0.98 * best ? 0 : unbeaten + 1;
      best = Math.min(best, each);
      times = (int) Math.max(1, Math.min(Math.min(times * 2.0, 1e9), seconds / each));
    }
    return times;
  }

  private static double time(Runnable run, int times) {
    long begin = System.nanoTime();
    for (int i = 0; i < times; i++) run.run();
    return (System.nanoTime() - begin) / 1e9 / times;
  }

  /**
   * Runs a short task until it is compiled and no longer gets faster: when a quarter of a second has brought no
   * improvement, or after five seconds. The task must be short: a long loop that is called rarely stays in code that
   * was compiled by on-stack replacement, where vectors can remain objects.
   */
  public static void warmUp(Runnable task) {
    long begin = System.nanoTime(), last = begin, now = begin;
    double best = Double.POSITIVE_INFINITY;
    int calls = 0;
    while (now - begin < 5e9 && (now - last < 0.25e9 || calls < 20_000)) {
      double each = time(task, 100);
      calls += 100;
      now = System.nanoTime();
      if (each < 0.98 * best) {
        best = each;
        last = now;
      }
    }
  }

  /** Returns the floating-point operations per second that one core reaches on registers. */
  public static double peakFlops() {
    int turns = 100_000;
    warmUp(() -> sink = PeakLoops.fma(100));
    return PeakLoops.flops(turns) / medians(9, 0.02, () -> sink = PeakLoops.fma(turns))[0];
  }

  /** Returns divisions per second and square roots per second on registers. */
  public static double[] peakDivisionsAndRoots() {
    int turns = 10_000;
    warmUp(() -> sink = PeakLoops.divide(100));
    warmUp(() -> sink = PeakLoops.squareRoot(100));
    double[] seconds = medians(9, 0.02, () -> sink = PeakLoops.divide(turns), () -> sink = PeakLoops.squareRoot(turns));
    return new double[] {PeakLoops.quotients(turns) / seconds[0], PeakLoops.quotients(turns) / seconds[1]};
  }

  /** Returns the bytes per second that one core reads from an array of 256 MiB. */
  public static double readBandwidth() {
    double[] x = new double[1 << 25];
    warmUp(() -> sink = MemoryLoops.read(1024, x));
    return 8.0 * x.length / medians(9, 0.02, () -> sink = PeakLoops.read(x))[0];
  }
}
