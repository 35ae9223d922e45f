// SPDX-License-Identifier: MIT
package chainrule.spark;

/**
 * Takes the results of a job as they arrive, in any order, in the thread that called {@link SparkJobs}.
 *
 * @param <R> the result of a task
 */
@FunctionalInterface
public interface ResultReceiver<R> {
  /**
   * Takes the result of a task. Each task has exactly one, however often it was computed.
   *
   * @param task the index of the task, from 0
   * @param result what the task computed
   * @return whether the others are still needed; {@code false} cancels them
   */
  boolean receive(int task, R result);
}
