// SPDX-License-Identifier: MIT
package chainrule.nn.loss;

/**
 * Mean absolute error: <pre>L = f Σ_b Σ_j |ŷ − y|        ∂L/∂ŷ = f sign(ŷ − y)</pre>
 * f = 1/n ({@code mae}, the default) or 1 ({@code mae-sum}). At the kink ŷ = y the derivative is sign(0) = 0. The sign
 * printed in 003 is wrong and corrected here. NaN and ∞ propagate.
 *
 * @param reduction a mean or a sum over the rows, which sets f
 */
public record MeanAbsoluteError(Reduction reduction) implements ElementwiseLoss {
  /** A mean over the rows. */
  public MeanAbsoluteError() {
    this(Reduction.MEAN);
  }

  @Override public String name() {
    return reduction.name("mae");
  }

  /** Returns |ŷ − y|. Formula: 003-mae. Spec: LossSpec#absoluteErrorIsTheMeanOfTheAbsoluteDifferences. */
  @Override public double value(double yhat, double y) {
    return Math.abs(yhat - y);
  }

  /**
   * Returns sign(ŷ − y), without the factor 1/n; 0 at the kink.
   * Formula: 003-mae-d. Spec: LossSpec#thePrintedDerivativesOf003And004AreFalse.
   * Formula: 003-sign. Spec: DefinitionSpec#theSignIsZeroAtZero.
   */
  @Override public double derivative(double yhat, double y) {
    return Math.signum(yhat - y) + 0.0; // −0 becomes 0
  }
}
