// SPDX-License-Identifier: MIT
package chainrule.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Decides what {@code --checkpoint} and {@code --resume} do with a file that exists. */
final class ResumedFile {
  private ResumedFile() {}

  /**
   * Returns the checkpoint to read: with --resume, if the file exists. So one command starts a run and continues it.
   * Without --resume, refuses a checkpoint file that exists, to protect its contents.
   */
  static Optional<Path> of(Arguments a) {
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
    return Files.exists(file) ? Optional.of(file) : Optional.empty();
  }

  /** Refuses to resume a run that has done more epochs than it would have now. */
  static void requireEpochs(Path file, int done, int epochs) {
    if (done > epochs) {
      throw new UsageException(file + ": the checkpoint was written after epoch " + done + ", but this run has only "
          + epochs + "; give --epochs " + done + " or more");
    }
  }
}
