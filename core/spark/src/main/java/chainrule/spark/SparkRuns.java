// SPDX-License-Identifier: MIT
package chainrule.spark;

import chainrule.train.FoldResult;
import chainrule.train.FoldTask;
import chainrule.train.SuccessiveHalving;
import chainrule.train.TrialResult;
import chainrule.train.TrialTask;
import java.util.ArrayList;
import java.util.List;

/**
 * Independent trainings on Spark, for Java programs: one task each, with the results of one machine.
 * <pre>{@code
 * SparkJobs jobs = SparkJobs.on(context);
 * CrossValidation cv = new CrossValidation(5, 2, 1);
 * try (SharedTable shared = SharedTable.of(context, table)) {
 *   List<FoldResult> results = SparkRuns.crossValidation(jobs, cv.tasks(1), task -> judge(shared.get(), task));
 *   System.out.println(CrossValidation.summary(results));
 * }
 * }</pre>
 * A function runs on an executor, on one thread, and possibly more than once. It must depend on its task and on what it
 * captures only, and that must be serializable: send tables as a {@link SharedTable}, and build networks in the
 * function. If a training fails for good, a {@link SparkJobException} names it. Spec: SparkRunsTest.
 */
public final class SparkRuns {
  private SparkRuns() {}

  /**
   * Computes the tasks of a cross-validation: see {@link chainrule.train.CrossValidation}.
   *
   * @param jobs runs the trainings
   * @param tasks the folds
   * @param function trains and judges on an executor
   * @return the results in the order of the tasks
   */
  public static List<FoldResult> crossValidation(
      SparkJobs jobs, List<FoldTask> tasks, TaskFunction<FoldTask, FoldResult> function) {
    return jobs.run("fold", tasks, function);
  }

  /**
   * Searches among candidates, rung by rung.
   *
   * @param jobs runs the trainings, one job for each rung
   * @param search the candidates and rungs
   * @param function trains and judges on an executor; it returns a loss of NaN for a training that diverged
   * @return the results of all rungs, for {@link SuccessiveHalving#winner} and {@link SuccessiveHalving#ranking}
   */
  public static List<TrialResult> search(
      SparkJobs jobs, SuccessiveHalving search, TaskFunction<TrialTask, TrialResult> function) {
    List<TrialResult> results = new ArrayList<>();
    for (List<TrialTask> tasks = search.next(results); !tasks.isEmpty(); tasks = search.next(results)) {
      results.addAll(jobs.<TrialTask, TrialResult>run("trial", tasks, function));
    }
    return results;
  }

  /**
   * Trains once for each seed.
   *
   * @param <R> what a training gives, serializable, such as a {@link FoldResult} or an array of parameters
   * @param jobs runs the trainings
   * @param seeds any numbers
   * @param function trains with a seed on an executor
   * @return the results in the order of the seeds
   */
  public static <R> List<R> seeds(SparkJobs jobs, List<Long> seeds, TaskFunction<Long, R> function) {
    return jobs.run("seed", seeds, function);
  }
}
