// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.DataException;
import chainrule.data.Dataset;
import chainrule.data.Encoding.Target;
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
import chainrule.train.Trainer;
import chainrule.train.TrainingListener;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;

/**
 * The result of one fold of a cross-validation.
 *
 * @param trainRows the number of training rows
 * @param epochs the epochs trained
 * @param metrics on the held-out rows
 * @param baseline the same metrics of the prediction that ignores the inputs
 * @param targets the metrics of each of several numeric targets; empty otherwise
 */
record FoldOutcome(FoldTask task, int trainRows, int epochs, FoldResult metrics, FoldResult baseline,
    List<FoldResult> targets) {

  /**
   * Trains a network on the fold's training rows and measures it on the others.
   *
   * @param folds the number of folds
   * @param listener returns a listener to a training of this number of epochs
   * @return null if training was stopped
   */
  static FoldOutcome of(FoldTask task, int folds, UnsplitData data, Arguments a, Kernels kernels,
      IntFunction<TrainingListener> listener, BooleanSupplier stopped) {
    InputData rows = divide(task, folds, data, a);
    TrainingPlan plan = TrainingPlan.of(a, rows, kernels, task.seed());
    Trainer trainer = plan.trainer(task.seed()).stopWhen(stopped).listener(listener.apply(plan.epochs()));
    History history;
    try {
      history = trainer.fit(plan.train(), plan.epochs());
    } catch (DivergedException e) {
      throw new UsageException(place(task) + e.getMessage());
    }
    if (history.end() == History.End.INTERRUPTED) return null;
    Dataset held = plan.test();
    Target target = rows.encoding().target();
    double[] yhat = plan.network().predict(held.x());
    Map<String, Double> metrics = metrics(plan.loss(), yhat, held, target);
    metrics.put("loss", trainer.evaluate(held).loss()); // from logits where possible, as in train
    double[] trivial = TrivialBaseline.of(plan.train()).predictions(held.rows());
    int kept = history.kept();
    return new FoldOutcome(task, plan.train().rows(), history.epochs().size(),
        new FoldResult(task, held.rows(), kept, metrics),
        new FoldResult(task, held.rows(), kept, metrics(plan.loss(), trivial, held, target)),
        targets(task, kept, yhat, held, target));
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
  private static Map<String, Double> metrics(Loss loss, double[] yhat, Dataset held, Target target) {
    Map<String, Double> metrics = new LinkedHashMap<>(FoldMetrics.of(loss, yhat, held));
    for (String name : List.of("rmse", "mae")) {
      if (held.outputs() > 1) metrics.remove(name);
      else metrics.computeIfPresent(name, (n, v) -> v * target.deviation());
    }
    return metrics;
  }

  private static List<FoldResult> targets(FoldTask task, int kept, double[] yhat, Dataset held, Target target) {
    if (held.isClassification() || held.isMultilabel() || held.outputs() == 1) return List.of();
    List<FoldResult> targets = new ArrayList<>();
    List<Evaluation> outputs = Evaluation.ofOutputs(yhat, held);
    for (int j = 0; j < outputs.size(); j++) {
      Map<String, Double> metrics = new LinkedHashMap<>();
      metrics.put("r2", outputs.get(j).r2());
      metrics.put("rmse", outputs.get(j).rmse() * target.deviation(j));
      metrics.put("mae", outputs.get(j).mae() * target.deviation(j));
      targets.add(new FoldResult(task, held.rows(), kept, metrics));
    }
    return targets;
  }
}
