// SPDX-License-Identifier: MIT
package chainrule.nn;

import chainrule.kernels.Kernels;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.IntConsumer;

/**
 * The gradient of a batch as the sum of its blocks' gradients, in one fixed tree:
 * <pre>
 * S(k, 1) = G_k
 * S(k, n) = S(k, m) + S(k + m, n − m)        m the largest power of two below n
 * </pre>
 * G_k is the gradient of block k, which holds the B rows from k·B on (the last block may be shorter). Its loss is
 * factor · Σ_b w_b ℓ_b over the block's rows, with the factor of the <i>whole</i> batch: see
 * {@link Backpropagation#blockLossAndGradient}. The result is S(0, K) for K blocks. The sum of the rows' losses goes
 * through the same tree. Each + is one addition of IEEE-754 per parameter.
 *
 * <p>Two siblings are added as soon as both are known, and nothing else is ever added. So blocks may be added, and sums
 * merged, in any order and on any machine: the result has the same bits. Sums of different machines are sent with
 * {@link #toBytes} and {@link #of(byte[])}.
 * <pre>{@code
 * GradientSum sum = new GradientSum(network.kernels(), blocks, network.parameters().length);
 * for (int k = from; k < to; k++) {
 *   double[] g = sum.buffer();
 *   sum.add(k, backpropagation.blockLossAndGradient(…, factor, g), g);
 * }
 * all.merge(sum);                                  // if all.isComplete(): all.loss(), all.gradient()
 * }</pre>
 * K blocks added in order keep at most 1 + log₂ K arrays, and n of them from any block on at most 2 + 2 log₂ n. The
 * arrays are reused after {@link #clear}, so a repeated sequence of calls allocates nothing, except for
 * {@link #toBytes}. NaN and ∞ propagate. For use by one thread at a time. Spec: BlockSumSpec, GradientSumTest.
 */
public final class GradientSum {
  /** Parameters that a thread adds at once: enough to be worth a part. */
  private static final int ADDED_AT_ONCE = 1 << 15;

  private final Kernels kernels;
  private final int parameters;
  private int blocks;

  // the nodes: complete subtrees in the order of their blocks. Siblings have been replaced by their parent
  private int nodes;
  private int[] first = new int[8]; // block of each node
  private int[] sizes = new int[8]; // number of blocks of each node
  private double[] losses = new double[8];
  private double[][] gradients = new double[8][];

  private final IntConsumer addPart = this::addPart;
  private double[] sum, added; // of the current addition

  private final ArrayDeque<double[]> free = new ArrayDeque<>();
  private int owned; // arrays created here or taken from merged sums, less those given to them: an upper limit of free

  /**
   * Creates a sum without blocks.
   *
   * @param kernels computes the sums; the bits do not depend on it
   * @param blocks K, the number of blocks of the whole batch, ≥ 1
   * @param parameters the length of a gradient, ≥ 0
   */
  public GradientSum(Kernels kernels, int blocks, int parameters) {
    this.kernels = Objects.requireNonNull(kernels, "kernels");
    if (parameters < 0) throw new IllegalArgumentException("parameters: expected ≥ 0, found " + parameters);
    this.parameters = parameters;
    clear(blocks);
  }

  /**
   * Returns K = ⌈rows / block⌉, the number of blocks of a batch.
   * @throws IllegalArgumentException if rows &lt; 0 or block &lt; 1
   */
  public static int blocks(int rows, int block) {
    if (rows < 0) throw new IllegalArgumentException("batch: expected ≥ 0 rows, found " + rows);
    if (block < 1) throw new IllegalArgumentException("block: expected ≥ 1 rows, found " + block);
    return rows / block + (rows % block == 0 ? 0 : 1);
  }

  /** Removes all blocks, for the next batch of this number of blocks, ≥ 1. Keeps the arrays. */
  public void clear(int count) {
    if (count < 1) throw new IllegalArgumentException("blocks: expected ≥ 1, found " + count);
    while (nodes > 0) release(--nodes);
    blocks = count;
  }

  private void release(int node) {
    if (free.size() < owned) free.push(gradients[node]);
    gradients[node] = null;
  }

  /** K, the number of blocks of the whole batch. */
  public int blocks() {
    return blocks;
  }

  /** The length of a gradient. */
  public int parameters() {
    return parameters;
  }

  /** Returns an array [parameters] for the gradient of a block, to be passed to {@link #add}. Contents undefined. */
  public double[] buffer() {
    double[] g = free.poll();
    if (g != null) return g;
    g = new double[parameters];
    owned++;
    return g;
  }

  /**
   * Adds a block, then each two siblings that are complete.
   * Formula: beyond-block-sum. Spec: BlockSumSpec#anyCutsAndAnyOrderOfMergesGiveTheSumOfTheDefinition.
   *
   * @param block k, from 0
   * @param loss Σ_b w_b ℓ_b over the block's rows, without factor and penalties
   * @param gradient G_k [parameters]; the array then belongs to this sum, and its contents change
   * @throws IllegalArgumentException if k is not one of the K blocks or has been added before, or if the gradient has
   *     another length; the sum has not changed
   */
  public void add(int block, double loss, double[] gradient) {
    if (gradient.length != parameters) {
      throw new IllegalArgumentException(
          "gradient: expected " + parameters + " parameters, found " + gradient.length);
    }
    if (block < 0 || block >= blocks) {
      throw new IllegalArgumentException("block: expected 0 to " + (blocks - 1) + ", found " + block);
    }
    requireNew(block, 1);
    insert(block, 1, loss, gradient);
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
    kernels.runParts(blocks(parameters, ADDED_AT_ONCE), addPart);
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

  /**
   * Adds all blocks of another sum, which is empty afterwards.
   *
   * @throws IllegalArgumentException if the other sum is of another number of blocks or parameters, or if they have a
   *     block in common; neither sum has changed
   */
  public void merge(GradientSum other) {
    if (other.blocks != blocks || other.parameters != parameters) {
      throw new IllegalArgumentException("expected a sum of " + blocks + " blocks and " + parameters
          + " parameters, found " + other.blocks + " blocks and " + other.parameters + " parameters");
    }
    for (int i = 0; i < other.nodes; i++) requireNew(other.first[i], other.sizes[i]);
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

  // ---------------------------------------------------------------- the result

  /** Returns whether all K blocks have been added. */
  public boolean isComplete() {
    return nodes == 1 && sizes[0] == blocks;
  }

  /**
   * Returns Σ_b w_b ℓ_b over the whole batch, without factor and penalties.
   * @throws IllegalStateException if a block is missing
   */
  public double loss() {
    requireComplete();
    return losses[0];
  }

  /**
   * Returns the gradient of the whole batch [parameters], without penalties: the array itself, which is valid until the
   * next call of {@link #clear}.
   * @throws IllegalStateException if a block is missing
   */
  public double[] gradient() {
    requireComplete();
    return gradients[0];
  }

  private void requireComplete() {
    if (isComplete()) return;
    int missing = 0;
    for (int i = 0; i < nodes && first[i] == missing; i++) missing += sizes[i];
    throw new IllegalStateException("block " + missing + " of " + blocks + " is missing");
  }

  /** Returns this sum as bytes for {@link #of}; the blocks that are missing may be added there. */
  public byte[] toBytes() {
    return GradientSumBytes.write(blocks, parameters, nodes, first, sizes, losses, gradients);
  }

  /** Returns the sum that {@link #toBytes} has written, with {@link Kernels#best}. */
  public static GradientSum of(byte[] bytes) {
    return of(Kernels.best(), bytes);
  }

  /**
   * Returns the sum that {@link #toBytes} has written. Needs no more memory than the bytes. Numbers are not checked:
   * each pattern of 64 bits is one.
   * @throws IllegalArgumentException if the bytes are not those of a sum
   */
  public static GradientSum of(Kernels kernels, byte[] bytes) {
    return GradientSumBytes.read(kernels, bytes);
  }
}
