// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.io.Checkpoint;
import chainrule.kernels.ScalarStart;
import chainrule.train.DivergedException;
import chainrule.train.History;
import chainrule.train.Snapshot;
import chainrule.train.Trainer;
import chainrule.train.TrainingDiagnostics;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code train [DATA] [options]}: reads or generates data, trains a network, prints its test results, writes files. */
final class TrainCommand {
  private final PrintStream out;
  private final Terminal terminal;
  private final Terminal err;
  private final Interruption interruption;
  private final Optional<TrainingCluster> cluster;

  TrainCommand(Terminal terminal, Terminal err, Interruption interruption, Optional<TrainingCluster> cluster) {
    this.out = terminal.stream();
    this.terminal = terminal;
    this.err = err;
    this.interruption = interruption;
    this.cluster = cluster;
  }

  /** Returns false if training was interrupted. */
  boolean run(List<String> args) {
    TrainingRequest request =
        TrainingRequest.of(Command.TRAIN, args, Runtime.getRuntime().availableProcessors(), err, cluster);
    Arguments a = request.arguments();
    TrainingPlan plan = request.plan();
    ScalarStart.begin(request.kernels(), 0); // of a short training also the summary
    boolean ensemble = plan.members() > 1;
    HeldOut.requireThreshold(a, plan.train(), plan.validation() != null || ensemble);
    if (ensemble) return new EnsembleTraining(terminal, err, interruption, request).run();
    if (cluster.isPresent()) ClusterOptions.requireBlocks(plan);
    Map<String, String> settings = TrainingSettings.of(request);
    Optional<Snapshot> resumed = ResumedFile.of(a).map(file -> read(file, request, settings));
    if (!a.has(Option.QUIET)) TrainingHeader.print(out, request, resumed.map(CheckpointFile::position));
    request.warnIfQuiet(err);

    interruption.watch();
    Progress progress = new Progress(terminal, a.has(Option.QUIET), plan.epochs(), plan.train().rows(),
        resumed.map(Snapshot::epochs).orElse(List.of())).lossName(plan.lossName());
    Optional<TrainingDiagnostics> diagnostics =
        a.value(Option.REPORT).map(file -> plan.diagnostics(plan.train(), request.seed()));
    Trainer trainer = plan.trainer(request.seed()).listener(diagnostics.map(progress::andThen).orElse(progress))
        .stopWhen(interruption::requested);
    resumed.ifPresent(trainer::resume);
    Optional<CheckpointFile<Snapshot>> checkpoint = a.value(Option.CHECKPOINT).map(Path::of).map(
        file -> new CheckpointFile<>(file, CheckpointFile::position, s -> Checkpoint.write(
            file, request.model(List.of(plan.network()), settings), settings, s),
            resumed, message -> warn(progress, message)));
    checkpoint.ifPresent(trainer::checkpoint);
    History history;
    try {
      history = fit(trainer, request, settings);
    } catch (RuntimeException | Error e) {
      progress.keep();
      throw e;
    }
    progress.end();
    new TrainingSummary(terminal, err, request, history, settings, checkpoint)
        .measured(List.of(history), diagnostics.map(List::of).orElse(List.of())).write();
    return history.end() != History.End.INTERRUPTED;
  }

  private void warn(Progress progress, String message) {
    progress.clear();
    out.flush();
    err.stream().println(err.yellow("warning:") + " " + message);
  }

  /** Trains. If training diverges after the first epoch, writes the last good weights to --out before it fails. */
  private History fit(Trainer trainer, TrainingRequest request, Map<String, String> settings) {
    TrainingPlan plan = request.plan();
    try {
      return request.cluster().isEmpty() ? trainer.fit(plan.train(), plan.test(), plan.epochs())
          : trainer.fit(request.cluster().get().gradients(plan.train()), plan.test(), plan.epochs());
    } catch (DivergedException e) {
      Optional<String> file = request.arguments().value(Option.OUT);
      if (file.isEmpty() || e.epoch() == 1) throw e;
      try {
        request.model(List.of(plan.network()), settings).write(Path.of(file.get()));
      } catch (UncheckedIOException unwritten) {
        throw new UsageException(e.getMessage() + "; these weights could not be written to "
            + Main.reason(unwritten.getCause()));
      }
      throw new UsageException(e.getMessage() + "; these weights were written to " + file.get());
    } catch (IllegalArgumentException e) {
      if (request.cluster().isPresent()) throw new UsageException(e.getMessage()); // the source refuses the settings
      if (!request.arguments().has(Option.RESUME)) throw e;
      throw new UsageException(request.arguments().value(Option.CHECKPOINT).get() + ": " + e.getMessage());
    }
  }

  private static Snapshot read(Path file, TrainingRequest request, Map<String, String> settings) {
    Checkpoint c = Checkpoint.read(file, request.kernels());
    TrainingSettings.requireSame(file, c.settings(), settings);
    ResumedFile.requireEpochs(file, c.snapshot().epochs().size(), request.plan().epochs());
    return c.snapshot();
  }
}
