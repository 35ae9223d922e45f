// SPDX-License-Identifier: MIT
package chainrule.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chainrule.data.Dataset;
import chainrule.data.Encoding;
import chainrule.data.NumberColumn;
import chainrule.data.Table;
import chainrule.data.TextColumn;
import chainrule.nn.Network;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Tanh;
import chainrule.nn.optimizer.Adam;
import chainrule.nn.optimizer.GradientDescent;
import chainrule.train.Candidate;
import chainrule.train.CrossValidation;
import chainrule.train.DivergedException;
import chainrule.train.FoldResult;
import chainrule.train.FoldTask;
import chainrule.train.SearchSpace;
import chainrule.train.SuccessiveHalving;
import chainrule.train.Trainer;
import chainrule.train.TrialResult;
import chainrule.train.TrialTask;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Independent trainings of a Java program have the results of one machine. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SparkRunsTest {
  private static final int ROWS = 120, FOLDS = 4;
  private static LocalSession session;
  private static SparkJobs jobs;
  private static Table table;

  @BeforeAll static void start() {
    session = LocalSession.start();
    jobs = SparkJobs.on(session.context());
    Random random = new Random(1);
    double[] a = random.doubles(ROWS, -1, 1).toArray(), b = random.doubles(ROWS, -1, 1).toArray();
    List<String> kind = IntStream.range(0, ROWS).mapToObj(i -> a[i] + b[i] > 0 ? "plus" : "minus").toList();
    table = Table.of("numbers",
        List.of(NumberColumn.of("a", a), NumberColumn.of("b", b), TextColumn.of("kind", kind)));
  }

  @AfterAll static void stop() {
    session.close();
  }

  private static int[][] rows(Table table, FoldTask task) {
    return CrossValidation.rows(IntStream.range(0, table.rows()).toArray(), null, FOLDS, task);
  }

  private static FoldResult fold(Table table, FoldTask task) {
    int[][] rows = rows(table, task);
    Encoding encoding = Encoding.of(table).target("kind").fit(rows[0]);
    Network net = Network.input(2).dense(6, new Tanh()).dropout(0.1).dense(1, new Sigmoid()).build(task.seed());
    return CrossValidation.judge(task, Trainer.of(net).optimizer(new Adam(0.02)), encoding.encode(table, rows[0]),
        encoding.encode(table, rows[1]), 5);
  }

  private static TrialResult trial(Table table, TrialTask task) {
    int[][] rows = rows(table, task.fold());
    Encoding encoding = Encoding.of(table).target("kind").fit(rows[0]);
    Network.Builder builder = Network.input(2);
    for (int width : task.candidate().widths()) builder.dense(width, new Tanh());
    Trainer trainer = Trainer.of(builder.dense(1, new Sigmoid()).build(task.fold().seed()))
        .optimizer(new Adam(task.candidate().rate())).batch(task.candidate().batch());
    trainer.fit(encoding.encode(table, rows[0]), task.epochs());
    return TrialResult.of(task, trainer.evaluate(encoding.encode(table, rows[1])).loss(), Double.NaN);
  }

  @Test void foldsHaveTheResultsOfOneMachine() {
    List<FoldTask> tasks = new CrossValidation(FOLDS, 2, 7).tasks(1);
    try (SharedTable shared = SharedTable.of(session.context(), table)) {
      assertEquals(CrossValidation.run(tasks, task -> fold(table, task), 1),
          SparkRuns.crossValidation(jobs, tasks, task -> fold(shared.get(), task)));
    }
  }

  @Test void aSearchHasTheResultsOfOneMachine() {
    SuccessiveHalving search = SuccessiveHalving.of(new SearchSpace(0.01).candidates(
        new Candidate(1, List.of(8), 0, 0.01, 0, 16), 5, 1), new CrossValidation(FOLDS, 1, 1), 3);
    List<TrialResult> expected = new ArrayList<>();
    for (List<TrialTask> t = search.next(expected); !t.isEmpty(); t = search.next(expected)) {
      expected.addAll(SuccessiveHalving.run(t, task -> trial(table, task), 1));
    }
    try (SharedTable shared = SharedTable.of(session.context(), table)) {
      List<TrialResult> results = SparkRuns.search(jobs, search, task -> trial(shared.get(), task));
      assertEquals(expected, results);
      assertEquals(search.winner(expected), search.winner(results));
    }
  }

  private static double[] parameters(Table table, long seed) {
    Dataset data = Encoding.of(table).target("kind").fit().encode(table);
    Network net = Network.input(2).dense(6, new Tanh()).dense(1, new Sigmoid()).build(seed);
    Trainer.of(net).seed(seed).fit(data, 3);
    return net.parameters();
  }

  @Test void seedsHaveTheParametersOfOneMachine() {
    List<Long> seeds = List.of(1L, 2L, 3L);
    try (SharedTable shared = SharedTable.of(session.context(), table)) {
      List<double[]> found = SparkRuns.seeds(jobs, seeds, seed -> parameters(shared.get(), seed));
      for (int i = 0; i < 3; i++) assertArrayEquals(parameters(table, seeds.get(i)), found.get(i));
    }
  }

  @Test void aTrainingThatDivergesIsNamed() {
    SparkJobException e = assertThrows(SparkJobException.class, () -> SparkRuns.seeds(jobs, List.of(1L, 2L), seed -> {
      Network net = Network.input(1).dense(1, new Tanh()).build(seed);
      double[] x = {1, 2}, y = {1e200, 2e200};
      Dataset data = Dataset.regression(1, x, 1, y);
      return Trainer.of(net).optimizer(new GradientDescent(1e200)).fit(data, 3).kept();
    }));
    assertEquals(DivergedException.class, e.getCause().getClass());
    assertEquals("seed 1 of 2: " + e.getCause().getMessage(), e.getMessage());
  }
}
