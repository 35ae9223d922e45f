// SPDX-License-Identifier: MIT
package chainrule.train;

import chainrule.data.Dataset;
import chainrule.kernels.ScalarStart;
import chainrule.nn.Layer;
import chainrule.nn.Network;
import chainrule.nn.TrainingStep;
import chainrule.nn.loss.Reduction;
import chainrule.nn.loss.RowWeights;
import chainrule.train.History.End;
import java.util.ArrayList;
import java.util.List;

/** One call of {@link Trainer#fit}: its buffers and its progress. */
final class TrainingRun {
  private final Trainer t;
  private final Network network;
  private final Dataset train; // null with a source
  private final GradientSource source; // null if the gradients are computed here
  private final double[] weightsOfRows; // [training rows]; null without weights
  private final double[] gradient; // [parameters], for the source; null without one
  private final Dataset test;
  private final int epochs;
  private final int size; // rows per step
  private final int sizeAtOnce; // rows of a forward pass
  private final int steps; // steps per epoch
  private final boolean mean; // whether the loss is a mean over the rows
  private final TrainingStep step;
  private final double[] x, y; // the current batch: [size × in], [size × out]
  private final double[] weights; // of the current batch's rows [size]; null without weights
  private final int[] order;
  private final double[] lastGood; // θ after the last complete epoch
  private final double[] best; // θ of the epoch with the lowest validation loss; null without validation
  private final long startTime = System.nanoTime();

  private final List<History.Epoch> history = new ArrayList<>();
  private int stepsOfEpoch;
  private double lossOfEpoch; // Σ over the steps of loss times weight for a mean, of the loss for a sum
  private double weightOfEpoch; // Σ of the weights of the rows so far; without weights their number
  private int bestEpoch;
  private double rate;

  /** Either {@code train} or {@code source} is null. */
  TrainingRun(Trainer t, Dataset train, GradientSource source, Dataset test, int epochs) {
    this.t = t;
    this.network = t.network;
    this.train = train;
    this.source = source;
    int rows = source == null ? train.rows() : source.rows();
    this.weightsOfRows = source == null ? train.weights() : source.weights();
    this.test = test == null || test.rows() == 0 ? null : test;
    this.epochs = epochs;
    this.size = Math.min(t.batch, rows);
    this.sizeAtOnce = t.block == 0 ? size : Math.min(size, t.block);
    this.steps = (rows + size - 1) / size;
    this.mean = t.loss.reduction() == Reduction.MEAN;
    this.step = new TrainingStep(
        network, t.loss, t.regularization, t.optimizer, t.clip, t.frozen, t.block, source == null ? size : sizeAtOnce)
        .seed(t.seed);
    int gathered = source == null ? size : 0;
    this.x = new double[Math.multiplyExact(gathered, network.inputs())];
    this.y = new double[Math.multiplyExact(gathered, network.outputs())];
    this.weights = weightsOfRows == null ? null : new double[size];
    this.gradient = source == null ? null : new double[network.parameters().length];
    this.order = new int[rows];
    this.best = t.validation == null ? null : new double[network.parameters().length];
    this.lastGood = network.parameters().clone();
    if (t.resumed != null) resume(t.resumed);
    if (source != null) source.begin(new GradientSource.Setting(network, t.loss, size, t.block, t.seed));
  }

  private void resume(Snapshot s) {
    double[] theta = network.parameters();
    requireResumable(t, order.length, best != null, s);
    step.resume(s.steps(), s.optimizerState());
    System.arraycopy(s.parameters(), 0, theta, 0, theta.length);
    System.arraycopy(s.epochParameters(), 0, lastGood, 0, theta.length);
    if (best != null) System.arraycopy(s.bestParameters(), 0, best, 0, theta.length);
    bestEpoch = s.bestEpoch();
    history.addAll(s.epochs());
    stepsOfEpoch = s.stepsOfEpoch();
    lossOfEpoch = s.lossOfEpoch();
  }

  /** @throws IllegalArgumentException unless the state is one of a run of this trainer with this number of rows */
  static void requireResumable(Trainer t, int rows, boolean validation, Snapshot s) {
    int size = Math.min(t.batch, rows), steps = (rows + size - 1) / size, n = t.network.parameters().length;
    if (!fits(s, n, steps, validation)) {
      throw new IllegalArgumentException("the state to resume, " + s.parameters().length + " parameters after "
          + s.epochs().size() + " epochs and " + s.steps() + " steps"
          + (s.bestParameters() == null ? " without" : " with")
          + " validation, is not one of " + t.network + " (" + n + " parameters) in epochs of " + steps
          + " steps" + (validation ? " with" : " without") + " validation");
    }
    TrainingStep.requireState(t.optimizer, t.network, s.optimizerState());
  }

  private static boolean fits(Snapshot s, int n, int steps, boolean validation) {
    int whole = s.epochs().size();
    if (s.parameters().length != n || s.epochParameters().length != n) return false;
    if (s.stepsOfEpoch() > steps || s.steps() != (long) whole * steps + s.stepsOfEpoch()) return false;
    if (!validation) return s.bestParameters() == null && s.bestEpoch() == 0;
    return s.bestParameters() != null && s.bestParameters().length == n && s.bestEpoch() <= whole
        && s.bestEpoch() > 0 == whole > 0 && s.epochs().stream().allMatch(e -> e.validation() != null);
  }

  History run() {
    boolean scalar = ScalarStart.begin(network.kernels(), multiplications());
    try {
      return train();
    } finally {
      if (scalar) ScalarStart.end();
    }
  }

  /** Returns about how many multiplications are left: three products per weight and row in training, one in tests. */
  private double multiplications() {
    double rows = 3.0 * order.length;
    if (test != null) rows += test.rows();
    if (t.validation != null) rows += t.validation.rows();
    return (epochs - history.size()) * rows * network.parameters().length;
  }

  private History train() {
    while (true) {
      if (best != null && history.size() - bestEpoch >= t.patience) return end(End.STOPPED_EARLY);
      if (history.size() >= epochs) return end(End.FINISHED);
      if (!trainEpoch(history.size() + 1)) {
        checkpoint();
        return end(End.INTERRUPTED);
      }
      checkpoint();
    }
  }

  private History end(End end) {
    int kept = history.size();
    if (bestEpoch > 0) {
      System.arraycopy(best, 0, network.parameters(), 0, best.length);
      kept = bestEpoch;
    }
    return new History(history, end, kept);
  }

  /** Takes a snapshot only if a receiver is set, because copying the list of epochs takes longer with each epoch. */
  private void checkpoint() {
    if (t.checkpoint != null) t.checkpoint.accept(snapshot());
  }

  private Snapshot snapshot() {
    return new Snapshot(List.copyOf(history), stepsOfEpoch, lossOfEpoch, step.steps(), network.parameters(), lastGood,
        step.state(), bestEpoch, best);
  }

  /** Trains the rest of an epoch. Returns false if training was stopped. */
  private boolean trainEpoch(int number) {
    EpochOrder.write(order, t.seed, number);
    weightOfEpoch = 0;
    for (int s = 0; s < stepsOfEpoch; s++) { // those made before a resumption
      weightOfEpoch += gatherBatch(s * size, rowsOfStep(s));
    }
    while (stepsOfEpoch < steps) {
      if (t.stop.getAsBoolean()) return false;
      int rows = rowsOfStep(stepsOfEpoch);
      double weight = gatherBatch(stepsOfEpoch * size, rows);
      rate = t.optimizer.rate() * t.schedule.factor(step.steps() + 1, steps, epochs);
      double value = source == null ? step.run(rate, rows, x, 0, y, 0, weights, 0) : update(number, rows);
      if (!Double.isFinite(value)) {
        throw diverged("the loss became " + description(value), number, stepsOfEpoch + 1, placeInForwardPass());
      }
      lossOfEpoch += mean ? value * weight : value;
      weightOfEpoch += weight;
      stepsOfEpoch++;
      if (!Double.isFinite(lossOfEpoch)) {
        throw diverged("the sum of the rows' losses became infinite", number, stepsOfEpoch,
            "although the loss of each step is finite");
      }
      t.listener.onStep(number, stepsOfEpoch, steps, lossSoFar());
    }
    requireFiniteParameters(number);
    finishEpoch(number);
    return true;
  }

  /** Makes a step with the gradient of the source. */
  private double update(int number, int rows) {
    int from = stepsOfEpoch * size;
    double factor = step.backpropagation().batchFactor(rows, weights, 0), loss;
    try {
      loss = source.lossAndGradient(
          new GradientSource.Batch(number, stepsOfEpoch, step.steps(), order, from, rows, factor), gradient);
    } catch (RuntimeException | Error e) {
      try {
        checkpoint();
      } catch (RuntimeException | Error alsoThrown) {
        e.addSuppressed(alsoThrown);
      }
      throw e;
    }
    return Math.abs(loss) < Double.POSITIVE_INFINITY ? step.update(rate, loss, gradient) : loss;
  }

  private int rowsOfStep(int s) {
    return Math.min(size, order.length - s * size);
  }

  /** Returns the loss over the epoch's rows so far; 0 while all of them have the weight 0. */
  private double lossSoFar() {
    return mean && weightOfEpoch > 0 ? lossOfEpoch / weightOfEpoch : lossOfEpoch;
  }

  private void finishEpoch(int number) {
    History.Epoch e = new History.Epoch(number, lossSoFar(),
        t.validation == null ? null : evaluate(t.validation), test == null ? null : evaluate(test), rate,
        (System.nanoTime() - startTime) / 1e9);
    history.add(e);
    stepsOfEpoch = 0;
    lossOfEpoch = 0;
    double[] theta = network.parameters();
    System.arraycopy(theta, 0, lastGood, 0, theta.length);
    if (best != null && isBest(e)) {
      bestEpoch = number;
      System.arraycopy(theta, 0, best, 0, theta.length);
    }
    t.listener.onEpoch(e);
  }

  private boolean isBest(History.Epoch e) {
    return bestEpoch == 0 || History.isBetter(e.validation().loss(), history.get(bestEpoch - 1).validation().loss());
  }

  private Evaluation evaluate(Dataset data) {
    return Evaluation.of(step.backpropagation(), mean, data, sizeAtOnce);
  }

  /** Copies the next rows into the batch, and returns the sum of their weights; without weights their number. */
  private double gatherBatch(int from, int rows) {
    int in = network.inputs(), out = network.outputs();
    for (int i = 0; source == null && i < rows; i++) {
      System.arraycopy(train.x(), order[from + i] * in, x, i * in, in);
      System.arraycopy(train.y(), order[from + i] * out, y, i * out, out);
    }
    if (weights == null) return rows;
    for (int i = 0; i < rows; i++) weights[i] = weightsOfRows[order[from + i]];
    return RowWeights.sum(rows, weights, 0);
  }

  // ---------------------------------------------------------------- divergence

  private static boolean isFinite(double[] values) {
    for (double v : values) if (!Double.isFinite(v)) return false;
    return true;
  }

  private static String description(double v) {
    return Double.isNaN(v) ? "NaN" : "infinite";
  }

  private DivergedException diverged(String what, int number, int stepOfEpoch, String where) {
    System.arraycopy(lastGood, 0, network.parameters(), 0, lastGood.length);
    String values = train == null ? "" : !isFinite(train.x()) ? "inputs" : !isFinite(train.y()) ? "targets" : "";
    return new DivergedException(what, number, stepOfEpoch,
        values.isEmpty() ? where : "from a row with " + values + " that are not finite");
  }

  private String placeInForwardPass() {
    if (source != null) return "in a batch that was computed elsewhere";
    int l = step.backpropagation().firstNotFinite();
    return l < 0 ? "in the loss itself; the outputs are finite" : "first in " + named(l);
  }

  private void requireFiniteParameters(int number) {
    double[] theta = network.parameters();
    for (int l = 0; l < network.layers().size(); l++) {
      Layer layer = network.layers().get(l);
      for (int i = layer.offset(); i < layer.offset() + layer.parameters(); i++) {
        if (!Double.isFinite(theta[i])) {
          throw diverged("a parameter became " + description(theta[i]), number, steps, "first in " + named(l));
        }
      }
    }
  }

  private String named(int l) {
    return "layer " + (l + 1) + " (" + network.layers().get(l).describe() + ")";
  }
}
