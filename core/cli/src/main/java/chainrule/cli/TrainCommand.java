// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.io.Checkpoint;
import chainrule.io.Model;
import chainrule.train.DivergedException;
import chainrule.train.History;
import chainrule.train.Snapshot;
import chainrule.train.Trainer;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** {@code train [DATA] [options]}: reads or generates data, trains a network, prints its test results, writes files. */
final class TrainCommand {
  private final PrintStream out;
  private final Terminal terminal;
  private final Terminal err;
  private final Interruption interruption;

  TrainCommand(Terminal terminal, Terminal err, Interruption interruption) {
    this.out = terminal.stream();
    this.terminal = terminal;
    this.err = err;
    this.interruption = interruption;
  }

  /** Returns false if training was interrupted. */
  boolean run(List<String> args) {
    TrainingRequest request = TrainingRequest.of(Command.TRAIN, args, Runtime.getRuntime().availableProcessors(), err);
    Arguments a = request.arguments();
    TrainingPlan plan = request.plan();
    HeldOut.requireThreshold(a, plan.train(), plan.validation() != null);
    Map<String, String> settings = TrainingSettings.of(request);
    Optional<Snapshot> resumed = resumed(request, settings);
    if (!a.has(Option.QUIET)) introduce(request, resumed);
    request.warnIfQuiet(err);

    interruption.watch();
    Progress progress = new Progress(terminal, a.has(Option.QUIET), plan.epochs(), plan.train().rows(),
        resumed.map(Snapshot::epochs).orElse(List.of()));
    Trainer trainer = plan.trainer(request.seed()).listener(progress).stopWhen(interruption::requested);
    resumed.ifPresent(trainer::resume);
    Optional<CheckpointFile> checkpoint = a.value(Option.CHECKPOINT).map(Path::of).map(file -> new CheckpointFile(
        file, s -> Checkpoint.write(file, new Model(plan.network(), request.data().encoding(), settings), settings, s),
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
    new TrainingSummary(terminal, request, history, settings, checkpoint).write();
    return history.end() != History.End.INTERRUPTED;
  }

  private void warn(Progress progress, String message) {
    progress.clear();
    out.flush();
    err.stream().println(err.yellow("chainrule: warning:") + " " + message);
  }

  /** Trains. If training diverges after the first epoch, writes the last good weights to --out before it fails. */
  private History fit(Trainer trainer, TrainingRequest request, Map<String, String> settings) {
    TrainingPlan plan = request.plan();
    try {
      return trainer.fit(plan.train(), plan.test(), plan.epochs());
    } catch (DivergedException e) {
      Optional<String> file = request.arguments().value(Option.OUT);
      if (file.isEmpty() || e.epoch() == 1) throw e;
      try {
        new Model(plan.network(), request.data().encoding(), settings).write(Path.of(file.get()));
      } catch (UncheckedIOException unwritten) {
        throw new UsageException(e.getMessage() + "; these weights could not be written to "
            + Main.reason(unwritten.getCause()));
      }
      throw new UsageException(e.getMessage() + "; these weights were written to " + file.get());
    } catch (IllegalArgumentException e) {
      if (!request.arguments().has(Option.RESUME)) throw e;
      throw new UsageException(request.arguments().value(Option.CHECKPOINT).get() + ": " + e.getMessage());
    }
  }

  /**
   * Reads the checkpoint with --resume, if the file exists; so one command starts a run and continues it. Without
   * --resume, refuses a checkpoint file that exists, to protect its contents.
   */
  private static Optional<Snapshot> resumed(TrainingRequest request, Map<String, String> settings) {
    Arguments a = request.arguments();
    if (!a.has(Option.CHECKPOINT)) {
      if (a.has(Option.RESUME)) throw new UsageException("--resume requires --checkpoint FILE");
      return Optional.empty();
    }
    Path file = InputFiles.path(a.value(Option.CHECKPOINT).get());
    if (!a.has(Option.RESUME)) {
      if (Files.isRegularFile(file)) {
        throw new UsageException(
            file + ": the file already exists; add --resume to continue from it, or delete it to start over");
      }
      return Optional.empty();
    }
    if (!Files.exists(file)) return Optional.empty();
    Checkpoint c = Checkpoint.read(file, request.kernels());
    TrainingSettings.requireSame(file, c.settings(), settings);
    int done = c.snapshot().epochs().size(), epochs = request.plan().epochs();
    if (done > epochs) {
      throw new UsageException(file + ": the checkpoint was written after epoch " + done + ", but this run has only "
          + epochs + "; give --epochs " + done + " or more");
    }
    return Optional.of(c.snapshot());
  }

  private void introduce(TrainingRequest request, Optional<Snapshot> resumed) {
    TrainingPlan plan = request.plan();
    request.introduce(out);
    out.printf(Locale.ROOT, "training  %s, %s at rate %s%s, batches of %d, %d epochs, seed %d%n",
        plan.loss().name(), plan.optimizer().name(), plan.optimizer().rate(),
        plan.schedule().name().equals("constant") ? "" : " (" + plan.schedule().name() + ")", plan.batch(),
        plan.epochs(), request.seed());
    out.printf(Locale.ROOT, "machine   %s kernels, %d thread%s, Java %s%n", request.kernels().name(),
        request.kernels().threads(), request.kernels().threads() == 1 ? "" : "s", System.getProperty("java.version"));
    if (request.arguments().has(Option.RESUME)) {
      String file = request.arguments().value(Option.CHECKPOINT).get();
      out.println(resumed.map(s -> "resuming from " + file + " after " + CheckpointFile.position(s))
          .orElse("checkpoint " + file + " does not exist yet: starting"));
    }
    out.println();
  }
}
