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
   * Returns a trainer with the loss that follows from the network's output ({@link Losses#forOutput}), Adam with its
   * defaults ({@link Adam#Adam()}), a constant rate, batches of 32 rows and seed 1.
   */
  public static Trainer of(Network network) {
    return new Trainer(Objects.requireNonNull(network, "network"));
  }

  /** Sets the loss to minimize; {@link Losses#forOutput} chooses it unless called. */
  public Trainer loss(Loss value) {
    loss = Objects.requireNonNull(value, "loss");
    return this;
  }

  /** Sets the optimizer; {@link Adam#Adam()} unless called. */
  public Trainer optimizer(Optimizer value) {
    optimizer = Objects.requireNonNull(value, "optimizer");
    return this;
  }

  /** Sets penalties on the parameters; none unless called. */
  public Trainer regularization(Regularization value) {
    regularization = Objects.requireNonNull(value, "regularization");
    return this;
  }

  /** Sets the learning-rate schedule; {@link ConstantRate} unless called. */
  public Trainer schedule(Schedule value) {
    schedule = Objects.requireNonNull(value, "schedule");
    return this;
  }

  /**
   * Clips each gradient to this norm: see {@link chainrule.nn.TrainingStep}. No clipping unless called.
   * @throws IllegalArgumentException unless norm &gt; 0
   */
  public Trainer clip(double norm) {
    if (!(norm > 0)) throw new IllegalArgumentException("clip: expected a norm > 0, found " + norm);
    clip = norm;
    return this;
  }

  /**
   * Leaves these parameters as they are: see {@link FrozenParameters}. Nothing is frozen unless called. A resumed run
   * needs the same setting. {@link #fit} checks that the network has these layers.
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
   */
  public Trainer batch(int rows) {
    if (rows < 1) throw new IllegalArgumentException("batch: expected ≥ 1 rows, found " + rows);
    batch = rows;
    return this;
  }

  /**
   * Computes the gradient of a batch in blocks of this many rows, which are added in one fixed tree: see
   * {@link chainrule.nn.GradientSum}, and the package {@link chainrule.nn} for the definition. Use 256: smaller blocks
   * cost more. Several threads then take whole blocks, and a {@link GradientSource} can divide them among machines.
   * Without blocks unless called. A resumed run needs the same setting.
   *
   * <p>Batches of at most one block give the same bits as without blocks. The only exception is plain gradient descent
   * without penalties and clipping, which adds to the weights directly if there are no blocks.
   *
   * @throws IllegalArgumentException if rows &lt; 1
   */
  public Trainer blocks(int rows) {
    if (rows < 1) throw new IllegalArgumentException("blocks: expected ≥ 1 rows, found " + rows);
    block = rows;
    return this;
  }

  /** Sets the seed of the order of the rows and of the dropout masks; 1 unless called. */
  public Trainer seed(long value) {
    seed = value;
    return this;
  }

  /**
   * Stops training early, and always restores the weights of the epoch with the lowest validation loss at the end. The
   * validation rows must be neither training rows nor rows of the final test.
   *
   * @param epochs training stops after this many epochs without a lower validation loss
   * @throws IllegalArgumentException if there are no rows, all their weights are 0, or epochs &lt; 1
   */
  public Trainer stopEarly(Dataset validationRows, int epochs) {
    if (epochs < 1) throw new IllegalArgumentException("patience: expected ≥ 1 epochs, found " + epochs);
    requireRows("validation", validationRows);
    validation = validationRows;
    patience = epochs;
    return this;
  }

  /** Sets the listener that is called after each step and each epoch. */
  public Trainer listener(TrainingListener value) {
    listener = Objects.requireNonNull(value, "listener");
    return this;
  }

  /**
   * Sets a condition that is checked before each step and ends training when it is true. The {@link #checkpoint}, if
   * set, then receives the state, from which a resumed run continues within the epoch. To stop on
   * {@code Future.cancel(true)}, use {@code stopWhen(() -> Thread.currentThread().isInterrupted())}.
   */
  public Trainer stopWhen(BooleanSupplier condition) {
    stop = Objects.requireNonNull(condition, "condition");
    return this;
  }

  /**
   * Sets the receiver of the run's state. It is called after each epoch and when {@link #stopWhen} ends training,
   * usually to write the state to a file: see {@link Snapshot}.
   */
  public Trainer checkpoint(Consumer<Snapshot> receiver) {
    checkpoint = Objects.requireNonNull(receiver, "receiver");
    return this;
  }

  /**
   * Continues the run that left this state. With the same network, data and settings, the result is bit-identical to
   * that of a run that was never stopped. {@link #fit} may be called with more epochs than before.
   */
  public Trainer resume(Snapshot snapshot) {
    resumed = snapshot;
    return this;
  }

  /** Trains without test rows: see {@link #fit(Dataset, Dataset, int)}. */
  public History fit(Dataset train, int epochs) {
    return fit(train, null, epochs);
  }

  /**
   * Trains until {@code epochs} epochs are done, changing the network's parameters.
   *
   * @param test held-out rows to evaluate after each epoch; they do not influence training. Null for none
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
   * Returns the metrics of the network on these rows.
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
   * @throws IllegalArgumentException if they do not
   */
  public static void requireFit(String what, Network network, Dataset data) {
    if (data.inputs() != network.inputs() || data.outputs() != network.outputs()) {
      throw new IllegalArgumentException(what + " data: rows of " + data.inputs() + " inputs and " + data.outputs()
          + " outputs do not fit the network " + network);
    }
  }
}
