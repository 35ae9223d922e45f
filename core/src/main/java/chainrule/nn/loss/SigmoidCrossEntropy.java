// SPDX-License-Identifier: MIT
package chainrule.nn.loss;

import chainrule.kernels.Elementary;
import chainrule.nn.activation.Activation;

/**
 * Binary cross-entropy fused with a sigmoid output, as a function of the logits z:
 * <pre>L = f Σ [y · softplus(−z) + (1 − y) · softplus(z)]        ∂L/∂z = f (σ(z) − y)</pre>
 * since −ln σ(z) = softplus(−z) and −ln(1 − σ(z)) = softplus(z). Finite for every finite z, without clamping.
 * f = 1/n (mean, the default) or 1 (sum). NaN propagates.
 *
 * @param reduction a mean or a sum over the rows, which sets f
 */
public record SigmoidCrossEntropy(Reduction reduction) implements ElementwiseLoss {
  /** A mean over the rows. */
  public SigmoidCrossEntropy() {
    this(Reduction.MEAN);
  }

  @Override public String name() {
    return reduction.name("sigmoid-cross-entropy");
  }

  @Override public double value(double z, double y) {
    double one = y == 0 ? 0 : y * Elementary.softplus(-z);
    double zero = y == 1 ? 0 : (1 - y) * Elementary.softplus(z);
    return one + zero;
  }

  @Override public double derivative(double z, double y) {
    return Elementary.sigmoid(z) - y;
  }

  @Override public String misfit(Activation output, int outputs) {
    return output.givesProbabilities() ? "takes logits: use a linear output, or the loss bce" : "";
  }
}
