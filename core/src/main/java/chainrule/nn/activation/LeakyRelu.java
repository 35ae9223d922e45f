// SPDX-License-Identifier: MIT
package chainrule.nn.activation;

import chainrule.kernels.Kernels;

/**
 * Leaky rectified linear unit: <pre>
 * φ(z) = ε·z for z ≤ 0, z for z &gt; 0        φ'(z) = ε for z ≤ 0, 1 for z &gt; 0
 * </pre>
 * At the kink, φ'(0) = ε. For 0 &lt; ε &lt; 1 this is max(ε·z, z), as 002 writes it; for ε &gt; 1 it is not.
 * Range (−∞, ∞) for ε &gt; 0. φ(−∞) = −∞, but NaN for ε = 0. NaN propagates.
 *
 * @param epsilon the slope for z ≤ 0, 0 ≤ ε &lt; ∞
 */
public record LeakyRelu(double epsilon) implements Elementwise {
  /**
   * Creates a leaky ReLU with this slope.
   *
   * @param epsilon ε
   * @throws IllegalArgumentException unless 0 ≤ ε &lt; ∞
   */
  public LeakyRelu {
    if (!(epsilon >= 0 && epsilon < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("leaky-relu: expected a finite slope ≥ 0, found " + epsilon);
    }
  }

  /** With ε = 0.01. */
  public LeakyRelu() {
    this(0.01);
  }

  @Override public String name() {
    return epsilon == 0.01 ? "leaky-relu" : "leaky-relu:" + epsilon;
  }

  /**
   * Returns ε·z for z ≤ 0, otherwise z.
   * Formula: 001-leaky-relu. Spec: ActivationSpec#leakyReluHasSlopeEpsilonForNegativeNumbers.
   * Formula: 002-leaky-relu. Spec: ActivationIdentitySpec#leakyReluEqualsMaxOfAHundredthOfXAndX.
   */
  @Override public double value(double z) {
    return z <= 0 ? epsilon * z : z;
  }

  /**
   * Returns ε for z ≤ 0, otherwise 1.
   * Formula: 001-leaky-relu-d. Spec: ActivationSpec#leakyReluHasSlopeEpsilonForNegativeNumbers.
   */
  @Override public double derivative(double z, double a) {
    return a <= 0 ? epsilon : 1;
  }

  @Override public boolean needsInput() {
    return false; // ε·z has the sign of z
  }

  @Override public boolean isRectifier() {
    return true;
  }

  @Override public void forward(Kernels kernels, int rows, int cols, double[] z, double[] a) {
    kernels.leakyRelu(rows * cols, epsilon, z, 0, a, 0);
  }

  @Override public void applyDerivative(Kernels kernels, int rows, int cols, double[] z, double[] a, double[] g) {
    kernels.leakyReluGradient(rows * cols, epsilon, a, 0, g, 0, g, 0);
  }
}
