// SPDX-License-Identifier: MIT
package chainrule.nn.loss;

/**
 * Mean absolute error: <pre>L = f Σ_b Σ_j |ŷ − y|        ∂L/∂ŷ = f sign(ŷ − y)</pre>
 * f = 1/n ({@code mae}, the default) or 1 ({@code mae-sum}). At the kink ŷ = y the derivative is sign(0) = 0. The sign
 * printed in 003-mae-d is wrong and corrected here. NaN and ∞ propagate. Source: 003-mae.
 */
public record MeanAbsoluteError(Reduction reduction) implements ElementwiseLoss {
  /** A mean over the rows. */
  public MeanAbsoluteError() {
    this(Reduction.MEAN);
  }

  @Override public String name() {
    return reduction.name("mae");
  }

  @Override public double value(double yhat, double y) {
    return Math.abs(yhat - y);
  }

  @Override public double derivative(double yhat, double y) {
    return Math.signum(yhat - y) + 0.0; // −0 becomes 0
  }
}
