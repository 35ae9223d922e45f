// SPDX-License-Identifier: MIT
package chainrule.spark;

import chainrule.nn.Network;
import chainrule.train.EpochOrder;
import chainrule.train.GradientSource;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayDeque;

/**
 * The settings of one training, broadcast once. Each JVM has one copy, with what its tasks reuse from step to step:
 * networks with their buffers, and the order of the current epoch. Spark removes all of it with the broadcast.
 */
final class ExecutorPlan implements Serializable {
  private static final long serialVersionUID = 1;

  private final byte[] network; // a NetworkLayout, and the loss a LossName: serialized by Java, as they are records
  private final byte[] loss;
  private final int block;
  private final long seed;
  private final int rows;
  private transient ArrayDeque<GradientWorker> idle;
  private transient int epoch;
  private transient int[] order;
  private transient int[] positions; // of the current epoch; null until needed

  /**
   * @param rows the number of all training rows
   * @throws IllegalArgumentException if network or loss are not made of built-in functions
   */
  ExecutorPlan(GradientSource.Setting setting, int rows) {
    this.network = toBytes(NetworkLayout.of(setting.network()));
    this.loss = toBytes(LossName.of(setting.loss()));
    this.block = setting.block();
    this.seed = setting.seed();
    this.rows = rows;
  }

  private static byte[] toBytes(Object o) {
    try {
      return Serialized.toBytes(o);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Computes the sum of the blocks from … to − 1 of a step, as {@link chainrule.nn.GradientSum#toBytes} writes it. */
  byte[] compute(StepRequest step, BlockRows data, int from, int to) {
    GradientWorker worker = take();
    byte[] sum = worker.compute(step, data, from, to);
    giveBack(worker); // not after an exception
    return sum;
  }

  private GradientWorker take() {
    synchronized (this) {
      if (idle != null && !idle.isEmpty()) return idle.pop();
    }
    Network built = ((NetworkLayout) Serialized.fromBytes(network)).build(SparkKernels.get());
    return new GradientWorker(built, ((LossName) Serialized.fromBytes(loss)).loss(), block, seed);
  }

  private synchronized void giveBack(GradientWorker worker) {
    if (idle == null) idle = new ArrayDeque<>();
    idle.push(worker);
  }

  /** Returns the order of an epoch's rows, which must not be changed. */
  synchronized int[] order(int number) {
    if (epoch != number) {
      int[] next = new int[rows]; // tasks of an earlier epoch may still use the last one
      EpochOrder.write(next, seed, number);
      order = next;
      epoch = number;
      positions = null;
    }
    return order;
  }

  /** Returns the position of each row in an epoch's order. */
  synchronized int[] positions(int number) {
    int[] rowAt = order(number);
    if (positions == null) {
      positions = new int[rows];
      for (int i = 0; i < rows; i++) positions[rowAt[i]] = i;
    }
    return positions;
  }
}
