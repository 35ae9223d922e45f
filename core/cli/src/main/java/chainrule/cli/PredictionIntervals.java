// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.Dataset;
import chainrule.data.Target;
import chainrule.format.Formatting;
import chainrule.io.Model;
import chainrule.io.Predictions;
import chainrule.metrics.ConformalScores;
import chainrule.metrics.ConformalSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The columns that {@code predict --interval C} adds after the others: lower(NAME) and upper(NAME) for each number, or
 * the set of classes, separated by |, that contains the true one with probability C. A | or \ in a label is preceded by
 * a backslash.
 *
 * @param quantiles the conformal quantile of each number, standardized; of classes, one
 */
record PredictionIntervals(List<Double> quantiles) {

  /** Checks --interval of {@code cv} before training: the intervals are made from held-out training rows. */
  static void require(Arguments a, Dataset train, boolean hasHeldOutRows) {
    if (!a.has(Option.INTERVAL)) return;
    if (train.isMultilabel()) {
      throw new UsageException("--interval is for numbers and classes, but the targets are labels; remove it");
    }
    a.number(Option.INTERVAL, 0, 0, false, 1);
    if (hasHeldOutRows) return;
    throw new UsageException("--interval requires rows whose errors give the intervals; add --patience 20 or "
        + "--ensemble 5");
  }

  /** Returns the intervals that --interval requests; empty without it. */
  static Optional<PredictionIntervals> of(Arguments a, String name, Model model) {
    if (!a.has(Option.INTERVAL)) return Optional.empty();
    double coverage = a.number(Option.INTERVAL, 0, 0, false, 1);
    List<ConformalScores> scores = model.calibration().scores();
    if (model.encoding().target().isMultilabel()) {
      throw new UsageException("--interval is for numbers and classes, but the model predicts labels; remove it");
    }
    if (scores.isEmpty()) {
      throw new UsageException(name + ": the model has no errors of held-out rows, which --interval requires; train it "
          + "with --patience 20 or --ensemble 5");
    }
    List<Double> quantiles = new ArrayList<>();
    for (ConformalScores s : scores) {
      double q = s.quantile(coverage);
      if (q == Double.POSITIVE_INFINITY) {
        throw new UsageException("--interval " + a.value(Option.INTERVAL).get() + ": the model has the errors of only "
            + Formatting.count(s.rows(), "held-out row", "held-out rows") + "; give a number up to "
            + Math.floor(1000.0 * s.rows() / (s.rows() + 1)) / 1000 + ", or train with a larger --validation-fraction");
      }
      quantiles.add(q);
    }
    return Optional.of(new PredictionIntervals(quantiles));
  }

  /**
   * Adds how many of these rows have the truth in their interval or set, and how large it is on average.
   *
   * @param p predictions of the rows
   * @param j the number; 0 for classes
   * @param metrics receives coverage, and width in the unit of the number or set_size
   */
  void judge(Predictions p, Dataset rows, int j, Map<String, Double> metrics) {
    int inside = 0;
    long size = 0;
    int[] classes = p.target().isClass() ? rows.classes() : null;
    for (int i = 0; i < p.rows(); i++) {
      int at = i * p.outputs();
      if (classes == null) {
        if (Math.abs(rows.y()[at + j] - p.yhat()[at + j]) <= quantiles.get(j)) inside++;
      } else {
        boolean[] in = ConformalSet.of(p.outputs(), p.yhat(), at, p.classOf(i), quantiles.get(0));
        for (boolean b : in) if (b) size++;
        if (in[classes[i]]) inside++;
      }
    }
    metrics.put("coverage", (double) inside / p.rows());
    if (classes == null) metrics.put("width", 2 * quantiles.get(j) * p.target().deviation(j));
    else metrics.put("set_size", (double) size / p.rows());
  }

  void addNames(Target t, List<String> cells) {
    if (t.isClass()) cells.add("set");
    else for (String name : t.names()) cells.addAll(List.of("lower(" + name + ")", "upper(" + name + ")"));
  }

  private static String escaped(String label) {
    return label.replace("\\", "\\\\").replace("|", "\\|");
  }

  void addCells(Predictions p, int row, List<String> cells) {
    Target t = p.target();
    if (t.isClass()) {
      boolean[] in = ConformalSet.of(p.outputs(), p.yhat(), row * p.outputs(), p.classOf(row), quantiles.get(0));
      List<String> labels = new ArrayList<>();
      for (int c = 0; c < in.length; c++) if (in[c]) labels.add(escaped(t.labels().get(c)));
      cells.add(String.join("|", labels));
      return;
    }
    for (int j = 0; j < quantiles.size(); j++) {
      double yhat = p.yhat()[row * p.outputs() + j];
      cells.add(Double.toString(t.decode(j, yhat - quantiles.get(j))));
      cells.add(Double.toString(t.decode(j, yhat + quantiles.get(j))));
    }
  }
}
