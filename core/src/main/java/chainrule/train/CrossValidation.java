// SPDX-License-Identifier: MIT
package chainrule.train;

import chainrule.data.Dataset;
import chainrule.random.CounterRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Repeated k-fold cross-validation: each fold is predicted by a network that was trained on the others, R times with
 * other divisions. Every training is a {@link FoldTask} and gives a {@link FoldResult}, which are plain numbers. So the
 * tasks can be computed here, on several threads, or by other machines in any order.
 * <pre>{@code
 * CrossValidation cv = new CrossValidation(5, 2, 1);                 // 5 folds, 2 repeats, seed 1
 * FoldFunction f = task -> {
 *   int[][] rows = CrossValidation.rows(all, classes, 5, task);      // {rows to train on, rows held out}
 *   Encoding encoding = Encoding.of(table).target("species").fit(rows[0]);
 *   Network net = Network.input(encoding.inputs())….build(task.seed());
 *   return CrossValidation.judge(task, Trainer.of(net), encoding.encode(table, rows[0]),
 *       encoding.encode(table, rows[1]), 100);
 * };
 * List<FoldResult> results = CrossValidation.run(cv.tasks(1), f, 4);
 * System.out.println(CrossValidation.summary(results).get("accuracy"));    // 0.9467 ± 0.03
 * }</pre>
 * Whatever is learned from data, such as an encoding, must be learned from the rows to train on, as here. A training
 * that stops early must validate on a part of these rows. The results depend on data, settings and seed only, not on
 * the number of threads. Spec: CrossValidationTest.
 *
 * @param folds the number of parts k, ≥ 2
 * @param repeats R, ≥ 1
 * @param seed of the divisions and of the trainings
 */
public record CrossValidation(int folds, int repeats, long seed) {

  /** Computes tasks. It must be a function of the task alone, and may be called by several threads at a time. */
  public interface FoldFunction {
    /**
     * Trains on all folds but one.
     *
     * @param task the training
     * @return the metrics on the held-out fold; null if training was stopped
     */
    FoldResult run(FoldTask task);
  }

  /**
   * Checks the numbers of folds and repeats.
   *
   * @param folds the number of parts k
   * @param repeats R
   * @param seed any number
   * @throws IllegalArgumentException unless folds ≥ 2 and repeats ≥ 1
   */
  public CrossValidation {
    if (folds < 2) throw new IllegalArgumentException("folds: expected ≥ 2, found " + folds);
    if (repeats < 1) throw new IllegalArgumentException("repeats: expected ≥ 1, found " + repeats);
  }

  /**
   * {@return the tasks, those of candidate 0 first, then by repeat and fold}
   *
   * @param candidates the number of candidates, ≥ 1
   */
  public List<FoldTask> tasks(int candidates) {
    List<FoldTask> tasks = new ArrayList<>();
    for (int c = 0; c < candidates; c++) {
      for (int r = 0; r < repeats; r++) {
        for (int f = 0; f < folds; f++) {
          tasks.add(new FoldTask(
              c, r, f, CounterRandom.seedOfRun(seed, r), CounterRandom.seedOfRun(seed, r * folds + f)));
        }
      }
    }
    return tasks;
  }

  /**
   * {@return the rows of a task, [2][]: those to train on, then those held out} They are those of
   * {@link Dataset#folds(int[], int[], int, long)} for its seed and fold. The row of a class with a single row is for
   * training in every fold, because a class cannot be predicted unless it has been seen.
   *
   * @param rows row numbers to divide
   * @param classes the class of each row, {@code classes[r]} ≥ 0 for row number r; null to ignore classes
   * @param folds the number of parts k, ≥ 2
   * @param task decides the division and the fold to hold out
   */
  public static int[][] rows(int[] rows, int[] classes, int folds, FoldTask task) {
    if (classes != null) {
      Set<Integer> single = new HashSet<>();
      for (int c : Dataset.classesWithOneRow(rows, classes)) single.add(c);
      if (!single.isEmpty()) {
        int[] divided = Arrays.stream(rows).filter(r -> !single.contains(classes[r])).toArray();
        int[][] parts = Dataset.folds(divided, classes, folds, task.foldSeed())[task.fold()];
        int[] always = Arrays.stream(rows).filter(r -> single.contains(classes[r])).toArray();
        return new int[][] {IntStream.concat(Arrays.stream(parts[0]), Arrays.stream(always)).toArray(), parts[1]};
      }
    }
    return Dataset.folds(rows, classes, folds, task.foldSeed())[task.fold()];
  }

  /**
   * Trains with the task's seed, and computes all metrics on the held-out rows.
   *
   * @param task the training
   * @param trainer a trainer of a new network
   * @param train the rows to train on
   * @param held the rows held out
   * @param epochs the number of epochs, ≥ 1
   * @return the metrics on the held-out rows; null if {@link Trainer#stopWhen} ended the training
   */
  public static FoldResult judge(FoldTask task, Trainer trainer, Dataset train, Dataset held, int epochs) {
    Trainer.requireFit("held-out", trainer.network, held);
    History history = trainer.seed(task.seed()).fit(train, epochs);
    if (history.end() == History.End.INTERRUPTED) return null;
    return new FoldResult(task, held.rows(), history.kept(),
        FoldMetrics.of(trainer.loss, trainer.network.predict(held.x()), held));
  }

  /**
   * Computes tasks on several threads.
   *
   * @param tasks the tasks, which are started in this order
   * @param function computes a task
   * @param threads the most threads to use, ≥ 1
   * @return the results in the order of the tasks, without those for which the function returned null
   */
  public static List<FoldResult> run(List<FoldTask> tasks, FoldFunction function, int threads) {
    return run(tasks, function, threads, List.of(), r -> { }, () -> false);
  }

  /**
   * Computes tasks on several threads. If one throws an exception, so does this method: that of the first such task.
   *
   * @param tasks the tasks, which are started in this order
   * @param function computes a task
   * @param threads the most threads to use, ≥ 1; the calling thread is one of them
   * @param known results of an earlier run; their tasks are not computed again
   * @param receiver is called with each new result as soon as it is complete, by one thread at a time
   * @param stop a condition; when it is true, or the calling thread is interrupted, no other task starts. Running
   *     trainings end early only if their trainer has such a condition, see {@link Trainer#stopWhen}
   * @return the results in the order of the tasks, known ones included; without those of tasks that were not computed,
   *     or for which the function returned null
   */
  public static List<FoldResult> run(List<FoldTask> tasks, FoldFunction function, int threads,
      Collection<FoldResult> known, Consumer<FoldResult> receiver, BooleanSupplier stop) {
    Map<FoldTask, FoldResult> done = new HashMap<>();
    for (FoldResult r : known) done.put(r.task(), r);
    List<FoldTask> open = tasks.stream().filter(t -> !done.containsKey(t)).toList();
    FoldResult[] results = new FoldResult[open.size()];
    Object receiving = new Object();
    ParallelRuns.execute(open.size(), threads, stop, (i, stopped) -> {
      if (stopped.getAsBoolean()) return;
      results[i] = function.run(open.get(i));
      if (results[i] == null) return;
      synchronized (receiving) {
        receiver.accept(results[i]);
      }
    });
    for (int i = 0; i < results.length; i++) if (results[i] != null) done.put(open.get(i), results[i]);
    return tasks.stream().map(done::get).filter(Objects::nonNull).toList();
  }

  /**
   * {@return the mean and the standard deviation of each metric, by its name}
   *
   * @param results results of one candidate
   */
  public static Map<String, MetricSpread> summary(Collection<FoldResult> results) {
    Map<String, MetricSpread> summary = new LinkedHashMap<>();
    for (FoldResult r : results) {
      for (String name : r.metrics().keySet()) {
        summary.computeIfAbsent(name, n -> MetricSpread.of(
            results.stream().mapToDouble(s -> s.metrics().getOrDefault(n, Double.NaN)).toArray()));
      }
    }
    return summary;
  }
}
