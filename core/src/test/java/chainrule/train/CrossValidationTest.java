// SPDX-License-Identifier: MIT
package chainrule.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.Dataset;
import chainrule.data.Encoding;
import chainrule.data.Generators;
import chainrule.data.NumberColumn;
import chainrule.data.Table;
import chainrule.nn.Network;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Tanh;
import chainrule.train.CrossValidation.FoldFunction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CrossValidationTest {
  private static final Dataset DATA = Generators.MOONS.generate(60, 1);
  private static final int[] ALL = IntStream.range(0, 60).toArray();
  private static final CrossValidation CV = new CrossValidation(4, 3, 7);

  private static FoldResult train(FoldTask task) {
    int[][] rows = CrossValidation.rows(ALL, DATA.classes(), 4, task);
    Network net = Network.input(2).dense(task.candidate() == 0 ? 3 : 8, new Tanh()).dense(1, new Sigmoid())
        .build(task.seed());
    return CrossValidation.judge(task, Trainer.of(net), DATA.select(rows[0]), DATA.select(rows[1]), 5);
  }

  @Test
  void everyRowIsHeldOutOnceInEachRepeatAndDivisionsDiffer() {
    List<FoldTask> tasks = CV.tasks(2);
    assertEquals(24, tasks.size());
    Set<String> divisions = new HashSet<>();
    for (int r = 0; r < 3; r++) {
      int[] held = new int[60];
      StringBuilder division = new StringBuilder();
      for (int f = 0; f < 4; f++) {
        FoldTask t = tasks.get(r * 4 + f);
        assertEquals(r, t.repeat());
        assertEquals(f, t.fold());
        int[][] rows = CrossValidation.rows(ALL, DATA.classes(), 4, t);
        for (int row : rows[1]) held[row]++;
        division.append(java.util.Arrays.toString(rows[1]));
        assertEquals(60, rows[0].length + rows[1].length);
      }
      for (int h : held) assertEquals(1, h);
      divisions.add(division.toString());
    }
    assertEquals(3, divisions.size());
    assertEquals(7, tasks.get(0).foldSeed(), "the first division is that of the seed itself");
  }

  @Test
  void candidatesAreTrainedWithTheSameSeedsOnTheSameRows() {
    List<FoldTask> tasks = CV.tasks(2);
    Set<Long> seeds = new HashSet<>();
    for (int i = 0; i < 12; i++) {
      assertEquals(tasks.get(i).seed(), tasks.get(12 + i).seed());
      assertEquals(tasks.get(i).foldSeed(), tasks.get(12 + i).foldSeed());
      seeds.add(tasks.get(i).seed());
    }
    assertEquals(12, seeds.size());
  }

  @Test
  void resultsAreTheSameForAnyNumberOfThreadsAndAnyOrder() {
    List<FoldResult> one = CrossValidation.run(CV.tasks(2), CrossValidationTest::train, 1);
    for (int threads : new int[] {2, 5}) {
      assertEquals(one, CrossValidation.run(CV.tasks(2), CrossValidationTest::train, threads));
    }
    List<FoldTask> shuffled = new ArrayList<>(CV.tasks(2));
    Collections.reverse(shuffled);
    List<FoldResult> elsewhere = new ArrayList<>(CrossValidation.run(shuffled, CrossValidationTest::train, 2));
    Collections.reverse(elsewhere);
    assertEquals(one, elsewhere);
    assertNotEquals(one.get(0).metrics(), one.get(12).metrics(), "candidates differ");
  }

  @Test
  void knownResultsAreNotComputedAgainAndStoppedRunsContinue() {
    List<FoldResult> all = CrossValidation.run(CV.tasks(1), CrossValidationTest::train, 1), known = new ArrayList<>();
    AtomicInteger calls = new AtomicInteger();
    FoldFunction counted = t -> {
      calls.incrementAndGet();
      return train(t);
    };
    List<FoldResult> part =
        CrossValidation.run(CV.tasks(1), counted, 2, List.of(), known::add, () -> known.size() >= 5);
    assertTrue(part.size() >= 5 && part.size() <= 6, part.size() + " results");
    assertEquals(new HashSet<>(part), new HashSet<>(known));
    assertEquals(all, CrossValidation.run(CV.tasks(1), counted, 2, known, r -> { }, () -> false));
    assertEquals(12, calls.get());
  }

  /** One row is an outlier. An encoding learned from all rows would shrink the others. */
  @Test
  void theEncodingOfAFoldIsLearnedFromItsTrainingRowsOnly() {
    double[] x = new double[20], y = new double[20];
    for (int i = 0; i < 20; i++) {
      x[i] = i;
      y[i] = i % 3;
    }
    x[7] = 1e6;
    Table table = Table.of("t", List.of(NumberColumn.of("x", x), NumberColumn.of("y", y)));
    List<Double> means = new ArrayList<>();
    CrossValidation.run(new CrossValidation(5, 1, 1).tasks(1), task -> {
      int[][] rows = CrossValidation.rows(IntStream.range(0, 20).toArray(), null, 5, task);
      Encoding e = Encoding.of(table).target("y").task(Encoding.Task.REGRESS).fit(rows[0]);
      double mean = 0;
      for (int row : rows[0]) mean += x[row] / rows[0].length;
      assertEquals(mean, e.inputColumns().get(0).mean(), 1e-9 * Math.abs(mean));
      means.add(mean);
      Network net = Network.input(1).dense(1, new Linear()).build(task.seed());
      return CrossValidation.judge(task, Trainer.of(net), e.encode(table, rows[0]), e.encode(table, rows[1]), 1);
    }, 1);
    assertEquals(1, means.stream().filter(m -> m < 100).count(), "one fold trains without the outlier");
  }

  @Test
  void theRowOfAClassWithOneRowIsATrainingRowInEveryFold() {
    int[] classes = IntStream.range(0, 60).map(r -> r == 5 ? 2 : r % 2).toArray();
    for (FoldTask t : CV.tasks(1)) {
      int[][] rows = CrossValidation.rows(ALL, classes, 4, t);
      assertTrue(IntStream.of(rows[0]).anyMatch(r -> r == 5));
      assertTrue(IntStream.of(rows[1]).noneMatch(r -> r == 5));
      assertEquals(60, rows[0].length + rows[1].length);
    }
  }

  @Test
  void metricsAreNamedByTask() {
    FoldResult r = train(CV.tasks(1).get(0));
    assertEquals(List.of("loss", "accuracy", "balanced_accuracy", "macro_f1", "f1", "log_loss", "brier",
        "roc_auc", "average_precision", "calibration_error"), List.copyOf(r.metrics().keySet()));
    assertEquals(15, r.rows());
    assertEquals(5, r.epoch());
    assertEquals(r.metrics().get("loss"), r.metrics().get("log_loss"), 1e-12);
    Dataset numbers = Dataset.regression(1, new double[] {1, 2}, 1, new double[] {1, 2});
    assertEquals(Map.of("loss", 0.25, "rmse", 0.5, "mae", 0.5, "r2", 0.0),
        FoldMetrics.of(new chainrule.nn.loss.MeanSquaredError(), new double[] {1.5, 1.5}, numbers));
    Dataset labels = Dataset.multilabel(1, new double[] {1, 2}, 2, new double[] {1, 0, 1, 1}, List.of("a", "b"));
    Map<String, Double> m =
        FoldMetrics.of(new chainrule.nn.loss.BinaryCrossEntropy(), new double[] {1, 0, 1, 0}, labels);
    assertEquals(0.5, m.get("exact_match"));
    assertEquals(0.75, m.get("mean_accuracy"));
  }

  @Test
  void meanAndDeviationAreThoseOfTheSample() {
    MetricSpread s = MetricSpread.of(2, Double.NaN, 4, 4, 4, 5, 5, 7, 9); // numpy.std(ddof=1) of the eight: √(32/7)
    assertEquals(5, s.mean());
    assertEquals(Math.sqrt(32 / 7.0), s.deviation(), 1e-15);
    assertEquals(8, s.count());
    assertEquals("5 ± 2.1", s.toString().replace(".000", ""));
    assertTrue(Double.isNaN(MetricSpread.of(3).deviation()) && MetricSpread.of(3).mean() == 3);
    assertTrue(Double.isNaN(MetricSpread.of().mean()));
    List<FoldResult> results = CrossValidation.run(CV.tasks(1), CrossValidationTest::train, 2);
    MetricSpread accuracy = CrossValidation.summary(results).get("accuracy");
    assertEquals(results.stream().mapToDouble(r -> r.metrics().get("accuracy")).average().getAsDouble(),
        accuracy.mean(), 1e-15);
    assertEquals(12, accuracy.count());
  }

  @Test
  void theExceptionOfTheFirstTaskThatFailsIsThrown() {
    for (int threads : new int[] {1, 4}) {
      assertEquals("fold 1", assertThrows(IllegalStateException.class, () -> CrossValidation.run(CV.tasks(1), t -> {
        if (t.repeat() == 0 && t.fold() == 0 || t.fold() == 2) return train(t);
        throw new IllegalStateException("fold " + t.fold());
      }, threads)).getMessage());
    }
    assertEquals("folds: expected ≥ 2, found 1",
        assertThrows(IllegalArgumentException.class, () -> new CrossValidation(1, 1, 1)).getMessage());
    assertEquals("repeats: expected ≥ 1, found 0",
        assertThrows(IllegalArgumentException.class, () -> new CrossValidation(2, 0, 1)).getMessage());
  }
}
