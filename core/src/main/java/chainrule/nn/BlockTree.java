// SPDX-License-Identifier: MIT
package chainrule.nn;

import chainrule.kernels.Kernels;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.function.IntConsumer;

/** The known part of the tree of a {@link GradientSum}: complete subtrees, of which no two are siblings. */
final class BlockTree {
  /** Parameters that a thread adds at once: enough to be worth a part. */
  private static final int ADDED_AT_ONCE = 1 << 15;

  private final Kernels kernels;
  final int parameters;
  int blocks; // of the whole tree

  // the nodes in the order of their blocks
  int nodes;
  int[] first = new int[8]; // block of each node
  int[] sizes = new int[8]; // number of blocks of each node
  double[] losses = new double[8];
  double[][] gradients = new double[8][];

  private final IntConsumer addPart = this::addPart;
  private double[] sum, added; // of the current addition

  private final ArrayDeque<double[]> free = new ArrayDeque<>();
  private int owned; // arrays created here or taken from other trees, less those given to them: an upper limit of free

  BlockTree(Kernels kernels, int parameters) {
    this.kernels = kernels;
    this.parameters = parameters;
  }

  /** Removes all nodes and keeps their arrays. */
  void clear(int count) {
    while (nodes > 0) release(--nodes);
    blocks = count;
  }

  private void release(int node) {
    if (free.size() < owned) free.push(gradients[node]);
    gradients[node] = null;
  }

  double[] buffer() {
    double[] g = free.poll();
    if (g != null) return g;
    g = new double[parameters];
    owned++;
    return g;
  }

  /** Adds a node, which is a subtree of new blocks. */
  void insert(int block, int size, double loss, double[] gradient) {
    if (nodes == first.length) {
      int length = 2 * nodes;
      first = Arrays.copyOf(first, length);
      sizes = Arrays.copyOf(sizes, length);
      losses = Arrays.copyOf(losses, length);
      gradients = Arrays.copyOf(gradients, length);
    }
    int at = nodesBefore(block);
    move(at, at + 1);
    first[at] = block;
    sizes[at] = size;
    losses[at] = loss;
    gradients[at] = gradient;
    join(at);
  }

  /** Moves the nodes from an index on to another, the last of them to the new end. */
  private void move(int from, int to) {
    int n = nodes - from;
    System.arraycopy(first, from, first, to, n);
    System.arraycopy(sizes, from, sizes, to, n);
    System.arraycopy(losses, from, losses, to, n);
    System.arraycopy(gradients, from, gradients, to, n);
    nodes += to - from;
  }

  /** Returns the number of nodes that start before a block. */
  private int nodesBefore(int block) {
    int at = Arrays.binarySearch(first, 0, nodes, block);
    return at < 0 ? -at - 1 : at;
  }

  /** @throws IllegalArgumentException if one of these blocks has been added */
  void requireNew(int block, int size) {
    int at = nodesBefore(block);
    int known = at > 0 && first[at - 1] + sizes[at - 1] > block ? block
        : at < nodes && first[at] - size < block ? first[at] : -1;
    if (known >= 0) throw new IllegalArgumentException("block " + known + " has been added before");
  }

  /**
   * Adds a node to its sibling, their sum to its sibling, and so on.
   *
   * <p>In the tree over 2^j ≥ K places, the node of level j at place k covers the blocks k … k + 2^j − 1 that exist. If
   * a right sibling has no blocks, its left sibling takes their parent's place: this is the tree of the definition.
   */
  private void join(int node) {
    int at = node;
    for (long span = span(sizes[at]); span < blocks; span *= 2) {
      int left = (int) (first[at] & -2 * span);
      long right = left + span;
      if (right >= blocks) continue; // the node alone is its parent
      if (first[at] == right) at--;
      boolean both = at >= 0 && at + 1 < nodes && first[at] == left && sizes[at] == span && first[at + 1] == right
          && sizes[at + 1] == Math.min(span, blocks - right);
      if (!both) return;
      plus(gradients[at], gradients[at + 1]);
      losses[at] += losses[at + 1];
      sizes[at] += sizes[at + 1];
      release(at + 1);
      move(at + 2, at + 1);
      gradients[nodes] = null;
    }
  }

  /** Adds r to l, divided among the threads of the kernels. */
  private void plus(double[] l, double[] r) {
    sum = l;
    added = r;
    kernels.runParts(GradientSum.blocks(parameters, ADDED_AT_ONCE), addPart);
    sum = added = null;
  }

  private void addPart(int part) {
    int from = part * ADDED_AT_ONCE, n = Math.min(ADDED_AT_ONCE, parameters - from);
    kernels.axpy(n, 1, added, from, sum, from); // fma(1, r, l) rounds once, as l + r
  }

  /** Returns the least power of two ≥ n. */
  private static long span(int n) {
    return n == 1 ? 1 : 2L * Integer.highestOneBit(n - 1);
  }

  /** Returns whether these blocks are a subtree of K blocks. */
  boolean isSubtree(int block, int size) {
    if (block < 0 || size < 1 || size > blocks - block) return false;
    return block % span(size) == 0 && (size == span(size) || block + size == blocks);
  }

  /** Moves all nodes of another tree here, in exchange for unused arrays. */
  void takeAll(BlockTree other) {
    for (int i = 0; i < other.nodes; i++) {
      double[] taken = other.gradients[i], given = free.poll();
      other.gradients[i] = null;
      if (given == null) {
        owned++;
        other.owned--;
      } else {
        other.free.push(given);
      }
      insert(other.first[i], other.sizes[i], other.losses[i], taken);
    }
    other.nodes = 0;
  }

  boolean isComplete() {
    return nodes == 1 && sizes[0] == blocks;
  }

  int firstMissing() {
    int missing = 0;
    for (int i = 0; i < nodes && first[i] == missing; i++) missing += sizes[i];
    return missing;
  }
}
