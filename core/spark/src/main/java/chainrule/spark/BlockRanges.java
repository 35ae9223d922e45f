// SPDX-License-Identifier: MIT
package chainrule.spark;

import chainrule.nn.GradientSum;

/**
 * Divides the blocks of a batch among tasks, in ranges of nearly equal length.
 *
 * <p>A task returns one gradient for each complete subtree of {@link GradientSum} in its range. So a cut moves by up to
 * an eighth of a range to the number that is divisible by the highest power of two: the ranges are then made of fewer
 * subtrees. The bits of the result do not depend on the cuts.
 */
final class BlockRanges {
  private BlockRanges() {}

  /** Returns the number of tasks, of at most this many, that have a block. */
  static int tasks(int blocks, int most) {
    return Math.min(blocks, most);
  }

  /** Returns the cuts [tasks + 1]: task t has the blocks cuts[t] … cuts[t + 1] − 1, ≥ 1. */
  static int[] cuts(int blocks, int tasks) {
    if (tasks < 1 || tasks > blocks) {
      throw new IllegalArgumentException("tasks: expected 1 to " + blocks + ", found " + tasks);
    }
    int[] cuts = new int[tasks + 1];
    int tolerance = blocks / tasks / 8;
    for (int t = 1; t < tasks; t++) {
      int even = (int) ((long) t * blocks / tasks);
      cuts[t] = roundest(even - tolerance, even + tolerance);
    }
    cuts[tasks] = blocks;
    return cuts;
  }

  /** Returns the number in from … to, ≥ 1, that is divisible by the highest power of two. */
  private static int roundest(int from, int to) {
    int power = 1;
    while (to / (2 * power) * (2 * power) >= from) power *= 2;
    return to / power * power;
  }

  /** Returns the number of gradients that a task with the blocks from … to − 1 returns: its subtrees. */
  static int subtrees(int blocks, int from, int to) {
    int n = 0;
    for (int k = from; k < to; n++) {
      long size = 1;
      while (size < blocks && k % (2 * size) == 0 && Math.min(k + 2 * size, blocks) <= to) size *= 2;
      k = (int) Math.min(k + size, blocks);
    }
    return n;
  }
}
