// SPDX-License-Identifier: MIT
package chainrule.train;

import chainrule.data.Dataset;
import chainrule.nn.Backpropagation;
import chainrule.nn.Layer;
import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.loss.Loss;
import chainrule.nn.loss.Reduction;
import chainrule.random.CounterRandom;
import chainrule.random.CounterRandom.StreamPurpose;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Measures the network after each epoch on a sample of its training rows: the metrics, and the norms of the weights and
 * of their gradients, layer by layer. Training does not change, since nothing is measured within a step; the gradients
 * are computed again, because a step may apply them without storing them.
 * <pre>{@code
 * TrainingDiagnostics d = new TrainingDiagnostics(net, loss, Regularization.NONE, train, 1);
 * History h = Trainer.of(net).loss(loss).listener(d).fit(train, 50);
 * d.epochs().get(0).train().accuracy();  // of the sample, after epoch 1
 * }</pre>
 * An epoch costs one forward pass over at most {@value #MOST_ROWS} rows and one backward pass over at most
 * {@value #MOST_GRADIENT_ROWS} of them. The sample is the same in every epoch and depends only on the number of rows
 * and the seed, so identical runs measure identical numbers. A run that is resumed has no measurements of the epochs
 * before. Spec: TrainingDiagnosticsTest.
 */
public final class TrainingDiagnostics implements TrainingListener {
  /** The most rows whose metrics are measured. */
  public static final int MOST_ROWS = 1000;
  /** The most rows of the sample, from its first, over which the gradient is computed. */
  public static final int MOST_GRADIENT_ROWS = 256;

  /**
   * The measurements after one epoch. The arrays have an element for each layer of {@link #layers}.
   *
   * @param number 1 for the first epoch of the training
   * @param train the metrics of the sample at inference
   * @param weightNorms ‖W‖ = √(Σ W²), without biases
   * @param gradientNorms ‖∂L/∂W‖, where L is the training loss of the gradient's rows: with penalties, and with dropout
   *     masks of their own
   */
  public record Epoch(int number, Evaluation train, double[] weightNorms, double[] gradientNorms) {
    /** Returns the number and the metrics, for a log line. */
    @Override public String toString() {
      return "epoch " + number + ": training sample " + train;
    }
  }

  private final Network network;
  private final Dataset sample;
  private final int trainingRows;
  private final long seed;
  private final boolean mean;
  private final Backpropagation backpropagation;
  private final int[] layers;
  private final List<Epoch> epochs = new ArrayList<>();

  /**
   * Creates a listener to pass to {@link Trainer#listener}.
   *
   * @param network the network that is trained
   * @param loss the loss of the training
   * @param regularization the penalties of the training
   * @param train its training rows, of which a random sample without replacement is kept
   * @param seed decides the sample and the dropout masks; that of the training is a good choice
   * @throws IllegalArgumentException if the data or the loss does not fit the network, or there are no rows
   */
  public TrainingDiagnostics(Network network, Loss loss, Regularization regularization, Dataset train, long seed) {
    Trainer.requireFit("training", Objects.requireNonNull(network, "network"), train);
    if (train.rows() == 0) throw new IllegalArgumentException("training data: no rows");
    this.network = network;
    this.sample = train.rows() <= MOST_ROWS ? train : sample(train, seed);
    this.trainingRows = train.rows();
    this.seed = seed;
    this.mean = loss.reduction() == Reduction.MEAN;
    this.backpropagation = new Backpropagation(network, loss, regularization, gradientRows());
    List<Layer> all = network.layers();
    this.layers = IntStream.range(0, all.size()).filter(l -> all.get(l).weights() > 0).toArray();
  }

  /** Detail 0 of the shuffling streams is free: epochs are counted from 1. */
  private static Dataset sample(Dataset train, long seed) {
    int[] order = new int[train.rows()];
    Arrays.setAll(order, i -> i);
    CounterRandom.shuffle(order, seed, CounterRandom.stream(StreamPurpose.SHUFFLE, 0));
    return train.select(Arrays.copyOf(order, MOST_ROWS));
  }

  /** Measures the network as it is now. */
  @Override public void onEpoch(History.Epoch e) {
    int rows = gradientRows();
    Evaluation train = Evaluation.of(backpropagation, mean, sample, rows);
    backpropagation.setStep(seed, e.number(), 0);
    backpropagation.lossAndGradients(rows, sample.x(), 0, sample.y(), 0, sample.weights(), 0);
    epochs.add(new Epoch(
        e.number(), train, norms(network.parameters()), norms(backpropagation.gradients())));
  }

  private double[] norms(double[] values) {
    double[] norms = new double[layers.length];
    for (int i = 0; i < norms.length; i++) {
      Layer layer = network.layers().get(layers[i]);
      norms[i] = norm(values, layer.offset(), layer.weights());
    }
    return norms;
  }

  /** Returns √(Σ v²) of n numbers from {@code from}, in units of a power of two, so that no square overflows. */
  static double norm(double[] v, int from, int n) {
    double most = 0, sum = 0;
    for (int i = from; i < from + n; i++) most = Math.max(most, Math.abs(v[i])); // NaN if one is
    if (most == 0 || !(most < Double.POSITIVE_INFINITY)) return most;
    double unit = Math.scalb(1.0, Math.max(Math.getExponent(most), Double.MIN_EXPONENT));
    for (int i = from; i < from + n; i++) sum = Math.fma(v[i] / unit, v[i] / unit, sum);
    return Math.sqrt(sum) * unit;
  }

  /** {@return the number of training rows whose metrics are measured} */
  public int rows() {
    return sample.rows();
  }

  /** {@return the number of these rows over which the gradient is computed} */
  public int gradientRows() {
    return Math.min(MOST_GRADIENT_ROWS, sample.rows());
  }

  /** {@return the number of all training rows} */
  public int trainingRows() {
    return trainingRows;
  }

  /** {@return the indices of the network's layers that have weights, first to last} */
  public int[] layers() {
    return layers.clone();
  }

  /** {@return the epochs measured so far, in ascending order of their numbers} */
  public List<Epoch> epochs() {
    return List.copyOf(epochs);
  }
}
