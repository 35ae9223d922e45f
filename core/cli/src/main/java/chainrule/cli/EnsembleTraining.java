// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.io.EnsembleCheckpoint;
import chainrule.io.Model;
import chainrule.kernels.Kernels;
import chainrule.nn.Network;
import chainrule.train.DivergedException;
import chainrule.train.Ensemble;
import chainrule.train.EnsembleListener;
import chainrule.train.EnsembleSnapshot;
import chainrule.train.EnsembleTrainer;
import chainrule.train.Evaluation;
import chainrule.train.History;
import chainrule.train.Trainer;
import chainrule.train.TrainingDiagnostics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/** Trains the networks of {@code train --ensemble K}, side by side on the threads, and averages them. */
final class EnsembleTraining {
  private final Terminal terminal;
  private final Terminal err;
  private final Interruption interruption;
  private final TrainingRequest request;
  private final Arguments a;
  private final TrainingPlan plan;
  private final Map<String, String> settings;

  EnsembleTraining(Terminal terminal, Terminal err, Interruption interruption, TrainingRequest request) {
    this.terminal = terminal;
    this.err = err;
    this.interruption = interruption;
    this.request = request;
    this.a = request.arguments();
    this.plan = request.plan();
    this.settings = TrainingSettings.of(request);
  }

  /** Returns false if training was interrupted. */
  boolean run() {
    Optional<EnsembleSnapshot> resumed = ResumedFile.of(a).map(this::read);
    if (!a.has(Option.QUIET)) {
      TrainingHeader.print(terminal.stream(), request, resumed.map(CheckpointFile::position));
    }
    request.warnIfQuiet(err);

    interruption.watch();
    long start = System.nanoTime();
    EnsembleProgress progress =
        new EnsembleProgress(terminal, a.has(Option.QUIET), plan.members(), plan.epochs(), resumed);
    List<Network> networks = new ArrayList<>();
    List<TrainingDiagnostics> diagnostics = new ArrayList<>();
    EnsembleTrainer trainer = trainer(
        a, request.from(), request.data(), plan, request.kernels(), request.seed(), networks, diagnostics);
    resumed.ifPresent(trainer::resume);
    Optional<CheckpointFile<EnsembleSnapshot>> checkpoint = a.value(Option.CHECKPOINT).map(Path::of).map(
        file -> new CheckpointFile<>(file, CheckpointFile::position, s -> EnsembleCheckpoint.write(
            file, request.model(networks, settings), settings, s),
            resumed, message -> warn(progress, message)));
    checkpoint.ifPresent(trainer::checkpoint);
    Ensemble ensemble;
    try {
      ensemble = fit(trainer, progress);
    } catch (RuntimeException | Error e) {
      progress.keep();
      throw e;
    }
    progress.end();
    summarize(ensemble, networks, diagnostics, checkpoint, (System.nanoTime() - start) / 1e9);
    return ensemble.end() != History.End.INTERRUPTED;
  }

  /**
   * Returns a trainer of the networks, each on one thread, because they are trained side by side.
   *
   * @param from the model whose networks continue; empty for new ones
   * @param plan of the first network
   * @param kernels with the number of threads
   * @param networks receives the networks when they are created
   */
  static EnsembleTrainer trainer(Arguments a, Optional<StartingModel> from, InputData data, TrainingPlan plan,
      Kernels kernels, long seed, List<Network> networks) {
    return trainer(a, from, data, plan, kernels, seed, networks, new ArrayList<>());
  }

  /** @param diagnostics receives the measurements of each network if a report is requested */
  private static EnsembleTrainer trainer(Arguments a, Optional<StartingModel> from, InputData data, TrainingPlan plan,
      Kernels kernels, long seed, List<Network> networks, List<TrainingDiagnostics> diagnostics) {
    int[][][] folds = EnsembleOptions.folds(plan, seed);
    return EnsembleTrainer.of(folds, (member, seedOfMember) -> {
      TrainingPlan p = from.map(f -> TrainingPlan.continuing(a, data, f, member))
          .orElseGet(() -> TrainingPlan.of(a, data, kernels.withThreads(1), seedOfMember));
      networks.add(p.network());
      Trainer trainer = p.memberTrainer();
      if (!a.has(Option.REPORT)) return trainer;
      diagnostics.add(p.diagnostics(p.train().select(folds[member][0]), seedOfMember));
      return trainer.listener(diagnostics.get(diagnostics.size() - 1));
    }).patience(plan.patience()).seed(seed).threads(kernels.threads());
  }

  private EnsembleSnapshot read(Path file) {
    EnsembleCheckpoint c = EnsembleCheckpoint.read(file, request.kernels());
    TrainingSettings.requireSame(file, c.settings(), settings);
    c.snapshot().members().forEach(s -> ResumedFile.requireEpochs(file, s.epochs().size(), plan.epochs()));
    return c.snapshot();
  }

  /**
   * Trains the networks here or on a cluster, as the request says.
   *
   * @param function trains a network on a worker
   */
  static Ensemble fit(EnsembleTrainer trainer, TrainingRequest request, MemberFunction function,
      EnsembleListener listener, BooleanSupplier stop) {
    TrainingPlan plan = request.plan();
    if (request.cluster().isEmpty()) {
      return trainer.listener(listener).stopWhen(stop).fit(plan.train(), plan.epochs());
    }
    List<Integer> members = IntStream.range(0, plan.members()).boxed().toList();
    return trainer.assemble(plan.train(), request.cluster().get().run(function, members, trained -> {
      trained.history().epochs().forEach(e -> listener.onEpoch(trained.member(), e));
      listener.onEnd(trained.member(), trained.history());
    }, stop));
  }

  private Ensemble fit(EnsembleTrainer trainer, EnsembleProgress progress) {
    try {
      return fit(trainer, request, MemberFunction.of(a, true), progress, interruption::requested);
    } catch (DivergedException e) {
      throw new UsageException(e.getMessage() + "." + a.value(Option.OUT).map(f -> " Nothing was written to " + f + ".")
          .orElse("") + " Pass a --rate below " + plan.optimizer().rate() + ", or --clip 1"
          + a.value(Option.CHECKPOINT).map(f -> ", and another --checkpoint: resuming " + f + " diverges again")
              .orElse(""));
    } catch (IllegalArgumentException e) {
      if (!a.has(Option.RESUME)) throw e;
      throw new UsageException(a.value(Option.CHECKPOINT).get() + ": " + e.getMessage());
    }
  }

  private void warn(EnsembleProgress progress, String message) {
    progress.clear();
    terminal.stream().flush();
    err.stream().println(err.yellow("warning:") + " " + message);
  }

  /** @param all the networks of all members, which the model has if training was interrupted in the first epoch */
  private void summarize(Ensemble ensemble, List<Network> all, List<TrainingDiagnostics> diagnostics,
      Optional<? extends CheckpointFile<?>> checkpoint, double seconds) {
    List<Network> trained = ensemble.networks().isEmpty() ? all : ensemble.networks();
    Model model = request.model(trained, settings);
    EnsembleResults results =
        EnsembleResults.of(ensemble, plan.loss(), plan.train(), request.data().encoding().target());
    Evaluation test = plan.test().rows() == 0 || ensemble.networks().isEmpty() ? null
        : model.evaluate(plan.loss(), plan.test());
    History history = EnsembleHistory.of(ensemble, results.outOfFold(), test, seconds);
    List<History> histories = new ArrayList<>();
    List<TrainingDiagnostics> measured = new ArrayList<>();
    for (int m = 0; m < ensemble.members().size(); m++) {
      if (!ensemble.averaged().contains(ensemble.members().get(m))) continue;
      histories.add(ensemble.members().get(m).history());
      if (!diagnostics.isEmpty()) measured.add(diagnostics.get(m));
    }
    new TrainingSummary(terminal, err, request, trained, history, Optional.of(results), settings, checkpoint)
        .measured(histories, measured).write();
  }
}
