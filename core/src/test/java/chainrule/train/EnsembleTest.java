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
import chainrule.nn.Network;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Tanh;
import chainrule.nn.loss.BinaryCrossEntropy;
import chainrule.nn.optimizer.Adam;
import chainrule.nn.optimizer.GradientDescent;
import chainrule.random.CounterRandom;
import chainrule.train.History.End;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Checks ensembles against their members, which {@link Trainer} trains alone. */
class EnsembleTest {
  private static final Dataset DATA = Generators.MOONS.generate(90, 1);
  private static final int K = 5, EPOCHS = 12;
  private static final int[][][] FOLDS = DATA.folds(K, 3);

  private static Trainer member(int member, long seed) {
    Network net = Network.input(2).dense(6, new Tanh()).dropout(0.1).dense(1, new Sigmoid()).build(seed);
    return Trainer.of(net).optimizer(new Adam(0.05)).batch(7);
  }

  private static EnsembleTrainer trainer() {
    return EnsembleTrainer.of(FOLDS, EnsembleTest::member).patience(3).seed(11);
  }

  private static void assertSameBits(Ensemble expected, Ensemble actual, String what) {
    for (int m = 0; m < K; m++) {
      History a = expected.members().get(m).history(), b = actual.members().get(m).history();
      assertArrayEquals(expected.members().get(m).network().parameters(),
          actual.members().get(m).network().parameters(), what + ", member " + m);
      assertEquals(a.kept(), b.kept(), what);
      assertEquals(a.end(), b.end(), what);
      assertEquals(a.epochs().size(), b.epochs().size(), what);
      for (int e = 0; e < a.epochs().size(); e++) {
        assertEquals(a.epochs().get(e).validation(), b.epochs().get(e).validation(), what);
        assertEquals(a.epochs().get(e).trainLoss(), b.epochs().get(e).trainLoss(), what);
      }
    }
    assertArrayEquals(expected.outOfFold().rows(), actual.outOfFold().rows(), what);
    assertArrayEquals(expected.outOfFold().yhat(), actual.outOfFold().yhat(), what);
  }

  @Test
  void eachMemberIsTheNetworkThatItsTrainerTrainsAlone() {
    Ensemble e = trainer().threads(2).fit(DATA, EPOCHS);
    TreeSet<Long> seeds = new TreeSet<>();
    for (int m = 0; m < K; m++) {
      long seed = CounterRandom.seedOfRun(11, m);
      seeds.add(seed);
      Trainer alone = member(m, seed).seed(seed).stopEarly(DATA.select(FOLDS[m][1]), 3);
      History h = alone.fit(DATA.select(FOLDS[m][0]), EPOCHS);
      assertArrayEquals(alone.network.parameters(), e.members().get(m).network().parameters());
      assertEquals(h.kept(), e.members().get(m).history().kept());
    }
    assertEquals(K, seeds.size());
    assertTrue(seeds.contains(11L), "member 0 has the seed itself");
  }

  @Test
  void theBitsAreTheSameForAnyNumberOfThreads() {
    Ensemble one = trainer().fit(DATA, EPOCHS);
    for (int threads : new int[] {2, 5, 16}) {
      assertSameBits(one, trainer().threads(threads).fit(DATA, EPOCHS), threads + " threads");
    }
  }

  @Test
  void membersTrainedOneByOneAndSentMakeTheSameEnsemble() throws Exception {
    List<TrainedMember> sent = new ArrayList<>();
    for (int m : new int[] {3, 0, 4, 2, 1}) sent.add(sent(trainer().fitMember(m, DATA, EPOCHS)));
    assertSameBits(trainer().fit(DATA, EPOCHS), trainer().assemble(DATA, sent), "one by one");
  }

  @Test
  void aMemberThatIsMissingCountsAsInterrupted() {
    TrainedMember first = trainer().fitMember(1, DATA, EPOCHS);
    Ensemble e = trainer().assemble(DATA, List.of(first));
    assertEquals(End.INTERRUPTED, e.end());
    assertEquals(List.of(e.members().get(1)), e.averaged());
    int[] held = FOLDS[1][1].clone();
    Arrays.sort(held);
    assertArrayEquals(held, e.outOfFold().rows());
    assertEquals("member 1 is given twice", assertThrows(IllegalArgumentException.class,
        () -> trainer().assemble(DATA, List.of(first, first))).getMessage());
    assertEquals("member 5 of an ensemble of 5", assertThrows(IllegalArgumentException.class,
        () -> trainer().assemble(DATA, List.of(new TrainedMember(5, first.parameters(), first.history()))))
        .getMessage());
    assertEquals("member 1: expected 25 parameters, found 3", assertThrows(IllegalArgumentException.class,
        () -> trainer().assemble(DATA, List.of(new TrainedMember(1, new double[3], first.history())))).getMessage());
    assertThrows(IndexOutOfBoundsException.class, () -> trainer().fitMember(5, DATA, EPOCHS));
    assertThrows(IllegalStateException.class, () -> trainer().checkpoint(s -> { }).fitMember(0, DATA, EPOCHS));
  }

  private static TrainedMember sent(TrainedMember member) throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(member);
    }
    return (TrainedMember) new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
  }

  /** Targets that depend on the row number alone: only a network that trained on a row can know its target. */
  @Test
  void aRowIsPredictedByTheMemberThatNeverSawIt() {
    int n = 12;
    double[] x = new double[n * n], y = new double[n];
    for (int i = 0; i < n; i++) {
      x[i * n + i] = 1; // a one-hot row number
      y[i] = 5 + i;
    }
    Dataset data = Dataset.regression(n, x, 1, y);
    int[][][] folds = data.folds(4, 1);
    Ensemble e = EnsembleTrainer.of(folds, (m, seed) -> Trainer.of(Network.input(n).dense(1, new Linear(),
        chainrule.nn.Initialization.ZEROS).build(seed)).optimizer(new GradientDescent(0.2)).batch(3))
        .patience(1000).fit(data, 300);
    assertArrayEquals(IntStream.range(0, n).toArray(), e.outOfFold().rows());
    for (int m = 0; m < 4; m++) {
      double[] theta = e.members().get(m).network().parameters(), yhat = e.members().get(m).network().predict(x);
      for (int row : folds[m][1]) {
        assertEquals(0.0, theta[row], "the weight of a held-out row never changed");
        assertEquals(theta[n], e.outOfFold().yhat()[row], "so its prediction is the bias");
        assertEquals(yhat[row], e.outOfFold().yhat()[row]);
      }
      for (int row : folds[m][0]) assertNotEquals(0.0, theta[row]);
    }
  }

  @Test
  void metricsOutOfFoldAreThoseOfTheSameRows() {
    Ensemble e = trainer().fit(DATA, EPOCHS);
    assertEquals(DATA.rows(), e.outOfFold().rows().length);
    Evaluation out = e.outOfFold().evaluate(new BinaryCrossEntropy(), DATA);
    double loss = 0;
    int right = 0;
    for (int m = 0; m < K; m++) {
      Dataset held = DATA.select(FOLDS[m][1]);
      Evaluation own = Trainer.of(e.members().get(m).network()).evaluate(held);
      loss += own.loss() * held.rows() / DATA.rows();
      right += (int) Math.round(own.accuracy() * held.rows());
    }
    assertEquals(loss, out.loss(), 1e-12, "one loss is computed from ŷ, the other from logits");
    assertEquals((double) right / DATA.rows(), out.accuracy());
  }

  @Test
  void weightsOfRowsCountInTheLossOutOfFold() {
    double[] w = new double[DATA.rows()];
    for (int i = 0; i < w.length; i++) w[i] = i % 3;
    Dataset weighted = DATA.withWeights(w);
    Ensemble e = trainer().fit(weighted, 3);
    double[] yhat = e.outOfFold().yhat();
    double sum = 0, total = 0;
    for (int i = 0; i < w.length; i++) {
      sum -= w[i] * Math.log(DATA.y()[i] == 1 ? yhat[i] : 1 - yhat[i]);
      total += w[i];
    }
    assertEquals(sum / total, e.outOfFold().evaluate(new BinaryCrossEntropy(), weighted).loss(), 1e-13);
  }

  // ---------------------------------------------------------------- stop and resume

  /** A deep copy, as a file makes one. */
  private static Snapshot copy(Snapshot s) {
    double[][] state = new double[s.optimizerState().length][];
    for (int i = 0; i < state.length; i++) state[i] = s.optimizerState()[i].clone();
    return new Snapshot(s.epochs(), s.stepsOfEpoch(), s.lossOfEpoch(), s.steps(), s.parameters().clone(),
        s.epochParameters().clone(), state, s.bestEpoch(), s.bestParameters().clone());
  }

  private static EnsembleSnapshot copy(EnsembleSnapshot s) {
    return new EnsembleSnapshot(s.members().stream().map(EnsembleTest::copy).toList());
  }

  @Test
  void aResumedEnsembleEndsInTheBitsOfAnUninterruptedOne() {
    Ensemble whole = trainer().fit(DATA, EPOCHS);
    for (int after : new int[] {0, 1, 29, 100, 200, 333, 450}) {
      for (int threads : new int[] {1, 2, 5}) {
        List<EnsembleSnapshot> last = new ArrayList<>();
        AtomicInteger steps = new AtomicInteger();
        Ensemble part = trainer().threads(threads).stopWhen(() -> steps.incrementAndGet() > after)
            .checkpoint(s -> {
              last.clear();
              last.add(copy(s));
            }).fit(DATA, EPOCHS);
        String what = "stopped after " + after + " steps on " + threads + " threads";
        assertEquals(End.INTERRUPTED, part.end(), what);
        Ensemble resumed = trainer().threads(6 - threads).resume(last.get(0)).fit(DATA, EPOCHS);
        assertSameBits(whole, resumed, what);
      }
    }
  }

  @Test
  void membersThatHaveNotBegunOrHaveEndedAreResumedToo() {
    List<EnsembleSnapshot> last = new ArrayList<>();
    Ensemble part = trainer().stopWhen(() -> last.size() >= 20).checkpoint(s -> last.add(copy(s))).fit(DATA, EPOCHS);
    EnsembleSnapshot s = last.get(last.size() - 1);
    assertEquals(0, s.members().get(K - 1).steps(), "one thread has not begun the last member");
    assertFalse(part.members().get(K - 1).isTrained());
    assertTrue(part.networks().size() < K);
    assertNotEquals(End.INTERRUPTED, part.members().get(0).history().end());
    assertTrue(part.outOfFold().rows().length < DATA.rows(), "rows of untrained members have no prediction");
    for (int row : FOLDS[K - 1][1]) assertFalse(IntStream.of(part.outOfFold().rows()).anyMatch(r -> r == row));
    assertSameBits(trainer().fit(DATA, EPOCHS), trainer().resume(s).fit(DATA, EPOCHS), "resumed");
  }

  private static Ensemble.Member member(double heldOutLoss, End end) {
    List<History.Epoch> epochs = Double.isNaN(heldOutLoss) ? List.of() : List.of(
        new History.Epoch(1, 1, new Evaluation(heldOutLoss, 0.5, 0.5, 0.5, Double.NaN), null, 0.1, 0));
    return new Ensemble.Member(Network.input(1).dense(1, new Tanh()).build(1), new History(epochs, end, epochs.size()));
  }

  @Test
  void aStoppedMemberIsAveragedOnlyIfItIsAsGoodAsOneThatHasEnded() {
    Ensemble.Member finished = member(0.3, End.FINISHED), early = member(0.4, End.STOPPED_EARLY);
    Ensemble.Member good = member(0.4, End.INTERRUPTED), bad = member(0.41, End.INTERRUPTED);
    Ensemble.Member none = member(Double.NaN, End.INTERRUPTED);
    assertEquals(List.of(finished, good, early), Ensemble.averaged(List.of(finished, bad, good, none, early)));
    assertEquals(List.of(bad, good), Ensemble.averaged(List.of(none, bad, good)), "none has ended");
    assertEquals(List.of(), Ensemble.averaged(List.of(none, none)));
    assertEquals(List.of(early, finished), Ensemble.averaged(List.of(early, finished)), "no interruption");
  }

  @Test
  void outOfFoldRowsAreThoseOfTheAveragedMembers() {
    AtomicInteger last = new AtomicInteger();
    Ensemble part = trainer().listener(new EnsembleListener() {
      @Override public void onStep(int member, int epoch, int step, int steps, double loss) {
        last.set(member == 1 && epoch == 2 ? 1 : 0); // member 0 has ended, member 1 has done one epoch
      }
    }).stopWhen(() -> last.get() == 1).fit(DATA, EPOCHS);
    assertTrue(part.members().get(1).isTrained());
    int[] expected = part.averaged().stream().map(part.members()::indexOf)
        .flatMapToInt(m -> IntStream.of(FOLDS[m][1])).sorted().toArray();
    assertArrayEquals(expected, part.outOfFold().rows());
    assertEquals(part.averaged().stream().map(Ensemble.Member::network).toList(), part.networks());
    double ended = part.members().get(0).history().keptEpoch().validation().loss();
    double stopped = part.members().get(1).history().keptEpoch().validation().loss();
    assertEquals(stopped > ended ? 1 : 2, part.networks().size());
  }

  @Test
  void theLastCheckpointHasTheStateOfEveryMemberAtItsEnd() {
    for (int threads : new int[] {1, 3}) {
      List<EnsembleSnapshot> last = new ArrayList<>();
      AtomicInteger calls = new AtomicInteger();
      Ensemble e = trainer().threads(threads).checkpoint(s -> {
        calls.incrementAndGet();
        last.clear();
        last.add(copy(s));
      }).fit(DATA, EPOCHS);
      int epochs = 0;
      for (int m = 0; m < K; m++) {
        History h = e.members().get(m).history();
        epochs += h.epochs().size();
        assertEquals(h.epochs().size(), last.get(0).members().get(m).epochs().size());
        assertArrayEquals(e.members().get(m).network().parameters(), last.get(0).members().get(m).bestParameters());
      }
      assertEquals(epochs, last.get(0).epochs());
      assertTrue(calls.get() <= epochs, "at most one call for each epoch of a member");
    }
  }

  @Test
  void anInterruptOfTheCallingThreadStopsAllMembersAndIsKept() {
    Ensemble[] result = new Ensemble[1];
    boolean[] interrupted = new boolean[1];
    Thread caller = new Thread(() -> {
      result[0] = trainer().threads(3).patience(1_000_000).fit(DATA, 1_000_000);
      interrupted[0] = Thread.currentThread().isInterrupted();
    });
    caller.start();
    caller.interrupt();
    while (caller.isAlive()) {
      try {
        caller.join();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
    assertEquals(End.INTERRUPTED, result[0].end());
    assertTrue(interrupted[0]);
  }

  @Test
  void progressIsReportedForEachMemberInOrder() {
    List<List<Integer>> epochs = new ArrayList<>();
    List<Integer> ended = Collections.synchronizedList(new ArrayList<>());
    int[] steps = new int[K];
    for (int m = 0; m < K; m++) epochs.add(new ArrayList<>());
    Ensemble e = trainer().threads(4).listener(new EnsembleListener() {
      @Override public void onStep(int member, int epoch, int step, int of, double loss) {
        steps[member]++;
        assertTrue(step <= of && epoch == epochs.get(member).size() + 1);
      }

      @Override public void onEpoch(int member, History.Epoch epoch) {
        epochs.get(member).add(epoch.number());
      }

      @Override public void onEnd(int member, History history) {
        assertEquals(epochs.get(member).size(), history.epochs().size());
        ended.add(member);
      }
    }).fit(DATA, EPOCHS);
    for (int m = 0; m < K; m++) {
      int n = e.members().get(m).history().epochs().size();
      assertEquals(IntStream.rangeClosed(1, n).boxed().toList(), epochs.get(m));
      assertEquals((72 + 6) / 7 * n, steps[m]);
    }
    assertEquals(List.of(0, 1, 2, 3, 4), ended.stream().sorted().toList());
  }

  // ---------------------------------------------------------------- refusals

  private static String refusal(EnsembleTrainer t) {
    return assertThrows(IllegalArgumentException.class, () -> t.fit(DATA, 3)).getMessage();
  }

  @Test
  void aStateOfAnotherEnsembleIsRefused() {
    List<EnsembleSnapshot> states = new ArrayList<>();
    trainer().checkpoint(s -> states.add(copy(s))).fit(DATA, 1);
    EnsembleSnapshot s = states.get(states.size() - 1);
    assertEquals("the state to resume is of an ensemble of 5 members, but this one has 4",
        refusal(EnsembleTrainer.of(DATA.folds(4, 3), EnsembleTest::member).resume(s)));
    AtomicInteger written = new AtomicInteger();
    EnsembleTrainer wider = EnsembleTrainer.of(FOLDS, (m, seed) -> Trainer.of(
        Network.input(2).dense(m == 4 ? 7 : 6, new Tanh()).dropout(0.1).dense(1, new Sigmoid()).build(seed)).batch(7));
    assertTrue(refusal(wider.resume(s).checkpoint(n -> written.incrementAndGet())).startsWith("the state to resume, "));
    assertEquals("the optimizer sgd keeps 0 numbers for each parameter, but the saved state has 2",
        refusal(EnsembleTrainer.of(FOLDS, (m, seed) -> member(m, seed).optimizer(new GradientDescent(0.1))).resume(s)
            .checkpoint(n -> written.incrementAndGet())));
    assertEquals(0, written.get(), "no member has trained, so the file still has its state");
  }

  @Test
  void foldsThatDoNotFitAreRefused() {
    assertEquals("an ensemble has at least one member, found no folds",
        refusal(EnsembleTrainer.of(new int[0][][], EnsembleTest::member)));
    assertEquals("row 1 is held out twice",
        refusal(EnsembleTrainer.of(new int[][][] {{{0}, {1}}, {{2}, {1}}}, EnsembleTest::member)));
    assertEquals("row 1 is both trained on and held out by fold 1",
        refusal(EnsembleTrainer.of(new int[][][] {{{1}, {0}}, {{0, 1}, {1}}}, EnsembleTest::member)));
    assertEquals("a fold has row 90, but the data has 90 rows, from 0",
        refusal(EnsembleTrainer.of(new int[][][] {{{90}, {0}}}, EnsembleTest::member)));
    assertEquals("fold 0 has no rows to train on",
        refusal(EnsembleTrainer.of(new int[][][] {{{}, {0}}}, EnsembleTest::member)));
    Network net = Network.input(2).dense(1, new Sigmoid()).build(1);
    assertEquals("members 0 and 1 have the same network; build one for each",
        refusal(EnsembleTrainer.of(FOLDS, (m, seed) -> Trainer.of(net))));
  }

  @Test
  void theFirstMemberThatDivergesIsNamedForAnyNumberOfThreads() {
    for (int threads : new int[] {1, 2, 5}) {
      EnsembleTrainer t = EnsembleTrainer.of(FOLDS, (m, seed) -> member(m, seed)
          .optimizer(new GradientDescent(m == 1 || m == 3 ? 1e308 : 0.1))).threads(threads).patience(50);
      DivergedException e = assertThrows(DivergedException.class, () -> t.fit(DATA, 50));
      assertTrue(e.getMessage().startsWith("member 2 of 5: "), e.getMessage());
    }
  }
}
