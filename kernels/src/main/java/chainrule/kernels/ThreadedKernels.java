// SPDX-License-Identifier: MIT
package chainrule.kernels;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntConsumer;

/**
 * {@link Kernels} that share matrix products between threads. They divide the rows or the columns of C, never the sum
 * over k. So each element is computed by one thread, in the defined order, and the bits do not change.
 *
 * <p>Large products wake the workers. While these spin for the next task, they also share smaller products, such as
 * those of the other layers. Tiny products and all other operations run on the caller's thread, and so does a product
 * that finds the workers busy with another caller, instead of waiting.
 */
final class ThreadedKernels extends ForwardingKernels {
  /** Multiplications from which a product is worth waking threads. */
  private static final long WORTH_WAKING = 1L << 20;
  /**
   * Multiplications per thread from which a product is worth sharing with threads that are awake. With 2¹⁴, the three
   * products of 128-10, batch 64, took twice as long on two threads as on one where the cores have no common cache, and
   * a step of 784-128-10 took 1.05 to 1.09 times as long (Zen 5). With a common cache it took 2 % less time.
   */
  private static final long WORTH_SHARING = 1L << 16;
  /** Parts start at multiples of a tile, so only the last one has ragged edges. */
  private static final int ROW_STEP = 8;
  private static final int COLUMN_STEP = 8;
  /** The least number of columns per thread when columns are divided: those of a tile. */
  private static final int COLUMNS = 24;

  private enum Form { AB, ATB, ATB_IN_ROW_BLOCKS, ABT }

  private final int threads;
  private final Workers workers;
  private final Job job = new Job();
  private final PartsJob partsJob = new PartsJob();

  /** One team per base and thread count, shared by the whole process. */
  private static final Map<Team, ThreadedKernels> TEAMS = new ConcurrentHashMap<>();

  private record Team(Kernels base, int threads) {}

  static Kernels of(Kernels base, int threads) {
    return TEAMS.computeIfAbsent(new Team(base, threads), t -> new ThreadedKernels(t.base, t.threads));
  }

  private ThreadedKernels(Kernels base, int threads) {
    super(base);
    this.threads = threads;
    this.workers = new Workers(threads);
  }

  @Override public String name() {
    return base.name();
  }

  @Override public int threads() {
    return threads;
  }

  /** Returns whether the workers would start a small task at once. */
  boolean areAwake() {
    return workers.areAwake();
  }

  @Override public Kernels withThreads(int wanted) {
    return wanted == threads ? this : base.withThreads(wanted);
  }

  @Override public Kernels forProductsUpTo(long multiplications) {
    return multiplications < WORTH_WAKING ? base : this;
  }

  @Override public void runParts(int parts, IntConsumer part) {
    if (parts < 2 || !workers.tryAcquire()) {
      super.runParts(parts, part);
      return;
    }
    try {
      partsJob.set(parts, part);
      workers.run(partsJob);
    } finally {
      partsJob.set(0, null);
      workers.release();
    }
  }

  /** The parts that threads take in turns, kept in one reusable object so that sharing allocates nothing. */
  private static final class PartsJob implements Workers.Task {
    private int count;
    private IntConsumer part;

    void set(int parts, IntConsumer task) {
      count = parts;
      part = task;
    }

    @Override public void run(int thread, int threads) {
      for (int i = thread; i < count; i += threads) part.accept(i);
    }
  }

  // ---------------------------------------------------------------- matrix products

  @Override public void matmul(
      int m, int n, int k, double[] a, int ao, int lda, double[] b, int bo, int ldb, double[] c, int co, int ldc) {
    share(Form.AB, m, n, k, a, ao, lda, b, bo, ldb, c, co, ldc, null);
  }

  @Override public void matmulTransposedA(
      int m, int n, int k, double[] a, int ao, int lda, double[] b, int bo, int ldb, double[] c, int co, int ldc) {
    share(Form.ATB, m, n, k, a, ao, lda, b, bo, ldb, c, co, ldc, null);
  }

  @Override public void matmulTransposedAInRowBlocks(
      int m, int n, int k, double[] a, int ao, int lda, double[] b, int bo, int ldb, double[] c, int co, int ldc,
      RowBlockListener listener) {
    share(Form.ATB_IN_ROW_BLOCKS, m, n, k, a, ao, lda, b, bo, ldb, c, co, ldc, listener);
  }

  @Override public void matmulTransposedB(
      int m, int n, int k, double[] a, int ao, int lda, double[] b, int bo, int ldb, double[] c, int co, int ldc) {
    share(Form.ABT, m, n, k, a, ao, lda, b, bo, ldb, c, co, ldc, null);
  }

  private void share(
      Form form, int m, int n, int k, double[] a, int ao, int lda, double[] b, int bo, int ldb, double[] c, int co,
      int ldc, RowBlockListener listener) {
    long multiplications = (long) m * n * k;
    if (multiplications < WORTH_SHARING * threads || multiplications < WORTH_WAKING && !areAwake()) {
      part(form, m, n, k, a, ao, lda, b, bo, ldb, c, co, ldc, listener);
      return;
    }
    boolean byRows = byRows(form, m, n);
    boolean divisible = byRows ? m > ROW_STEP : n > COLUMN_STEP;
    if (!divisible || !workers.tryAcquire()) {
      part(form, m, n, k, a, ao, lda, b, bo, ldb, c, co, ldc, listener);
      return;
    }
    try {
      // Check the whole product before dividing it: errors name the caller's sizes, and nothing has been written.
      boolean ta = form == Form.ATB || form == Form.ATB_IN_ROW_BLOCKS, tb = form == Form.ABT;
      Check.matmul(m, n, k, ta ? k : m, ta ? m : k, a, ao, lda, tb ? n : k, tb ? k : n, b, bo, ldb, c, co, ldc);
      job.set(form, byRows, m, n, k, a, ao, lda, b, bo, ldb, c, co, ldc, listener);
      workers.run(job);
    } finally {
      job.clear();
      workers.release();
    }
  }

  /**
   * Returns whether to divide the rows of C, instead of its columns. A thread reads its rows of A and all of B, or all
   * of A and its columns of B. So the longer side is divided, unless that would make tiles narrow. This matters most
   * for operands that another core has just written, such as the weights of the last step: for X·W of 784-128-10, batch
   * 64, a second thread gave a speedup of 1.2 with rows and of 1.4 with columns. Row blocks are whole rows, on which
   * optimizers are faster.
   */
  private boolean byRows(Form form, int m, int n) {
    return switch (form) {
      case AB, ATB -> m >= n || n < COLUMNS * threads;
      case ATB_IN_ROW_BLOCKS -> true;
      case ABT -> m / ROW_STEP >= n / COLUMNS;
    };
  }

  private void part(
      Form form, int m, int n, int k, double[] a, int ao, int lda, double[] b, int bo, int ldb, double[] c, int co,
      int ldc, RowBlockListener listener) {
    switch (form) {
      case AB -> base.matmul(m, n, k, a, ao, lda, b, bo, ldb, c, co, ldc);
      case ATB -> base.matmulTransposedA(m, n, k, a, ao, lda, b, bo, ldb, c, co, ldc);
      case ATB_IN_ROW_BLOCKS ->
          base.matmulTransposedAInRowBlocks(m, n, k, a, ao, lda, b, bo, ldb, c, co, ldc, listener);
      case ABT -> base.matmulTransposedB(m, n, k, a, ao, lda, b, bo, ldb, c, co, ldc);
    }
  }

  /** The arguments of the current product, kept in one reusable object so that sharing allocates nothing. */
  private final class Job implements Workers.Task {
    private Form form;
    private boolean byRows;
    private int m, n, k, ao, lda, bo, ldb, co, ldc;
    private double[] a, b, c;
    private RowBlockListener listener;

    void set(
        Form form, boolean byRows, int m, int n, int k, double[] a, int ao, int lda, double[] b, int bo, int ldb,
        double[] c, int co, int ldc, RowBlockListener listener) {
      this.form = form;
      this.byRows = byRows;
      this.m = m;
      this.n = n;
      this.k = k;
      this.a = a;
      this.ao = ao;
      this.lda = lda;
      this.b = b;
      this.bo = bo;
      this.ldb = ldb;
      this.c = c;
      this.co = co;
      this.ldc = ldc;
      this.listener = listener;
    }

    /** Drops the arrays, so that they can be collected. */
    void clear() {
      a = b = c = null;
      listener = null;
    }

    @Override public void run(int part, int parts) {
      if (byRows) {
        int from = cut(m, ROW_STEP, part, parts), rows = cut(m, ROW_STEP, part + 1, parts) - from;
        int ai = form == Form.ATB || form == Form.ATB_IN_ROW_BLOCKS ? ao + from : ao + from * lda;
        if (rows > 0) part(form, rows, n, k, a, ai, lda, b, bo, ldb, c, co + from * ldc, ldc, listener);
      } else {
        int from = cut(n, COLUMN_STEP, part, parts), cols = cut(n, COLUMN_STEP, part + 1, parts) - from;
        int bj = form == Form.ABT ? bo + from * ldb : bo + from;
        if (cols > 0) part(form, m, cols, k, a, ao, lda, b, bj, ldb, c, co + from, ldc, listener);
      }
    }

  }

  /** Returns the start of a part when {@code size} is divided into {@code parts} at multiples of {@code step}. */
  private static int cut(int size, int step, int part, int parts) {
    int steps = (size + step - 1) / step;
    return Math.min(size, (int) ((long) steps * part / parts) * step);
  }
}
