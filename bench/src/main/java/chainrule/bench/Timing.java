// SPDX-License-Identifier: MIT
package chainrule.bench;

import java.util.Arrays;

/** Timing of several candidates in turn, for tables of ratios: a figure is the median of its turns. */
public final class Timing {
  private Timing() {}

  private static volatile double sink;

  /**
   * Seconds for one run of each, all taking turns of about {@code seconds}; the first turns warm up and do not count.
   */
  public static double[] medians(int turns, double seconds, Runnable... runs) {
    int[] times = new int[runs.length];
    for (int r = 0; r < runs.length; r++) times[r] = calibrate(runs[r], seconds);
    double[][] taken = new double[runs.length][turns];
    for (int t = 0; t < turns; t++) {
      for (int r = 0; r < runs.length; r++) taken[r][t] = time(runs[r], times[r]);
    }
    double[] medians = new double[runs.length];
    for (int r = 0; r < runs.length; r++) {
      Arrays.sort(taken[r]);
      medians[r] = taken[r][turns / 2];
    }
    return medians;
  }

  /**
   * How often a run fits into a turn, found while it warms up: until the best of its turns has stood for ten others, so
   * that the compiler's last version is there.
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
   * Runs something short until it is compiled and has stopped getting faster. Many short calls: a long loop that is
   * called seldom stays in code that was compiled for the middle of it (on-stack replacement), and vectors in that can
   * stay objects. Done when a quarter of a second has brought nothing more, and after five seconds in any case.
   */
  public static void warmUp(Runnable brief) {
    long begin = System.nanoTime(), last = begin, now = begin;
    double best = Double.POSITIVE_INFINITY;
    int calls = 0;
    while (now - begin < 5e9 && (now - last < 0.25e9 || calls < 20_000)) {
      double each = time(brief, 100);
      calls += 100;
      now = System.nanoTime();
      if (each < 0.98 * best) {
        best = each;
        last = now;
      }
    }
  }

  /** Floating-point operations a second that one core reaches on registers alone. */
  public static double peakFlops() {
    int turns = 100_000;
    warmUp(() -> sink = PeakLoops.fma(100));
    return PeakLoops.flops(turns) / medians(9, 0.02, () -> sink = PeakLoops.fma(turns))[0];
  }

  /** Divisions a second, and square roots a second, on registers alone. */
  public static double[] peakDivisionsAndRoots() {
    int turns = 10_000;
    warmUp(() -> sink = PeakLoops.divide(100));
    warmUp(() -> sink = PeakLoops.squareRoot(100));
    double[] seconds = medians(9, 0.02, () -> sink = PeakLoops.divide(turns), () -> sink = PeakLoops.squareRoot(turns));
    return new double[] {PeakLoops.quotients(turns) / seconds[0], PeakLoops.quotients(turns) / seconds[1]};
  }

  /** Bytes a second that one core reads from 256 MiB. */
  public static double readBandwidth() {
    double[] x = new double[1 << 25];
    warmUp(() -> sink = MemoryLoops.read(1024, x));
    return 8.0 * x.length / medians(9, 0.02, () -> sink = PeakLoops.read(x))[0];
  }
}
