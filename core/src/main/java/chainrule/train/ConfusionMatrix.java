package chainrule.train;

import chainrule.data.DataException;
import chainrule.data.Dataset;
import chainrule.nn.Network;
import java.util.List;

/**
 * Which classes a network takes for which: counts [classes × classes], rows the true class, columns the predicted one,
 * and what follows from them for each class c:
 * <pre>
 * precision   right / predicted as c       how much of what is called c is c
 * recall      right / truly c              how much of c is found
 * F1          2·right / (predicted as c + truly c)      the harmonic mean of both
 * </pre>
 * NaN where the divisor is 0 (a class that was never predicted, or is not there). Where classes are of very different
 * size, accuracy hides the small ones; these do not.
 *
 * @param labels the classes' names
 * @param counts [classes × classes], row-major
 */
public record ConfusionMatrix(List<String> labels, long[] counts) {
  private static final int MOST_CLASSES = 20_000;

  /**
   * Of a network on a classification's rows.
   * @throws IllegalArgumentException for a regression, or data that does not fit the network
   * @throws DataException for more than 20,000 classes
   */
  public static ConfusionMatrix of(Network network, Dataset data) {
    if (!data.isClassification()) throw new IllegalArgumentException("a regression has no classes to confuse");
    Trainer.requireFit("evaluated", network, data);
    int classes = data.labels().size(), out = data.outputs();
    if (classes > MOST_CLASSES) {
      throw new DataException(classes + " classes are more than can be counted pair by pair (" + MOST_CLASSES + ")");
    }
    long[] counts = new long[classes * classes];
    double[] yhat = network.predict(data.x());
    for (int i = 0; i < data.rows(); i++) {
      counts[classOf(out, data.y(), i * out) * classes + classOf(out, yhat, i * out)]++;
    }
    return new ConfusionMatrix(data.labels(), counts);
  }

  /**
   * The class that a row of outputs stands for. One output: ŷ ≥ ½ means class 1. Several: the largest, the first of
   * equals.
   */
  public static int classOf(int outputs, double[] y, int o) {
    if (outputs == 1) return y[o] >= 0.5 ? 1 : 0;
    int best = 0;
    for (int j = 1; j < outputs; j++) if (y[o + j] > y[o + best]) best = j;
    return best;
  }

  /** How many rows of the class {@code truth} were taken for {@code predicted}. */
  public long count(int truth, int predicted) {
    return counts[truth * labels.size() + predicted];
  }

  /** Rows that truly belong to the class. */
  public long actual(int c) {
    long n = 0;
    for (int j = 0; j < labels.size(); j++) n += count(c, j);
    return n;
  }

  /** Rows that were taken for the class. */
  public long predicted(int c) {
    long n = 0;
    for (int i = 0; i < labels.size(); i++) n += count(i, c);
    return n;
  }

  public double precision(int c) {
    return (double) count(c, c) / predicted(c);
  }

  public double recall(int c) {
    return (double) count(c, c) / actual(c);
  }

  public double f1(int c) {
    return 2.0 * count(c, c) / (predicted(c) + actual(c));
  }

  /** The mean of F1 over the classes that are there or were predicted, each as important as the others. */
  public double macroF1() {
    double sum = 0;
    int n = 0;
    for (int c = 0; c < labels.size(); c++) {
      if (Double.isNaN(f1(c))) continue;
      sum += f1(c);
      n++;
    }
    return sum / n;
  }

  /** All rows. */
  public long total() {
    long n = 0;
    for (long c : counts) n += c;
    return n;
  }

  /** The share of rows that are right. */
  public double accuracy() {
    long right = 0;
    for (int c = 0; c < labels.size(); c++) right += count(c, c);
    return (double) right / total();
  }
}
