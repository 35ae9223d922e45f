package chainrule.kernels;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * {@link Kernels} with the large matrix products spread over threads. The rows or the columns of C are divided, never
 * the sum over k, so every element is computed by one thread in the defined order: the bits do not change.
 *
 * <p>Small products and everything else stay on the caller's thread. A second caller who comes while the workers are
 * busy does its own work alone instead of waiting.
 */
final class ThreadedKernels implements Kernels {
  /** Multiplications below which handing out work, and fetching what the others wrote, costs more than it saves. */
  private static final long WORTH_SHARING = 1L << 20;
  /** Parts are cut at multiples of a tile, so that no thread is left with ragged edges. */
  private static final int ROW_STEP = 8;
  private static final int COLUMN_STEP = 8;
  /** Columns for each thread, at least, if the columns are divided: those of a tile. */
  private static final int COLUMNS = 24;

  private enum Form { AB, ATB, ATB_IN_ROW_BLOCKS, ABT }

  private final Kernels base;
  private final int threads;
  private final Workers workers;
  private final Job job = new Job();

  /** One team for each base and thread count of the process, however often it is asked for. */
  private static final Map<Team, ThreadedKernels> TEAMS = new ConcurrentHashMap<>();

  private record Team(Kernels base, int threads) {}

  static Kernels of(Kernels base, int threads) {
    return TEAMS.computeIfAbsent(new Team(base, threads), t -> new ThreadedKernels(t.base, t.threads));
  }

  private ThreadedKernels(Kernels base, int threads) {
    this.base = base;
    this.threads = threads;
    this.workers = new Workers(threads);
  }

  @Override public String name() {
    return base.name();
  }

  @Override public int threads() {
    return threads;
  }

  @Override public Kernels withThreads(int wanted) {
    return wanted == threads ? this : base.withThreads(wanted);
  }

  // ---------------------------------------------------------------- what is shared

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
    if ((long) m * n * k < WORTH_SHARING) {
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
      // The whole is checked before it is divided: an error names the caller's sizes, and nothing has been written.
      boolean ta = form == Form.ATB || form == Form.ATB_IN_ROW_BLOCKS, tb = form == Form.ABT;
      Check.matmul(m, n, k, ta ? k : m, ta ? m : k, a, ao, lda, tb ? n : k, tb ? k : n, b, bo, ldb, c, co, ldc);
      job.set(form, byRows, m, n, k, a, ao, lda, b, bo, ldb, c, co, ldc, listener);
      workers.run(job);
    } finally {
      job.forget();
      workers.release();
    }
  }

  /**
   * By rows, each thread reads its rows of A and all of B; by columns, all of A and its columns of B: so the longer side
   * is divided, unless tiles would become narrow. It matters most for what another core has just written, such as the
   * weights of the last step (784-128-10, batch 64: a second thread brought 1.2 times one when X·W was divided by rows,
   * 1.4 since). Pieces are whole rows, which optimizers take faster.
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

  /** The arguments of the product in hand, kept in one object so that sharing allocates nothing. */
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

    void forget() {
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

    /** Where part begins when size is divided into parts at multiples of step. */
    private static int cut(int size, int step, int part, int parts) {
      int steps = (size + step - 1) / step;
      return Math.min(size, (int) ((long) steps * part / parts) * step);
    }
  }

  // ---------------------------------------------------------------- what stays on the caller's thread

  @Override public void fill(int n, double value, double[] y, int yo) {
    base.fill(n, value, y, yo);
  }

  @Override public void repeatRow(int rows, int cols, double[] row, int ro, double[] y, int yo) {
    base.repeatRow(rows, cols, row, ro, y, yo);
  }

  @Override public void multiply(int n, double[] a, int ao, double[] b, int bo, double[] c, int co) {
    base.multiply(n, a, ao, b, bo, c, co);
  }

  @Override public void axpy(int n, double alpha, double[] x, int xo, double[] y, int yo) {
    base.axpy(n, alpha, x, xo, y, yo);
  }

  @Override public void scale(int n, double alpha, double[] x, int xo) {
    base.scale(n, alpha, x, xo);
  }

  @Override public void exp(int n, double[] x, int xo, double[] y, int yo) {
    base.exp(n, x, xo, y, yo);
  }

  @Override public void log(int n, double[] x, int xo, double[] y, int yo) {
    base.log(n, x, xo, y, yo);
  }

  @Override public void sigmoid(int n, double[] x, int xo, double[] y, int yo) {
    base.sigmoid(n, x, xo, y, yo);
  }

  @Override public void tanh(int n, double[] x, int xo, double[] y, int yo) {
    base.tanh(n, x, xo, y, yo);
  }

  @Override public void softplus(int n, double[] x, int xo, double[] y, int yo) {
    base.softplus(n, x, xo, y, yo);
  }

  @Override public void relu(int n, double[] x, int xo, double[] y, int yo) {
    base.relu(n, x, xo, y, yo);
  }

  @Override public void leakyRelu(int n, double epsilon, double[] x, int xo, double[] y, int yo) {
    base.leakyRelu(n, epsilon, x, xo, y, yo);
  }

  @Override public void elu(int n, double alpha, double[] x, int xo, double[] y, int yo) {
    base.elu(n, alpha, x, xo, y, yo);
  }

  @Override public void gelu(int n, double[] x, int xo, double[] y, int yo) {
    base.gelu(n, x, xo, y, yo);
  }

  @Override public void silu(int n, double[] x, int xo, double[] y, int yo) {
    base.silu(n, x, xo, y, yo);
  }

  @Override public void sigmoidGradient(int n, double[] a, int ao, double[] g, int go, double[] d, int dof) {
    base.sigmoidGradient(n, a, ao, g, go, d, dof);
  }

  @Override public void tanhGradient(int n, double[] a, int ao, double[] g, int go, double[] d, int dof) {
    base.tanhGradient(n, a, ao, g, go, d, dof);
  }

  @Override public void reluGradient(int n, double[] a, int ao, double[] g, int go, double[] d, int dof) {
    base.reluGradient(n, a, ao, g, go, d, dof);
  }

  @Override public void leakyReluGradient(
      int n, double epsilon, double[] a, int ao, double[] g, int go, double[] d, int dof) {
    base.leakyReluGradient(n, epsilon, a, ao, g, go, d, dof);
  }

  @Override public void eluGradient(int n, double alpha, double[] x, int xo, double[] g, int go, double[] d, int dof) {
    base.eluGradient(n, alpha, x, xo, g, go, d, dof);
  }

  @Override public void geluGradient(int n, double[] x, int xo, double[] g, int go, double[] d, int dof) {
    base.geluGradient(n, x, xo, g, go, d, dof);
  }

  @Override public void siluGradient(int n, double[] x, int xo, double[] g, int go, double[] d, int dof) {
    base.siluGradient(n, x, xo, g, go, d, dof);
  }

  @Override public void softplusGradient(int n, double[] x, int xo, double[] g, int go, double[] d, int dof) {
    base.softplusGradient(n, x, xo, g, go, d, dof);
  }

  @Override public void columnSums(int rows, int cols, double[] x, int xo, double[] s, int so) {
    base.columnSums(rows, cols, x, xo, s, so);
  }

  @Override public double sum(int n, double[] x, int xo) {
    return base.sum(n, x, xo);
  }

  @Override public double dot(int n, double[] x, int xo, double[] y, int yo) {
    return base.dot(n, x, xo, y, yo);
  }

  @Override public double max(int n, double[] x, int xo) {
    return base.max(n, x, xo);
  }

  @Override public void softmax(int rows, int cols, double[] x, int xo, double[] y, int yo) {
    base.softmax(rows, cols, x, xo, y, yo);
  }

  @Override public void softmaxGradient(
      int rows, int cols, double[] a, int ao, double[] g, int go, double[] d, int dof) {
    base.softmaxGradient(rows, cols, a, ao, g, go, d, dof);
  }

  @Override public void logSumExp(int rows, int cols, double[] x, int xo, double[] y, int yo) {
    base.logSumExp(rows, cols, x, xo, y, yo);
  }
}
