// SPDX-License-Identifier: MIT
package chainrule.spark;

import chainrule.nn.GradientSum;
import chainrule.train.BlockWorker;
import java.io.Serializable;
import java.util.BitSet;
import java.util.Iterator;

/** The rows of one partition of an epoch, in the order of {@link EpochLayout}. */
final class EpochRows implements Serializable {
  private static final long serialVersionUID = 1;

  private final EpochLayout layout;
  private final int partition;
  private final int block;
  private final int inputs;
  private final int outputs;
  private final double[] x;
  private final double[] y;
  private final double[] weights; // null without weights

  private EpochRows(EpochLayout layout, int partition, int block, int inputs, int outputs, boolean weighted) {
    int rows = layout.rows(partition);
    if ((long) rows * Math.max(inputs, outputs) > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException("a partition of " + rows + " rows of " + inputs + " inputs does not fit in "
          + "one array. Use more tasks");
    }
    this.layout = layout;
    this.partition = partition;
    this.block = block;
    this.inputs = inputs;
    this.outputs = outputs;
    x = new double[rows * inputs];
    y = new double[rows * outputs];
    weights = weighted ? new double[rows] : null;
  }

  /**
   * Puts the rows of a partition in order.
   *
   * @param parts numbered by position
   * @throws IllegalStateException if a row is missing or there twice
   */
  static EpochRows of(EpochLayout layout, int partition, int block, int inputs, int outputs, boolean weighted,
      Iterator<PackedRows> parts) {
    EpochRows all = new EpochRows(layout, partition, block, inputs, outputs, weighted);
    BitSet present = new BitSet();
    while (parts.hasNext()) {
      PackedRows part = parts.next();
      for (int i = 0; i < part.rows(); i++) {
        int to = layout.index(partition, part.numbers[i]);
        if (present.get(to)) throw changed(partition, "the row at position " + part.numbers[i] + " is there twice");
        present.set(to);
        all.put(to, part, i);
      }
    }
    int found = present.cardinality(), expected = layout.rows(partition);
    if (found != expected) throw changed(partition, "expected " + expected + " rows, found " + found);
    return all;
  }

  private static IllegalStateException changed(int partition, String what) {
    return new IllegalStateException("partition " + partition + " of the epoch: " + what + ". The training rows have "
        + "changed since training began. Write them to a file before training, so that Spark can read them again");
  }

  private void put(int to, PackedRows part, int i) {
    System.arraycopy(part.x, i * inputs, x, to * inputs, inputs);
    System.arraycopy(part.y, i * outputs, y, to * outputs, outputs);
    if (weights != null) weights[to] = part.weights[i];
  }

  /** Returns the sum of this partition's blocks of a step. */
  byte[] compute(ExecutorPlan plan, StepRequest step) {
    int[] cuts = layout.cuts(step.stepOfEpoch());
    return plan.compute(step, this::add, cuts[partition], cuts[partition + 1]);
  }

  private void add(BlockWorker worker, StepRequest step, int k, GradientSum sum) {
    int i = layout.index(partition, step.from() + k * block);
    worker.add(step.batch(null), k, x, i * inputs, y, i * outputs, weights, i, sum);
  }
}
