// SPDX-License-Identifier: MIT
package chainrule.nn.loss;

/**
 * Mean squared error: <pre>L = (1/n) Σ_b Σ_j (ŷ − y)²        ∂L/∂ŷ = (2/n)(ŷ − y)</pre>
 * n is the number of rows; the outputs of one row are summed, not averaged. {@link SumOfSquaredErrors} is the sum over
 * the rows. NaN and ∞ propagate. The sign printed in 003-mse-d is wrong and corrected here. Source: 001-mse, 002-mse,
 * 003-mse.
 */
public record MeanSquaredError() implements ElementwiseLoss {
  @Override public String name() {
    return "mse";
  }

  @Override public Reduction reduction() {
    return Reduction.MEAN;
  }

  @Override public double value(double yhat, double y) {
    return (yhat - y) * (yhat - y);
  }

  @Override public double derivative(double yhat, double y) {
    return 2 * (yhat - y);
  }
}
