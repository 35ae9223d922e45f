// SPDX-License-Identifier: MIT
package chainrule.nn.activation;

import chainrule.kernels.Elementary;
import chainrule.kernels.Kernels;

/**
 * Sigmoid: <pre>φ(z) = 1 / (1 + e^−z)        φ'(z) = a(1 − a),  a = φ(z)</pre>
 * Range [0, 1]. φ(−∞) = 0 and φ(∞) = 1, with φ' = 0. NaN propagates. The printed derivative e^z/(1+e^z)² (000-1.3-d)
 * equals a(1 − a) but is NaN for z &gt; 709, where this form is 0. φ' is 0 where a rounds to 1 (z &gt; 37).
 * Source: 000-1.3, 001-sigmoid, 002-sigmoid, 003-sigmoid, 004-sigmoid.
 */
public record Sigmoid() implements Elementwise {
  @Override public String name() {
    return "sigmoid";
  }

  @Override public double value(double z) {
    return Elementary.sigmoid(z);
  }

  @Override public double derivative(double z, double a) {
    return a * (1 - a);
  }

  @Override public boolean needsInput() {
    return false;
  }

  @Override public boolean givesProbabilities() {
    return true;
  }

  @Override public void forward(Kernels kernels, int rows, int cols, double[] z, double[] a) {
    kernels.sigmoid(rows * cols, z, 0, a, 0);
  }

  @Override public void applyDerivative(Kernels kernels, int rows, int cols, double[] z, double[] a, double[] g) {
    kernels.sigmoidGradient(rows * cols, a, 0, g, 0, g, 0);
  }
}
