// SPDX-License-Identifier: MIT
package chainrule.train;

import chainrule.data.Dataset;
import chainrule.nn.Backpropagation;
import chainrule.nn.FrozenParameters;
import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.loss.Loss;
import chainrule.nn.loss.Losses;
import chainrule.nn.loss.Reduction;
import chainrule.nn.loss.RowWeights;
import chainrule.nn.optimizer.Adam;
import chainrule.nn.optimizer.Optimizer;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Trains a network with mini-batches. Each epoch uses every row once, in a random order that depends on (seed, epoch).
 * <pre>{@code
 * History h = Trainer.of(net).loss(new CategoricalCrossEntropy()).optimizer(new Adam(1e-3)).batch(64)
 *     .schedule(new CosineDecay(0)).clip(1).stopEarly(validation, 10).fit(train, test, 100);
 * }</pre>
 * The same network, data, settings and seed give bit-identical parameters on every machine and for any number of
 * threads, even if a run is stopped and resumed ({@link #checkpoint}, {@link #resume}). A step allocates nothing.
 *
 * <p>If the data has {@linkplain Dataset#weights weights}, each row's loss is multiplied by its weight in training, and
 * in the losses of validation and test: see {@link RowWeights}. The other metrics do not change. To give each class the
 * same total weight:
 * <pre>{@code
 * double[] w = Dataset.balancedClassWeights(train.classes(), train.labels().size());
 * trainer.fit(train.withClassWeights(w), test, 100);
 * }</pre>
 *
 * <p>A trainer is for use by one thread, and changes its network while it trains. Trainers of different networks may
 * run at the same time. A network that is not being trained may predict on many threads at once.
 * Spec: TrainerTest, EpochSpec, ResumeTest, ScheduleSpec, ClippingSpec, WeightedTrainingTest; TrainingMatrixSpec for
 * all settings together.
 */
public final class Trainer {
  final Network network;
  Loss loss;
  Optimizer optimizer = new Adam();
  Regularization regularization = Regularization.NONE;
  Schedule schedule = new ConstantRate();
  double clip = Double.POSITIVE_INFINITY;
  FrozenParameters frozen = FrozenParameters.NONE;
  int batch = 32;
  int block; // rows of a block; 0 without blocks
  long seed = 1;
  Dataset validation;
  int patience;
  TrainingListener listener = new TrainingListener() {};
  BooleanSupplier stop = () -> false;
  Consumer<Snapshot> checkpoint; // null if not requested
  Snapshot resumed;

  private Trainer(Network network) {
    this.network = network;
    this.loss = Losses.forOutput(network.output().activation());
  }

  /**
   * {@return a trainer with the loss that follows from the network's output ({@link Losses#forOutput}), Adam with its
   * defaults ({@link Adam#Adam()}), a constant rate, batches of 32 rows and seed 1}
   *
   * @param network the network to train
   */
  public static Trainer of(Network network) {
    return new Trainer(Objects.requireNonNull(network, "network"));
  }

  /**
   * Sets the loss to minimize; {@link Losses#forOutput} chooses it unless called.
   *
   * @param value the loss, which must fit the network's output
   * @return this trainer
   */
  public Trainer loss(Loss value) {
    loss = Objects.requireNonNull(value, "loss");
    return this;
  }

  /**
   * Sets the optimizer; {@link Adam#Adam()} unless called.
   *
   * @param value the optimizer
   * @return this trainer
   */
  public Trainer optimizer(Optimizer value) {
    optimizer = Objects.requireNonNull(value, "optimizer");
    return this;
  }

  /**
   * Sets penalties on the parameters; none unless called.
   *
   * @param value the penalties; {@link Regularization#NONE} for none
   * @return this trainer
   */
  public Trainer regularization(Regularization value) {
    regularization = Objects.requireNonNull(value, "regularization");
    return this;
  }

  /**
   * Sets the learning-rate schedule; {@link ConstantRate} unless called.
   *
   * @param value the schedule
   * @return this trainer
   */
  public Trainer schedule(Schedule value) {
    schedule = Objects.requireNonNull(value, "schedule");
    return this;
  }

  /**
   * Clips each gradient to a norm: see {@link chainrule.nn.TrainingStep}. No clipping unless called.
   *
   * @param norm the largest norm, &gt; 0
   * @return this trainer
   * @throws IllegalArgumentException unless norm &gt; 0
   */
  public Trainer clip(double norm) {
    if (!(norm > 0)) throw new IllegalArgumentException("clip: expected a norm > 0, found " + norm);
    clip = norm;
    return this;
  }

  /**
   * Leaves some parameters as they are: see {@link FrozenParameters}. Nothing is frozen unless called. A resumed run
   * needs the same setting. {@link #fit} checks that the network has these layers.
   *
   * @param value the parameters to freeze; {@link FrozenParameters#NONE} for none
   * @return this trainer
   */
  public Trainer freeze(FrozenParameters value) {
    frozen = Objects.requireNonNull(value, "frozen");
    return this;
  }

  /**
   * Sets the number of rows per step; 32 unless called. The last step of an epoch takes the remaining rows.
   * Formula: 002-gd-batch. Spec: TrainerUpdateSpec#aStepOverAllSamplesSubtractsEtaTimesTheGradientOfTheMeanLoss.
   * Formula: 002-gd-minibatch. Spec: TrainerUpdateSpec#aMiniBatchUsesTheMeanOfItsSamplesAndAnEpochUsesEachSampleOnce.
   * Formula: 002-sgd. Spec: TrainerUpdateSpec#aBatchOfOneUsesTheGradientOfOneSample.
   *
   * @param rows rows per step, ≥ 1
   * @return this trainer
   * @throws IllegalArgumentException if rows &lt; 1
   */
  public Trainer batch(int rows) {
    if (rows < 1) throw new IllegalArgumentException("batch: expected ≥ 1 rows, found " + rows);
    batch = rows;
    return this;
  }

  /**
   * Computes the gradient of a batch in blocks, which are added in one fixed tree: see
   * {@link chainrule.nn.GradientSum}, and the package {@link chainrule.nn} for the definition. Several threads then
   * take whole blocks, and a {@link GradientSource} can divide them among machines. Without blocks unless called. A
   * resumed run needs the same setting.
   *
   * <p>Batches of at most one block give the same bits as without blocks. The only exception is plain gradient descent
   * without penalties and clipping, which adds to the weights directly if there are no blocks.
   *
   * @param rows the rows of a block, ≥ 1. Use 256: smaller blocks cost more
   * @return this trainer
   * @throws IllegalArgumentException if rows &lt; 1
   */
  public Trainer blocks(int rows) {
    if (rows < 1) throw new IllegalArgumentException("blocks: expected ≥ 1 rows, found " + rows);
    block = rows;
    return this;
  }

  /**
   * Sets the seed of the order of the rows and of the dropout masks; 1 unless called.
   *
   * @param value the seed
   * @return this trainer
   */
  public Trainer seed(long value) {
    seed = value;
    return this;
  }

  /**
   * Stops training early, and always restores the weights of the epoch with the lowest validation loss at the end.
   *
   * @param validationRows rows that are neither training rows nor rows of the final test
   * @param epochs training stops after this many epochs without a lower validation loss, ≥ 1
   * @return this trainer
   * @throws IllegalArgumentException if there are no rows, all their weights are 0, or epochs &lt; 1
   */
  public Trainer stopEarly(Dataset validationRows, int epochs) {
    if (epochs < 1) throw new IllegalArgumentException("patience: expected ≥ 1 epochs, found " + epochs);
    requireRows("validation", validationRows);
    validation = validationRows;
    patience = epochs;
    return this;
  }

  /**
   * Sets the listener; none unless called.
   *
   * @param value called after each step and each epoch
   * @return this trainer
   */
  public Trainer listener(TrainingListener value) {
    listener = Objects.requireNonNull(value, "listener");
    return this;
  }

  /**
   * Sets a condition that ends training. The {@link #checkpoint}, if set, then receives the state, from which a resumed
   * run continues within the epoch. To stop on {@code Future.cancel(true)}, use
   * {@code stopWhen(() -> Thread.currentThread().isInterrupted())}.
   *
   * @param condition returns true to end training; called before each step
   * @return this trainer
   */
  public Trainer stopWhen(BooleanSupplier condition) {
    stop = Objects.requireNonNull(condition, "condition");
    return this;
  }

  /**
   * Sets the receiver of the run's state, which usually writes it to a file: see {@link Snapshot}.
   *
   * @param receiver called after each epoch and when {@link #stopWhen} ends training
   * @return this trainer
   */
  public Trainer checkpoint(Consumer<Snapshot> receiver) {
    checkpoint = Objects.requireNonNull(receiver, "receiver");
    return this;
  }

  /**
   * Continues an earlier run. With the same network, data and settings, the result is bit-identical to that of a run
   * that was never stopped. {@link #fit} may be called with more epochs than before.
   *
   * @param snapshot the state that the run left; null to start a new run
   * @return this trainer
   */
  public Trainer resume(Snapshot snapshot) {
    resumed = snapshot;
    return this;
  }

  /**
   * Trains without test rows: see {@link #fit(Dataset, Dataset, int)}.
   *
   * @param train the training rows
   * @param epochs the number of epochs, ≥ 1, including those before a resumption
   * @return the metrics of each epoch and how training ended
   */
  public History fit(Dataset train, int epochs) {
    return fit(train, null, epochs);
  }

  /**
   * Trains until all epochs are done or training is stopped, changing the network's parameters.
   *
   * @param train the training rows
   * @param test held-out rows to evaluate after each epoch; they do not influence training. Null for none
   * @param epochs the number of epochs, ≥ 1, including those before a resumption
   * @return the metrics of each epoch and how training ended
   * @throws IllegalArgumentException if data, loss, network and resumed state do not fit each other; nothing has
   *     changed
   * @throws DivergedException if the loss or a parameter becomes NaN or infinite; the network then has the weights of
   *     the last complete epoch
   */
  public History fit(Dataset train, Dataset test, int epochs) {
    if (epochs < 1) throw new IllegalArgumentException("epochs: expected ≥ 1, found " + epochs);
    requireFit("training", network, train);
    if (test != null) requireFit("test", network, test);
    if (validation != null) requireFit("validation", network, validation);
    requireRows("training", train);
    return new TrainingRun(this, train, null, test, epochs).run();
  }

  /**
   * Trains like {@link #fit(Dataset, Dataset, int)} on rows that are elsewhere, with the gradients that the source
   * computes.
   *
   * @param source computes the gradients
   * @param test held-out rows to evaluate after each epoch; null for none
   * @param epochs the number of epochs, ≥ 1, including those before a resumption
   * @return the metrics of each epoch and how training ended
   * @throws IllegalArgumentException if the source has no rows, all their weights are 0, or it refuses the settings
   */
  public History fit(GradientSource source, Dataset test, int epochs) {
    if (epochs < 1) throw new IllegalArgumentException("epochs: expected ≥ 1, found " + epochs);
    if (test != null) requireFit("test", network, test);
    if (validation != null) requireFit("validation", network, validation);
    requireRows("training", source.rows(), source.weights());
    return new TrainingRun(this, null, source, test, epochs).run();
  }

  /**
   * {@return the metrics of the network on some rows}
   *
   * @param data the rows with their targets
   * @throws IllegalArgumentException if the data or the loss does not fit the network
   */
  public Evaluation evaluate(Dataset data) {
    requireFit("test", network, data);
    int size = Math.max(1, Math.min(256, data.rows()));
    return Evaluation.of(new Backpropagation(network, loss, size), loss.reduction() == Reduction.MEAN, data, size);
  }

  private static void requireRows(String what, Dataset data) {
    requireRows(what, data.rows(), data.weights());
  }

  private static void requireRows(String what, int rows, double[] weights) {
    if (rows == 0) throw new IllegalArgumentException(what + " data: no rows");
    if (weights != null && RowWeights.sum(rows, weights, 0) == 0) {
      throw new IllegalArgumentException(what + " data: the weights of all rows are 0");
    }
  }

  /**
   * Checks that rows have the inputs and outputs of a network.
   *
   * @param what the role of the rows, for the message
   * @param network the network
   * @param data the rows
   * @throws IllegalArgumentException if they do not
   */
  public static void requireFit(String what, Network network, Dataset data) {
    if (data.inputs() != network.inputs() || data.outputs() != network.outputs()) {
      throw new IllegalArgumentException(what + " data: rows of " + data.inputs() + " inputs and " + data.outputs()
          + " outputs do not fit the network " + network);
    }
  }
}
