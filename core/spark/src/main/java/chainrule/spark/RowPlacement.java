// SPDX-License-Identifier: MIT
package chainrule.spark;

import org.apache.spark.api.java.JavaRDD;
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

  /** Returns the tasks of a step: partition t has the sum of task t's blocks, in the bytes of a GradientSum. */
  JavaRDD<byte[]> step(Broadcast<ExecutorPlan> plan, StepRequest step, int tasks);

  /** Removes what this has stored on executors. */
  @Override void close();
}
