// SPDX-License-Identifier: MIT
package chainrule.nn.loss;

import chainrule.kernels.Elementary;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Softmax;
import java.util.Optional;

/**
 * Binary cross-entropy: <pre>L = −f Σ [y ln ŷ + (1 − y) ln(1 − ŷ)]        ∂L/∂ŷ = −f (y/ŷ − (1 − y)/(1 − ŷ))</pre>
 * f = 1/n (mean, the default) or 1 (sum); ŷ in [0, 1]. A term with the factor y = 0 or 1 − y = 0 is 0, even if its
 * logarithm is −∞. A wrong ŷ of exactly 0 or 1 costs ∞. NaN propagates. With a sigmoid output, training uses
 * {@link SigmoidCrossEntropy} instead, which is finite. 000 prints ln 1 − x for ln(1 − ŷ).
 *
 * @param reduction a mean or a sum over the rows, which sets f
 */
public record BinaryCrossEntropy(Reduction reduction) implements ElementwiseLoss {
  /** A mean over the rows. */
  public BinaryCrossEntropy() {
    this(Reduction.MEAN);
  }

  @Override public String name() {
    return reduction.name("bce");
  }

  /**
   * Returns −(y ln ŷ + (1 − y) ln(1 − ŷ)).
   * Formula: 000-2.2. Spec: CrossEntropySpec#thePrintedLogarithmWithoutParenthesesIsFalse.
   * Formula: 001-bce, 002-bce, 003-bce. Spec: CrossEntropySpec#binaryCrossEntropyMatchesTheDocuments.
   */
  @Override public double value(double yhat, double y) {
    double one = y == 0 ? 0 : y * Elementary.log(yhat);
    double zero = y == 1 ? 0 : (1 - y) * Elementary.log(1 - yhat);
    return -(one + zero);
  }

  /**
   * Returns (1 − y)/(1 − ŷ) − y/ŷ.
   * Formula: 000-2.2-d, 001-bce-d, 003-bce-d. Spec: CrossEntropySpec#binaryCrossEntropyMatchesTheDocuments.
   */
  @Override public double derivative(double yhat, double y) {
    double one = y == 0 ? 0 : y / yhat;
    double zero = y == 1 ? 0 : (1 - y) / (1 - yhat);
    return zero - one;
  }

  @Override public String misfit(Activation output, int outputs) {
    if (output instanceof Softmax && outputs == 1) {
      return "needs an output that can vary: a softmax of 1 unit is always 1";
    }
    return output.givesProbabilities() ? "" : "needs outputs between 0 and 1: use a sigmoid output, or the loss mse";
  }

  @Override public Optional<Loss> onLogitsOf(Activation output) {
    return output instanceof Sigmoid ? Optional.of(new SigmoidCrossEntropy(reduction)) : Optional.empty();
  }
}
