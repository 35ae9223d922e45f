package chainrule.kernels;

import static chainrule.kernels.Lanes.COUNT;

/**
 * C += A·B in SIMD lanes, all three forms.
 *
 * <pre>
 *   for jc in 0 … n step NC             a block of columns of C
 *     for pc in 0 … k step KC           a block of the sum; B[pc…, jc…] is packed where that pays   [KC × NC]
 *       for ic in 0 … m step MC         a block of rows of C
 *         for jr in 0 … NC step 3·lanes     a panel of B  [KC × 3·lanes], row after row
 *           for ir in 0 … MC step ROWS      rows of A, as they lie
 *             micro-kernel              a tile of C [ROWS × 3·lanes] in registers
 *
 *   packed B: ┌ b00 b01 … b0w │ b10 b11 … b1w │ … ┐  one panel of w columns, then the next
 * </pre>
 *
 * A, transposed or not, is read where it lies: the rows of a tile are few, and stay in the first-level cache under all
 * panels of B. B is packed when many rows of C will read it and when it is transposed.
 *
 * <p>Lanes run along the columns of C, and a tile starts from what C holds, so each element adds its products in the
 * order of p whatever the blocking: the bits are those of the triple loop. The tile of ragged columns goes
 * through a copy; what its columns beyond the matrix compute is thrown away.
 */
final class VectorMatmul {
  private VectorMatmul() {}

  /** Rows of a tile: 8 × 3 accumulators and what feeds them fill 32 registers, 4 × 3 fill 16. */
  private static final int ROWS = Lanes.REGISTERS >= 32 ? 8 : 4;
  /** Vectors in a row of a tile. */
  private static final int WIDE = 3;
  /** A panel of B, KC × 24 doubles = 48 KiB, is read from the first and second-level caches. */
  private static final int KC = 256;
  /** A block of A, MC × KC doubles = 256 KiB, stays in the second-level cache. */
  private static final int MC = 128;
  /**
   * The packed block of B, KC × NC doubles = 6 MiB at most, lies in the third-level cache and is read a panel at a
   * time.
   */
  private static final int NC = 3072;
  /**
   * With fewer rows of C than this, B is read where it lies: copying it would cost more than it saves. So it is where it is
   * one panel wide, its rows lying beside each other already.
   */
  private static final int PACK_ROWS = 128;
  /** Below so many multiplications the scalar loops are done before the tiles have begun. */
  private static final long SMALL = 256;
  /** Up to so many rows, the dot products of A·Bᵀ are better taken one by one than with a transposed copy of B. */
  private static final int THIN = 3;

  /**
   * What one thread needs beside its arguments: grown to the largest product it has met, at most to the blocks'
   * sizes.
   */
  private static final class Scratch {
    double[] b = new double[0]; // packed B [KC × NC]
    final double[] tile = new double[ROWS * WIDE * COUNT];

    void fit(int n, int k) {
      int size = (Math.min(NC, n) + COUNT - 1) / COUNT * COUNT * Math.min(KC, k);
      if (b.length < size) b = new double[size];
    }
  }

  private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

  static boolean isWorthIt(int m, int n, int k, boolean transposedB) {
    return (long) m * n * k >= SMALL && !(transposedB && m <= THIN);
  }

  /**
   * A is [m × k], or [k × m] when transposed, rows lda apart; B is [k × n], or [n × k] when transposed, rows ldb
   * apart.
   */
  static void multiply(
      int m, int n, int k, double[] a, int ao, int lda, boolean transposedA, double[] b, int bo, int ldb,
      boolean transposedB, double[] c, int co, int ldc) {
    Scratch s = SCRATCH.get();
    boolean pack = transposedB || m >= PACK_ROWS && n > WIDE * COUNT;
    if (pack || n % COUNT != 0) s.fit(n, k);
    for (int jc = 0; jc < n; jc += NC) {
      int nc = Math.min(NC, n - jc);
      for (int pc = 0; pc < k; pc += KC) {
        int kc = Math.min(KC, k - pc);
        int bpj = transposedB ? bo + jc * ldb + pc : bo + pc * ldb + jc;
        packB(kc, nc, b, bpj, ldb, transposedB, pack, s.b);
        for (int ic = 0; ic < m; ic += MC) {
          int mc = Math.min(MC, m - ic);
          int cij = co + ic * ldc + jc;
          int aip = transposedA ? ao + pc * lda + ic : ao + ic * lda + pc;
          block(mc, nc, kc, a, aip, lda, transposedA, b, bpj, ldb, pack, s, c, cij, ldc);
        }
      }
    }
  }

  /** Vectors in the panel that begins at column jr: 3, and at the end of the block as many as are left. */
  private static int vectors(int nc, int jr) {
    return Math.min(WIDE, (nc - jr + COUNT - 1) / COUNT);
  }

  /**
   * Packs all panels, the last vector of a ragged one filled up with zeros. Where B is read as it lies, only those rows of
   * a ragged panel whose full width would reach beyond the array: the others may bring in what stands behind them, which
   * falls on columns that are thrown away.
   */
  private static void packB(
      int kc, int nc, double[] b, int bo, int ldb, boolean transposed, boolean all, double[] packed) {
    for (int jr = 0; jr < nc; jr += WIDE * COUNT) {
      int width = vectors(nc, jr) * COUNT, cols = Math.min(width, nc - jr);
      if (transposed) transpose(kc, cols, width, b, bo + jr * ldb, ldb, packed, jr * kc);
      else if (all) copyRows(kc, cols, width, b, bo + jr, ldb, packed, jr * kc);
      else if (cols < width) {
        int direct = rowsWithin(b.length, bo + jr, ldb, width, kc);
        copyRows(kc - direct, cols, width, b, bo + jr + direct * ldb, ldb, packed, jr * kc);
      }
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

  /**
   * to[i, j] = from[j, i] for i &lt; rows, j &lt; cols, 0 for j up to width; four columns at a time, so that stores
   * lie beside each other. from: rows ldf apart; to: rows of width.
   */
  private static void transpose(
      int rows, int cols, int width, double[] from, int fo, int ldf, double[] to, int to0) {
    int j = 0;
    for (; j <= cols - 4; j += 4) {
      int f0 = fo + j * ldf, f1 = f0 + ldf, f2 = f1 + ldf, f3 = f2 + ldf;
      for (int i = 0, t = to0 + j; i < rows; i++, t += width) {
        to[t] = from[f0 + i];
        to[t + 1] = from[f1 + i];
        to[t + 2] = from[f2 + i];
        to[t + 3] = from[f3 + i];
      }
    }
    for (; j < width; j++) {
      int f = fo + j * ldf;
      for (int i = 0; i < rows; i++) to[to0 + i * width + j] = j < cols ? from[f + i] : 0;
    }
  }

  /** All tiles of one block of C. */
  private static void block(
      int mc, int nc, int kc, double[] a, int ao, int lda, boolean transposedA, double[] b, int bo, int ldb,
      boolean packed, Scratch s, double[] c, int co, int ldc) {
    for (int jr = 0; jr < nc; jr += WIDE * COUNT) {
      int vectors = vectors(nc, jr), width = vectors * COUNT, cols = Math.min(width, nc - jr);
      boolean ragged = cols < width;
      double[] panel = packed ? s.b : b;
      int po = packed ? jr * kc : bo + jr, pr = packed ? width : ldb;
      int direct = packed || !ragged ? kc : rowsWithin(b.length, po, ldb, width, kc);
      int rows;
      for (int ir = 0; ir < mc; ir += rows) {
        int left = mc - ir, cij = co + ir * ldc + jr, ai = ao + (transposedA ? ir : ir * lda);
        rows = left >= ROWS ? ROWS : left >= 4 ? 4 : 1;
        if (!ragged) {
          tile(transposedA, rows, vectors, kc, a, ai, lda, panel, po, pr, c, cij, ldc);
          continue;
        }
        copy(rows, cols, c, cij, ldc, s.tile, 0, width);
        tile(transposedA, rows, vectors, direct, a, ai, lda, panel, po, pr, s.tile, 0, width);
        if (direct < kc) {
          int rest = ai + (transposedA ? direct * lda : direct);
          tile(transposedA, rows, vectors, kc - direct, a, rest, lda, s.b, jr * kc, width, s.tile, 0, width);
        }
        copy(rows, cols, s.tile, 0, width, c, cij, ldc);
      }
    }
  }

  /** How many of kc rows, ld apart from o on, can be read to their full width without leaving an array. */
  private static int rowsWithin(int length, int o, int ld, int width, int kc) {
    int room = length - width - o;
    return room < 0 ? 0 : (int) Math.min(kc, (long) room / ld + 1);
  }

  private static void tile(
      boolean transposedA, int rows, int vectors, int kc, double[] a, int ao, int lda, double[] b, int bo, int br,
      double[] c, int co, int ldc) {
    if (transposedA) TransposedMicroKernels.tile(rows, vectors, kc, a, ao, lda, b, bo, br, c, co, ldc);
    else MicroKernels.tile(rows, vectors, kc, a, ao, lda, b, bo, br, c, co, ldc);
  }

  private static void copy(int rows, int cols, double[] from, int fo, int fl, double[] to, int to0, int tl) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < cols; j++) to[to0 + i * tl + j] = from[fo + i * fl + j];
    }
  }
}
