// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.kernels.Kernels;
import chainrule.nn.Dense;
import chainrule.nn.Dropout;
import chainrule.nn.Layer;
import chainrule.train.Candidate;
import chainrule.train.CrossValidation;
import chainrule.train.SearchSpace;
import chainrule.train.SuccessiveHalving;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** A search over the settings of train: its candidates, and which of them to train for how long. */
final class Tuning {
  private static final int DEFAULT_FOLDS = 3;

  private final Arguments a; // without --ensemble: the search compares single networks
  private final Arguments given;
  private final int epochs;
  private final SuccessiveHalving search;
  private final int folds;
  private final Trials trials;

  /**
   * @param given the arguments, also those of the model to train at the end
   * @param plan the default settings of a single network on all rows
   */
  Tuning(Arguments given, UnsplitData data, TrainingPlan plan, Kernels single, int trials, long seed) {
    if (given.options().containsAll(Trials.SEARCHED)) {
      throw new UsageException(
          "--layers, --rate, --l2 and --batch are all given, so nothing is left to search; remove one");
    }
    this.a = given.without(Option.ENSEMBLE);
    this.given = given;
    this.epochs = plan.epochs();
    Candidate first = defaults(plan);
    List<Candidate> candidates = new ArrayList<>();
    for (Candidate c : new SearchSpace(first.rate()).candidates(first, trials, seed)) candidates.add(fixed(c, first));
    this.folds = CvCommand.folds(data.rows(), a, DEFAULT_FOLDS);
    this.trials = new Trials(given, data, folds, single);
    this.search = SuccessiveHalving.of(candidates, new CrossValidation(folds, 1, seed), epochs);
  }

  int folds() {
    return folds;
  }

  Trials trials() {
    return trials;
  }

  SuccessiveHalving search() {
    return search;
  }

  /** Returns the options that are not searched because they are given, for the checkpoint. */
  String fixedOptions() {
    Set<String> fixed = new TreeSet<>();
    for (Option o : Trials.SEARCHED) if (a.has(o)) fixed.add(o.flag);
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

  /**
   * Returns the arguments of train for a candidate with all epochs. An ensemble, whose networks stop early, has its own
   * default number of epochs.
   */
  Arguments arguments(Candidate c) {
    return given.has(Option.ENSEMBLE) ? given.with(trials.searched(c)) : trials.arguments(c, epochs);
  }

  /** Returns the hidden layers of a candidate, to show them. */
  String layers(Candidate c) {
    return arguments(c).value(Option.LAYERS).orElse(c.layers(Trials.ACTIVATION));
  }
}
