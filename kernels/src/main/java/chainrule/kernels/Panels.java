package chainrule.kernels;

import static chainrule.kernels.Lanes.COUNT;
import static chainrule.kernels.Lanes.D;
import static chainrule.kernels.VectorMatmul.ROWS;

import jdk.incubator.vector.DoubleVector;

/**
 * Packing for {@link PackedMicroKernels}: a matrix is cut into panels of a constant width, and in a panel the elements
 * of one turn of the sum lie beside each other.
 *
 * <pre>
 *   A, panels of ROWS rows of C:       a00 a10 a20 … a70 │ a01 a11 a21 … a71 │ …     turn p = 0, 1, …
 *   B, panels of COUNT columns of C:   b00 b01 b02 … b07 │ b10 b11 b12 … b17 │ …
 * </pre>
 *
 * Panels of A and Bᵀ turn the matrix round on the way, those of Aᵀ and B copy rows as they are. The last panel is
 * pushed back inside the matrix, so that it overlaps its neighbour: the tile that meets it does the same.
 */
final class Panels {
  private Panels() {}

  /**
   * Aᵀ into panels: to[p, i] = from[p, i], kc rows of {@code rows} elements, ldf apart, in panels of ROWS. The last is
   * pushed back inside; where there are fewer than ROWS, they are the panel's last.
   */
  static void ofTransposedA(int kc, int rows, double[] from, int fo, int ldf, double[] to) {
    if (rows < ROWS) {
      for (int p = 0; p < kc; p++) {
        for (int i = 0; i < rows; i++) to[p * ROWS + ROWS - rows + i] = from[fo + p * ldf + i];
      }
      return;
    }
    for (int i = ROWS == COUNT ? copyEights(kc, rows, from, fo, ldf, to, 0) : 0; i < rows; i += ROWS) {
      int f = fo + Math.min(i, rows - ROWS);
      for (int q = 0; q < ROWS; q += COUNT) copyPanel(kc, from, f + q, ldf, to, i * kc + q, ROWS);
    }
  }

  /**
   * B into panels: to[p, j] = from[p, j], kc rows of {@code cols} elements, ldf apart, in panels of COUNT. The last is
   * pushed back inside; with fewer columns than COUNT the first is repeated behind them.
   */
  static void ofB(int kc, int cols, double[] from, int fo, int ldf, double[] to, int to0) {
    if (cols < COUNT) {
      for (int p = 0, t = to0; p < kc; p++) {
        for (int j = 0; j < COUNT; j++) to[t++] = from[fo + p * ldf + (j < cols ? j : 0)];
      }
      return;
    }
    for (int j = copyEights(kc, cols, from, fo, ldf, to, to0); j < cols; j += COUNT) {
      copyPanel(kc, from, fo + Math.min(j, cols - COUNT), ldf, to, to0 + j * kc, COUNT);
    }
  }

  /** Panels of one vector, eight at a time while there are so many; the first column that is left. */
  private static int copyEights(int kc, int cols, double[] from, int fo, int ldf, double[] to, int to0) {
    int j = 0;
    for (; j <= cols - 8 * COUNT; j += 8 * COUNT) copyEightPanels(kc, from, fo + j, ldf, to, to0 + j * kc);
    return j;
  }

  private static void copyPanel(int kc, double[] from, int fo, int ldf, double[] to, int to0, int width) {
    for (int p = 0; p < kc; p++) DoubleVector.fromArray(D, from, fo + p * ldf).intoArray(to, to0 + p * width);
  }

  /** Eight panels at once, so that a row far from the next one is met once and read along. */
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
   * A into a panel of ROWS: to[p, i] = from[i, p], {@code rows} rows of kc elements, ldf apart. With fewer rows than
   * ROWS they are the panel's last, and its first are the first of them again.
   */
  static void ofA(int kc, int rows, double[] from, int fo, int ldf, double[] to, int to0) {
    transpose(kc, ROWS, from, fo - (ROWS - rows) * ldf, ldf, fo, to, to0);
  }

  /**
   * Bᵀ into panels: to[p, j] = from[j, p], {@code cols} rows of kc elements, ldf apart, in panels of COUNT. The last is
   * pushed back inside; with fewer columns than COUNT the first is repeated behind them.
   */
  static void ofTransposedB(int kc, int cols, double[] from, int fo, int ldf, double[] to, int to0) {
    if (cols < COUNT) {
      for (int p = 0, t = to0; p < kc; p++) {
        for (int j = 0; j < COUNT; j++) to[t++] = from[fo + (j < cols ? j : 0) * ldf + p];
      }
      return;
    }
    for (int j = 0; j < cols; j += COUNT) {
      int f = fo + Math.min(j, cols - COUNT) * ldf;
      transpose(kc, COUNT, from, f, ldf, f, to, to0 + j * kc);
    }
  }

  /** Bᵀ turned: to[p, j] = from[j, p], n rows of k elements, ldf apart, to rows ldt apart. */
  static void turn(int n, int k, double[] from, int fo, int ldf, double[] to, int to0, int ldt) {
    int j = 0;
    for (; j <= n - 4; j += 4) turnFour(k, from, fo + j * ldf, ldf, to, to0 + j, ldt);
    for (; j < n; j++) {
      for (int p = 0, f = fo + j * ldf; p < k; p++) to[to0 + p * ldt + j] = from[f + p];
    }
  }

  private static void turnFour(int k, double[] from, int f0, int ldf, double[] to, int to0, int ldt) {
    int f1 = f0 + ldf, f2 = f1 + ldf, f3 = f2 + ldf;
    for (int p = 0; p < k; p++) {
      int t = to0 + p * ldt;
      to[t] = from[f0 + p];
      to[t + 1] = from[f1 + p];
      to[t + 2] = from[f2 + p];
      to[t + 3] = from[f3 + p];
    }
  }

  /** to[p, j] = from[p, j], k rows of n elements, ldf apart, to rows ldt apart. */
  static void widen(int n, int k, double[] from, int fo, int ldf, double[] to, int to0, int ldt) {
    for (int j = 0; j < n; j++) {
      for (int p = 0; p < k; p++) to[to0 + p * ldt + j] = from[fo + p * ldf + j];
    }
  }

  /** to[p, i] = from[i, p] for i &lt; width (8, 4 or 2); rows that would begin before {@code first} begin there. */
  private static void transpose(int kc, int width, double[] from, int fo, int ldf, int first, double[] to, int to0) {
    switch (width) {
      case 8 -> transposeEight(kc, from, fo, ldf, first, to, to0);
      case 4 -> transposeFour(kc, from, fo, ldf, first, to, to0);
      default -> transposeTwo(kc, from, fo, ldf, first, to, to0);
    }
  }

  private static void transposeEight(int kc, double[] from, int fo, int ldf, int first, double[] to, int to0) {
    int f0 = Math.max(fo, first), f1 = Math.max(fo + ldf, first), f2 = Math.max(fo + 2 * ldf, first);
    int f3 = Math.max(fo + 3 * ldf, first), f4 = Math.max(fo + 4 * ldf, first), f5 = Math.max(fo + 5 * ldf, first);
    int f6 = Math.max(fo + 6 * ldf, first), f7 = Math.max(fo + 7 * ldf, first);
    for (int p = 0; p < kc; p++) {
      int t = to0 + p * 8;
      to[t] = from[f0 + p];
      to[t + 1] = from[f1 + p];
      to[t + 2] = from[f2 + p];
      to[t + 3] = from[f3 + p];
      to[t + 4] = from[f4 + p];
      to[t + 5] = from[f5 + p];
      to[t + 6] = from[f6 + p];
      to[t + 7] = from[f7 + p];
    }
  }

  private static void transposeFour(int kc, double[] from, int fo, int ldf, int first, double[] to, int to0) {
    int f0 = Math.max(fo, first), f1 = Math.max(fo + ldf, first), f2 = Math.max(fo + 2 * ldf, first);
    int f3 = Math.max(fo + 3 * ldf, first);
    for (int p = 0; p < kc; p++) {
      int t = to0 + p * 4;
      to[t] = from[f0 + p];
      to[t + 1] = from[f1 + p];
      to[t + 2] = from[f2 + p];
      to[t + 3] = from[f3 + p];
    }
  }

  private static void transposeTwo(int kc, double[] from, int fo, int ldf, int first, double[] to, int to0) {
    int f0 = Math.max(fo, first), f1 = Math.max(fo + ldf, first);
    for (int p = 0; p < kc; p++) {
      int t = to0 + p * 2;
      to[t] = from[f0 + p];
      to[t + 1] = from[f1 + p];
    }
  }
}
