// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.DataException;
import chainrule.data.Dataset;
import chainrule.data.Target;
import chainrule.io.Predictions;
import chainrule.kernels.Kernels;
import chainrule.metrics.TrivialBaseline;
import chainrule.nn.loss.Loss;
import chainrule.train.CrossValidation;
import chainrule.train.DivergedException;
import chainrule.train.Evaluation;
import chainrule.train.FoldMetrics;
import chainrule.train.FoldResult;
import chainrule.train.FoldTask;
import chainrule.train.History;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The result of one fold of a cross-validation, as plain data that another machine can send.
 *
 * @param trainRows the number of training rows
 * @param epochs the number of epochs trained, for each network
 * @param kept the epoch whose weights were kept, for each network
 * @param metrics on the held-out rows
 * @param baseline the same metrics of the prediction that ignores the inputs
 * @param targets the metrics of each of several numeric targets; empty otherwise
 */
record FoldOutcome(FoldTask task, int trainRows, List<Integer> epochs, List<Integer> kept, FoldResult metrics,
    FoldResult baseline, List<FoldResult> targets) implements Serializable {

  /**
   * Trains a model on the fold's training rows and measures it on the others.
   *
   * @param folds the number of folds
   * @param kernels with the number of threads for the networks of an ensemble
   */
  static FoldOutcome of(
      FoldTask task, int folds, UnsplitData data, Arguments a, Kernels kernels, TaskProgress progress) {
    InputData rows = divide(task, folds, data, a);
    TrainingPlan plan = TrainingPlan.of(a, rows, kernels.withThreads(1), task.seed());
    FoldTraining training;
    try {
      training = FoldTraining.of(a, rows, plan, kernels, task.seed(), progress);
    } catch (DivergedException | UsageException e) {
      throw new UsageException(place(task) + e.getMessage());
    }
    Dataset held = plan.test();
    Target target = rows.encoding().target();
    Predictions p = training.model().predictEncoded(held.x());
    double threshold = training.model().calibration().threshold();
    Map<String, Double> metrics = metrics(plan.loss(), p.yhat(), held, target, threshold);
    metrics.put("loss", training.model().evaluate(plan.loss(), held).loss()); // from logits where possible, as in train
    if (a.has(Option.THRESHOLD)) metrics.put("threshold", threshold);
    Optional<PredictionIntervals> intervals =
        PredictionIntervals.of(a, place(task) + "validation", training.model());
    if (held.isClassification() || held.outputs() == 1) intervals.ifPresent(v -> v.judge(p, held, 0, metrics));
    double[] trivial = TrivialBaseline.of(plan.train()).predictions(held.rows());
    int kept = training.kept();
    return new FoldOutcome(task, plan.train().rows(),
        training.histories().stream().map(h -> h.epochs().size()).toList(),
        training.histories().stream().map(History::kept).toList(),
        new FoldResult(task, held.rows(), kept, metrics),
        new FoldResult(task, held.rows(), kept, metrics(plan.loss(), trivial, held, target, Double.NaN)),
        targets(task, kept, p, intervals, held));
  }

  private static String place(FoldTask task) {
    return "repeat " + (task.repeat() + 1) + ", fold " + (task.fold() + 1) + ": ";
  }

  /** Divides the rows as the task says; with {@code --patience} also its training rows. */
  static InputData divide(FoldTask task, int folds, UnsplitData data, Arguments a) {
    TargetRows rows = data.rows();
    int[][] parts = CrossValidation.rows(rows.rows(), rows.classes(), folds, task);
    try {
      return data.divide(RowParts.of(rows, parts[0], parts[1], List.of(), a, task.seed()));
    } catch (DataException | UsageException e) {
      throw new UsageException(place(task) + e.getMessage());
    }
  }

  /** Returns the metrics in the unit of the target; several targets have no unit in common. */
  private static Map<String, Double> metrics(
      Loss loss, double[] yhat, Dataset held, Target target, double threshold) {
    Map<String, Double> metrics = new LinkedHashMap<>(FoldMetrics.of(loss, yhat, held, threshold));
    for (String name : List.of("rmse", "mae")) {
      if (held.outputs() > 1) metrics.remove(name);
      else metrics.computeIfPresent(name, (n, v) -> v * target.deviation());
    }
    return metrics;
  }

  private static List<FoldResult> targets(
      FoldTask task, int kept, Predictions p, Optional<PredictionIntervals> intervals, Dataset held) {
    if (held.isClassification() || held.isMultilabel() || held.outputs() == 1) return List.of();
    List<FoldResult> targets = new ArrayList<>();
    List<Evaluation> outputs = Evaluation.ofOutputs(p.yhat(), held);
    for (int j = 0; j < outputs.size(); j++) {
      Map<String, Double> metrics = new LinkedHashMap<>();
      metrics.put("r2", outputs.get(j).r2());
      metrics.put("rmse", outputs.get(j).rmse() * p.target().deviation(j));
      metrics.put("mae", outputs.get(j).mae() * p.target().deviation(j));
      if (intervals.isPresent()) intervals.get().judge(p, held, j, metrics);
      targets.add(new FoldResult(task, held.rows(), kept, metrics));
    }
    return targets;
  }
}
