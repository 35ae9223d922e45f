// SPDX-License-Identifier: MIT
package chainrule.nn.loss;

import chainrule.kernels.Kernels;
import chainrule.nn.activation.Activation;
import java.util.Optional;

/**
 * A loss: <pre>L = f · Σ_b ℓ(ŷ_b, y_b)        f = 1 (sum) or 1/n (mean), n rows b</pre>
 * and its gradient ∂L/∂ŷ. A loss that is a sum over elements implements {@link ElementwiseLoss}. Every loss also works
 * with {@linkplain RowWeights weights} of the rows, since ℓ of a row is {@link #sum} of that row alone.
 *
 * <p>Implementations must be immutable, so that many threads can use them. Shapes: ŷ, y, g [rows × cols], row-major; y
 * starts at yo, ŷ and g at 0. The arrays may be longer.
 */
public interface Loss {

  /** {@return the name in summaries, files and on the command line} */
  String name();

  /** {@return whether the loss is a sum or a mean over the rows} */
  Reduction reduction();

  /**
   * {@return Σ_b ℓ(ŷ_b, y_b), without the factor f}
   *
   * @param kernels the kernels to compute with; the bits do not depend on them
   * @param rows the number of rows
   * @param cols the number of outputs of each row
   * @param yhat the outputs ŷ [rows × cols]
   * @param y the targets [rows × cols]
   * @param yo the index of the first target
   */
  double sum(Kernels kernels, int rows, int cols, double[] yhat, double[] y, int yo);

  /**
   * Computes g = factor · ∂(Σ_b ℓ)/∂ŷ.
   *
   * @param kernels the kernels to compute with; the bits do not depend on them
   * @param rows the number of rows
   * @param cols the number of outputs of each row
   * @param yhat the outputs ŷ [rows × cols]
   * @param y the targets [rows × cols]
   * @param yo the index of the first target
   * @param factor f for the gradient of L
   * @param g receives the gradient [rows × cols]; must not be the array {@code yhat}
   */
  void gradient(Kernels kernels, int rows, int cols, double[] yhat, double[] y, int yo, double factor, double[] g);

  /**
   * Computes {@link #gradient} and returns {@link #sum}, with the same bits. Override it where they share work.
   *
   * @param kernels the kernels to compute with; the bits do not depend on them
   * @param rows the number of rows
   * @param cols the number of outputs of each row
   * @param yhat the outputs ŷ [rows × cols]
   * @param y the targets [rows × cols]
   * @param yo the index of the first target
   * @param factor f for the gradient of L
   * @param g receives the gradient [rows × cols]; must not be the array {@code yhat}
   * @return the sum
   */
  default double sumAndGradient(
      Kernels kernels, int rows, int cols, double[] yhat, double[] y, int yo, double factor, double[] g) {
    gradient(kernels, rows, cols, yhat, y, yo, factor, g);
    return sum(kernels, rows, cols, yhat, y, yo);
  }

  /**
   * {@return Σ_b w_b ℓ(ŷ_b, y_b), without the factor f} A row of weight 0 adds nothing. Calls {@link #sum} row by row
   * unless overridden.
   * Formula: beyond-weighted-mean, beyond-weighted-sum. Spec:
   * WeightedLossSpec#aWeightedLossIsTheSumOfWeightedRowsOverTheSumOfWeightsForAMean.
   *
   * @param kernels the kernels to compute with; the bits do not depend on them
   * @param rows the number of rows
   * @param cols the number of outputs of each row
   * @param yhat the outputs ŷ [rows × cols]
   * @param y the targets [rows × cols]
   * @param yo the index of the first target
   * @param w the weights w_b [rows], starting at wo
   * @param wo the index of the first weight
   * @param row a buffer of ≥ cols numbers
   */
  default double weightedSum(Kernels kernels, int rows, int cols, double[] yhat, double[] y, int yo, double[] w, int wo,
      double[] row) {
    double total = 0;
    for (int b = 0; b < rows; b++) {
      if (w[wo + b] == 0) continue;
      System.arraycopy(yhat, b * cols, row, 0, cols);
      total += w[wo + b] * sum(kernels, 1, cols, row, y, yo + b * cols);
    }
    return total;
  }

  /**
   * Computes g_b = factor · w_b · ∂ℓ/∂ŷ_b for each row and returns {@link #weightedSum}, with the same bits. The
   * gradient of a row of weight 0 is 0. Override it where they share work.
   * Formula: beyond-weighted-mean-d, beyond-weighted-sum-d. Spec:
   * WeightedLossSpec#aWeightedLossIsTheSumOfWeightedRowsOverTheSumOfWeightsForAMean.
   *
   * @param kernels the kernels to compute with; the bits do not depend on them
   * @param rows the number of rows
   * @param cols the number of outputs of each row
   * @param yhat the outputs ŷ [rows × cols]
   * @param y the targets [rows × cols]
   * @param yo the index of the first target
   * @param w the weights w_b [rows], starting at wo
   * @param wo the index of the first weight
   * @param factor f for the gradient of L
   * @param g receives the gradient [rows × cols]; must not be the array {@code yhat}
   * @return the weighted sum
   */
  default double weightedSumAndGradient(Kernels kernels, int rows, int cols, double[] yhat, double[] y, int yo,
      double[] w, int wo, double factor, double[] g) {
    double total = weightedSum(kernels, rows, cols, yhat, y, yo, w, wo, g);
    gradient(kernels, rows, cols, yhat, y, yo, factor, g);
    for (int b = 0; b < rows; b++) {
      double weight = w[wo + b];
      for (int i = b * cols; i < (b + 1) * cols; i++) g[i] = weight == 0 ? 0 : weight * g[i];
    }
    return total;
  }

  /**
   * {@return L, the sum times the reduction's factor}
   *
   * @param kernels the kernels to compute with; the bits do not depend on them
   * @param rows the number of rows
   * @param cols the number of outputs of each row
   * @param yhat the outputs ŷ [rows × cols]
   * @param y the targets [rows × cols]
   * @param yo the index of the first target
   */
  default double value(Kernels kernels, int rows, int cols, double[] yhat, double[] y, int yo) {
    return reduction().factor(rows) * sum(kernels, rows, cols, yhat, y, yo);
  }

  /**
   * {@return why this loss cannot be used with this output, as the end of a sentence that starts with "it"; empty if it
   * can}
   *
   * @param output the activation of the output layer
   * @param outputs the number of output units
   */
  default String misfit(Activation output, int outputs) {
    return "";
  }

  /**
   * {@return this loss fused with the output's activation, as a function of the logits z instead of ŷ = φ(z)} It is
   * finite for finite z, and its gradient is ŷ − y. Training uses it if there is one. Empty unless overridden.
   *
   * @param output the activation of the output layer, φ
   */
  default Optional<Loss> onLogitsOf(Activation output) {
    return Optional.empty();
  }
}
