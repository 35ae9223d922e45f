package chainrule.nn;

import chainrule.kernels.Kernels;
import chainrule.nn.activation.Activation;

/**
 * A layer: a linear part z = f(x; θ), then an activation a = φ(z). It owns no numbers: its parameters are a stretch of
 * the network's flat array, its z, a and δ lie in a {@link Workspace}.
 *
 * <p>Shapes: x [n × in], z, a, δ [n × out]. The network calls, in this order: {@link #forward}, the activation, and on
 * the way back the activation, {@link #backward}, {@link #gradients}.
 */
public abstract sealed class Layer permits Dense, Dropout, ActivationLayer {
  Layer() {}

  /** in: numbers that come in with each row. */
  public abstract int inputs();

  /** out: numbers that go out with each row. */
  public abstract int outputs();

  /** How many parameters it has: first its weights, then its biases. */
  public int parameters() {
    return 0;
  }

  /** Where its parameters begin in the network's. */
  public int offset() {
    return 0;
  }

  /** How many of its parameters are weights; the rest are biases. */
  public int weights() {
    return 0;
  }

  /** φ. */
  public abstract Activation activation();

  /** For summaries: {@code 64 relu}. */
  public abstract String describe();

  /** Writes the first weights and biases of layer {@code number}. */
  void initialize(double[] parameters, long seed, int number) {}

  /** z from x. x begins at xo. */
  abstract void forward(Pass pass, double[] x, int xo, double[] z);

  /**
   * ∂L/∂θ of this layer into its stretch of the gradients, from its input x and its δ = ∂L/∂z. x begins at xo. Each
   * piece is handed on as soon as it is complete, while it is in the cache.
   */
  void gradients(Pass pass, double[] x, int xo, double[] delta, double[] gradients, Kernels.Piece piece) {}

  /**
   * Gradient descent θ ← θ − η·∂L/∂θ in one go, from the same x and δ; δ is lost. Products are added to θ one by one,
   * each with −η in it, so there is no gradient to keep, and the bits are not those of a gradient and then an update.
   */
  void descend(Pass pass, double[] x, int xo, double[] delta, double rate) {}

  /** dx = ∂L/∂x from δ = ∂L/∂z. */
  abstract void backward(Pass pass, double[] delta, double[] dx);
}
