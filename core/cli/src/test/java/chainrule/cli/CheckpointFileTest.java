// SPDX-License-Identifier: MIT
package chainrule.cli;

import static chainrule.cli.CommandLine.done;
import static chainrule.cli.CommandLine.run;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.cli.CommandLine.Result;
import chainrule.io.Model;
import chainrule.train.Evaluation;
import chainrule.train.History;
import chainrule.train.Snapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code --checkpoint} on a full disk, and {@code --resume} before there is a checkpoint. */
class CheckpointFileTest {
  private static final String FULL = "/dev/full"; // every write fails like that of a full disk

  @TempDir Path directory;

  private final List<String> warnings = new ArrayList<>();
  private boolean full;

  private static Snapshot snapshot(int epochs, int steps) {
    History.Epoch e = new History.Epoch(1, 0.5, null, new Evaluation(0, 0, 0, 0, 0), 0.1, 0);
    return new Snapshot(Collections.nCopies(epochs, e), steps, 0, 0, new double[0], new double[0], new double[0][], 0,
        null);
  }

  private CheckpointFile<Snapshot> file(Optional<Snapshot> resumed) {
    return new CheckpointFile<>(Path.of("run.npz"), CheckpointFile::position, s -> {
      if (full) throw new UncheckedIOException(new FileSystemException("run.npz", null, "No space left on device"));
    }, resumed, warnings::add);
  }

  @Test
  void aFailedWriteIsWarnedOfOnceAndTriedAgain() {
    CheckpointFile<Snapshot> file = file(Optional.empty());
    full = true;
    file.accept(snapshot(1, 0));
    assertTrue(file.failed());
    assertFalse(file.isResumable());
    assertEquals(List.of("the checkpoint after epoch 1 was not written: run.npz: No space left on device (no earlier "
        + "one exists). Free disk space or make the file writable; training continues and writes it again after the "
        + "next epoch"), warnings);
    file.accept(snapshot(2, 0));
    assertEquals(1, warnings.size(), "one warning for a series of failures");
    full = false;
    file.accept(snapshot(3, 0));
    assertFalse(file.failed());
    assertTrue(file.isResumable());
    assertEquals("the checkpoint after epoch 3 was written again: run.npz", warnings.get(1));
    full = true;
    file.accept(snapshot(4, 1));
    assertTrue(file.isResumable(), "the file still has its previous state");
    assertTrue(warnings.get(2).startsWith("the checkpoint after epoch 4 and 1 step was not written: run.npz: No space "
        + "left on device (the file still has the state after epoch 3). "), warnings.get(2));
    assertEquals(3, warnings.size());
  }

  @Test
  void aResumedFileHasAStateFromTheBeginning() {
    full = true;
    CheckpointFile<Snapshot> file = file(Optional.of(snapshot(7, 12)));
    assertTrue(file.isResumable());
    file.accept(snapshot(8, 0));
    assertTrue(file.failure().endsWith("(the file still has the state after epoch 7 and 12 steps)"), file.failure());
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aFullDiskDoesNotLoseTheModelOrTheReport() throws IOException {
    String out = directory.resolve("m.npz").toString(), report = directory.resolve("r.html").toString();
    Result r = run("train", "xor", "--epochs", "3", "--quiet", "--json", "--threads", "1", "--checkpoint", FULL,
        "--out", out, "--report", report);
    assertEquals(2, r.status());
    List<String> errors = r.err().lines().toList();
    assertEquals(2, errors.size(), r.err());
    assertTrue(errors.get(0).startsWith("warning: the checkpoint after epoch 1 was not written: " + FULL
        + ": No space left on device (no earlier one exists). "), r.err());
    assertEquals("chainrule: the checkpoint after epoch 3 was not written: " + FULL + ": No space left on device (no "
        + "earlier one exists). Free disk space or make the file writable, then repeat the command; written: " + out
        + ", " + report, errors.get(1));
    assertTrue(r.out().startsWith("test accuracy ") && r.json().startsWith("{"), r.out());
    done("train", "xor", "--epochs", "3", "--quiet", "--threads", "1", "--out", path("whole.npz"));
    assertArrayEquals(Files.readAllBytes(Path.of(path("whole.npz"))), Files.readAllBytes(Path.of(out)));
    assertTrue(Files.readString(Path.of(report)).endsWith("</html>\n"));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aModelThatCannotBeWrittenIsWrittenByTheCommandInTheError() throws IOException {
    String c = path("my run.npz");
    Result r = run("train", "xor", "--epochs", "2", "--quiet", "--threads", "1", "--checkpoint", c, "--out", FULL);
    assertEquals(2, r.status());
    assertTrue(r.out().startsWith("test accuracy "), "the result must be printed: " + r.out());
    assertEquals("chainrule: --out was not written: " + FULL + ": No space left on device. Free disk space or make "
        + "the file writable, then continue with: ./chainrule train xor --epochs 2 --quiet --threads 1 --checkpoint '"
        + c + "' --out " + FULL + " --resume\n", r.err());
    String out = path("m.npz");
    String result = done("train", "xor", "--epochs", "2", "--quiet", "--threads", "1", "--checkpoint", c, "--out", out,
        "--resume");
    assertEquals(r.out(), result);
    assertEquals("2 of 2", Model.read(Path.of(out)).training().get("epochs"));
  }

  /** The schedule multiplies the rate by 10²⁰⁰ after the first epoch. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void anOverflowIsReportedEvenIfTheLastGoodWeightsCannotBeWritten() {
    Result r = run("train", "xor", "--optimizer", "sgd", "--layers", "4:relu", "--quiet", "--schedule",
        "step:every=1,by=1e200", "--epochs", "5", "--out", FULL);
    assertEquals(2, r.status());
    assertTrue(r.err().matches("chainrule: the loss became (NaN|infinite) in epoch 2, .*; these weights could not be "
        + "written to /dev/full: No space left on device\n"), r.err());
  }

  @Test
  void resumeStartsIfThereIsNoCheckpointAndContinuesIfThereIsOne() throws IOException {
    String c = path("c.npz");
    String[] command = {"train", "xor", "--threads", "1", "--schedule", "constant", "--checkpoint", c, "--resume",
        "--epochs"};
    String first = done(with(command, "2"));
    assertTrue(first.contains("\ncheckpoint " + c + " does not exist yet: starting\n"), first);
    assertFalse(first.contains("resuming"), first);
    String second = done(with(command, "4"));
    assertTrue(second.contains("\nresuming from " + c + " after epoch 2\n"), second);
    assertFalse(second.contains("does not exist"), second);
    done("train", "xor", "--threads", "1", "--schedule", "constant", "--epochs", "4", "--quiet", "--checkpoint",
        path("whole.npz"));
    assertArrayEquals(Files.readAllBytes(Path.of(path("whole.npz"))), Files.readAllBytes(Path.of(c)));
  }

  @Test
  void aTruncatedCheckpointIsRefusedAndNotStartedOver() throws IOException {
    Path c = directory.resolve("c.npz");
    String[] command = {"train", "xor", "--quiet", "--checkpoint", c.toString(), "--resume", "--epochs", "2"};
    done(command);
    byte[] whole = Files.readAllBytes(c);
    for (int length : new int[] {0, 10, whole.length / 2, whole.length - 1}) {
      byte[] part = Arrays.copyOf(whole, length);
      Files.write(c, part);
      Result r = run(command);
      assertEquals(2, r.status());
      assertTrue(r.err().startsWith("chainrule: " + c + ": "), r.err());
      assertArrayEquals(part, Files.readAllBytes(c), "the file must stay as it was");
    }
  }

  private String path(String name) {
    return directory.resolve(name).toString();
  }

  private static String[] with(String[] some, String last) {
    List<String> all = new ArrayList<>(List.of(some));
    all.add(last);
    return all.toArray(new String[0]);
  }
}
