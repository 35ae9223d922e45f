package chainrule.kernels;

import static chainrule.kernels.Lanes.COUNT;

import java.util.Arrays;

/**
 * C += A·B in SIMD lanes, all three forms.
 *
 * <pre>
 *   for ic in 0 … m step MC             a block of rows of C; its panels of A are packed once          [MC × KC]
 *     for pc in 0 … k step KC           a block of the sum
 *       for jc in 0 … n step NC         a block of columns of C; its panels of B are packed            [KC × NC]
 *         for ir in 0 … MC step ROWS        a panel of A  [KC × ROWS], which stays in the first-level cache
 *           for jr in 0 … NC step 3·COUNT       three panels of B  [KC × COUNT], streamed from the second
 *             micro-kernel              a tile of C [ROWS × 3·COUNT] in registers
 * </pre>
 *
 * Tiles go along the rows of C, so the processor sees the next ones coming and fetches them. Small products skip the
 * packing ({@link DirectMicroKernels}), a single row of C is a sum of rows of B, and Aᵀ·B with few columns has its
 * lanes along the rows ({@link NarrowKernels}).
 *
 * <p>Lanes run along the columns of C, and a tile starts from what C holds, so each element adds its products in the
 * order of p whatever the blocking: the bits are those of the triple loop.
 */
final class VectorMatmul {
  private VectorMatmul() {}

  /** Rows of a tile: 8 × 3 accumulators and what feeds them fill 32 registers. */
  static final int ROWS = Lanes.REGISTERS >= 32 ? 8 : 4;
  /**
   * Vectors in a row of a tile. Of 16 registers 4 × 2 leave room for C2, which loads all four a's before it uses them;
   * with 4 × 3 it spills (0.42 of the peak instead of 0.62).
   */
  private static final int WIDE = Lanes.REGISTERS >= 32 ? 3 : 2;
  /** A panel of A, KC × ROWS doubles, takes half of the first-level cache: 24 KiB. */
  private static final int KC = 384;
  /** A block of B, KC × NC doubles, stays in the second-level cache: 576 KiB. */
  private static final int NC = 192;
  /** A block of A, MC × KC doubles = 3 MiB, lies in the third-level cache and is read one panel at a time. */
  private static final int MC = 1024;
  /** Rows of C in a piece: eight panels of Aᵀ, packed together ({@link Panels}). */
  private static final int ROW_BLOCK_ROWS = 64;
  /** Doubles in a piece of C, at most (unless 8 rows are more): half of the second-level cache. */
  private static final int ROW_BLOCK_SIZE = 1 << 16;
  /** Doubles of a B that is packed at once. */
  private static final int ALL_OF_B = 1 << 20;
  /**
   * Multiplications after which it is looked where the lines of packed B begin, some 15 µs: not at once, for few products
   * are not worth it, then ever more seldom (0.1 s), but again and again, for the collector moves arrays.
   */
  private static final long FIRST_LOOK = 1L << 25, MOST_BETWEEN_LOOKS = 1L << 31;
  /** Doubles in a second-level cache of 1 MiB. */
  private static final int SECOND_LEVEL = 1 << 17;
  /** Columns of C up to which only B is copied: to pack A costs more than its tiles are faster. */
  private static final int NARROW = 16;
  /** Below so many multiplications the scalar loops are done before the tiles have begun. */
  private static final long SMALL = 128;
  /** Fewer rows fill no tile, and are taken one by one. */
  private static final int LEAST_ROWS = 4;

  /** What one thread needs beside its arguments: grown to the largest product it has met, at most to the blocks. */
  private static final class Scratch {
    double[] a = new double[0]; // packed A [MC × KC]
    double[] b = new double[0]; // packed B [KC × NC], from b0 on
    int b0; // begins a cache line, as far as is known
    private long work, nextLook = FIRST_LOOK;
    final double[] tile = new double[ROWS * COUNT]; // of a C narrower than a vector

    void fit(int sizeA, int sizeB, long multiplications) {
      work += multiplications;
      if (a.length < sizeA) a = new double[sizeA];
      if (b.length < sizeB + CacheLines.slack()) {
        b = new double[sizeB + CacheLines.slack()];
        nextLook = Math.min(nextLook, work + FIRST_LOOK);
      }
      if (work >= nextLook) {
        b0 = CacheLines.first(b, b0);
        nextLook = work + Math.min(Math.max(work, FIRST_LOOK), MOST_BETWEEN_LOOKS);
      }
    }
  }

  private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

  static boolean isWorthIt(int m, int n, int k) {
    return (long) m * n * k >= SMALL;
  }

  /**
   * A is [m × k], or [k × m] when transposed, rows lda apart; B is [k × n], or [n × k] when transposed, rows ldb
   * apart.
   */
  static void multiply(
      int m, int n, int k, double[] a, int ao, int lda, boolean transposedA, double[] b, int bo, int ldb,
      boolean transposedB, double[] c, int co, int ldc) {
    if (n == 1 && ldc == 1 && !transposedA && (transposedB || ldb == 1)) {
      RowKernels.dots(1, m, k, b, bo, k, a, ao, lda, c, co, m); // a column is as good as a row
    } else if (transposedB && m < LEAST_ROWS) {
      RowKernels.dots(m, n, k, a, ao, lda, b, bo, ldb, c, co, ldc);
    } else if (m < LEAST_ROWS && n >= COUNT && !transposedB) {
      for (int i = 0; i < m; i++) {
        RowKernels.sum(n, k, a, ao + i * (transposedA ? 1 : lda), transposedA ? lda : 1, b, bo, ldb, c, co + i * ldc);
      }
    } else if (k <= 2 && n >= COUNT && !transposedB) {
      for (int p = 0; p < k; p++) {
        RowKernels.outer(m, n, a, ao + p * (transposedA ? lda : 1), transposedA ? 1 : lda, b, bo + p * ldb, c, co, ldc);
      }
    } else if (transposedA && NarrowKernels.isNarrow(m, n, k)) {
      Scratch s = SCRATCH.get();
      s.fit(NarrowKernels.SCRATCH, 0, (long) m * n * k);
      NarrowKernels.multiply(m, n, k, a, ao, lda, b, bo, ldb, c, co, ldc, s.a);
    } else if (!transposedA && (transposedB || n < COUNT) && isWorthGathering(m, n, k)) {
      gathered(m, n, k, a, ao, lda, b, bo, ldb, transposedB, c, co, ldc);
    } else if (transposedA || transposedB || n < COUNT || isWorthPacking(m, n, k)) {
      packed(m, n, k, a, ao, lda, transposedA, b, bo, ldb, transposedB, c, co, ldc);
    } else {
      direct(m, n, k, a, ao, lda, b, bo, ldb, c, co, ldc);
    }
  }

  /**
   * Packing copies m·k + k·n elements to make m·n·k multiplications faster, so m·n/(m + n) decides: some 40 where B
   * stays in the second-level cache, and 20 where its rows, far apart, come from further away.
   */
  private static boolean isWorthPacking(int m, int n, int k) {
    int worth = (long) k * n > SECOND_LEVEL ? 20 : 40;
    return (long) m * n >= (long) worth * (m + n);
  }

  /** Vectors of the next tile when so many are left: never a single one at the end, for it could not be pushed back. */
  private static int vectors(int left) {
    return left == WIDE + 1 ? WIDE - 1 : Math.min(WIDE, left);
  }

  private static int inVectors(int cols) {
    return (cols + COUNT - 1) / COUNT;
  }

  // ---------------------------------------------------------------- operands where they lie

  private static void direct(
      int m, int n, int k, double[] a, int ao, int lda, double[] b, int bo, int ldb, double[] c, int co, int ldc) {
    int vectors;
    for (int left = inVectors(n), jr = 0; left > 0; left -= vectors, jr += vectors * COUNT) {
      vectors = vectors(left);
      int last = Math.min(vectors * COUNT, n - jr) - COUNT, height;
      for (int ir = 0; ir < m; ir += height) {
        height = m - ir > 4 && m >= ROWS ? ROWS : 4;
        int first = Math.min(ir, m - height);
        DirectMicroKernels.tile(
            height, vectors, k, a, ao + first * lda, lda, b, bo + jr, ldb, c, co + first * ldc + jr, ldc,
            co + ir * ldc + jr, last);
      }
    }
  }

  /** Few columns of B are soon turned or widened, and rows of A, read where they lie, have few tiles to meet. */
  private static boolean isWorthGathering(int m, int n, int k) {
    return m >= LEAST_ROWS && n <= NARROW && (long) k * NARROW <= SECOND_LEVEL;
  }

  /** B or Bᵀ with few columns, copied to rows of whole vectors; and C as well where it is narrower than a vector. */
  private static void gathered(
      int m, int n, int k, double[] a, int ao, int lda, double[] b, int bo, int ldb, boolean transposedB, double[] c,
      int co, int ldc) {
    int wide = Math.max(n, COUNT);
    Scratch s = SCRATCH.get();
    s.fit(0, wide * k, (long) m * n * k);
    if (transposedB) Panels.turn(n, k, b, bo, ldb, s.b, s.b0, wide);
    else Panels.widen(n, k, b, bo, ldb, s.b, s.b0, wide);
    if (n >= COUNT) {
      direct(m, n, k, a, ao, lda, s.b, s.b0, wide, c, co, ldc);
      return;
    }
    for (int i = 0, height; i < m; i += height) {
      height = m - i > 4 && m >= ROWS ? ROWS : 4;
      int first = Math.min(i, m - height), ci = co + first * ldc;
      for (int h = 0; h < height; h += 4) copyFourRows(n, c, ci + h * ldc, ldc, s.tile, h * COUNT, COUNT);
      DirectMicroKernels.tile(height, 1, k, a, ao + first * lda, lda, s.b, s.b0, wide, s.tile, 0, COUNT, 0, 0);
      if (first == i) {
        for (int h = 0; h < height; h += 4) copyFourRows(n, s.tile, h * COUNT, COUNT, c, ci + h * ldc, ldc);
      } else {
        for (int r = i - first; r < height; r++) {
          for (int j = 0; j < n; j++) c[ci + r * ldc + j] = s.tile[r * COUNT + j];
        }
      }
    }
  }

  /** Column by column: with a constant number of rows C2 writes the loop out. */
  private static void copyFourRows(int cols, double[] from, int fo, int ldf, double[] to, int t, int ldt) {
    for (int j = 0; j < cols; j++) {
      for (int i = 0; i < 4; i++) to[t + i * ldt + j] = from[fo + i * ldf + j];
    }
  }

  // ---------------------------------------------------------------- operands in panels

  /** The size of equal blocks, a multiple of step, that cut {@code whole} into pieces of at most {@code most}. */
  private static int block(int whole, int most, int step) {
    int blocks = (whole + most - 1) / most, size = (whole + blocks - 1) / blocks;
    return Math.min(most, (size + step - 1) / step * step);
  }

  private static void packed(
      int m, int n, int k, double[] a, int ao, int lda, boolean transposedA, double[] b, int bo, int ldb,
      boolean transposedB, double[] c, int co, int ldc) {
    int blockM = block(m, MC, ROWS), blockN = block(n, NC, WIDE * COUNT), blockK = block(k, KC, 1);
    Scratch s = SCRATCH.get();
    s.fit(blockM * blockK, blockN * blockK, (long) m * n * k);
    for (int ic = 0; ic < m; ic += blockM) {
      int mc = Math.min(blockM, m - ic);
      for (int pc = 0; pc < k; pc += blockK) {
        int kc = Math.min(blockK, k - pc);
        if (transposedA) Panels.ofTransposedA(kc, mc, a, ao + pc * lda + ic, lda, s.a);
        for (int jc = 0; jc < n; jc += blockN) {
          int nc = Math.min(blockN, n - jc);
          if (transposedB) Panels.ofTransposedB(kc, nc, b, bo + jc * ldb + pc, ldb, s.b, s.b0);
          else Panels.ofB(kc, nc, b, bo + pc * ldb + jc, ldb, s.b, s.b0);
          for (int ir = 0; ir < mc; ir += ROWS) {
            int rows = Math.min(ROWS, mc - ir), i = ic + ir;
            if (jc == 0 && !transposedA) Panels.ofA(kc, rows, a, ao + i * lda + pc, lda, s.a, ir * kc);
            if (nc >= COUNT) rowOfTiles(rows, nc, kc, s.a, ir * kc, s.b, s.b0, c, co + i * ldc + jc, ldc);
            else narrowTile(rows, nc, kc, s.a, ir * kc, s.b, s.b0, s.tile, c, co + i * ldc + jc, ldc);
          }
        }
      }
    }
  }

  /**
   * Whether {@link #inRowBlocks} can take it, for C has whole vectors, and all of B fits into a scratch array of 8 MiB;
   * and should, for C is not one narrow piece.
   */
  static boolean isWorthRowBlocks(int m, int n, int k) {
    if (NarrowKernels.isNarrow(m, n, k) && (long) m * n <= ROW_BLOCK_SIZE) return false;
    return m >= LEAST_ROWS && n >= COUNT && k > 2 && (long) k * (n + COUNT) <= ALL_OF_B;
  }

  /**
   * C = Aᵀ·B, handed on in pieces. Each block of rows is a product of its own from zero, in the loops of {@link
   * #packed}, with a B that has been packed before, once. Where one block spans the columns and the sum, each panel of
   * rows is complete at once, and is handed on from the first-level cache.
   */
  static void inRowBlocks(
      int m, int n, int k, double[] a, int ao, int lda, double[] b, int bo, int ldb, double[] c, int co, int ldc,
      RowBlockListener listener) {
    int blockM = Math.max(ROWS, Math.min(ROW_BLOCK_ROWS, ROW_BLOCK_SIZE / n / ROWS * ROWS));
    int blockN = block(n, NC, WIDE * COUNT), blockK = block(k, KC, 1), wholeN = inVectors(n) * COUNT;
    boolean panelsAreComplete = blockN >= n && blockK >= k;
    Scratch s = SCRATCH.get();
    s.fit(blockM * blockK, wholeN * k, (long) m * n * k);
    for (int pc = 0; pc < k; pc += blockK) {
      int kc = Math.min(blockK, k - pc);
      for (int jc = 0; jc < n; jc += blockN) {
        Panels.ofB(kc, Math.min(blockN, n - jc), b, bo + pc * ldb + jc, ldb, s.b, s.b0 + pc * wholeN + jc * kc);
      }
    }
    for (int ic = 0; ic < m; ic += blockM) {
      int mc = Math.min(blockM, m - ic);
      for (int pc = 0; pc < k; pc += blockK) {
        int kc = Math.min(blockK, k - pc);
        Panels.ofTransposedA(kc, mc, a, ao + pc * lda + ic, lda, s.a);
        for (int jc = 0; jc < n; jc += blockN) {
          int nc = Math.min(blockN, n - jc), panels = s.b0 + pc * wholeN + jc * kc;
          for (int ir = 0; ir < mc; ir += ROWS) {
            int rows = Math.min(ROWS, mc - ir), ci = co + (ic + ir) * ldc + jc;
            if (pc == 0) zero(rows, nc, c, ci, ldc);
            if (nc >= COUNT) rowOfTiles(rows, nc, kc, s.a, ir * kc, s.b, panels, c, ci, ldc);
            else narrowTile(rows, nc, kc, s.a, ir * kc, s.b, panels, s.tile, c, ci, ldc);
            if (panelsAreComplete) handOn(rows, n, c, ci, ldc, listener);
          }
        }
      }
      if (!panelsAreComplete) handOn(mc, n, c, co + ic * ldc, ldc, listener);
    }
  }

  private static void zero(int rows, int cols, double[] c, int co, int ldc) {
    for (int i = 0; i < rows; i++) Arrays.fill(c, co + i * ldc, co + i * ldc + cols, 0);
  }

  /** Rows that follow each other without a gap are one piece. */
  private static void handOn(int rows, int cols, double[] c, int co, int ldc, RowBlockListener listener) {
    if (ldc == cols) listener.complete(co, co + rows * cols);
    else for (int i = 0; i < rows; i++) listener.complete(co + i * ldc, co + i * ldc + cols);
  }

  /** The last {@code rows} rows of one panel of A, all columns of the block. */
  private static void rowOfTiles(
      int rows, int nc, int kc, double[] a, int ao, double[] b, int bo, double[] c, int co, int ldc) {
    int height = rows > 4 ? ROWS : 4, back = height - rows, vectors;
    for (int left = inVectors(nc), jr = 0; left > 0; left -= vectors, jr += vectors * COUNT) {
      vectors = vectors(left);
      int last = Math.min(vectors * COUNT, nc - jr) - COUNT, cMin = co + jr;
      PackedMicroKernels.tile(
          height, vectors, kc, a, ao + ROWS - height, b, bo + jr * kc, c, cMin - back * ldc, ldc, cMin, last);
    }
  }

  /** A tile of C with fewer columns than a vector has lanes goes through a copy of full width. */
  private static void narrowTile(
      int rows, int cols, int kc, double[] a, int ao, double[] b, int bo, double[] tile, double[] c, int co, int ldc) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < cols; j++) tile[i * COUNT + j] = c[co + i * ldc + j];
    }
    rowOfTiles(rows, COUNT, kc, a, ao, b, bo, tile, 0, COUNT);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < cols; j++) c[co + i * ldc + j] = tile[i * COUNT + j];
    }
  }
}
