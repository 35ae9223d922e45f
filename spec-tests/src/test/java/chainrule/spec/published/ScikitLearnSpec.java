// SPDX-License-Identifier: MIT
package chainrule.spec.published;

import chainrule.data.Dataset;
import chainrule.metrics.BalancedAccuracy;
import chainrule.metrics.BrierScore;
import chainrule.metrics.LogLoss;
import chainrule.metrics.PrecisionRecallCurve;
import chainrule.metrics.RocCurve;
import chainrule.spec.ledger.Proves;
import chainrule.train.ConfusionMatrix;
import chainrule.train.Evaluation;
import chainrule.train.MultilabelMetrics;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/** The numbers in the docstrings of scikit-learn's metrics. */
class ScikitLearnSpec {
  private static final PublishedSource SKLEARN = PublishedSource.load("sklearn");
  private static final double[] SCORES = {0.1, 0.4, 0.35, 0.8};
  private static final boolean[] POSITIVE = {false, false, true, true};
  private static final double[] LABELS = {0, 0, 0, 1, 1, 1, 0, 1, 1}; // [3 × 3]
  private static final double[] PREDICTED = {0, 0, 0, 1, 1, 1, 1, 1, 0};

  @Test
  @Proves(value = "beyond-log-loss", by = "LogLoss#of")
  @Proves(value = "beyond-brier", by = "BrierScore#of")
  void scoresOfProbabilitiesAreThePrintedOnes() {
    double[] p = {0.1, 0.9, 0.9, 0.1, 0.8, 0.2, 0.35, 0.65}; // of "ham" and "spam"
    SKLEARN.reproduce("log_loss", LogLoss.of(2, p, new int[] {1, 0, 0, 1}));
    int[] classes = {0, 1, 1, 0};
    SKLEARN.reproduce("brier_score_loss, and of certain predictions",
        BrierScore.of(1, new double[] {0.1, 0.9, 0.8, 0.3}, classes),
        BrierScore.of(1, new double[] {0, 1, 1, 0}, classes));
  }

  @Test
  @Proves(value = "beyond-average-precision", by = "PrecisionRecallCurve#average")
  @Proves(value = "beyond-precision-recall", by = "PrecisionRecallCurve#of")
  @Proves(value = "beyond-roc", by = "RocCurve#of")
  void curvesHaveThePrintedPoints() {
    SKLEARN.reproduce("average_precision_score", PrecisionRecallCurve.average(SCORES, POSITIVE));
    RocCurve roc = RocCurve.of(SCORES, POSITIVE);
    double[] rates = Arrays.copyOf(roc.falsePositiveRate(), 10);
    System.arraycopy(roc.truePositiveRate(), 0, rates, 5, 5);
    SKLEARN.reproduce("roc_curve, false positive rates and true positive rates", rates);
    SKLEARN.reproduce("roc_curve, thresholds", Arrays.copyOfRange(roc.thresholds(), 1, 5));
    PrecisionRecallCurve curve = PrecisionRecallCurve.of(SCORES, POSITIVE);
    SKLEARN.reproduce("precision_recall_curve, precision", curve.precision());
    SKLEARN.reproduce("precision_recall_curve, recall", curve.recall());
    SKLEARN.reproduce("precision_recall_curve, thresholds", curve.thresholds());
  }

  private static double[] ofClasses(IntToDoubleFunction score) {
    return new double[] {score.applyAsDouble(0), score.applyAsDouble(1), score.applyAsDouble(2)};
  }

  @Test
  @Proves(value = "beyond-precision-recall", by = "ConfusionMatrix#precision, ConfusionMatrix#recall")
  @Proves(value = "beyond-threshold-f1", by = "ConfusionMatrix#f1")
  @Proves(value = "beyond-macro-average", by = "ConfusionMatrix#macroF1")
  @Proves(value = "beyond-balanced-accuracy", by = "BalancedAccuracy#of, ConfusionMatrix#balancedAccuracy")
  void scoresOfPredictedClassesAreThePrintedOnes() {
    SKLEARN.reproduce("balanced_accuracy_score",
        BalancedAccuracy.of(2, new int[] {0, 1, 0, 0, 1, 0}, new int[] {0, 1, 0, 0, 0, 1}));
    List<String> labels = List.of("0", "1", "2");
    ConfusionMatrix m =
        ConfusionMatrix.of(labels, new int[] {0, 1, 2, 0, 1, 2}, new int[] {0, 2, 1, 0, 0, 1});
    SKLEARN.reproduce("precision_score of each class", ofClasses(m::precision));
    SKLEARN.reproduce("recall_score of each class", ofClasses(m::recall));
    SKLEARN.reproduce("f1_score of each class", ofClasses(m::f1));
    SKLEARN.reproduce("f1_score, macro average", m.macroF1());
    ConfusionMatrix report = ConfusionMatrix.of(labels, new int[] {0, 1, 2, 2, 2}, new int[] {0, 0, 2, 2, 1});
    SKLEARN.reproduce("classification_report, precision and recall of each class", report.precision(0),
        report.recall(0), report.precision(1), report.recall(1), report.precision(2), report.recall(2));
    SKLEARN.reproduce("classification_report, F1 of each class", ofClasses(report::f1));
    SKLEARN.reproduce("classification_report, macro average of F1", report.macroF1());
    SKLEARN.reproduce("classification_report, macro average of recall", report.balancedAccuracy());
  }

  @Test
  @Proves(value = "beyond-precision-recall", by = "MultilabelMetrics#precision, MultilabelMetrics#recall")
  @Proves(value = "beyond-threshold-f1", by = "MultilabelMetrics#f1")
  void scoresOfLabelsAreThePrintedOnes() {
    Dataset data = Dataset.multilabel(1, new double[3], 3, LABELS, List.of("0", "1", "2"));
    MultilabelMetrics m = MultilabelMetrics.ofPredictions(PREDICTED, data);
    SKLEARN.reproduce("multilabel precision_score", ofClasses(m::precision));
    SKLEARN.reproduce("multilabel recall_score", ofClasses(m::recall));
    SKLEARN.reproduce("multilabel f1_score", ofClasses(m::f1));
  }

  @Test
  @Proves(value = "003-mse", by = "Evaluation#rmse, Evaluation#ofOutputs")
  @Proves(value = "003-mae", by = "Evaluation#mae, Evaluation#ofOutputs")
  void errorsOfNumbersAreThePrintedOnes() {
    double[] y = {0.5, 1, -1, 1, 7, -6}, yhat = {0, 2, -1, 2, 8, -5}; // [3 × 2]
    Dataset two = Dataset.regression(1, new double[3], 2, y);
    Dataset one = Dataset.regression(1, new double[4], 1, new double[] {3, -0.5, 2, 7});
    Evaluation first = Evaluation.ofPredictions(new double[] {2.5, 0, 2, 8}, one);
    Evaluation all = Evaluation.ofPredictions(yhat, two);
    List<Evaluation> each = Evaluation.ofOutputs(yhat, two);
    SKLEARN.reproduce("mean_squared_error of one output, and of two", square(first.rmse()), square(all.rmse()));
    SKLEARN.reproduce("mean_squared_error of each output", square(each.get(0).rmse()), square(each.get(1).rmse()));
    SKLEARN.reproduce("mean_absolute_error of one output, of two, of each",
        first.mae(), all.mae(), each.get(0).mae(), each.get(1).mae());
  }

  private static double square(double x) {
    return x * x;
  }
}
