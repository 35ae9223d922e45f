// SPDX-License-Identifier: MIT
package chainrule.nn;

import chainrule.kernels.Kernels;
import chainrule.nn.loss.Loss;
import chainrule.nn.loss.RowWeights;
import java.util.Objects;
import java.util.Optional;

/**
 * The loss of a network over a batch, and its gradient by backpropagation:
 * <pre>
 * forward          z_l = a_{l−1}·W_l + b_l,  a_l = φ(z_l)                      a_0 = x
 * output error     δ_L = ∂L/∂a_L ⊙ φ'(z_L), or ∂L/∂z_L directly where loss and output are fused
 * backward         δ_l = (δ_{l+1}·W_{l+1}ᵀ) ⊙ φ'(z_l)          (softmax: times its Jacobian)
 * gradients        dW_l = a_{l−1}ᵀ·δ_l,  db_l = Σ_rows δ_l       once δ_{l−1} is known
 * </pre>
 * To read first: {@code OneStep} of spec-tests, the same computation in plain loops in one file that {@code java} runs.
 * {@link #record} returns every number of it.
 *
 * <p>The loss's {@link Loss#reduction} decides whether the gradient is a sum or a mean over the batch. Rows may have
 * {@linkplain RowWeights weights}, which only change the output error. The constructor allocates all buffers (the
 * gradient's at its first use), so a step allocates nothing. For use by one thread at a time. NaN and ∞ propagate by
 * IEEE arithmetic.
 * Spec: BackpropagationSpec, MiniBatchSpec, WeightedLossSpec.
 */
public final class Backpropagation {
  private final Network network;
  private final Loss loss;
  private final Regularization regularization;
  private final boolean onLogits;
  private final Workspace w;
  private double[] gradients; // [parameters], allocated at first use, because AddToWeights does not need it
  private GradientSink keepGradient;
  private GradientSink.KeepGradient blockGradient; // without penalties, into a given array

  /**
   * Creates a backpropagation without penalties.
   *
   * @param network the network
   * @param loss the loss
   * @param capacity the largest number of rows in a batch, ≥ 1
   * @throws IllegalArgumentException if the loss does not fit the network's output or a layer cannot be trained
   */
  public Backpropagation(Network network, Loss loss, int capacity) {
    this(network, loss, Regularization.NONE, capacity);
  }

  /**
   * Creates a backpropagation with penalties.
   *
   * @param network the network
   * @param loss the loss
   * @param regularization penalties to add to the training loss and its gradient
   * @param capacity the largest number of rows in a batch, ≥ 1
   * @throws IllegalArgumentException if the loss does not fit the network's output or a layer cannot be trained
   */
  public Backpropagation(Network network, Loss loss, Regularization regularization, int capacity) {
    this.network = Objects.requireNonNull(network, "network");
    this.regularization = Objects.requireNonNull(regularization, "regularization");
    if (capacity < 1) throw new IllegalArgumentException("batch: expected ≥ 1 rows, found " + capacity);
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

  /**
   * Requires that each layer can be trained.
   *
   * @param network the network
   * @throws IllegalArgumentException if the derivative of a layer's activation is 0 everywhere, naming the layer
   */
  public static void requireTrainable(Network network) {
    for (Layer layer : network.layers()) {
      if (!layer.activation().isTrainable()) {
        throw new IllegalArgumentException(
            "the layer " + layer.describe() + " of " + network + " cannot be trained: the "
            + "derivative of " + layer.activation().name() + " is 0 wherever it exists; use sigmoid, or only predict");
      }
    }
  }

  /**
   * {@return ∂L/∂θ of the last {@link #lossAndGradients}, laid out as the parameters: the array itself, not a copy}
   */
  public double[] gradients() {
    if (gradients == null) gradients = new double[network.parameters().length];
    return gradients;
  }

  /** {@return ŷ [n × out] of the last {@link #loss}; the array is valid until the next call of any method} */
  public double[] outputs() {
    return w.a[last()];
  }

  /** The argument of the loss: ŷ, or the logits where loss and output are fused. */
  private double[] lossInput() {
    return onLogits ? w.z[last()] : w.a[last()];
  }

  private int last() {
    return network.layers().size() - 1;
  }

  /**
   * {@return the index of the first layer whose z or a of the last forward pass holds a NaN or ∞, or −1 if there is
   * none, as when only the loss overflowed} A z that was overwritten by a is not checked.
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

  /**
   * Sets the step that dropout masks depend on.
   *
   * @param seed the seed of the masks
   * @param step the number of the step; training counts from 0
   * @param firstRow the number within the step of the next batch's first row, for a step that is computed in parts
   */
  public void setStep(long seed, long step, int firstRow) {
    w.batch.seed = seed;
    w.batch.step = step;
    w.batch.firstRow = firstRow;
  }

  /**
   * {@return L at inference, without dropout and penalties} {@link #outputs} then holds ŷ.
   *
   * @param rows n, at most the capacity
   * @param x inputs [n × in]
   * @param xo the index of the first input
   * @param y targets [n × out]
   * @param yo the index of the first target
   * @throws IllegalArgumentException if n is negative or exceeds the capacity
   * @throws IndexOutOfBoundsException if x or y is too short
   */
  public double loss(int rows, double[] x, int xo, double[] y, int yo) {
    return loss(rows, x, xo, y, yo, null, 0);
  }

  /**
   * {@return L of rows with weights at inference, without dropout and penalties} {@link #outputs} then holds ŷ.
   *
   * @param rows n, at most the capacity
   * @param x inputs [n × in]
   * @param xo the index of the first input
   * @param y targets [n × out]
   * @param yo the index of the first target
   * @param weights the weights of the rows [n]; null for no weights
   * @param wo the index of the first weight
   * @throws IllegalArgumentException if n is negative or exceeds the capacity, or if a weight is neither 0 nor from
   *     1e-100 to 1e100
   * @throws IndexOutOfBoundsException if x or y is too short
   */
  public double loss(int rows, double[] x, int xo, double[] y, int yo, double[] weights, int wo) {
    forward(false, rows, x, xo, y, yo);
    double value = value(rows, y, yo, weights, wo);
    if (onLogits) network.activateOutput(w);
    return value;
  }

  /**
   * {@return L in training, with the dropout masks of the current step and the penalties}
   *
   * @param rows n, at most the capacity
   * @param x inputs [n × in]
   * @param xo the index of the first input
   * @param y targets [n × out]
   * @param yo the index of the first target
   */
  public double trainingLoss(int rows, double[] x, int xo, double[] y, int yo) {
    return trainingLoss(rows, x, xo, y, yo, null, 0);
  }

  /**
   * {@return L in training of rows with weights, with the dropout masks of the current step and the penalties}
   *
   * @param rows n, at most the capacity
   * @param x inputs [n × in]
   * @param xo the index of the first input
   * @param y targets [n × out]
   * @param yo the index of the first target
   * @param weights the weights of the rows [n]; null for no weights
   * @param wo the index of the first weight
   */
  public double trainingLoss(int rows, double[] x, int xo, double[] y, int yo, double[] weights, int wo) {
    forward(true, rows, x, xo, y, yo);
    return value(rows, y, yo, weights, wo) + regularization.penalty(network);
  }

  private double value(int rows, double[] y, int yo, double[] weights, int wo) {
    if (weights == null) return loss.value(w.batch.kernels, rows, network.outputs(), lossInput(), y, yo);
    return batchFactor(rows, weights, wo) * loss.weightedSum(
        w.batch.kernels, rows, network.outputs(), lossInput(), y, yo, weights, wo, w.delta[last()]);
  }

  private void forward(boolean training, int rows, double[] x, int xo, double[] y, int yo) {
    check(rows, x, xo, y, yo);
    w.batch.training = training;
    network.forward(w, x, xo, rows);
    if (!onLogits) network.activateOutput(w);
  }

  /**
   * Computes {@link #trainingLoss} and writes its gradient ∂L/∂θ to {@link #gradients}.
   * Formula: 004-cookbook-0. Spec: MiniBatchSpec#theCookbookAppliedSampleBySampleGivesTheUpdateOfTheBatch.
   *
   * @param rows n, at most the capacity
   * @param x inputs [n × in]
   * @param xo the index of the first input
   * @param y targets [n × out]
   * @param yo the index of the first target
   * @return L
   */
  public double lossAndGradients(int rows, double[] x, int xo, double[] y, int yo) {
    return lossAndGradients(rows, x, xo, y, yo, null, 0);
  }

  /**
   * Computes {@link #trainingLoss} of rows with weights, and writes its gradient to {@link #gradients}.
   *
   * @param rows n, at most the capacity
   * @param x inputs [n × in]
   * @param xo the index of the first input
   * @param y targets [n × out]
   * @param yo the index of the first target
   * @param weights the weights of the rows [n]; null for no weights
   * @param wo the index of the first weight
   * @return L
   */
  public double lossAndGradients(int rows, double[] x, int xo, double[] y, int yo, double[] weights, int wo) {
    double value = trainingLossAndOutputDelta(rows, x, xo, y, yo, weights, wo);
    backward(x, xo, keepGradient());
    return value;
  }

  /**
   * Computes the gradient of a block of consecutive rows of a larger batch, for {@link GradientSum}:
   * <pre>G = ∂/∂θ factor · Σ_b w_b ℓ_b</pre>
   * over the rows of the block, without penalties. Call {@link #setStep} with the number of the block's first row
   * before. With {@link #batchFactor} of the same rows it has the bits of {@link #lossAndGradients} without penalties.
   *
   * @param rows n, the rows of the block, at most the capacity
   * @param x inputs [n × in]
   * @param xo the index of the first input
   * @param y targets [n × out]
   * @param yo the index of the first target
   * @param weights the weights of the rows [n]; null for no weights
   * @param wo the index of the first weight
   * @param factor the factor of the <i>whole</i> batch, see {@link #batchFactor}
   * @param g receives G [parameters]; its contents do not matter. Undefined if the returned sum is not finite
   * @return Σ_b w_b ℓ_b, without the factor; the backward pass is omitted if it is NaN or infinite
   * @throws IllegalArgumentException if g has another length than the parameters, or a weight is refused: see
   *     {@link RowWeights#sum}; otherwise as {@link #loss}
   */
  public double blockLossAndGradient(
      int rows, double[] x, int xo, double[] y, int yo, double[] weights, int wo, double factor, double[] g) {
    if (g.length != network.parameters().length) {
      throw new IllegalArgumentException(
          "g: expected " + network.parameters().length + " parameters, found " + g.length);
    }
    if (weights != null) RowWeights.sum(rows, weights, wo); // checks them
    forward(true, rows, x, xo, y, yo);
    double sum = sumAndOutputDelta(rows, y, yo, weights, wo, factor);
    if (!(Math.abs(sum) < Double.POSITIVE_INFINITY)) return sum;
    if (blockGradient == null) blockGradient = new GradientSink.KeepGradient(network, Regularization.NONE, g);
    blockGradient.into(g);
    backward(x, xo, blockGradient);
    blockGradient.into(null);
    return sum;
  }

  /**
   * {@return f, the factor of the loss and its gradient of a batch: 1 for a sum; for a mean 1/n, or 1/Σ_b w_b for rows
   * with weights, which are added in order}
   *
   * @param rows n, the rows of the whole batch
   * @param weights the weights of the rows [n]; null for no weights
   * @param wo the index of the first weight
   */
  public double batchFactor(int rows, double[] weights, int wo) {
    return loss.reduction().factor(weights == null ? rows : RowWeights.sum(rows, weights, wo));
  }

  /**
   * Computes {@link #lossAndGradients} and keeps every number on the way: see {@link StepValues}.
   *
   * @param rows n, at most the capacity
   * @param x inputs [n × in]
   * @param xo the index of the first input
   * @param y targets [n × out]
   * @param yo the index of the first target
   * @return the numbers; those of the forward pass if the loss is not finite
   */
  public StepValues record(int rows, double[] x, int xo, double[] y, int yo) {
    return record(rows, x, xo, y, yo, null, 0);
  }

  /**
   * Computes {@link #lossAndGradients} of rows with weights, and keeps every number on the way.
   *
   * @param rows n, at most the capacity
   * @param x inputs [n × in]
   * @param xo the index of the first input
   * @param y targets [n × out]
   * @param yo the index of the first target
   * @param weights the weights of the rows [n]; null for no weights
   * @param wo the index of the first weight
   * @return the numbers; those of the forward pass if the loss is not finite
   */
  public StepValues record(int rows, double[] x, int xo, double[] y, int yo, double[] weights, int wo) {
    StepRecorder recorder = recorder(keepGradient());
    double value = trainingLossAndOutputDelta(rows, x, xo, y, yo, weights, wo);
    if (Math.abs(value) < Double.POSITIVE_INFINITY) backward(x, xo, recorder);
    return recorder.values(x, xo, value);
  }

  /** Returns a sink that records the next step before it hands each layer to {@code next}. */
  StepRecorder recorder(GradientSink next) {
    return new StepRecorder(network, regularization, w, next);
  }

  /** The sink that writes to {@link #gradients}. */
  GradientSink keepGradient() {
    if (keepGradient == null) keepGradient = new GradientSink.KeepGradient(network, regularization, gradients());
    return keepGradient;
  }

  /** Computes {@link #trainingLoss} and the error at the output: ∂L/∂z where loss and output are fused, else ∂L/∂a. */
  double trainingLossAndOutputDelta(int rows, double[] x, int xo, double[] y, int yo, double[] weights, int wo) {
    forward(true, rows, x, xo, y, yo);
    double factor = batchFactor(rows, weights, wo);
    return factor * sumAndOutputDelta(rows, y, yo, weights, wo, factor) + regularization.penalty(network);
  }

  /** Returns Σ_b w_b ℓ_b of the last forward pass, and computes its gradient at the output times the factor. */
  private double sumAndOutputDelta(int rows, double[] y, int yo, double[] weights, int wo, double factor) {
    Kernels kernels = w.batch.kernels;
    int out = network.outputs();
    double[] delta = w.delta[last()];
    return weights == null ? loss.sumAndGradient(kernels, rows, out, lossInput(), y, yo, factor, delta)
        : loss.weightedSumAndGradient(kernels, rows, out, lossInput(), y, yo, weights, wo, factor, delta);
  }

  /**
   * The backward pass that follows {@link #trainingLossAndOutputDelta}, from the last layer to the first. Each layer's
   * δ goes to the sink when δ of the layer before it is known, so the sink may change the layer's parameters and its δ.
   * Formula: 000-5.2, 001-backprop, 004-backprop-4. Spec:
   * BackpropagationSpec#aHiddenErrorPropagatesThroughTheWeightsOfTheNextLayer.
   * Formula: 003-delta-hidden. Spec: BackpropagationSpec#theHiddenErrorWithTheWeightsOfItsOwnLayerIsWrong.
   * Formula: 003-backprop-1. Spec: FormulasInWordsSpec#theErrorSignalIsNotTheGradientByTheActivations.
   * Formula: 004-cookbook-4. Spec: MiniBatchSpec#theCookbookAppliedSampleBySampleGivesTheUpdateOfTheBatch.
   */
  void backward(double[] x, int xo, GradientSink sink) {
    if (!onLogits) applyDerivative(last());
    for (int l = last(); l >= 0; l--) {
      Layer layer = network.layers().get(l);
      if (l > 0) {
        layer.inputGradient(w.batch, w.delta[l], w.delta[l - 1]);
        applyDerivative(l - 1);
      }
      sink.accept(l, layer, w.batch, l == 0 ? x : w.a[l - 1], l == 0 ? xo : 0, w.delta[l]);
    }
  }

  /**
   * Computes δ_l = ∂L/∂z_l from ∂L/∂a_l, in place.
   * Formula: 000-5.1, 001-delta, 003-delta-output, 004-backprop-3. Spec:
   * BackpropagationSpec#theOutputErrorIsTheLossDerivativeTimesTheActivationDerivative.
   * Formula: 001-error-term. Spec:
   * DefinitionSpec#theErrorTermOfAHiddenUnitIsTheDerivativeOfTheLossWithRespectToItsPreActivation.
   * Formula: 004-cookbook-3. Spec: MiniBatchSpec#theCookbookAppliedSampleBySampleGivesTheUpdateOfTheBatch.
   */
  private void applyDerivative(int l) {
    Layer layer = network.layers().get(l);
    layer.activation().applyDerivative(w.batch.kernels, w.batch.rows, layer.outputs(), w.z[l], w.a[l], w.delta[l]);
  }

  /**
   * Computes ∂L/∂x of the last {@link #lossAndGradients}. Call it before any other method.
   * Formula: 002-chain-rule. Spec: MiniBatchSpec#theDerivativeOfNestedFunctionsIsTheProductOfTheirDerivatives.
   * Formula: 002-chain-network. Spec: MiniBatchSpec#theOutputIsDifferentiatedByTheInputThroughThreeLayers.
   * Formula: 002-chain-result. Spec: FormulasInWordsSpec#theFinalResultIsNotTheDerivativeOfTheSecondLayer.
   *
   * @param dx receives ∂L/∂x [n × in]
   */
  public void inputGradients(double[] dx) {
    network.layers().get(0).inputGradient(w.batch, w.delta[0], dx);
  }

  private void check(int rows, double[] x, int xo, double[] y, int yo) {
    if (rows < 0 || rows > w.capacity) {
      throw new IllegalArgumentException("batch: expected 0 to " + w.capacity + " rows, found " + rows);
    }
    Objects.checkFromIndexSize(xo, rows * network.inputs(), x.length);
    Objects.checkFromIndexSize(yo, rows * network.outputs(), y.length);
  }
}
