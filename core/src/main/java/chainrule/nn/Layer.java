package chainrule.nn;

import chainrule.kernels.RowBlockListener;
import chainrule.nn.activation.Activation;

/**
 * A layer: a linear part z = f(x; θ), then an activation a = φ(z). It owns no numbers: its parameters are a stretch of
 * the network's flat array, its z, a and δ lie in a {@link Workspace}.
 *
 * <p>Shapes: x [n × in], z, a, δ [n × out]. The network calls, in this order: {@link #forward}, the activation, and on
 * the way back the activation, {@link #backward}, {@link #gradients}.
 */
public sealed interface Layer permits Dense, Dropout, ActivationLayer {
  /** in: numbers that come in with each row. */
  int inputs();

  /** out: numbers that go out with each row. */
  int outputs();

  /** How many parameters it has: first its weights, then its biases. */
  default int parameters() {
    return 0;
  }

  /** Where its parameters begin in the network's. */
  default int offset() {
    return 0;
  }

  /** How many of its parameters are weights; the rest are biases. */
  default int weights() {
    return 0;
  }

  /** φ. */
  Activation activation();

  /** For summaries: {@code 64 relu}. */
  String describe();

  /** Writes the first weights and biases of layer {@code number}. */
  default void initialize(double[] parameters, long seed, int number) {}

  /** z from x. x begins at xo. */
  void forward(Pass pass, double[] x, int xo, double[] z);

  /**
   * ∂L/∂θ of this layer into its stretch of the gradients, from its input x and its δ = ∂L/∂z. x begins at xo. The
   * listener is called with each block of it as soon as the block is complete, while it is in the cache.
   */
  default void gradients(
      Pass pass, double[] x, int xo, double[] delta, double[] gradients, RowBlockListener listener) {}

  /**
   * Gradient descent θ ← θ − η·∂L/∂θ in one go, from the same x and δ; δ is lost. Products are added to θ one by one,
   * each with −η in it, so there is no gradient to keep, and the bits are not those of a gradient and then an update.
   */
  default void descend(Pass pass, double[] x, int xo, double[] delta, double rate) {}

  /** dx = ∂L/∂x from δ = ∂L/∂z. */
  void backward(Pass pass, double[] delta, double[] dx);
}
