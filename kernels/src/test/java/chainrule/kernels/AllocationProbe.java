// SPDX-License-Identifier: MIT
package chainrule.kernels;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The program that {@link NoAllocationTest} runs in a JVM of its own. It calls every kernel at many sizes until a round
 * of calls allocates nothing. If that never happens, it names the kernels and exits with status 1. The argument is the
 * order of sizes, {@code rising} or {@code falling}: the profile of small arrays must not spoil the code for large
 * ones, nor the reverse.
 */
final class AllocationProbe {
  private AllocationProbe() {}

  /** Enough rounds for C2 to compile everything, even on a busy machine. */
  private static final int ROUNDS = 1500;

  private static final int[][] SHAPES = {{1, 1}, {3, 5}, {64, 10}, {7, 33}, {10, 100}, {64, 128}, {5, 1000}, {70, 784}};
  /** Two for each shape. The second has few columns, for which there are special kernels. */
  private static final int[][] PRODUCTS = {
      {1, 3, 2}, {5, 13, 17}, {8, 8, 8}, {1, 100, 50}, {64, 10, 128}, {32, 48, 300}, {64, 128, 784}, {130, 70, 40},
      {16, 1, 40}, {40, 2, 20}, {16, 3, 32}, {64, 4, 33}, {30, 7, 12}, {128, 10, 64}, {40, 12, 60}, {784, 10, 64}};

  private record Case(String name, int work, Runnable run) {}

  public static void main(String[] args) {
    Kernels kernels = VectorKernels.create();
    List<Case> cases = cases(kernels);
    if (args[0].equals("falling")) Collections.reverse(cases);
    boolean failed = false;
    for (int pass = 1; pass <= 2; pass++) { // again, after all kernels have been called
      for (Case c : cases) {
        long bytes = settle(c);
        if (bytes == 0) continue;
        System.out.println(c.name + " allocates " + bytes + " bytes a round, sizes " + args[0] + ", pass " + pass);
        failed = true;
      }
    }
    if (failed) System.exit(1);
    System.out.println("nothing allocated: " + cases.size() + " cases, " + kernels.name() + ", sizes " + args[0]);
  }

  private static List<Case> cases(Kernels k) {
    List<Case> cases = new ArrayList<>();
    for (int s = 0; s < SHAPES.length; s++) {
      KernelOperation.Shape shape = KernelOperation.Shape.of(SHAPES[s][0], SHAPES[s][1], 1, 2, 3);
      int length = shape.n() + shape.cols() + 8;
      double[] x = TestArrays.random(length, 1, false), y = TestArrays.random(length, 2, false), z = new double[length];
      for (KernelOperation o : KernelOperation.values()) {
        cases.add(new Case(o + " of " + shape, shape.n(), () -> o.run.on(k, shape, x, y, z)));
      }
      for (int t = s; t < PRODUCTS.length; t += SHAPES.length) addProducts(k, PRODUCTS[t], cases);
    }
    return cases;
  }

  private static void addProducts(Kernels k, int[] size, List<Case> cases) {
    int m = size[0], n = size[1], p = size[2];
    double[] a = TestArrays.random(m * p, 1, false), b = TestArrays.random(p * n, 2, false), c = new double[m * n];
    String of = " of " + m + " × " + n + " × " + p;
    cases.add(new Case("A·B" + of, m * n * p, () -> k.matmul(m, n, p, a, 0, p, b, 0, n, c, 0, n)));
    cases.add(new Case("Aᵀ·B" + of, m * n * p, () -> k.matmulTransposedA(m, n, p, a, 0, m, b, 0, n, c, 0, n)));
    cases.add(new Case("A·Bᵀ" + of, m * n * p, () -> k.matmulTransposedB(m, n, p, a, 0, p, b, 0, p, c, 0, n)));
  }

  /** Returns the fewest bytes that a round allocated. Runs until a round allocates nothing, at most {@link #ROUNDS}. */
  private static long settle(Case c) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int calls = Math.max(2, 100_000 / (c.work + 100));
    long least = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS && least > 0; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < calls; i++) c.run.run();
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
      if (least > 0 && round > 100) pause(); // lets the compiler use this processor
    }
    return least;
  }

  private static void pause() {
    try {
      Thread.sleep(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
