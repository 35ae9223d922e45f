// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.kernels.Kernels;
import chainrule.nn.Dense;
import chainrule.nn.Dropout;
import chainrule.nn.Layer;
import chainrule.train.Candidate;
import chainrule.train.CrossValidation;
import chainrule.train.DivergedException;
import chainrule.train.Evaluation;
import chainrule.train.FoldTask;
import chainrule.train.History;
import chainrule.train.SearchSpace;
import chainrule.train.SuccessiveHalving;
import chainrule.train.Trainer;
import chainrule.train.TrainingListener;
import chainrule.train.TrialResult;
import chainrule.train.TrialTask;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;

/** A search over the settings of train: its candidates as arguments, and the training of one of them on a fold. */
final class Tuning {
  private static final Set<Option> SEARCHED = Set.of(Option.LAYERS, Option.RATE, Option.L2, Option.BATCH);
  private static final String ACTIVATION = "relu";
  private static final int DEFAULT_FOLDS = 3;

  private final Arguments a; // without --ensemble: the search compares single networks
  private final Arguments given;
  private final UnsplitData data;
  private final Kernels single;
  private final int epochs;
  private final SuccessiveHalving search;
  private final int folds;
  private final Map<Integer, InputData> encoded = new ConcurrentHashMap<>();

  /**
   * @param given the arguments, also those of the model to train at the end
   * @param plan the default settings of a single network on all rows
   */
  Tuning(Arguments given, UnsplitData data, TrainingPlan plan, Kernels single, int trials, long seed) {
    if (given.options().containsAll(SEARCHED)) {
      throw new UsageException(
          "--layers, --rate, --l2 and --batch are all given, so nothing is left to search; remove one");
    }
    this.a = given.without(Option.ENSEMBLE);
    this.given = given;
    this.data = data;
    this.single = single;
    this.epochs = plan.epochs();
    Candidate first = defaults(plan);
    List<Candidate> candidates = new ArrayList<>();
    for (Candidate c : new SearchSpace(first.rate()).candidates(first, trials, seed)) candidates.add(fixed(c, first));
    this.folds = CvCommand.folds(data.rows(), a, DEFAULT_FOLDS);
    this.search = SuccessiveHalving.of(candidates, new CrossValidation(folds, 1, seed), epochs);
  }

  int folds() {
    return folds;
  }

  SuccessiveHalving search() {
    return search;
  }

  /** Returns the options that are not searched because they are given, for the checkpoint. */
  String fixedOptions() {
    Set<String> fixed = new TreeSet<>();
    for (Option o : SEARCHED) if (a.has(o)) fixed.add(o.flag);
    return fixed.isEmpty() ? "none" : String.join(" ", fixed);
  }

  /** Returns the settings that train has without searched options, as a candidate to show. */
  private static Candidate defaults(TrainingPlan plan) {
    List<Integer> widths = new ArrayList<>();
    double dropout = 0;
    for (Layer layer : plan.network().layers()) {
      if (layer instanceof Dense d) widths.add(d.outputs());
      if (layer instanceof Dropout d) dropout = d.rate();
    }
    return new Candidate(1, widths.subList(0, widths.size() - 1), dropout, plan.optimizer().rate(),
        plan.regularization().l2(), plan.batch());
  }

  private Candidate fixed(Candidate c, Candidate first) {
    boolean layers = a.has(Option.LAYERS);
    return new Candidate(c.number(), layers ? first.widths() : c.widths(), layers ? first.dropout() : c.dropout(),
        a.has(Option.RATE) ? first.rate() : c.rate(), a.has(Option.L2) ? first.l2() : c.l2(),
        a.has(Option.BATCH) ? first.batch() : c.batch());
  }

  /** Returns the arguments of train for a candidate. Those of the first are the given ones. */
  private Arguments arguments(Candidate c, int maxEpochs) {
    Map<Option, String> values = searched(c);
    values.put(Option.EPOCHS, Integer.toString(maxEpochs));
    return a.with(values);
  }

  private Map<Option, String> searched(Candidate c) {
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
   * Returns the arguments of train for a candidate with all epochs. An ensemble, whose networks stop early, has its own
   * default number of epochs.
   */
  Arguments arguments(Candidate c) {
    return given.has(Option.ENSEMBLE) ? given.with(searched(c)) : arguments(c, epochs);
  }

  /** Returns the hidden layers of a candidate, to show them. */
  String layers(Candidate c) {
    return arguments(c).value(Option.LAYERS).orElse(c.layers(ACTIVATION));
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
