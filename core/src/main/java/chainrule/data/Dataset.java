// SPDX-License-Identifier: MIT
package chainrule.data;

import chainrule.nn.loss.RowWeights;
import chainrule.text.Excerpt;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Examples: inputs x [rows × inputs] and targets y [rows × outputs], in row-major order. There are three kinds:
 * <pre>
 * regression        y is any number
 * classification    y is one-hot, or one 0 or 1 for two classes        {@link #labels} names the classes
 * multilabel        y is 0 or 1, each output alone                     {@link #labelNames} names the outputs
 * </pre>
 * Rows may have {@link #weights}, which weight their losses in training and evaluation. The arrays are not copied.
 */
public final class Dataset {
  private final int rows;
  private final int inputs;
  private final int outputs;
  private final double[] x;
  private final double[] y;
  private final double[] weights; // [rows], or null
  private final List<String> labels; // of a classification
  private final List<String> labelNames; // of a multilabel problem

  private Dataset(int rows, int inputs, int outputs, double[] x, double[] y, double[] weights, List<String> labels,
      List<String> labelNames) {
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
    this.weights = weights;
    this.labels = List.copyOf(labels);
    this.labelNames = List.copyOf(labelNames);
  }

  /**
   * {@return examples of a regression} Training works well only if inputs and targets are of about size 1; {@link
   * Standardization} scales them.
   *
   * @param inputs the number of inputs, ≥ 1
   * @param x the inputs [rows × inputs], not copied
   * @param outputs the number of outputs, ≥ 1
   * @param y the targets [rows × outputs], not copied
   * @throws IllegalArgumentException if the arrays do not hold the same number of whole rows
   */
  public static Dataset regression(int inputs, double[] x, int outputs, double[] y) {
    return new Dataset(y.length / outputs, inputs, outputs, x, y, null, List.of(), List.of());
  }

  /**
   * {@return examples of a classification}
   *
   * @param inputs the number of inputs, ≥ 1
   * @param x the inputs [rows × inputs], not copied
   * @param classes the class of each row [rows]: row i belongs to the class named {@code labels.get(classes[i])}
   * @param labels the names of the classes, ≥ 2
   * @throws IllegalArgumentException for fewer than two labels, a class without a label, or another number of rows in x
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
    return new Dataset(classes.length, inputs, outputs, x, y, null, labels, List.of());
  }

  /**
   * {@return examples with several yes-or-no targets} A row may have any number of labels. The output is one sigmoid
   * per label, and the loss bce.
   *
   * @param inputs the number of inputs, ≥ 1
   * @param x the inputs [rows × inputs], not copied
   * @param outputs the number of labels, ≥ 1
   * @param y the targets [rows × outputs], not copied: 1 where a row has the label, else 0
   * @param names the names of the labels, one for each output
   * @throws IllegalArgumentException for another number of names than outputs, or a target other than 0 and 1
   */
  public static Dataset multilabel(int inputs, double[] x, int outputs, double[] y, List<String> names) {
    if (names.size() != outputs) {
      throw new IllegalArgumentException("expected a name for each of " + outputs + " labels, found " + names.size());
    }
    for (int i = 0; i < y.length; i++) {
      if (y[i] != 0 && y[i] != 1) {
        throw new IllegalArgumentException("row " + i / outputs + ", label '" + Excerpt.of(names.get(i % outputs))
            + "': expected 0 or 1, found " + y[i]);
      }
    }
    return new Dataset(y.length / outputs, inputs, outputs, x, y, null, List.of(), names);
  }

  /**
   * {@return the same rows with these weights, by which their losses are multiplied: see {@link RowWeights}} A row of
   * weight 0 has no influence, and weights that are all 1 change nothing. Metrics other than the loss ignore weights.
   *
   * @param w [rows], the array itself, not a copy; null for no weights
   * @throws IllegalArgumentException unless each row has a weight, 0 or from 1e-100 to 1e100, and one is not 0
   */
  public Dataset withWeights(double[] w) {
    if (w != null) requireWeights(rows, w);
    return new Dataset(rows, inputs, outputs, x, y, w, labels, labelNames);
  }

  private static void requireWeights(int rows, double[] w) {
    if (w.length != rows) throw new IllegalArgumentException("expected " + rows + " weights, found " + w.length);
    if (RowWeights.sum(rows, w, 0) == 0 && rows > 0) {
      throw new IllegalArgumentException("all weights are 0; expected one > 0");
    }
  }

  /**
   * {@return the rows of this classification with each row's weight, 1 if there are none, times the weight of its
   * class}
   *
   * @param perClass a weight for each of {@link #labels}, such as {@link #balancedClassWeights}
   * @throws IllegalArgumentException unless there is a weight for each class and the products are weights
   * @throws IllegalStateException unless this is a classification
   */
  public Dataset withClassWeights(double[] perClass) {
    int[] classes = classes();
    if (perClass.length != labels.size()) {
      throw new IllegalArgumentException(
          "expected a weight for each of " + labels.size() + " classes, found " + perClass.length);
    }
    double[] w = new double[rows];
    for (int i = 0; i < rows; i++) w[i] = perClass[classes[i]] * (weights == null ? 1 : weights[i]);
    return withWeights(w);
  }

  /**
   * {@return the weights [count] that give each class the same sum of weights}
   * <pre>w_c = n / (k · n_c)</pre>
   * with n rows, n_c of class c, and k classes that have rows. The sum of the rows' weights is n. A class without rows
   * gets 1.
   * Formula: beyond-class-weight-balanced. Spec: WeightedLossSpec#balancedWeightsGiveEachClassTheSameShare.
   *
   * @param classes the class of each row, from 0
   * @param count the number of classes
   */
  public static double[] balancedClassWeights(int[] classes, int count) {
    int[] sizes = new int[count];
    for (int c : classes) sizes[c]++;
    long present = IntStream.of(sizes).filter(n -> n > 0).count();
    double[] w = new double[count];
    for (int c = 0; c < count; c++) w[c] = sizes[c] == 0 ? 1 : classes.length / ((double) present * sizes[c]);
    return w;
  }

  /** {@return the number of rows} */
  public int rows() {
    return rows;
  }

  /** {@return the number of inputs} */
  public int inputs() {
    return inputs;
  }

  /** {@return the number of outputs} Two classes have one output, unless {@link #oneHot} gave them two. */
  public int outputs() {
    return outputs;
  }

  /** {@return the inputs [rows × inputs]: the array itself, not a copy} */
  public double[] x() {
    return x;
  }

  /** {@return the targets [rows × outputs]: the array itself, not a copy} */
  public double[] y() {
    return y;
  }

  /** {@return the weights [rows]: the array itself, not a copy; null if there are none} */
  public double[] weights() {
    return weights;
  }

  /** {@return the names of the classes; empty unless this is a classification} */
  public List<String> labels() {
    return labels;
  }

  /** {@return the names of the outputs of a multilabel problem; empty for the other kinds} */
  public List<String> labelNames() {
    return labelNames;
  }

  /** {@return whether each row belongs to one of several classes} */
  public boolean isClassification() {
    return !labels.isEmpty();
  }

  /** {@return whether each output is a label that a row has or lacks} */
  public boolean isMultilabel() {
    return !labelNames.isEmpty();
  }

  /**
   * {@return the class of each row, as an index of {@link #labels}}
   *
   * @throws IllegalStateException unless this is a classification
   */
  public int[] classes() {
    if (!isClassification()) throw new IllegalStateException("only a classification has classes");
    int[] classes = new int[rows];
    for (int i = 0; i < rows; i++) {
      if (outputs == 1) classes[i] = (int) y[i];
      else while (y[i * outputs + classes[i]] != 1) classes[i]++;
    }
    return classes;
  }

  /** {@return the same rows with one target column per class, also for two classes: for a softmax of two outputs} */
  public Dataset oneHot() {
    if (labels.size() != 2 || outputs == 2) return this;
    double[] two = new double[rows * 2];
    for (int i = 0; i < rows; i++) two[2 * i + (int) y[i]] = 1;
    return new Dataset(rows, inputs, 2, x, two, weights, labels, List.of());
  }

  /**
   * {@return the same rows with other classes, such as those of a model, matched by name}
   *
   * @param others the names of the classes, among them that of every row
   * @throws IllegalArgumentException naming the class of a row that is not among them
   */
  public Dataset withLabels(List<String> others) {
    if (labels.equals(others)) return this;
    int[] classes = classes();
    for (int i = 0; i < rows; i++) {
      String label = labels.get(classes[i]);
      classes[i] = others.indexOf(label);
      if (classes[i] < 0) throw new IllegalArgumentException("no class '" + label + "' among " + others);
    }
    return classification(inputs, x, classes, others).withWeights(weights);
  }

  /**
   * {@return the chosen rows, in this order, with their weights}
   *
   * @param chosen row numbers, from 0
   */
  public Dataset select(int[] chosen) {
    double[] sx = new double[Math.multiplyExact(chosen.length, inputs)];
    double[] sy = new double[Math.multiplyExact(chosen.length, outputs)];
    double[] sw = weights == null ? null : new double[chosen.length];
    for (int i = 0; i < chosen.length; i++) {
      System.arraycopy(x, chosen[i] * inputs, sx, i * inputs, inputs);
      System.arraycopy(y, chosen[i] * outputs, sy, i * outputs, outputs);
      if (sw != null) sw[i] = weights[chosen[i]];
    }
    return new Dataset(chosen.length, inputs, outputs, sx, sy, sw, labels, labelNames);
  }

  /**
   * Rows for training, and rows held out for testing.
   *
   * @param train the rows to train on
   * @param test the rows held out
   */
  public record Split(Dataset train, Dataset test) {}

  /**
   * Holds out a random part of the rows: of each class alike for a classification ({@link #splitStratified}), else of
   * all rows ({@link #splitRows}).
   *
   * @param testFraction the fraction of the rows to hold out, 0 ≤ fraction &lt; 1
   * @param seed the seed of the random choice
   * @return the rows to train on and the rows held out
   * @throws IllegalArgumentException for a fraction outside [0, 1)
   */
  public Split split(double testFraction, long seed) {
    int[][] parts = isClassification()
        ? splitStratified(IntStream.range(0, rows).toArray(), classes(), testFraction, seed, 0)
        : splitRows(rows, testFraction, seed);
    return new Split(select(parts[0]), select(parts[1]));
  }

  /**
   * {@return row numbers for training and for testing, [2][]} The number of rows held out at random is round(n ·
   * fraction), but at least one row is on each side if 0 &lt; fraction &lt; 1 and n &gt; 1.
   *
   * @param n the number of rows
   * @param testFraction the fraction of the rows to hold out, 0 ≤ fraction &lt; 1
   * @param seed the seed of the random choice
   * @throws IllegalArgumentException for a fraction outside [0, 1)
   */
  public static int[][] splitRows(int n, double testFraction, long seed) {
    return splitRows(IntStream.range(0, n).toArray(), testFraction, seed, 0);
  }

  /**
   * Splits row numbers like {@link #splitRows(int, double, long)}.
   *
   * @param rows row numbers, all of them or a part of an earlier split
   * @param fraction the fraction of the rows to hold out, 0 ≤ fraction &lt; 1
   * @param seed the seed of the random choice
   * @param level 0 for a split into training and test, 1 to divide a training part again, into rows to train on and
   *     rows to validate with
   * @return the row numbers that remain and those held out, [2][]
   * @throws IllegalArgumentException for a fraction outside [0, 1)
   */
  public static int[][] splitRows(int[] rows, double fraction, long seed, int level) {
    return RowSplits.plain(rows, fraction, seed, level);
  }

  /**
   * {@return row numbers for training and for testing, [2][], with about the same share of each class held out} A class
   * of n_c rows has ⌊n_c · fraction⌋ or ⌈n_c · fraction⌉ of them held out, but at least one on each side if n_c ≥ 2.
   * The total is round(n · fraction) where these limits allow it, and the largest remainders decide which classes round
   * up. The row of a class with one row is for training. For a single class the result is that of {@link #splitRows}.
   *
   * @param rows row numbers, all of them or a part of an earlier split
   * @param classes the class of each row, ≥ 0: {@code classes[r]} for row number r
   * @param fraction the fraction of the rows to hold out, 0 ≤ fraction &lt; 1
   * @param seed the seed of the random choice
   * @param level 0 for a split into training and test, 1 to divide a training part again
   * @throws IllegalArgumentException for a fraction outside [0, 1)
   */
  public static int[][] splitStratified(int[] rows, int[] classes, double fraction, long seed, int level) {
    return RowSplits.stratified(rows, classes, fraction, seed, level);
  }

  /**
   * {@return k divisions of row numbers for cross-validation, [k][2][]} The f-th holds the rows to train on and the
   * rows of fold f. Each row is in one fold. The folds have the same number of rows, and the same number of each class,
   * up to one.
   *
   * @param rows row numbers, all of them or a part of an earlier split
   * @param classes the class of each row, {@code classes[r]} ≥ 0 for row number r; null to ignore classes
   * @param k the number of folds
   * @param seed the seed of the random choice
   * @throws IllegalArgumentException unless 2 ≤ k ≤ the number of rows
   */
  public static int[][][] folds(int[] rows, int[] classes, int k, long seed) {
    return RowSplits.folds(rows, classes, k, seed);
  }

  /**
   * {@return k divisions of all rows, stratified for a classification: see {@link #folds(int[], int[], int, long)}}
   *
   * @param k the number of folds
   * @param seed the seed of the random choice
   * @throws IllegalArgumentException unless 2 ≤ k ≤ the number of rows
   */
  public int[][][] folds(int k, long seed) {
    return folds(IntStream.range(0, rows).toArray(), isClassification() ? classes() : null, k, seed);
  }

  /**
   * {@return the classes with exactly one of these rows, in ascending order} They cannot be both in training and in
   * test.
   *
   * @param rows row numbers
   * @param classes the class of each row, {@code classes[r]} ≥ 0 for row number r
   */
  public static int[] classesWithOneRow(int[] rows, int[] classes) {
    int[] sizes = RowSplits.sizes(rows, classes);
    return IntStream.range(0, sizes.length).filter(c -> sizes[c] == 1).toArray();
  }

  /** Returns the shape, for a log line: {@code 1200 rows, 2 inputs, 3 classes}. */
  @Override public String toString() {
    return count(rows, "row", "rows") + ", " + count(inputs, "input", "inputs") + ", "
        + (isClassification() ? count(labels.size(), "class", "classes")
            : isMultilabel() ? count(outputs, "label", "labels") : count(outputs, "output", "outputs"))
        + (weights == null ? "" : ", weighted");
  }

  private static String count(int n, String one, String many) {
    return n + " " + (n == 1 ? one : many);
  }
}
