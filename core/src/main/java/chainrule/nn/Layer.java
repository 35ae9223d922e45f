// SPDX-License-Identifier: MIT
package chainrule.nn;

import chainrule.kernels.RowBlockListener;
import chainrule.nn.activation.Activation;

/**
 * A layer: a linear part z = f(x; θ), then an activation a = φ(z). It holds no numbers: its parameters are a range of
 * the network's flat array; its z, a and δ are in a {@link Workspace}.
 *
 * <p>Shapes: x [n × in]; z, a, δ [n × out]. The forward pass calls {@link #forward}, then the activation. The backward
 * pass calls the activation's derivative, then {@link #inputGradient}, then {@link #parameterGradient} or
 * {@link #descend}.
 */
public abstract sealed class Layer permits Dense, Dropout, ActivationLayer {
  private final int inputs;
  private final int outputs;
  private final Activation activation;

  Layer(int inputs, int outputs, Activation activation) {
    this.inputs = inputs;
    this.outputs = outputs;
    this.activation = activation;
  }

  /** {@return in, the number of inputs of each row} */
  public final int inputs() {
    return inputs;
  }

  /** {@return out, the number of outputs of each row} */
  public final int outputs() {
    return outputs;
  }

  /** {@return the activation φ} */
  public final Activation activation() {
    return activation;
  }

  /** {@return the number of its parameters: weights first, then biases} */
  public int parameters() {
    return 0;
  }

  /** {@return the index of its first parameter in the network's array} */
  public int offset() {
    return 0;
  }

  /** {@return the number of its parameters that are weights; the rest are biases} */
  public int weights() {
    return 0;
  }

  /** {@return a description for summaries: {@code 64 relu}} */
  public abstract String describe();

  @Override public final String toString() {
    return describe();
  }

  /** Writes the initial weights and biases of layer {@code number}, counted from 0. */
  void initialize(double[] parameters, long seed, int number) {}

  /** Computes z [n × out] from x [n × in], which starts at xo. */
  abstract void forward(BatchContext batch, double[] x, int xo, double[] z);

  /** Computes dx = ∂L/∂x [n × in] from δ = ∂L/∂z [n × out]. */
  abstract void inputGradient(BatchContext batch, double[] delta, double[] dx);

  /**
   * Writes ∂L/∂θ of this layer to its range of the gradients, from its input x [n × in] and its δ = ∂L/∂z [n × out].
   * The listener is called for each block of rows as soon as it is complete, while it is in the cache.
   */
  void parameterGradient(
      BatchContext batch, double[] x, int xo, double[] delta, double[] gradients, RowBlockListener listener) {}

  /**
   * Makes a step of gradient descent, θ ← θ − η·∂L/∂θ, from the same x and δ without forming the gradient: each product
   * is added to θ with the factor −η. It overwrites δ. The bits differ from those of a gradient followed by an update.
   *
   * @param weights whether W moves
   * @param bias whether b moves
   */
  void descend(
      BatchContext batch, double[] x, int xo, double[] delta, double rate, boolean weights, boolean bias) {}
}
