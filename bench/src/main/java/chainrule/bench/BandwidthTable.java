// SPDX-License-Identifier: MIT
package chainrule.bench;

import chainrule.kernels.Kernels;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/**
 * Prints the bytes per second that each memory-bound kernel and optimizer loads and stores, in the first-level cache,
 * in the second-level cache and in memory. Next to it is the ratio to a hand-written loop with the same loads and
 * stores on the same arrays, timed alternately. If divisions and square roots are the limit, the ratio refers to their
 * throughput on registers. Every kernel is checked before it is timed.
 *
 * <p>Argument: [a substring of the kernels to measure]. {@code -Dchainrule.kernels} selects the kernels.
 */
public final class BandwidthTable {
  private static final int TURNS = 9;
  private static final double TURN_SECONDS = 0.01;
  /** Elements in cache: four arrays of 1000 elements are 32 KB, of 8192 elements 256 KiB. */
  private static final int[] SIZES = {1000, 8192};
  /** Doubles of all arrays together in memory: 256 MiB. */
  private static final int LARGE = 1 << 25;

  private BandwidthTable() {}

  public static void main(String[] args) {
    String only = args.length > 0 ? args[0].toUpperCase(Locale.ROOT) : "";
    Kernels k = Kernels.best();
    double[] peaks = Timing.peakDivisionsAndRoots();
    System.out.printf(Locale.ROOT, "Java %s, %s, %.1f divisions and %.1f square roots per nanosecond%n",
        System.getProperty("java.version"), k.name(), peaks[0] / 1e9, peaks[1] / 1e9);
    System.out.println(
        "GB/s of loads and stores, and the ratio to a hand-written loop of the same (÷: to the divider's limit)");
    System.out.println("| kernel | 1000 elements | ratio | 8192 | ratio | 256 MiB | ratio | bytes allocated |");
    System.out.println("|---|---|---|---|---|---|---|---|");
    for (MemoryKernel kernel : MemoryKernel.values()) {
      if (kernel.name().contains(only)) row(k, kernel, peaks);
    }
  }

  private static void row(Kernels k, MemoryKernel kernel, double[] peaks) {
    StringBuilder line = new StringBuilder("| " + kernel.name().toLowerCase(Locale.ROOT));
    for (int n : SIZES) kernel.check(k, n);
    MemoryKernel.Buffers small = kernel.buffers(SIZES[0]);
    Timing.warmUp(() -> kernel.run(k, small));
    Timing.warmUp(() -> kernel.pattern.baseline.on(small));
    double allocated = 0;
    for (int n : SIZES) {
      MemoryKernel.Buffers b = kernel.buffers(n);
      line.append(cells(k, kernel, b, peaks));
      allocated = Math.max(allocated, allocated(() -> kernel.run(k, b)));
    }
    int large = LARGE / kernel.pattern.arrays;
    kernel.check(k, large);
    line.append(cells(k, kernel, kernel.buffers(large), peaks));
    System.out.printf(Locale.ROOT, "%s | %.1f |%n", line, allocated);
  }

  private static String cells(Kernels k, MemoryKernel kernel, MemoryKernel.Buffers b, double[] peaks) {
    MemoryKernel.AccessPattern m = kernel.pattern;
    double[] s = Timing.medians(TURNS, TURN_SECONDS, () -> kernel.run(k, b), () -> m.baseline.on(b));
    double divider = b.n * (kernel.divisions / peaks[0] + kernel.roots / peaks[1]);
    return String.format(Locale.ROOT, " | %.1f | %s%.2f", m.bytes(b.n) / s[0] / 1e9, divider > s[1] ? "÷ " : "",
        Math.max(divider, s[1]) / s[0]);
  }

  /** Returns the bytes that one call allocates, once it is compiled. */
  private static double allocated(Runnable run) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int calls = 1000;
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < calls; i++) run.run();
    return (threads.getCurrentThreadAllocatedBytes() - before) / (double) calls;
  }
}
