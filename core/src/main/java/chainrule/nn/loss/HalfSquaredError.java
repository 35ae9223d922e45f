// SPDX-License-Identifier: MIT
package chainrule.nn.loss;

/**
 * Half the squared error: <pre>L = f · ½ Σ_b Σ_j (y − ŷ)²        ∂L/∂ŷ = f (ŷ − y)</pre>
 * f = 1/n is {@code half-mse}, the default (004 prints 2(ŷ − y) as its derivative, which belongs to the loss without
 * the half); f = 1 is {@code half-sse}, as in 000 and 002. NaN and ∞ propagate.
 *
 * @param reduction a mean or a sum over the rows, which sets f
 */
public record HalfSquaredError(Reduction reduction) implements ElementwiseLoss {
  /** A mean over the rows. */
  public HalfSquaredError() {
    this(Reduction.MEAN);
  }

  @Override public String name() {
    return reduction == Reduction.SUM ? "half-sse" : "half-mse";
  }

  /**
   * Returns ½(y − ŷ)².
   * Formula: 000-2.1, 004-mse. Spec: LossSpec#halfSquaredErrorIsTheSumOrMeanOfHalfTheSquares.
   * Formula: 002-half-sse. Spec: StackedLayersSpec#theHalfSquaredErrorOfNestedActivationsIsTheLoss.
   */
  @Override public double value(double yhat, double y) {
    return 0.5 * (y - yhat) * (y - yhat);
  }

  /**
   * Returns ŷ − y.
   * Formula: 000-2.1-d. Spec: LossSpec#halfSquaredErrorIsTheSumOrMeanOfHalfTheSquares.
   * Formula: 004-mse-d. Spec: LossSpec#thePrintedDerivativesOf003And004AreFalse.
   */
  @Override public double derivative(double yhat, double y) {
    return yhat - y;
  }
}
