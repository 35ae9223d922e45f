// SPDX-License-Identifier: MIT
package chainrule.spark;

import org.apache.spark.broadcast.Broadcast;

/** Where executors have the training rows, and how a step's tasks find them. */
interface RowPlacement extends AutoCloseable {
  /** The number of training rows. */
  int rows();

  int inputs();

  int outputs();

  /** The weights of the rows [rows]; null without weights. */
  double[] weights();

  /**
   * Prepares a training.
   *
   * @param batch the rows of a step
   * @param tasks the largest number of tasks of a step
   */
  void begin(Broadcast<ExecutorPlan> plan, int batch, int block, int tasks);

  /**
   * Runs a step's job.
   *
   * @param what a task of the step, for messages
   * @param tasks the number of tasks
   * @param sums receives the sum of each task's blocks, in the bytes of a GradientSum
   */
  void run(SparkJobs jobs, String what, Broadcast<ExecutorPlan> plan, StepRequest step, int tasks,
      ResultReceiver<byte[]> sums);

  /** Removes what this has stored on executors. */
  @Override void close();
}
