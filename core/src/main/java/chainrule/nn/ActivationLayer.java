// SPDX-License-Identifier: MIT
package chainrule.nn;

import chainrule.nn.activation.Activation;

/**
 * A layer that only applies an activation: <pre>z = x        a = φ(z)        dx = δ</pre>
 * As the first layer it computes 000's a⁰ = φ(x); the other documents use x unchanged. Shapes: all [n × units].
 * Spec: ForwardSpec.
 */
public final class ActivationLayer extends Layer {
  ActivationLayer(int inputs, Activation activation) {
    super(inputs, inputs, activation);
  }

  @Override public String describe() {
    return activation().name();
  }

  /**
   * Copies x to z; the activation of this layer follows.
   * Formula: 000-4.1. Spec: ForwardSpec#anActivationOnTheInputIsOptional.
   */
  @Override void forward(BatchContext batch, double[] x, int xo, double[] z) {
    System.arraycopy(x, xo, z, 0, batch.rows * inputs());
  }

  @Override void inputGradient(BatchContext batch, double[] delta, double[] dx) {
    System.arraycopy(delta, 0, dx, 0, batch.rows * inputs());
  }
}
