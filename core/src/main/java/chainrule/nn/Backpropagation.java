package chainrule.nn;

import chainrule.kernels.RowBlockListener;
import chainrule.nn.loss.Loss;
import java.util.Objects;
import java.util.Optional;

/**
 * The loss of a network over a batch, and its gradient by backpropagation:
 * <pre>
 * forward          z_l = a_{l−1}·W_l + b_l,  a_l = φ(z_l)                      a_0 = x
 * output error     δ_L = ∂L/∂a_L through φ'(z_L)     or at once, where loss and output are a canonical pair
 * backward         δ_l = (δ_{l+1}·W_{l+1}ᵀ) through φ'(z_l)
 * gradients        dW_l = a_{l−1}ᵀ·δ_l,  db_l = Σ_rows δ_l                 as soon as δ_{l−1} is known
 * </pre>
 * Whether the gradient is a sum or a mean over the batch is the loss's {@link Loss#reduction}. All buffers are
 * allocated here, once; a step allocates nothing. One thread at a time. Source: 000-5, 001-backprop, 003-delta,
 * 004-backprop.
 */
public final class Backpropagation {
  private final Network network;
  private final Loss loss;
  private final Regularization regularization;
  private final boolean onLogits;
  private final Workspace w;
  private final RowBlockListener penalties = this::addPenalty;
  private final Use keepGradients = this::keepGradients;
  private double[] gradients; // made when somebody asks: plain gradient descent never does

  /** Without regularization. */
  public Backpropagation(Network network, Loss loss, int capacity) {
    this(network, loss, Regularization.NONE, capacity);
  }

  /**
   * @param regularization penalties that are added to the training loss and its gradient
   * @param capacity the most rows a batch will have
   * @throws IllegalArgumentException if the loss does not fit the network's output or a layer cannot be trained,
   * saying why
   */
  public Backpropagation(Network network, Loss loss, Regularization regularization, int capacity) {
    this.network = Objects.requireNonNull(network, "network");
    this.regularization = Objects.requireNonNull(regularization, "regularization");
    if (capacity < 1) throw new IllegalArgumentException("batch: expected 1 row or more, got " + capacity);
    requireTrainable(network);
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
  }

  /** @throws IllegalArgumentException if gradients cannot pass one of the layers, naming it */
  public static void requireTrainable(Network network) {
    for (Layer layer : network.layers()) {
      if (!layer.activation().isTrainable()) {
        throw new IllegalArgumentException("the layer " + layer.describe() + " of " + network + " cannot be trained: the "
            + "derivative of " + layer.activation().name() + " is 0 wherever it exists; use sigmoid, or predict only");
      }
    }
  }

  /** ∂L/∂θ of the last {@link #lossAndGradients}, laid out as the parameters. */
  public double[] gradients() {
    if (gradients == null) gradients = new double[network.parameters().length];
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

  /**
   * The first layer, from 0, whose a in the last pass holds a number that is not finite, or whose z does, where it was
   * kept; −1 if none does, as when only the loss itself overflowed.
   */
  public int firstNotFinite() {
    for (int l = 0; l <= last(); l++) {
      int n = w.pass.rows * network.layers().get(l).outputs();
      if (!isFinite(n, w.z[l]) || !(l == last() && onLogits) && !isFinite(n, w.a[l])) return l;
    }
    return -1;
  }

  private static boolean isFinite(int n, double[] v) {
    for (int i = 0; i < n; i++) if (!(Math.abs(v[i]) < Double.POSITIVE_INFINITY)) return false;
    return true;
  }

  /** Names the step, of which dropout masks are a function; rows are numbered within it from {@code firstRow} on. */
  public void at(long seed, long step, int firstRow) {
    w.pass.seed = seed;
    w.pass.step = step;
    w.pass.firstRow = firstRow;
  }

  /** L over n rows of x [n × in] and y [n × out] at inference, without penalties; {@link #outputs} then holds ŷ. */
  public double loss(int rows, double[] x, int xo, double[] y, int yo) {
    forward(false, rows, x, xo, y, yo);
    double value = value(rows, y, yo);
    if (onLogits) network.activateOutput(w);
    return value;
  }

  /** L as training sees it: with the dropout masks of this step and the penalties. */
  public double trainingLoss(int rows, double[] x, int xo, double[] y, int yo) {
    forward(true, rows, x, xo, y, yo);
    return value(rows, y, yo) + regularization.penalty(network);
  }

  private double value(int rows, double[] y, int yo) {
    return loss.value(network.kernels(), rows, network.outputs(), result(), y, yo);
  }

  private void forward(boolean training, int rows, double[] x, int xo, double[] y, int yo) {
    check(rows, x, xo, y, yo);
    w.pass.training = training;
    network.forward(w, x, xo, rows);
    if (!onLogits) network.activateOutput(w);
  }

  /** {@link #trainingLoss}, and its gradient ∂L/∂θ in {@link #gradients}. */
  public double lossAndGradients(int rows, double[] x, int xo, double[] y, int yo) {
    double value = trainingLossAndDelta(rows, x, xo, y, yo);
    backward(x, xo, keepGradients);
    return value;
  }

  /** What is done with a layer whose input x and δ = ∂L/∂z are known. */
  interface Use {
    void layer(Layer layer, double[] x, int xo, double[] delta);
  }

  void keepGradients(Layer layer, double[] x, int xo, double[] delta) {
    layer.gradients(w.pass, x, xo, delta, gradients(), penalties);
  }

  /** {@link #trainingLoss}, and what the way back begins with: ∂L/∂a or at once ∂L/∂z of the output. */
  double trainingLossAndDelta(int rows, double[] x, int xo, double[] y, int yo) {
    forward(true, rows, x, xo, y, yo);
    double factor = loss.reduction().factor(rows);
    double sum = loss.sumAndGradient(
        network.kernels(), rows, network.outputs(), result(), y, yo, factor, w.delta[last()]);
    return factor * sum + regularization.penalty(network);
  }

  /**
   * The way back from the last {@link #trainingLossAndDelta}, from the last layer to the first. Nothing of a layer is
   * read any more once it has been used, so the use may change its parameters and its δ.
   */
  void backward(double[] x, int xo, Use use) {
    if (!onLogits) throughActivation(last());
    for (int l = last(); l >= 0; l--) {
      Layer layer = network.layers().get(l);
      if (l > 0) {
        layer.backward(w.pass, w.delta[l], w.delta[l - 1]);
        throughActivation(l - 1);
      }
      use.layer(layer, l == 0 ? x : w.a[l - 1], l == 0 ? xo : 0, w.delta[l]);
    }
  }

  /** What the layers need to know of the batch in hand. */
  Pass pass() {
    return w.pass;
  }

  /** g ← g + the gradient of the penalties, for the parameters {@code from} … {@code to} − 1. */
  void addPenalty(int from, int to) {
    regularization.addGradient(network, gradients(), from, to);
  }

  /** δ_l = ∂L/∂z_l from ∂L/∂a_l, in place. */
  private void throughActivation(int l) {
    Layer layer = network.layers().get(l);
    layer.activation().backward(network.kernels(), w.pass.rows, layer.outputs(), w.z[l], w.a[l], w.delta[l]);
  }

  /** ∂L/∂x [n × in] of the last {@link #lossAndGradients}, valid until the next call of anything here but this. */
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
