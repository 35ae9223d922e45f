// SPDX-License-Identifier: MIT
package chainrule.data;

import chainrule.random.CounterRandom.StreamPurpose;
import chainrule.random.CounterRandom;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Examples: inputs x [rows × inputs] and targets y [rows × outputs], in row-major order.
 *
 * <p>The targets of a classification are one-hot rows, or a single 0 or 1 for two classes, when the output is one
 * sigmoid. Its labels name the classes. A regression has no labels. The arrays are not copied.
 */
public final class Dataset {
  private final int rows;
  private final int inputs;
  private final int outputs;
  private final double[] x;
  private final double[] y;
  private final List<String> labels;

  private Dataset(int rows, int inputs, int outputs, double[] x, double[] y, List<String> labels) {
    if (inputs < 1 || outputs < 1) {
      throw new IllegalArgumentException("expected ≥ 1 input and ≥ 1 output, found " + inputs + " and " + outputs);
    }
    if (x.length != (long) rows * inputs || y.length != (long) rows * outputs) {
      throw new IllegalArgumentException("x [" + rows + " × " + inputs + "] and y [" + rows + " × " + outputs
          + "] do not fit arrays of " + x.length + " and " + y.length);
    }
    this.rows = rows;
    this.inputs = inputs;
    this.outputs = outputs;
    this.x = x;
    this.y = y;
    this.labels = List.copyOf(labels);
  }

  /**
   * Returns examples of a regression: x [rows × inputs], y [rows × outputs]. Training works well only if both are of
   * about size 1; {@link Standardization} scales them.
   */
  public static Dataset regression(int inputs, double[] x, int outputs, double[] y) {
    return new Dataset(y.length / outputs, inputs, outputs, x, y, List.of());
  }

  /**
   * Returns examples of a classification: row i belongs to the class named {@code labels.get(classes[i])}.
   *
   * @throws IllegalArgumentException for fewer than two labels, or a class without a label
   */
  public static Dataset classification(int inputs, double[] x, int[] classes, List<String> labels) {
    if (labels.size() < 2) {
      throw new IllegalArgumentException("a classification requires at least 2 classes, found " + labels);
    }
    int outputs = labels.size() == 2 ? 1 : labels.size();
    double[] y = new double[Math.multiplyExact(classes.length, outputs)];
    for (int i = 0; i < classes.length; i++) {
      if (classes[i] < 0 || classes[i] >= labels.size()) {
        throw new IllegalArgumentException(
            "row " + i + ": expected a class from 0 to " + (labels.size() - 1) + ", found " + classes[i]);
      }
      if (outputs == 1) y[i] = classes[i];
      else y[i * outputs + classes[i]] = 1;
    }
    return new Dataset(classes.length, inputs, outputs, x, y, labels);
  }

  public int rows() {
    return rows;
  }

  public int inputs() {
    return inputs;
  }

  public int outputs() {
    return outputs;
  }

  /** Returns x [rows × inputs]: the array itself, not a copy. */
  public double[] x() {
    return x;
  }

  /** Returns y [rows × outputs]: the array itself, not a copy. */
  public double[] y() {
    return y;
  }

  /** Returns the names of the classes; empty for a regression. */
  public List<String> labels() {
    return labels;
  }

  public boolean isClassification() {
    return !labels.isEmpty();
  }

  /** Returns the same rows with one target column per class, also for two classes: for a softmax of two outputs. */
  public Dataset oneHot() {
    if (labels.size() != 2 || outputs == 2) return this;
    double[] two = new double[rows * 2];
    for (int i = 0; i < rows; i++) two[2 * i + (int) y[i]] = 1;
    return new Dataset(rows, inputs, 2, x, two, labels);
  }

  /**
   * Returns the same rows with these classes, matched by name, for a file that lacks the last of them.
   *
   * @throws IllegalArgumentException naming a class of this dataset that is not among them
   */
  public Dataset withLabels(List<String> others) {
    if (labels.equals(others)) return this;
    int[] classes = new int[rows];
    for (int i = 0; i < rows; i++) {
      int c = 0;
      if (outputs == 1) c = (int) y[i];
      else while (y[i * outputs + c] != 1) c++;
      classes[i] = others.indexOf(labels.get(c));
      if (classes[i] < 0) throw new IllegalArgumentException("no class '" + labels.get(c) + "' among " + others);
    }
    return classification(inputs, x, classes, others);
  }

  /** Returns these rows, in this order. */
  public Dataset select(int[] chosen) {
    double[] sx = new double[Math.multiplyExact(chosen.length, inputs)];
    double[] sy = new double[Math.multiplyExact(chosen.length, outputs)];
    for (int i = 0; i < chosen.length; i++) {
      System.arraycopy(x, chosen[i] * inputs, sx, i * inputs, inputs);
      System.arraycopy(y, chosen[i] * outputs, sy, i * outputs, outputs);
    }
    return new Dataset(chosen.length, inputs, outputs, sx, sy, labels);
  }

  /** Rows for training, and rows held out for testing. */
  public record Split(Dataset train, Dataset test) {}

  /** Holds out a random part of the rows, as {@link #splitRows} chooses them. */
  public Split split(double testFraction, long seed) {
    int[][] parts = splitRows(rows, testFraction, seed);
    return new Split(select(parts[0]), select(parts[1]));
  }

  /**
   * Returns row numbers for training and for testing. round(n · fraction) random rows are held out, but at least one
   * row is on each side if 0 &lt; fraction &lt; 1 and n &gt; 1.
   *
   * @throws IllegalArgumentException for a fraction outside [0, 1)
   */
  public static int[][] splitRows(int n, double testFraction, long seed) {
    if (!(testFraction >= 0 && testFraction < 1)) {
      throw new IllegalArgumentException("expected a test fraction with 0 ≤ fraction < 1, found " + testFraction);
    }
    return splitRows(IntStream.range(0, n).toArray(), testFraction, seed, 0);
  }

  /**
   * Splits row numbers that are a part of an earlier split. {@code level} 1 divides a training part again, into rows to
   * train on and rows to validate with.
   */
  public static int[][] splitRows(int[] rows, double fraction, long seed, int level) {
    int n = rows.length;
    int[] order = rows.clone();
    CounterRandom.shuffle(order, seed, CounterRandom.stream(StreamPurpose.SPLIT, level));
    int held = (int) Math.rint(n * fraction);
    if (fraction > 0 && n > 1) held = Math.max(1, Math.min(n - 1, held));
    return new int[][] {Arrays.copyOfRange(order, held, n), Arrays.copyOf(order, held)};
  }

  /** Returns the shape, for a log line: {@code 1200 rows, 2 inputs, 3 classes}. */
  @Override public String toString() {
    return count(rows, "row", "rows") + ", " + count(inputs, "input", "inputs") + ", "
        + (isClassification() ? count(labels.size(), "class", "classes") : count(outputs, "output", "outputs"));
  }

  private static String count(int n, String one, String many) {
    return n + " " + (n == 1 ? one : many);
  }
}
