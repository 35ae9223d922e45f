// SPDX-License-Identifier: MIT
package chainrule.nn;

/**
 * Every number of one training step: what the forward pass, the loss and the backward pass computed.
 * <pre>{@code
 * StepValues v = step.record(1, x, 0, y, 0);             // the same step as step.run(1, x, 0, y, 0)
 * double z = v.z(0)[0][1];                               // first layer, row 0, unit 1
 * double after = net.weights(0)[0][1], before = v.weights(0)[0][1], slope = v.weightGradient(0)[0][1];
 * }</pre>
 * Layers are numbered from 0, as in {@link Network#layers}. Shapes, for n rows:
 * <pre>
 * input(l)                 [n × in]     x for the first layer, else a(l − 1)
 * z(l), a(l), delta(l)     [n × out]    z = x·W + b, a = φ(z), δ = ∂L/∂z
 * weights(l), bias(l)      [in][out], [out]     W and b before the update
 * weightGradient(l), biasGradient(l)            ∂L/∂W and ∂L/∂b, penalties included
 * weightLossGradient(l), biasLossGradient(l)    the same without penalties: xᵀ·δ and Σ_rows δ
 * inputGradient()          [n × in]     ∂L/∂x
 * </pre>
 * All arrays are new copies, so they stay valid and may be changed. The values are those of the step itself, to the
 * bit. The δ of a mean loss is already divided by the number of rows. Gradients are those before clipping, and include
 * frozen parameters. A dropout layer has z = a = x ⊙ mask / (1 − p) with the mask of the step. Where loss and output
 * are fused, the last δ is that of the fused formula, and ŷ is computed in addition. {@link GradientSink.AddToWeights}
 * adds to the weights row by row, so there W changes by −η·∂L/∂W only up to rounding.
 *
 * <p>Only {@link TrainingStep#record} and {@link Backpropagation#record} return these values. Other steps keep too
 * little: a overwrites z, gradient descent overwrites δ and forms no gradient. Spec: StepValuesSpec.
 */
public final class StepValues {
  private final Network network;
  private final int rows;
  private final double loss, penalty;
  private final double[] x; // [n × in]
  private final double[][] z, a; // [layers][n × out]
  private final double[][] delta; // [layers][n × out], null without a backward pass
  private final double[] parameters, lossGradient, gradient; // [parameters]
  private final double[] inputGradient; // [n × in]

  StepValues(Network network, int rows, double loss, double penalty, double[] x, double[][] z, double[][] a,
      double[][] delta, double[] parameters, double[] lossGradient, double[] gradient, double[] inputGradient) {
    this.network = network;
    this.rows = rows;
    this.loss = loss;
    this.penalty = penalty;
    this.x = x;
    this.z = z;
    this.a = a;
    this.delta = delta;
    this.parameters = parameters;
    this.lossGradient = lossGradient;
    this.gradient = gradient;
    this.inputGradient = inputGradient;
  }

  /** {@return n, the number of rows} */
  public int rows() {
    return rows;
  }

  /** {@return L before the update, penalties included} If it is not finite, there was no backward pass. */
  public double loss() {
    return loss;
  }

  /** {@return the part of {@link #loss} that is the penalties: λ₁ Σ|θ| + λ₂ Σθ²} */
  public double penalty() {
    return penalty;
  }

  /**
   * {@return the layer's input [n × in]: x for the first layer, else a of the layer before}
   *
   * @param layer the index of the layer, from 0
   */
  public double[][] input(int layer) {
    return layer == 0 ? Matrices.copy(x, 0, rows, network.inputs()) : a(layer - 1);
  }

  /**
   * {@return z [n × out], the pre-activations}
   *
   * @param layer the index of the layer, from 0
   */
  public double[][] z(int layer) {
    return Matrices.copy(z[layer], 0, rows, network.layers().get(layer).outputs());
  }

  /**
   * {@return a = φ(z) [n × out]; of the last layer, ŷ}
   *
   * @param layer the index of the layer, from 0
   */
  public double[][] a(int layer) {
    return Matrices.copy(a[layer], 0, rows, network.layers().get(layer).outputs());
  }

  /**
   * {@return δ = ∂L/∂z [n × out]}
   *
   * @param layer the index of the layer, from 0
   * @throws IllegalStateException if the loss is not finite
   */
  public double[][] delta(int layer) {
    return Matrices.copy(requireBackwardPass(delta[layer]), 0, rows, network.layers().get(layer).outputs());
  }

  /**
   * {@return W [in][out] before the update} {@link Network#weights} has the weights after it.
   *
   * @param layer the index of the layer, from 0
   * @throws IllegalArgumentException if the layer has no weights
   */
  public double[][] weights(int layer) {
    return network.dense(layer).weights(parameters);
  }

  /**
   * {@return b [out] before the update}
   *
   * @param layer the index of the layer, from 0
   * @throws IllegalArgumentException if the layer has no biases
   */
  public double[] bias(int layer) {
    return network.dense(layer).bias(parameters);
  }

  /**
   * {@return ∂L/∂W [in][out], penalties included: {@link #weightLossGradient} + λ₁ sign(W) + 2λ₂ W}
   *
   * @param layer the index of the layer, from 0
   * @throws IllegalArgumentException if the layer has no weights
   * @throws IllegalStateException if the loss is not finite
   */
  public double[][] weightGradient(int layer) {
    return network.dense(layer).weights(requireBackwardPass(gradient));
  }

  /**
   * {@return ∂L/∂b [out], penalties included, if they apply to biases}
   *
   * @param layer the index of the layer, from 0
   * @throws IllegalArgumentException if the layer has no biases
   * @throws IllegalStateException if the loss is not finite
   */
  public double[] biasGradient(int layer) {
    return network.dense(layer).bias(requireBackwardPass(gradient));
  }

  /**
   * {@return dW = xᵀ·δ [in][out], the gradient of the loss without penalties}
   *
   * @param layer the index of the layer, from 0
   * @throws IllegalArgumentException if the layer has no weights
   * @throws IllegalStateException if the loss is not finite
   */
  public double[][] weightLossGradient(int layer) {
    return network.dense(layer).weights(requireBackwardPass(lossGradient));
  }

  /**
   * {@return db = Σ_rows δ [out], the gradient of the loss without penalties}
   *
   * @param layer the index of the layer, from 0
   * @throws IllegalArgumentException if the layer has no biases
   * @throws IllegalStateException if the loss is not finite
   */
  public double[] biasLossGradient(int layer) {
    return network.dense(layer).bias(requireBackwardPass(lossGradient));
  }

  /**
   * {@return ∂L/∂x [n × in]}
   * @throws IllegalStateException if the loss is not finite
   */
  public double[][] inputGradient() {
    return Matrices.copy(requireBackwardPass(inputGradient), 0, rows, network.inputs());
  }

  private double[] requireBackwardPass(double[] values) {
    if (inputGradient != null) return values;
    throw new IllegalStateException("the loss of this step is " + loss + ", so there is no δ and no gradient");
  }

  /** Returns the network, the number of rows and the loss, for a log line. */
  @Override public String toString() {
    return network + ", " + rows + (rows == 1 ? " row" : " rows") + ", loss " + loss;
  }
}
