// SPDX-License-Identifier: MIT
package chainrule.nn;

import chainrule.nn.loss.Loss;
import chainrule.nn.optimizer.Optimizer;
import java.util.Objects;
import java.util.function.IntConsumer;

/**
 * One step of training: the loss of a batch, its gradient by {@link Backpropagation}, and the {@link Optimizer}'s
 * update.
 * <pre>{@code
 * TrainingStep step = new TrainingStep(net, new CategoricalCrossEntropy(), Regularization.NONE, new Adam(1e-3), 64);
 * double loss = step.run(64, x, 0, y, 0);                // x [64 × in], y [64 × out]; the parameters have changed
 * }</pre>
 *
 * The path from the gradient to the update, from top to bottom:
 * <ol>
 * <li>{@link #run} computes the loss and the output's δ, then starts the backward pass;
 * <li>{@link Backpropagation#backward} finds each layer's δ, last layer first, and hands it to a {@link GradientSink};
 * <li>the sink, chosen once by the constructor, keeps the gradient, or updates each block of it as it completes, or
 *     adds it straight into the weights;
 * <li>with clipping, {@link GradientClipping} scales the kept gradient and the optimizer updates all parameters.
 * </ol>
 * A batch of several blocks of rows takes another path: the gradients of its blocks are added in one fixed tree
 * ({@link GradientSum}), here or on other machines, and {@link #update} uses the sum.
 *
 * <p>The constructor allocates all buffers: z, a and δ of one batch, an array like θ for each of the optimizer's slots,
 * and the gradient where it is kept. A step allocates nothing. For use by one thread at a time; its kernels may use
 * several. Spec: TrainingStepSpec, ClippingSpec.
 */
public final class TrainingStep {
  /** Parameters that are updated at once, while their gradient is in the cache. */
  private static final int UPDATED_AT_ONCE = 4096;

  private final Backpropagation backpropagation;
  private final Network network;
  private final Optimizer optimizer;
  private final Regularization regularization;
  private final double[][] state; // [slots][parameters]
  private final GradientSink sink;
  private final int block; // rows of a block; 0 for the whole batch at once
  private final BlockwiseGradient blockwise; // null without blocks
  private final double clip;
  private final int[][] free; // the ranges {from, to} of parameters that are not frozen
  private final IntConsumer updatePart = this::updatePart;
  private double[] givenGradient; // of the current call of update
  private double givenRate;
  private long seed;
  private long steps;

  /**
   * Creates a step without clipping, frozen parameters and blocks.
   *
   * @param network the network to train
   * @param loss the loss
   * @param regularization penalties to add to the loss and its gradient
   * @param optimizer the rule that updates the parameters
   * @param capacity the largest number of rows in a batch
   * @throws IllegalArgumentException if the loss does not fit the network's output or a layer cannot be trained
   */
  public TrainingStep(
      Network network, Loss loss, Regularization regularization, Optimizer optimizer, int capacity) {
    this(network, loss, regularization, optimizer, Double.POSITIVE_INFINITY, capacity);
  }

  /**
   * Creates a step without frozen parameters and blocks.
   *
   * @param network the network to train
   * @param loss the loss
   * @param regularization penalties to add to the loss and its gradient
   * @param optimizer the rule that updates the parameters
   * @param clip the largest norm of a gradient, penalties included; ∞ for no limit
   * @param capacity the largest number of rows in a batch
   * @throws IllegalArgumentException if the loss does not fit the network's output, a layer cannot be trained, or clip
   *     ≤ 0
   */
  public TrainingStep(
      Network network, Loss loss, Regularization regularization, Optimizer optimizer, double clip, int capacity) {
    this(network, loss, regularization, optimizer, clip, FrozenParameters.NONE, capacity);
  }

  /**
   * Creates a step without blocks.
   *
   * @param network the network to train
   * @param loss the loss
   * @param regularization penalties to add to the loss and its gradient
   * @param optimizer the rule that updates the parameters
   * @param clip the largest norm of a gradient, penalties included; ∞ for no limit
   * @param frozen the parameters that no step changes
   * @param capacity the largest number of rows in a batch
   * @throws IllegalArgumentException if the loss does not fit the network's output, a layer cannot be trained, clip ≤
   *     0, or a frozen layer is not a dense layer of the network
   */
  public TrainingStep(
      Network network, Loss loss, Regularization regularization, Optimizer optimizer, double clip,
      FrozenParameters frozen, int capacity) {
    this(network, loss, regularization, optimizer, clip, frozen, 0, capacity);
  }

  /**
   * Creates a step with all settings.
   *
   * @param network the network to train
   * @param loss the loss
   * @param regularization penalties to add to the loss and its gradient
   * @param optimizer the rule that updates the parameters
   * @param clip the largest norm of a gradient, penalties included: see {@link GradientClipping}; ∞ for no limit.
   *     Clipping keeps the whole gradient and needs one more pass over it
   * @param frozen the parameters that no step changes
   * @param block the number of rows of a block, whose gradients are added in one fixed tree: see {@link GradientSum}. 0
   *     computes the gradient of the whole batch in one chain. Steps of at most one block have the same bits as without
   *     blocks, except for plain descent without penalties, which adds to the weights only if this is 0
   * @param capacity the largest number of rows in a batch
   * @throws IllegalArgumentException if the loss does not fit the network's output, a layer cannot be trained, clip ≤
   *     0, block &lt; 0, or a frozen layer is not a dense layer of the network
   */
  public TrainingStep(
      Network network, Loss loss, Regularization regularization, Optimizer optimizer, double clip,
      FrozenParameters frozen, int block, int capacity) {
    if (!(clip > 0)) throw new IllegalArgumentException("clip: expected a norm > 0, found " + clip);
    if (block < 0) throw new IllegalArgumentException("block: expected ≥ 0 rows, found " + block);
    this.network = network;
    this.regularization = regularization;
    this.block = block;
    int rowsAtOnce = block == 0 ? capacity : Math.min(block, capacity);
    this.backpropagation = new Backpropagation(network, loss, regularization, rowsAtOnce);
    this.blockwise = block == 0 || capacity <= block ? null
        : new BlockwiseGradient(network, loss, backpropagation, block, capacity);
    this.optimizer = Objects.requireNonNull(optimizer, "optimizer");
    this.clip = clip;
    this.free = frozen.free(network);
    this.state = new double[optimizer.slots()][network.parameters().length];
    if (clips()) {
      this.sink = backpropagation.keepGradient();
    } else if (optimizer.isPlainDescent() && regularization.isNone() && block == 0) {
      this.sink = new GradientSink.AddToWeights(frozen);
    } else {
      this.sink = new GradientSink.UpdateBlocks(
          network, regularization, optimizer, frozen, backpropagation.gradients(), state);
    }
  }

  private boolean clips() {
    return clip < Double.POSITIVE_INFINITY;
  }

  /**
   * Sets the seed of the dropout masks; 0 unless called.
   *
   * @param value the seed
   * @return this step
   */
  public TrainingStep seed(long value) {
    seed = value;
    return this;
  }

  /** {@return the number of steps made so far} The next step has t = steps() + 1. */
  public long steps() {
    return steps;
  }

  /** {@return the optimizer's state [slots][parameters]: the arrays themselves, not copies} */
  public double[][] state() {
    return state;
  }

  /**
   * Continues another run.
   *
   * @param stepsMade the number of steps that it has made
   * @param saved its {@link #state} [slots][parameters], which is copied
   * @throws IllegalArgumentException if the state does not have the shape of this optimizer's and network's
   */
  public void resume(long stepsMade, double[][] saved) {
    requireState(optimizer, network, saved);
    for (int s = 0; s < state.length; s++) System.arraycopy(saved[s], 0, state[s], 0, state[s].length);
    steps = stepsMade;
  }

  /**
   * Requires that a state has the shape of an optimizer's and a network's.
   *
   * @param optimizer the optimizer
   * @param network the network
   * @param saved the state [slots][parameters]
   * @throws IllegalArgumentException if it does not
   */
  public static void requireState(Optimizer optimizer, Network network, double[][] saved) {
    if (saved.length != optimizer.slots()) {
      throw new IllegalArgumentException("the optimizer " + optimizer.name() + " keeps " + optimizer.slots()
          + " numbers for each parameter, but the saved state has " + saved.length);
    }
    for (double[] slot : saved) {
      if (slot.length == network.parameters().length) continue;
      throw new IllegalArgumentException("the optimizer's saved state is for " + slot.length
          + " parameters, but the network has " + network.parameters().length);
    }
  }

  /** {@return the forward and backward pass of this step, for use without an update} */
  public Backpropagation backpropagation() {
    return backpropagation;
  }

  /**
   * Makes one step at the optimizer's learning rate.
   *
   * @param rows n, at most the capacity
   * @param x inputs [n × in]
   * @param xo the index of the first input
   * @param y targets [n × out]
   * @param yo the index of the first target
   * @return L before the update, penalties included; if it is not finite, no parameter has changed and the step does
   *     not count
   */
  public double run(int rows, double[] x, int xo, double[] y, int yo) {
    return run(optimizer.rate(), rows, x, xo, y, yo);
  }

  /**
   * Makes one step.
   *
   * @param eta η of this step
   * @param rows n, at most the capacity
   * @param x inputs [n × in]
   * @param xo the index of the first input
   * @param y targets [n × out]
   * @param yo the index of the first target
   * @return L before the update, penalties included; if it is not finite, no parameter has changed and the step does
   *     not count
   */
  public double run(double eta, int rows, double[] x, int xo, double[] y, int yo) {
    return run(eta, rows, x, xo, y, yo, null, 0);
  }

  /**
   * Makes one step with rows that have {@linkplain chainrule.nn.loss.RowWeights weights}. If all weights are 0, the
   * gradient of the loss is 0, but penalties and the optimizer's state may still move parameters.
   *
   * @param eta η of this step
   * @param rows n, at most the capacity
   * @param x inputs [n × in]
   * @param xo the index of the first input
   * @param y targets [n × out]
   * @param yo the index of the first target
   * @param weights the weights of the rows [n]; null for no weights
   * @param wo the index of the first weight
   * @return L before the update, penalties included; if it is not finite, no parameter has changed and the step does
   *     not count
   * @throws IllegalArgumentException unless each weight is 0 or from 1e-100 to 1e100
   */
  public double run(
      double eta, int rows, double[] x, int xo, double[] y, int yo, double[] weights, int wo) {
    if (blockwise == null || rows <= block) return run(sink, eta, rows, x, xo, y, yo, weights, wo);
    double loss = blockwise.compute(seed, steps, rows, x, xo, y, yo, weights, wo);
    boolean finite = Math.abs(loss) < Double.POSITIVE_INFINITY;
    return finite ? update(eta, loss, blockwise.gradient()) : loss;
  }

  /**
   * Makes one step with a gradient that has been computed elsewhere: adds the penalties, clips, and updates the
   * parameters.
   *
   * @param eta η of this step
   * @param loss L of the whole batch, without penalties
   * @param gradient ∂L/∂θ of the whole batch [parameters], without penalties. Its contents change
   * @return L before the update, penalties included; if it is not finite, no parameter has changed and the step does
   *     not count
   * @throws IllegalArgumentException if the gradient has another length than the parameters
   */
  public double update(double eta, double loss, double[] gradient) {
    int n = network.parameters().length;
    if (gradient.length != n) {
      throw new IllegalArgumentException("gradient: expected " + n + " parameters, found " + gradient.length);
    }
    double value = loss + regularization.penalty(network);
    if (!(Math.abs(value) < Double.POSITIVE_INFINITY)) return value;
    steps++;
    if (clips()) {
      regularization.addGradient(network, gradient);
      clipAndUpdate(eta, gradient);
    } else {
      givenGradient = gradient;
      givenRate = eta;
      network.kernels().runParts(GradientSum.blocks(n, UPDATED_AT_ONCE), updatePart);
      givenGradient = null;
    }
    return value;
  }

  private void updatePart(int part) {
    int from = part * UPDATED_AT_ONCE, to = from + Math.min(UPDATED_AT_ONCE, network.parameters().length - from);
    regularization.addGradient(network, givenGradient, from, to);
    for (int[] range : free) {
      int first = Math.max(from, range[0]), last = Math.min(to, range[1]);
      if (first < last) {
        optimizer.update(steps, givenRate, first, last, network.parameters(), givenGradient, state);
      }
    }
  }

  /**
   * Makes the same step as {@link #run(int, double[], int, double[], int)}, and keeps every number of it.
   *
   * @param rows n, at most the capacity
   * @param x inputs [n × in]
   * @param xo the index of the first input
   * @param y targets [n × out]
   * @param yo the index of the first target
   * @return the numbers, as copies
   * @throws IllegalArgumentException for a batch of several blocks, whose numbers are not kept
   */
  public StepValues record(int rows, double[] x, int xo, double[] y, int yo) {
    return record(optimizer.rate(), rows, x, xo, y, yo, null, 0);
  }

  /**
   * Makes the same step as {@link #run(double, int, double[], int, double[], int, double[], int)}, to the bit, and
   * keeps every number of it. It allocates copies; the first call also allocates a buffer for each layer.
   *
   * @param eta η of this step
   * @param rows n, at most the capacity
   * @param x inputs [n × in]
   * @param xo the index of the first input
   * @param y targets [n × out]
   * @param yo the index of the first target
   * @param weights the weights of the rows [n]; null for no weights
   * @param wo the index of the first weight
   * @return the numbers, as copies
   * @throws IllegalArgumentException for a batch of several blocks, whose numbers are not kept
   */
  public StepValues record(
      double eta, int rows, double[] x, int xo, double[] y, int yo, double[] weights, int wo) {
    if (blockwise != null && rows > block) {
      throw new IllegalArgumentException(
          "batch: expected at most one block of " + block + " rows to record, found " + rows + " rows");
    }
    StepRecorder recorder = backpropagation.recorder(sink);
    return recorder.values(x, xo, run(recorder, eta, rows, x, xo, y, yo, weights, wo));
  }

  private double run(
      GradientSink to, double eta, int rows, double[] x, int xo, double[] y, int yo, double[] weights, int wo) {
    backpropagation.setStep(seed, steps, 0);
    double loss = backpropagation.trainingLossAndOutputDelta(rows, x, xo, y, yo, weights, wo);
    if (!(Math.abs(loss) < Double.POSITIVE_INFINITY)) return loss;
    steps++;
    to.step = steps;
    to.rate = eta;
    backpropagation.backward(x, xo, to);
    if (clips()) clipAndUpdate(eta, backpropagation.gradients());
    return loss;
  }

  private void clipAndUpdate(double eta, double[] g) {
    FrozenParameters.clearOutside(free, g);
    GradientClipping.clip(network.kernels(), g, clip);
    for (int[] range : free) optimizer.update(steps, eta, range[0], range[1], network.parameters(), g, state);
  }
}
