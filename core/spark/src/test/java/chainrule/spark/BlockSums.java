// SPDX-License-Identifier: MIT
package chainrule.spark;

/** A computation whose bits depend on the order of its additions: sums of blocks of a series, added in block order. */
final class BlockSums {
  static final int BLOCKS = 8;
  private static final int TERMS = 100_000;

  private BlockSums() {}

  /** Returns the sum of the block's terms, first to last. */
  static double block(int block) {
    double sum = 0;
    for (int i = 0; i < TERMS; i++) sum += Math.sqrt(block * (double) TERMS + i) * (i % 2 == 0 ? 1 : -0.7);
    return sum;
  }

  /** Returns the sum of all blocks, computed in this thread. */
  static double expected() {
    double sum = 0;
    for (int block = 0; block < BLOCKS; block++) sum += block(block);
    return sum;
  }

  /** Returns the sum of results, first to last. */
  static double sum(Iterable<Double> results) {
    double sum = 0;
    for (double s : results) sum += s;
    return sum;
  }
}
