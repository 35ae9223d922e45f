// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.Dataset;
import chainrule.format.Formatting;
import chainrule.metrics.ClassOutputs;
import chainrule.metrics.LogLoss;
import chainrule.nn.loss.Loss;
import chainrule.train.ConfusionMatrix;
import chainrule.train.Ensemble;
import chainrule.train.EnsembleSnapshot;
import chainrule.train.Evaluation;
import chainrule.train.History;
import chainrule.train.MultilabelMetrics;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The results of an ensemble that a single network does not have: the out-of-fold estimate and the kept epochs.
 *
 * @param unit the unit of the target, by which errors are multiplied; NaN for several targets
 */
record EnsembleResults(Ensemble ensemble, Evaluation outOfFold, Dataset train, double unit) {

  static EnsembleResults of(Ensemble ensemble, Loss loss, Dataset train, double unit) {
    return new EnsembleResults(ensemble, ensemble.outOfFold().evaluate(loss, train), train, unit);
  }

  /** Returns the kept epochs, such as {@code 12, 40, 33}. */
  String keptEpochs() {
    return ensemble.members().stream().filter(Ensemble.Member::isTrained)
        .map(m -> Integer.toString(m.history().kept())).collect(Collectors.joining(", "));
  }

  /** Describes how far training had come, as {@link CheckpointFile#position(EnsembleSnapshot)} does. */
  String position() {
    int epochs = ensemble.members().stream().mapToInt(m -> m.history().epochs().size()).sum();
    return Formatting.count(epochs, "epoch", "epochs") + " of " + ensemble.members().size() + " networks";
  }

  /** Returns the out-of-fold estimate for the terminal. */
  String estimate() {
    int n = ensemble.outOfFold().rows().length;
    String rows = "out-of-fold "; // each row by the network that did not train on it
    if (train.isClassification()) {
      double logLoss = logLoss();
      return rows + String.format(Locale.ROOT, "accuracy %.4f (%,d of %,d correct)", outOfFold.accuracy(),
          Math.round(outOfFold.accuracy() * n), n)
          + (Double.isNaN(logLoss) ? "" : ", log loss " + MetricFormat.loss(logLoss));
    }
    if (train.isMultilabel()) return rows + MetricFormat.labels(labels());
    String r2 = rows + MetricFormat.r2(outOfFold.r2(), outOfFold.rmse());
    return Double.isNaN(unit) ? r2 : r2 + ", root mean squared error " + MetricFormat.digits(outOfFold.rmse() * unit)
        + ", mean absolute error " + MetricFormat.digits(outOfFold.mae() * unit);
  }

  /** Returns the sentence about the networks. */
  String kept() {
    List<Ensemble.Member> trained = ensemble.members().stream().filter(Ensemble.Member::isTrained).toList();
    long early = trained.stream().filter(m -> m.history().end() == History.End.STOPPED_EARLY).count();
    return "averaged " + Formatting.count(trained.size(), "network", "networks")
        + (trained.size() < ensemble.members().size() ? " of " + ensemble.members().size() : "")
        + (early == 0 ? "" : ", of which " + early + " stopped early") + "; kept epochs " + keptEpochs();
  }

  void put(Map<String, Object> json) {
    json.put("members", ensemble.members().size());
    json.put("member_epochs", ensemble.members().stream().map(m -> m.history().epochs().size()).toList());
    json.put("member_kept_epochs", ensemble.members().stream().map(m -> m.history().kept()).toList());
    json.put("out_of_fold_rows", ensemble.outOfFold().rows().length);
    json.put("out_of_fold_loss", outOfFold.loss());
    if (train.isClassification()) {
      json.put("out_of_fold_accuracy", outOfFold.accuracy());
      json.put("out_of_fold_macro_f1", ConfusionMatrix.ofPredictions(yhat(), rows()).macroF1());
      json.put("out_of_fold_log_loss", logLoss());
    } else if (train.isMultilabel()) {
      MultilabelMetrics m = labels();
      json.put("out_of_fold_accuracy", m.exactMatch());
      json.put("out_of_fold_exact_match", m.exactMatch());
      json.put("out_of_fold_mean_accuracy", m.meanAccuracy());
      json.put("out_of_fold_macro_f1", m.macroF1());
    } else {
      json.put("out_of_fold_rmse", outOfFold.rmse() * unit);
      json.put("out_of_fold_mae", outOfFold.mae() * unit);
      json.put("out_of_fold_r2", outOfFold.r2());
    }
  }

  private double[] yhat() {
    return ensemble.outOfFold().yhat();
  }

  private Dataset rows() {
    return ensemble.outOfFold().select(train);
  }

  private MultilabelMetrics labels() {
    return MultilabelMetrics.ofPredictions(yhat(), rows());
  }

  /** Returns NaN if the outputs are not probabilities. */
  private double logLoss() {
    return !ClassOutputs.areProbabilities(train.outputs(), yhat()) ? Double.NaN
        : LogLoss.of(train.outputs(), yhat(), rows().classes());
  }
}
