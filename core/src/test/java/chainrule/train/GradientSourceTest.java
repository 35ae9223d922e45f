// SPDX-License-Identifier: MIT
package chainrule.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.Dataset;
import chainrule.data.Generators;
import chainrule.io.Checkpoint;
import chainrule.io.Model;
import chainrule.kernels.Kernels;
import chainrule.nn.GradientSum;
import chainrule.nn.Network;
import chainrule.train.BlockTrainingCase.Source;
import chainrule.train.History.End;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/**
 * A training with gradients from elsewhere ends in the bits of {@link Trainer#blocks} on one machine, whoever computes
 * which blocks.
 */
class GradientSourceTest {
  @TempDir Path directory;

  /** Everything that a training leaves. */
  private record Result(double[] parameters, List<Object> history, byte[] checkpoint) {}

  private static List<Object> values(History h) {
    List<Object> all = new ArrayList<>(List.of(h.end(), h.kept()));
    for (History.Epoch e : h.epochs()) {
      all.addAll(Arrays.asList(e.number(), e.trainLoss(), e.validation(), e.test(), e.rate()));
    }
    return all;
  }

  private void write(Path file, Network net, Snapshot s) {
    Checkpoint.write(file, new Model(net, Generators.SPIRALS.encoding(), Map.of()), Map.of(), s);
  }

  /** Trains on this machine. */
  private Result alone(BlockTrainingCase c, Kernels kernels) throws IOException {
    Network net = c.network(kernels);
    Path file = directory.resolve("alone.npz");
    History h = c.trainer(net).checkpoint(s -> write(file, net, s))
        .fit(c.train(), BlockTrainingCase.TEST, c.epochs());
    return new Result(net.parameters(), values(h), Files.readAllBytes(file));
  }

  /** Trains with a source, and is stopped and resumed after these numbers of steps. */
  private Result divided(BlockTrainingCase c, int... stops) throws IOException {
    Path file = directory.resolve("divided.npz");
    for (int part = 0; ; part++) {
      Network net = c.network(BlockTrainingCase.kernels((int) c.seed() + part));
      Trainer t = c.trainer(net);
      if (part > 0) t.resume(Checkpoint.read(file).snapshot());
      int[] left = {part < stops.length ? stops[part] : Integer.MAX_VALUE};
      t.stopWhen(() -> left[0]-- == 0).checkpoint(s -> write(file, net, s));
      History h = t.fit(c.new Source(c.seed() * 10 + part), BlockTrainingCase.TEST, c.epochs());
      if (h.end() == End.INTERRUPTED) continue;
      return new Result(net.parameters(), values(h), Files.readAllBytes(file));
    }
  }

  private static void assertSameResult(Result expected, Result found, String what) {
    assertArrayEquals(expected.parameters, found.parameters, what);
    assertEquals(expected.history, found.history, what);
    assertArrayEquals(expected.checkpoint, found.checkpoint, what);
  }

  @Test
  void anyDivisionAmongWorkersGivesTheResultOfOneMachine() throws IOException {
    TreeSet<String> seen = new TreeSet<>();
    for (long seed = 1; seed <= 60; seed++) {
      BlockTrainingCase c = BlockTrainingCase.of(seed);
      Result alone = alone(c, BlockTrainingCase.kernels((int) seed));
      assertSameResult(alone, alone(c, BlockTrainingCase.kernels((int) seed + 1)), "alone, other kernels: " + c);
      assertSameResult(alone, divided(c), "divided: " + c);
      assertSameResult(alone, divided(c, 1 + (int) (seed % (2 * c.steps())), 2), "divided and resumed: " + c);
      int last = c.train().rows() % c.batch();
      seen.addAll(List.of(c.optimizer(), "penalty " + c.penalty(), "clip " + c.clip(), "dropout " + c.dropout(),
          "weights " + (c.train().weights() != null), "patience " + c.patience(),
          "blocks " + Math.min(3, GradientSum.blocks(c.batch(), c.block())),
          "short block " + (c.batch() % c.block() > 0), "short batch " + (last > 0 && last % c.block() > 0),
          "stopped early " + alone.history.contains(End.STOPPED_EARLY)));
    }
    assertEquals(3 + 4 + 2 + 2 + 2 + 3 + 3 + 2 + 2 + 2, seen.size(), "every setting: " + seen);
  }

  @Test
  void theSourceIsToldTheSettingsAndTheBatches() {
    BlockTrainingCase c = BlockTrainingCase.of(5);
    Source source = c.new Source(1) {
      @Override public double lossAndGradient(Batch b, double[] gradient) {
        int[] order = new int[c.train().rows()];
        EpochOrder.write(order, c.seed(), b.epoch());
        assertArrayEquals(order, b.order());
        return super.lossAndGradient(b, gradient);
      }
    };
    Network net = c.network(Kernels.best());
    c.trainer(net).fit(source, null, 2);
    assertSame(net, source.setting.network());
    assertEquals(c.batch(), source.setting.batch());
    assertEquals(c.block(), source.setting.block());
    assertEquals(c.seed(), source.setting.seed());
    assertEquals(c.loss().name(), source.setting.loss().name());
    assertEquals(2 * c.steps(), source.batches.size());
    for (int i = 0; i < source.batches.size(); i++) {
      GradientSource.Batch b = source.batches.get(i);
      int step = i % c.steps(), rows = Math.min(c.batch(), c.train().rows() - step * c.batch());
      assertEquals(List.of(1 + i / c.steps(), step, (long) i, step * c.batch(), rows),
          List.of(b.epoch(), b.stepOfEpoch(), b.step(), b.from(), b.rows()));
      double weight = 0;
      for (int row = 0; row < rows; row++) {
        weight += c.train().weights() == null ? 1 : c.train().weights()[b.order()[b.from() + row]];
      }
      if (i >= c.steps()) assertEquals(1 / weight, b.factor()); // the order of epoch 2 is still in the array
    }
  }

  // ---------------------------------------------------------------- failures

  /** Throws in one step. */
  private static GradientSource failing(BlockTrainingCase c, int step, Error failure) {
    return c.new Source(3) {
      @Override public double lossAndGradient(Batch b, double[] gradient) {
        double loss = super.lossAndGradient(b, gradient);
        if (b.step() == step) throw failure;
        return loss;
      }
    };
  }

  @Test
  void whenASourceThrowsTheStateBeforeTheStepCanBeResumed() throws IOException {
    BlockTrainingCase c = BlockTrainingCase.of(12);
    assertTrue(c.steps() > 1);
    Result alone = alone(c, Kernels.best());
    for (int step : new int[] {0, 1, c.steps() - 1, c.steps(), 2 * c.steps() - 1}) {
      Path file = directory.resolve("failed.npz");
      Files.deleteIfExists(file);
      Network net = c.network(Kernels.best());
      int[] checkpoints = {0};
      Error failure = new Error("the cluster is gone");
      assertSame(failure, assertThrows(Error.class, () -> c.trainer(net).checkpoint(s -> {
        checkpoints[0]++;
        write(file, net, s);
      }).fit(failing(c, step, failure), BlockTrainingCase.TEST, c.epochs())));
      assertEquals(step / c.steps() + 1, checkpoints[0], "one for each epoch, and one when it failed");
      Snapshot s = Checkpoint.read(file).snapshot();
      assertEquals(step, s.steps());
      Network resumed = c.network(Kernels.best());
      History h = c.trainer(resumed).resume(s).checkpoint(t -> write(file, resumed, t))
          .fit(c.new Source(step), BlockTrainingCase.TEST, c.epochs());
      assertSameResult(alone, new Result(resumed.parameters(), values(h), Files.readAllBytes(file)), "step " + step);
    }
  }

  @Test
  void aFailingCheckpointDoesNotHideTheFailureOfTheSource() {
    BlockTrainingCase c = BlockTrainingCase.of(12);
    Error failure = new Error("the cluster is gone");
    Error thrown = assertThrows(Error.class, () -> c.trainer(c.network(Kernels.best())).checkpoint(s -> {
      throw new IllegalStateException("the disk is full");
    }).fit(failing(c, 0, failure), null, 1));
    assertSame(failure, thrown);
    assertEquals("the disk is full", thrown.getSuppressed()[0].getMessage());
    assertSame(failure, assertThrows(Error.class,
        () -> c.trainer(c.network(Kernels.best())).fit(failing(c, 0, failure), null, 1)), "without a checkpoint");
  }

  @Test
  void divergenceIsReportedAndTheWeightsOfTheLastEpochAreRestored() {
    BlockTrainingCase c = BlockTrainingCase.of(12);
    for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      Network net = c.network(Kernels.best());
      double[][] first = new double[1][];
      DivergedException e = assertThrows(DivergedException.class, () -> c.trainer(net).listener(new TrainingListener() {
        @Override public void onEpoch(History.Epoch epoch) {
          first[0] = net.parameters().clone();
        }
      }).fit(c.new Source(1) {
        @Override public double lossAndGradient(Batch b, double[] gradient) {
          double loss = super.lossAndGradient(b, gradient);
          return b.step() == c.steps() + 1 ? bad : loss;
        }
      }, null, 3));
      assertEquals("the loss became " + (Double.isNaN(bad) ? "NaN" : "infinite") + " in epoch 2, step 2, in a batch "
          + "that was computed elsewhere; the network has the weights of epoch 1 again; a lower learning rate, "
          + "gradient clipping or standardized inputs usually help", e.getMessage());
      assertArrayEquals(first[0], net.parameters());
    }
  }

  /** A gradient that is not finite although the loss is: the parameters show it at the end of the epoch. */
  @Test
  void aGradientThatIsNotFiniteIsReported() {
    BlockTrainingCase c = BlockTrainingCase.of(12);
    Network net = c.network(Kernels.best());
    double[] initial = net.parameters().clone();
    DivergedException e = assertThrows(DivergedException.class, () -> c.trainer(net).fit(c.new Source(1) {
      @Override public double lossAndGradient(Batch b, double[] gradient) {
        double loss = super.lossAndGradient(b, gradient);
        if (b.step() == c.steps() - 1) gradient[0] = Double.NaN;
        return loss;
      }
    }, null, 3));
    assertTrue(e.getMessage().startsWith("a parameter became NaN in epoch 1, step " + c.steps()), e.getMessage());
    assertArrayEquals(initial, net.parameters());
  }

  @Test
  void aSourceMayRefuseAndMustHaveRows() {
    BlockTrainingCase c = BlockTrainingCase.of(12);
    Network net = c.network(Kernels.best());
    double[] initial = net.parameters().clone();
    assertEquals("one block is too few", assertThrows(IllegalArgumentException.class,
        () -> c.trainer(net).fit(c.new Source(1) {
          @Override public void begin(Setting value) {
            throw new IllegalArgumentException("one block is too few");
          }
        }, null, 3)).getMessage());
    assertEquals("training data: no rows", assertThrows(IllegalArgumentException.class,
        () -> c.trainer(net).fit(c.new Source(1) {
          @Override public int rows() {
            return 0;
          }
        }, null, 3)).getMessage());
    assertEquals("training data: the weights of all rows are 0", assertThrows(IllegalArgumentException.class,
        () -> c.trainer(net).fit(c.new Source(1) {
          @Override public double[] weights() {
            return new double[rows()];
          }
        }, null, 3)).getMessage());
    assertEquals("epochs: expected ≥ 1, found 0", assertThrows(IllegalArgumentException.class,
        () -> c.trainer(net).fit(c.new Source(1), null, 0)).getMessage());
    assertArrayEquals(initial, net.parameters());
  }

  // ---------------------------------------------------------------- workers and settings

  @Test
  void aWorkerRefusesBlocksAndDataThatDoNotFit() {
    BlockTrainingCase c = BlockTrainingCase.of(12);
    BlockWorker worker = new BlockWorker(c.network(Kernels.best()), c.loss(), 10, 1);
    int[] order = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
    GradientSource.Batch batch = new GradientSource.Batch(1, 0, 0, order, 0, 12, 1 / 12.0);
    GradientSum both = worker.sum(batch, c.train(), 0, 2);
    assertTrue(both.isComplete());
    GradientSum first = worker.sum(batch, c.train(), 0, 1);
    first.merge(worker.sum(batch, c.train(), 1, 2));
    assertArrayEquals(both.gradient(), first.gradient());
    assertRefused("blocks: expected 0 to 2, found 1 to 3", () -> worker.sum(batch, c.train(), 1, 3));
    assertRefused("blocks: expected 0 to 2, found -1 to 1", () -> worker.sum(batch, c.train(), -1, 1));
    GradientSum three = new GradientSum(Kernels.best(), 3, both.parameters());
    assertRefused("sum: expected one of 2 blocks, found 3",
        () -> worker.add(batch, c.train(), order, 0, 0, 1, three));
    Dataset wide = Dataset.regression(3, new double[36], 3, new double[36]);
    assertRefused("training data: rows of 3 inputs and 3 outputs do not fit the network " + c.network(Kernels.best()),
        () -> worker.sum(batch, wide, 0, 1));
    assertRefused("block: expected ≥ 1 rows, found 0",
        () -> new BlockWorker(c.network(Kernels.best()), c.loss(), 0, 1));
    assertRefused("blocks: expected ≥ 1 rows, found 0", () -> c.trainer(c.network(Kernels.best())).blocks(0));
  }

  private static void assertRefused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
