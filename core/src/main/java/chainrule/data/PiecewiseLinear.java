// SPDX-License-Identifier: MIT
package chainrule.data;

import java.util.Arrays;

/**
 * Piecewise linear encoding: inputs that tell a network in which part of its column a number lies. Knots q divide the
 * numbers of the training rows into parts of about the same size, and piece k rises from the start to the end of part
 * k:
 * <pre>
 *   p_k(v) = 0.7 · (clip((v − q_k) / (q_{k+1} − q_k), 0, 1) − m_k)        k = 0 … pieces − 1
 *   m_k    = the mean of clip(…) over the numbers of the training rows
 * </pre>
 * A network can then bend its output at each knot without learning where the knots are. The pieces come after the
 * standardized number, which still grows where they are constant. Over the training rows, the mean of a piece is 0 and
 * its standard deviation at most 0.35. Values are in [−0.7, 0.7], also for v = ±∞; they are NaN for NaN.
 *
 * <p>{@link #fit} takes quantiles as knots: with B bins and n numbers v_1 ≤ … ≤ v_n, knot 0 is v_1, and knot k is
 * v_⌈nk/B⌉, the least number that at least k/B of the numbers do not exceed. So every knot is a number of the training
 * rows, and the result depends only on them, not on their order or the weights of rows. Equal knots are joined.
 *
 * <p>Source: Gorishniy, Rubachev, Babenko, On Embeddings for Numerical Features in Tabular Deep Learning, 2022. The
 * factor and the means are additions. Instances are immutable.
 */
public final class PiecewiseLinear {
  /** No pieces: a number is only standardized. */
  public static final PiecewiseLinear NONE = new PiecewiseLinear(new double[0], new double[0]);

  /** The most bins of {@link #fit}, and pieces of a column. */
  public static final int MOST = 100;

  private static final double SCALE = 0.7;

  private final double[] knots; // [pieces + 1], ascending; empty for no pieces
  private final double[] widths; // [pieces]
  private final double[] means; // [pieces]

  /**
   * Creates pieces from known parts, such as those of a file.
   *
   * @param knots [pieces + 1], strictly ascending; empty for no pieces
   * @param means [pieces], of each clipped piece over the training rows
   * @throws IllegalArgumentException if the sizes do not fit or exceed {@link #MOST} pieces, if the knots are not
   *     finite and strictly ascending, if a difference of knots overflows, or if a mean is not in [0, 1]
   */
  public PiecewiseLinear(double[] knots, double[] means) {
    if (knots.length != (means.length == 0 ? 0 : means.length + 1) || means.length > MOST) {
      throw new IllegalArgumentException("pieces: expected no knots, or 2 to " + (MOST + 1)
          + " knots and one mean less; found " + knots.length + " knots and " + means.length + " means");
    }
    this.knots = knots.clone();
    this.means = means.clone();
    this.widths = new double[means.length];
    for (int k = 0; k < means.length; k++) {
      widths[k] = knots[k + 1] - knots[k];
      if (!(widths[k] > 0 && widths[k] < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("pieces: expected ascending knots whose differences are finite, found "
            + knots[k] + " before " + knots[k + 1]);
      }
      if (!(means[k] >= 0 && means[k] <= 1)) {
        throw new IllegalArgumentException("pieces: expected means in [0, 1], found " + means[k]);
      }
    }
  }

  /**
   * {@return pieces between quantiles of these numbers} There are fewer pieces than bins where quantiles are equal, and
   * none if only one is left, which is then a copy of the standardized number: so for fewer than three different
   * numbers. There are none either if a difference of the knots overflows.
   *
   * @param values finite, in any order, those of the training rows that are not missing
   * @param bins 0 to {@link #MOST}; 0 and 1 give no pieces
   * @throws IllegalArgumentException for other {@code bins}
   */
  public static PiecewiseLinear fit(double[] values, int bins) {
    requireBins(bins);
    if (bins < 2 || values.length == 0) return NONE;
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double[] knots = new double[bins + 1];
    int n = 0;
    for (int k = 0; k <= bins; k++) {
      int rank = (int) (((long) sorted.length * k + bins - 1) / bins); // ⌈nk/B⌉, from 1; 0 for the first knot
      double knot = sorted[Math.max(rank, 1) - 1] + 0.0; // +0 for −0
      if (n == 0 || knot > knots[n - 1]) knots[n++] = knot;
    }
    if (n < 3 || Double.isInfinite(knots[n - 1] - knots[0])) return NONE;
    double[] means = new double[n - 1], clipped = new double[values.length];
    for (int k = 0; k < means.length; k++) {
      for (int i = 0; i < sorted.length; i++) clipped[i] = clipped(sorted[i], knots[k], knots[k + 1] - knots[k]);
      means[k] = Standardization.mean(clipped);
    }
    return new PiecewiseLinear(Arrays.copyOf(knots, n), means);
  }

  static int requireBins(int bins) {
    if (bins >= 0 && bins <= MOST) return bins;
    throw new IllegalArgumentException("bins: expected 0 to " + MOST + ", found " + bins);
  }

  /** {@return the number of pieces, each of which is an input} */
  public int count() {
    return means.length;
  }

  /**
   * {@return knot k, the start of piece k and the end of piece k − 1}
   *
   * @param k the index of the knot, 0 … {@link #count}
   */
  public double knot(int k) {
    return knots[k];
  }

  /**
   * {@return the mean of a clipped piece over the training rows, in [0, 1]}
   *
   * @param piece the index of the piece, from 0
   */
  public double mean(int piece) {
    return means[piece];
  }

  /** {@return the factor of all pieces} */
  public static double scale() {
    return SCALE;
  }

  /**
   * Writes the pieces of a number to x[to] … x[to + {@link #count} − 1].
   * Formula: beyond-piecewise-linear. Spec: PiecewiseLinearSpec#aPieceRisesBetweenItsQuantilesAboutItsMean.
   *
   * @param v the number, not standardized
   * @param x the array that receives the pieces
   * @param to the index of the first piece in the array
   */
  public void encode(double v, double[] x, int to) {
    for (int k = 0; k < means.length; k++) x[to + k] = SCALE * (clipped(v, knots[k], widths[k]) - means[k]);
  }

  private static double clipped(double v, double knot, double width) {
    return Math.min(Math.max((v - knot) / width, 0), 1);
  }

  @Override public boolean equals(Object o) {
    return o instanceof PiecewiseLinear p && Arrays.equals(knots, p.knots) && Arrays.equals(means, p.means);
  }

  @Override public int hashCode() {
    return 31 * Arrays.hashCode(knots) + Arrays.hashCode(means);
  }

  @Override public String toString() {
    return means.length == 0 ? "no pieces" : "pieces between " + Arrays.toString(knots);
  }
}
