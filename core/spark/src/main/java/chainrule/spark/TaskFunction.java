// SPDX-License-Identifier: MIT
package chainrule.spark;

import java.io.Serializable;

/**
 * What an executor computes from one task. Spark may call it more than once for the same task: after a failure, after
 * the loss of an executor, or as a speculative copy. It must therefore depend on the task and on what it captures only.
 * Everything captured must be serializable.
 *
 * @param <T> the task, serializable
 * @param <R> its result, serializable
 */
@FunctionalInterface
public interface TaskFunction<T, R> extends Serializable {
  /**
   * Computes the result of a task.
   *
   * @param task the task
   * @return its result
   * @throws Exception which Spark answers with another attempt, except for those that the same task would always give:
   *     see {@link SparkJobs}
   */
  R apply(T task) throws Exception;
}
