// SPDX-License-Identifier: MIT
package chainrule.kernels;

import static chainrule.kernels.Lanes.COUNT;
import static chainrule.kernels.Lanes.D;
import static chainrule.kernels.VectorMatmul.ROWS;

import jdk.incubator.vector.DoubleVector;

/**
 * Packs matrices for {@link PackedMicroKernels}. A matrix is cut into panels of constant width, and a panel holds the
 * elements of each turn p of the sum next to each other.
 *
 * <pre>
 *   A, panels of 8 rows of C:          a00 a10 a20 … a70 │ a01 a11 a21 … a71 │ …     turn p = 0, 1, …
 *   B, panels of COUNT columns of C:   b00 b01 b02 … b07 │ b10 b11 b12 … b17 │ …
 * </pre>
 *
 * With 16 registers, a panel of A has room for 8 rows too, but only the last one may be full. The others have 6, the
 * height of a tile. So every index is a power of two times p.
 *
 * <p>Panels of A and Bᵀ transpose the matrix. Panels of Aᵀ and B copy its rows. The last panel is moved back inside the
 * matrix, so it overlaps its neighbor, like the tile that uses it.
 */
final class Panels {
  private Panels() {}

  /** The elements of one turn in a panel of A. */
  static final int WIDTH = 8;
  /** Doubles on a page of memory. */
  private static final int PAGE = 512;

  /** Returns the rows of the next panel of A when {@code left} remain. */
  static int rows(int left) {
    return left <= WIDTH ? left : ROWS;
  }

  /** Returns the length of the panels of A for {@code rows} × {@code kc}. */
  static int size(int rows, int kc) {
    return (rows + ROWS - 1) / ROWS * WIDTH * kc;
  }

  /** Returns where the rows of a panel of A start. They end where those of a full tile, or of the panel, end. */
  static int first(int rows) {
    return (rows > ROWS ? WIDTH : ROWS) - rows;
  }

  /**
   * Packs one panel of A: panelsA[p, first + i] = a[i, p] for {@code rows} rows of kc elements, lda apart. Elements
   * before {@link #first} repeat the first row, or are left as they were.
   */
  static void ofA(int kc, int rows, double[] a, int ao, int lda, double[] panelsA, int pa) {
    int width = rows > ROWS ? WIDTH : rows > 4 ? ROWS : 4, back = width - rows;
    transpose(kc, width, a, ao - back * lda, lda, ao, panelsA, pa + first(rows) - back, WIDTH);
  }

  /**
   * Packs Aᵀ: panelsA[p, i] = a[p, i] for kc rows of {@code rows} elements, lda apart, in panels of A. The last is
   * moved back inside. If there are too few elements, they become the last of the only panel.
   */
  static void ofTransposedA(int kc, int rows, double[] a, int ao, int lda, double[] panelsA) {
    if (rows <= WIDTH && first(rows) > 0) {
      for (int p = 0, t = first(rows); p < kc; p++, t += WIDTH) {
        for (int i = 0; i < rows; i++) panelsA[t + i] = a[ao + p * lda + i];
      }
      return;
    }
    int i = ROWS == COUNT ? copyPanels(kc, rows, a, ao, lda, panelsA, 0) : 0;
    for (int pa = i * kc, next; i < rows; i += next, pa += WIDTH * kc) {
      next = rows(rows - i);
      int width = next + first(next), ai = ao + Math.min(i, rows - width);
      for (int q = 0; q < width; q += COUNT) {
        int at = Math.min(q, width - COUNT); // six rows are two vectors of four that overlap
        copyPanel(kc, a, ai + at, lda, panelsA, pa + at, WIDTH);
      }
    }
  }

  /**
   * Packs B: panelsB[p, j] = b[p, j] for kc rows of {@code cols} elements, ldb apart, in panels of COUNT. The last is
   * moved back inside. If there are fewer columns than COUNT, the first is repeated after them.
   */
  static void ofB(int kc, int cols, double[] b, int bo, int ldb, double[] panelsB, int pb) {
    if (cols < COUNT) {
      for (int p = 0, t = pb; p < kc; p++) {
        for (int j = 0; j < COUNT; j++) panelsB[t++] = b[bo + p * ldb + (j < cols ? j : 0)];
      }
      return;
    }
    for (int j = copyPanels(kc, cols, b, bo, ldb, panelsB, pb); j < cols; j += COUNT) {
      copyPanel(kc, b, bo + Math.min(j, cols - COUNT), ldb, panelsB, pb + j * kc, COUNT);
    }
  }

  /**
   * Packs Bᵀ: panelsB[p, j] = b[j, p] for {@code cols} rows of kc elements, ldb apart, in panels of COUNT. The last is
   * moved back inside. If there are fewer columns than COUNT, the first is repeated after them.
   */
  static void ofTransposedB(int kc, int cols, double[] b, int bo, int ldb, double[] panelsB, int pb) {
    if (cols < COUNT) {
      for (int p = 0, t = pb; p < kc; p++) {
        for (int j = 0; j < COUNT; j++) panelsB[t++] = b[bo + (j < cols ? j : 0) * ldb + p];
      }
      return;
    }
    for (int j = 0; j < cols; j += COUNT) {
      int bj = bo + Math.min(j, cols - COUNT) * ldb;
      transpose(kc, COUNT, b, bj, ldb, bj, panelsB, pb + j * kc, COUNT);
    }
  }

  // ---------------------------------------------------------------- a copy of B in rows, for DirectMicroKernels

  /** Copies B: to[p, j] = b[p, j] for k rows of n elements, ldb apart, to rows ldt apart. */
  static void copyB(int n, int k, double[] b, int bo, int ldb, double[] to, int to0, int ldt) {
    for (int j = 0; j < n; j++) {
      for (int p = 0; p < k; p++) to[to0 + p * ldt + j] = b[bo + p * ldb + j];
    }
  }

  /** Transposes Bᵀ: to[p, j] = b[j, p] for n rows of k elements, ldb apart, to rows ldt apart. */
  static void transposeB(int n, int k, double[] b, int bo, int ldb, double[] to, int to0, int ldt) {
    int j = 0;
    for (; j <= n - 4; j += 4) transposeFourRows(k, b, bo + j * ldb, ldb, to, to0 + j, ldt);
    for (; j < n; j++) {
      for (int p = 0, bj = bo + j * ldb; p < k; p++) to[to0 + p * ldt + j] = b[bj + p];
    }
  }

  private static void transposeFourRows(int k, double[] b, int b0, int ldb, double[] to, int to0, int ldt) {
    int b1 = b0 + ldb, b2 = b1 + ldb, b3 = b2 + ldb;
    for (int p = 0; p < k; p++) {
      int t = to0 + p * ldt;
      to[t] = b[b0 + p];
      to[t + 1] = b[b1 + p];
      to[t + 2] = b[b2 + p];
      to[t + 3] = b[b3 + p];
    }
  }

  // ---------------------------------------------------------------- copies of either operand

  /** Copies panels of one vector, four or eight at a time, and returns the first column that is left over. */
  private static int copyPanels(int kc, int cols, double[] from, int fo, int ldf, double[] to, int to0) {
    int j = 0;
    if (ldf >= PAGE) {
      for (; j <= cols - 8 * COUNT; j += 8 * COUNT) copyEightPanels(kc, from, fo + j, ldf, to, to0 + j * kc);
    }
    for (; j <= cols - 4 * COUNT; j += 4 * COUNT) copyFourPanels(kc, from, fo + j, ldf, to, to0 + j * kc);
    return j;
  }

  private static void copyPanel(int kc, double[] from, int fo, int ldf, double[] to, int to0, int ldt) {
    for (int p = 0; p < kc; p++) DoubleVector.fromArray(D, from, fo + p * ldf).intoArray(to, to0 + p * ldt);
  }

  /**
   * Copies four panels at once. The starts of panels are often a multiple of 4 KiB apart, so that more of them would
   * compete for the same lines of the first-level cache (128 × 128: 0.19 instead of 0.31 ns per element with 4 lanes,
   * 0.41 with 8).
   */
  private static void copyFourPanels(int kc, double[] from, int fo, int ldf, double[] to, int t0) {
    int t1 = t0 + kc * COUNT, t2 = t1 + kc * COUNT, t3 = t2 + kc * COUNT;
    for (int p = 0; p < kc; p++) {
      int f = fo + p * ldf, t = p * COUNT;
      DoubleVector.fromArray(D, from, f).intoArray(to, t0 + t);
      DoubleVector.fromArray(D, from, f + COUNT).intoArray(to, t1 + t);
      DoubleVector.fromArray(D, from, f + 2 * COUNT).intoArray(to, t2 + t);
      DoubleVector.fromArray(D, from, f + 3 * COUNT).intoArray(to, t3 + t);
    }
  }

  /** Copies eight panels at once, because each row of the source is on another page of memory: it is read in order. */
  private static void copyEightPanels(int kc, double[] from, int fo, int ldf, double[] to, int t0) {
    int t1 = t0 + kc * COUNT, t2 = t1 + kc * COUNT, t3 = t2 + kc * COUNT, t4 = t3 + kc * COUNT;
    int t5 = t4 + kc * COUNT, t6 = t5 + kc * COUNT, t7 = t6 + kc * COUNT;
    for (int p = 0; p < kc; p++) {
      int f = fo + p * ldf, t = p * COUNT;
      DoubleVector.fromArray(D, from, f).intoArray(to, t0 + t);
      DoubleVector.fromArray(D, from, f + COUNT).intoArray(to, t1 + t);
      DoubleVector.fromArray(D, from, f + 2 * COUNT).intoArray(to, t2 + t);
      DoubleVector.fromArray(D, from, f + 3 * COUNT).intoArray(to, t3 + t);
      DoubleVector.fromArray(D, from, f + 4 * COUNT).intoArray(to, t4 + t);
      DoubleVector.fromArray(D, from, f + 5 * COUNT).intoArray(to, t5 + t);
      DoubleVector.fromArray(D, from, f + 6 * COUNT).intoArray(to, t6 + t);
      DoubleVector.fromArray(D, from, f + 7 * COUNT).intoArray(to, t7 + t);
    }
  }

  /**
   * Transposes: to[p, i] = from[i, p] for i &lt; width, which is 8, 6, 4 or 2, to rows ldt apart. Rows that would start
   * before {@code first} are read from there instead.
   */
  private static void transpose(
      int kc, int width, double[] from, int fo, int ldf, int first, double[] to, int to0, int ldt) {
    switch (width) {
      case 8 -> transposeEight(kc, from, fo, ldf, first, to, to0);
      case 6 -> transposeSix(kc, from, fo, ldf, first, to, to0);
      case 4 -> transposeFour(kc, from, fo, ldf, first, to, to0, ldt);
      default -> transposeTwo(kc, from, fo, ldf, first, to, to0, ldt);
    }
  }

  /** Reads all elements of a turn before it writes any: 0.3 ns per element instead of 0.8 (JDK 17) and 0.55 (25). */
  private static void transposeEight(int kc, double[] from, int fo, int ldf, int first, double[] to, int to0) {
    int f0 = Math.max(fo, first), f1 = Math.max(fo + ldf, first), f2 = Math.max(fo + 2 * ldf, first);
    int f3 = Math.max(fo + 3 * ldf, first), f4 = Math.max(fo + 4 * ldf, first), f5 = Math.max(fo + 5 * ldf, first);
    int f6 = Math.max(fo + 6 * ldf, first), f7 = Math.max(fo + 7 * ldf, first);
    for (int p = 0; p < kc; p++) {
      double x0 = from[f0 + p], x1 = from[f1 + p], x2 = from[f2 + p], x3 = from[f3 + p];
      double x4 = from[f4 + p], x5 = from[f5 + p], x6 = from[f6 + p], x7 = from[f7 + p];
      int t = to0 + p * WIDTH;
      to[t] = x0;
      to[t + 1] = x1;
      to[t + 2] = x2;
      to[t + 3] = x3;
      to[t + 4] = x4;
      to[t + 5] = x5;
      to[t + 6] = x6;
      to[t + 7] = x7;
    }
  }

  private static void transposeSix(int kc, double[] from, int fo, int ldf, int first, double[] to, int to0) {
    int f0 = Math.max(fo, first), f1 = Math.max(fo + ldf, first), f2 = Math.max(fo + 2 * ldf, first);
    int f3 = Math.max(fo + 3 * ldf, first), f4 = Math.max(fo + 4 * ldf, first), f5 = Math.max(fo + 5 * ldf, first);
    for (int p = 0; p < kc; p++) {
      double x0 = from[f0 + p], x1 = from[f1 + p], x2 = from[f2 + p];
      double x3 = from[f3 + p], x4 = from[f4 + p], x5 = from[f5 + p];
      int t = to0 + p * WIDTH;
      to[t] = x0;
      to[t + 1] = x1;
      to[t + 2] = x2;
      to[t + 3] = x3;
      to[t + 4] = x4;
      to[t + 5] = x5;
    }
  }

  /** Takes two turns at once: 0.28 ns per element instead of 0.36 on JDK 17, and 0.37 instead of 0.43 on 25. */
  private static void transposeFour(
      int kc, double[] from, int fo, int ldf, int first, double[] to, int to0, int ldt) {
    int f0 = Math.max(fo, first), f1 = Math.max(fo + ldf, first), f2 = Math.max(fo + 2 * ldf, first);
    int f3 = Math.max(fo + 3 * ldf, first), p = 0;
    for (; p < kc - 1; p += 2) {
      double x0 = from[f0 + p], x1 = from[f1 + p], x2 = from[f2 + p], x3 = from[f3 + p];
      double y0 = from[f0 + p + 1], y1 = from[f1 + p + 1], y2 = from[f2 + p + 1], y3 = from[f3 + p + 1];
      int t = to0 + p * ldt, u = t + ldt;
      to[t] = x0;
      to[t + 1] = x1;
      to[t + 2] = x2;
      to[t + 3] = x3;
      to[u] = y0;
      to[u + 1] = y1;
      to[u + 2] = y2;
      to[u + 3] = y3;
    }
    if (p == kc) return;
    int t = to0 + p * ldt;
    to[t] = from[f0 + p];
    to[t + 1] = from[f1 + p];
    to[t + 2] = from[f2 + p];
    to[t + 3] = from[f3 + p];
  }

  private static void transposeTwo(
      int kc, double[] from, int fo, int ldf, int first, double[] to, int to0, int ldt) {
    int f0 = Math.max(fo, first), f1 = Math.max(fo + ldf, first);
    for (int p = 0; p < kc; p++) {
      int t = to0 + p * ldt;
      to[t] = from[f0 + p];
      to[t + 1] = from[f1 + p];
    }
  }
}
