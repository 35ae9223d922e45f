// SPDX-License-Identifier: MIT
package chainrule.kernels;

import static chainrule.kernels.Lanes.COUNT;
import static chainrule.kernels.Lanes.D;
import static chainrule.kernels.Lanes.L;
import static chainrule.kernels.VectorReductions.STRIPES;
import static chainrule.kernels.VectorSoftmax.INVERSES;
import static chainrule.kernels.VectorSoftmax.LOWS;
import static chainrule.kernels.VectorSoftmax.MAXIMA;
import static chainrule.kernels.VectorSoftmax.MINUS_SUMS;
import static chainrule.kernels.VectorSoftmax.PARTS;
import static chainrule.kernels.VectorSoftmax.SQUARES;
import static chainrule.kernels.VectorSoftmax.SUMS;
import static jdk.incubator.vector.DoubleVector.broadcast;
import static jdk.incubator.vector.DoubleVector.fromArray;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.MAX;
import static jdk.incubator.vector.VectorOperators.XOR;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorShuffle;

/**
 * The parts of softmax, log-sum-exp and the gradient of softmax for rows of 8 to 16 columns in eight lanes. A row is
 * two vectors that overlap:
 *
 * <pre>
 *   row of 10        0 1 2 3 4 5 6 7 8 9
 *   first vector     0 1 2 3 4 5 6 7
 *   second vector        2 3 4 5 6 7 8 9           for maxima and results, which may be computed twice
 *   second vector    8 9 − − − − − −               for sums in eight stripes; − is masked
 * </pre>
 *
 * A transposition, as for shorter rows, reads and writes each element once more, one by one. On Intel, JDK 17 and 25,
 * 64 rows of 10 take 1.7 ns per element (transposed 3.3), and their gradient 0.56 (in stripes, row by row, 1.3).
 * The gradient of 17 to 24 columns is three vectors in the same way. On AMD, that of 20 columns takes 0.42 ns per
 * element on JDK 17 (row by row 1.0).
 *
 * <p>The scratch array s has the layout of {@link VectorSoftmax}. A block has at most 64 rows.
 */
final class TwoVectorRows {
  private TwoVectorRows() {}

  /** Eight lanes that are kept, then eight that are cleared. */
  private static final long[] KEPT = {-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0};

  /**
   * The tree of {@link Kernels#sum} as three additions of a vector of stripes and its shuffle. Each lane then has the
   * sum, because a + b = b + a. The gradient of 64 rows of 10 on AMD Zen 5: 0.82 ns per element on JDK 17 (the scalar
   * tree 1.28), 0.50 on 25 (1.39).
   */
  private static final VectorShuffle<Double> SWAP_FOURS = VectorShuffle.fromOp(D, i -> (i ^ 4) % COUNT),
      SWAP_PAIRS = VectorShuffle.fromOp(D, i -> (i ^ 2) % COUNT), SWAP_NEIGHBORS = VectorShuffle.fromOp(D, i -> i ^ 1);

  /** Returns whether a row is two vectors, a vector has a lane for each stripe, and there are enough rows. */
  static boolean fit(int rows, int cols) {
    return rows > VectorSoftmax.FEW && COUNT == STRIPES && cols >= COUNT && cols <= 2 * COUNT;
  }

  /** Returns whether {@link #gradientOfThree} applies. */
  static boolean fitThree(int rows, int cols) {
    return rows > VectorSoftmax.FEW && COUNT == STRIPES && cols > 2 * COUNT && cols <= 3 * COUNT;
  }

  /** s [rows × cols] = e^(x − m), with the sums of its rows. Returns whether all x − m are ordinary. */
  static boolean sumExp(int rows, int cols, double[] x, int xo, double[] s) {
    boolean ordinary = subtractMaxima(rows, cols, x, xo, s);
    VectorSoftmax.exp(ordinary, rows * cols, s, 0);
    sum(rows, cols, s);
    return ordinary;
  }

  /** y [rows × cols] = s / the sums of its rows. */
  static void divide(boolean ordinary, int rows, int cols, double[] s, double[] y, int yo) {
    if (ordinary) divideOrdinary(rows, cols, s, y, yo);
    else divide(rows, cols, s, y, yo);
  }

  /**
   * s [rows × cols] = x − m, with the maximum m of each row, which is also stored. Returns whether all differences are
   * ordinary: see {@link VectorSoftmax#SQUARES}.
   */
  private static boolean subtractMaxima(int rows, int cols, double[] x, int xo, double[] s) {
    LongVector noSign = LongVector.broadcast(L, Long.MAX_VALUE);
    DoubleVector squares0 = broadcast(D, 0), squares1 = squares0, limit = broadcast(D, SQUARES);
    int second = cols - COUNT;
    for (int i = 0; i < rows; i++) {
      DoubleVector v0 = fromArray(D, x, xo + i * cols), v1 = fromArray(D, x, xo + i * cols + second);
      LongVector bits = v0.blend(v1, v1.compare(GT, v0)).reinterpretAsLongs();
      // Without a sign bit, numbers are ordered as integers. With it, they are if the other bits are inverted.
      long max = bits.lanewise(ASHR, 63).and(noSign).lanewise(XOR, bits).reduceLanes(MAX);
      double m = Double.longBitsToDouble(max >> 63 & Long.MAX_VALUE ^ max);
      s[MAXIMA + i] = m;
      DoubleVector less = broadcast(D, m), d0 = v0.sub(less), d1 = v1.sub(less);
      d0.intoArray(s, i * cols);
      d1.intoArray(s, i * cols + second);
      squares0 = d0.fma(d0, squares0);
      squares1 = d1.fma(d1, squares1);
    }
    return squares0.compare(LE, limit).allTrue() && squares1.compare(LE, limit).allTrue();
  }

  /** Computes the sums and inverses of the rows of s [rows × cols], whose elements are positive. */
  private static void sum(int rows, int cols, double[] s) {
    LongVector kept = LongVector.fromArray(L, KEPT, 2 * COUNT - cols);
    for (int i = 0; i < rows; i++) {
      DoubleVector rest = fromArray(D, s, i * cols + COUNT).reinterpretAsLongs().and(kept).reinterpretAsDoubles();
      fromArray(D, s, i * cols).add(rest).intoArray(s, PARTS + i * STRIPES);
    }
    for (int i = 0; i < rows; i++) {
      s[SUMS + i] = tree(s, PARTS + i * STRIPES);
      VectorSoftmax.invert(s, i); // its division overlaps with the next tree
    }
  }

  private static double tree(double[] s, int o) {
    return ScalarKernels.tree(s[o], s[o + 1], s[o + 2], s[o + 3], s[o + 4], s[o + 5], s[o + 6], s[o + 7]);
  }

  /** y [rows × cols] = s / the sums of its rows, for ordinary differences, by {@link VectorSoftmax#invert}. */
  private static void divideOrdinary(int rows, int cols, double[] s, double[] y, int yo) {
    int second = cols - COUNT;
    for (int i = 0; i < rows; i++) {
      DoubleVector minusSum = broadcast(D, s[MINUS_SUMS + i]);
      DoubleVector inverse = broadcast(D, s[INVERSES + i]), low = broadcast(D, s[LOWS + i]);
      DoubleVector e0 = fromArray(D, s, i * cols), e1 = fromArray(D, s, i * cols + second);
      DoubleVector q0 = e0.fma(inverse, e0.mul(low)), q1 = e1.fma(inverse, e1.mul(low));
      minusSum.fma(q0, e0).fma(inverse, q0).intoArray(y, yo + i * cols);
      minusSum.fma(q1, e1).fma(inverse, q1).intoArray(y, yo + i * cols + second);
    }
  }

  private static void divide(int rows, int cols, double[] s, double[] y, int yo) {
    for (int i = 0; i < rows; i++) {
      DoubleVector sum = broadcast(D, s[SUMS + i]);
      fromArray(D, s, i * cols).div(sum).intoArray(y, yo + i * cols);
      fromArray(D, s, i * cols + cols - COUNT).div(sum).intoArray(y, yo + i * cols + cols - COUNT);
    }
  }

  /**
   * {@link Kernels#softmaxGradient} except for the last row, because it reads 16 − cols elements after each row. d may
   * be a or g, so a row is read before it is written.
   */
  static void gradient(int rows, int cols, double[] a, int ao, double[] g, int go, double[] d, int dof) {
    LongVector kept = LongVector.fromArray(L, KEPT, 2 * COUNT - cols);
    LongVector minusZeros = LongVector.broadcast(L, Long.MIN_VALUE).and(kept.not()); // 0 · −0 changes no sum
    DoubleVector zero = broadcast(D, 0);
    int second = cols - COUNT;
    for (int i = 1, ai = ao, gi = go, di = dof; i < rows; i++, ai += cols, gi += cols, di += cols) {
      DoubleVector a0 = fromArray(D, a, ai), g0 = fromArray(D, g, gi);
      LongVector restA = fromArray(D, a, ai + COUNT).reinterpretAsLongs().and(kept);
      LongVector restG = fromArray(D, g, gi + COUNT).reinterpretAsLongs().and(kept).or(minusZeros);
      DoubleVector sums = restA.reinterpretAsDoubles().fma(restG.reinterpretAsDoubles(), a0.fma(g0, zero));
      sums = sums.add(sums.rearrange(SWAP_FOURS));
      sums = sums.add(sums.rearrange(SWAP_PAIRS));
      DoubleVector mean = sums.add(sums.rearrange(SWAP_NEIGHBORS));
      DoubleVector d1 = fromArray(D, a, ai + second).mul(fromArray(D, g, gi + second).sub(mean));
      a0.mul(g0.sub(mean)).intoArray(d, di);
      d1.intoArray(d, di + second);
    }
  }

  /** Like {@link #gradient}, for rows of 17 to 24 columns: two vectors and a third that overlaps. */
  static void gradientOfThree(int rows, int cols, double[] a, int ao, double[] g, int go, double[] d, int dof) {
    LongVector kept = LongVector.fromArray(L, KEPT, 3 * COUNT - cols);
    LongVector minusZeros = LongVector.broadcast(L, Long.MIN_VALUE).and(kept.not());
    DoubleVector zero = broadcast(D, 0);
    int third = cols - COUNT;
    for (int i = 1, ai = ao, gi = go, di = dof; i < rows; i++, ai += cols, gi += cols, di += cols) {
      DoubleVector a0 = fromArray(D, a, ai), g0 = fromArray(D, g, gi);
      DoubleVector a1 = fromArray(D, a, ai + COUNT), g1 = fromArray(D, g, gi + COUNT);
      LongVector restA = fromArray(D, a, ai + 2 * COUNT).reinterpretAsLongs().and(kept);
      LongVector restG = fromArray(D, g, gi + 2 * COUNT).reinterpretAsLongs().and(kept).or(minusZeros);
      DoubleVector first = a1.fma(g1, a0.fma(g0, zero));
      DoubleVector sums = restA.reinterpretAsDoubles().fma(restG.reinterpretAsDoubles(), first);
      sums = sums.add(sums.rearrange(SWAP_FOURS));
      sums = sums.add(sums.rearrange(SWAP_PAIRS));
      DoubleVector mean = sums.add(sums.rearrange(SWAP_NEIGHBORS));
      DoubleVector d2 = fromArray(D, a, ai + third).mul(fromArray(D, g, gi + third).sub(mean));
      a0.mul(g0.sub(mean)).intoArray(d, di);
      a1.mul(g1.sub(mean)).intoArray(d, di + COUNT);
      d2.intoArray(d, di + third);
    }
  }
}
