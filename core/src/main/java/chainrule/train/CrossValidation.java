// SPDX-License-Identifier: MIT
package chainrule.train;

import chainrule.data.Dataset;
import chainrule.random.CounterRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Cross-validation as plain data: a list of {@link FoldTask}s, a function from a task to its {@link FoldResult}, which
 * may run anywhere and in any order, and a summary of the results.
 * <pre>{@code
 * List<FoldTask> tasks = CrossValidation.tasks(rows, classes, 5, 1, seed);
 * List<FoldResult> results = CrossValidation.run(tasks, threads, () -> false, (task, stopped) -> …);
 * System.out.println(CrossValidation.summary(results).get("accuracy"));
 * }</pre>
 * To measure honestly, everything must be learned from the task's training rows: the encoding of a table as well as the
 * weights. Spec: CrossValidationTest.
 */
public final class CrossValidation {
  private CrossValidation() {}

  /** Computes the result of a task. It is called by several threads at once, so it must not change what they share. */
  public interface TaskFunction<T, R> {
    /**
     * @param stopped whether to end early, such as for {@link Trainer#stopWhen}; the result is then not used
     * @return the result, which depends only on the task; null if it was stopped
     */
    R apply(T task, BooleanSupplier stopped);
  }

  /** Receives each result when it is there. Calls come from the threads that compute, one at a time. */
  public interface ResultListener<T, R> {
    void onResult(T task, R result);
  }

  /**
   * Divides rows into folds, several times. The first repeat has the folds of {@link Dataset#folds} with this seed, the
   * others those of {@link CounterRandom#seedOfRun}. A class with a single row cannot be both learned and tested, so its
   * row is a training row in every fold.
   *
   * @param rows row numbers
   * @param classes the class of each row, {@code classes[r]} ≥ 0 for row number r, to spread each class over the folds;
   *     null for none
   * @param folds the number of folds of a repeat
   * @return the tasks, by repeat and fold
   * @throws IllegalArgumentException unless 2 ≤ folds ≤ the number of rows and repeats ≥ 1
   */
  public static List<FoldTask> tasks(int[] rows, int[] classes, int folds, int repeats, long seed) {
    if (repeats < 1) throw new IllegalArgumentException("repeats: expected ≥ 1, found " + repeats);
    Set<Integer> single = new LinkedHashSet<>();
    if (classes != null) for (int c : Dataset.classesWithOneRow(rows, classes)) single.add(c);
    int[] always = Arrays.stream(rows).filter(r -> !single.isEmpty() && single.contains(classes[r])).toArray();
    int[] divided = always.length == 0 ? rows
        : Arrays.stream(rows).filter(r -> !single.contains(classes[r])).toArray();
    List<FoldTask> tasks = new ArrayList<>();
    for (int r = 0; r < repeats; r++) {
      long seedOfRepeat = CounterRandom.seedOfRun(seed, r);
      int[][][] parts = Dataset.folds(divided, classes, folds, seedOfRepeat);
      for (int f = 0; f < folds; f++) {
        tasks.add(new FoldTask(r + 1, f + 1, joined(parts[f][0], always), parts[f][1], seedOfRepeat));
      }
    }
    return tasks;
  }

  private static int[] joined(int[] a, int[] b) {
    if (b.length == 0) return a;
    int[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  /**
   * Computes the results of all tasks on several threads, and returns them in the order of the tasks. Results do not
   * depend on the number of threads if the function uses only its task and data that does not change. If it throws an
   * exception, that of the first such task is thrown.
   *
   * @param threads the largest number of tasks at a time; the calling thread is one of the threads
   * @param stop a condition that stops all tasks; called by all threads
   * @return the results; null for tasks that were stopped or not started
   * @throws IllegalArgumentException if threads &lt; 1
   */
  public static <T, R> List<R> run(List<T> tasks, int threads, BooleanSupplier stop, TaskFunction<T, R> function,
      ResultListener<T, R> listener) {
    Objects.requireNonNull(function, "function");
    Objects.requireNonNull(listener, "listener");
    List<R> results = new ArrayList<>(Collections.nCopies(tasks.size(), null));
    ParallelRuns.execute(tasks.size(), threads, stop, (i, stopped) -> {
      if (stopped.getAsBoolean()) return;
      R result = function.apply(tasks.get(i), stopped);
      if (result == null) return;
      synchronized (results) {
        results.set(i, result);
        listener.onResult(tasks.get(i), result);
      }
    });
    return results;
  }

  /** Computes the results of all tasks without a listener. */
  public static <T, R> List<R> run(List<T> tasks, int threads, BooleanSupplier stop, TaskFunction<T, R> function) {
    return run(tasks, threads, stop, function, (task, result) -> { });
  }

  /** Returns the mean and the deviation of each metric over the folds, in the order of the first results' metrics. */
  public static Map<String, MetricSummary> summary(List<FoldResult> results) {
    Set<String> names = new LinkedHashSet<>();
    for (FoldResult r : results) names.addAll(r.metrics().keySet());
    Map<String, MetricSummary> summary = new LinkedHashMap<>();
    for (String name : names) {
      summary.put(name, MetricSummary.of(
          results.stream().mapToDouble(r -> r.metrics().getOrDefault(name, Double.NaN)).toArray()));
    }
    return summary;
  }
}
