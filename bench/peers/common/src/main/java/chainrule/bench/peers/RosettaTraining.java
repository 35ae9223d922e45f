// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import chainrule.nn.Dropout;
import chainrule.nn.Network;
import chainrule.nn.TrainingStep;
import chainrule.nn.activation.Softmax;
import chainrule.nn.activation.Tanh;
import chainrule.random.CounterRandom;
import chainrule.random.CounterRandom.StreamPurpose;
import java.util.Arrays;

/** The training that is compared: 100 steps of a network 5 → 4 tanh → 3 on 4 batches of 5 rows, in turns. */
public final class RosettaTraining {
  public static final int STEPS = 100, BATCH = 5, INPUTS = 5, HIDDEN = 4, OUTPUTS = 3, SEED = 1;
  private static final int ROWS = 4 * BATCH;

  private RosettaTraining() {}

  /** Returns the initial parameters in one array: W1, b1, W2, b2. */
  private static double[] initial() {
    return Network.input(INPUTS).dense(HIDDEN, new Tanh()).dense(OUTPUTS, new Softmax()).build(SEED).parameters();
  }

  /** Returns the initial parameters in four arrays: W1 [5 × 4], b1 [4], W2 [4 × 3], b2 [3]. */
  public static double[][] initialLayers() {
    double[] all = initial();
    double[][] parts = {new double[INPUTS * HIDDEN], new double[HIDDEN], new double[HIDDEN * OUTPUTS],
        new double[OUTPUTS]};
    int at = 0;
    for (double[] part : parts) {
      System.arraycopy(all, at, part, 0, part.length);
      at += part.length;
    }
    return parts;
  }

  /** Returns W1, b1, W2 and b2 in one array, as {@link RosettaRun} takes them. */
  public static double[] flat(double[]... parts) {
    return Arrays.stream(parts).flatMapToDouble(Arrays::stream).toArray();
  }

  /** Returns x [5 × 5] of a step, counted from 0. */
  public static double[] x(int step) {
    return batch(step, INPUTS, i -> CounterRandom.normal(SEED, stream(0), i));
  }

  /** Returns y [5 × 3] of a step: numbers, independent labels, or one class of each row. */
  public static double[] y(RosettaSetting setting, int step) {
    if (setting.isRegression()) return batch(step, OUTPUTS, i -> CounterRandom.normal(SEED, stream(1), i));
    if (setting.isMultilabel()) return batch(step, OUTPUTS, i -> CounterRandom.below(2, SEED, stream(2), i));
    return batch(step, OUTPUTS, i -> label(i / OUTPUTS) == i % OUTPUTS ? 1 : 0);
  }

  /** Returns the classes [5] of the rows of a step. */
  public static int[] labels(int step) {
    int[] labels = new int[BATCH];
    for (int b = 0; b < BATCH; b++) labels[b] = label(step * BATCH % ROWS + b);
    return labels;
  }

  private static int label(int row) {
    return CounterRandom.below(OUTPUTS, SEED, stream(3), row);
  }

  /** Returns the factors [5 × 4] of the hidden units of a step: 0 or 1/(1 − p). */
  public static double[] mask(RosettaSetting setting, int step) {
    double[] mask = new double[BATCH * HIDDEN];
    Dropout dropout = new Dropout(HIDDEN, setting.dropped(), 1);
    for (int i = 0; i < mask.length; i++) {
      mask[i] = dropout.keeps(SEED, step, i / HIDDEN, i % HIDDEN) ? 1 / (1 - setting.dropped()) : 0;
    }
    return mask;
  }

  private interface Element {
    double at(int index);
  }

  private static double[] batch(int step, int columns, Element element) {
    double[] batch = new double[BATCH * columns];
    int first = step * BATCH % ROWS * columns;
    for (int i = 0; i < batch.length; i++) batch[i] = element.at(first + i);
    return batch;
  }

  private static long stream(int number) {
    return CounterRandom.stream(StreamPurpose.DATA, number);
  }

  /** Returns the run of Chainrule. */
  public static RosettaRun run(RosettaSetting setting) {
    return run(setting, 0);
  }

  /** Returns the run of Chainrule whose optimizer's state starts at this number. */
  public static RosettaRun run(RosettaSetting setting, double initialState) {
    Network.Builder layers = Network.input(INPUTS).dense(HIDDEN, new Tanh());
    if (setting.dropped() > 0) layers.dropout(setting.dropped());
    Network net = layers.dense(OUTPUTS, setting.output()).build(SEED);
    TrainingStep step = new TrainingStep(
        net, setting.loss(), setting.penalty(), setting.optimizer(), setting.clip(), BATCH).seed(SEED);
    System.arraycopy(initial(), 0, net.parameters(), 0, net.parameters().length); // dropout would change the draw
    for (double[] slot : step.state()) Arrays.fill(slot, initialState);
    double[][] theta = new double[STEPS + 1][];
    double[] loss = new double[STEPS];
    theta[0] = net.parameters().clone();
    for (int t = 0; t < STEPS; t++) {
      loss[t] = step.run(BATCH, x(t), 0, y(setting, t), 0);
      theta[t + 1] = net.parameters().clone();
    }
    return new RosettaRun(theta, loss);
  }
}
