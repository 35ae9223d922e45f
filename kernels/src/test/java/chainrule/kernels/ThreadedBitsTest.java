// SPDX-License-Identifier: MIT
package chainrule.kernels;

import static chainrule.kernels.KernelsUnderTest.SCALAR;
import static chainrule.kernels.KernelsUnderTest.VECTOR;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Compares kernels on several threads with one thread, bit by bit. */
class ThreadedBitsTest {
  private static final int[] THREADS = {1, 2, 3, 8};
  private static final AtomicInteger CALLS = new AtomicInteger();
  /** Scalar kernels that count the calls. */
  private static final Kernels COUNTING = (Kernels) Proxy.newProxyInstance(
      Kernels.class.getClassLoader(), new Class<?>[] {Kernels.class}, (proxy, method, arguments) -> {
        if (method.getName().equals("equals")) return proxy == arguments[0];
        CALLS.incrementAndGet();
        return method.invoke(SCALAR, arguments);
      });

  @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
  void everyMatrixProductMatchesOneThread(
      @ForAll MatmulCase.Form form, @ForAll @IntRange(min = 1, max = 150) int m,
      @ForAll @IntRange(min = 1, max = 150) int n, @ForAll @IntRange(min = 1, max = 300) int k,
      @ForAll @IntRange(max = 5) int gap, @ForAll long seed) {
    MatmulCase p = new MatmulCase(form, m, n, k, 3, gap, true, seed);
    double[] one = p.on(SCALAR);
    for (int threads : THREADS) {
      TestArrays.assertSameBits(one, p.on(awake(VECTOR.withThreads(threads))), p + " on " + threads + " threads");
      TestArrays.assertSameBits(one, p.on(awake(SCALAR.withThreads(threads))), p + " on scalar " + threads);
    }
  }

  @Test
  void dividedProductsWithGapsAndOffsetsMatchOneThread() {
    for (MatmulCase.Form form : MatmulCase.Form.values()) {
      for (int[] s : new int[][] {{30, 700, 60}, {701, 29, 61}}) { // divided by columns, and by rows
        MatmulCase p = new MatmulCase(form, s[0], s[1], s[2], 3, 2, false, 17);
        double[] one = p.on(SCALAR);
        for (int threads : THREADS) {
          TestArrays.assertSameBits(one, p.on(VECTOR.withThreads(threads)), p + " on " + threads + " threads");
        }
      }
    }
  }

  @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
  void longAndNarrowProductsMatchOneThread(
      @ForAll MatmulCase.Form form, @ForAll @IntRange(max = 2) int which,
      @ForAll @IntRange(min = 600, max = 3100) int size, @ForAll @IntRange(min = 1, max = 30) int second,
      @ForAll @IntRange(min = 1, max = 40) int third,
      @ForAll @IntRange(max = 2) int gap, @ForAll boolean special, @ForAll long seed) {
    MatmulCase p = switch (which) {
      case 0 -> new MatmulCase(form, size, second, third, 1, gap, special, seed);
      case 1 -> new MatmulCase(form, second, size, third, 1, gap, special, seed);
      default -> new MatmulCase(form, second, third, size, 1, gap, special, seed);
    };
    double[] one = p.on(SCALAR);
    for (int threads : THREADS) {
      TestArrays.assertSameBits(one, p.on(VECTOR.withThreads(threads)), p + " on " + threads + " threads");
    }
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void everyOtherKernelMatchesOneThread(
      @ForAll KernelOperation operation, @ForAll @IntRange(max = 9) int bits, @ForAll @IntRange(max = 200) int more,
      @ForAll @IntRange(min = 1, max = 40) int rows, @ForAll @IntRange(max = 9) int offset, @ForAll boolean special,
      @ForAll long seed) {
    // Up to 30,000 elements, and in every tenth try up to 300,000.
    int cols = (bits == 9 ? 1 << 13 : (1 << bits) - 1) + more;
    KernelOperation.Shape shape = KernelOperation.Shape.of(rows, cols, offset, 1, 2);
    double[] x = TestArrays.random(shape.n() + offset + 3, seed, special);
    double[] y = TestArrays.random(shape.n() + 4, seed + 1, special);
    // log-sum-exp writes one element per row, even if there are no columns
    double[] z = TestArrays.random(shape.n() + rows + 5, seed + 2, special), expected = z.clone();
    operation.run.on(SCALAR, shape, x, y, expected);
    for (Kernels base : new Kernels[] {SCALAR, VECTOR}) {
      for (int threads : THREADS) {
        double[] actual = z.clone();
        operation.run.on(base.withThreads(threads), shape, x, y, actual);
        TestArrays.assertSameBits(expected, actual,
            operation + " of " + shape + " by " + base.name() + " on " + threads + " threads");
      }
    }
  }

  /** Returns these kernels while their workers spin, so that they share small tasks. They may park at any time. */
  private static Kernels awake(Kernels kernels) {
    if (kernels instanceof ThreadedKernels team) {
      do team.runParts(team.threads(), i -> { });
      while (!team.areAwake());
    }
    return kernels;
  }

  /** The second layer of 784-128-32 in a step of 64 rows. */
  @Test
  void productsTooSmallToWakeThreadsUseThoseThatAreAwake() throws InterruptedException {
    ThreadedKernels team = (ThreadedKernels) ThreadedKernels.of(COUNTING, 2);
    MatmulCase p = new MatmulCase(MatmulCase.Form.AB, 64, 32, 128, 0, 0, false, 7);
    double[] one = p.on(SCALAR);
    do { // until the workers have not parked in between
      awake(team);
      CALLS.set(0);
      TestArrays.assertSameBits(one, p.on(team), "awake");
    } while (CALLS.get() == 1);
    assertEquals(2, CALLS.get());
    while (team.areAwake()) Thread.sleep(1);
    CALLS.set(0);
    TestArrays.assertSameBits(one, p.on(team), "parked");
    assertEquals(1, CALLS.get());
  }

  @Test
  void concurrentCallersOfOneTeamGetTheSameBits() {
    Kernels team = VECTOR.withThreads(3);
    MatmulCase p = new MatmulCase(MatmulCase.Form.AB, 96, 96, 120, 0, 0, false, 7);
    double[] one = p.on(SCALAR);
    CompletableFuture<?>[] callers = new CompletableFuture<?>[6];
    for (int i = 0; i < callers.length; i++) {
      callers[i] = CompletableFuture.runAsync(() -> {
        for (int r = 0; r < 20; r++) TestArrays.assertSameBits(one, p.on(team), "one of six callers");
      });
    }
    CompletableFuture.allOf(callers).join();
  }

  @Test
  void productsTooSmallToDivideGetSingleThreadedKernels() {
    Kernels team = VECTOR.withThreads(2);
    assertSame(VECTOR, team.forProductsUpTo(784 * 128), "one row of 784-128-10");
    assertSame(VECTOR, team.forProductsUpTo(0), "no product at all");
    assertSame(team, team.forProductsUpTo(64L * 784 * 128), "64 rows of 784-128-10");
    assertSame(team, team.forProductsUpTo(1L << 40), "more multiplications than an int can hold");
    assertSame(VECTOR, VECTOR.forProductsUpTo(1L << 40), "single-threaded kernels stay single-threaded");
  }

  @Test
  void anErrorInARowBlockReachesTheCallerOnceAndTheTeamStaysUsable() {
    int n = 128, k = 64, threads = 5; // just large enough to be shared, on a team that no other test uses
    Kernels team = VECTOR.withThreads(threads);
    double[] x = TestArrays.random(k * n, 5, false), one = new double[n * n];
    SCALAR.matmulTransposedA(n, n, k, x, 0, n, x, 0, n, one, 0, n);
    for (boolean inTheFirstPart : new boolean[] {false, true}) {
      double[] c = new double[n * n];
      IllegalStateException e = assertThrows(IllegalStateException.class,
          () -> team.matmulTransposedAInRowBlocks(n, n, k, x, 0, n, x, 0, n, c, 0, n, (from, to) -> {
            if ((from == 0) == inTheFirstPart) throw new IllegalStateException("a row block");
          }));
      assertEquals("a row block", e.getMessage());
      team.matmulTransposedAInRowBlocks(n, n, k, x, 0, n, x, 0, n, c, 0, n, (from, to) -> { });
      TestArrays.assertSameBits(one, c, "the next product");
      RunPartsTest.assertAllThreadsTakePart(team);
    }
  }

  @Test
  void anInvalidArgumentIsReportedToTheCallerAndTheTeamStaysUsable() {
    Kernels team = VECTOR.withThreads(2);
    double[] big = new double[128 * 128], small = new double[100];
    assertThrows(IndexOutOfBoundsException.class,
        () -> team.matmul(128, 128, 128, big, 0, 128, small, 0, 128, new double[128 * 128], 0, 128));
    assertEquals(0, team.max(1, new double[1], 0));
    team.matmul(128, 128, 128, big, 0, 128, big, 0, 128, new double[128 * 128], 0, 128);
  }
}
