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
  private double[] gradients; // [parameters], allocated at first use: AddToWeights never needs it
  private GradientSink keepGradient;

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
      int n = w.batch.rows * network.layers().get(l).outputs();
      if (!isFinite(n, w.z[l]) || !(l == last() && onLogits) && !isFinite(n, w.a[l])) return l;
    }
    return -1;
  }

  private static boolean isFinite(int n, double[] v) {
    for (int i = 0; i < n; i++) if (!(Math.abs(v[i]) < Double.POSITIVE_INFINITY)) return false;
    return true;
  }

  /** Names the step, of which dropout masks are a function; rows are numbered within it from {@code firstRow} on. */
  public void setStep(long seed, long step, int firstRow) {
    w.batch.seed = seed;
    w.batch.step = step;
    w.batch.firstRow = firstRow;
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
    return loss.value(w.batch.kernels, rows, network.outputs(), result(), y, yo);
  }

  private void forward(boolean training, int rows, double[] x, int xo, double[] y, int yo) {
    check(rows, x, xo, y, yo);
    w.batch.training = training;
    network.forward(w, x, xo, rows);
    if (!onLogits) network.activateOutput(w);
  }

  /**
   * Returns z [n × out] of each layer, first to last, as training computes them, with the dropout masks of this step.
   * The arrays are new. Spec: {@code BackpropagationTest}.
   */
  public double[][] preActivations(int rows, double[] x, int xo) {
    checkInputs(rows, x, xo);
    w.batch.training = true;
    w.batch.rows = rows;
    double[][] z = new double[last() + 1][];
    for (int l = 0; l <= last(); l++) {
      Layer layer = network.layers().get(l);
      layer.forward(w.batch, l == 0 ? x : w.a[l - 1], l == 0 ? xo : 0, w.z[l]);
      z[l] = Arrays.copyOf(w.z[l], rows * layer.outputs());
      layer.activation().forward(network.kernels(), rows, layer.outputs(), w.z[l], w.a[l]); // perhaps over z
    }
    return z;
  }

  /** {@link #trainingLoss}, and its gradient ∂L/∂θ in {@link #gradients}. */
  public double lossAndGradients(int rows, double[] x, int xo, double[] y, int yo) {
    double value = trainingLossAndOutputDelta(rows, x, xo, y, yo);
    backward(x, xo, keepGradient());
    return value;
  }

  /** The sink that writes to {@link #gradients}. */
  GradientSink keepGradient() {
    if (keepGradient == null) keepGradient = new GradientSink.KeepGradient(network, regularization, gradients());
    return keepGradient;
  }

  /** Computes {@link #trainingLoss} and the error at the output: ∂L/∂z where loss and output are fused, else ∂L/∂a. */
  double trainingLossAndOutputDelta(int rows, double[] x, int xo, double[] y, int yo) {
    forward(true, rows, x, xo, y, yo);
    double factor = loss.reduction().factor(rows);
    double sum = loss.sumAndGradient(
        w.batch.kernels, rows, network.outputs(), result(), y, yo, factor, w.delta[last()]);
    return factor * sum + regularization.penalty(network);
  }

  /**
   * The backward pass that follows {@link #trainingLossAndOutputDelta}, from the last layer to the first. Each layer's δ
   * goes to the sink when δ of the layer before it is known, so the sink may change the layer's parameters and its δ.
   */
  void backward(double[] x, int xo, GradientSink sink) {
    if (!onLogits) applyDerivative(last());
    for (int l = last(); l >= 0; l--) {
      Layer layer = network.layers().get(l);
      if (l > 0) {
        layer.inputGradient(w.batch, w.delta[l], w.delta[l - 1]);
        applyDerivative(l - 1);
      }
      sink.accept(layer, w.batch, l == 0 ? x : w.a[l - 1], l == 0 ? xo : 0, w.delta[l]);
    }
  }

  /** δ_l = ∂L/∂z_l from ∂L/∂a_l, in place. */
  private void applyDerivative(int l) {
    Layer layer = network.layers().get(l);
    layer.activation().applyDerivative(w.batch.kernels, w.batch.rows, layer.outputs(), w.z[l], w.a[l], w.delta[l]);
  }

  /** ∂L/∂x [n × in] of the last {@link #lossAndGradients}, valid until the next call of anything here but this. */
  public void inputGradients(double[] dx) {
    network.layers().get(0).inputGradient(w.batch, w.delta[0], dx);
  }

  private void check(int rows, double[] x, int xo, double[] y, int yo) {
    checkInputs(rows, x, xo);
    Objects.checkFromIndexSize(yo, rows * network.outputs(), y.length);
  }

  private void checkInputs(int rows, double[] x, int xo) {
    if (rows < 0 || rows > w.capacity) {
      throw new IllegalArgumentException("batch: made for up to " + w.capacity + " rows, got " + rows);
    }
    Objects.checkFromIndexSize(xo, rows * network.inputs(), x.length);
  }
}
