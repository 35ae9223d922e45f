// SPDX-License-Identifier: MIT
package chainrule.nn.loss;

import chainrule.kernels.Elementary;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Softmax;
import java.util.Optional;

/**
 * Categorical cross-entropy: <pre>L = −f Σ_b Σ_j y ln ŷ        ∂L/∂ŷ = −f y/ŷ</pre>
 * f = 1/n (mean, the default) or 1 (sum); ŷ in [0, 1]. A term with y = 0 is 0, even for ŷ = 0. A true class with ŷ = 0
 * costs ∞. NaN propagates, even where y = 0. With a softmax output, training uses {@link SoftmaxCrossEntropy} instead,
 * which is finite.
 *
 * @param reduction a mean or a sum over the rows, which sets f
 */
public record CategoricalCrossEntropy(Reduction reduction) implements ElementwiseLoss {
  /** A mean over the rows. */
  public CategoricalCrossEntropy() {
    this(Reduction.MEAN);
  }

  @Override public String name() {
    return reduction.name("cce");
  }

  /**
   * Returns −y ln ŷ.
   * Formula: 001-cce, 003-cce. Spec: CrossEntropySpec#categoricalCrossEntropyMatchesTheDocuments.
   * Formula: 003-cce-one-hot. Spec: CrossEntropySpec#forOneHotTargetsOnlyTheLogarithmOfTheTargetRemains.
   */
  @Override public double value(double yhat, double y) {
    return isZero(yhat, y) ? 0 : -y * Elementary.log(yhat);
  }

  /**
   * Returns −y/ŷ, without the factor 1/n.
   * Formula: 003-cce-d. Spec: CrossEntropySpec#categoricalCrossEntropyMatchesTheDocuments.
   */
  @Override public double derivative(double yhat, double y) {
    return isZero(yhat, y) ? 0 : -y / yhat;
  }

  /** Returns whether the term is 0 for any logarithm: y = 0, and ŷ is not NaN. */
  private static boolean isZero(double yhat, double y) {
    return y == 0 && !Double.isNaN(yhat);
  }

  @Override public String misfit(Activation output, int outputs) {
    if (outputs < 2) {
      return "needs an output for each class, at least 2; " + (output instanceof Softmax
          ? "for one output use sigmoid with bce" : output.givesProbabilities() ? "for one output use bce"
          : "to predict a number use mse");
    }
    return output.givesProbabilities() ? "" : "needs outputs between 0 and 1: use a softmax output, or the loss mse";
  }

  @Override public Optional<Loss> onLogitsOf(Activation output) {
    return output instanceof Softmax ? Optional.of(new SoftmaxCrossEntropy(reduction)) : Optional.empty();
  }
}
