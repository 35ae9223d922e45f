// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * A workload that every engine runs: training steps of a network on one fixed batch, or predictions. Hidden layers have
 * ReLU, the output layer softmax. The loss is categorical cross-entropy, the mean over the batch:
 *
 * <pre>
 * z_l = a_{l−1}·W_l + b_l,  a_l = max(0, z_l),  a_0 = x        W_l [in × out], row-major
 * L = −1/n Σ_rows ln softmax(z_L)[label]
 * </pre>
 *
 * Data and initial weights are the same for all engines, from seeded {@link SplittableRandom}s: x in [0, 1), weights in
 * ±1/√in. The text form is {@code 784-128-10/64/sgd}: widths, rows of the batch, task.
 */
public final class Workload {
  /** Adam's β₁, β₂ and ε. */
  public static final double BETA1 = 0.9, BETA2 = 0.999, EPSILON = 1e-8;

  /** What to do with the batch. */
  public enum Task {
    /** Gradient descent, θ ← θ − η·g, η = 0.1. */
    SGD(0.1),
    /** Adam as published: η = 0.001, with bias correction, ε outside the square root. */
    ADAM(0.001),
    /** The probabilities of one row, at the initial weights. */
    PREDICT(0);

    /** The learning rate η. */
    public final double rate;

    Task(double rate) {
      this.rate = rate;
    }
  }

  private final int[] widths;
  private final int batch;
  private final Task task;

  private Workload(int[] widths, int batch, Task task) {
    this.widths = widths;
    this.batch = batch;
    this.task = task;
  }

  /**
   * Parses a workload such as {@code 784-128-10/64/sgd}.
   *
   * @throws IllegalArgumentException with a message that states what was expected
   */
  public static Workload parse(String text) {
    String[] parts = text.split("/", -1);
    try {
      if (parts.length != 3) throw new IllegalArgumentException("three parts");
      int[] widths = Arrays.stream(parts[0].split("-", -1)).mapToInt(Integer::parseInt).toArray();
      int batch = Integer.parseInt(parts[1]);
      Task task = Task.valueOf(parts[2].toUpperCase(Locale.ROOT));
      boolean empty = widths.length < 2 || Arrays.stream(widths).min().getAsInt() < 1 || batch < 1;
      if (empty || widths[widths.length - 1] < 2) {
        throw new IllegalArgumentException("sizes");
      }
      return new Workload(widths, batch, task);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("workload: expected widths/rows/task such as 784-128-10/64/sgd, with at least "
          + "two classes and the task sgd, adam or predict, found " + text, e);
    }
  }

  @Override public String toString() {
    StringBuilder s = new StringBuilder();
    for (int w : widths) s.append(s.length() == 0 ? "" : "-").append(w);
    return s + "/" + batch + "/" + task.name().toLowerCase(Locale.ROOT);
  }

  public Task task() {
    return task;
  }

  /** Returns n, the rows of the batch. */
  public int batch() {
    return batch;
  }

  /** Returns the number of dense layers. */
  public int layers() {
    return widths.length - 1;
  }

  /** Returns the inputs of layer l, which counts from 0. */
  public int in(int l) {
    return widths[l];
  }

  /** Returns the outputs of layer l. */
  public int out(int l) {
    return widths[l + 1];
  }

  /** Returns the inputs of the first layer. */
  public int inputs() {
    return widths[0];
  }

  /** Returns the outputs of the last layer. */
  public int classes() {
    return widths[widths.length - 1];
  }

  /** Returns the index of W_l [in × out] in the parameters. */
  public int weights(int l) {
    int at = 0;
    for (int i = 0; i < l; i++) at += in(i) * out(i) + out(i);
    return at;
  }

  /** Returns the index of b_l [out] in the parameters. */
  public int bias(int l) {
    return weights(l) + in(l) * out(l);
  }

  /** Returns the number of parameters. */
  public int size() {
    return weights(layers());
  }

  /** Returns the operations of the matrix products: per weight and row 2 for Z, 2 for dW, 2 for δ except at x. */
  public double flops() {
    double flops = 0;
    for (int l = 0; l < layers(); l++) {
      flops += (task == Task.PREDICT ? 2.0 : l == 0 ? 4.0 : 6.0) * batch * in(l) * out(l);
    }
    return flops;
  }

  /** Returns x [n × in], in a new array with the same numbers each time. */
  public double[] x() {
    double[] x = new double[batch * inputs()];
    SplittableRandom random = new SplittableRandom(42);
    Arrays.setAll(x, i -> random.nextDouble());
    return x;
  }

  /** Returns the classes [n]. */
  public int[] labels() {
    int[] labels = new int[batch];
    SplittableRandom random = new SplittableRandom(43);
    Arrays.setAll(labels, i -> (int) (random.nextDouble() * classes()));
    return labels;
  }

  /** Returns the one-hot classes [n × classes]. */
  public double[] oneHot() {
    double[] y = new double[batch * classes()];
    int[] labels = labels();
    for (int i = 0; i < batch; i++) y[i * classes() + labels[i]] = 1;
    return y;
  }

  /** Returns the initial parameters, W and b layer by layer, in a new array with the same numbers each time. */
  public double[] parameters() {
    double[] theta = new double[size()];
    SplittableRandom random = new SplittableRandom(44);
    for (int l = 0; l < layers(); l++) {
      double bound = 1 / Math.sqrt(in(l));
      for (int p = weights(l); p < weights(l + 1); p++) theta[p] = (2 * random.nextDouble() - 1) * bound;
    }
    return theta;
  }
}
