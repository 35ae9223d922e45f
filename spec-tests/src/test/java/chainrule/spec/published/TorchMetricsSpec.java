// SPDX-License-Identifier: MIT
package chainrule.spec.published;

import chainrule.metrics.PrecisionRecallCurve;
import chainrule.metrics.ProbabilityMetrics;
import chainrule.metrics.ReliabilityCurve;
import chainrule.metrics.RocCurve;
import chainrule.spec.ledger.Proves;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

/** The numbers in the docstrings of TorchMetrics. */
class TorchMetricsSpec {
  private static final PublishedSource TORCH_METRICS = PublishedSource.load("torchmetrics");
  private static final double[] BINARY = {0, 0.5, 0.7, 0.8};
  private static final int[] BINARY_CLASSES = {0, 1, 1, 0};
  private static final double[] FIVE = { // [4 × 5]
    0.75, 0.05, 0.05, 0.05, 0.05, 0.05, 0.75, 0.05, 0.05, 0.05,
    0.05, 0.05, 0.75, 0.05, 0.05, 0.05, 0.05, 0.05, 0.75, 0.05};
  private static final int[] FIVE_CLASSES = {0, 1, 3, 2};
  private static final double[] LABELS = {0.75, 0.05, 0.35, 0.45, 0.75, 0.05, 0.05, 0.55, 0.75, 0.05, 0.65, 0.05};
  private static final double[] LABELS_Y = {1, 0, 1, 0, 0, 0, 0, 1, 1, 1, 1, 1}; // [4 × 3]

  private interface Score {
    double of(double[] scores, boolean[] positive);
  }

  /** Returns the score of one column against its class or label. */
  private static double column(Score score, int cols, double[] p, int c, IntPredicate positive) {
    double[] scores = new double[p.length / cols];
    boolean[] is = new boolean[scores.length];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = p[i * cols + c];
      is[i] = positive.test(i);
    }
    return score.of(scores, is);
  }

  private static double[] binary(Score score, double[] more, int... moreClasses) {
    return new double[] {
      column(score, 1, BINARY, 0, i -> BINARY_CLASSES[i] == 1), column(score, 1, more, 0, i -> moreClasses[i] == 1)};
  }

  private static double[] classes(Score score) {
    double[] each = new double[4];
    for (int c = 0; c < 4; c++) {
      int k = c;
      each[c] = column(score, 5, FIVE, c, i -> FIVE_CLASSES[i] == k);
    }
    return each;
  }

  private static double[] labels(Score score) {
    double[] each = new double[3];
    for (int c = 0; c < 3; c++) {
      int k = c;
      each[c] = column(score, 3, LABELS, c, i -> LABELS_Y[i * 3 + k] == 1);
    }
    return each;
  }

  @Test
  @Proves(value = "beyond-roc-auc", by = "RocCurve#area")
  @Proves(value = "beyond-average-precision", by = "PrecisionRecallCurve#average")
  void areasAndAveragePrecisionsAreThePrintedOnes() {
    TORCH_METRICS.reproduce("binary AUROC, two examples",
        binary(RocCurve::area, new double[] {0.13, 0.26, 0.08, 0.19, 0.34}, 0, 0, 1, 1, 1));
    TORCH_METRICS.reproduce("multiclass AUROC of four classes", classes(RocCurve::area));
    TORCH_METRICS.reproduce("multilabel AUROC", labels(RocCurve::area));
    TORCH_METRICS.reproduce("binary average precision, two examples",
        binary(PrecisionRecallCurve::average, new double[] {0, 1, 2, 3}, 0, 1, 1, 1));
    TORCH_METRICS.reproduce("multiclass average precision of four classes", classes(PrecisionRecallCurve::average));
    TORCH_METRICS.reproduce("multilabel average precision", labels(PrecisionRecallCurve::average));
  }

  @Test
  @Proves(value = "beyond-macro-average", by = "ProbabilityMetrics#of, ProbabilityMetrics#ofLabels")
  void macroAveragesAreThePrintedOnes() {
    double auc = 0, precision = 0;
    for (ProbabilityMetrics m : ProbabilityMetrics.ofLabels(3, LABELS, LABELS_Y)) {
      auc += m.rocAuc() / 3;
      precision += m.averagePrecision() / 3;
    }
    double[] p = {0.90, 0.05, 0.05, 0.05, 0.90, 0.05, 0.05, 0.05, 0.90, 0.85, 0.05, 0.10, 0.10, 0.10, 0.80};
    TORCH_METRICS.reproduce("AUROC of three labels, and of three classes",
        auc, ProbabilityMetrics.of(3, p, new int[] {0, 1, 1, 2, 2}).rocAuc());
    TORCH_METRICS.reproduce("average precision of five classes, and of three labels",
        ProbabilityMetrics.of(5, FIVE, FIVE_CLASSES).averagePrecision(), precision);
  }

  @Test
  @Proves(value = "beyond-calibration-error", by = "ReliabilityCurve#of, ReliabilityCurve#ofClasses")
  void calibrationErrorsAreThePrintedOnes() {
    double[] p = {0.25, 0.25, 0.55, 0.75, 0.75};
    double[] three = {0.25, 0.20, 0.55, 0.55, 0.05, 0.40, 0.10, 0.30, 0.60, 0.90, 0.05, 0.05};
    TORCH_METRICS.reproduce("calibration error, binary and of three classes",
        ReliabilityCurve.of(p, new boolean[] {false, false, true, true, true}, 2).expectedError(),
        ReliabilityCurve.ofClasses(3, three, new int[] {0, 1, 2, 0}, 3).expectedError());
  }
}
