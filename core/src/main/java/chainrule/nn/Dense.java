package chainrule.nn;

import chainrule.kernels.Kernels;
import chainrule.kernels.RowBlockListener;
import chainrule.nn.activation.Activation;

/**
 * A dense layer: <pre>
 * z = x·W + b                      a = φ(z)
 * dW = xᵀ·δ,  db = Σ_rows δ        dx = δ·Wᵀ,       δ = ∂L/∂z
 * W ← W + xᵀ·(−ηδ),  b ← b + Σ_rows −ηδ            gradient descent at once
 * </pre>
 * Shapes: x, dx [n × in], W, dW [in × out], b, db [out], z, a, δ [n × out], row-major; W begins at {@code offset} of
 * the network's parameters, b follows it. Source: 000-3.1, 000-5.2 … 5.4, 001-preactivation, 003-dense-element.
 *
 * @param inputs in, the fan-in of each unit
 * @param outputs out, the number of units
 * @param activation φ
 * @param initialization how W begins; b begins at 0
 * @param offset where this layer's parameters begin
 */
public record Dense(int inputs, int outputs, Activation activation, Initialization initialization, int offset)
    implements Layer {

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

  @Override public void initialize(double[] parameters, long seed, int number) {
    initialization.fill(parameters, offset, inputs, outputs, seed, number);
    java.util.Arrays.fill(parameters, bias(), bias() + outputs, 0);
  }

  @Override public void forward(Pass pass, double[] x, int xo, double[] z) {
    Kernels k = pass.kernels;
    double[] theta = pass.parameters;
    k.repeatRow(pass.rows, outputs, theta, bias(), z, 0);
    k.matmul(pass.rows, outputs, inputs, x, xo, inputs, theta, offset, outputs, z, 0, outputs);
  }

  @Override public void gradients(
      Pass pass, double[] x, int xo, double[] delta, double[] gradients, RowBlockListener listener) {
    Kernels k = pass.kernels;
    k.matmulTransposedAInRowBlocks(
        inputs, outputs, pass.rows, x, xo, inputs, delta, 0, outputs, gradients, offset, outputs, listener);
    k.fill(outputs, 0, gradients, bias());
    k.columnSums(pass.rows, outputs, delta, 0, gradients, bias());
    listener.complete(bias(), bias() + outputs);
  }

  @Override public void descend(Pass pass, double[] x, int xo, double[] delta, double rate) {
    Kernels k = pass.kernels;
    double[] theta = pass.parameters;
    k.scale(pass.rows * outputs, -rate, delta, 0);
    k.matmulTransposedA(inputs, outputs, pass.rows, x, xo, inputs, delta, 0, outputs, theta, offset, outputs);
    k.columnSums(pass.rows, outputs, delta, 0, theta, bias());
  }

  @Override public void backward(Pass pass, double[] delta, double[] dx) {
    Kernels k = pass.kernels;
    k.fill(pass.rows * inputs, 0, dx, 0);
    k.matmulTransposedB(
        pass.rows, inputs, outputs, delta, 0, outputs, pass.parameters, offset, outputs, dx, 0, inputs);
  }
}
