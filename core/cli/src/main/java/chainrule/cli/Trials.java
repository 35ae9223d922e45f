// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.kernels.Kernels;
import chainrule.train.Candidate;
import chainrule.train.DivergedException;
import chainrule.train.Evaluation;
import chainrule.train.FoldTask;
import chainrule.train.History;
import chainrule.train.Trainer;
import chainrule.train.TrainingListener;
import chainrule.train.TrialResult;
import chainrule.train.TrialTask;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;

/** The trainings of a search: a candidate as arguments of train, and its training on a fold. */
final class Trials {
  /** The options that a search chooses, unless they are given. */
  static final Set<Option> SEARCHED = Set.of(Option.LAYERS, Option.RATE, Option.L2, Option.BATCH);
  static final String ACTIVATION = "relu";

  private final Arguments a; // without --ensemble: the search compares single networks
  private final UnsplitData data;
  private final int folds;
  private final Kernels single;
  private final Map<Integer, InputData> encoded = new ConcurrentHashMap<>();

  /**
   * @param given the arguments of tune
   * @param folds the number of folds
   * @param single kernels with one thread
   */
  Trials(Arguments given, UnsplitData data, int folds, Kernels single) {
    this.a = given.without(Option.ENSEMBLE);
    this.data = data;
    this.folds = folds;
    this.single = single;
  }

  /** Returns the arguments of train for a candidate. Those of the first are the given ones. */
  Arguments arguments(Candidate c, int maxEpochs) {
    Map<Option, String> values = searched(c);
    values.put(Option.EPOCHS, Integer.toString(maxEpochs));
    return a.with(values);
  }

  /** Returns the options that the search has chosen for a candidate; none for the first. */
  Map<Option, String> searched(Candidate c) {
    Map<Option, String> values = new EnumMap<>(Option.class);
    if (c.number() > 1) {
      values.put(Option.LAYERS, c.layers(ACTIVATION));
      values.put(Option.RATE, Double.toString(c.rate()));
      values.put(Option.L2, Double.toString(c.l2()));
      values.put(Option.BATCH, Integer.toString(c.batch()));
      values.keySet().removeIf(o -> SEARCHED.contains(o) && a.has(o));
    }
    return values;
  }

  /**
   * Trains a candidate on a fold.
   *
   * @param listener returns a listener to a training of this number of epochs
   * @return the result, with a loss of NaN if training diverged; null if it was stopped
   */
  TrialResult train(TrialTask task, IntFunction<TrainingListener> listener, BooleanSupplier stopped) {
    FoldTask fold = task.fold();
    InputData rows = encoded.computeIfAbsent(fold.fold(), f -> FoldOutcome.divide(fold, folds, data, a));
    TrainingPlan plan = TrainingPlan.of(arguments(task.candidate(), task.epochs()), rows, single, fold.seed());
    Trainer trainer = plan.trainer(fold.seed()).stopWhen(stopped).listener(listener.apply(plan.epochs()));
    double loss = Double.NaN, score = Double.NaN;
    try {
      if (trainer.fit(plan.train(), plan.epochs()).end() == History.End.INTERRUPTED) return null;
      Evaluation e = trainer.evaluate(plan.test());
      loss = e.loss();
      score = Double.isNaN(e.accuracy()) ? e.r2() : e.accuracy();
    } catch (DivergedException e) {
      // ranks last
    }
    return TrialResult.of(task, loss, score);
  }
}
