package chainrule.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Arrays that are exactly long enough are enough; one element less is refused by name before anything is written. */
class RangesBitsTest {
  private static final List<Kernels> ALL = List.of(Subjects.SCALAR, Subjects.VECTOR, Subjects.SCALAR.withThreads(2),
      Subjects.VECTOR.withThreads(2));
  private static final int ROWS = 3, COLS = 5;

  @Test
  void anArrayThatEndsTooSoonIsRefusedByNameAndNothingIsWritten() {
    for (Operation operation : Operation.values()) {
      Operation.Shape shape = Operation.Shape.of(ROWS, COLS, 2, 3, 4);
      for (Kernels k : ALL) {
        for (int cut = -1; cut < 3; cut++) {
          double[] x = array(operation == Operation.REPEAT_ROW ? COLS : ROWS * COLS, 2, cut == 0);
          double[] y = array(ROWS * COLS, 3, cut == 1), z = array(written(operation), 4, cut == 2), before = z.clone();
          String what = operation + " on " + k.name() + " with argument " + cut + " cut off";
          if (cut < 0 || !reads(operation, cut)) {
            operation.run.on(k, shape, x, y, z);
            continue;
          }
          IndexOutOfBoundsException e = assertThrows(IndexOutOfBoundsException.class,
              () -> operation.run.on(k, shape, x, y, z), what);
          double[] short_ = cut == 0 ? x : cut == 1 ? y : z;
          String place = ": elements " + (2 + cut) + " … " + short_.length + " of an array of " + short_.length;
          assertTrue(e.getMessage().matches("[a-z]+\\Q" + place + "\\E"), what + ": " + e.getMessage());
          assertArrayEquals(before, z, what);
        }
      }
    }
  }

  private static double[] array(int n, int from, boolean cut) {
    return Buffers.random(from + n - (cut ? 1 : 0), n, false);
  }

  private static int written(Operation operation) {
    return switch (operation) {
      case COLUMN_SUMS -> COLS;
      case LOG_SUM_EXP -> ROWS;
      default -> ROWS * COLS;
    };
  }

  /** Whether it has argument 0, x; 1, y; 2, z. */
  private static boolean reads(Operation operation, int argument) {
    return switch (argument) {
      case 0 -> operation != Operation.FILL && operation != Operation.SCALE;
      case 1 -> operation == Operation.MULTIPLY || operation == Operation.DOT || operation.name().endsWith("_GRADIENT");
      default -> operation != Operation.SUM && operation != Operation.DOT && operation != Operation.MAX;
    };
  }

  @Test
  void aMatrixThatEndsTooSoonIsRefusedByNameAndNothingIsWritten() {
    int m = 3, n = 4, k = 5, gap = 2;
    for (Products.Form form : Products.Form.values()) {
      boolean ta = form.transposesA(), tb = form == Products.Form.ABT;
      int lda = (ta ? m : k) + gap, ldb = (tb ? k : n) + gap, ldc = n + gap;
      for (Kernels kernels : ALL) {
        for (int cut = -1; cut < 3; cut++) {
          double[] a = array((int) Check.extent(ta ? k : m, ta ? m : k, lda), 2, cut == 0);
          double[] b = array((int) Check.extent(tb ? n : k, tb ? k : n, ldb), 3, cut == 1);
          double[] c = array((int) Check.extent(m, n, ldc), 4, cut == 2), before = c.clone();
          Runnable product = () -> {
            switch (form) {
              case AB -> kernels.matmul(m, n, k, a, 2, lda, b, 3, ldb, c, 4, ldc);
              case ATB -> kernels.matmulTransposedA(m, n, k, a, 2, lda, b, 3, ldb, c, 4, ldc);
              case ABT -> kernels.matmulTransposedB(m, n, k, a, 2, lda, b, 3, ldb, c, 4, ldc);
              case ATB_IN_ROW_BLOCKS ->
                  kernels.matmulTransposedAInRowBlocks(m, n, k, a, 2, lda, b, 3, ldb, c, 4, ldc, (from, to) -> {});
            }
          };
          if (cut < 0) {
            product.run();
            continue;
          }
          String name = "ABC".substring(cut, cut + 1);
          String said = assertThrows(IndexOutOfBoundsException.class, product::run, form + " " + name).getMessage();
          assertTrue(said.startsWith(name + ": elements " + (2 + cut) + " … "), form + ": " + said);
          assertArrayEquals(before, c, form + " " + name);
        }
      }
    }
  }

  @Test
  void rowBlocksAreNeverEmptyAndCoverEachElementOnceAndNothingBetweenRows() {
    for (Kernels kernels : ALL) {
      for (int m : new int[] {0, 1, 3, 40}) {
        for (int n : new int[] {0, 1, 7, 40}) {
          for (int gap : new int[] {0, 3}) {
            int ldc = n + gap, k = 700; // large enough to be shared by threads
            int[] times = new int[2 + 40 * 43];
            double[] a = Buffers.random(k * m, 1, false), b = Buffers.random(k * n, 2, false);
            RowBlockListener count = (from, to) -> {
              synchronized (times) {
                assertTrue(from < to, "empty");
                for (int i = from; i < to; i++) times[i]++;
              }
            };
            kernels.matmulTransposedAInRowBlocks(
                m, n, k, a, 0, m, b, 0, n, new double[times.length], 2, ldc, count);
            for (int i = 0; i < times.length; i++) {
              boolean inside = i >= 2 && ldc > 0 && (i - 2) / ldc < m && (i - 2) % ldc < n;
              assertEquals(inside ? 1 : 0, times[i], kernels.name() + ", C [" + m + " × " + n + "], element " + i);
            }
          }
        }
      }
    }
  }
}
