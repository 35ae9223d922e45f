// SPDX-License-Identifier: MIT
package chainrule.nn.loss;

/**
 * Half the squared error: <pre>L = f · ½ Σ_b Σ_j (y − ŷ)²        ∂L/∂ŷ = f (ŷ − y)</pre>
 * f = 1/n is {@code half-mse}, the default (004-mse, whose printed derivative 2(ŷ − y) belongs to the loss without the
 * half); f = 1 is {@code half-sse} (000-2.1, 002-half-sse). NaN and ∞ propagate.
 */
public record HalfSquaredError(Reduction reduction) implements ElementwiseLoss {
  /** A mean over the rows. */
  public HalfSquaredError() {
    this(Reduction.MEAN);
  }

  @Override public String name() {
    return reduction == Reduction.SUM ? "half-sse" : "half-mse";
  }

  @Override public double value(double yhat, double y) {
    return 0.5 * (y - yhat) * (y - yhat);
  }

  @Override public double derivative(double yhat, double y) {
    return yhat - y;
  }
}
