// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.Dataset;
import chainrule.data.Encoding.Target;
import chainrule.kernels.Kernels;
import chainrule.metrics.TrivialBaseline;
import chainrule.train.DivergedException;
import chainrule.train.Evaluation;
import chainrule.train.FoldResult;
import chainrule.train.FoldTask;
import chainrule.train.HeldOutMetrics;
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
 * @param epochs the epochs trained, and {@code kept} the one whose weights were kept
 * @param metrics on the held-out rows
 * @param baseline the same metrics of the prediction that ignores the inputs
 * @param targets the metrics of each of several numeric targets; empty otherwise
 */
record FoldOutcome(FoldTask task, int epochs, int kept, FoldResult metrics, FoldResult baseline,
    List<FoldResult> targets) {

  /**
   * Trains a network on the fold's training rows and measures it on the others.
   *
   * @param listener returns a listener to a training of this number of epochs
   * @return null if training was stopped
   */
  static FoldOutcome of(FoldTask task, UnsplitData data, Arguments a, Kernels kernels,
      IntFunction<TrainingListener> listener, BooleanSupplier stopped) {
    InputData rows = data.divide(RowParts.of(data.rows(), task.train(), task.held(), List.of(), a, task.seed()));
    TrainingPlan plan = TrainingPlan.of(a, rows, kernels, task.seed());
    Trainer trainer = plan.trainer(task.seed()).stopWhen(stopped).listener(listener.apply(plan.epochs()));
    History history;
    try {
      history = trainer.fit(plan.train(), plan.epochs());
    } catch (DivergedException e) {
      throw new UsageException("repeat " + task.repeat() + ", fold " + task.fold() + ": " + e.getMessage());
    }
    if (history.end() == History.End.INTERRUPTED) return null;
    Dataset held = plan.test();
    Target target = rows.encoding().target();
    double unit = target.deviation();
    double[] yhat = plan.network().predict(held.x());
    Map<String, Double> metrics = new LinkedHashMap<>(HeldOutMetrics.of(yhat, held, unit));
    metrics.put("loss", trainer.evaluate(held).loss());
    double[] trivial = TrivialBaseline.of(plan.train()).predictions(held.rows());
    return new FoldOutcome(task, history.epochs().size(), history.kept(), result(task, metrics),
        result(task, HeldOutMetrics.of(trivial, held, unit)), targets(task, yhat, held, target));
  }

  private static FoldResult result(FoldTask task, Map<String, Double> metrics) {
    return new FoldResult(task.repeat(), task.fold(), metrics);
  }

  private static List<FoldResult> targets(FoldTask task, double[] yhat, Dataset held, Target target) {
    if (held.isClassification() || held.isMultilabel() || held.outputs() == 1) return List.of();
    List<FoldResult> targets = new ArrayList<>();
    List<Evaluation> outputs = Evaluation.ofOutputs(yhat, held);
    for (int j = 0; j < outputs.size(); j++) {
      Map<String, Double> metrics = new LinkedHashMap<>();
      metrics.put("r2", outputs.get(j).r2());
      metrics.put("rmse", outputs.get(j).rmse() * target.deviation(j));
      metrics.put("mae", outputs.get(j).mae() * target.deviation(j));
      targets.add(result(task, metrics));
    }
    return targets;
  }
}
