// SPDX-License-Identifier: MIT
package chainrule.metrics;

import java.util.ArrayList;
import java.util.List;

/**
 * The metrics of probabilities of classes. For two classes, rocAuc and averagePrecision are those of class 1. For more,
 * they are the means of each class against the others over the classes that have rows and are not all rows
 * (one-versus-rest, macro average). {@link RocCurve} and {@link PrecisionRecallCurve} define what is NaN.
 *
 * @param logLoss see {@link LogLoss}
 * @param brier see {@link BrierScore}
 * @param rocAuc the area under the ROC curve
 * @param averagePrecision the area under the precision-recall curve, as a step function
 * @param calibrationError the expected calibration error in 10 bins, see {@link ReliabilityCurve}
 * @param rocAucs [classes] of each class against the others
 * @param averagePrecisions [classes] of each class against the others
 */
public record ProbabilityMetrics(double logLoss, double brier, double rocAuc, double averagePrecision,
    double calibrationError, double[] rocAucs, double[] averagePrecisions) {

  /**
   * {@return the metrics of the outputs of a network, in O(classes · n log n) time}
   * Formula: beyond-macro-average. Spec: RankingSpec#severalClassesHaveTheMeanOfEachClassAgainstTheOthers.
   *
   * @param outputs the number of outputs, ≥ 1
   * @param yhat probabilities [rows × outputs], see {@link ClassOutputs}
   * @param classes the true class of each row
   */
  public static ProbabilityMetrics of(int outputs, double[] yhat, int[] classes) {
    ClassOutputs.requireFit(outputs, yhat, classes);
    int k = ClassOutputs.classes(outputs), counted = 0;
    double[] areas = new double[k], averages = new double[k];
    double areaSum = 0, averageSum = 0;
    for (int c = 0; c < k; c++) {
      ThresholdCounts counts =
          ThresholdCounts.of(ClassOutputs.scores(outputs, yhat, c), ClassOutputs.isClass(classes, c));
      areas[c] = RocCurve.area(counts);
      averages[c] = PrecisionRecallCurve.of(counts).averagePrecision();
      if (counts.positives() == 0 || counts.negatives() == 0) continue;
      areaSum += areas[c];
      averageSum += averages[c];
      counted++;
    }
    return new ProbabilityMetrics(LogLoss.of(outputs, yhat, classes), BrierScore.of(outputs, yhat, classes),
        k == 2 ? areas[1] : areaSum / counted, k == 2 ? averages[1] : averageSum / counted,
        ReliabilityCurve.ofClasses(outputs, yhat, classes, ReliabilityCurve.BINS).expectedError(), areas, averages);
  }

  /**
   * {@return the metrics of each label of a multilabel problem, as of two classes}
   *
   * @param labels the number of labels, ≥ 1
   * @param yhat probabilities [rows × labels]
   * @param y 0 or 1 [rows × labels]
   */
  public static List<ProbabilityMetrics> ofLabels(int labels, double[] yhat, double[] y) {
    if (yhat.length != y.length || labels < 1 || y.length % labels != 0) {
      throw new IllegalArgumentException(
          "expected outputs and targets of " + labels + " labels, found " + yhat.length + " and " + y.length);
    }
    int n = y.length / labels;
    List<ProbabilityMetrics> all = new ArrayList<>();
    for (int j = 0; j < labels; j++) {
      double[] p = new double[n];
      int[] has = new int[n];
      for (int i = 0; i < n; i++) {
        p[i] = yhat[i * labels + j];
        has[i] = y[i * labels + j] == 1 ? 1 : 0;
      }
      all.add(of(1, p, has));
    }
    return List.copyOf(all);
  }

  /** Returns the metrics of all classes together, for a log line. */
  @Override public String toString() {
    return "log loss " + logLoss + ", Brier score " + brier + ", ROC AUC " + rocAuc + ", average precision "
        + averagePrecision + ", calibration error " + calibrationError;
  }
}
