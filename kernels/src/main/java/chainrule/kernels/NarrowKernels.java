// SPDX-License-Identifier: MIT
package chainrule.kernels;

import static chainrule.kernels.Lanes.COUNT;

/**
 * Aᵀ·B for a C with few columns, where vectors over the columns would stay partly empty. The kernels are vectorized
 * over the rows of C instead. These are the columns of A, so A is read in place.
 *
 * <pre>
 *   C [m × n]                      strip of C, transposed [n × STRIP]
 *   ┌────┐
 *   │    │ STRIP = 2·COUNT rows    ┌───────────────┐
 *   ├────┤                   ──▶   │ column 0      │   two vectors a column
 *   │    │                         │ column 1      │
 *   ├────┤                   ◀──   │ …             │
 *   │    │                         └───────────────┘
 * </pre>
 *
 * Each strip is transposed into a scratch array, accumulated there by {@link NarrowMicroKernels}, and transposed back.
 * Each element starts from its value in C and adds its products in the order of p.
 */
final class NarrowKernels {
  private NarrowKernels() {}

  /** The largest number of columns of C. */
  private static final int MAX_COLUMNS = 12;
  /**
   * The size of A from which this kernel also pays where C has whole vectors of columns, which tiles can hold. Below
   * it the transposition costs more than it saves.
   */
  private static final long LARGE = 2048;
  /** The turns from which it pays there. With 32 registers {@link TransposedMicroKernels} are faster below. */
  private static final int LEAST_TURNS = Lanes.REGISTERS >= 32 ? 32 : 1;
  /** Rows of C in a strip. */
  static final int STRIP = 2 * COUNT;

  /** The length of the scratch array for a strip of C. */
  static final int SCRATCH = MAX_COLUMNS * STRIP;

  /** Returns whether this kernel can compute the product, and does so faster than tiles. */
  static boolean isNarrow(int m, int n, int k) {
    return m >= COUNT && (n < COUNT || n <= MAX_COLUMNS && (long) m * k >= LARGE && k >= LEAST_TURNS);
  }

  /**
   * C += Aᵀ·B. Shapes: A [k × m], rows lda apart; B [k × n], rows ldb apart; C [m × n]. The sizes must satisfy {@link
   * #isNarrow}.
   *
   * @param s scratch [SCRATCH]
   */
  static void multiply(
      int m, int n, int k, double[] a, int ao, int lda, double[] b, int bo, int ldb, double[] c, int co, int ldc,
      double[] s) {
    for (int i = 0; i < m; i += STRIP) {
      // The second vector may overlap the first. If less than a vector is left, there is only one, moved back inside.
      int left = Math.min(STRIP, m - i), first = Math.min(i, m - COUNT), last = Math.max(0, left - COUNT);
      for (int j = 0; j < n; j++) {
        int cj = co + first * ldc + j, at = j * STRIP;
        gather(c, cj, ldc, s, at);
        if (last > 0) gather(c, cj + last * ldc, ldc, s, at + COUNT);
      }
      for (int j = 0, rest = n, width; rest > 0; rest -= width, j += width) {
        width = width(rest);
        NarrowMicroKernels.columns(width, k, a, ao + first, lda, last, b, bo + j, ldb, s, j * STRIP);
      }
      for (int j = 0; j < n; j++) {
        int cj = co + first * ldc + j, at = j * STRIP;
        if (first == i) scatter(s, at, c, cj, ldc);
        else for (int r = i - first; r < COUNT; r++) c[cj + r * ldc] = s[at + r];
        if (last > 0) scatter(s, at + COUNT, c, cj + last * ldc, ldc);
      }
    }
  }

  /**
   * The number of columns of the next micro-kernel: at most 5, in shares as equal as possible. One or two columns have
   * too few independent sums to hide the latency of a multiply-add.
   */
  private static int width(int left) {
    int kernels = (left + 4) / 5;
    return (left + kernels - 1) / kernels;
  }

  /** s[r] = c[r, 0] for one vector of rows. C2 unrolls the loop, because its count is a constant. */
  private static void gather(double[] c, int co, int ldc, double[] s, int so) {
    for (int r = 0; r < COUNT; r++) s[so + r] = c[co + r * ldc];
  }

  /** c[r, 0] = s[r], the reverse of {@link #gather}. */
  private static void scatter(double[] s, int so, double[] c, int co, int ldc) {
    for (int r = 0; r < COUNT; r++) c[co + r * ldc] = s[so + r];
  }
}
