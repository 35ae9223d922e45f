// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * What every engine does: train a network of these widths on one fixed batch, or predict with it. Hidden layers are
 * rectifiers, the output is softmax, the loss is categorical cross-entropy, the mean over the batch:
 * <pre>
 * z_l = a_{l−1}·W_l + b_l,  a_l = max(0, z_l),  a_0 = x        W_l [in × out], row-major
 * L = −1/n Σ_rows ln softmax(z_L)[label]
 * </pre>
 * Data and first weights are the same everywhere, drawn from one {@link SplittableRandom}: x in 0 … 1, weights within
 * ±1/√in. Written as {@code 784-128-10/64/sgd}: widths, rows of the batch, what to do.
 */
public final class Workload {
  /** Adam's β₁, β₂ and ε. */
  public static final double BETA1 = 0.9, BETA2 = 0.999, EPSILON = 1e-8;

  /** What is done with the batch. */
  public enum Task {
    /** θ ← θ − η·g, η = 0.1. */
    SGD(0.1),
    /** Adam as published, η = 0.001, bias corrected, ε outside the root. */
    ADAM(0.001),
    /** Probabilities of one row, at the first weights. */
    PREDICT(0);

    /** η. */
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
   * A work as it is written, such as {@code 784-128-10/64/sgd}.
   * @throws IllegalArgumentException saying what was expected
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
      throw new IllegalArgumentException("work: expected widths/rows/task like 784-128-10/64/sgd, with two classes or "
          + "more and one of the tasks sgd, adam, predict; got " + text, e);
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

  /** n. */
  public int batch() {
    return batch;
  }

  /** How many dense layers. */
  public int layers() {
    return widths.length - 1;
  }

  /** in of layer l, which counts from 0. */
  public int in(int l) {
    return widths[l];
  }

  /** out of layer l. */
  public int out(int l) {
    return widths[l + 1];
  }

  /** in of the first layer. */
  public int inputs() {
    return widths[0];
  }

  /** out of the last. */
  public int classes() {
    return widths[widths.length - 1];
  }

  /** Where W_l [in × out] begins in the parameters. */
  public int weights(int l) {
    int at = 0;
    for (int i = 0; i < l; i++) at += in(i) * out(i) + out(i);
    return at;
  }

  /** Where b_l [out] begins in the parameters. */
  public int bias(int l) {
    return weights(l) + in(l) * out(l);
  }

  /** How many parameters. */
  public int size() {
    return weights(layers());
  }

  /** Operations of the matrix products alone: 2 for each weight and row forward, 2 for dW, 2 for δ except at x. */
  public double flops() {
    double flops = 0;
    for (int l = 0; l < layers(); l++) {
      flops += (task == Task.PREDICT ? 2.0 : l == 0 ? 4.0 : 6.0) * batch * in(l) * out(l);
    }
    return flops;
  }

  /** x [n × in], the same numbers every time. */
  public double[] x() {
    double[] x = new double[batch * inputs()];
    SplittableRandom random = new SplittableRandom(42);
    Arrays.setAll(x, i -> random.nextDouble());
    return x;
  }

  /** The classes [n]. */
  public int[] labels() {
    int[] labels = new int[batch];
    SplittableRandom random = new SplittableRandom(43);
    Arrays.setAll(labels, i -> (int) (random.nextDouble() * classes()));
    return labels;
  }

  /** The classes as 0 and 1 [n × classes]. */
  public double[] oneHot() {
    double[] y = new double[batch * classes()];
    int[] labels = labels();
    for (int i = 0; i < batch; i++) y[i * classes() + labels[i]] = 1;
    return y;
  }

  /** The first parameters: W then b, layer by layer; a new array with the same numbers every time. */
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
