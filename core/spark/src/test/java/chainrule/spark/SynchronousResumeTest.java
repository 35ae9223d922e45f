// SPDX-License-Identifier: MIT
package chainrule.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.Encoding;
import chainrule.io.Checkpoint;
import chainrule.io.Model;
import chainrule.nn.Network;
import chainrule.train.GradientSource;
import chainrule.train.History;
import chainrule.train.Trainer;
import chainrule.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A synchronous training that ended in mid-run is resumed from its checkpoint, with another number of executors and
 * without Spark. The last checkpoint, which contains the model, has the bytes of that of an uninterrupted training on
 * one machine.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SynchronousResumeTest {
  private static final SynchronousRun RUN = SynchronousRun.EVERYTHING;
  private static final int STEPS_BEFORE = 5; // of 3 epochs of 3 steps

  @TempDir Path directory;

  private Path file(String name) {
    return directory.resolve(name);
  }

  /** A training that writes checkpoints. */
  private static Trainer trainer(Network network, Path file) {
    return RUN.trainer(network).checkpoint(s -> Checkpoint.write(file,
        new Model(network, Encoding.plain(SynchronousRun.INPUTS, List.of("a", "b", "c", "d")), Map.of()), Map.of(), s));
  }

  private byte[] uninterrupted() throws IOException {
    Network network = RUN.network();
    trainer(network, file("whole")).fit(RUN.train(), SynchronousRun.test(), SynchronousRun.EPOCHS);
    return Files.readAllBytes(file("whole"));
  }

  /** Resumes with a source of gradients, or on one machine if it is null, and returns the last checkpoint. */
  private byte[] resumed(Path from, GradientSource source, String name) throws IOException {
    Network network = RUN.network();
    Trainer t = trainer(network, file(name)).resume(Checkpoint.read(from).snapshot());
    History h = source == null ? t.fit(RUN.train(), SynchronousRun.test(), SynchronousRun.EPOCHS)
        : t.fit(source, SynchronousRun.test(), SynchronousRun.EPOCHS);
    assertEquals(History.End.FINISHED, h.end());
    return Files.readAllBytes(file(name));
  }

  @Tag("long") @Test void oneExecutorStopsAndThreeContinue() throws IOException {
    byte[] expected = uninterrupted();
    try (LocalCluster one = LocalCluster.start(1);
        SparkGradients gradients = RUN.source(one.context(), true, 2)) {
      Steps steps = new Steps();
      Network network = RUN.network();
      History h = trainer(network, file("stopped")).listener(steps).stopWhen(() -> steps.made == STEPS_BEFORE)
          .fit(gradients, SynchronousRun.test(), SynchronousRun.EPOCHS);
      assertEquals(History.End.INTERRUPTED, h.end());
    }
    assertEquals(STEPS_BEFORE, Checkpoint.read(file("stopped")).snapshot().steps());
    try (LocalCluster three = LocalCluster.start(3)) {
      for (boolean broadcast : new boolean[] {true, false}) {
        try (SparkGradients gradients = RUN.source(three.context(), broadcast, 7)) {
          assertArrayEquals(expected, resumed(file("stopped"), gradients, "broadcast " + broadcast));
        }
      }
    }
    assertArrayEquals(expected, resumed(file("stopped"), null, "one machine"));
  }

  @Test void aFailedStepLeavesACheckpointOfTheStepsBefore() throws IOException {
    byte[] expected = uninterrupted();
    LocalSession lost = LocalSession.start();
    SparkGradients gradients = RUN.source(lost.context(), false, 3);
    Network network = RUN.network();
    Trainer t = trainer(network, file("failed")).listener(new Steps() {
      @Override void onStep() {
        if (made == STEPS_BEFORE) lost.close();
      }
    });
    RuntimeException e = assertThrows(
        RuntimeException.class, () -> t.fit(gradients, SynchronousRun.test(), SynchronousRun.EPOCHS));
    assertEquals("epoch 2, step 3, task: the Spark context is stopped", e.getMessage());
    gradients.close();
    assertEquals(STEPS_BEFORE, Checkpoint.read(file("failed")).snapshot().steps());
    assertArrayEquals(expected, resumed(file("failed"), null, "one machine"));
    try (LocalSession next = LocalSession.start(); SparkGradients again = RUN.source(next.context(), false, 2)) {
      assertArrayEquals(expected, resumed(file("failed"), again, "another session"));
    }
  }

  @Test void anInterruptCancelsTheStepAndLeavesACheckpoint() throws IOException {
    byte[] expected = uninterrupted();
    try (LocalSession session = LocalSession.start();
        SparkGradients gradients = RUN.source(session.context(), true, 3)) {
      Trainer t = trainer(RUN.network(), file("interrupted")).listener(new Steps() {
        @Override void onStep() {
          if (made == STEPS_BEFORE) Thread.currentThread().interrupt();
        }
      });
      CancellationException e = assertThrows(
          CancellationException.class, () -> t.fit(gradients, SynchronousRun.test(), SynchronousRun.EPOCHS));
      assertTrue(e.getMessage().startsWith("epoch 2, step 3, task: interrupted after "), e.getMessage());
      assertTrue(Thread.interrupted(), "the thread's interrupt status");
      assertEquals(STEPS_BEFORE, Checkpoint.read(file("interrupted")).snapshot().steps());
      assertArrayEquals(expected, resumed(file("interrupted"), gradients, "resumed"));
    }
  }

  /** Counts steps. */
  private static class Steps implements TrainingListener {
    int made;

    @Override public void onStep(int epoch, int step, int steps, double loss) {
      made++;
      onStep();
    }

    void onStep() {}
  }
}
