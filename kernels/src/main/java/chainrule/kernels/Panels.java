package chainrule.kernels;

import static chainrule.kernels.Lanes.COUNT;
import static chainrule.kernels.Lanes.D;

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
 * Panels of A and Bᵀ turn the matrix round on the way, those of Aᵀ and B copy rows as they are. The last panel of B is
 * pushed back inside the matrix, so that it overlaps its neighbour, and the last of A repeats its last row: the tile
 * that meets them does the same. A B narrower than one panel repeats its last column.
 */
final class Panels {
  private Panels() {}

  /**
   * to[p, j] = from[p, j]: kc rows of {@code cols} elements in panels of {@code width}, which is COUNT, or ROWS where
   * there is one panel. Rows of from are ldf apart.
   */
  static void copy(int kc, int cols, int width, double[] from, int fo, int ldf, double[] to, int to0) {
    if (cols < width) {
      copyNarrow(kc, cols, width, from, fo, ldf, to, to0);
      return;
    }
    int j = 0;
    if (width == COUNT) {
      for (; j <= cols - 8 * COUNT; j += 8 * COUNT) copyEightPanels(kc, from, fo + j, ldf, to, to0 + j * kc);
    }
    for (; j < cols; j += width) {
      int inside = fo + Math.min(j, cols - width);
      for (int q = 0; q < width; q += COUNT) copyPanel(kc, from, inside + q, ldf, to, to0 + j * kc + q, width);
    }
  }

  private static void copyPanel(int kc, double[] from, int fo, int ldf, double[] to, int to0, int width) {
    for (int p = 0; p < kc; p++) DoubleVector.fromArray(D, from, fo + p * ldf).intoArray(to, to0 + p * width);
  }

  /** Repeats the last column: for A it is the last row of C again, for B it falls on lanes that are thrown away. */
  private static void copyNarrow(int kc, int cols, int width, double[] from, int fo, int ldf, double[] to, int to0) {
    for (int p = 0; p < kc; p++) {
      int f = fo + p * ldf, t = to0 + p * width;
      for (int j = 0; j < width; j++) to[t + j] = from[f + Math.min(j, cols - 1)];
    }
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
   * to[p, i] = from[i, p]: {@code rows} rows of kc elements, turned round into panels of {@code width}, which is COUNT,
   * or ROWS where there is one panel. Rows of from are ldf apart.
   */
  static void transpose(int kc, int rows, int width, double[] from, int fo, int ldf, double[] to, int to0) {
    for (int i = 0; i < rows; i += width) {
      int first = fo + Math.max(0, Math.min(i, rows - width)) * ldf, end = fo + (rows - 1) * ldf, t = to0 + i * kc;
      switch (width) {
        case 8 -> transposeEight(kc, from, first, ldf, end, to, t);
        case 4 -> transposeFour(kc, from, first, ldf, end, to, t);
        default -> transposeTwo(kc, from, first, ldf, end, to, t);
      }
    }
  }

  private static void transposeEight(int kc, double[] from, int f0, int ldf, int end, double[] to, int to0) {
    int f1 = Math.min(f0 + ldf, end), f2 = Math.min(f1 + ldf, end), f3 = Math.min(f2 + ldf, end);
    int f4 = Math.min(f3 + ldf, end), f5 = Math.min(f4 + ldf, end), f6 = Math.min(f5 + ldf, end);
    int f7 = Math.min(f6 + ldf, end);
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

  private static void transposeFour(int kc, double[] from, int f0, int ldf, int end, double[] to, int to0) {
    int f1 = Math.min(f0 + ldf, end), f2 = Math.min(f1 + ldf, end), f3 = Math.min(f2 + ldf, end);
    for (int p = 0; p < kc; p++) {
      int t = to0 + p * 4;
      to[t] = from[f0 + p];
      to[t + 1] = from[f1 + p];
      to[t + 2] = from[f2 + p];
      to[t + 3] = from[f3 + p];
    }
  }

  private static void transposeTwo(int kc, double[] from, int f0, int ldf, int end, double[] to, int to0) {
    int f1 = Math.min(f0 + ldf, end);
    for (int p = 0; p < kc; p++) {
      int t = to0 + p * 2;
      to[t] = from[f0 + p];
      to[t + 1] = from[f1 + p];
    }
  }
}
