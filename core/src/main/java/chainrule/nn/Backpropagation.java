package chainrule.nn;

import chainrule.nn.loss.Loss;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * The loss of a network over a batch, and its gradient by backpropagation:
 * <pre>
 * forward          z_l = a_{l−1}·W_l + b_l,  a_l = φ(z_l)                      a_0 = x
 * output error     δ_L = ∂L/∂a_L through φ'(z_L)     or at once, where loss and output are a canonical pair
 * backward         δ_l = (δ_{l+1}·W_{l+1}ᵀ) through φ'(z_l)
 * gradients        dW_l = a_{l−1}ᵀ·δ_l,  db_l = Σ_rows δ_l
 * </pre>
 * Whether the gradient is a sum or a mean over the batch is the loss's {@link Loss#reduction}. All buffers are allocated
 * here, once; a step allocates nothing. One thread at a time. Source: 000-5, 001-backprop, 003-delta, 004-backprop.
 */
public final class Backpropagation {
  private final Network network;
  private final Loss loss;
  private final boolean onLogits;
  private final Workspace w;
  private final double[] gradients;

  /**
   * @param capacity the most rows a batch will have
   * @throws IllegalArgumentException if the loss does not fit the network's output, saying why
   */
  public Backpropagation(Network network, Loss loss, int capacity) {
    this.network = Objects.requireNonNull(network, "network");
    if (capacity < 1) throw new IllegalArgumentException("batch: expected 1 row or more, got " + capacity);
    Layer output = network.output();
    String misfit = loss.misfit(output.activation(), output.outputs());
    if (!misfit.isEmpty()) {
      throw new IllegalArgumentException(
          "the loss " + loss.name() + " does not fit an output of " + output.describe() + ": it " + misfit);
    }
    Optional<Loss> fused = loss.onLogitsOf(output.activation());
    this.loss = fused.orElse(loss);
    this.onLogits = fused.isPresent();
    this.w = new Workspace(network, capacity, true);
    this.gradients = new double[network.parameters().length];
  }

  /** ∂L/∂θ of the last {@link #lossAndGradients}, laid out as the parameters. */
  public double[] gradients() {
    return gradients;
  }

  /** ŷ [n × out] of the last {@link #loss}, valid until the next call of anything here. */
  public double[] outputs() {
    return w.a[last()];
  }

  /** What the loss is a function of: ŷ, or the logits where loss and output are one. */
  private double[] result() {
    return onLogits ? w.z[last()] : w.a[last()];
  }

  private int last() {
    return network.layers().size() - 1;
  }

  /** L over n rows of x [n × in] and y [n × out]; {@link #outputs} then holds ŷ. */
  public double loss(int rows, double[] x, int xo, double[] y, int yo) {
    check(rows, x, xo, y, yo);
    network.forward(w, x, xo, rows);
    int out = network.outputs();
    if (!onLogits) network.activateOutput(w);
    double value = loss.value(network.kernels(), rows, out, result(), y, yo);
    if (onLogits) network.activateOutput(w);
    return value;
  }

  /** L over n rows of x [n × in] and y [n × out], and ∂L/∂θ in {@link #gradients}. */
  public double lossAndGradients(int rows, double[] x, int xo, double[] y, int yo) {
    check(rows, x, xo, y, yo);
    network.forward(w, x, xo, rows);
    if (!onLogits) network.activateOutput(w);

    double[] result = result();
    int out = network.outputs();
    double value = loss.value(network.kernels(), rows, out, result, y, yo);
    double factor = loss.reduction().factor(rows);
    loss.gradient(network.kernels(), rows, out, result, y, yo, factor, w.delta[last()]);
    if (!onLogits) throughActivation(last());

    Arrays.fill(gradients, 0);
    for (int l = last(); l >= 0; l--) {
      Layer layer = network.layers().get(l);
      layer.gradients(w.pass, l == 0 ? x : w.a[l - 1], l == 0 ? xo : 0, w.delta[l], gradients);
      if (l > 0) {
        layer.backward(w.pass, w.delta[l], w.delta[l - 1]);
        throughActivation(l - 1);
      }
    }
    return value;
  }

  /** δ_l = ∂L/∂z_l from ∂L/∂a_l, in place. */
  private void throughActivation(int l) {
    Layer layer = network.layers().get(l);
    layer.activation().backward(network.kernels(), w.pass.rows, layer.outputs(), w.z[l], w.a[l], w.delta[l]);
  }

  /** ∂L/∂x [n × in] of the last {@link #lossAndGradients}. */
  public void inputGradients(double[] dx) {
    network.layers().get(0).backward(w.pass, w.delta[0], dx);
  }

  private void check(int rows, double[] x, int xo, double[] y, int yo) {
    if (rows < 0 || rows > w.capacity) {
      throw new IllegalArgumentException("batch: made for up to " + w.capacity + " rows, got " + rows);
    }
    Objects.checkFromIndexSize(xo, rows * network.inputs(), x.length);
    Objects.checkFromIndexSize(yo, rows * network.outputs(), y.length);
  }
}
