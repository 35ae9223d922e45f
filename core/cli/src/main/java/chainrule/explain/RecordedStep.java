// SPDX-License-Identifier: MIT
package chainrule.explain;

import chainrule.data.Dataset;
import chainrule.nn.FrozenParameters;
import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.StepValues;
import chainrule.nn.TrainingStep;
import chainrule.nn.loss.Loss;
import chainrule.nn.loss.Reduction;
import chainrule.nn.loss.RowWeights;
import chainrule.nn.optimizer.Optimizer;
import chainrule.random.CounterRandom;
import chainrule.random.CounterRandom.StreamPurpose;
import chainrule.train.Schedule;
import chainrule.train.Snapshot;
import chainrule.train.Trainer;
import java.util.Arrays;
import java.util.Optional;

/**
 * One step of a training, with everything that it read and wrote.
 *
 * @param network the network; its parameters are those after the step
 * @param loss the loss, without penalties
 * @param penalties the L1 and L2 penalties
 * @param optimizer the optimizer
 * @param frozen the parameters that do not move
 * @param values the numbers of the step
 * @param number the number of the step in the training, from 1
 * @param rate η of the step
 * @param clip the largest norm of a gradient; ∞ for no limit
 * @param rows the indices of the batch's rows in the training rows [n]
 * @param y the targets of the batch [n][out]
 * @param weights the weights of the batch's rows [n]; null without weights
 * @param before the optimizer's state before the step [slots][parameters]
 * @param after the optimizer's state after the step [slots][parameters]
 * @param seed the seed of the dropout masks
 */
public record RecordedStep(Network network, Loss loss, Regularization penalties, Optimizer optimizer,
    FrozenParameters frozen, StepValues values, long number, double rate, double clip, int[] rows, double[][] y,
    double[] weights, double[][] before, double[][] after, long seed) {

  /**
   * The settings of the training whose step is recorded: those of a {@link Trainer}.
   *
   * @param loss the loss, without penalties
   * @param penalties the L1 and L2 penalties
   * @param optimizer the optimizer
   * @param schedule the learning-rate schedule
   * @param clip the largest norm of a gradient; ∞ for no limit
   * @param frozen the parameters that do not move
   * @param batch the number of rows of a step
   * @param epochs the epochs of the whole training, on which the schedule may depend
   * @param seed the seed of the order of the rows and of the dropout masks
   */
  public record Settings(Loss loss, Regularization penalties, Optimizer optimizer, Schedule schedule, double clip,
      FrozenParameters frozen, int batch, int epochs, long seed) {}

  /**
   * Trains up to a step and records it: the same step as {@link Trainer#fit} makes, to the bit.
   *
   * @param trainer a trainer of this network with these settings; its listener, stop condition and checkpoint are used
   * @param network the network with its initial weights; gets the parameters after the step
   * @param s the settings of the trainer
   * @param train the training rows
   * @param number the number of the step, from 1
   * @return the step; empty if the training ends before it
   */
  public static Optional<RecordedStep> of(
      Trainer trainer, Network network, Settings s, Dataset train, long number) {
    Snapshot[] last = new Snapshot[1];
    long[] calls = {0};
    trainer.stopWhen(() -> calls[0]++ == number - 1).checkpoint(state -> last[0] = state).fit(train, s.epochs);
    if (last[0] == null || last[0].steps() != number - 1) return Optional.empty();
    int size = Math.min(s.batch, train.rows()), steps = (train.rows() + size - 1) / size;
    int first = last[0].stepsOfEpoch() * size;
    if (calls[0] < number) return Optional.empty();
    double[] theta = last[0].parameters(); // early stopping has restored those of the best epoch
    System.arraycopy(theta, 0, network.parameters(), 0, theta.length);
    int[] order = new int[train.rows()];
    Arrays.setAll(order, i -> i);
    long epoch = last[0].epochs().size() + 1;
    CounterRandom.shuffle(order, s.seed, CounterRandom.stream(StreamPurpose.SHUFFLE, epoch));
    int[] rows = Arrays.copyOfRange(order, first, Math.min(first + size, order.length));
    Dataset batch = train.select(rows);
    TrainingStep step = new TrainingStep(network, s.loss, s.penalties, s.optimizer, s.clip, s.frozen, rows.length)
        .seed(s.seed);
    step.resume(number - 1, last[0].optimizerState());
    double rate = s.optimizer.rate() * s.schedule.factor(number, steps, s.epochs);
    return Optional.of(record(step, network, s, batch, number, rate, rows));
  }

  /** Makes a step on all rows of a batch and records it. */
  static RecordedStep record(TrainingStep step, Network network, Settings s, Dataset batch, long number, double rate,
      int[] rows) {
    double[][] before = copy(step.state());
    StepValues v = step.record(rate, batch.rows(), batch.x(), 0, batch.y(), 0, batch.weights(), 0);
    int out = network.outputs();
    double[][] y = new double[batch.rows()][];
    for (int r = 0; r < y.length; r++) y[r] = Arrays.copyOfRange(batch.y(), r * out, (r + 1) * out);
    return new RecordedStep(network, s.loss, s.penalties, s.optimizer, s.frozen, v, number, rate, s.clip, rows, y,
        batch.weights(), before, copy(step.state()), s.seed);
  }

  private static double[][] copy(double[][] state) {
    return Arrays.stream(state).map(double[]::clone).toArray(double[][]::new);
  }

  /** {@return whether the loss is finite, so that there was a backward pass and an update} */
  public boolean hasBackwardPass() {
    return Double.isFinite(values.loss());
  }

  /** Returns the factor of a row's loss in the batch's loss: 1/n, w/Σw, 1 or w. */
  double factor(int row) {
    boolean mean = loss.reduction() == Reduction.MEAN;
    if (weights == null) return mean ? 1.0 / rows.length : 1;
    double sum = RowWeights.sum(rows.length, weights, 0);
    return !mean ? weights[row] : sum == 0 ? 0 : weights[row] / sum;
  }
}
