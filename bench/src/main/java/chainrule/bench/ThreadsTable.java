// SPDX-License-Identifier: MIT
package chainrule.bench;

import chainrule.kernels.Kernels;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Prints the speedup of matrix products on several threads: the rate on one thread and on several, timed alternately,
 * and their ratio. Other engines must not run in the same process, because their idle workers spin and occupy cores.
 *
 * <p>Argument: [the number of threads; default: the number of processors].
 */
public final class ThreadsTable {
  private ThreadsTable() {}

  private static final int[][] SHAPES = {
    {8, 8, 8}, {32, 32, 32}, {48, 48, 48}, {64, 64, 64}, {96, 96, 96}, {128, 128, 128}, {192, 192, 192},
    {256, 256, 256}, {512, 512, 512}, {1024, 1024, 1024}, {2048, 2048, 2048}, {1, 128, 784}, {1, 1024, 1024},
    {16, 128, 784}, {16, 10, 128}, {64, 128, 784}, {64, 10, 128}, {64, 1024, 1024}, {256, 128, 784}, {256, 1024, 1024},
  };

  public static void main(String[] args) {
    int threads = args.length > 0 ? Integer.parseInt(args[0]) : Runtime.getRuntime().availableProcessors();
    Kernels one = Kernels.best().withThreads(1), several = one.withThreads(threads);
    double peak = Timing.peakFlops();
    System.out.printf(Locale.ROOT, "Java %s, %s, FMA peak of one core %.1f GFLOP/s%n",
        System.getProperty("java.version"), one.name(), peak / 1e9);
    System.out.printf("%-18s %10s %10s   ratio, A·B, Aᵀ·B, A·Bᵀ%n", "m x n x k", "1 thread", threads + " threads");
    for (int[] s : SHAPES) {
      int m = s[0], n = s[1], k = s[2];
      double[] a = numbers(m * k), b = numbers(k * n), c = new double[m * n], d = new double[m * n];
      double[] t = Timing.medians(15, 0.02,
          () -> one.matmul(m, n, k, a, 0, k, b, 0, n, c, 0, n),
          () -> several.matmul(m, n, k, a, 0, k, b, 0, n, d, 0, n),
          () -> one.matmulTransposedA(m, n, k, a, 0, m, b, 0, n, c, 0, n),
          () -> several.matmulTransposedA(m, n, k, a, 0, m, b, 0, n, d, 0, n),
          () -> one.matmulTransposedB(m, n, k, a, 0, k, b, 0, k, c, 0, n),
          () -> several.matmulTransposedB(m, n, k, a, 0, k, b, 0, k, d, 0, n));
      double flops = 2.0 * m * n * k / 1e9;
      System.out.printf(Locale.ROOT, "%-18s %10.1f %10.1f   %.2f  %.2f  %.2f%n",
          m + "x" + n + "x" + k, flops / t[0], flops / t[1], t[0] / t[1], t[2] / t[3], t[4] / t[5]);
    }
  }

  private static double[] numbers(int n) {
    return new SplittableRandom(1).doubles(n, -1, 1).toArray();
  }
}
