// SPDX-License-Identifier: MIT
package chainrule.nn.loss;

/**
 * Sum of squared errors: <pre>L = Σ_b Σ_j (ŷ − y)²        ∂L/∂ŷ = −2(y − ŷ)</pre>
 * {@link MeanSquaredError} is the mean over the rows. NaN and ∞ propagate.
 */
public record SumOfSquaredErrors() implements ElementwiseLoss {
  @Override public String name() {
    return "sse";
  }

  @Override public Reduction reduction() {
    return Reduction.SUM;
  }

  /** Returns (y − ŷ)². Formula: 001-sse. Spec: LossSpec#squaredErrorsAreTheSumOrMeanOfTheSquares. */
  @Override public double value(double yhat, double y) {
    return (y - yhat) * (y - yhat);
  }

  /** Returns −2(y − ŷ). Formula: 001-sse-d. Spec: LossSpec#squaredErrorsAreTheSumOrMeanOfTheSquares. */
  @Override public double derivative(double yhat, double y) {
    return -2 * (y - yhat);
  }
}
