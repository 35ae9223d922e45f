package chainrule.kernels;

/**
 * The arithmetic of Chainrule on flat {@code double[]} buffers. This text is the definition: every result is fixed to
 * the last bit, as a sequence of IEEE-754 operations in a stated order. {@link ScalarKernels} is the definition as
 * plain Java, {@link VectorKernels} the same bits in SIMD lanes, {@link ThreadedKernels} the same bits on several
 * threads; so a result does not depend on lane width, thread count, JDK, operating system or processor.
 *
 * <p><b>Buffers.</b> An argument {@code x, xo} is an array and the index of its first element. Matrices are row-major;
 * {@code ldx} is the distance between the starts of two rows, at least the row's length. Sizes may be zero: then
 * nothing is read and nothing written.
 *
 * <p><b>Overlap.</b> An element-wise kernel may write where it reads: output and input may be the same array at the
 * same offset. Any other overlap of an output with an input is refused. Inputs may overlap each other.
 *
 * <p><b>Special values.</b> NaN and ±∞ follow from the operations as written; which NaN (its payload) is not defined.
 *
 * <p><b>Errors.</b> Every method throws {@link IllegalArgumentException}, naming the argument, for a negative size, a
 * row distance shorter than the row or a refused overlap, and {@link IndexOutOfBoundsException} for a range that leaves
 * its array, before anything is written.
 *
 * <p>Implementations are safe for use by many threads at once, on buffers that do not overlap.
 * Specs: {@code ScalarKernelsTest} (against formulas), {@code VectorBitsTest}, {@code ThreadedBitsTest} (bits).
 */
public interface Kernels {

  /**
   * The kernels this process uses: chosen once, see {@link Selection}. One thread unless {@code
   * -Dchainrule.threads=N}.
   */
  static Kernels best() {
    return Selection.current().kernels();
  }

  /** What these kernels are, for people: {@code scalar}, {@code vector-512}, … */
  String name();

  /** How many threads a large operation is spread over. */
  default int threads() {
    return 1;
  }

  /** These kernels, spread over {@code threads} threads where the work is large enough; the same bits. */
  default Kernels withThreads(int threads) {
    if (threads < 1) throw new IllegalArgumentException("threads: expected 1 or more, got " + threads);
    return threads == 1 ? this : ThreadedKernels.of(this, threads);
  }

  // ---------------------------------------------------------------- matrix products

  /**
   * A·B, added to C: <pre>c[i,j] = fma(a[i,p], b[p,j], c[i,j])   for p = 0 … k−1, in that order</pre>
   * Shapes: A [m × k], B [k × n], C [m × n]. For Z = X·W + b fill C with the bias first ({@link #repeatRow}).
   * C must not overlap A or B.
   */
  void matmul(int m, int n, int k, double[] a, int ao, int lda, double[] b, int bo, int ldb, double[] c, int co, int ldc);

  /**
   * Aᵀ·B, added to C: <pre>c[i,j] = fma(a[p,i], b[p,j], c[i,j])   for p = 0 … k−1, in that order</pre>
   * Shapes: A [k × m], B [k × n], C [m × n]: the gradient of weights, dW += Xᵀ·δ. C must not overlap A or B.
   */
  void matmulTransposedA(
      int m, int n, int k, double[] a, int ao, int lda, double[] b, int bo, int ldb, double[] c, int co, int ldc);

  /** Is told that c[from] … c[to − 1] have their final values. */
  interface Piece {
    void done(int from, int to);
  }

  /**
   * Aᵀ·B, handed on piece by piece:
   * <pre>c[i,j] = +0, then c[i,j] = fma(a[p,i], b[p,j], c[i,j])   for p = 0 … k−1, in that order</pre>
   * As soon as some rows of C are complete, {@code piece} is called with where they lie in the array, by the thread that
   * computed them, while they are in its cache: a gradient that is used at once need not come back from memory. The
   * pieces cover C once each; their sizes and order are open, and several threads may call at the same time. Nothing of
   * A or B may be changed by that. Shapes: A [k × m], B [k × n], C [m × n]. C must not overlap A or B.
   */
  default void matmulTransposedAInPieces(
      int m, int n, int k, double[] a, int ao, int lda, double[] b, int bo, int ldb, double[] c, int co, int ldc,
      Piece piece) {
    Check.matmul(m, n, k, k, m, a, ao, lda, k, n, b, bo, ldb, c, co, ldc);
    for (int i = 0; i < m; i++) fill(n, 0, c, co + i * ldc);
    matmulTransposedA(m, n, k, a, ao, lda, b, bo, ldb, c, co, ldc);
    if (n == ldc && m > 0 && n > 0) piece.done(co, co + m * n);
    else for (int i = 0; n > 0 && i < m; i++) piece.done(co + i * ldc, co + i * ldc + n);
  }

  /**
   * A·Bᵀ, added to C: <pre>c[i,j] = fma(a[i,p], b[j,p], c[i,j])   for p = 0 … k−1, in that order</pre>
   * Shapes: A [m × k], B [n × k], C [m × n]: the error sent back, dX += δ·Wᵀ. C must not overlap A or B.
   */
  void matmulTransposedB(
      int m, int n, int k, double[] a, int ao, int lda, double[] b, int bo, int ldb, double[] c, int co, int ldc);

  // ---------------------------------------------------------------- element-wise

  /** y[i] = value. */
  void fill(int n, double value, double[] y, int yo);

  /** y[i,j] = row[j]: a bias written under every row of a batch. Shapes: row [cols], y [rows × cols]. */
  void repeatRow(int rows, int cols, double[] row, int ro, double[] y, int yo);

  /** Hadamard product: c[i] = a[i] · b[i]. */
  void multiply(int n, double[] a, int ao, double[] b, int bo, double[] c, int co);

  /** y[i] = fma(alpha, x[i], y[i]): a gradient step is axpy with alpha = −η. */
  void axpy(int n, double alpha, double[] x, int xo, double[] y, int yo);

  /** x[i] = alpha · x[i]. */
  void scale(int n, double alpha, double[] x, int xo);

  /** y[i] = {@link Elementary#exp}(x[i]). */
  void exp(int n, double[] x, int xo, double[] y, int yo);

  /** y[i] = {@link Elementary#log}(x[i]). */
  void log(int n, double[] x, int xo, double[] y, int yo);

  /** y[i] = {@link Elementary#sigmoid}(x[i]). */
  void sigmoid(int n, double[] x, int xo, double[] y, int yo);

  /** y[i] = {@link Elementary#tanh}(x[i]). */
  void tanh(int n, double[] x, int xo, double[] y, int yo);

  /** y[i] = {@link Elementary#softplus}(x[i]). */
  void softplus(int n, double[] x, int xo, double[] y, int yo);

  /** y[i] = x[i] ≤ 0 ? +0 : x[i], so NaN stays NaN and −0 becomes +0. */
  void relu(int n, double[] x, int xo, double[] y, int yo);

  /** Leaky ReLU: y[i] = x[i] ≤ 0 ? epsilon · x[i] : x[i]. */
  void leakyRelu(int n, double epsilon, double[] x, int xo, double[] y, int yo);

  /** ELU: y[i] = x[i] &gt; 0 ? x[i] : alpha · {@link Elementary#expm1}(x[i]). At most 2 ulp, 3 ulp if alpha ≠ 1. */
  void elu(int n, double alpha, double[] x, int xo, double[] y, int yo);

  /** y[i] = {@link Elementary#gelu}(x[i]). */
  void gelu(int n, double[] x, int xo, double[] y, int yo);

  /** y[i] = {@link Elementary#silu}(x[i]). */
  void silu(int n, double[] x, int xo, double[] y, int yo);

  /**
   * Through a sigmoid of value a: d[i] = g[i] · (a[i] · (1 − a[i])). For g = 1 at most 1.5 ulp as a function of a. As
   * a function of z, where a = {@link Elementary#sigmoid}(z), at most 4 ulp for z ≤ 0 and 4·2⁻⁵³ for z &gt; 0, since a
   * rounds to 1 for z &gt; 37.
   */
  void sigmoidGradient(int n, double[] a, int ao, double[] g, int go, double[] d, int dof);

  /**
   * Through a tanh of value a: d[i] = g[i] · (1 − a[i]·a[i]), with 1 − a² as fma(−a, a, 1). For g = 1 correctly rounded
   * as a function of a. As a function of z, where a = {@link Elementary#tanh}(z), within 4·2⁻⁵³: a rounds to 1.
   */
  void tanhGradient(int n, double[] a, int ao, double[] g, int go, double[] d, int dof);

  /** Through a ReLU of value a: d[i] = a[i] ≤ 0 ? +0 : g[i]; 0 at the kink, and g where a is NaN. */
  void reluGradient(int n, double[] a, int ao, double[] g, int go, double[] d, int dof);

  /** Through a leaky ReLU of value a: d[i] = a[i] ≤ 0 ? g[i] · epsilon : g[i]. */
  void leakyReluGradient(int n, double epsilon, double[] a, int ao, double[] g, int go, double[] d, int dof);

  /** Through an ELU of argument x: d[i] = x[i] &gt; 0 ? g[i] : g[i] · {@link Elementary#eluDerivative}(alpha, x[i]). */
  void eluGradient(int n, double alpha, double[] x, int xo, double[] g, int go, double[] d, int dof);

  /** Through a GELU of argument x: d[i] = g[i] · {@link Elementary#geluDerivative}(x[i]). */
  void geluGradient(int n, double[] x, int xo, double[] g, int go, double[] d, int dof);

  /** Through a SiLU of argument x: d[i] = g[i] · {@link Elementary#siluDerivative}(x[i]). */
  void siluGradient(int n, double[] x, int xo, double[] g, int go, double[] d, int dof);

  /** Through a softplus of argument x: d[i] = g[i] · {@link Elementary#sigmoid}(x[i]). */
  void softplusGradient(int n, double[] x, int xo, double[] g, int go, double[] d, int dof);

  // ---------------------------------------------------------------- reductions

  /** s[j] = s[j] + x[i,j] for i = 0 … rows−1, in that order: the gradient of a bias. s must not overlap x. */
  void columnSums(int rows, int cols, double[] x, int xo, double[] s, int so);

  /**
   * Σ x[i], in eight stripes and one tree:
   * <pre>s0 … s7 = +0;  s[i mod 8] = s[i mod 8] + x[i]   for i = 0 … n−1
   * result = ((s0 + s4) + (s2 + s6)) + ((s1 + s5) + (s3 + s7))</pre>
   */
  double sum(int n, double[] x, int xo);

  /** Σ x[i]·y[i]: as {@link #sum}, each stripe s = fma(x[i], y[i], s). */
  double dot(int n, double[] x, int xo, double[] y, int yo);

  /** The largest x[i]; −∞ for n = 0, NaN if any is NaN, +0 above −0. No order can change it. */
  double max(int n, double[] x, int xo);

  // ---------------------------------------------------------------- softmax

  /**
   * Softmax of each row: <pre>m = max_j x[i,j];  e[j] = exp(x[i,j] − m);  y[i,j] = e[j] / Σ e,   Σ as {@link #sum}</pre>
   * Shapes: x, y [rows × cols]. Finite for all finite x; a row that holds NaN or +∞, or only −∞, becomes NaN.
   */
  void softmax(int rows, int cols, double[] x, int xo, double[] y, int yo);

  /**
   * The product with softmax's Jacobian, J_ij = a_i(δ_ij − a_j), row by row:
   * <pre>d[i,j] = a[i,j] · (g[i,j] − Σ_q a[i,q]·g[i,q]),   Σ as {@link #dot}</pre>
   * Shapes: a, g, d [rows × cols].
   */
  void softmaxGradient(int rows, int cols, double[] a, int ao, double[] g, int go, double[] d, int dof);

  /**
   * ln Σ_j e^x[i,j] of each row: <pre>y[i] = m + log(Σ exp(x[i,j] − m)),   m = max_j x[i,j]</pre>
   * Shapes: x [rows × cols], y [rows]; −∞ for a row that is empty or only −∞, ∞ for one that holds ∞. y must not
   * overlap x.
   */
  void logSumExp(int rows, int cols, double[] x, int xo, double[] y, int yo);
}
