// SPDX-License-Identifier: MIT
package chainrule.kernels;

import java.util.function.IntConsumer;

/**
 * The arithmetic of Chainrule on flat {@code double[]} buffers. This interface is the definition: it fixes every result
 * to the last bit, as a sequence of IEEE-754 operations in a stated order. A result therefore does not depend on lane
 * width, thread count, JDK, operating system or processor. {@link ScalarKernels} is the definition as plain Java,
 * {@link VectorKernels} computes the same bits in SIMD lanes, and {@link ThreadedKernels} on several threads.
 *
 * <p><b>Buffers.</b> Each argument {@code x, xo} is an array and the index of its first element. Matrices are
 * row-major. {@code ldx} is the row distance: from the start of a row to that of the next, at least the length of a
 * row. Sizes may be zero: then nothing is read or written.
 *
 * <p><b>Overlap.</b> An element-wise kernel may work in place: output and input may be the same array at the same
 * offset. Any other overlap of an output with an input is an error. Inputs may overlap each other.
 *
 * <p><b>Special values.</b> NaN and ±∞ propagate through the operations exactly as written. Methods whose result is not
 * obvious from their formula state it. The payload of a NaN is undefined.
 *
 * <p><b>Errors.</b> Every method throws {@link IllegalArgumentException}, naming the argument, for a negative size, a
 * row distance shorter than the row, or a forbidden overlap. It throws {@link IndexOutOfBoundsException} for a range
 * outside its array. Both are thrown before anything is written.
 *
 * <p><b>Blocks of rows.</b> A product has one chain of fma per element, however long. Training may cut the rows of a
 * batch into blocks instead, whose gradients are added in one fixed tree. The package {@code chainrule.nn} defines it.
 *
 * <p><b>Threads.</b> Implementations may be called from many threads at once, on buffers that do not overlap.
 *
 * <p>Tests: {@code ScalarKernelsTest} compares with formulas. {@code VectorBitsTest}, {@code BlockBitsTest}, {@code
 * ThreadedBitsTest}, {@code RangesBitsTest} and {@code OverlapBitsTest} compare bits. {@code GoldenBitsTest} compares
 * with recorded hashes.
 */
public interface Kernels {

  /**
   * {@return the kernels of this process} {@link Selection} chooses them once. They use one thread unless {@code
   * -Dchainrule.threads=N} is set.
   *
   * @throws IllegalStateException if a system property requests kernels or threads that are not available
   */
  static Kernels best() {
    return Selection.current().kernels();
  }

  /** {@return a readable name of these kernels, such as {@code scalar} or {@code vector-512}} */
  String name();

  /** {@return the number of threads that share a large operation} */
  default int threads() {
    return 1;
  }

  /**
   * {@return these kernels on several threads, which share matrix products that are large enough} The bits are the
   * same.
   *
   * @param threads the number of threads, ≥ 1
   * @throws IllegalArgumentException if {@code threads} &lt; 1
   */
  default Kernels withThreads(int threads) {
    if (threads < 1) throw new IllegalArgumentException("threads: expected a number ≥ 1, found " + threads);
    return threads == 1 ? this : ThreadedKernels.of(this, threads);
  }

  /**
   * {@return the kernels to use where matrix products have a limited size: these, or their single-threaded form when
   * every such product is too small to wake threads} The bits are the same. A caller that knows its sizes in advance
   * saves the decision in each call, so threads that cannot help cost nothing.
   *
   * @param multiplications the largest m·n·k of these products
   */
  default Kernels forProductsUpTo(long multiplications) {
    return this;
  }

  /**
   * Runs the parts of a computation, each once, and returns when all have ended. Kernels of T threads divide them into
   * T shares: part i belongs to share i mod T. A share runs in order on a thread of its own, or on the calling thread
   * if no other thread has started it when the caller has finished a share. So parts must not write to the same
   * elements. Operations on these kernels that a part calls then use one thread. If the threads are busy, all parts run
   * on the calling thread, in order.
   *
   * <p>An error or unchecked exception of a part is thrown to the caller when all threads have stopped. The rest of its
   * share is then not run.
   *
   * @param parts the number of parts, ≥ 0
   * @param part runs the part with a given index, 0 … parts − 1
   * @throws IllegalArgumentException if {@code parts} &lt; 0
   */
  default void runParts(int parts, IntConsumer part) {
    if (parts < 0) throw new IllegalArgumentException("parts: expected ≥ 0, found " + parts);
    for (int i = 0; i < parts; i++) part.accept(i);
  }

  // ---------------------------------------------------------------- matrix products

  /**
   * Computes C += A·B:
   * <pre>c[i,j] = fma(a[i,p], b[p,j], c[i,j])   for p = 0 … k−1, in that order</pre>
   * For Z = X·W + b, initialize C to the bias first ({@link #repeatRow}).
   *
   * @param m the number of rows of C
   * @param n the number of columns of C
   * @param k the number of products per element of C
   * @param a A [m × k]
   * @param ao the index of the first element of A
   * @param lda the row distance of A, ≥ k
   * @param b B [k × n]
   * @param bo the index of the first element of B
   * @param ldb the row distance of B, ≥ n
   * @param c C [m × n], to which the product is added; must not overlap A or B
   * @param co the index of the first element of C
   * @param ldc the row distance of C, ≥ n
   */
  void matmul(
      int m, int n, int k, double[] a, int ao, int lda, double[] b, int bo, int ldb, double[] c, int co, int ldc);

  /**
   * Computes C += Aᵀ·B:
   * <pre>c[i,j] = fma(a[p,i], b[p,j], c[i,j])   for p = 0 … k−1, in that order</pre>
   * This is the gradient of weights, dW += Xᵀ·δ.
   *
   * @param m the number of rows of C
   * @param n the number of columns of C
   * @param k the number of products per element of C
   * @param a A [k × m]
   * @param ao the index of the first element of A
   * @param lda the row distance of A, ≥ m
   * @param b B [k × n]
   * @param bo the index of the first element of B
   * @param ldb the row distance of B, ≥ n
   * @param c C [m × n], to which the product is added; must not overlap A or B
   * @param co the index of the first element of C
   * @param ldc the row distance of C, ≥ n
   */
  void matmulTransposedA(
      int m, int n, int k, double[] a, int ao, int lda, double[] b, int bo, int ldb, double[] c, int co, int ldc);

  /**
   * Computes C = Aᵀ·B and reports blocks of rows of C as they are completed:
   * <pre>c[i,j] = +0, then c[i,j] = fma(a[p,i], b[p,j], c[i,j])   for p = 0 … k−1, in that order</pre>
   * The listener can use a block while it is still in the cache, so a gradient that is consumed at once need not be
   * read back from memory. The blocks cover each element of C exactly once, and never a gap between rows. Their sizes
   * and order are unspecified. An exception of the listener is thrown to the caller; C may then be incomplete.
   *
   * @param m the number of rows of C
   * @param n the number of columns of C
   * @param k the number of products per element of C
   * @param a A [k × m]
   * @param ao the index of the first element of A
   * @param lda the row distance of A, ≥ m
   * @param b B [k × n]
   * @param bo the index of the first element of B
   * @param ldb the row distance of B, ≥ n
   * @param c C [m × n], which is overwritten; must not overlap A or B
   * @param co the index of the first element of C
   * @param ldc the row distance of C, ≥ n
   * @param listener called for each block, possibly by several threads at once; must not change A or B
   */
  default void matmulTransposedAInRowBlocks(
      int m, int n, int k, double[] a, int ao, int lda, double[] b, int bo, int ldb, double[] c, int co, int ldc,
      RowBlockListener listener) {
    Check.matmul(m, n, k, k, m, a, ao, lda, k, n, b, bo, ldb, c, co, ldc);
    for (int i = 0; i < m; i++) fill(n, 0, c, co + i * ldc);
    matmulTransposedA(m, n, k, a, ao, lda, b, bo, ldb, c, co, ldc);
    if (n == ldc && m > 0 && n > 0) listener.complete(co, co + m * n);
    else for (int i = 0; n > 0 && i < m; i++) listener.complete(co + i * ldc, co + i * ldc + n);
  }

  /**
   * Computes C += A·Bᵀ:
   * <pre>c[i,j] = fma(a[i,p], b[j,p], c[i,j])   for p = 0 … k−1, in that order</pre>
   * This is the error propagated to the inputs, dX += δ·Wᵀ.
   *
   * @param m the number of rows of C
   * @param n the number of columns of C
   * @param k the number of products per element of C
   * @param a A [m × k]
   * @param ao the index of the first element of A
   * @param lda the row distance of A, ≥ k
   * @param b B [n × k]
   * @param bo the index of the first element of B
   * @param ldb the row distance of B, ≥ k
   * @param c C [m × n], to which the product is added; must not overlap A or B
   * @param co the index of the first element of C
   * @param ldc the row distance of C, ≥ n
   */
  void matmulTransposedB(
      int m, int n, int k, double[] a, int ao, int lda, double[] b, int bo, int ldb, double[] c, int co, int ldc);

  // ---------------------------------------------------------------- element-wise

  /**
   * Sets y[i] = value.
   *
   * @param n the number of elements
   * @param value the new value of each element
   * @param y the output [n]
   * @param yo the index of the first element of y
   */
  void fill(int n, double value, double[] y, int yo);

  /**
   * Copies a row into every row of a matrix, as a bias into every row of a batch: y[i,j] = row[j].
   *
   * @param rows the number of rows of y
   * @param cols the number of columns of y
   * @param row the row [cols]
   * @param ro the index of the first element of row
   * @param y the matrix [rows × cols]; must not overlap the row
   * @param yo the index of the first element of y
   */
  void repeatRow(int rows, int cols, double[] row, int ro, double[] y, int yo);

  /**
   * Computes the Hadamard product c[i] = a[i] · b[i]. Core's gradient kernels include this product. The method is for
   * activations and losses outside core, as in δ = g ⊙ φ′(z).
   *
   * @param n the number of elements
   * @param a the first factor [n]
   * @param ao the index of the first element of a
   * @param b the second factor [n]
   * @param bo the index of the first element of b
   * @param c the product [n]
   * @param co the index of the first element of c
   */
  void multiply(int n, double[] a, int ao, double[] b, int bo, double[] c, int co);

  /**
   * Computes y[i] = fma(alpha, x[i], y[i]). With alpha = 1 this is y[i] + x[i], as core adds the gradients of blocks of
   * rows. A gradient step is axpy with alpha = −η. Core's plain descent adds products to the weights directly.
   *
   * @param n the number of elements
   * @param alpha the factor of x
   * @param x the input [n]
   * @param xo the index of the first element of x
   * @param y the input and output [n]
   * @param yo the index of the first element of y
   */
  void axpy(int n, double alpha, double[] x, int xo, double[] y, int yo);

  /**
   * Computes x[i] = alpha · x[i].
   *
   * @param n the number of elements
   * @param alpha the factor
   * @param x the input and output [n]
   * @param xo the index of the first element of x
   */
  void scale(int n, double alpha, double[] x, int xo);

  /**
   * Computes y[i] = {@link Elementary#exp}(x[i]), where range, special values and error are stated.
   *
   * @param n the number of elements
   * @param x the arguments [n]
   * @param xo the index of the first element of x
   * @param y the values [n]
   * @param yo the index of the first element of y
   */
  void exp(int n, double[] x, int xo, double[] y, int yo);

  /**
   * Computes y[i] = {@link Elementary#log}(x[i]), where range, special values and error are stated. Core computes
   * cross-entropy from logits instead, so the method is for users' losses on probabilities.
   *
   * @param n the number of elements
   * @param x the arguments [n]
   * @param xo the index of the first element of x
   * @param y the values [n]
   * @param yo the index of the first element of y
   */
  void log(int n, double[] x, int xo, double[] y, int yo);

  /**
   * Computes y[i] = {@link Elementary#sigmoid}(x[i]), where range, special values and error are stated.
   *
   * @param n the number of elements
   * @param x the arguments [n]
   * @param xo the index of the first element of x
   * @param y the values [n]
   * @param yo the index of the first element of y
   */
  void sigmoid(int n, double[] x, int xo, double[] y, int yo);

  /**
   * Computes y[i] = {@link Elementary#tanh}(x[i]), where range, special values and error are stated.
   *
   * @param n the number of elements
   * @param x the arguments [n]
   * @param xo the index of the first element of x
   * @param y the values [n]
   * @param yo the index of the first element of y
   */
  void tanh(int n, double[] x, int xo, double[] y, int yo);

  /**
   * Computes y[i] = {@link Elementary#softplus}(x[i]), where range, special values and error are stated.
   *
   * @param n the number of elements
   * @param x the arguments [n]
   * @param xo the index of the first element of x
   * @param y the values [n]
   * @param yo the index of the first element of y
   */
  void softplus(int n, double[] x, int xo, double[] y, int yo);

  /**
   * Computes ReLU: y[i] = x[i] ≤ 0 ? +0 : x[i]. So NaN stays NaN, and −0 becomes +0.
   *
   * @param n the number of elements
   * @param x the arguments [n]
   * @param xo the index of the first element of x
   * @param y the values [n]
   * @param yo the index of the first element of y
   */
  void relu(int n, double[] x, int xo, double[] y, int yo);

  /**
   * Computes leaky ReLU: y[i] = x[i] ≤ 0 ? epsilon · x[i] : x[i]. So NaN stays NaN.
   *
   * @param n the number of elements
   * @param epsilon the slope for arguments ≤ 0
   * @param x the arguments [n]
   * @param xo the index of the first element of x
   * @param y the values [n]
   * @param yo the index of the first element of y
   */
  void leakyRelu(int n, double epsilon, double[] x, int xo, double[] y, int yo);

  /**
   * Computes ELU: y[i] = x[i] &gt; 0 ? x[i] : alpha · {@link Elementary#expm1}(x[i]). ELU(−∞) = −alpha, and NaN gives
   * NaN. At most 2 ulp, 3 ulp if alpha ≠ 1.
   *
   * @param n the number of elements
   * @param alpha the factor of e^x − 1
   * @param x the arguments [n]
   * @param xo the index of the first element of x
   * @param y the values [n]
   * @param yo the index of the first element of y
   */
  void elu(int n, double alpha, double[] x, int xo, double[] y, int yo);

  /**
   * Computes y[i] = {@link Elementary#gelu}(x[i]), where special values are stated.
   *
   * @param n the number of elements
   * @param x the arguments [n]
   * @param xo the index of the first element of x
   * @param y the values [n]
   * @param yo the index of the first element of y
   */
  void gelu(int n, double[] x, int xo, double[] y, int yo);

  /**
   * Computes y[i] = {@link Elementary#silu}(x[i]), where special values are stated.
   *
   * @param n the number of elements
   * @param x the arguments [n]
   * @param xo the index of the first element of x
   * @param y the values [n]
   * @param yo the index of the first element of y
   */
  void silu(int n, double[] x, int xo, double[] y, int yo);

  /**
   * Propagates g through a sigmoid of value a: d[i] = g[i] · (a[i] · (1 − a[i])). For g = 1 at most 1.5 ulp as a
   * function of a. As a function of z, where a = {@link Elementary#sigmoid}(z), at most 4 ulp for z ≤ 0 and 4·2⁻⁵³ for
   * z &gt; 0, since a rounds to 1 for z &gt; 37.
   *
   * @param n the number of elements
   * @param a the values of the sigmoid [n]
   * @param ao the index of the first element of a
   * @param g the gradient with respect to these values [n]
   * @param go the index of the first element of g
   * @param d the gradient with respect to the arguments [n]
   * @param dof the index of the first element of d
   */
  void sigmoidGradient(int n, double[] a, int ao, double[] g, int go, double[] d, int dof);

  /**
   * Propagates g through a tanh of value a: d[i] = g[i] · fma(−a[i], a[i], 1), which is g · (1 − a²). For g = 1
   * correctly rounded as a function of a. As a function of z, where a = {@link Elementary#tanh}(z), within 4·2⁻⁵³,
   * since a rounds to 1.
   *
   * @param n the number of elements
   * @param a the values of tanh [n]
   * @param ao the index of the first element of a
   * @param g the gradient with respect to these values [n]
   * @param go the index of the first element of g
   * @param d the gradient with respect to the arguments [n]
   * @param dof the index of the first element of d
   */
  void tanhGradient(int n, double[] a, int ao, double[] g, int go, double[] d, int dof);

  /**
   * Propagates g through a ReLU of value a: d[i] = a[i] ≤ 0 ? +0 : g[i]. It is 0 at the kink, and g where a is NaN.
   *
   * @param n the number of elements
   * @param a the values of the ReLU [n]
   * @param ao the index of the first element of a
   * @param g the gradient with respect to these values [n]
   * @param go the index of the first element of g
   * @param d the gradient with respect to the arguments [n]
   * @param dof the index of the first element of d
   */
  void reluGradient(int n, double[] a, int ao, double[] g, int go, double[] d, int dof);

  /**
   * Propagates g through a leaky ReLU of value a: d[i] = a[i] ≤ 0 ? g[i] · epsilon : g[i]; g where a is NaN.
   *
   * @param n the number of elements
   * @param epsilon a number ≥ 0, the slope for arguments ≤ 0
   * @param a the values of the leaky ReLU [n]
   * @param ao the index of the first element of a
   * @param g the gradient with respect to these values [n]
   * @param go the index of the first element of g
   * @param d the gradient with respect to the arguments [n]
   * @param dof the index of the first element of d
   */
  void leakyReluGradient(int n, double epsilon, double[] a, int ao, double[] g, int go, double[] d, int dof);

  /**
   * Propagates g through an ELU of argument x: d[i] = x[i] &gt; 0 ? g[i] : g[i] · {@link
   * Elementary#eluDerivative}(alpha, x[i]). NaN where x is NaN.
   *
   * @param n the number of elements
   * @param alpha the factor of e^x − 1
   * @param x the arguments of the ELU [n]
   * @param xo the index of the first element of x
   * @param g the gradient with respect to its values [n]
   * @param go the index of the first element of g
   * @param d the gradient with respect to the arguments [n]
   * @param dof the index of the first element of d
   */
  void eluGradient(int n, double alpha, double[] x, int xo, double[] g, int go, double[] d, int dof);

  /**
   * Propagates g through a GELU of argument x: d[i] = g[i] · {@link Elementary#geluDerivative}(x[i]).
   *
   * @param n the number of elements
   * @param x the arguments of the GELU [n]
   * @param xo the index of the first element of x
   * @param g the gradient with respect to its values [n]
   * @param go the index of the first element of g
   * @param d the gradient with respect to the arguments [n]
   * @param dof the index of the first element of d
   */
  void geluGradient(int n, double[] x, int xo, double[] g, int go, double[] d, int dof);

  /**
   * Propagates g through a SiLU of argument x: d[i] = g[i] · {@link Elementary#siluDerivative}(x[i]).
   *
   * @param n the number of elements
   * @param x the arguments of the SiLU [n]
   * @param xo the index of the first element of x
   * @param g the gradient with respect to its values [n]
   * @param go the index of the first element of g
   * @param d the gradient with respect to the arguments [n]
   * @param dof the index of the first element of d
   */
  void siluGradient(int n, double[] x, int xo, double[] g, int go, double[] d, int dof);

  /**
   * Propagates g through a softplus of argument x: d[i] = g[i] · {@link Elementary#sigmoid}(x[i]).
   *
   * @param n the number of elements
   * @param x the arguments of the softplus [n]
   * @param xo the index of the first element of x
   * @param g the gradient with respect to its values [n]
   * @param go the index of the first element of g
   * @param d the gradient with respect to the arguments [n]
   * @param dof the index of the first element of d
   */
  void softplusGradient(int n, double[] x, int xo, double[] g, int go, double[] d, int dof);

  // ---------------------------------------------------------------- reductions

  /**
   * Adds up the columns: s[j] = s[j] + x[i,j] for i = 0 … rows−1, in that order. This is the gradient of a bias.
   *
   * @param rows the number of rows of x
   * @param cols the number of columns of x
   * @param x the matrix [rows × cols]
   * @param xo the index of the first element of x
   * @param s the sums [cols], to which x is added; must not overlap x
   * @param so the index of the first element of s
   */
  void columnSums(int rows, int cols, double[] x, int xo, double[] s, int so);

  /**
   * {@return Σ x[i], accumulated in eight stripes that one tree joins; +0 for n = 0}
   * <pre>s0 … s7 = +0;  s[i mod 8] = s[i mod 8] + x[i]   for i = 0 … n−1
   * result = ((s0 + s4) + (s2 + s6)) + ((s1 + s5) + (s3 + s7))</pre>
   *
   * @param n the number of elements
   * @param x the input [n]
   * @param xo the index of the first element of x
   */
  double sum(int n, double[] x, int xo);

  /**
   * {@return Σ x[i]·y[i], accumulated as in {@link #sum}, with s = fma(x[i], y[i], s) for each stripe}
   *
   * @param n the number of elements
   * @param x the first vector [n]
   * @param xo the index of the first element of x
   * @param y the second vector [n]
   * @param yo the index of the first element of y
   */
  double dot(int n, double[] x, int xo, double[] y, int yo);

  /**
   * {@return the largest x[i]: −∞ for n = 0, NaN if any element is NaN, and +0 is larger than −0} The result does not
   * depend on the order of comparisons.
   *
   * @param n the number of elements
   * @param x the input [n]
   * @param xo the index of the first element of x
   */
  double max(int n, double[] x, int xo);

  // ---------------------------------------------------------------- softmax

  /**
   * Computes the softmax of each row:
   * <pre>m = max_j x[i,j];  e[j] = exp(x[i,j] − m);  y[i,j] = e[j] / Σ e,   Σ as in {@link #sum}</pre>
   * Finite for all finite x. A row that contains NaN or +∞, or only −∞, becomes NaN.
   * Formula: beyond-softmax-sum. Spec: SoftmaxSpec#rowsOfUpToAThousandColumnsSumToOneWithinFourUlps.
   *
   * @param rows the number of rows
   * @param cols the number of columns
   * @param x the logits [rows × cols]
   * @param xo the index of the first element of x
   * @param y the probabilities [rows × cols]
   * @param yo the index of the first element of y
   */
  void softmax(int rows, int cols, double[] x, int xo, double[] y, int yo);

  /**
   * Multiplies each row of g by the Jacobian of softmax at value a, J_ij = a_i(δ_ij − a_j):
   * <pre>d[i,j] = a[i,j] · (g[i,j] − Σ_q a[i,q]·g[i,q]),   Σ as in {@link #dot}</pre>
   *
   * @param rows the number of rows
   * @param cols the number of columns
   * @param a the values of softmax [rows × cols]
   * @param ao the index of the first element of a
   * @param g the gradient with respect to these values [rows × cols]
   * @param go the index of the first element of g
   * @param d the gradient with respect to the logits [rows × cols]
   * @param dof the index of the first element of d
   */
  void softmaxGradient(int rows, int cols, double[] a, int ao, double[] g, int go, double[] d, int dof);

  /**
   * Computes ln Σ_j e^x[i,j] of each row without overflow:
   * <pre>m = max_j x[i,j];  y[i] = m + log(Σ exp(x[i,j] − m)),   Σ as in {@link #sum};  y[i] = m where m is ±∞</pre>
   * So a row that is empty or only −∞ gives −∞, a row that contains +∞ gives ∞, and a row that contains NaN gives NaN.
   *
   * <p>Core's losses need it for one row at a time. The method is for users' losses on batches of logits.
   *
   * @param rows the number of rows of x
   * @param cols the number of columns of x
   * @param x the logits [rows × cols]
   * @param xo the index of the first element of x
   * @param y the result of each row [rows]; must not overlap x
   * @param yo the index of the first element of y
   */
  void logSumExp(int rows, int cols, double[] x, int xo, double[] y, int yo);
}
