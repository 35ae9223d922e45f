// SPDX-License-Identifier: MIT
package chainrule.metrics;

import java.util.ArrayList;
import java.util.List;

/**
 * Prediction intervals of a regression by split conformal prediction:
 * <pre>ŷ ± q_j(c)         the scores of output j are |y_ij − ŷ_ij| on rows that the model was not trained on</pre>
 * with q_j the conformal quantile of {@link ConformalScores}. A new y, exchangeable with those, is inside with
 * probability ≥ c, for each output alone. All intervals of an output have the same width, in the unit of y; too few
 * rows for the coverage (n &lt; c/(1 − c), 9 for 0.9) give ±∞.
 */
public final class ConformalInterval {
  private ConformalInterval() {}

  /**
   * {@return the scores of each output}
   * Formula: beyond-conformal-interval. Spec: ConformalSpec#anIntervalContainsANewNumberOftenEnough.
   *
   * @param outputs the number of outputs, ≥ 1
   * @param yhat predictions [rows × outputs], such as those of rows outside each fold
   * @param y targets [rows × outputs], in the unit of ŷ
   */
  public static List<ConformalScores> scores(int outputs, double[] yhat, double[] y) {
    requireSameShape(outputs, yhat, y);
    int n = y.length / outputs;
    List<ConformalScores> all = new ArrayList<>();
    for (int j = 0; j < outputs; j++) {
      double[] residuals = new double[n];
      for (int i = 0; i < n; i++) residuals[i] = Math.abs(y[i * outputs + j] - yhat[i * outputs + j]);
      all.add(ConformalScores.of(residuals));
    }
    return List.copyOf(all);
  }

  /**
   * {@return the share of the targets of one output that are in ŷ ± q; NaN for no rows} A NaN prediction contains
   * nothing unless q is ∞.
   *
   * @param outputs the number of outputs, ≥ 1
   * @param yhat predictions [rows × outputs]
   * @param y targets [rows × outputs], in the unit of ŷ
   * @param output 0 … outputs − 1
   * @param q half the width of the intervals, {@link ConformalScores#quantile} of the output
   */
  public static double coverage(int outputs, double[] yhat, double[] y, int output, double q) {
    requireSameShape(outputs, yhat, y);
    long inside = 0;
    for (int i = output; i < y.length; i += outputs) {
      if (q == Double.POSITIVE_INFINITY || Math.abs(y[i] - yhat[i]) <= q) inside++;
    }
    return inside / (double) (y.length / outputs);
  }

  private static void requireSameShape(int outputs, double[] yhat, double[] y) {
    if (outputs < 1 || yhat.length != y.length || y.length % outputs != 0) {
      throw new IllegalArgumentException("expected predictions and targets of " + outputs + " outputs, found "
          + yhat.length + " and " + y.length + " values");
    }
  }
}
