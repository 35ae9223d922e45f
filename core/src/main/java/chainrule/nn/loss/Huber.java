// SPDX-License-Identifier: MIT
package chainrule.nn.loss;

/**
 * Huber's loss, with e = ŷ − y: <pre>
 * L = f Σ ½e² for |e| ≤ δ,  δ(|e| − ½δ) beyond        ∂L/∂ŷ = f · e for |e| ≤ δ,  f · δ·sign(e) beyond
 * </pre>
 * f = 1/n ({@code huber}, the default) or 1 ({@code huber-sum}). Value and derivative are continuous at |e| = δ. NaN
 * and ∞ propagate. Source: Huber 1964.
 *
 * @param delta δ, where the parabola becomes a line, 0 &lt; δ &lt; ∞; the default is 1
 * @param reduction a mean or a sum over the rows, which sets f
 */
public record Huber(double delta, Reduction reduction) implements ElementwiseLoss {
  /**
   * Creates the loss with this δ.
   *
   * @param delta δ
   * @param reduction a mean or a sum over the rows
   * @throws IllegalArgumentException unless 0 &lt; δ &lt; ∞
   */
  public Huber {
    if (!(delta > 0 && delta < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("huber: expected a finite delta > 0, found " + delta);
    }
  }

  /** δ = 1, a mean over the rows. */
  public Huber() {
    this(Reduction.MEAN);
  }

  /**
   * δ = 1.
   *
   * @param reduction a mean or a sum over the rows
   */
  public Huber(Reduction reduction) {
    this(1, reduction);
  }

  /**
   * A mean over the rows.
   *
   * @param delta δ, 0 &lt; δ &lt; ∞
   */
  public Huber(double delta) {
    this(delta, Reduction.MEAN);
  }

  @Override public String name() {
    return reduction.name("huber");
  }

  /**
   * Returns ½e² for |e| ≤ δ, otherwise δ(|e| − ½δ).
   * Formula: beyond-huber. Spec: LossSpec#huberIsAParabolaNearZeroAndALineBeyondDelta.
   */
  @Override public double value(double yhat, double y) {
    double e = Math.abs(yhat - y);
    return e <= delta ? 0.5 * e * e : delta * (e - 0.5 * delta);
  }

  @Override public double derivative(double yhat, double y) {
    double e = yhat - y;
    return Math.abs(e) <= delta ? e : delta * Math.signum(e);
  }
}
