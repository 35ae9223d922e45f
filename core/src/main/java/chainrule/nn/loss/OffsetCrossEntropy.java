// SPDX-License-Identifier: MIT
package chainrule.nn.loss;

import chainrule.kernels.Elementary;
import chainrule.nn.activation.Activation;

/**
 * Categorical cross-entropy with 000's offset: <pre>L = −f Σ y ln(ŷ + 10⁻¹⁰⁰)        ∂L/∂ŷ = −f y/(ŷ + 10⁻¹⁰⁰)</pre>
 * Finite at ŷ = 0, where a term is 230.26·y and its derivative −10¹⁰⁰·y. For ŷ ≥ 2⁻²⁷⁹ (about 10⁻⁸⁴) the offset is
 * below half an ulp and has no effect. f = 1 (the default, as printed in 000) or 1/n. NaN propagates.
 *
 * @param reduction a mean or a sum over the rows, which sets f
 */
public record OffsetCrossEntropy(Reduction reduction) implements ElementwiseLoss {
  private static final double OFFSET = 1e-100;

  /** A sum over the rows. */
  public OffsetCrossEntropy() {
    this(Reduction.SUM);
  }

  @Override public String name() {
    return reduction.name("cce-offset");
  }

  /** Returns −y ln(ŷ + 10⁻¹⁰⁰). Formula: 000-2.3. Spec: CrossEntropySpec#theOffsetCrossEntropyMatchesTheDocument. */
  @Override public double value(double yhat, double y) {
    return -y * Elementary.log(yhat + OFFSET);
  }

  /** Returns −y/(ŷ + 10⁻¹⁰⁰). Formula: 000-2.3-d. Spec: CrossEntropySpec#theOffsetCrossEntropyMatchesTheDocument. */
  @Override public double derivative(double yhat, double y) {
    return -y / (yhat + OFFSET);
  }

  @Override public String misfit(Activation output, int outputs) {
    return output.givesProbabilities() ? "" : "needs outputs between 0 and 1: use a softmax output, or the loss mse";
  }
}
