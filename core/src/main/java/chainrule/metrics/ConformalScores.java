// SPDX-License-Identifier: MIT
package chainrule.metrics;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;

/**
 * The nonconformity scores s of n rows that the model was not trained on, and their conformal quantile:
 * <pre>q(c) = the ⌈(n + 1)·c⌉-th smallest s;  ∞ if that exceeds n         0 &lt; c &lt; 1</pre>
 * If the score of a new row is exchangeable with these, it is at most q(c) with probability ≥ c, whatever the model and
 * the distribution; without ties, with probability &lt; c + 1/(n + 1). The rank is exact for the decimal number that c
 * prints as: 0.55 of 99 rows is rank 55, though 100 · 0.55 rounds to more than 55. NaN counts as ∞. Sources: Vovk,
 * Gammerman, Shafer 2005; Lei and others 2018.
 *
 * <p>A model file may keep a part of the scores: m of them, of which the i-th is the ⌈i·n/m⌉-th smallest. The quantile
 * is then the smallest kept score whose rank is large enough, so the coverage is at most 1/m larger than needed.
 */
public final class ConformalScores {
  private final int rows;
  private final double[] kept; // [m] ascending

  /**
   * Restores scores from a file.
   *
   * @param rows n
   * @param kept m ≤ n scores, ascending, as {@link #kept} returns them; the array is copied
   * @throws IllegalArgumentException unless there are 1 … n ascending scores, or none for no rows
   */
  public ConformalScores(int rows, double[] kept) {
    if (rows < 0 || kept.length > rows || kept.length == 0 && rows > 0) {
      throw new IllegalArgumentException("expected 1 to " + rows + " scores of " + rows + " rows, found "
          + kept.length);
    }
    for (int i = 0; i < kept.length; i++) {
      if (!(i == 0 ? kept[0] == kept[0] : kept[i] >= kept[i - 1])) {
        throw new IllegalArgumentException("scores: expected ascending numbers, found " + kept[i] + " at " + i);
      }
    }
    this.rows = rows;
    this.kept = kept.clone();
  }

  /**
   * {@return the scores of rows, all of them kept}
   *
   * @param scores [rows], in any order; NaN counts as ∞
   */
  public static ConformalScores of(double[] scores) {
    double[] sorted = scores.clone();
    for (int i = 0; i < sorted.length; i++) if (Double.isNaN(sorted[i])) sorted[i] = Double.POSITIVE_INFINITY;
    Arrays.sort(sorted);
    return new ConformalScores(sorted.length, sorted);
  }

  /**
   * {@return the same scores with at most this many kept}
   *
   * @param most the most scores to keep, ≥ 1
   */
  public ConformalScores thinned(int most) {
    if (most < 1) throw new IllegalArgumentException("expected ≥ 1 score, found " + most);
    if (kept.length <= most) return this;
    double[] fewer = new double[most];
    for (int i = 0; i < most; i++) fewer[i] = atRank(((i + 1L) * rows + most - 1) / most);
    return new ConformalScores(rows, fewer);
  }

  /** Returns the smallest kept score that is at least the rank-th smallest of all, rank 1 … n. */
  private double atRank(long rank) {
    return kept[(int) ((rank - 1) * kept.length / rows)];
  }

  /**
   * {@return the conformal quantile q(coverage)}
   * Formula: beyond-conformal-quantile. Spec: ConformalSpec#theQuantileIsTheSmallestScoreThatEnoughScoresDoNotExceed.
   *
   * @param coverage the probability c with which the score of a new row is to be at most the quantile
   * @throws IllegalArgumentException unless 0 &lt; coverage &lt; 1
   */
  public double quantile(double coverage) {
    long rank = rank(rows, coverage);
    return rank > rows ? Double.POSITIVE_INFINITY : atRank(rank);
  }

  /** Returns ⌈(n + 1)·coverage⌉, exactly. */
  private static long rank(int n, double coverage) {
    if (!(coverage > 0 && coverage < 1)) {
      throw new IllegalArgumentException("coverage: expected a number between 0 and 1, found " + coverage);
    }
    return BigDecimal.valueOf(coverage).multiply(BigDecimal.valueOf(n + 1L)).setScale(0, RoundingMode.CEILING)
        .longValueExact();
  }

  /** {@return the number of rows n} */
  public int rows() {
    return rows;
  }

  /** {@return a copy of the kept scores, ascending} */
  public double[] kept() {
    return kept.clone();
  }

  /** Returns the sizes, for a log line. */
  @Override public String toString() {
    return "scores of " + rows + " rows, " + kept.length + " kept";
  }
}
