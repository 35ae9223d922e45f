// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.io.TuningFile;
import chainrule.train.TrialResult;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Writes the results of a search to the file of {@code --checkpoint} after each training. The search continues after a
 * failed write, such as on a full disk; the next result is written again.
 */
final class TuningCheckpoint {
  private static final Comparator<TrialResult> ORDER = Comparator.comparingInt(TrialResult::candidate)
      .thenComparingInt(TrialResult::epochs).thenComparingInt(TrialResult::fold);

  private final Path file; // null without --checkpoint
  private final Map<String, String> settings;
  private final Terminal err;
  private final List<TrialResult> results;
  private boolean written;
  private String failure; // of the last write; null if it succeeded

  private TuningCheckpoint(Path file, Map<String, String> settings, Terminal err, List<TrialResult> results) {
    this.file = file;
    this.settings = settings;
    this.err = err;
    this.results = new ArrayList<>(results);
    this.written = !results.isEmpty();
  }

  /**
   * Reads the file with --resume, if it exists, and refuses one of another search. Without --resume, refuses a file
   * that exists, to protect its contents.
   */
  static TuningCheckpoint of(Arguments a, Map<String, String> settings, Terminal err) {
    if (!a.has(Option.CHECKPOINT)) {
      if (a.has(Option.RESUME)) throw new UsageException("--resume requires --checkpoint FILE");
      return new TuningCheckpoint(null, settings, err, List.of());
    }
    Path file = InputFiles.path(a.value(Option.CHECKPOINT).get());
    if (!Files.exists(file)) return new TuningCheckpoint(file, settings, err, List.of());
    if (!a.has(Option.RESUME)) {
      throw new UsageException(
          file + ": the file already exists; add --resume to continue from it, or delete it to start over");
    }
    TuningFile stored = TuningFile.read(file);
    TrainingSettings.requireSame(file, stored.settings(), settings);
    return new TuningCheckpoint(file, settings, err, stored.results());
  }

  /** Returns the results in the file when it was read. */
  List<TrialResult> results() {
    return List.copyOf(results);
  }

  /** Adds a result and writes the file; calls come from several threads, one at a time. */
  void add(TrialResult result) {
    results.add(result);
    if (file == null) return;
    results.sort(ORDER);
    boolean failedBefore = failure != null;
    try {
      new TuningFile(settings, results).write(file);
      written = true;
      failure = null;
    } catch (UncheckedIOException e) {
      failure = "the checkpoint was not written: " + Main.reason(e.getCause());
      if (!failedBefore) {
        err.stream().println(err.yellow("warning:") + " " + failure
            + ". Free disk space or make the file writable; the search continues and writes it again");
      }
    }
  }

  /** Returns whether the file has results to continue from. */
  boolean isResumable() {
    return written;
  }

  /** @throws UsageException if the last write failed */
  void requireWritten() {
    if (failure == null) return;
    throw new UsageException(failure + ". Free disk space or make the file writable, then repeat the command");
  }
}
