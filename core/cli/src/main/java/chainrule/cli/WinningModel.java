// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.format.Formatting;
import chainrule.io.Model;
import chainrule.nn.Network;
import chainrule.train.Ensemble;
import chainrule.train.EnsembleTrainer;
import chainrule.train.History;
import chainrule.train.Trainer;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The model of {@code tune --out}: the bits of the winning command with {@code --test-fraction 0}. */
final class WinningModel {
  private final PrintStream out;
  private final Terminal terminal;
  private final Interruption interruption;
  private final TrainingRequest search;
  private final Arguments a;
  private final String command;

  /**
   * @param search what {@code tune} was asked to do
   * @param best the arguments of {@code train} that won
   */
  WinningModel(
      Terminal terminal, Interruption interruption, TrainingRequest search, Arguments best, String command) {
    this.out = terminal.stream();
    this.terminal = terminal;
    this.interruption = interruption;
    this.search = search;
    this.a = best;
    this.command = command;
  }

  /** Trains the model on all rows and writes it, unless training is interrupted. */
  void write(UnsplitData data) {
    boolean quiet = a.has(Option.QUIET);
    InputData rows = EnsembleOptions.check(a, data.divide(RowParts.of(data.rows(), 0, a, search.seed())));
    TrainingPlan plan = TrainingPlan.of(a, rows, search.kernels(), search.seed());
    TrainingRequest request =
        new TrainingRequest(a, command, search.dataName(), search.seed(), search.kernels(), Optional.empty(), rows,
            plan, search.cluster());
    if (!quiet) out.println();
    Optional<Model> model = plan.members() > 1 ? ensemble(request, quiet) : single(request, quiet);
    if (model.isEmpty()) {
      out.println("interrupted: the model was not written");
      return;
    }
    String file = a.value(Option.OUT).get();
    model.get().write(Path.of(file));
    if (!quiet) out.println("wrote     " + file + ", trained on all "
        + Formatting.count(plan.train().rows(), "row", "rows")
        + (plan.validation() == null ? "" : " but those for validation"));
  }

  /** Returns the trained network; empty if training was interrupted. */
  private Optional<Model> single(TrainingRequest request, boolean quiet) {
    TrainingPlan plan = request.plan();
    Progress progress = new Progress(terminal, quiet, plan.epochs(), plan.train().rows(), List.of());
    Trainer trainer = plan.trainer(request.seed()).listener(progress).stopWhen(interruption::requested);
    History history;
    try {
      history = trainer.fit(plan.train(), plan.epochs());
    } finally {
      progress.end();
    }
    if (history.end() == History.End.INTERRUPTED) return Optional.empty();
    Map<String, String> settings = TrainingSettings.of(request);
    return Optional.of(new TrainingSummary(terminal, terminal, request, history, settings, Optional.empty()).model());
  }

  /** Returns the averaged networks; empty if training was interrupted. */
  private Optional<Model> ensemble(TrainingRequest request, boolean quiet) {
    TrainingPlan plan = request.plan();
    EnsembleProgress progress =
        new EnsembleProgress(terminal, quiet, plan.members(), plan.epochs(), Optional.empty());
    List<Network> networks = new ArrayList<>();
    long start = System.nanoTime();
    Ensemble ensemble;
    try {
      EnsembleTrainer trainer = EnsembleTraining.trainer(
          a, Optional.empty(), request.data(), plan, request.kernels(), request.seed(), networks);
      ensemble = EnsembleTraining.fit(
          trainer, request, MemberFunction.of(a, false), progress, interruption::requested);
    } finally {
      progress.end();
    }
    if (ensemble.end() == History.End.INTERRUPTED) return Optional.empty();
    EnsembleResults results =
        EnsembleResults.of(ensemble, plan.loss(), plan.train(), request.data().encoding().target());
    if (!quiet) {
      out.println(results.kept());
      out.println(results.estimate());
    }
    History history =
        EnsembleHistory.of(ensemble, results.outOfFold(), null, (System.nanoTime() - start) / 1e9);
    Map<String, String> settings = TrainingSettings.of(request);
    return Optional.of(new TrainingSummary(terminal, terminal, request, ensemble.networks(), history,
        Optional.of(results), settings, Optional.empty()).model());
  }
}
