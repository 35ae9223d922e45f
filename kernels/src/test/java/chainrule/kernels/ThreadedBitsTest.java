package chainrule.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Any number of threads gives the bits of one. */
class ThreadedBitsTest {
  private static final int[] THREADS = {1, 2, 3, 8};

  @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
  void everyMatrixProductHasTheBitsOfOneThread(
      @ForAll Products.Form form, @ForAll @IntRange(min = 1, max = 150) int m, @ForAll @IntRange(min = 1, max = 150) int n,
      @ForAll @IntRange(min = 1, max = 300) int k, @ForAll @IntRange(max = 5) int gap, @ForAll long seed) {
    Products p = new Products(form, m, n, k, 3, gap, true, seed);
    double[] one = p.on(Subjects.SCALAR);
    for (int threads : THREADS) {
      Buffers.assertSameBits(one, p.on(Subjects.VECTOR.withThreads(threads)), p + " on " + threads + " threads");
      Buffers.assertSameBits(one, p.on(Subjects.SCALAR.withThreads(threads)), p + " on " + threads + " scalar threads");
    }
  }

  @Test
  void rowsOrColumnsAreDividedWhereMatricesHaveGapsAndOffsets() {
    for (Products.Form form : Products.Form.values()) {
      for (int[] s : new int[][] {{30, 700, 60}, {701, 29, 61}}) { // large enough to be shared, by columns and by rows
        Products p = new Products(form, s[0], s[1], s[2], 3, 2, false, 17);
        double[] one = p.on(Subjects.SCALAR);
        for (int threads : THREADS) {
          Buffers.assertSameBits(one, p.on(Subjects.VECTOR.withThreads(threads)), p + " on " + threads + " threads");
        }
      }
    }
  }

  @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
  void longAndThinProductsHaveTheBitsOfOneThread(
      @ForAll Products.Form form, @ForAll @IntRange(max = 2) int which,
      @ForAll @IntRange(min = 600, max = 3100) int size, @ForAll @IntRange(min = 1, max = 30) int second,
      @ForAll @IntRange(min = 1, max = 40) int third,
      @ForAll @IntRange(max = 2) int gap, @ForAll boolean special, @ForAll long seed) {
    Products p = switch (which) {
      case 0 -> new Products(form, size, second, third, 1, gap, special, seed);
      case 1 -> new Products(form, second, size, third, 1, gap, special, seed);
      default -> new Products(form, second, third, size, 1, gap, special, seed);
    };
    double[] one = p.on(Subjects.SCALAR);
    for (int threads : THREADS) {
      Buffers.assertSameBits(one, p.on(Subjects.VECTOR.withThreads(threads)), p + " on " + threads + " threads");
    }
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void everyOtherKernelHasTheBitsOfOneThread(
      @ForAll Operation operation, @ForAll @IntRange(max = 9) int bits, @ForAll @IntRange(max = 200) int more,
      @ForAll @IntRange(min = 1, max = 40) int rows, @ForAll @IntRange(max = 9) int offset, @ForAll boolean special,
      @ForAll long seed) {
    // Up to 30,000 elements, and every tenth try up to 300,000: more than any threshold of sharing.
    int cols = (bits == 9 ? 1 << 13 : (1 << bits) - 1) + more;
    Operation.Shape shape = Operation.Shape.of(rows, cols, offset, 1, 2);
    double[] x = Buffers.random(shape.n() + offset + 3, seed, special);
    double[] y = Buffers.random(shape.n() + 4, seed + 1, special);
    double[] z = Buffers.random(shape.n() + rows + 5, seed + 2, special), expected = z.clone(); // rows: of no columns too
    operation.run.on(Subjects.SCALAR, shape, x, y, expected);
    for (Kernels base : new Kernels[] {Subjects.SCALAR, Subjects.VECTOR}) {
      for (int threads : THREADS) {
        double[] actual = z.clone();
        operation.run.on(base.withThreads(threads), shape, x, y, actual);
        Buffers.assertSameBits(expected, actual,
            operation + " of " + shape + " by " + base.name() + " on " + threads + " threads");
      }
    }
  }

  @Test
  void manyCallersOfOneTeamGetTheSameBits() {
    Kernels team = Subjects.VECTOR.withThreads(3);
    Products p = new Products(Products.Form.AB, 96, 96, 120, 0, 0, false, 7);
    double[] one = p.on(Subjects.SCALAR);
    CompletableFuture<?>[] callers = new CompletableFuture<?>[6];
    for (int i = 0; i < callers.length; i++) {
      callers[i] = CompletableFuture.runAsync(() -> {
        for (int r = 0; r < 20; r++) Buffers.assertSameBits(one, p.on(team), "one of six callers");
      });
    }
    CompletableFuture.allOf(callers).join();
  }

  @Test
  void productsTooSmallToDivideGetKernelsWithoutThreads() {
    Kernels team = Subjects.VECTOR.withThreads(2);
    assertEquals(1, team.forProductsUpTo(784 * 128).threads(), "one row of 784-128-10");
    assertEquals(1, team.forProductsUpTo(0).threads(), "no product at all");
    assertEquals(2, team.forProductsUpTo(64L * 784 * 128).threads(), "64 rows of 784-128-10");
    assertEquals(2, team.forProductsUpTo(1L << 40).threads(), "more than an int counts");
    assertEquals(1, Subjects.VECTOR.forProductsUpTo(1L << 40).threads(), "one thread stays one");
  }

  @Test
  void anErrorInAPieceReachesTheCallerOnceAndTheTeamWorksOn() {
    int n = 128, k = 64, threads = 5; // just enough to be shared, by a team that no other test has
    Kernels team = Subjects.VECTOR.withThreads(threads);
    double[] x = Buffers.random(k * n, 5, false), one = new double[n * n];
    Subjects.SCALAR.matmulTransposedA(n, n, k, x, 0, n, x, 0, n, one, 0, n);
    Thread caller = Thread.currentThread();
    for (boolean inTheCallersPart : new boolean[] {false, true}) {
      double[] c = new double[n * n];
      IllegalStateException e = assertThrows(IllegalStateException.class,
          () -> team.matmulTransposedAInRowBlocks(n, n, k, x, 0, n, x, 0, n, c, 0, n, (from, to) -> {
            if ((Thread.currentThread() == caller) == inTheCallersPart) throw new IllegalStateException("a piece");
          }));
      assertEquals("a piece", e.getMessage());
      Set<Thread> took = ConcurrentHashMap.newKeySet();
      team.matmulTransposedAInRowBlocks(
          n, n, k, x, 0, n, x, 0, n, c, 0, n, (from, to) -> took.add(Thread.currentThread()));
      Buffers.assertSameBits(one, c, "the product after it");
      assertEquals(threads, took.size(), "threads of the product after it");
    }
  }

  @Test
  void aBadArgumentOnATeamIsTheCallersError() {
    Kernels team = Subjects.VECTOR.withThreads(2);
    double[] big = new double[128 * 128], small = new double[100];
    assertThrows(IndexOutOfBoundsException.class,
        () -> team.matmul(128, 128, 128, big, 0, 128, small, 0, 128, new double[128 * 128], 0, 128));
    // and the team is free again
    assertEquals(0, team.max(1, new double[1], 0));
    team.matmul(128, 128, 128, big, 0, 128, big, 0, 128, new double[128 * 128], 0, 128);
  }
}
