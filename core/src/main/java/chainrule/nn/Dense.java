package chainrule.nn;

import chainrule.kernels.Kernels;
import chainrule.nn.activation.Activation;

/**
 * A dense layer: <pre>
 * z = x·W + b                      a = φ(z)
 * dW = xᵀ·δ,  db = Σ_rows δ        dx = δ·Wᵀ,       δ = ∂L/∂z
 * W ← W + xᵀ·(−ηδ),  b ← b + Σ_rows −ηδ            gradient descent at once
 * </pre>
 * Shapes: x, dx [n × in], W, dW [in × out], b, db [out], z, a, δ [n × out], row-major; W begins at {@code offset} of
 * the network's parameters, b follows it. Source: 000-3.1, 000-5.2 … 5.4, 001-preactivation, 003-dense-element.
 */
public final class Dense extends Layer {
  private final int inputs;
  private final int outputs;
  private final Activation activation;
  private final Initialization initialization;
  private final int offset;

  /**
   * @param inputs in, the fan-in of each unit
   * @param outputs out, the number of units
   * @param activation φ
   * @param initialization how W begins; b begins at 0
   * @param offset where this layer's parameters begin
   */
  Dense(int inputs, int outputs, Activation activation, Initialization initialization, int offset) {
    this.inputs = inputs;
    this.outputs = outputs;
    this.activation = activation;
    this.initialization = initialization;
    this.offset = offset;
  }

  @Override public int inputs() {
    return inputs;
  }

  @Override public int outputs() {
    return outputs;
  }

  @Override public Activation activation() {
    return activation;
  }

  /** How the weights are initialized; the biases start at 0. */
  public Initialization initialization() {
    return initialization;
  }

  @Override public int offset() {
    return offset;
  }

  private int bias() {
    return offset + inputs * outputs;
  }

  @Override public int parameters() {
    return inputs * outputs + outputs;
  }

  @Override public int weights() {
    return inputs * outputs;
  }

  @Override public String describe() {
    return outputs + " " + activation.name();
  }

  @Override void initialize(double[] parameters, long seed, int number) {
    initialization.fill(parameters, offset, inputs, outputs, seed, number);
    java.util.Arrays.fill(parameters, bias(), bias() + outputs, 0);
  }

  @Override void forward(Pass pass, double[] x, int xo, double[] z) {
    Kernels k = pass.kernels;
    double[] theta = pass.parameters;
    k.repeatRow(pass.rows, outputs, theta, bias(), z, 0);
    k.matmul(pass.rows, outputs, inputs, x, xo, inputs, theta, offset, outputs, z, 0, outputs);
  }

  @Override void gradients(
      Pass pass, double[] x, int xo, double[] delta, double[] gradients, Kernels.Piece piece) {
    Kernels k = pass.kernels;
    k.matmulTransposedAInPieces(
        inputs, outputs, pass.rows, x, xo, inputs, delta, 0, outputs, gradients, offset, outputs, piece);
    k.fill(outputs, 0, gradients, bias());
    k.columnSums(pass.rows, outputs, delta, 0, gradients, bias());
    piece.done(bias(), bias() + outputs);
  }

  @Override void descend(Pass pass, double[] x, int xo, double[] delta, double rate) {
    Kernels k = pass.kernels;
    double[] theta = pass.parameters;
    k.scale(pass.rows * outputs, -rate, delta, 0);
    k.matmulTransposedA(inputs, outputs, pass.rows, x, xo, inputs, delta, 0, outputs, theta, offset, outputs);
    k.columnSums(pass.rows, outputs, delta, 0, theta, bias());
  }

  @Override void backward(Pass pass, double[] delta, double[] dx) {
    Kernels k = pass.kernels;
    k.fill(pass.rows * inputs, 0, dx, 0);
    k.matmulTransposedB(
        pass.rows, inputs, outputs, delta, 0, outputs, pass.parameters, offset, outputs, dx, 0, inputs);
  }
}
