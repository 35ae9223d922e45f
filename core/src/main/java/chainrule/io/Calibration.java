// SPDX-License-Identifier: MIT
package chainrule.io;

import chainrule.data.Dataset;
import chainrule.data.Target;
import chainrule.metrics.ClassOutputs;
import chainrule.metrics.ConformalInterval;
import chainrule.metrics.ConformalScores;
import chainrule.metrics.ConformalSet;
import java.util.ArrayList;
import java.util.List;

/**
 * What a model learned from rows that its weights were not trained on: validation rows, or the rows outside the fold of
 * each network. If the same rows chose the epoch whose weights are kept, the scores are slightly too small.
 *
 * @param threshold class 1 of two is predicted if its probability is at least this; NaN for the most probable class
 * @param scores the conformal scores of numbers, one set for each output, standardized as the network's outputs are; of
 *     classes, one set; empty if there are none. See {@link ConformalInterval} and {@link ConformalSet}
 */
public record Calibration(double threshold, List<ConformalScores> scores) {
  /** No threshold and no scores. */
  public static final Calibration NONE = new Calibration(Double.NaN, List.of());
  /** The most scores that a model keeps of an output; thinning them raises the coverage by at most 1/1000. */
  public static final int MOST_SCORES = 1000;

  /**
   * Checks the threshold and copies the scores.
   *
   * @param threshold a number between 0 and 1, or NaN
   * @param scores one set for each output, or one for classes; not null
   * @throws IllegalArgumentException for a threshold that is neither NaN nor between 0 and 1
   */
  public Calibration {
    if (threshold <= 0 || threshold >= 1) {
      throw new IllegalArgumentException("threshold: expected a number between 0 and 1, found " + threshold);
    }
    scores = List.copyOf(scores);
  }

  /**
   * {@return the scores of held-out rows} There are none for labels, for no rows, for classes whose outputs are not
   * probabilities, and if a score is infinite.
   *
   * @param yhat the outputs [rows × outputs]
   * @param rows the held-out rows
   */
  public static List<ConformalScores> scores(double[] yhat, Dataset rows) {
    if (rows.rows() == 0 || rows.isMultilabel()) return List.of();
    if (rows.isClassification() && !ClassOutputs.areProbabilities(rows.outputs(), yhat)) return List.of();
    List<ConformalScores> all = rows.isClassification()
        ? List.of(ConformalSet.scores(rows.outputs(), yhat, rows.classes()))
        : ConformalInterval.scores(rows.outputs(), yhat, rows.y());
    List<ConformalScores> thinned = new ArrayList<>();
    for (ConformalScores s : all) {
      double[] kept = s.kept();
      if (kept[kept.length - 1] == Double.POSITIVE_INFINITY) return List.of();
      thinned.add(s.thinned(MOST_SCORES));
    }
    return List.copyOf(thinned);
  }

  /** Checks that this fits a model. */
  void requireFit(Target target) {
    if (!Double.isNaN(threshold) && target.labels().size() != 2) {
      throw new IllegalArgumentException("a threshold needs two classes");
    }
    int expected = target.isClass() ? 1 : target.isMultilabel() ? 0 : target.names().size();
    if (scores.isEmpty() || scores.size() == expected) return;
    throw new IllegalArgumentException("expected scores of " + expected + " outputs, found " + scores.size());
  }
}
