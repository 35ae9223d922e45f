// SPDX-License-Identifier: MIT
package chainrule.spark;

import chainrule.nn.GradientSum;
import java.io.Serializable;
import java.util.Arrays;

/**
 * Where the rows of an epoch are, by their position in its order: partition p holds the blocks of task p of every step,
 * step after step. So each step uses all partitions, if it has as many blocks.
 */
final class EpochLayout implements Serializable {
  private static final long serialVersionUID = 1;

  private final int rows;
  private final int batch;
  private final int block;
  private final int[] cuts; // of a full step: see BlockRanges
  private final int[] lastCuts; // of the last step, if it is shorter; else null
  private final int[] partitions; // of the blocks of a full step
  private final int[] lastPartitions;

  /** @param tasks the largest number of tasks of a step */
  EpochLayout(int rows, int batch, int block, int tasks) {
    this.rows = rows;
    this.batch = batch;
    this.block = block;
    this.cuts = cuts(batch, block, tasks);
    this.lastCuts = rows % batch == 0 ? null : cuts(rows % batch, block, tasks);
    this.partitions = partitions(cuts);
    this.lastPartitions = lastCuts == null ? null : partitions(lastCuts);
  }

  private static int[] cuts(int rows, int block, int tasks) {
    int blocks = GradientSum.blocks(rows, block);
    return BlockRanges.cuts(blocks, BlockRanges.tasks(blocks, tasks));
  }

  private static int[] partitions(int[] cuts) {
    int[] partitions = new int[cuts[cuts.length - 1]];
    for (int p = 0; p < cuts.length - 1; p++) Arrays.fill(partitions, cuts[p], cuts[p + 1], p);
    return partitions;
  }

  int partitions() {
    return cuts.length - 1;
  }

  /** Returns the cuts of a step's blocks. */
  int[] cuts(int step) {
    return step < rows / batch ? cuts : lastCuts;
  }

  /** Returns the partition that holds the row at a position. */
  int partition(int position) {
    return (position / batch < rows / batch ? partitions : lastPartitions)[position % batch / block];
  }

  /** Returns the index, among the rows of its partition, of the row at a position. */
  int index(int partition, int position) {
    int step = position / batch;
    return first(partition, step) + position % batch - cuts(step)[partition] * block;
  }

  /** Returns the index, among the rows of a partition, of its first row of a step. */
  int first(int partition, int step) {
    return step * rows(cuts, batch, partition);
  }

  /** Returns the number of rows of a partition. */
  int rows(int partition) {
    return first(partition, rows / batch) + (lastCuts == null ? 0 : rows(lastCuts, rows % batch, partition));
  }

  /** Returns the rows that a partition has of a step with this many rows. */
  private int rows(int[] c, int rowsOfStep, int partition) {
    if (partition >= c.length - 1) return 0;
    return Math.min(c[partition + 1] * block, rowsOfStep) - c[partition] * block;
  }
}
