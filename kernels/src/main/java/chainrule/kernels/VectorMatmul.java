package chainrule.kernels;

import static chainrule.kernels.Lanes.COUNT;
import static chainrule.kernels.Lanes.D;

import jdk.incubator.vector.DoubleVector;

/**
 * C += A·B in SIMD lanes, all three forms. A is given by two distances (between rows, between columns), which makes A
 * and Aᵀ the same; B is read as it lies or, where it pays, through a packed panel, which makes B and Bᵀ the same.
 *
 * <pre>
 *   for pc in 0 … k step KC            a block of the sum; C holds what the earlier blocks gave
 *     for jc in 0 … n step 3 vectors   a panel of B [KC × 3·lanes], packed row after row
 *       for ic in 0 … m step 8         a tile of C [8 × 3·lanes], held in 24 registers
 *         for p in 0 … KC              the micro-kernel: 3 loads of B, 8 broadcasts of A, 24 fma
 * </pre>
 *
 * Lanes run along the columns of C, and a tile starts from what C holds, so each element adds its products in the order
 * of p, whatever the blocking: the bits are those of the triple loop. Columns that do not fill a vector go through a
 * padded panel and a padded copy of the tile of C; the padding's results are thrown away.
 */
final class VectorMatmul {
  private VectorMatmul() {}

  /** Rows of a panel: KC × 3 vectors of 64 bytes is 48 KiB, read from the first and second cache at leisure. */
  private static final int KC = 256;
  /** Vectors in a row of a tile. */
  private static final int WIDE = 3;
  /** Rows of a tile: 8 × 3 accumulators fill 32 registers, 4 × 3 fill 16. */
  private static final int ROWS = Lanes.REGISTERS >= 32 ? 8 : 4;
  /** From this many rows of C on, packing a panel costs less than reading B with long steps again and again. */
  private static final int PACK_ROWS = 16;
  /** Below so many multiplications the scalar loops are done before the tiles have begun. */
  private static final long SMALL = 256;

  /** What one thread needs beside its arguments, allocated once. */
  private static final class Scratch {
    final double[] panel = new double[KC * WIDE * COUNT]; // [KC × 3·lanes]
    final double[] tile = new double[8 * WIDE * COUNT]; // [8 × 3·lanes]
  }

  private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

  static boolean isSmall(int m, int n, int k) {
    return (long) m * n * k < SMALL;
  }

  /** a[i,p] stands at ao + i·ar + p·ac; b[p,j] at bo + p·ldb + j, or at bo + j·ldb + p when B is transposed. */
  static void multiply(
      int m, int n, int k, double[] a, int ao, int ar, int ac, double[] b, int bo, int ldb, boolean transposedB,
      double[] c, int co, int ldc) {
    Scratch scratch = SCRATCH.get();
    for (int pc = 0; pc < k; pc += KC) {
      int kc = Math.min(KC, k - pc);
      int width;
      for (int jc = 0; jc < n; jc += width) {
        int vectors = n - jc > 2 * COUNT ? WIDE : 1;
        width = vectors * COUNT;
        int cols = Math.min(width, n - jc);
        int bj = transposedB ? bo + jc * ldb + pc : bo + pc * ldb + jc;
        boolean packed = transposedB || cols < width || m >= PACK_ROWS;
        if (packed) pack(kc, cols, width, b, bj, ldb, transposedB, scratch.panel);
        double[] panel = packed ? scratch.panel : b;
        int po = packed ? 0 : bj, pr = packed ? width : ldb;
        columns(m, cols, vectors, kc, a, ao + pc * ac, ar, ac, panel, po, pr, c, co + jc, ldc, scratch.tile);
      }
    }
  }

  /** Copies a panel of B: row p holds b[p, 0 … cols−1], then zeros up to the panel's width. */
  private static void pack(
      int kc, int cols, int width, double[] b, int bo, int ldb, boolean transposedB, double[] panel) {
    if (!transposedB) {
      for (int p = 0; p < kc; p++) {
        for (int j = 0; j < cols; j++) panel[p * width + j] = b[bo + p * ldb + j];
      }
    } else {
      for (int j = 0; j < cols; j++) {
        for (int p = 0; p < kc; p++) panel[p * width + j] = b[bo + j * ldb + p];
      }
    }
    for (int j = cols; j < width; j++) {
      for (int p = 0; p < kc; p++) panel[p * width + j] = 0;
    }
  }

  /** All rows of C under one panel. */
  private static void columns(
      int m, int cols, int vectors, int kc, double[] a, int ao, int ar, int ac, double[] b, int bo, int br,
      double[] c, int co, int ldc, double[] tile) {
    int width = vectors * COUNT;
    int rows;
    for (int i = 0; i < m; i += rows) {
      int left = m - i;
      rows = left >= ROWS && vectors == WIDE ? ROWS : left >= 4 ? 4 : 1;
      int ai = ao + i * ar, ci = co + i * ldc;
      if (cols == width) {
        tile(rows, vectors, kc, a, ai, ar, ac, b, bo, br, c, ci, ldc);
      } else {
        copy(rows, cols, c, ci, ldc, tile, 0, width);
        tile(rows, vectors, kc, a, ai, ar, ac, b, bo, br, tile, 0, width);
        copy(rows, cols, tile, 0, width, c, ci, ldc);
      }
    }
  }

  private static void copy(int rows, int cols, double[] from, int fo, int ldf, double[] to, int to0, int ldt) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < cols; j++) to[to0 + i * ldt + j] = from[fo + i * ldf + j];
    }
  }

  private static void tile(
      int rows, int vectors, int kc, double[] a, int ao, int ar, int ac, double[] b, int bo, int br,
      double[] c, int co, int ldc) {
    if (vectors == WIDE) {
      if (rows == 8) tile8x3(kc, a, ao, ar, ac, b, bo, br, c, co, ldc);
      else if (rows == 4) tile4x3(kc, a, ao, ar, ac, b, bo, br, c, co, ldc);
      else tile1x3(kc, a, ao, ac, b, bo, br, c, co);
    } else if (rows == 4) {
      tile4x1(kc, a, ao, ar, ac, b, bo, br, c, co, ldc);
    } else {
      tile1x1(kc, a, ao, ac, b, bo, br, c, co);
    }
  }

  private static DoubleVector load(double[] x, int i) {
    return DoubleVector.fromArray(D, x, i);
  }

  private static DoubleVector all(double[] x, int i) {
    return DoubleVector.broadcast(D, x[i]);
  }

  /** The micro-kernel. Accumulator cRV is row R, vector V of the tile; unrolling p by hand makes C2 spill, so it is not. */
  private static void tile8x3(
      int kc, double[] a, int ao, int ar, int ac, double[] b, int bo, int br, double[] c, int co, int ldc) {
    final int v1 = COUNT, v2 = 2 * COUNT;
    int r1 = co + ldc, r2 = r1 + ldc, r3 = r2 + ldc, r4 = r3 + ldc, r5 = r4 + ldc, r6 = r5 + ldc, r7 = r6 + ldc;
    DoubleVector c00 = load(c, co), c01 = load(c, co + v1), c02 = load(c, co + v2);
    DoubleVector c10 = load(c, r1), c11 = load(c, r1 + v1), c12 = load(c, r1 + v2);
    DoubleVector c20 = load(c, r2), c21 = load(c, r2 + v1), c22 = load(c, r2 + v2);
    DoubleVector c30 = load(c, r3), c31 = load(c, r3 + v1), c32 = load(c, r3 + v2);
    DoubleVector c40 = load(c, r4), c41 = load(c, r4 + v1), c42 = load(c, r4 + v2);
    DoubleVector c50 = load(c, r5), c51 = load(c, r5 + v1), c52 = load(c, r5 + v2);
    DoubleVector c60 = load(c, r6), c61 = load(c, r6 + v1), c62 = load(c, r6 + v2);
    DoubleVector c70 = load(c, r7), c71 = load(c, r7 + v1), c72 = load(c, r7 + v2);
    for (int p = 0; p < kc; p++) {
      int ap = ao + p * ac, bp = bo + p * br;
      DoubleVector b0 = load(b, bp), b1 = load(b, bp + v1), b2 = load(b, bp + v2);
      DoubleVector x = all(a, ap);
      c00 = x.fma(b0, c00);
      c01 = x.fma(b1, c01);
      c02 = x.fma(b2, c02);
      x = all(a, ap + ar);
      c10 = x.fma(b0, c10);
      c11 = x.fma(b1, c11);
      c12 = x.fma(b2, c12);
      x = all(a, ap + 2 * ar);
      c20 = x.fma(b0, c20);
      c21 = x.fma(b1, c21);
      c22 = x.fma(b2, c22);
      x = all(a, ap + 3 * ar);
      c30 = x.fma(b0, c30);
      c31 = x.fma(b1, c31);
      c32 = x.fma(b2, c32);
      x = all(a, ap + 4 * ar);
      c40 = x.fma(b0, c40);
      c41 = x.fma(b1, c41);
      c42 = x.fma(b2, c42);
      x = all(a, ap + 5 * ar);
      c50 = x.fma(b0, c50);
      c51 = x.fma(b1, c51);
      c52 = x.fma(b2, c52);
      x = all(a, ap + 6 * ar);
      c60 = x.fma(b0, c60);
      c61 = x.fma(b1, c61);
      c62 = x.fma(b2, c62);
      x = all(a, ap + 7 * ar);
      c70 = x.fma(b0, c70);
      c71 = x.fma(b1, c71);
      c72 = x.fma(b2, c72);
    }
    store(c, co, c00, c01, c02);
    store(c, r1, c10, c11, c12);
    store(c, r2, c20, c21, c22);
    store(c, r3, c30, c31, c32);
    store(c, r4, c40, c41, c42);
    store(c, r5, c50, c51, c52);
    store(c, r6, c60, c61, c62);
    store(c, r7, c70, c71, c72);
  }

  private static void store(double[] c, int o, DoubleVector x, DoubleVector y, DoubleVector z) {
    x.intoArray(c, o);
    y.intoArray(c, o + COUNT);
    z.intoArray(c, o + 2 * COUNT);
  }

  private static void tile4x3(
      int kc, double[] a, int ao, int ar, int ac, double[] b, int bo, int br, double[] c, int co, int ldc) {
    final int v1 = COUNT, v2 = 2 * COUNT;
    int r1 = co + ldc, r2 = r1 + ldc, r3 = r2 + ldc;
    DoubleVector c00 = load(c, co), c01 = load(c, co + v1), c02 = load(c, co + v2);
    DoubleVector c10 = load(c, r1), c11 = load(c, r1 + v1), c12 = load(c, r1 + v2);
    DoubleVector c20 = load(c, r2), c21 = load(c, r2 + v1), c22 = load(c, r2 + v2);
    DoubleVector c30 = load(c, r3), c31 = load(c, r3 + v1), c32 = load(c, r3 + v2);
    for (int p = 0; p < kc; p++) {
      int ap = ao + p * ac, bp = bo + p * br;
      DoubleVector b0 = load(b, bp), b1 = load(b, bp + v1), b2 = load(b, bp + v2);
      DoubleVector x = all(a, ap);
      c00 = x.fma(b0, c00);
      c01 = x.fma(b1, c01);
      c02 = x.fma(b2, c02);
      x = all(a, ap + ar);
      c10 = x.fma(b0, c10);
      c11 = x.fma(b1, c11);
      c12 = x.fma(b2, c12);
      x = all(a, ap + 2 * ar);
      c20 = x.fma(b0, c20);
      c21 = x.fma(b1, c21);
      c22 = x.fma(b2, c22);
      x = all(a, ap + 3 * ar);
      c30 = x.fma(b0, c30);
      c31 = x.fma(b1, c31);
      c32 = x.fma(b2, c32);
    }
    store(c, co, c00, c01, c02);
    store(c, r1, c10, c11, c12);
    store(c, r2, c20, c21, c22);
    store(c, r3, c30, c31, c32);
  }

  private static void tile1x3(
      int kc, double[] a, int ao, int ac, double[] b, int bo, int br, double[] c, int co) {
    DoubleVector c0 = load(c, co), c1 = load(c, co + COUNT), c2 = load(c, co + 2 * COUNT);
    for (int p = 0; p < kc; p++) {
      int bp = bo + p * br;
      DoubleVector x = all(a, ao + p * ac);
      c0 = x.fma(load(b, bp), c0);
      c1 = x.fma(load(b, bp + COUNT), c1);
      c2 = x.fma(load(b, bp + 2 * COUNT), c2);
    }
    store(c, co, c0, c1, c2);
  }

  private static void tile4x1(
      int kc, double[] a, int ao, int ar, int ac, double[] b, int bo, int br, double[] c, int co, int ldc) {
    int r1 = co + ldc, r2 = r1 + ldc, r3 = r2 + ldc;
    DoubleVector c0 = load(c, co), c1 = load(c, r1), c2 = load(c, r2), c3 = load(c, r3);
    for (int p = 0; p < kc; p++) {
      int ap = ao + p * ac;
      DoubleVector y = load(b, bo + p * br);
      c0 = all(a, ap).fma(y, c0);
      c1 = all(a, ap + ar).fma(y, c1);
      c2 = all(a, ap + 2 * ar).fma(y, c2);
      c3 = all(a, ap + 3 * ar).fma(y, c3);
    }
    c0.intoArray(c, co);
    c1.intoArray(c, r1);
    c2.intoArray(c, r2);
    c3.intoArray(c, r3);
  }

  private static void tile1x1(int kc, double[] a, int ao, int ac, double[] b, int bo, int br, double[] c, int co) {
    DoubleVector c0 = load(c, co);
    for (int p = 0; p < kc; p++) c0 = all(a, ao + p * ac).fma(load(b, bo + p * br), c0);
    c0.intoArray(c, co);
  }
}
