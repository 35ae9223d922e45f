// SPDX-License-Identifier: MIT
package chainrule.kernels;

import static chainrule.kernels.KernelsUnderTest.SCALAR;
import static chainrule.kernels.KernelsUnderTest.VECTOR;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Calls kernels with all arguments in one array, at random offsets. An overlap that {@link Kernels} allows must give
 * the bits of separate arrays. Every implementation must reject forbidden overlaps, negative sizes and ranges outside
 * the array with the same message, before anything is written.
 */
class OverlapBitsTest {
  private static final List<Kernels> ALL = new ArrayList<>();

  static {
    for (Kernels base : new Kernels[] {SCALAR, VECTOR}) {
      for (int threads : new int[] {1, 2, 3, 8}) ALL.add(base.withThreads(threads));
    }
  }

  @Property(tries = 5000, edgeCases = EdgeCasesMode.NONE)
  void operationsWithinOneArrayMatchSeparateArraysOrAreRejected(
      @ForAll KernelOperation operation, @ForAll boolean special, @ForAll long seed) {
    SplittableRandom r = new SplittableRandom(seed);
    int cols = r.nextInt(12) == 0 ? -1 : r.nextInt(r.nextBoolean() ? 10 : 70), rows = r.nextInt(5);
    int xo = offset(r, 20), yo = r.nextInt(3) == 0 ? xo : offset(r, 400);
    int zo = switch (r.nextInt(4)) {
      case 0 -> xo;
      case 1 -> yo;
      default -> offset(r, 700);
    };
    KernelOperation.Shape shape = KernelOperation.Shape.of(rows, cols, xo, yo, zo);
    double[] array = TestArrays.random(1100, seed, special);
    boolean inside = rows >= 0 && cols >= 0 && Math.min(xo, Math.min(yo, zo)) >= 0;
    check(array, inside, isForbidden(operation, shape), (k, x, y, z) -> operation.run.on(k, shape, x, y, z),
        operation + " of " + shape);
  }

  /** The rule of {@link Kernels}, written again: the same offset or no overlap, and for some operations no overlap. */
  private static boolean isForbidden(KernelOperation operation, KernelOperation.Shape s) {
    return switch (operation) {
      case FILL, SCALE, SUM, DOT, MAX -> false;
      case REPEAT_ROW -> overlap(s.zo(), s.n(), s.xo(), s.cols());
      case COLUMN_SUMS -> overlap(s.zo(), s.cols(), s.xo(), s.n());
      case LOG_SUM_EXP -> overlap(s.zo(), s.rows(), s.xo(), s.n());
      default -> {
        boolean two = operation == KernelOperation.MULTIPLY || operation.name().endsWith("_GRADIENT");
        yield s.zo() != s.xo() && overlap(s.zo(), s.n(), s.xo(), s.n())
            || two && s.zo() != s.yo() && overlap(s.zo(), s.n(), s.yo(), s.n());
      }
    };
  }

  @Property(tries = 800, edgeCases = EdgeCasesMode.NONE)
  void productsWithinOneArrayMatchSeparateArraysOrAreRejected(
      @ForAll MatmulCase.Form form, @ForAll boolean special, @ForAll long seed) {
    SplittableRandom r = new SplittableRandom(seed);
    boolean large = r.nextInt(4) == 0; // large enough to be shared by threads
    int m = size(r, large), n = size(r, large), k = size(r, large);
    int gap = r.nextInt(40) == 0 ? -1 : r.nextInt(4);
    boolean ta = form.transposesA(), tb = form == MatmulCase.Form.ABT;
    int lda = (ta ? m : k) + gap, ldb = (tb ? k : n) + gap, ldc = n + gap;
    int span = large ? 16_000 : 400;
    int ao = offset(r, span), bo = r.nextInt(3) == 0 ? ao : offset(r, span);
    int co = r.nextInt(8) == 0 ? r.nextInt(span) : offset(r, 0) + 2 * span;
    double[] array = TestArrays.random(large ? 48_000 : 4_000, seed, special);
    long a = Check.extent(ta ? k : m, ta ? m : k, lda), b = Check.extent(tb ? n : k, tb ? k : n, ldb);
    boolean inside = Math.min(ao, Math.min(bo, co)) >= 0 && gap >= 0 && Math.min(m, Math.min(n, k)) >= 0;
    long c = Check.extent(m, n, ldc);
    check(array, inside, overlap(co, c, ao, a) || overlap(co, c, bo, b), (kernels, x, y, z) -> {
      switch (form) {
        case AB -> kernels.matmul(m, n, k, x, ao, lda, y, bo, ldb, z, co, ldc);
        case ATB -> kernels.matmulTransposedA(m, n, k, x, ao, lda, y, bo, ldb, z, co, ldc);
        case ABT -> kernels.matmulTransposedB(m, n, k, x, ao, lda, y, bo, ldb, z, co, ldc);
        case ATB_IN_ROW_BLOCKS -> kernels.matmulTransposedAInRowBlocks(
            m, n, k, x, ao, lda, y, bo, ldb, z, co, ldc, (from, to) -> {});
      }
    }, form + " " + m + " × " + n + " × " + k + ", A from " + ao + ", B from " + bo + ", C from " + co);
  }

  private static int size(SplittableRandom r, boolean large) {
    return large ? 102 + r.nextInt(20) : r.nextInt(40) == 0 ? -1 : r.nextInt(30);
  }

  /** Sometimes returns an offset outside the array. */
  private static int offset(SplittableRandom r, int bound) {
    return r.nextInt(50) == 0 ? -1 : r.nextInt(bound + 80);
  }

  private static boolean overlap(long from, long length, long from2, long length2) {
    return length > 0 && length2 > 0 && from < from2 + length2 && from2 < from + length;
  }

  private interface Call {
    void on(Kernels kernels, double[] x, double[] y, double[] z);
  }

  /**
   * Compares a call on one array with the same call on three copies of it, of which the third is written.
   *
   * @param inside whether sizes and ranges are valid, so that only an overlap may be rejected
   * @param forbidden whether there is a forbidden overlap
   */
  private static void check(double[] array, boolean inside, boolean forbidden, Call call, String what) {
    double[] apart = array.clone();
    String answer = outcome(() -> call.on(SCALAR, array.clone(), array.clone(), apart));
    if (inside) assertEquals("", answer, what);
    String first = null;
    for (Kernels k : ALL) {
      double[] one = array.clone();
      String actual = outcome(() -> call.on(k, one, one, one));
      String who = what + " on " + k.name() + " with " + k.threads() + " threads";
      if (first == null) first = actual;
      assertEquals(first, actual, who + ": differs from the other implementations");
      if (!answer.isEmpty() || !forbidden) assertEquals(answer, actual, who);
      else assertTrue(actual.contains(" overlaps "), who + ": a forbidden overlap was accepted");
      TestArrays.assertSameBits(actual.isEmpty() ? apart : array, one, who + " " + actual);
    }
  }

  /** Returns the exception and its message, or an empty string if there is none. */
  private static String outcome(Runnable call) {
    try {
      call.run();
      return "";
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      return e.getClass().getSimpleName() + ": " + e.getMessage();
    }
  }
}
