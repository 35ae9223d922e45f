// SPDX-License-Identifier: MIT
package chainrule.spark;

import chainrule.nn.GradientSum;
import chainrule.train.BlockWorker;

/** The rows that a task needs. */
interface BlockRows {
  /** Adds the gradient of block k of a step's batch. */
  void add(BlockWorker worker, StepRequest step, int k, GradientSum sum);
}
