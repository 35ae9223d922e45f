package chainrule.kernels;

import static chainrule.kernels.Lanes.COUNT;
import static chainrule.kernels.Lanes.D;

import jdk.incubator.vector.DoubleVector;

/**
 * C += A·B in SIMD lanes, all three forms: A and B are given by the distances between their rows and columns, and packing
 * makes A and Aᵀ, B and Bᵀ the same.
 *
 * <pre>
 *   for jc in 0 … n step NC             a block of columns of C
 *     for pc in 0 … k step KC           a block of the sum; B[pc…, jc…] is packed       [KC × NC]
 *       for ic in 0 … m step MC         a block of rows of C; A[ic…, pc…] is packed     [MC × KC]
 *         for jr in 0 … NC step 3·lanes     a panel of B  [KC × 3·lanes], row after row
 *           for ir in 0 … MC step ROWS      a panel of A  [KC × ROWS], column after column
 *             micro-kernel              a tile of C [ROWS × 3·lanes] in registers
 *
 *   packed A: ┌ a00 a10 … a70 │ a01 a11 … a71 │ … ┐  one panel of 8 rows, then the next
 *   packed B: ┌ b00 b01 … b0w │ b10 b11 … b1w │ … ┐  one panel of w columns, then the next
 * </pre>
 *
 * Lanes run along the columns of C, and a tile starts from what C holds, so each element adds its products in the order
 * of p whatever the blocking: the bits are those of the triple loop. Ragged edges are padded with zeros in the panels, and
 * their tile goes through a copy; what the padding computes is thrown away.
 */
final class VectorMatmul {
  private VectorMatmul() {}

  /** Rows of a tile: 8 × 3 accumulators and what feeds them fill 32 registers, 4 × 3 fill 16. */
  private static final int ROWS = Lanes.REGISTERS >= 32 ? 8 : 4;
  /** Vectors in a row of a tile. */
  private static final int WIDE = 3;
  /** A panel of B, KC × 24 doubles = 48 KiB, stays in the first-level cache under all panels of A. */
  private static final int KC = 256;
  /** The packed block of A, MC × KC doubles = 256 KiB, stays in the second-level cache. */
  private static final int MC = 128;
  /** The packed block of B, KC × NC doubles = 6 MiB at most, lies in the third-level cache and is read a panel at a time. */
  private static final int NC = 3072;
  /** Up to so many rows packing is not worth it: B would be copied to be read once. */
  private static final int THIN = 3;
  /** Below so many multiplications the scalar loops are done before the tiles have begun. */
  private static final long SMALL = 1024;

  /** What one thread needs beside its arguments: grown to the largest product it has met, at most to the blocks' sizes. */
  private static final class Scratch {
    double[] a = new double[0]; // packed A [MC × KC]
    double[] b = new double[0]; // packed B [KC × NC]
    final double[] tile = new double[ROWS * WIDE * COUNT];

    void fit(int m, int n, int k) {
      int kc = Math.min(KC, k);
      int forA = roundUp(Math.min(MC, m), ROWS) * kc, forB = roundUp(Math.min(NC, n), COUNT) * kc;
      if (a.length < forA) a = new double[forA];
      if (b.length < forB) b = new double[forB];
    }

    private static int roundUp(int x, int step) {
      return (x + step - 1) / step * step;
    }
  }

  private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

  static boolean isWorthIt(int m, int n, int k, boolean transposedB) {
    return (long) m * n * k >= SMALL && !(transposedB && m <= THIN);
  }

  /** a[i,p] stands at ao + i·ai + p·ap and b[p,j] at bo + p·bp + j·bj. */
  static void multiply(
      int m, int n, int k, double[] a, int ao, int ai, int ap, double[] b, int bo, int bp, int bj,
      double[] c, int co, int ldc) {
    if (m <= THIN) {
      for (int i = 0; i < m; i++) row(n, k, a, ao + i * ai, ap, b, bo, bp, c, co + i * ldc);
      return;
    }
    Scratch s = SCRATCH.get();
    s.fit(m, n, k);
    for (int jc = 0; jc < n; jc += NC) {
      int nc = Math.min(NC, n - jc);
      for (int pc = 0; pc < k; pc += KC) {
        int kc = Math.min(KC, k - pc);
        packB(kc, nc, b, bo + pc * bp + jc * bj, bp, bj, s.b);
        for (int ic = 0; ic < m; ic += MC) {
          int mc = Math.min(MC, m - ic);
          packA(mc, kc, a, ao + ic * ai + pc * ap, ai, ap, s.a);
          block(mc, nc, kc, s, c, co + ic * ldc + jc, ldc);
        }
      }
    }
  }

  /** Panels of ROWS rows; the last is filled up with zeros. */
  private static void packA(int mc, int kc, double[] a, int ao, int ai, int ap, double[] packed) {
    for (int ir = 0; ir < mc; ir += ROWS) {
      int rows = Math.min(ROWS, mc - ir), panel = ir * kc, from = ao + ir * ai;
      if (ai == 1) copyRows(kc, rows, ROWS, a, from, ap, packed, panel);
      else transpose(kc, rows, ROWS, a, from, ai, packed, panel);
    }
  }

  /** to[p, j] = from[p, j] for j &lt; cols, 0 up to width. from: rows ldf apart; to: rows of width. */
  private static void copyRows(
      int kc, int cols, int width, double[] from, int fo, int ldf, double[] to, int to0) {
    for (int p = 0; p < kc; p++) {
      int f = fo + p * ldf, t = to0 + p * width;
      for (int j = 0; j < cols; j++) to[t + j] = from[f + j];
      for (int j = cols; j < width; j++) to[t + j] = 0;
    }
  }

  /** to[p, r] = from[r, p] for r &lt; rows, 0 up to width: four rows at a time, so that stores lie beside each other. */
  private static void transpose(
      int kc, int rows, int width, double[] from, int fo, int ldf, double[] to, int to0) {
    int r = 0;
    for (; r <= rows - 4; r += 4) {
      int f0 = fo + r * ldf, f1 = f0 + ldf, f2 = f1 + ldf, f3 = f2 + ldf;
      for (int p = 0, t = to0 + r; p < kc; p++, t += width) {
        to[t] = from[f0 + p];
        to[t + 1] = from[f1 + p];
        to[t + 2] = from[f2 + p];
        to[t + 3] = from[f3 + p];
      }
    }
    for (; r < width; r++) {
      int f = fo + r * ldf;
      for (int p = 0; p < kc; p++) to[to0 + p * width + r] = r < rows ? from[f + p] : 0;
    }
  }

  /** Vectors in the panel that begins at column jr: 3, and at the end of the block as many as are left. */
  private static int vectors(int nc, int jr) {
    return Math.min(WIDE, (nc - jr + COUNT - 1) / COUNT);
  }

  /** Panels of 3 vectors of columns, the last perhaps narrower; its last vector is filled up with zeros. */
  private static void packB(int kc, int nc, double[] b, int bo, int bp, int bj, double[] packed) {
    for (int jr = 0; jr < nc; jr += WIDE * COUNT) {
      int width = vectors(nc, jr) * COUNT, cols = Math.min(width, nc - jr), panel = jr * kc, from = bo + jr * bj;
      if (bj == 1) copyRows(kc, cols, width, b, from, bp, packed, panel);
      else transpose(kc, cols, width, b, from, bj, packed, panel);
    }
  }

  /** All tiles of one block of C, from the packed blocks of A and B. */
  private static void block(int mc, int nc, int kc, Scratch s, double[] c, int co, int ldc) {
    for (int jr = 0; jr < nc; jr += WIDE * COUNT) {
      int vectors = vectors(nc, jr), width = vectors * COUNT, cols = Math.min(width, nc - jr);
      for (int ir = 0; ir < mc; ir += ROWS) {
        int rows = Math.min(ROWS, mc - ir), cij = co + ir * ldc + jr;
        if (rows == ROWS && cols == width) {
          MicroKernels.tile(ROWS, vectors, kc, s.a, ir * kc, s.b, jr * kc, c, cij, ldc);
        } else {
          copy(rows, cols, c, cij, ldc, s.tile, 0, width);
          MicroKernels.tile(ROWS, vectors, kc, s.a, ir * kc, s.b, jr * kc, s.tile, 0, width);
          copy(rows, cols, s.tile, 0, width, c, cij, ldc);
        }
      }
    }
  }

  private static void copy(int rows, int cols, double[] from, int fo, int fl, double[] to, int to0, int tl) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < cols; j++) to[to0 + i * tl + j] = from[fo + i * fl + j];
    }
  }

  /** One row of C, B read as it lies (bj = 1): four vectors of columns at a time, then one, then single columns. */
  private static void row(
      int n, int k, double[] a, int ao, int ap, double[] b, int bo, int bp, double[] c, int co) {
    int j = 0;
    for (; j <= n - 4 * COUNT; j += 4 * COUNT) {
      int cj = co + j;
      DoubleVector c0 = DoubleVector.fromArray(D, c, cj);
      DoubleVector c1 = DoubleVector.fromArray(D, c, cj + COUNT);
      DoubleVector c2 = DoubleVector.fromArray(D, c, cj + 2 * COUNT);
      DoubleVector c3 = DoubleVector.fromArray(D, c, cj + 3 * COUNT);
      for (int p = 0; p < k; p++) {
        int bpj = bo + p * bp + j;
        DoubleVector x = DoubleVector.broadcast(D, a[ao + p * ap]);
        c0 = x.fma(DoubleVector.fromArray(D, b, bpj), c0);
        c1 = x.fma(DoubleVector.fromArray(D, b, bpj + COUNT), c1);
        c2 = x.fma(DoubleVector.fromArray(D, b, bpj + 2 * COUNT), c2);
        c3 = x.fma(DoubleVector.fromArray(D, b, bpj + 3 * COUNT), c3);
      }
      c0.intoArray(c, cj);
      c1.intoArray(c, cj + COUNT);
      c2.intoArray(c, cj + 2 * COUNT);
      c3.intoArray(c, cj + 3 * COUNT);
    }
    for (; j <= n - COUNT; j += COUNT) {
      DoubleVector c0 = DoubleVector.fromArray(D, c, co + j);
      for (int p = 0; p < k; p++) {
        c0 = DoubleVector.broadcast(D, a[ao + p * ap]).fma(DoubleVector.fromArray(D, b, bo + p * bp + j), c0);
      }
      c0.intoArray(c, co + j);
    }
    for (; j < n; j++) {
      double s = c[co + j];
      for (int p = 0; p < k; p++) s = Math.fma(a[ao + p * ap], b[bo + p * bp + j], s);
      c[co + j] = s;
    }
  }
}
