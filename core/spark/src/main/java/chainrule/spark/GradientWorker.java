// SPDX-License-Identifier: MIT
package chainrule.spark;

import chainrule.nn.GradientSum;
import chainrule.nn.Network;
import chainrule.nn.loss.Loss;
import chainrule.train.BlockWorker;
import org.apache.spark.TaskKilledException;

/** A network of an executor with its buffers, for one task at a time. Only its result is allocated in each step. */
final class GradientWorker {
  private final Network network;
  private final BlockWorker worker;
  private final GradientSum sum;
  private final int block;

  GradientWorker(Network network, Loss loss, int block, long seed) {
    this.network = network;
    this.worker = new BlockWorker(network, loss, block, seed);
    this.sum = new GradientSum(network.kernels(), 1, network.parameters().length);
    this.block = block;
  }

  byte[] compute(StepRequest step, BlockRows data, int from, int to) {
    step.readParameters(network.parameters());
    sum.clear(GradientSum.blocks(step.rows(), block));
    for (int k = from; k < to; k++) {
      stopIfKilled();
      data.add(worker, step, k, sum);
    }
    return sum.toBytes();
  }

  /** Ends a task that Spark no longer needs, such as the slower of two copies. */
  private static void stopIfKilled() {
    if (SparkJobs.isTaskCanceled()) throw new TaskKilledException("no longer needed");
  }
}
