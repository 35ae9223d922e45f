// SPDX-License-Identifier: MIT
package chainrule.nn.loss;

import chainrule.kernels.Kernels;
import chainrule.nn.activation.Activation;
import java.util.Optional;

/**
 * A loss: <pre>L = f · Σ_b ℓ(ŷ_b, y_b)        f = 1 (sum) or 1/n (mean), n rows b</pre>
 * and its gradient ∂L/∂ŷ. Losses of each element alone implement {@link ElementwiseLoss}, two lines of formula.
 *
 * <p>Implementations are immutable and safe for use by many threads. Shapes: ŷ, y, g [rows × cols], row-major; y may
 * begin anywhere in its array, ŷ and g begin at 0.
 */
public interface Loss {

  /** The name used in summaries, files and on the command line. */
  String name();

  /** Sum or mean over the rows. */
  Reduction reduction();

  /** Σ_b ℓ(ŷ_b, y_b), without the factor. */
  double sum(Kernels kernels, int rows, int cols, double[] yhat, double[] y, int yo);

  /** g = factor · ∂(Σ_b ℓ)/∂ŷ. */
  void gradient(Kernels kernels, int rows, int cols, double[] yhat, double[] y, int yo, double factor, double[] g);

  /** Both at once, with the same bits; worth overriding where they share work. */
  default double sumAndGradient(
      Kernels kernels, int rows, int cols, double[] yhat, double[] y, int yo, double factor, double[] g) {
    gradient(kernels, rows, cols, yhat, y, yo, factor, g);
    return sum(kernels, rows, cols, yhat, y, yo);
  }

  /** L, with the reduction's factor for these rows. */
  default double value(Kernels kernels, int rows, int cols, double[] yhat, double[] y, int yo) {
    return reduction().factor(rows) * sum(kernels, rows, cols, yhat, y, yo);
  }

  /** Why this loss cannot stand on a network with this output, in words; empty if it can. */
  default String misfit(Activation output, int outputs) {
    return "";
  }

  /**
   * The same loss as a function of the logits z instead of ŷ = φ(z), where this loss and φ are a canonical pair: finite
   * for every finite z, and with the gradient ŷ − y. Training uses it whenever there is one.
   */
  default Optional<Loss> onLogitsOf(Activation output) {
    return Optional.empty();
  }
}
