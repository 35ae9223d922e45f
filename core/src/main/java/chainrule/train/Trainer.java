package chainrule.train;

import chainrule.data.Dataset;
import chainrule.nn.Backpropagation;
import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.loss.Loss;
import chainrule.nn.loss.Losses;
import chainrule.nn.loss.Reduction;
import chainrule.nn.optimizer.Adam;
import chainrule.nn.optimizer.Optimizer;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Trains a network by mini-batches: each epoch meets every row once, in an order drawn from (seed, epoch).
 * <pre>{@code
 * History h = Trainer.of(net).loss(new CategoricalCrossEntropy()).optimizer(new Adam(1e-3)).batch(64)
 *     .schedule(new CosineDecay(0)).clip(1).stopEarly(validation, 10).fit(train, test, 100);
 * }</pre>
 * The same network, data, settings and seed give the same parameters to the bit, on every machine and for any number of
 * threads, also when a run is stopped and resumed ({@link #checkpoint}, {@link #resume}). A step allocates nothing.
 *
 * <p>One trainer belongs to one thread, and its network is being changed while it trains. Several trainers with networks
 * of their own may run beside each other. A network that is not being trained may predict on many threads at once.
 * Spec: TrainerTest, EpochSpec, ResumeTest, ScheduleSpec, ClippingSpec; TrainingMatrixSpec for all settings together.
 */
public final class Trainer {
  final Network network;
  Loss loss;
  Optimizer optimizer = new Adam();
  Regularization regularization = Regularization.NONE;
  Schedule schedule = new ConstantRate();
  double clip = Double.POSITIVE_INFINITY;
  int batch = 32;
  long seed = 1;
  Dataset validation;
  int patience;
  TrainingListener listener = new TrainingListener() {};
  BooleanSupplier stop = () -> false;
  Consumer<Snapshot> checkpoint; // null: nobody asks for the state
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

  public Trainer optimizer(Optimizer value) {
    optimizer = Objects.requireNonNull(value, "optimizer");
    return this;
  }

  /** Penalties on the parameters; none unless called. */
  public Trainer regularization(Regularization value) {
    regularization = Objects.requireNonNull(value, "regularization");
    return this;
  }

  /** How the learning rate changes; constant unless called. */
  public Trainer schedule(Schedule value) {
    schedule = Objects.requireNonNull(value, "schedule");
    return this;
  }

  /**
   * Clips each gradient to this norm, as {@link chainrule.nn.TrainingStep} does; none unless called.
   * @throws IllegalArgumentException unless the norm is above 0
   */
  public Trainer clip(double norm) {
    if (!(norm > 0)) throw new IllegalArgumentException("clip: expected a norm above 0, got " + norm);
    clip = norm;
    return this;
  }

  /** Rows in a step; the last step of an epoch takes what is left. */
  public Trainer batch(int rows) {
    if (rows < 1) throw new IllegalArgumentException("batch: expected 1 row or more, got " + rows);
    batch = rows;
    return this;
  }

  /** Decides the order of the rows and the dropout masks. */
  public Trainer seed(long value) {
    seed = value;
    return this;
  }

  /**
   * Stops when the loss of these rows has not fallen for so many epochs, and in any case ends with the weights of the
   * epoch in which it was lowest. The rows must not be among those that are trained on, nor those of the final test.
   *
   * @throws IllegalArgumentException for no rows, or patience below 1
   */
  public Trainer stopEarly(Dataset validationRows, int epochs) {
    if (epochs < 1) throw new IllegalArgumentException("patience: expected 1 epoch or more, got " + epochs);
    if (validationRows.rows() == 0) throw new IllegalArgumentException("validation data: no rows");
    validation = validationRows;
    patience = epochs;
    return this;
  }

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

  /** Given the state of the run after each whole epoch and where it is stopped: for saving, see {@link Snapshot}. */
  public Trainer checkpoint(Consumer<Snapshot> sink) {
    checkpoint = Objects.requireNonNull(sink, "checkpoint");
    return this;
  }

  /**
   * Goes on where another run had come to, instead of beginning. Network, data and settings must be the same; then the
   * end is the same, to the bit. More epochs may be asked for than the other run was to take.
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
   * @throws IllegalArgumentException if data, loss, network and a resumed state do not fit each other, before anything
   * is changed
   * @throws DivergedException if the loss or a parameter is no longer finite; the network then has the weights of the
   * last whole epoch
   */
  public History fit(Dataset train, Dataset test, int epochs) {
    if (epochs < 1) throw new IllegalArgumentException("epochs: expected 1 or more, got " + epochs);
    requireFit("training", network, train);
    if (test != null) requireFit("test", network, test);
    if (validation != null) requireFit("validation", network, validation);
    if (train.rows() == 0) throw new IllegalArgumentException("training data: no rows");
    return new TrainingRun(this, train, test, epochs).run();
  }

  /** How the network does on these rows now. */
  public Evaluation evaluate(Dataset data) {
    requireFit("evaluated", network, data);
    int size = Math.max(1, Math.min(256, data.rows()));
    return Evaluation.of(new Backpropagation(network, loss, size), loss.reduction() == Reduction.MEAN, data, size);
  }

  static void requireFit(String what, Network network, Dataset data) {
    if (data.inputs() != network.inputs() || data.outputs() != network.outputs()) {
      throw new IllegalArgumentException(what + " data: rows of " + data.inputs() + " inputs and " + data.outputs()
          + " outputs do not fit the network " + network);
    }
  }
}
