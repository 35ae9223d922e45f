// SPDX-License-Identifier: MIT
package chainrule.bench;

import chainrule.kernels.Kernels;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Prints the table of exp, log, the activations, their derivatives and softmax, in cache, on one thread: nanoseconds
 * per element, the ratio to a plain loop over {@code Math}, the ratio to the Vector API's function if it has one, and
 * the bytes that a call allocates. The candidates of a row are timed alternately, and each figure is a median. Every
 * result is compared with that of the {@code Math} loop before it is timed.
 *
 * <p>Argument: [substrings of the rows to measure, separated by commas].
 */
public final class ElementaryTable {
  private static final int TURNS = 15;
  private static final double TURN_SECONDS = 0.01;
  private static final int[][] SHAPES = {{64, 10}, {800, 10}, {64, 20}, {800, 20}, {8, 1000}};
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final Kernels k = Kernels.best();
  private final String only;

  private ElementaryTable(String only) {
    this.only = only;
  }

  public static void main(String[] args) {
    new ElementaryTable(args.length > 0 ? args[0] : "").print();
  }

  private void print() {
    System.out.printf("%s, JDK %s%n%n", k.name(), Runtime.version());
    System.out.println("| kernel | ns per element | × Math loop | × lanewise | bytes per call |");
    System.out.println("|---|---:|---:|---:|---:|");
    // Short rows first: code compiled for them must not slow down long rows.
    for (int[] shape : SHAPES) {
      for (MathLoops.Rows f : MathLoops.Rows.values()) {
        line(f + " " + shape[0] + " rows of " + shape[1], rows(f, shape[0], shape[1]));
      }
    }
    for (int n : new int[] {1000, 8192}) {
      for (MathLoops.Function f : MathLoops.Function.values()) line(f + " " + n, function(f, n));
    }
  }

  /**
   * The candidates of a row. {@code ours} writes to {@code result}, {@code math} to {@code expected}. {@code lanewise}
   * is null if the Vector API lacks the function.
   */
  private record Line(
      int elements, Runnable ours, double[] result, Runnable math, double[] expected, Runnable lanewise) {}

  private Line function(MathLoops.Function f, int n) {
    double[] x = numbers(n, f.from, f.to), g = numbers(n, 0.5, 1.5), y = array(n), e = array(n), l = array(n);
    Runnable lanewise = f.lanewise == null ? null : () -> f.lanewise.run(n, x, l);
    return new Line(n, () -> f.kernel.run(k, n, x, g, y), y, () -> f.math.run(n, x, g, e), e, lanewise);
  }

  private Line rows(MathLoops.Rows f, int rows, int cols) {
    int n = rows * cols;
    double[] x = numbers(n, f.from, f.to), g = numbers(n, 0.5, 1.5), y = array(n), e = array(n);
    return new Line(n, () -> f.kernel.run(k, rows, cols, x, g, y), y, () -> f.math.run(rows, cols, x, g, e), e, null);
  }

  private void line(String name, Line line) {
    if (Arrays.stream(only.split(",")).noneMatch(name::contains)) return;
    line.math.run();
    line.ours.run();
    for (int i = 0; i < line.expected.length; i++) {
      double e = line.expected[i], error = Math.abs(line.result[i] - e);
      if (!(error <= 1e-13 * Math.abs(e) + 1e-14)) {
        throw new IllegalStateException(name + ": element " + i + " is " + line.result[i] + ", Math computes " + e);
      }
    }
    warmUp(line.ours);
    warmUp(line.math);
    if (line.lanewise != null) warmUp(line.lanewise);
    double[][] samples = line.lanewise == null ? Timing.samples(TURNS, TURN_SECONDS, line.ours, line.math)
        : Timing.samples(TURNS, TURN_SECONDS, line.ours, line.math, line.lanewise);
    String[] candidates = {"chainrule", "math", "lanewise"};
    double[] s = new double[samples.length];
    for (int c = 0; c < s.length; c++) {
      s[c] = Timing.median(samples[c]);
      Samples.record(name + " " + candidates[c], samples[c]);
    }
    System.out.printf(Locale.ROOT, "| %s | %.3f | %.1f | %s | %d |%n", name, s[0] * 1e9 / line.elements, s[1] / s[0],
        s.length < 3 ? "" : String.format(Locale.ROOT, "%.2f", s[2] / s[0]), allocated(1000, line.ours));
  }

  /**
   * Runs for half a second, and up to ten if calls still allocate: C2 takes some tenths of a second to compile long
   * loops of the Vector API, and more if it shares a processor with this loop.
   */
  private static void warmUp(Runnable run) {
    long begin = System.nanoTime(), time;
    do {
      for (int i = 0; i < 10; i++) run.run();
      time = System.nanoTime() - begin;
    } while (time < 500_000_000 || time < 10_000_000_000L && allocated(10, run) > 0);
  }

  private static long allocated(int calls, Runnable run) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < calls; i++) run.run();
    return (THREADS.getCurrentThreadAllocatedBytes() - before) / calls;
  }

  /**
   * Returns an array for n elements. Arrays allocated one after another start 448 bytes apart modulo 4 KiB. Otherwise a
   * load may wait for an earlier store whose address has the same low bits, for up to 2.5 times the time of a row.
   */
  private static double[] array(int n) {
    int length = n;
    while ((16 + 8 * length) % 4096 != 448) length++;
    return new double[length];
  }

  private static double[] numbers(int n, double from, double to) {
    double[] x = array(n);
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < n; i++) x[i] = from + (to - from) * random.nextDouble();
    return x;
  }
}
