// SPDX-License-Identifier: MIT
package chainrule.nn;

import chainrule.kernels.RowBlockListener;
import chainrule.nn.optimizer.Optimizer;

/**
 * Receives each layer's δ = ∂L/∂z from the backward pass and turns it into a gradient or an update. There are three
 * strategies, and a {@link TrainingStep} chooses one when it is built:
 *
 * <pre>
 *                         gradient array      parameters change              chosen for
 * {@link KeepGradient}    whole               not here: the caller updates   gradient checks, clipping
 * {@link UpdateBlocks}    used block by block as each block is complete      every optimizer, penalties
 *                         small networks: at once, after the last layer
 * {@link AddToWeights}    none                as each product is added       gradient descent without penalties
 * </pre>
 *
 * {@link UpdateBlocks} gives the same bits as {@link KeepGradient} followed by {@link Optimizer#update}.
 * {@link AddToWeights} rounds differently, since it never forms the gradient's sum over the rows. A
 * {@link StepRecorder} copies the numbers of a step before one of the three uses them. Spec: TrainingStepSpec.
 */
abstract sealed class GradientSink
    permits GradientSink.KeepGradient, GradientSink.UpdateBlocks, GradientSink.AddToWeights, StepRecorder {
  /** t, the number of the current step, counted from 1. */
  long step;
  /** η of the current step. */
  double rate;

  /**
   * Uses the gradient of one layer. The backward pass no longer needs this layer's parameters or its δ, so both may
   * change.
   *
   * @param l the index of the layer, from 0
   * @param x the layer's input [n × in], starting at xo
   * @param delta δ = ∂L/∂z [n × out]
   */
  abstract void accept(int l, Layer layer, BatchContext batch, double[] x, int xo, double[] delta);

  /** Writes ∂L/∂θ, penalties included, into one array: g[θ of the layer] = dW, db. */
  static final class KeepGradient extends GradientSink {
    private final RowBlockListener addPenalty;
    private double[] g; // [parameters]

    KeepGradient(Network network, Regularization regularization, double[] g) {
      this.g = g;
      this.addPenalty = (from, to) -> regularization.addGradient(network, this.g, from, to);
    }

    /** Sets the array to write to. */
    void into(double[] gradient) {
      g = gradient;
    }

    @Override void accept(int l, Layer layer, BatchContext batch, double[] x, int xo, double[] delta) {
      layer.parameterGradient(batch, x, xo, delta, g, addPenalty);
    }
  }

  /**
   * Calls the optimizer for each block of rows of dW as soon as the block is complete, on the thread that computed it:
   * the block is still in that thread's cache.
   */
  static final class UpdateBlocks extends GradientSink {
    /**
     * Parameters of a network that is updated in one call, because a call of the optimizer costs as much as the update
     * of 30 parameters (Adam on 4-8-3: four calls took twice as long as one).
     */
    static final int SMALL = 1024;
    private static final RowBlockListener LATER = (from, to) -> { };

    private final Network network;
    private final Regularization regularization;
    private final Optimizer optimizer;
    private final double[] g; // [parameters]
    private final double[][] state; // [slots][parameters]
    private final int[][] free; // the ranges of parameters that may change
    private final RowBlockListener update;
    private final boolean atOnce;

    UpdateBlocks(
        Network network, Regularization regularization, Optimizer optimizer, FrozenParameters frozen, double[] g,
        double[][] state) {
      this(network, regularization, optimizer, frozen, g, state, g.length <= SMALL);
    }

    /** @param atOnce whether all parameters are updated after the backward pass; the bits are the same */
    UpdateBlocks(
        Network network, Regularization regularization, Optimizer optimizer, FrozenParameters frozen, double[] g,
        double[][] state, boolean atOnce) {
      this.network = network;
      this.regularization = regularization;
      this.optimizer = optimizer;
      this.g = g;
      this.state = state;
      this.free = frozen.free(network);
      this.update = frozen.isNone() ? this::update : this::updateFree;
      this.atOnce = atOnce;
    }

    @Override void accept(int l, Layer layer, BatchContext batch, double[] x, int xo, double[] delta) {
      layer.parameterGradient(batch, x, xo, delta, g, atOnce ? LATER : update);
      if (atOnce && l == 0) update.complete(0, g.length);
    }

    /**
     * Updates the parameters {@code from} … {@code to} − 1 with their gradient.
     * Formula: 003-backprop-3. Spec: FormulasInWordsSpec#theOptimizerUpdatesEveryWeightAndBiasByItsOwnGradient.
     */
    private void update(int from, int to) {
      regularization.addGradient(network, g, from, to);
      optimizer.update(step, rate, from, to, network.parameters(), g, state);
    }

    private void updateFree(int from, int to) {
      regularization.addGradient(network, g, from, to);
      for (int[] range : free) {
        int first = Math.max(from, range[0]), last = Math.min(to, range[1]);
        if (first < last) optimizer.update(step, rate, first, last, network.parameters(), g, state);
      }
    }
  }

  /** Adds xᵀ·(−ηδ) to W and Σ −ηδ to b. It keeps no gradient and needs no second pass over the weights. */
  static final class AddToWeights extends GradientSink {
    private final FrozenParameters frozen;

    AddToWeights(FrozenParameters frozen) {
      this.frozen = frozen;
    }

    @Override void accept(int l, Layer layer, BatchContext batch, double[] x, int xo, double[] delta) {
      layer.descend(batch, x, xo, delta, rate, !frozen.hasWeights(l), !frozen.hasBias(l));
    }
  }
}
