// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.Encoding.Target;
import chainrule.format.Formatting;
import chainrule.io.Model;
import chainrule.io.Predictions;
import chainrule.metrics.ConformalScores;
import chainrule.metrics.ConformalSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The columns that {@code predict --interval C} adds after the others: lower(NAME) and upper(NAME) for each number, or
 * the set of classes, separated by |, that contains the true one with probability C.
 *
 * @param quantiles the conformal quantile of each number, standardized; of classes, one
 */
record PredictionIntervals(List<Double> quantiles) {

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

  void addNames(Target t, List<String> cells) {
    if (t.isClass()) cells.add("set");
    else for (String name : t.names()) cells.addAll(List.of("lower(" + name + ")", "upper(" + name + ")"));
  }

  void addCells(Predictions p, int row, List<String> cells) {
    Target t = p.target();
    if (t.isClass()) {
      boolean[] in = ConformalSet.of(p.outputs(), p.yhat(), row * p.outputs(), p.classOf(row), quantiles.get(0));
      List<String> labels = new ArrayList<>();
      for (int c = 0; c < in.length; c++) if (in[c]) labels.add(t.labels().get(c));
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
