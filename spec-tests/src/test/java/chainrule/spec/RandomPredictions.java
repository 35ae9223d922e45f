// SPDX-License-Identifier: MIT
package chainrule.spec;

import chainrule.random.CounterRandom;

/**
 * Random predictions of classes, some of them with many equal outputs, which metrics must treat as ties.
 *
 * @param outputs 1 for two classes
 * @param yhat probabilities [rows × outputs]
 * @param classes [rows]
 */
record RandomPredictions(int outputs, double[] yhat, int[] classes) {
  static int draw(int bound, long seed, int what, long index) {
    return CounterRandom.below(bound, seed, 900 + what, index);
  }

  private static double uniform(long seed, int what, long index) {
    return CounterRandom.uniform(seed, 900 + what, index);
  }

  /** Returns 1 … 25 rows with 1 … 5 outputs. */
  static RandomPredictions of(long seed) {
    return of(1 + draw(5, seed, 0, 0), 1 + draw(25, seed, 1, 0), seed);
  }

  /** Returns rows whose outputs are multiples of 1/8 or 1/10 for most seeds, or any numbers in [0, 1]. */
  static RandomPredictions of(int outputs, int rows, long seed) {
    int grid = new int[] {0, 4, 8, 10}[draw(4, seed, 2, 0)], k = Math.max(2, outputs);
    double[] yhat = new double[rows * outputs];
    int[] classes = new int[rows];
    boolean oneClass = draw(20, seed, 3, 0) == 0;
    for (int i = 0; i < rows; i++) {
      classes[i] = oneClass ? 0 : draw(k, seed, 4, i);
      int left = grid;
      double sum = 0;
      for (int j = 0; j < outputs; j++) {
        int o = i * outputs + j;
        if (grid == 0) {
          yhat[o] = 1e-6 + (1 - 1e-6) * uniform(seed, 5, o);
        } else { // whole units, which the outputs of a row share
          int taken = outputs > 1 && j == outputs - 1 ? left : draw(left + 1, seed, 6, o);
          yhat[o] = (double) taken / grid;
          left -= taken;
        }
        sum += yhat[o];
      }
      if (grid == 0 && outputs > 1) for (int j = 0; j < outputs; j++) yhat[i * outputs + j] /= sum;
    }
    return new RandomPredictions(outputs, yhat, classes);
  }

  int rows() {
    return classes.length;
  }

  /** Returns the probability of a class in a row, as the definition of outputs says. */
  double p(int row, int c) {
    return outputs == 1 ? c == 1 ? yhat[row] : 1 - yhat[row] : yhat[row * outputs + c];
  }

  /** Returns the scores of a class. */
  double[] scores(int c) {
    double[] s = new double[rows()];
    for (int i = 0; i < s.length; i++) s[i] = p(i, c);
    return s;
  }

  /** Returns which rows are of a class. */
  boolean[] is(int c) {
    boolean[] is = new boolean[rows()];
    for (int i = 0; i < is.length; i++) is[i] = classes[i] == c;
    return is;
  }
}
