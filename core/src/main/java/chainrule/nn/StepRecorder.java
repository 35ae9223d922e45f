// SPDX-License-Identifier: MIT
package chainrule.nn;

import chainrule.kernels.RowBlockListener;
import java.util.Arrays;

/**
 * Copies every number of one step as the step passes, and hands each layer on to the sink that uses it. It runs only
 * for {@link TrainingStep#record} and {@link Backpropagation#record}, so other steps do no additional work.
 */
final class StepRecorder extends GradientSink {
  private final Network network;
  private final Workspace w;
  private final GradientSink next;
  private final double penalty;
  private final double[] parameters; // [parameters], before the step
  private final double[] lossGradient; // [parameters] dW, db of the loss without penalties
  private final double[] gradient; // [parameters], penalties included
  private final RowBlockListener addPenalty;
  private final double[][] delta; // [layers][n × out]
  private double[] inputGradient; // [n × in]

  StepRecorder(Network network, Regularization regularization, Workspace w, GradientSink next) {
    this.network = network;
    this.w = w;
    this.next = next;
    this.penalty = regularization.penalty(network);
    this.parameters = network.parameters().clone();
    this.lossGradient = new double[parameters.length];
    this.gradient = new double[parameters.length];
    this.addPenalty = (from, to) -> {
      System.arraycopy(lossGradient, from, gradient, from, to - from);
      regularization.addGradient(network, gradient, from, to);
    };
    this.delta = new double[network.layers().size()][];
    w.separateActivations();
  }

  /** Copies δ, dW, db and, for the first layer, ∂L/∂x, before the next sink changes the layer's parameters and δ. */
  @Override void accept(int l, Layer layer, BatchContext batch, double[] x, int xo, double[] d) {
    delta[l] = Arrays.copyOf(d, batch.rows * layer.outputs());
    layer.parameterGradient(batch, x, xo, d, lossGradient, addPenalty);
    if (l == 0) {
      inputGradient = new double[batch.rows * layer.inputs()];
      layer.inputGradient(batch, d, inputGradient);
    }
    next.step = step;
    next.rate = rate;
    next.accept(l, layer, batch, x, xo, d);
  }

  /** Returns the values of the step, whose inputs start at xo and whose loss is L. */
  StepValues values(double[] x, int xo, double loss) {
    int rows = w.batch.rows, layers = delta.length;
    network.activateOutput(w); // a fused loss does not need ŷ
    double[][] z = new double[layers][], a = new double[layers][];
    for (int l = 0; l < layers; l++) {
      int n = rows * network.layers().get(l).outputs();
      z[l] = Arrays.copyOf(w.z[l], n);
      a[l] = Arrays.copyOf(w.a[l], n);
    }
    double[] inputs = Arrays.copyOfRange(x, xo, xo + rows * network.inputs());
    return new StepValues(
        network, rows, loss, penalty, inputs, z, a, delta, parameters, lossGradient, gradient, inputGradient);
  }
}
