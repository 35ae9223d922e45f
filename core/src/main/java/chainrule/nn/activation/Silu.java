// SPDX-License-Identifier: MIT
package chainrule.nn.activation;

import chainrule.kernels.Elementary;
import chainrule.kernels.Kernels;

/**
 * Sigmoid linear unit (swish): <pre>φ(z) = z·σ(z)        φ'(z) = σ(z)·(1 + z·σ(−z))</pre>
 * Range about [−0.28, ∞). As limits, φ(−∞) = −0 and φ(∞) = ∞, with φ' = 0 and 1. NaN propagates.
 * Source: Elfwing, Uchibe, Doya 2017.
 */
public record Silu() implements Elementwise {
  @Override public String name() {
    return "silu";
  }

  /** Returns z·σ(z). Formula: beyond-silu. Spec: BeyondActivationSpec#siluIsZTimesTheSigmoidOfZ. */
  @Override public double value(double z) {
    return Elementary.silu(z);
  }

  @Override public double derivative(double z, double a) {
    return Elementary.siluDerivative(z);
  }

  @Override public boolean isRectifier() {
    return true;
  }

  @Override public void forward(Kernels kernels, int rows, int cols, double[] z, double[] a) {
    kernels.silu(rows * cols, z, 0, a, 0);
  }

  @Override public void applyDerivative(Kernels kernels, int rows, int cols, double[] z, double[] a, double[] g) {
    kernels.siluGradient(rows * cols, z, 0, g, 0, g, 0);
  }
}
