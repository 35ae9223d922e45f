// SPDX-License-Identifier: MIT
package chainrule.kernels;

import static chainrule.kernels.KernelsUnderTest.SCALAR;
import static chainrule.kernels.KernelsUnderTest.VECTOR;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Checks that arrays of exactly the needed length are accepted, and shorter ones rejected before any write. */
class RangesBitsTest {
  private static final List<Kernels> ALL = List.of(SCALAR, VECTOR, SCALAR.withThreads(2), VECTOR.withThreads(2));
  private static final int ROWS = 3, COLS = 5;

  @Test
  void anArrayThatIsTooShortIsRejectedByNameAndNothingIsWritten() {
    for (KernelOperation operation : KernelOperation.values()) {
      KernelOperation.Shape shape = KernelOperation.Shape.of(ROWS, COLS, 2, 3, 4);
      for (Kernels k : ALL) {
        for (int cut = -1; cut < 3; cut++) {
          double[] x = array(operation == KernelOperation.REPEAT_ROW ? COLS : ROWS * COLS, 2, cut == 0);
          double[] y = array(ROWS * COLS, 3, cut == 1), z = array(written(operation), 4, cut == 2), before = z.clone();
          String what = operation + " on " + k.name() + " with argument " + cut + " too short";
          if (cut < 0 || !uses(operation, cut)) {
            operation.run.on(k, shape, x, y, z);
            continue;
          }
          IndexOutOfBoundsException e = assertThrows(IndexOutOfBoundsException.class,
              () -> operation.run.on(k, shape, x, y, z), what);
          double[] tooShort = cut == 0 ? x : cut == 1 ? y : z;
          String place = ": elements " + (2 + cut) + " … " + tooShort.length + " of an array of " + tooShort.length;
          assertTrue(e.getMessage().matches("[a-z]+\\Q" + place + "\\E"), what + ": " + e.getMessage());
          assertArrayEquals(before, z, what);
        }
      }
    }
  }

  private static double[] array(int n, int from, boolean cut) {
    return TestArrays.random(from + n - (cut ? 1 : 0), n, false);
  }

  private static int written(KernelOperation operation) {
    return switch (operation) {
      case COLUMN_SUMS -> COLS;
      case LOG_SUM_EXP -> ROWS;
      default -> ROWS * COLS;
    };
  }

  /** Whether the operation uses the argument: 0 is x, 1 is y, 2 is z. */
  private static boolean uses(KernelOperation operation, int argument) {
    return switch (argument) {
      case 0 -> operation != KernelOperation.FILL && operation != KernelOperation.SCALE;
      case 1 -> operation == KernelOperation.MULTIPLY || operation == KernelOperation.DOT
          || operation.name().endsWith("_GRADIENT");
      default -> operation != KernelOperation.SUM && operation != KernelOperation.DOT
          && operation != KernelOperation.MAX;
    };
  }

  @Test
  void aMatrixThatIsTooShortIsRejectedByNameAndNothingIsWritten() {
    int m = 3, n = 4, k = 5, gap = 2;
    for (MatmulCase.Form form : MatmulCase.Form.values()) {
      boolean ta = form.transposesA(), tb = form == MatmulCase.Form.ABT;
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
          String message = assertThrows(IndexOutOfBoundsException.class, product::run, form + " " + name).getMessage();
          assertTrue(message.startsWith(name + ": elements " + (2 + cut) + " … "), form + ": " + message);
          assertArrayEquals(before, c, form + " " + name);
        }
      }
    }
  }

  @Test
  void rowBlocksCoverEachElementOfCExactlyOnceAndAreNeverEmpty() {
    for (Kernels kernels : ALL) {
      for (int m : new int[] {0, 1, 3, 40}) {
        for (int n : new int[] {0, 1, 7, 40}) {
          for (int gap : new int[] {0, 3}) {
            int ldc = n + gap, k = 700; // large enough to be shared by threads
            int[] times = new int[2 + 40 * 43];
            double[] a = TestArrays.random(k * m, 1, false), b = TestArrays.random(k * n, 2, false);
            RowBlockListener count = (from, to) -> {
              synchronized (times) {
                assertTrue(from < to, "empty row block");
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
