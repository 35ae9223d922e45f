// SPDX-License-Identifier: MIT
package chainrule.metrics;

import java.util.Objects;

/**
 * The outputs ŷ [rows × outputs] of a network for classes. A single output is the probability of class 1 of two
 * classes; with several, output c is the probability of class c. Spec: ClassOutputsTest.
 */
public final class ClassOutputs {
  private static final double SUM_TOLERANCE = 1e-9;

  private ClassOutputs() {}

  /**
   * {@return the number of classes: 2 for a single output}
   *
   * @param outputs the number of outputs, ≥ 1
   */
  public static int classes(int outputs) {
    return outputs == 1 ? 2 : outputs;
  }

  /**
   * {@return the probability of class c in a row; 1 − ŷ for class 0 with a single output}
   *
   * @param outputs the number of outputs, ≥ 1
   * @param yhat outputs [rows × outputs]
   * @param o the index of the row's first output in ŷ
   * @param c 0 … classes − 1
   */
  public static double probability(int outputs, double[] yhat, int o, int c) {
    return outputs > 1 ? yhat[o + c] : c == 1 ? yhat[o] : 1 - yhat[o];
  }

  /**
   * {@return a new array [rows] of the probabilities of class c, the scores of this class against the others}
   *
   * @param outputs the number of outputs, ≥ 1
   * @param yhat outputs [rows × outputs]
   * @param c 0 … classes − 1
   */
  public static double[] scores(int outputs, double[] yhat, int c) {
    Objects.checkIndex(c, classes(outputs));
    int n = rows(outputs, yhat);
    double[] scores = new double[n];
    for (int i = 0; i < n; i++) scores[i] = probability(outputs, yhat, i * outputs, c);
    return scores;
  }

  /**
   * {@return for each row whether it is of class c}
   *
   * @param classes the class of each row
   * @param c the class
   */
  public static boolean[] isClass(int[] classes, int c) {
    boolean[] is = new boolean[classes.length];
    for (int i = 0; i < is.length; i++) is[i] = classes[i] == c;
    return is;
  }

  /**
   * {@return the class that a row of outputs predicts} With one output, class 1 if ŷ ≥ ½, else class 0. With several,
   * the class with the largest output, the first of equal ones; NaN is never the largest unless it is first.
   *
   * @param outputs the number of outputs, ≥ 1
   * @param yhat outputs [rows × outputs]
   * @param o the index of the row's first output in ŷ
   */
  public static int predicted(int outputs, double[] yhat, int o) {
    if (outputs == 1) return yhat[o] >= 0.5 ? 1 : 0;
    int best = 0;
    for (int c = 1; c < outputs; c++) if (yhat[o + c] > yhat[o + best]) best = c;
    return best;
  }

  /**
   * {@return the predicted class of each row}
   *
   * @param outputs the number of outputs, ≥ 1
   * @param yhat outputs [rows × outputs]
   */
  public static int[] predicted(int outputs, double[] yhat) {
    int[] classes = new int[rows(outputs, yhat)];
    for (int i = 0; i < classes.length; i++) classes[i] = predicted(outputs, yhat, i * outputs);
    return classes;
  }

  /**
   * {@return the predicted class of each row of two classes, with a threshold for class 1}
   *
   * @param outputs 1 or 2
   * @param yhat outputs [rows × outputs]
   * @param threshold class 1 is predicted if its probability is ≥ this, else class 0, also for NaN
   * @throws IllegalArgumentException for more than two classes
   */
  public static int[] predicted(int outputs, double[] yhat, double threshold) {
    if (outputs > 2) throw new IllegalArgumentException("a threshold needs two classes, found " + outputs);
    int[] classes = new int[rows(outputs, yhat)];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = probability(outputs, yhat, i * outputs, 1) >= threshold ? 1 : 0;
    }
    return classes;
  }

  /**
   * {@return whether every row is a distribution: all outputs are in [0, 1] and the sum of several is 1 within 10⁻⁹}
   * The outputs of sigmoid and softmax are; those of a linear or tanh layer are scores, for which log loss, Brier score
   * and calibration mean nothing.
   *
   * @param outputs the number of outputs, ≥ 1
   * @param yhat outputs [rows × outputs]
   */
  public static boolean areProbabilities(int outputs, double[] yhat) {
    int n = rows(outputs, yhat);
    for (int i = 0; i < n; i++) {
      double sum = 0;
      for (int o = i * outputs; o < (i + 1) * outputs; o++) {
        if (!(yhat[o] >= 0 && yhat[o] <= 1)) return false;
        sum += yhat[o];
      }
      if (outputs > 1 && Math.abs(sum - 1) > SUM_TOLERANCE) return false;
    }
    return true;
  }

  private static int rows(int outputs, double[] yhat) {
    if (outputs < 1 || yhat.length % outputs != 0) {
      throw new IllegalArgumentException("expected rows of " + outputs + " outputs, found " + yhat.length + " values");
    }
    return yhat.length / outputs;
  }

  /** Checks that ŷ has a row for each of these classes, and that they are classes of it. */
  static void requireFit(int outputs, double[] yhat, int[] classes) {
    if (rows(outputs, yhat) != classes.length) {
      throw new IllegalArgumentException(
          "expected outputs of " + classes.length + " rows, found " + yhat.length / outputs);
    }
    int count = classes(outputs);
    for (int i = 0; i < classes.length; i++) {
      if (classes[i] < 0 || classes[i] >= count) {
        throw new IllegalArgumentException(
            "row " + i + ": expected a class from 0 to " + (count - 1) + ", found " + classes[i]);
      }
    }
  }
}
