// SPDX-License-Identifier: MIT
package chainrule.spec.example;

import static java.lang.Math.log;

import chainrule.metrics.BalancedAccuracy;
import chainrule.metrics.BrierScore;
import chainrule.metrics.ConformalInterval;
import chainrule.metrics.ConformalScores;
import chainrule.metrics.ConformalSet;
import chainrule.metrics.LogLoss;
import chainrule.metrics.PermutationImportance;
import chainrule.metrics.PrecisionRecallCurve;
import chainrule.metrics.ProbabilityMetrics;
import chainrule.metrics.ReliabilityCurve;
import chainrule.metrics.RocCurve;
import chainrule.metrics.ThresholdRule;
import chainrule.metrics.TrivialBaseline;
import chainrule.nn.EnsembleMean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Worked examples of metrics, of uncertainty, importance and ensembles. */
final class MetricExamples {
  private MetricExamples() {}

  private static double[] a(double... values) {
    return values;
  }

  static void add(Examples e) {
    metrics(e);
    rankings(e);
    uncertainty(e);
  }

  private static void metrics(Examples e) {
    double[] p = {0.9, 0.2, 0.4};
    int[] y = {1, 0, 1};
    e.of("beyond-log-loss").in("p of class 1", p).in("y", a(1, 0, 1))
        .is("log loss", LogLoss.of(1, p, y), -(log(0.9) + log(0.8) + log(0.4)) / 3);
    e.of("beyond-brier").in("p of class 1", p).in("y", a(1, 0, 1))
        .is("Brier score", BrierScore.of(1, p, y), (0.1 * 0.1 + 0.2 * 0.2 + 0.6 * 0.6) / 3);
    e.of("beyond-brier-classes").in("p", a(0.7, 0.2, 0.1)).in("class", 0)
        .is("Brier score", BrierScore.of(3, a(0.7, 0.2, 0.1), new int[] {0}), 0.3 * 0.3 + 0.2 * 0.2 + 0.1 * 0.1);
    e.of("beyond-balanced-accuracy").in("classes", a(0, 0, 0, 1)).in("predicted", a(0, 0, 1, 1))
        .is("balanced accuracy", BalancedAccuracy.of(2, new int[] {0, 0, 0, 1}, new int[] {0, 0, 1, 1}),
            (2 / 3.0 + 1) / 2);
    boolean[] happened = {true, false, true, true};
    e.of("beyond-calibration-error").in("B", 2).in("p", a(0.4, 0.2, 0.9, 0.7)).in("event", a(1, 0, 1, 1))
        .is("ECE", ReliabilityCurve.of(a(0.4, 0.2, 0.9, 0.7), happened, 2).expectedError(),
            0.5 * Math.abs(0.5 - 0.3) + 0.5 * Math.abs(1 - 0.8));
    e.of("beyond-trivial-baseline").in("y of training", a(1, 2, 6))
        .is("ŷ", TrivialBaseline.of(1, a(1, 2, 6)).predictions(1)[0], (1 + 2 + 6) / 3.0);
  }

  private static void rankings(Examples e) {
    double[] s = {0.9, 0.8, 0.4, 0.3}, y = {1, 0, 1, 0};
    boolean[] positive = {true, false, true, false};
    RocCurve roc = RocCurve.of(s, positive);
    PrecisionRecallCurve curve = PrecisionRecallCurve.of(s, positive);
    e.of("beyond-roc").in("s", s).in("positive", y).is("FPR", roc.falsePositiveRate(), a(0, 0, 0.5, 0.5, 1))
        .is("TPR", roc.truePositiveRate(), a(0, 0.5, 0.5, 1, 1));
    e.of("beyond-roc-auc").in("s", s).in("positive", y).is("AUC", roc.area(), (2 + 1) / (2 * 2.0));
    e.of("beyond-precision-recall").in("s", s).in("positive", y)
        .is("P", curve.precision(), a(1, 1 / 2.0, 2 / 3.0, 2 / 4.0)).is("R", curve.recall(), a(0.5, 0.5, 1, 1));
    e.of("beyond-average-precision").in("s", s).in("positive", y)
        .is("AP", curve.averagePrecision(), 0.5 * 1 + 0.5 * (2 / 3.0));
    e.of("beyond-threshold-f1").in("s", s).in("positive", y)
        .is("T", ThresholdRule.F1.choose(s, positive).threshold(), (0.4 + 0.3) / 2)
        .is("F1", ThresholdRule.F1.choose(s, positive).value(), 2 * 2 / (2 * 2 + 1 + 0.0));
    double[] t = {0.9, 0.8, 0.7, 0.3};
    boolean[] q = {true, true, false, false};
    e.of("beyond-threshold-youden").in("s", t).in("positive", a(1, 1, 0, 0))
        .is("T", ThresholdRule.YOUDEN.choose(t, q).threshold(), (0.8 + 0.7) / 2)
        .is("J", ThresholdRule.YOUDEN.choose(t, q).value(), 2 / 2.0 - 0 / 2.0);
    double[] outputs = {0.7, 0.2, 0.1, 0.5, 0.4, 0.1, 0.3, 0.3, 0.4, 0.6, 0.3, 0.1};
    int[] classes = {0, 1, 2, 1};
    ProbabilityMetrics m = ProbabilityMetrics.of(3, outputs, classes);
    e.of("beyond-macro-average").in("ROC AUC of each class", m.rocAucs()).is("ROC AUC", m.rocAuc(),
        Arrays.stream(m.rocAucs()).sum() / 3);
  }

  private static void uncertainty(Examples e) {
    ConformalScores scores = ConformalScores.of(a(3, 1, 4, 1.5, 5, 9, 2, 6, 7));
    e.of("beyond-conformal-quantile").in("n", 9).in("scores", a(3, 1, 4, 1.5, 5, 9, 2, 6, 7)).in("c", 0.8)
        .is("q, the 8th smallest", scores.quantile(0.8), 7);
    double[] y = {1, 2, 3, 4}, yhat = {1.5, 2, 2, 4.25};
    double width = ConformalInterval.scores(1, yhat, y).get(0).quantile(0.75);
    e.of("beyond-conformal-interval").in("y", y).in("ŷ", yhat).in("c", 0.75).is("q", width, 1).in("new ŷ", 5)
        .is("interval", a(5 - width, 5 + width), a(4, 6));
    boolean[] set = ConformalSet.of(3, a(0.6, 0.35, 0.05), 0, 0, 0.7);
    e.of("beyond-conformal-set").in("q", 0.7).in("p", a(0.6, 0.35, 0.05))
        .is("in the set", a(set[0] ? 1 : 0, set[1] ? 1 : 0, set[2] ? 1 : 0), a(1, 1, 0));
    double[] rows = {1, 5, 2, 5, 3, 5, 4, 5};
    List<Double> seen = new ArrayList<>(); // s of the rows, then of three permutations of each column
    PermutationImportance drop = PermutationImportance.of(rows, new int[] {1, 1}, x -> {
      double sum = 0;
      for (int i = 0; i < 4; i++) sum -= (i + 1 - x[2 * i]) * (i + 1 - x[2 * i]);
      seen.add(sum / 4);
      return sum / 4;
    }, 3, 1);
    double[] permuted = {seen.get(1), seen.get(2), seen.get(3)};
    e.of("beyond-permutation-importance").in("s(x)", "−(1/n) Σ (y − x_1)²").in("s with x_1 permuted", permuted)
        .is("s(x)", drop.score(), 0)
        .is("I", drop.importance(), a((0 - permuted[0] + 0 - permuted[1] + 0 - permuted[2]) / 3, 0));
    double[] average = new double[2];
    EnsembleMean.of(new double[][] {{0.25, 0.75}, {0.5, 0.5}, {0.75, 0.25}}, 2, average);
    e.of("beyond-ensemble-mean").in("ŷ_m", new double[][] {{0.25, 0.75}, {0.5, 0.5}, {0.75, 0.25}})
        .is("ŷ", average, a((0.25 + 0.5 + 0.75) / 3, (0.75 + 0.5 + 0.25) / 3));
  }
}
