// SPDX-License-Identifier: MIT
package chainrule.nn.loss;

/**
 * Weights w of the rows of a batch, by which their losses are multiplied:
 * <pre>
 * L = Σ_b w_b ℓ_b / Σ_b w_b     ∂L/∂ŷ_b = w_b / Σ_c w_c · ∂ℓ_b/∂ŷ_b       mean
 * L = Σ_b w_b ℓ_b               ∂L/∂ŷ_b = w_b · ∂ℓ_b/∂ŷ_b                  sum
 * </pre>
 * A row of weight 0 has no influence, even if its loss is ∞ or NaN. If all weights are 0, L and its gradient are 0.
 * Weights that are all 1 give the bits of no weights for every built-in loss. The limits {@link #LEAST} and
 * {@link #LARGEST} keep sums of weights and their reciprocals far from overflow. Spec: WeightedLossSpec.
 */
public final class RowWeights {
  private RowWeights() {}

  /** The least weight above 0. */
  public static final double LEAST = 1e-100;
  /** The largest weight. */
  public static final double LARGEST = 1e100;

  /**
   * {@return Σ_b w_b, added in order, so n exactly if all are 1}
   *
   * @param rows n, the number of rows
   * @param w the weights [n], starting at wo
   * @param wo the index of the first weight
   * @throws IllegalArgumentException unless each weight is 0 or from 1e-100 to 1e100
   */
  public static double sum(int rows, double[] w, int wo) {
    double sum = 0;
    for (int b = 0; b < rows; b++) {
      double one = w[wo + b];
      if (one != 0 && !(one >= LEAST && one <= LARGEST)) {
        throw new IllegalArgumentException(
            "row " + b + ": expected a weight of 0, or from " + LEAST + " to " + LARGEST + ", found " + one);
      }
      sum += one;
    }
    return sum;
  }
}
