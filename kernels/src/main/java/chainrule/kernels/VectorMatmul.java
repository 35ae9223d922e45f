// SPDX-License-Identifier: MIT
package chainrule.kernels;

import static chainrule.kernels.Lanes.COUNT;
import static chainrule.kernels.Panels.WIDTH;

import java.util.Arrays;

/**
 * C += A·B in SIMD lanes, with A or B transposed or not. {@link #route} selects the kernel by shape; the package
 * documentation has the same choice as a table. Large products run on packed panels ({@link Panels}):
 *
 * <pre>
 *   for ic in 0 … m step MC             a block of rows of C; its panels of A are packed once          [MC × KC]
 *     for pc in 0 … k step KC           a block of the sum
 *       for jc in 0 … n step NC         a block of columns of C; its panels of B are packed            [KC × NC]
 *         for ir in 0 … MC step ROWS        a panel of A  [KC × 8], which stays in the first-level cache
 *           for jr in 0 … NC step WIDE·COUNT    WIDE panels of B  [KC × COUNT], streamed from the second level
 *             micro-kernel              a tile of C [ROWS × WIDE·COUNT] in registers
 * </pre>
 *
 * Tiles advance along the rows of C, so the processor's prefetchers recognize the pattern.
 *
 * <p>Lanes run along the columns of C (in {@link NarrowKernels} along its rows), and a tile starts from the values of
 * C. So each element adds its products in the order of p for any blocking, and the bits are those of the triple loop.
 */
final class VectorMatmul {
  private VectorMatmul() {}

  /** Multiplications below which scalar loops finish before tiles have started. */
  private static final long LEAST_MULTIPLICATIONS = 128;
  /** The least number of rows of a tile. Fewer rows are computed one by one. */
  private static final int LEAST_ROWS = 4;
  /** The least number of rows for which tiles of two vectors copy B to panels. */
  private static final int LEAST_ROWS_HALF_PACKED = 32;
  /** Rows of a tile: 8 × 3 accumulators and their operands fill 32 registers, 6 × 2 fill 16. */
  static final int ROWS = Lanes.REGISTERS >= 32 ? 8 : 6;
  /** Vectors in a row of a tile. */
  private static final int WIDE = Lanes.REGISTERS >= 32 ? 3 : 2;
  /**
   * A panel of A, KC × 8 doubles, takes half of the first-level cache: 24 KiB of 48 with AVX-512, or else 16 KiB of 32.
   */
  private static final int KC = Lanes.REGISTERS >= 32 ? 384 : 256;
  /** A block of B, KC × NC doubles, stays in the second-level cache: 576 KiB. */
  private static final int NC = 192;
  /** A block of A, MC × KC doubles = 3 MiB, stays in the third-level cache and is read one panel at a time. */
  private static final int MC = 1024;
  /** Rows of C in a row block: eight panels of Aᵀ, packed together ({@link Panels}). */
  private static final int ROW_BLOCK_ROWS = 64;
  /** The largest number of doubles in a row block of more than 8 rows: half of the second-level cache. */
  private static final int ROW_BLOCK_SIZE = 1 << 16;
  /** The largest number of doubles of a B that is packed at once: 8 MiB. */
  private static final int ALL_OF_B = 1 << 20;
  /** Doubles in a first-level cache of 32 KiB. */
  private static final int FIRST_LEVEL = 1 << 12;
  /** Doubles in a second-level cache of 1 MiB. */
  private static final int SECOND_LEVEL = 1 << 17;
  /** The largest number of columns of C for which only B is copied: packing A would cost more than it saves. */
  private static final int FEW_COLUMNS = 16;
  /**
   * Multiplications between two searches for the cache lines in packed B ({@link CacheLines}, about 65 µs each). The
   * first search comes late, because a few products are not worth it. The intervals then double, up to 0.1 s. Searches
   * never stop, because the garbage collector moves arrays.
   *
   * <p>Searches that come before C2 has compiled them fail. As long as they do, intervals stay short: the twenty or so
   * that it takes then cost 10 ms. With intervals that double at once, products ran for a second at 0.8 of their speed.
   */
  private static final long FIRST_SEARCH = 1L << 25, LONGEST_INTERVAL = 1L << 31;
  private static final int MOST_FAILURES = 100;

  /** Buffers of one thread. They grow to the largest product so far, and at most to the sizes of the blocks. */
  private static final class Scratch {
    double[] panelsA = new double[0]; // packed A [MC × KC]
    double[] panelsB = new double[0]; // packed B [KC × NC], from startB on
    int startB; // starts a cache line, as far as known
    final double[] tile = new double[WIDTH * COUNT]; // of a C with fewer columns than a vector
    private long work, nextSearch = FIRST_SEARCH;
    private int failures;

    void fit(int sizeA, int sizeB, long multiplications) {
      work += multiplications;
      if (panelsA.length < sizeA) panelsA = new double[sizeA];
      if (panelsB.length < sizeB + CacheLines.slack()) {
        panelsB = new double[sizeB + CacheLines.slack()];
        nextSearch = Math.min(nextSearch, work + FIRST_SEARCH);
      }
      if (work >= nextSearch) {
        int found = CacheLines.first(panelsB, startB);
        if (found >= 0) startB = found;
        boolean soon = found < 0 && failures++ < MOST_FAILURES;
        nextSearch = work + (soon ? FIRST_SEARCH : Math.min(Math.max(work, FIRST_SEARCH), LONGEST_INTERVAL));
      }
    }
  }

  private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

  // ---------------------------------------------------------------- the choice

  /** Returns whether the product is large enough for lanes. Otherwise {@link ScalarKernels} compute it. */
  static boolean isWorthLanes(int m, int n, int k) {
    return (long) m * n * k >= LEAST_MULTIPLICATIONS;
  }

  /** The kernels for a product, in the order of the table in the package documentation. */
  enum Route {
    /** C is a contiguous column, and so is B: dot products with the rows of A, {@link RowKernels#dots}. */
    COLUMN,
    /** A·B with two or three columns: {@link ColumnKernels}. */
    COLUMNS,
    /** A·Bᵀ with few rows: dot products, {@link RowKernels#dots}. */
    DOTS,
    /** Few rows: sums of rows of B, {@link RowKernels#sum}. */
    ROW_SUMS,
    /** k ≤ 2: updates of all rows, {@link RowKernels#outer}. */
    OUTER,
    /** Aᵀ·B with few columns: lanes along the rows of C, {@link NarrowKernels}. */
    NARROW,
    /** Aᵀ·B with a small B: tiles with both operands in place, {@link TransposedMicroKernels}. */
    TRANSPOSED,
    /** Few columns: A in place and a copy of B, {@link HalfPackedMicroKernels} or {@link DirectMicroKernels}. */
    GATHERED,
    /** Tiles with both operands in panels, {@link PackedMicroKernels}. */
    PACKED,
    /** Tiles with both operands in place, {@link DirectMicroKernels}. Two vectors: {@link HalfPackedMicroKernels}. */
    DIRECT
  }

  /** Selects the kernel for a product of at least {@link #LEAST_MULTIPLICATIONS}: the first route that applies. */
  static Route route(int m, int n, int k, boolean transposedA, int ldb, boolean transposedB, int ldc) {
    if (n == 1 && ldc == 1 && !transposedA && (transposedB || ldb == 1)) return Route.COLUMN;
    if (n > 1 && n < COUNT && n <= ColumnKernels.MAX_COLUMNS && !transposedA && !transposedB) return Route.COLUMNS;
    if (m < LEAST_ROWS && transposedB) return Route.DOTS;
    if (m < LEAST_ROWS && n >= COUNT) return Route.ROW_SUMS;
    if (k <= 2 && n >= COUNT && !transposedB) return Route.OUTER;
    if (transposedA) {
      if (NarrowKernels.isNarrow(m, n, k)) return Route.NARROW;
      return isSmallTransposed(m, n, k) ? Route.TRANSPOSED : Route.PACKED;
    }
    if (transposedB || n < COUNT) return isWorthGathering(m, n, k) ? Route.GATHERED : Route.PACKED;
    return isWorthPacking(m, n, k) ? Route.PACKED : Route.DIRECT;
  }

  /**
   * Returns whether Aᵀ·B is computed without packing: B stays in the first-level cache. With 16 registers C2 spills.
   */
  private static boolean isSmallTransposed(int m, int n, int k) {
    return Lanes.REGISTERS >= 32 && m >= LEAST_ROWS && n >= COUNT && (long) k * n <= FIRST_LEVEL;
  }

  /**
   * Returns whether B has so few columns that copying it is cheap, while packing A would cost more than the tiles save.
   */
  private static boolean isWorthGathering(int m, int n, int k) {
    return m >= LEAST_ROWS && n <= FEW_COLUMNS && (long) k * FEW_COLUMNS <= SECOND_LEVEL;
  }

  /**
   * Returns whether tiles on panels save more than the packing costs. Packing copies m·k + k·n elements to speed up
   * m·n·k multiplications, so m·n/(m + n) decides. It must reach about 40 if B fits into the second-level cache, and 20
   * if its rows, far apart, come from further away. With 16 registers 24 is enough, because tiles on operands in place
   * need 51 instructions for 12 multiply-adds instead of 38 (n = 64: 28.0 → 30.6 GFLOP/s on JDK 17).
   */
  private static boolean isWorthPacking(int m, int n, int k) {
    int least = (long) k * n > SECOND_LEVEL ? 20 : Lanes.REGISTERS >= 32 ? 40 : 24;
    return (long) m * n >= (long) least * (m + n);
  }

  /**
   * C += A·B. A is [m × k], or [k × m] if transposed, rows lda apart. B is [k × n], or [n × k] if transposed, rows ldb
   * apart.
   */
  static void multiply(
      int m, int n, int k, double[] a, int ao, int lda, boolean transposedA, double[] b, int bo, int ldb,
      boolean transposedB, double[] c, int co, int ldc) {
    switch (route(m, n, k, transposedA, ldb, transposedB, ldc)) {
      case COLUMN -> RowKernels.dots(1, m, k, b, bo, k, a, ao, lda, c, co, m); // cᵀ = bᵀ·Aᵀ
      case COLUMNS -> ColumnKernels.multiply(m, n, k, a, ao, lda, b, bo, ldb, c, co, ldc);
      case DOTS -> RowKernels.dots(m, n, k, a, ao, lda, b, bo, ldb, c, co, ldc);
      case ROW_SUMS -> {
        int row = transposedA ? 1 : lda, step = transposedA ? lda : 1;
        for (int i = 0; i < m; i++) RowKernels.sum(n, k, a, ao + i * row, step, b, bo, ldb, c, co + i * ldc);
      }
      case OUTER -> {
        int turn = transposedA ? lda : 1, step = transposedA ? 1 : lda;
        for (int p = 0; p < k; p++) RowKernels.outer(m, n, a, ao + p * turn, step, b, bo + p * ldb, c, co, ldc);
      }
      case NARROW -> {
        Scratch s = SCRATCH.get();
        s.fit(NarrowKernels.SCRATCH, 0, (long) m * n * k);
        NarrowKernels.multiply(m, n, k, a, ao, lda, b, bo, ldb, c, co, ldc, s.panelsA);
      }
      case TRANSPOSED -> transposed(m, n, k, a, ao, lda, b, bo, ldb, c, co, ldc);
      case GATHERED -> gathered(m, n, k, a, ao, lda, b, bo, ldb, transposedB, c, co, ldc);
      case PACKED -> packed(m, n, k, a, ao, lda, transposedA, b, bo, ldb, transposedB, c, co, ldc);
      case DIRECT -> direct(m, n, k, a, ao, lda, b, bo, ldb, c, co, ldc, isWorthHalfPacking(m, k));
    }
  }

  // ---------------------------------------------------------------- operands in place

  /**
   * Returns how many vectors the next tile of a row takes when {@code left} remain. It never leaves a single one for
   * the last tile, because a tile of one vector could not be moved back inside C.
   */
  private static int vectors(int left) {
    return left == WIDE + 1 ? WIDE - 1 : Math.min(WIDE, left);
  }

  /**
   * Returns how many rows the next tile takes when {@code left} remain. With six rows in a tile, the last 7 or 8 are
   * two tiles of 4, because tiles of 6 and 4 would compute 10.
   */
  private static int height(int left) {
    return left > 4 && left <= ROWS || left > WIDTH ? ROWS : 4;
  }

  private static int inVectors(int cols) {
    return (cols + COUNT - 1) / COUNT;
  }

  /** Copies two vectors of columns of B to panels and multiplies them by A in place. */
  private static void twoVectors(
      int m, int n, int k, double[] a, int ao, int lda, double[] b, int bo, int ldb, boolean transposedB, double[] c,
      int co, int ldc) {
    Scratch s = SCRATCH.get();
    s.fit(0, 2 * COUNT * k, (long) m * n * k);
    if (transposedB) Panels.ofTransposedB(k, n, b, bo, ldb, s.panelsB, s.startB);
    else Panels.ofB(k, n, b, bo, ldb, s.panelsB, s.startB);
    for (int ir = 0, height; ir < m; ir += height) {
      height = m < ROWS ? 4 : height(m - ir);
      int first = Math.min(ir, m - height);
      HalfPackedMicroKernels.tile(
          height, 2, k, a, ao + first * lda, lda, s.panelsB, s.startB, c, co + first * ldc, ldc, co + ir * ldc,
          n - COUNT);
    }
  }

  private static void direct(
      int m, int n, int k, double[] a, int ao, int lda, double[] b, int bo, int ldb, double[] c, int co, int ldc,
      boolean halfPacked) {
    int vectors;
    for (int left = inVectors(n), jr = 0; left > 0; left -= vectors, jr += vectors * COUNT) {
      vectors = vectors(left);
      if (vectors == 2 && halfPacked) {
        twoVectors(m, Math.min(2 * COUNT, n - jr), k, a, ao, lda, b, bo + jr, ldb, false, c, co + jr, ldc);
        continue;
      }
      boolean low = m < ROWS || vectors == 2 && isShort(k);
      int last = Math.min(vectors * COUNT, n - jr) - COUNT, height;
      for (int ir = 0; ir < m; ir += height) {
        height = low ? 4 : height(m - ir);
        int first = Math.min(ir, m - height);
        DirectMicroKernels.tile(
            height, vectors, k, a, ao + first * lda, lda, b, bo + jr, ldb, c, co + first * ldc + jr, ldc,
            co + ir * ldc + jr, last);
      }
    }
  }

  /**
   * Returns whether two vectors of columns of B are copied to panels, with 32 registers: there are enough rows, and the
   * panels fit into the second-level cache (Zen 5, × tiles in place: 64 × 10 × 128 1.07–1.18, 256 × 16 × 30 1.16–1.18,
   * 32 × 32 × 32 1.08).
   */
  private static boolean isWorthHalfPacking(int m, int k) {
    return Lanes.REGISTERS >= 32 && m >= LEAST_ROWS_HALF_PACKED && 2L * k * COUNT <= SECOND_LEVEL;
  }

  /**
   * Returns whether tiles of two vectors have 4 rows instead of 8, with 32 registers: two vectors of columns of B stay
   * in the first-level cache. C2 keeps the offsets of 8 rows of A in vector registers, and moves between registers
   * compete with multiply-adds (64 × 10 × 128: 29.2 → 31.1 GFLOP/s).
   */
  private static boolean isShort(int k) {
    return Lanes.REGISTERS >= 32 && 2L * k * COUNT <= FIRST_LEVEL;
  }

  private static void transposed(
      int m, int n, int k, double[] a, int ao, int lda, double[] b, int bo, int ldb, double[] c, int co, int ldc) {
    int vectors;
    for (int left = inVectors(n), jr = 0; left > 0; left -= vectors, jr += vectors * COUNT) {
      vectors = vectors(left);
      int last = Math.min(vectors * COUNT, n - jr) - COUNT, height;
      for (int ir = 0; ir < m; ir += height) {
        height = m < ROWS ? 4 : height(m - ir);
        int first = Math.min(ir, m - height), ci = co + first * ldc + jr;
        TransposedMicroKernels.tile(
            height, vectors, k, a, ao + first, lda, b, bo + jr, ldb, c, ci, ldc, co + ir * ldc + jr, last, ci);
      }
    }
  }

  /**
   * Copies B or Bᵀ with few columns: to two panels, or to rows of whole vectors. Also copies C if it has fewer columns
   * than a vector.
   */
  private static void gathered(
      int m, int n, int k, double[] a, int ao, int lda, double[] b, int bo, int ldb, boolean transposedB, double[] c,
      int co, int ldc) {
    if (Lanes.REGISTERS >= 32 && n > COUNT && n <= 2 * COUNT) {
      twoVectors(m, n, k, a, ao, lda, b, bo, ldb, transposedB, c, co, ldc);
      return;
    }
    int wide = Math.max(n, COUNT);
    Scratch s = SCRATCH.get();
    s.fit(0, wide * k, (long) m * n * k);
    if (transposedB) Panels.transposeB(n, k, b, bo, ldb, s.panelsB, s.startB, wide);
    else Panels.copyB(n, k, b, bo, ldb, s.panelsB, s.startB, wide);
    if (n >= COUNT) {
      direct(m, n, k, a, ao, lda, s.panelsB, s.startB, wide, c, co, ldc, false);
      return;
    }
    for (int i = 0, height; i < m; i += height) {
      height = m < ROWS ? 4 : height(m - i);
      int first = Math.min(i, m - height), ci = co + first * ldc;
      copyRows(height, n, c, ci, ldc, s.tile, 0, COUNT);
      DirectMicroKernels.tile(
          height, 1, k, a, ao + first * lda, lda, s.panelsB, s.startB, wide, s.tile, 0, COUNT, 0, 0);
      if (first == i) {
        copyRows(height, n, s.tile, 0, COUNT, c, ci, ldc);
      } else {
        for (int r = i - first; r < height; r++) {
          for (int j = 0; j < n; j++) c[ci + r * ldc + j] = s.tile[r * COUNT + j];
        }
      }
    }
  }

  /** Copies 4, 6 or 8 rows. */
  private static void copyRows(int rows, int cols, double[] from, int fo, int ldf, double[] to, int t, int ldt) {
    for (int i = 0; i < rows; i += 4) {
      int r = Math.min(i, rows - 4); // two blocks of six rows overlap
      copyFourRows(cols, from, fo + r * ldf, ldf, to, t + r * ldt, ldt);
    }
  }

  /** Copies column by column. C2 unrolls the inner loop, because its count is a constant. */
  private static void copyFourRows(int cols, double[] from, int fo, int ldf, double[] to, int t, int ldt) {
    for (int j = 0; j < cols; j++) {
      for (int i = 0; i < 4; i++) to[t + i * ldt + j] = from[fo + i * ldf + j];
    }
  }

  // ---------------------------------------------------------------- operands in panels

  /** Returns the size of equal blocks that divide {@code whole}: a multiple of {@code step}, at most {@code most}. */
  private static int block(int whole, int most, int step) {
    int blocks = (whole + most - 1) / most, size = (whole + blocks - 1) / blocks;
    return Math.min(most / step * step, (size + step - 1) / step * step);
  }

  private static void packed(
      int m, int n, int k, double[] a, int ao, int lda, boolean transposedA, double[] b, int bo, int ldb,
      boolean transposedB, double[] c, int co, int ldc) {
    int blockM = block(m, MC, ROWS), blockN = block(n, NC, WIDE * COUNT), blockK = block(k, KC, 1);
    Scratch s = SCRATCH.get();
    s.fit(Panels.size(blockM, blockK), blockN * blockK, (long) m * n * k);
    for (int ic = 0; ic < m; ic += blockM) {
      int mc = Math.min(blockM, m - ic);
      for (int pc = 0; pc < k; pc += blockK) {
        int kc = Math.min(blockK, k - pc);
        if (transposedA) Panels.ofTransposedA(kc, mc, a, ao + pc * lda + ic, lda, s.panelsA);
        for (int jc = 0; jc < n; jc += blockN) {
          int nc = Math.min(blockN, n - jc);
          if (transposedB) Panels.ofTransposedB(kc, nc, b, bo + jc * ldb + pc, ldb, s.panelsB, s.startB);
          else Panels.ofB(kc, nc, b, bo + pc * ldb + jc, ldb, s.panelsB, s.startB);
          for (int ir = 0, pa = 0, rows; ir < mc; ir += rows, pa += WIDTH * kc) {
            rows = Panels.rows(mc - ir);
            int i = ic + ir, ci = co + i * ldc + jc;
            if (jc == 0 && !transposedA) Panels.ofA(kc, rows, a, ao + i * lda + pc, lda, s.panelsA, pa);
            if (nc >= COUNT) rowOfTiles(rows, nc, kc, s.panelsA, pa, s.panelsB, s.startB, c, ci, ldc);
            else narrowTile(rows, nc, kc, s.panelsA, pa, s.panelsB, s.startB, s.tile, c, ci, ldc);
          }
        }
      }
    }
  }

  /**
   * Returns whether {@link #inRowBlocks} can compute the product and is faster than {@link #multiply}: C has whole
   * vectors, all of B fits into a scratch array, and C is not a single block that would be computed without packing.
   */
  static boolean isWorthRowBlocks(int m, int n, int k) {
    boolean inPlace = NarrowKernels.isNarrow(m, n, k) || isSmallTransposed(m, n, k);
    if (inPlace && (long) m * n <= ROW_BLOCK_SIZE) return false;
    return m >= LEAST_ROWS && n >= COUNT && k > 2 && (long) k * (n + COUNT) <= ALL_OF_B;
  }

  /**
   * C = Aᵀ·B, reported in blocks of rows. Each block is a separate product that starts at zero, in the loops of {@link
   * #packed}, but B is packed only once, before all blocks. If one block spans the columns and the sum, each panel of
   * rows is complete after one pass, and is reported while it is in the first-level cache.
   */
  static void inRowBlocks(
      int m, int n, int k, double[] a, int ao, int lda, double[] b, int bo, int ldb, double[] c, int co, int ldc,
      RowBlockListener listener) {
    int blockM = Math.max(ROWS, Math.min(ROW_BLOCK_ROWS, ROW_BLOCK_SIZE / n) / ROWS * ROWS);
    int blockN = block(n, NC, WIDE * COUNT), blockK = block(k, KC, 1), wholeN = inVectors(n) * COUNT;
    boolean panelsAreComplete = blockN >= n && blockK >= k;
    Scratch s = SCRATCH.get();
    s.fit(Panels.size(blockM, blockK), wholeN * k, (long) m * n * k);
    for (int pc = 0; pc < k; pc += blockK) {
      int kc = Math.min(blockK, k - pc);
      for (int jc = 0; jc < n; jc += blockN) {
        int nc = Math.min(blockN, n - jc), panels = s.startB + pc * wholeN + jc * kc;
        Panels.ofB(kc, nc, b, bo + pc * ldb + jc, ldb, s.panelsB, panels);
      }
    }
    for (int ic = 0; ic < m; ic += blockM) {
      int mc = Math.min(blockM, m - ic);
      for (int pc = 0; pc < k; pc += blockK) {
        int kc = Math.min(blockK, k - pc);
        Panels.ofTransposedA(kc, mc, a, ao + pc * lda + ic, lda, s.panelsA);
        for (int jc = 0; jc < n; jc += blockN) {
          int nc = Math.min(blockN, n - jc), panels = s.startB + pc * wholeN + jc * kc;
          for (int ir = 0, pa = 0, rows; ir < mc; ir += rows, pa += WIDTH * kc) {
            rows = Panels.rows(mc - ir);
            int ci = co + (ic + ir) * ldc + jc;
            if (pc == 0) zero(rows, nc, c, ci, ldc);
            if (nc >= COUNT) rowOfTiles(rows, nc, kc, s.panelsA, pa, s.panelsB, panels, c, ci, ldc);
            else narrowTile(rows, nc, kc, s.panelsA, pa, s.panelsB, panels, s.tile, c, ci, ldc);
            if (panelsAreComplete) report(rows, n, c, ci, ldc, listener);
          }
        }
      }
      if (!panelsAreComplete) report(mc, n, c, co + ic * ldc, ldc, listener);
    }
  }

  private static void zero(int rows, int cols, double[] c, int co, int ldc) {
    for (int i = 0; i < rows; i++) Arrays.fill(c, co + i * ldc, co + i * ldc + cols, 0);
  }

  /** Reports contiguous rows as one block, and others one by one. */
  private static void report(int rows, int cols, double[] c, int co, int ldc, RowBlockListener listener) {
    if (ldc == cols) listener.complete(co, co + rows * cols);
    else for (int i = 0; i < rows; i++) listener.complete(co + i * ldc, co + i * ldc + cols);
  }

  /** Multiplies the {@code rows} rows of one panel of A by all columns of the block. */
  private static void rowOfTiles(
      int rows, int nc, int kc, double[] panelsA, int ao, double[] panelsB, int bo, double[] c, int co, int ldc) {
    if (rows <= ROWS) {
      int height = height(rows);
      rowOfTiles(height, height - rows, nc, kc, panelsA, ao + ROWS - height, panelsB, bo, c, co, ldc);
    } else { // 7 or 8 rows in two tiles of 4
      rowOfTiles(4, WIDTH - rows, nc, kc, panelsA, ao, panelsB, bo, c, co, ldc);
      rowOfTiles(4, 0, nc, kc, panelsA, ao + 4, panelsB, bo, c, co + (rows - 4) * ldc, ldc);
    }
  }

  /** Computes a row of tiles that starts {@code back} rows before the first row of C that it may touch. */
  private static void rowOfTiles(
      int height, int back, int nc, int kc, double[] panelsA, int ao, double[] panelsB, int bo, double[] c, int co,
      int ldc) {
    int cols;
    for (int left = inVectors(nc), jr = 0; left > 0; left -= cols / COUNT, jr += cols) {
      int vectors = vectors(left), cMin = co + jr;
      cols = height == WIDTH ? vectors * COUNT : equalTiles(vectors, left, nc - jr);
      int last = Math.min(vectors * COUNT, nc - jr) - COUNT;
      PackedMicroKernels.tile(
          height, vectors, kc, panelsA, ao, panelsB, bo + jr * kc, c, cMin - back * ldc, ldc, cMin, last, cols);
    }
  }

  /** Returns the columns of the next tiles of {@code vectors}: one, or all that have whole vectors. */
  private static int equalTiles(int vectors, int left, int nc) {
    int width = vectors * COUNT, cols = width;
    while (vectors(left -= vectors) == vectors && cols + width <= nc) cols += width;
    return cols;
  }

  /** Computes a tile of C with fewer columns than a vector in a copy of full width. */
  private static void narrowTile(
      int rows, int cols, int kc, double[] panelsA, int ao, double[] panelsB, int bo, double[] tile, double[] c, int co,
      int ldc) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < cols; j++) tile[i * COUNT + j] = c[co + i * ldc + j];
    }
    rowOfTiles(rows, COUNT, kc, panelsA, ao, panelsB, bo, tile, 0, COUNT);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < cols; j++) c[co + i * ldc + j] = tile[i * COUNT + j];
    }
  }
}
