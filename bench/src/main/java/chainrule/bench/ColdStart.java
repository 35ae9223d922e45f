// SPDX-License-Identifier: MIT
package chainrule.bench;

import chainrule.kernels.Kernels;
import chainrule.nn.Backpropagation;
import chainrule.nn.Network;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Softmax;
import chainrule.nn.loss.CategoricalCrossEntropy;
import chainrule.nn.optimizer.GradientDescent;
import chainrule.nn.optimizer.Optimizer;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/**
 * Prints the speed in the first second of a fresh JVM, in slices of 50 ms, as a percentage of the warm rate. A run
 * counts in the slice in which it ends, so a run that is longer than a slice leaves slices with 0.
 *
 * <p>Argument: {@code step} (a training step of 784-128-10 with 64 rows, the default) or {@code matmul} (256³). Use a
 * fresh JVM for each, because one warms up the other.
 */
public final class ColdStart {
  private static final int SLICES = 20;
  private static final long SLICE = 50_000_000;

  private ColdStart() {}

  public static void main(String[] args) {
    boolean matmul = args.length > 0 && args[0].equals("matmul");
    long begin = System.nanoTime();
    Runnable run = matmul ? matmul() : trainingStep();
    double prepared = (System.nanoTime() - begin) / 1e6;

    int[] runs = new int[SLICES];
    long[] bytes = new long[SLICES];
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long start = System.nanoTime(), allocated = threads.getCurrentThreadAllocatedBytes();
    double first = 0;
    while (true) {
      run.run();
      long now = System.nanoTime();
      if (first == 0) first = (now - start) / 1e6;
      int slice = (int) ((now - start) / SLICE);
      if (slice >= SLICES) break;
      runs[slice]++;
      long total = threads.getCurrentThreadAllocatedBytes();
      bytes[slice] += total - allocated;
      allocated = total;
    }

    Timing.medians(5, 0.2, run); // warms up for two more seconds
    double warm = Timing.medians(9, 0.1, run)[0];
    System.out.printf(Locale.ROOT, "Java %s, %s, %s: prepared in %.0f ms, first run %.1f ms, warm %.1f µs%n",
        System.getProperty("java.version"), Kernels.best().name(), matmul ? "matmul 256³" : "step 784-128-10 × 64",
        prepared, first, warm * 1e6);
    double[] shares = new double[SLICES];
    for (int s = 0; s < SLICES; s++) shares[s] = runs[s] * warm / (SLICE / 1e9);
    System.out.print("% of the warm rate:");
    for (double share : shares) System.out.printf(Locale.ROOT, " %.0f", 100 * share);
    Samples.record("first", first / 1e3);
    Samples.record("warm", warm);
    Samples.record("slices", shares);
    System.out.print("\nKiB allocated:     ");
    for (long b : bytes) System.out.print(" " + (b >> 10));
    System.out.println();
  }

  private static Runnable matmul() {
    int n = 256;
    Kernels k = Kernels.best();
    double[] a = numbers(n * n), b = numbers(n * n), c = new double[n * n];
    return () -> k.matmul(n, n, n, a, 0, n, b, 0, n, c, 0, n);
  }

  private static Runnable trainingStep() {
    int rows = 64;
    Network net = Network.input(784).dense(128, new Relu()).dense(10, new Softmax()).build(1);
    Backpropagation b = new Backpropagation(net, new CategoricalCrossEntropy(), rows);
    Optimizer optimizer = new GradientDescent(1e-3);
    double[] x = numbers(rows * 784), y = new double[rows * 10], theta = net.parameters();
    for (int i = 0; i < rows; i++) y[i * 10 + i % 10] = 1;
    double[][] state = new double[0][];
    return () -> {
      b.lossAndGradients(rows, x, 0, y, 0);
      optimizer.update(1, 1e-3, theta.length, theta, b.gradients(), state);
    };
  }

  /** Returns fixed numbers in [0, 1). */
  private static double[] numbers(int n) {
    double[] x = new double[n];
    for (int i = 0; i < n; i++) x[i] = (i * 0x9E3779B97F4A7C15L >>> 11) * 0x1p-53;
    return x;
  }
}
