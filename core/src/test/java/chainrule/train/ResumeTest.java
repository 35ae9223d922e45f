// SPDX-License-Identifier: MIT
package chainrule.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.Dataset;
import chainrule.data.Generators;
import chainrule.io.Checkpoint;
import chainrule.io.Model;
import chainrule.kernels.Kernels;
import chainrule.kernels.ScalarKernels;
import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Softmax;
import chainrule.nn.activation.Tanh;
import chainrule.nn.loss.MeanSquaredError;
import chainrule.nn.optimizer.Adam;
import chainrule.nn.optimizer.GradientDescent;
import chainrule.nn.optimizer.Optimizer;
import chainrule.nn.optimizer.Optimizers;
import chainrule.random.CounterRandom;
import chainrule.train.History.End;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run that is stopped, saved to a file, read back and resumed in a new network ends in the bits of an uninterrupted
 * run. This holds for its parameters, its history and its checkpoint, which includes the model.
 */
class ResumeTest {
  private static final int BATCH = 16, STEPS = 4;
  private static final Dataset ALL = Generators.SPIRALS.generate(84, 3);
  private static final Dataset TRAIN = rows(0, 50), VALIDATION = rows(50, 70), TEST = rows(70, 84);

  @TempDir Path directory;

  private static Dataset rows(int from, int to) {
    int[] rows = new int[to - from];
    for (int i = 0; i < rows.length; i++) rows[i] = from + i;
    return ALL.select(rows);
  }

  /** The settings of a run. A patience of 0 means no validation. */
  private record Setting(
      Optimizer optimizer, Schedule schedule, Regularization penalty, double clip, int patience, int epochs) {

    static Setting of(Optimizer optimizer) {
      return new Setting(optimizer, new ConstantRate(), Regularization.NONE, Double.POSITIVE_INFINITY, 0, 3);
    }

    Setting everything() {
      return new Setting(optimizer, new WarmUp(1, new CosineDecay(0.1)), Regularization.l1l2(1e-4, 1e-3), 0.5, 2,
          epochs);
    }

    Setting withEpochs(int n) {
      return new Setting(optimizer, schedule, penalty, clip, patience, n);
    }

    Trainer trainer(Network net) {
      Trainer t = Trainer.of(net).optimizer(optimizer).schedule(schedule).regularization(penalty).clip(clip)
          .batch(BATCH)
          .seed(9);
      return patience == 0 ? t : t.stopEarly(VALIDATION, patience);
    }
  }

  private static Network network(Kernels kernels) {
    return Network.input(2).dense(9, new Relu()).dropout(0.25).dense(6, new Tanh()).dense(3, new Softmax())
        .kernels(kernels).build(4);
  }

  /** Returns the kernels for part n of a run. The bits do not depend on them. */
  private static Kernels kernels(int n) {
    return n % 3 == 0 ? Kernels.best() : n % 3 == 1 ? ScalarKernels.INSTANCE : Kernels.best().withThreads(2);
  }

  /** The results of a run. Its model is part of its last checkpoint. */
  private record Result(double[] parameters, History history, byte[] checkpoint) {}

  /** Runs in parts: stops after stops[0] steps, resumes, stops after another stops[1] steps, and so on. */
  private Result run(Setting s, int... stops) throws IOException {
    return run(s, c -> c, stops);
  }

  /** Runs in parts, and changes each snapshot with {@code between} before it resumes. */
  private Result run(Setting s, UnaryOperator<Snapshot> between, int... stops) throws IOException {
    Path file = directory.resolve("run.npz");
    Files.deleteIfExists(file);
    for (int part = 0; ; part++) {
      Kernels kernels = kernels(stops.length + part);
      Network net = network(kernels);
      Trainer t = s.trainer(net);
      if (part > 0) t.resume(between.apply(Checkpoint.read(file, kernels).snapshot()));
      int[] left = {part < stops.length ? stops[part] : Integer.MAX_VALUE};
      t.stopWhen(() -> left[0]-- == 0);
      t.checkpoint(c -> {
        int done = c.epochs().size();
        boolean needed = left[0] < 0 || done == s.epochs || s.patience > 0 && done - c.bestEpoch() == s.patience;
        Model model = new Model(net, Generators.SPIRALS.encoding(), Map.of());
        if (needed) Checkpoint.write(file, model, Map.of("a", "b"), c); // not every time, which would be slow
      });
      History h = t.fit(TRAIN, TEST, s.epochs);
      if (h.end() == End.INTERRUPTED) continue;
      return new Result(net.parameters(), h, Files.readAllBytes(file));
    }
  }

  /** Returns everything in a history except the seconds, which differ between runs. */
  private static List<Object> values(History h) {
    List<Object> all = new ArrayList<>(List.of(h.end(), h.kept()));
    for (History.Epoch e : h.epochs()) {
      all.addAll(Arrays.asList(e.number(), e.trainLoss(), e.validation(), e.test(), e.rate()));
    }
    return all;
  }

  private static void assertSame(Result whole, Result parts, String what) {
    assertArrayEquals(bits(whole.parameters), bits(parts.parameters), what);
    assertEquals(values(whole.history), values(parts.history), what);
    assertArrayEquals(whole.checkpoint, parts.checkpoint, what);
  }

  private static long[] bits(double[] v) {
    return Arrays.stream(v).mapToLong(Double::doubleToRawLongBits).toArray();
  }

  @Test
  void everyOptimizerResumesToTheSameBitsFromAnyStep() throws IOException {
    for (String name : Optimizers.names()) {
      Setting s = Setting.of(Optimizers.parse(name)).withEpochs(2);
      Result whole = run(s);
      assertEquals(End.FINISHED, whole.history.end());
      for (int stop = 0; stop < 2 * STEPS; stop++) assertSame(whole, run(s, stop), name + " stopped after " + stop);
    }
  }

  @Test
  void everyOptimizerResumesToTheSameBitsWithAllSettingsCombined() throws IOException {
    for (String name : Optimizers.names()) {
      Setting s = Setting.of(Optimizers.parse(name)).everything();
      Result whole = run(s);
      for (int n = 0; n < 3; n++) {
        int[] stops = new int[1 + n];
        for (int i = 0; i <= n; i++) stops[i] = CounterRandom.below(STEPS, n, name.hashCode(), i);
        assertSame(whole, run(s, stops), name + " stopped after " + Arrays.toString(stops));
      }
    }
  }

  @Test
  void everyScheduleResumesToTheSameBits() throws IOException {
    for (String schedule : List.of("constant", "step:every=1,by=0.3", "cosine", "cosine:floor=0.2,warmup=2",
        "constant:warmup=1", "step:every=2,by=0.5,warmup=1")) {
      Setting s = new Setting(new Adam(0.01), Schedules.parse(schedule), Regularization.NONE, 1, 0, 3);
      Result whole = run(s);
      for (int stop : new int[] {1, STEPS, 2 * STEPS + 3}) assertSame(whole, run(s, stop), schedule + " after " + stop);
    }
  }

  /** The run is stopped before, in and after its best epoch, and in the last epoch of its patience. */
  @Test
  void earlyStoppingKeepsTheSameEpochWhereverTheRunWasInterrupted() throws IOException {
    Setting s = new Setting(new Adam(0.3), new ConstantRate(), Regularization.NONE, Double.POSITIVE_INFINITY, 3, 40);
    Result whole = run(s);
    int last = whole.history.epochs().size(), kept = whole.history.kept();
    assertEquals(End.STOPPED_EARLY, whole.history.end());
    assertTrue(kept > 1 && kept + 3 == last && last < 40, kept + " of " + last);
    for (int stop = 0; stop < last * STEPS; stop += 3) assertSame(whole, run(s, stop), "after " + stop);
    assertSame(whole, run(s, (kept - 1) * STEPS + 1, 2, 0, STEPS, 1), "in parts around the best epoch");
  }

  @Test
  void resumingAFinishedRunChangesNothing() throws IOException {
    Setting finished = Setting.of(new Adam(0.01)), early = new Setting(
        new Adam(0.3), new ConstantRate(), Regularization.NONE, Double.POSITIVE_INFINITY, 3, 40);
    for (Setting s : List.of(finished, early)) {
      Result whole = run(s);
      Path file = directory.resolve("run.npz");
      Network net = network(kernels(0));
      boolean[] written = {false};
      History h = s.trainer(net).resume(Checkpoint.read(file).snapshot()).checkpoint(c -> written[0] = true)
          .fit(TRAIN, TEST, s.epochs);
      assertEquals(values(whole.history), values(h));
      assertArrayEquals(bits(whole.parameters), bits(net.parameters()));
      assertArrayEquals(whole.checkpoint, Files.readAllBytes(file));
      assertFalse(written[0], "nothing new to write");
      assertEquals(0, h.last().seconds());
    }
  }

  @Test
  void resumingWithMoreEpochsEqualsALongerRunUnlessTheScheduleDependsOnThem() throws IOException {
    for (String schedule : List.of("constant", "step:every=1,by=0.5", "step:every=2,by=0.1,warmup=1", "cosine")) {
      Setting s = new Setting(new Adam(0.01), Schedules.parse(schedule), Regularization.l2(1e-3), 1, 0, 2);
      Result longer = run(s.withEpochs(5));
      run(s);
      Path file = directory.resolve("run.npz");
      Network net = network(kernels(2));
      History h = s.trainer(net).resume(Checkpoint.read(file).snapshot()).fit(TRAIN, TEST, 5);
      boolean same = Arrays.equals(bits(longer.parameters), bits(net.parameters()));
      assertEquals(!s.schedule.dependsOnEpochs(), same, schedule);
      assertEquals(same, values(longer.history).equals(values(h)), schedule);
    }
  }

  /** Plants mistakes: a run that resumes without part of its state must not end in the same bits. */
  @Test
  void everyPartOfTheStateIsNeeded() throws IOException {
    Setting s = new Setting(new Adam(0.3), new ConstantRate(), Regularization.NONE, Double.POSITIVE_INFINITY, 3, 40);
    Result whole = run(s);
    int stop = (whole.history.kept() + 1) * STEPS + 2; // after the best epoch, in the middle of another
    assertSame(whole, run(s, stop), "nothing lost");
    Map<String, UnaryOperator<Snapshot>> lost = Map.of(
        "the optimizer's state", c -> with(c, c.parameters(), c.lossOfEpoch(), new double[2][c.parameters().length],
            c.bestEpoch(), c.bestParameters()),
        "the loss of the epoch", c -> with(c, c.parameters(), 0, c.optimizerState(), c.bestEpoch(), c.bestParameters()),
        "the parameters", c -> with(c, c.epochParameters(), c.lossOfEpoch(), c.optimizerState(), c.bestEpoch(),
            c.bestParameters()),
        "which epoch was best", c -> with(c, c.parameters(), c.lossOfEpoch(), c.optimizerState(), c.epochs().size(),
            c.bestParameters()),
        "the best parameters", c -> with(c, c.parameters(), c.lossOfEpoch(), c.optimizerState(), c.bestEpoch(),
            c.parameters()));
    for (var e : lost.entrySet()) {
      Result parts = run(s, e.getValue(), stop);
      assertThrows(AssertionError.class, () -> assertSame(whole, parts, e.getKey()), e.getKey() + " lost undetected");
    }
  }

  private static Snapshot with(
      Snapshot c, double[] theta, double lossOfEpoch, double[][] state, int bestEpoch, double[] best) {
    return new Snapshot(
        c.epochs(), c.stepsOfEpoch(), lossOfEpoch, c.steps(), theta, c.epochParameters(), state, bestEpoch,
        best);
  }

  @Test
  void aSnapshotThatDoesNotFitIsRejectedBeforeAnythingChanges() throws IOException {
    Setting plain = Setting.of(new Adam(0.01)), validated = new Setting(
        new Adam(0.01), new ConstantRate(), Regularization.NONE, Double.POSITIVE_INFINITY, 5, 3);
    run(validated, STEPS + 1);
    Snapshot v = Checkpoint.read(directory.resolve("run.npz")).snapshot();
    run(plain);
    Snapshot p = Checkpoint.read(directory.resolve("run.npz")).snapshot();
    String ours = " is not one of 2 → 9 relu → dropout 0.25 → 6 tanh → 3 softmax (108 parameters) in epochs of 4 steps";
    String theirs = "the state to resume, 108 parameters after 3 epochs and 12 steps";
    refused(theirs + " with validation," + ours + " without validation", plain, v);
    refused(theirs + " without validation," + ours + " with validation", validated, p);
    refused("the state to resume, 5 parameters after 3 epochs and 12 steps without validation," + ours
        + " without validation", plain, with(p, new double[5], 0, p.optimizerState(), 0, null));
    refused(theirs + " with validation," + ours + " with validation", validated,
        with(v, v.parameters(), 0, v.optimizerState(), v.bestEpoch(), new double[5]));
    refused(theirs + " with validation," + ours + " with validation", validated,
        with(v, v.parameters(), 0, v.optimizerState(), 4, v.bestParameters()));
    refused("the state to resume, 108 parameters after 3 epochs and 13 steps without validation," + ours
        + " without validation", plain, new Snapshot(p.epochs(), 0, 0, 13, p.parameters(), p.epochParameters(),
        p.optimizerState(), 0, null));
    refused("the optimizer adam keeps 2 numbers for each parameter, but the saved state has 1", plain,
        with(p, p.parameters(), 0, new double[1][108], 0, null));
    refused("the optimizer's saved state is for 7 parameters, but the network has 108", plain,
        with(p, p.parameters(), 0, new double[2][7], 0, null));
  }

  private static void refused(String message, Setting s, Snapshot c) {
    Network net = network(ScalarKernels.INSTANCE);
    double[] before = net.parameters().clone();
    Trainer t = s.trainer(net).resume(c);
    assertEquals(message,
        assertThrows(IllegalArgumentException.class, () -> t.fit(TRAIN, TEST, s.epochs)).getMessage());
    assertArrayEquals(before, net.parameters());
  }

  /** The run resumes in the middle of the third epoch with a step at an infinite rate. */
  @Test
  void aResumedRunThatDivergesRestoresTheSameWeights() throws IOException {
    Schedule spike = new Schedule() {
      @Override public String name() {
        return "spike";
      }

      @Override public double factor(long t, int stepsPerEpoch, int epochs) {
        return t == 2 * STEPS + 3 ? Double.POSITIVE_INFINITY : 1;
      }
    };
    Setting s = new Setting(new GradientDescent(0.1), spike, Regularization.NONE, Double.POSITIVE_INFINITY, 0, 5);
    Network whole = network(kernels(0));
    DivergedException expected = assertThrows(DivergedException.class, () -> s.trainer(whole).fit(TRAIN, 5));
    Path file = directory.resolve("diverging.npz");
    Network first = network(kernels(0)), second = network(kernels(1));
    int[] left = {2 * STEPS + 2};
    s.trainer(first).stopWhen(() -> left[0]-- == 0).checkpoint(
        c -> Checkpoint.write(file, new Model(first, Generators.SPIRALS.encoding(), Map.of()), Map.of(), c))
        .fit(TRAIN, 5);
    assertFalse(Arrays.equals(whole.parameters(), first.parameters()), "stopped within an epoch");
    Trainer t = s.trainer(second).resume(Checkpoint.read(file).snapshot());
    DivergedException e = assertThrows(DivergedException.class, () -> t.fit(TRAIN, 5));
    assertEquals(expected.getMessage(), e.getMessage());
    assertArrayEquals(bits(whole.parameters()), bits(second.parameters()));
  }

  @Test
  void aCancelledFutureSavesItsStateAndResumesToTheSameBits() throws Exception {
    Setting s = Setting.of(new Adam(0.01)).everything();
    Network whole = network(kernels(0)), first = network(kernels(0)), second = network(kernels(0));
    s.trainer(whole).fit(TRAIN, s.epochs);
    Path file = directory.resolve("cancelled.npz");
    AtomicReference<Future<?>> future = new AtomicReference<>();
    AtomicReference<History> history = new AtomicReference<>();
    AtomicBoolean stillInterrupted = new AtomicBoolean();
    FutureTask<Void> task = new FutureTask<>(() -> {
      history.set(s.trainer(first).stopWhen(Thread.currentThread()::isInterrupted).checkpoint(
          c -> Checkpoint.write(file, new Model(first, Generators.SPIRALS.encoding(), Map.of()), Map.of(), c))
          .listener(new TrainingListener() {
            @Override public void onStep(int epoch, int step, int steps, double loss) {
              if (epoch == 2 && step == 3) future.get().cancel(true); // interrupts this thread
            }
          }).fit(TRAIN, s.epochs));
      stillInterrupted.set(Thread.currentThread().isInterrupted());
      return null;
    });
    future.set(task);
    Thread thread = new Thread(task);
    thread.start();
    thread.join(TimeUnit.MINUTES.toMillis(1));
    assertTrue(task.isCancelled());
    assertEquals(End.INTERRUPTED, history.get().end());
    assertTrue(stillInterrupted.get(), "the interrupt is passed on to the caller");
    Snapshot snapshot = Checkpoint.read(file).snapshot();
    assertEquals(STEPS + 3, snapshot.steps());
    s.trainer(second).resume(snapshot).fit(TRAIN, s.epochs);
    assertArrayEquals(bits(whole.parameters()), bits(second.parameters()));
  }

  /**
   * The square of a target of 1e200 overflows, R² of one row is undefined, and a NaN target makes the validation loss
   * NaN.
   */
  @Test
  void nanAndInfinityInTheHistoryAreRestored() throws IOException {
    Dataset line = Dataset.regression(1, new double[] {1, 2, 3, 4}, 1, new double[] {2, 3, 5, 9});
    Dataset one = Dataset.regression(1, new double[] {5}, 1, new double[] {1e200});
    Dataset nan = Dataset.regression(1, new double[] {5}, 1, new double[] {Double.NaN});
    Network net = Network.input(1).dense(1, new Linear()).build(1);
    Path file = directory.resolve("odd.npz");
    History h = Trainer.of(net).loss(new MeanSquaredError()).batch(2).stopEarly(nan, 5)
        .checkpoint(c -> Checkpoint.write(file,
        new Model(net, chainrule.data.Encoding.plain(1, 1), Map.of()), Map.of(), c)).fit(line, one, 2);
    assertEquals(Double.POSITIVE_INFINITY, h.last().test().loss());
    assertEquals(Double.NaN, h.last().test().r2());
    assertEquals(Double.NaN, h.last().validation().loss());
    Snapshot s = Checkpoint.read(file).snapshot();
    assertEquals(values(h), values(new History(s.epochs(), h.end(), s.bestEpoch())));
    assertNotEquals(0, s.bestEpoch());
  }
}
