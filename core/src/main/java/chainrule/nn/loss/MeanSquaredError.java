// SPDX-License-Identifier: MIT
package chainrule.nn.loss;

/**
 * Mean squared error: <pre>L = (1/n) Σ_b Σ_j (ŷ − y)²        ∂L/∂ŷ = (2/n)(ŷ − y)</pre>
 * n is the number of rows; the outputs of one row are summed, not averaged. {@link SumOfSquaredErrors} is the sum over
 * the rows. NaN and ∞ propagate. The sign printed in 003 is wrong and corrected here.
 */
public record MeanSquaredError() implements ElementwiseLoss {
  @Override public String name() {
    return "mse";
  }

  @Override public Reduction reduction() {
    return Reduction.MEAN;
  }

  /** Returns (ŷ − y)². Formula: 001-mse, 002-mse, 003-mse. Spec: LossSpec#squaredErrorsAreTheSumOrMeanOfTheSquares. */
  @Override public double value(double yhat, double y) {
    return (yhat - y) * (yhat - y);
  }

  /**
   * Returns 2(ŷ − y), without the factor 1/n.
   * Formula: 001-mse-d. Spec: LossSpec#squaredErrorsAreTheSumOrMeanOfTheSquares.
   * Formula: 003-mse-d. Spec: LossSpec#thePrintedDerivativesOf003And004AreFalse.
   */
  @Override public double derivative(double yhat, double y) {
    return 2 * (yhat - y);
  }
}
