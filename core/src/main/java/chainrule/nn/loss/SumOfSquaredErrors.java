// SPDX-License-Identifier: MIT
package chainrule.nn.loss;

/**
 * Sum of squared errors: <pre>L = Σ_b Σ_j (ŷ − y)²        ∂L/∂ŷ = −2(y − ŷ)</pre>
 * {@link MeanSquaredError} is the mean over the rows. NaN and ∞ propagate. Source: 001-sse.
 */
public record SumOfSquaredErrors() implements ElementwiseLoss {
  @Override public String name() {
    return "sse";
  }

  @Override public Reduction reduction() {
    return Reduction.SUM;
  }

  @Override public double value(double yhat, double y) {
    return (y - yhat) * (y - yhat);
  }

  @Override public double derivative(double yhat, double y) {
    return -2 * (y - yhat);
  }
}
