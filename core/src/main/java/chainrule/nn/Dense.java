// SPDX-License-Identifier: MIT
package chainrule.nn;

import chainrule.kernels.Kernels;
import chainrule.kernels.RowBlockListener;
import chainrule.nn.activation.Activation;
import java.util.Arrays;

/**
 * A dense layer: <pre>
 * z = x·W + b                      a = φ(z)
 * dW = xᵀ·δ,  db = Σ_rows δ        dx = δ·Wᵀ,       δ = ∂L/∂z
 * W ← W + xᵀ·(−ηδ),  b ← b + Σ_rows −ηδ            gradient descent in one step
 * </pre>
 * Shapes: x, dx [n × in], W, dW [in × out], b, db [out], z, a, δ [n × out], row-major; W starts at {@link #offset} of
 * the network's parameters, b follows it.
 */
public final class Dense extends Layer {
  private final Initialization initialization;
  private final int offset;

  /**
   * @param inputs in, the fan-in of each unit
   * @param outputs out, the number of units
   * @param activation φ
   * @param initialization how W is initialized; b is initialized to 0
   * @param offset the index of its first parameter
   */
  Dense(int inputs, int outputs, Activation activation, Initialization initialization, int offset) {
    super(inputs, outputs, activation);
    this.initialization = initialization;
    this.offset = offset;
  }

  /** {@return how W is initialized} b is initialized to 0. */
  public Initialization initialization() {
    return initialization;
  }

  @Override public int offset() {
    return offset;
  }

  @Override public int weights() {
    return inputs() * outputs();
  }

  @Override public int parameters() {
    return weights() + outputs();
  }

  private int bias() {
    return offset + weights();
  }

  /** Returns a copy of this layer's W, or of its gradient, from an array laid out as the parameters. */
  double[][] weights(double[] parameters) {
    return Matrices.copy(parameters, offset, inputs(), outputs());
  }

  /** Returns a copy of this layer's b, or of its gradient, from an array laid out as the parameters. */
  double[] bias(double[] parameters) {
    return Arrays.copyOfRange(parameters, bias(), bias() + outputs());
  }

  @Override public String describe() {
    return outputs() + " " + activation().name();
  }

  @Override void initialize(double[] parameters, long seed, int number) {
    initialization.fill(parameters, offset, inputs(), outputs(), seed, number);
    Arrays.fill(parameters, bias(), bias() + outputs(), 0);
  }

  /**
   * Computes z = x·W + b.
   * Formula: 000-3.1. Spec: ForwardSpec#aNeuronAddsItsWeightedInputsAndItsBiasAndAppliesItsActivation.
   * Formula: 001-preactivation, 003-dense-element. Spec: ForwardSpec#eachUnitOfALayerUsesItsOwnColumnOfWeights.
   * Formula: 002-neuron, 002-layer. Spec: ForwardSpec#theFirstIndexOfAWeightIsTheInputIn002NeuronAndTheUnitIn002Layer.
   * Formula: 002-weight-matrix, 003-preactivation-hidden. Spec:
   * DefinitionSpec#preActivationsUseThePreviousLayerAndTheTransposeOfAMatrixWithOneRowPerUnit.
   * Formula: 003-dense. Spec: StackedLayersSpec#aDenseLayerIsWTransposedTimesX.
   * Formula: 003-preactivation-output. Spec: DefinitionSpec#theOutputPreActivationDoesNotUseTheOutputActivation.
   */
  @Override void forward(BatchContext batch, double[] x, int xo, double[] z) {
    Kernels k = batch.kernels;
    double[] theta = batch.parameters;
    int n = batch.rows, in = inputs(), out = outputs();
    k.repeatRow(n, out, theta, bias(), z, 0);
    k.matmul(n, out, in, x, xo, in, theta, offset, out, z, 0, out);
  }

  @Override void inputGradient(BatchContext batch, double[] delta, double[] dx) {
    Kernels k = batch.kernels;
    int n = batch.rows, in = inputs(), out = outputs();
    k.fill(n * in, 0, dx, 0);
    k.matmulTransposedB(n, in, out, delta, 0, out, batch.parameters, offset, out, dx, 0, in);
  }

  /**
   * Computes dW = xᵀ·δ and db = Σ_rows δ.
   * Formula: 000-5.3, 000-5.4, 003-grad-w, 003-grad-b, 004-backprop-5. Spec:
   * BackpropagationSpec#gradientsAreSumsOfInputTimesErrorOverTheRows.
   * Formula: 001-grad-w, 001-grad-b. Spec: BackpropagationSpec#theGradientOfANeuronIsItsErrorTimesItsInput.
   * Formula: 003-backprop-2. Spec: FormulasInWordsSpec#theErrorSignalAndActivationsDoNotDetermineTheParameters.
   */
  @Override void parameterGradient(
      BatchContext batch, double[] x, int xo, double[] delta, double[] gradients, RowBlockListener listener) {
    Kernels k = batch.kernels;
    int n = batch.rows, in = inputs(), out = outputs();
    k.matmulTransposedAInRowBlocks(in, out, n, x, xo, in, delta, 0, out, gradients, offset, out, listener);
    k.fill(out, 0, gradients, bias());
    k.columnSums(n, out, delta, 0, gradients, bias());
    listener.complete(bias(), bias() + out);
  }

  /**
   * Computes W ← W − η·xᵀ·δ and b ← b − η·Σ_rows δ; a mean loss puts the 1/m into δ.
   * Formula: 004-sgd-w. Spec: TrainerUpdateSpec#xiOverMTimesTheSumOverTheMiniBatchIsSubtractedFromWeights.
   * Formula: 004-sgd-b. Spec: TrainerUpdateSpec#biasesAreUpdatedFromTheirOwnValuesNotFromAWeight.
   */
  @Override void descend(
      BatchContext batch, double[] x, int xo, double[] delta, double rate, boolean weights, boolean bias) {
    Kernels k = batch.kernels;
    double[] theta = batch.parameters;
    int n = batch.rows, in = inputs(), out = outputs();
    k.scale(n * out, -rate, delta, 0);
    if (weights) k.matmulTransposedA(in, out, n, x, xo, in, delta, 0, out, theta, offset, out);
    if (bias) k.columnSums(n, out, delta, 0, theta, bias());
  }
}
