// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.format.Formatting;
import chainrule.train.EnsembleSnapshot;
import chainrule.train.Snapshot;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Writes the state of training to the file of {@code --checkpoint}. Training continues after a failed write, such as on
 * a full disk: its result must not be lost, and the next epoch is written again. The file then has its previous state.
 *
 * @param <S> the type of the state
 */
final class CheckpointFile<S> implements Consumer<S> {
  private final Path file;
  private final Function<S, String> position;
  private final Consumer<S> writer;
  private final Consumer<String> warning;
  private String saved; // the position of the state in the file; null if there is none
  private String failure; // of the last write; null if it succeeded

  /**
   * @param position describes how far training had come
   * @param writer writes the file, or throws {@link UncheckedIOException}
   * @param resumed the state that the file has now
   * @param warning prints a warning
   */
  CheckpointFile(Path file, Function<S, String> position, Consumer<S> writer, Optional<S> resumed,
      Consumer<String> warning) {
    this.file = file;
    this.position = position;
    this.writer = writer;
    this.warning = warning;
    this.saved = resumed.map(position).orElse(null);
  }

  /** Writes a state. Warns at the first failure in a row, and when a write succeeds again. */
  @Override public void accept(S s) {
    boolean failedBefore = failed();
    try {
      writer.accept(s);
    } catch (UncheckedIOException e) {
      failure = "the checkpoint after " + position.apply(s) + " was not written: " + Main.reason(e.getCause()) + " ("
          + (saved == null ? "no earlier one exists" : "the file still has the state after " + saved) + ")";
      if (!failedBefore) {
        warning.accept(failure + ". Free disk space or make the file writable; training continues and writes it again "
            + "after the next epoch");
      }
      return;
    }
    saved = position.apply(s);
    failure = null;
    if (failedBefore) warning.accept("the checkpoint after " + saved + " was written again: " + file);
  }

  Path file() {
    return file;
  }

  /** Returns whether the last write failed. */
  boolean failed() {
    return failure != null;
  }

  /** Describes the failure of the last write. */
  String failure() {
    return failure;
  }

  /** Returns whether the file has a state to continue from. */
  boolean isResumable() {
    return saved != null;
  }

  /** Describes how far training had come: {@code epoch 4}, {@code epoch 4 and 12 steps}. */
  static String position(Snapshot s) {
    int steps = s.stepsOfEpoch();
    return "epoch " + s.epochs().size() + (steps == 0 ? "" : steps == 1 ? " and 1 step" : " and " + steps + " steps");
  }

  /** Describes how far the training of an ensemble had come: {@code 31 epochs of 5 networks}. */
  static String position(EnsembleSnapshot s) {
    return Formatting.count(s.epochs(), "epoch", "epochs") + " of " + s.members().size() + " networks";
  }
}
