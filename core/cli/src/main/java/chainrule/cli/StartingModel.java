// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.Encoding.Task;
import chainrule.data.Table;
import chainrule.data.Target;
import chainrule.format.Formatting;
import chainrule.io.Model;
import chainrule.kernels.Kernels;
import chainrule.nn.Network;
import chainrule.random.CounterRandom;
import chainrule.train.Evaluation;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The model whose training {@code --from} continues. Its networks are the ones that training changes.
 *
 * @param name the file
 * @param fingerprint a hash of the weights that training starts from
 * @param result the metrics of these weights on the test rows; null if there are none
 */
record StartingModel(String name, Model model, String fingerprint, Evaluation result) {
  /** The drop of accuracy or R² that is worth a warning. */
  private static final double LEAST_DROP = 0.005;

  /** Returns the model that {@code --from} names. */
  static Optional<StartingModel> of(Arguments a, Kernels kernels) {
    return a.value(Option.FROM).map(name -> {
      Model model = ModelData.usableModel(name, kernels);
      if (model.isEnsemble()) model = ModelData.usableModel(name, kernels.withThreads(1)); // trained side by side
      return new StartingModel(name, model, fingerprint(model), null);
    });
  }

  private static String fingerprint(Model model) {
    long hash = 0;
    for (Network network : model.networks()) {
      for (double v : network.parameters()) hash = CounterRandom.bits(hash, 0, Double.doubleToRawLongBits(v));
    }
    return String.format(Locale.ROOT, "%016x", hash);
  }

  /** Returns the same with the metrics of the model on the test rows of a plan, before training changes it. */
  StartingModel judged(TrainingPlan plan) {
    return new StartingModel(name, model, fingerprint,
        plan.test().rows() == 0 ? null : model.evaluate(plan.loss(), plan.test()));
  }

  /**
   * Refuses options that would change what the model fixes.
   *
   * @return the arguments with {@code --ensemble} if the model is one
   */
  Arguments check(Arguments a) {
    refuse(a, Option.LAYERS, "its layers are " + model.architecture());
    refuse(a, Option.DROP, "its columns are fixed, and others are ignored");
    refuse(a, Option.BINS, "its columns become inputs as in its training");
    Task task = target().task();
    String own = task == Task.CLASSIFY ? "classify" : task == Task.REGRESS ? "regress" : "multilabel";
    if (TableColumns.task(a).filter(t -> t != task).isPresent()) refuse(a, Option.TASK, "its task is " + own);
    return checkMembers(a);
  }

  private void refuse(Arguments a, Option option, String because) {
    if (!a.has(option)) return;
    throw new UsageException(option.flag + " does not apply to --from " + name + ": " + because + "; remove "
        + option.flag + ", or train a new model without --from");
  }

  private Arguments checkMembers(Arguments a) {
    int members = model.networks().size();
    if (members > EnsembleOptions.MOST) {
      throw new UsageException("--from: " + name + " has " + members + " networks; train takes at most "
          + EnsembleOptions.MOST);
    }
    if (a.has(Option.ENSEMBLE) && EnsembleOptions.members(a) != members) {
      refuse(a, Option.ENSEMBLE, "it has " + Formatting.count(members, "network", "networks"));
    }
    return members == 1 ? a : a.with(Map.of(Option.ENSEMBLE, Integer.toString(members)));
  }

  /** Refuses {@code --target} columns that are not the targets of the model. */
  void requireTargets(Table table, Arguments a) {
    if (!a.has(Option.TARGET)) return;
    List<String> given = ColumnNames.split(a.value(Option.TARGET).get(), n -> table.indexOf(n) >= 0).stream()
        .map(n -> table.names().get(table.columnIndex(n))).toList();
    if (new HashSet<>(given).equals(new HashSet<>(target().names()))) return;
    refuse(a, Option.TARGET, "its target is " + TableColumns.named(target().names()));
  }

  private Target target() {
    return model.encoding().target();
  }

  /** Describes the training that the model comes from, such as {@code penguins.csv: 266 rows to train, …}. */
  String trainedOn() {
    return model.training().getOrDefault("data", "unknown data");
  }

  /** Prints what training continues from, and what its results assume. */
  void introduce(PrintStream out) {
    String networks = model.isEnsemble() ? model.networks().size() + " networks " : "";
    out.println("continues " + name + ", " + networks + "trained on " + Formatting.line(trainedOn(), 300)
        + "; the optimizer starts new");
    out.println("note      the results on held-out rows assume that " + name + " was not trained on them");
  }

  /** Returns a warning if training has made the result on the test rows worse by more than a trifle. */
  Optional<String> warning(Evaluation after) {
    if (result == null || !(after.loss() > result.loss())) return Optional.empty();
    boolean numbers = Double.isNaN(after.accuracy());
    double drop = numbers ? result.r2() - after.r2() : result.accuracy() - after.accuracy();
    if (!(drop >= LEAST_DROP)) return Optional.empty();
    return Optional.of("the result on the test rows was better before this training; keep " + name
        + ", or train with a lower --rate or with --patience 20");
  }

  /** Adds the result on the test rows before training; null if there are none. */
  void put(Map<String, Object> json) {
    boolean numbers = !target().isClass() && !target().isMultilabel();
    json.put("before_test_loss", result == null ? null : result.loss());
    json.put(numbers ? "before_test_r2" : "before_test_accuracy",
        result == null ? null : numbers ? result.r2() : result.accuracy());
  }

  /** Says what training does not take over from the model. */
  List<String> notices(Arguments a) {
    List<String> notices = new ArrayList<>();
    double threshold = model.calibration().threshold();
    if (!Double.isNaN(threshold) && !a.has(Option.THRESHOLD)) {
      notices.add("the threshold " + MetricFormat.decimals(threshold, 4) + " of " + name
          + " is not kept, because the weights change; pass --threshold to set one");
    }
    boolean heldOut = a.has(Option.PATIENCE) || a.has(Option.ENSEMBLE);
    if (!model.calibration().scores().isEmpty() && !heldOut) {
      notices.add("predict --interval will not work, because the weights change; pass --patience 20 to keep it");
    }
    return notices;
  }

  /** Names the columns of a table that are ignored, in one line. */
  List<String> ignored(Table table, int weight) {
    List<String> unused = new ArrayList<>(table.names());
    model.encoding().inputColumns().forEach(in -> unused.remove(in.name()));
    unused.removeAll(target().names());
    if (weight >= 0) unused.remove(table.names().get(weight));
    if (unused.isEmpty()) return List.of();
    boolean one = unused.size() == 1;
    return List.of((one ? "column " : "columns ") + TableColumns.named(unused) + (one ? " is" : " are") + " ignored: "
        + name + " does not use " + (one ? "it" : "them"));
  }
}
