// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.Dataset;
import chainrule.data.Target;
import chainrule.metrics.TrivialBaseline;
import chainrule.train.Evaluation;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The metrics of predicted numbers.
 *
 * @param all over all targets, standardized
 * @param targets of each target, in its unit
 * @param baseline of each target, if the mean of the training rows is predicted
 * @param baselineR2 over all targets
 * @param standardError of R²
 */
record NumberResults(Evaluation all, List<TargetMetrics> targets, List<TargetMetrics> baseline, double baselineR2,
    double standardError) implements Results {

  static NumberResults of(double[] yhat, Dataset data, Target target, TrivialBaseline baseline) {
    double[] trivial = baseline.predictions(data.rows());
    Evaluation all = Evaluation.ofPredictions(yhat, data);
    return new NumberResults(all, TargetMetrics.of(yhat, data, target), TargetMetrics.of(trivial, data, target),
        Evaluation.ofPredictions(trivial, data).r2(), standardError(yhat, data, all.r2()));
  }

  /**
   * Returns √n · s / Σ(y − ȳ)², with s the standard deviation over the rows of e_i = Σ_j (ŷ_ij − y_ij)², as if the
   * variance of the targets were known; NaN if R² is. Since R² = 1 − Σe / Σ(y − ȳ)², this is (1 − R²) · √n · s / Σe.
   */
  private static double standardError(double[] yhat, Dataset data, double r2) {
    int n = data.rows(), out = data.outputs();
    double[] e = new double[n];
    double sum = 0, squares = 0;
    for (int i = 0; i < yhat.length; i++) e[i / out] += (yhat[i] - data.y()[i]) * (yhat[i] - data.y()[i]);
    for (double v : e) sum += v;
    if (sum == 0) return r2 - r2;
    for (double v : e) squares += (v - sum / n) * (v - sum / n);
    return (1 - r2) * Math.sqrt(squares) / sum;
  }

  private boolean several() {
    return targets.size() > 1;
  }

  @Override public String headline(double loss) {
    if (several()) return MetricFormat.targets(targets, all);
    TargetMetrics t = targets.get(0), b = baseline.get(0);
    return String.format(
        "%s, root mean squared error %s (mean predictor %s), mean absolute error %s (%s) in the target's unit",
        MetricFormat.r2(t.r2(), t.rmse()), MetricFormat.digits(t.rmse()), MetricFormat.digits(b.rmse()),
        MetricFormat.digits(t.mae()), MetricFormat.digits(b.mae()));
  }

  @Override public List<String> details() {
    return List.of();
  }

  @Override public void printTable(PrintStream out) {
    if (several()) MetricsTable.printTargetMetrics(out, targets);
  }

  /** Metrics with a unit are null for several targets, whose units may differ. */
  @Override public void put(Map<String, Object> json, String prefix) {
    if (several()) {
      List<Map<String, Object>> list = TargetMetrics.json(targets);
      for (int j = 0; j < list.size(); j++) {
        list.get(j).put("baseline_rmse", baseline.get(j).rmse());
        list.get(j).put("baseline_mae", baseline.get(j).mae());
        list.get(j).put("baseline_r2", baseline.get(j).r2());
      }
      json.put(prefix + "targets", list);
    }
    TargetMetrics t = targets.get(0), b = baseline.get(0);
    json.put(prefix + "rmse", several() ? Double.NaN : t.rmse());
    json.put(prefix + "mae", several() ? Double.NaN : t.mae());
    json.put(prefix + "r2", all.r2());
    json.put(prefix + "baseline_rmse", several() ? Double.NaN : b.rmse());
    json.put(prefix + "baseline_mae", several() ? Double.NaN : b.mae());
    json.put(prefix + "baseline_r2", baselineR2);
  }

  @Override public String scoreName() {
    return "r2";
  }

  @Override public double score() {
    return all.r2();
  }

  @Override public double standardError() {
    return standardError;
  }

  @Override public Optional<String> worseThanBaseline(boolean weightedClasses) {
    if (!several()) {
      TargetMetrics t = targets.get(0), b = baseline.get(0);
      if (!(t.rmse() > b.rmse()) || b.rmse() == 0) return Optional.empty(); // 0: a constant, of which a note warns
      return Optional.of("root mean squared error " + MetricFormat.digits(t.rmse()) + " is above "
          + MetricFormat.digits(b.rmse()) + ", that of always predicting the target's mean");
    }
    List<String> worse = new ArrayList<>();
    for (int j = 0; j < targets.size(); j++) {
      if (targets.get(j).rmse() > baseline.get(j).rmse()) worse.add(targets.get(j).name());
    }
    if (worse.isEmpty()) return Optional.empty();
    return Optional.of(String.format(Locale.ROOT,
        "%d of %d targets, such as '%s', are predicted worse than by their mean", worse.size(), targets.size(),
        worse.get(0)));
  }
}
