package chainrule.train;

import chainrule.data.Dataset;
import chainrule.nn.Backpropagation;
import chainrule.nn.CounterRandom;
import chainrule.nn.CounterRandom.Purpose;
import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.TrainingStep;
import chainrule.nn.loss.CategoricalCrossEntropy;
import chainrule.nn.loss.Loss;
import chainrule.nn.loss.Reduction;
import chainrule.nn.optimizer.Adam;
import chainrule.nn.optimizer.Optimizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Trains a network by mini-batches: each epoch meets every row once, in an order drawn from (seed, epoch).
 * <pre>{@code
 * History h = Trainer.of(net).loss(new CategoricalCrossEntropy()).optimizer(new Adam(1e-3)).batch(64).fit(train,
 * test, 10); }</pre>
 * The same network, data, settings and seed give the same parameters to the bit. A step allocates nothing.
 */
public final class Trainer {
  private final Network network;
  private Loss loss = new CategoricalCrossEntropy();
  private Optimizer optimizer = new Adam(1e-3);
  private Regularization regularization = Regularization.NONE;
  private int batch = 32;
  private long seed = 1;
  private TrainingListener listener = new TrainingListener() {};

  private Trainer(Network network) {
    this.network = network;
  }

  /** A trainer with categorical cross-entropy, Adam at 0.001, batches of 32 and seed 1, until told otherwise. */
  public static Trainer of(Network network) {
    return new Trainer(Objects.requireNonNull(network, "network"));
  }

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

  public Trainer listener(TrainingListener value) {
    listener = Objects.requireNonNull(value, "listener");
    return this;
  }

  /**
   * Trains for {@code epochs} epochs, changing the network's parameters.
   *
   * @param test held-out rows, only looked at; may be null
   * @throws IllegalArgumentException if data, loss and network do not fit each other, before anything is changed
   * @throws DivergedException if the loss is no longer finite
   */
  public History fit(Dataset train, Dataset test, int epochs) {
    if (epochs < 1) throw new IllegalArgumentException("epochs: expected 1 or more, got " + epochs);
    requireFit("training", train);
    if (test != null) requireFit("test", test);
    if (train.rows() == 0) throw new IllegalArgumentException("training data: no rows");

    int n = train.rows(), size = Math.min(batch, n), steps = (n + size - 1) / size;
    int in = network.inputs(), out = network.outputs();
    TrainingStep step = new TrainingStep(network, loss, regularization, optimizer, size).seed(seed);
    double[] x = new double[size * in], y = new double[size * out]; // one batch, gathered
    int[] order = new int[n];
    boolean mean = loss.reduction() == Reduction.MEAN;

    List<History.Epoch> history = new ArrayList<>();
    long begin = System.nanoTime();
    for (int epoch = 1; epoch <= epochs; epoch++) {
      for (int i = 0; i < n; i++) order[i] = i;
      CounterRandom.shuffle(order, seed, CounterRandom.stream(Purpose.SHUFFLE, epoch));
      double total = 0;
      for (int s = 0; s < steps; s++) {
        int from = s * size, rows = Math.min(size, n - from);
        gather(train, order, from, rows, x, y);
        double value = step.run(rows, x, 0, y, 0);
        if (!(Math.abs(value) < Double.POSITIVE_INFINITY)) throw new DivergedException(epoch, value);
        total += mean ? value * rows : value;
        listener.onStep(epoch, s + 1, steps, mean ? total / (from + rows) : total);
      }
      Evaluation seen = test == null || test.rows() == 0 ? null : Evaluation.of(step.backpropagation(), mean, test, size);
      History.Epoch result =
          new History.Epoch(epoch, mean ? total / n : total, seen, (System.nanoTime() - begin) / 1e9);
      history.add(result);
      listener.onEpoch(result);
    }
    return new History(history);
  }

  /** How the network does on these rows now. */
  public Evaluation evaluate(Dataset data) {
    requireFit("evaluated", data);
    int size = Math.max(1, Math.min(256, data.rows()));
    return Evaluation.of(new Backpropagation(network, loss, size), loss.reduction() == Reduction.MEAN, data, size);
  }

  private void gather(Dataset data, int[] order, int from, int rows, double[] x, double[] y) {
    int in = data.inputs(), out = data.outputs();
    for (int i = 0; i < rows; i++) {
      System.arraycopy(data.x(), order[from + i] * in, x, i * in, in);
      System.arraycopy(data.y(), order[from + i] * out, y, i * out, out);
    }
  }

  private void requireFit(String what, Dataset data) {
    if (data.inputs() != network.inputs() || data.outputs() != network.outputs()) {
      throw new IllegalArgumentException(what + " data: rows of " + data.inputs() + " inputs and " + data.outputs()
          + " outputs do not fit the network " + network);
    }
  }
}
