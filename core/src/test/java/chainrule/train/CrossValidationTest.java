// SPDX-License-Identifier: MIT
package chainrule.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.Dataset;
import chainrule.data.Generators;
import chainrule.kernels.Kernels;
import chainrule.nn.Network;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Tanh;
import chainrule.random.CounterRandom;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Folds and results as plain data, and their summary. */
class CrossValidationTest {
  private static final int[] ROWS = IntStream.range(0, 23).toArray();

  @Test
  void theFirstRepeatHasTheFoldsOfItsSeedAndTheOthersHaveSeedsOfTheirOwn() {
    int[] classes = Arrays.stream(ROWS).map(r -> r % 3).toArray();
    List<FoldTask> tasks = CrossValidation.tasks(ROWS, classes, 4, 3, 7);
    assertEquals(12, tasks.size());
    int[][][] first = Dataset.folds(ROWS, classes, 4, 7);
    for (int f = 0; f < 4; f++) {
      FoldTask t = tasks.get(f);
      assertEquals(List.of(1, f + 1, 7L), List.of(t.repeat(), t.fold(), t.seed()));
      assertArrayEquals(first[f][0], t.train());
      assertArrayEquals(first[f][1], t.held());
    }
    FoldTask second = tasks.get(4);
    assertEquals(CounterRandom.seedOfRun(7, 1), second.seed());
    assertArrayEquals(Dataset.folds(ROWS, classes, 4, second.seed())[0][1], second.held());
    assertEquals("repeat 2, fold 1: " + second.train().length + " rows to train, 6 held out", second.toString());
  }

  @Test
  void eachRowIsHeldOutOnceInARepeatAndIsNeverATrainingRowOfItsFold() {
    List<FoldTask> tasks = CrossValidation.tasks(ROWS, null, 5, 2, 1);
    for (int repeat = 1; repeat <= 2; repeat++) {
      List<Integer> held = new ArrayList<>();
      for (FoldTask t : tasks) {
        if (t.repeat() != repeat) continue;
        TreeSet<Integer> all = new TreeSet<>();
        for (int r : t.held()) {
          held.add(r);
          all.add(r);
        }
        for (int r : t.train()) assertTrue(all.add(r), "row " + r + " is in both parts");
        assertEquals(ROWS.length, all.size());
      }
      assertEquals(Arrays.stream(ROWS).boxed().toList(), held.stream().sorted().toList());
    }
  }

  @Test
  void theRowOfAClassWithOneRowIsATrainingRowInEveryFold() {
    int[] classes = Arrays.stream(ROWS).map(r -> r == 5 ? 2 : r % 2).toArray();
    for (FoldTask t : CrossValidation.tasks(ROWS, classes, 3, 1, 1)) {
      assertTrue(Arrays.stream(t.train()).anyMatch(r -> r == 5));
      assertTrue(Arrays.stream(t.held()).noneMatch(r -> r == 5));
      assertEquals(ROWS.length, t.train().length + t.held().length);
    }
  }

  @Test
  void meanAndDeviationAreThoseOfTheirDefinitionsAndLeaveOutUndefinedFolds() {
    double[] values = {0.1, 0.25, 1e-3, 7, -2.5};
    BigDecimal sum = BigDecimal.ZERO, squares = BigDecimal.ZERO, n = BigDecimal.valueOf(values.length);
    for (double v : values) sum = sum.add(new BigDecimal(v));
    BigDecimal mean = sum.divide(n, MathContext.DECIMAL128);
    for (double v : values) squares = squares.add(new BigDecimal(v).subtract(mean).pow(2));
    double deviation = squares.divide(n.subtract(BigDecimal.ONE), MathContext.DECIMAL128)
        .sqrt(MathContext.DECIMAL128).doubleValue();
    MetricSummary m = MetricSummary.of(values);
    assertEquals(mean.doubleValue(), m.mean(), 1e-15);
    assertEquals(deviation, m.deviation(), 1e-14);
    assertEquals(5, m.folds());
    assertEquals(new MetricSummary(2, Math.sqrt(2), 2), MetricSummary.of(1, Double.NaN, 3));
    assertEquals(new MetricSummary(0.1, 0, 3), MetricSummary.of(0.1, 0.1, 0.1));
    assertEquals(new MetricSummary(4, Double.NaN, 1), MetricSummary.of(4));
    assertEquals(0, MetricSummary.of(Double.NaN).folds());
  }

  @Test
  void theSummaryHasTheMeanOfEachMetricOfTheFolds() {
    List<FoldResult> results = List.of(new FoldResult(1, 1, Map.of("accuracy", 0.5, "loss", 2.0)),
        new FoldResult(1, 2, Map.of("accuracy", 1.0)));
    Map<String, MetricSummary> s = CrossValidation.summary(results);
    assertEquals(0.75, s.get("accuracy").mean());
    assertEquals(new MetricSummary(2, Double.NaN, 1), s.get("loss"));
  }

  private static FoldResult train(FoldTask task, Dataset data) {
    Network net = Network.input(2).kernels(Kernels.best().withThreads(1)).dense(6, new Tanh())
        .dense(1, new Sigmoid()).build(task.seed());
    Trainer.of(net).seed(task.seed()).fit(data.select(task.train()), 3);
    Dataset held = data.select(task.held());
    return new FoldResult(task.repeat(), task.fold(), HeldOutMetrics.of(net.predict(held.x()), held, 1));
  }

  @Test
  void anyNumberOfThreadsGivesTheSameResultsInTheOrderOfTheTasks() {
    Dataset data = Generators.MOONS.generate(3);
    List<FoldTask> tasks =
        CrossValidation.tasks(IntStream.range(0, data.rows()).toArray(), data.classes(), 4, 2, 3);
    List<FoldResult> one = CrossValidation.run(tasks, 1, () -> false, (t, stopped) -> train(t, data));
    for (int i = 0; i < tasks.size(); i++) {
      assertEquals(tasks.get(i).fold(), one.get(i).fold());
      assertEquals(tasks.get(i).repeat(), one.get(i).repeat());
    }
    for (int threads : new int[] {2, 8}) {
      assertEquals(one, CrossValidation.run(tasks, threads, () -> false, (t, stopped) -> train(t, data)));
    }
  }

  @Test
  void stoppedTasksHaveNoResultAndTheOthersAreKept() {
    List<FoldTask> tasks = CrossValidation.tasks(ROWS, null, 5, 1, 1);
    AtomicInteger done = new AtomicInteger();
    List<Integer> results = CrossValidation.run(tasks, 1, () -> done.get() == 2,
        (t, stopped) -> t.fold(), (t, r) -> done.incrementAndGet());
    assertEquals(Arrays.asList(1, 2, null, null, null), results);
  }

  @Test
  void foldsWithoutSenseAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> CrossValidation.tasks(ROWS, null, 1, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> CrossValidation.tasks(ROWS, null, 24, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> CrossValidation.tasks(ROWS, null, 2, 0, 1));
  }

  @Test
  void metricsApplyToTheKindOfTarget() {
    Dataset numbers = Dataset.regression(1, new double[3], 1, new double[] {1, 2, 3});
    assertEquals(Map.of("r2", 1.0, "rmse", 0.0, "mae", 0.0), HeldOutMetrics.of(new double[] {1, 2, 3}, numbers, 10));
    assertEquals(10, HeldOutMetrics.of(new double[] {2, 3, 4}, numbers, 10).get("mae"), 1e-12);
    Dataset labels = Dataset.multilabel(1, new double[2], 2, new double[] {1, 0, 0, 1}, List.of("a", "b"));
    assertEquals(0.5, HeldOutMetrics.of(new double[] {1, 0, 1, 1}, labels, 1).get("exact_match"));
    Dataset classes = Dataset.classification(1, new double[4], new int[] {0, 1, 1, 1}, List.of("n", "y"));
    Map<String, Double> m = HeldOutMetrics.of(new double[] {0.4, 0.8, 0.9, 0.3}, classes, 1);
    assertEquals(List.of("accuracy", "balanced_accuracy", "macro_f1", "log_loss", "brier", "roc_auc"),
        List.copyOf(m.keySet()));
    assertEquals(0.75, m.get("accuracy"));
    assertEquals((1 + 2.0 / 3) / 2, m.get("balanced_accuracy"), 1e-15);
    assertEquals(2.0 / 3, m.get("roc_auc"), 1e-15);
    assertTrue(!HeldOutMetrics.of(new double[] {-4, 8, 9, 3}, classes, 1).containsKey("log_loss"));
  }
}
