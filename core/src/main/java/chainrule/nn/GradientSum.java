// SPDX-License-Identifier: MIT
package chainrule.nn;

import chainrule.kernels.Kernels;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Objects;

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
 * A sum of n consecutive blocks, added in order, keeps at most 1 + log₂ n arrays. NaN and ∞ propagate. For use by one
 * thread at a time.
 */
public final class GradientSum {
  private static final int MAGIC = 0x43524753; // CRGS

  private final Kernels kernels;
  private final int parameters;
  private int blocks;
  // nodes by the block they start with: [blocks]; a complete subtree is kept as one node
  private int[] sizes; // the number of blocks of the node; 0 if no node starts here
  private double[] losses;
  private double[][] gradients;
  private boolean[] added; // whether a block has been added
  private final ArrayDeque<double[]> free = new ArrayDeque<>();

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
    this.sizes = new int[0];
    clear(blocks);
  }

  /** Returns the number of blocks of {@code rows} rows, if each has {@code block} rows and the last the remainder. */
  public static int blocks(int rows, int block) {
    return rows / block + (rows % block == 0 ? 0 : 1);
  }

  /** Forgets all blocks, for the next batch, which has this number of blocks. Keeps the arrays. */
  public void clear(int count) {
    if (count < 1) throw new IllegalArgumentException("blocks: expected ≥ 1, found " + count);
    for (int k = 0; k < blocks; k++) release(k);
    if (sizes.length < count) {
      sizes = new int[count];
      losses = new double[count];
      gradients = new double[count][];
      added = new boolean[count];
    }
    blocks = count;
    Arrays.fill(added, false);
  }

  private void release(int k) {
    if (sizes[k] == 0) return;
    free.push(gradients[k]);
    gradients[k] = null;
    sizes[k] = 0;
  }

  /** K, the number of blocks of the whole batch. */
  public int blocks() {
    return blocks;
  }

  /** Returns an array [parameters] for the gradient of a block; {@link #add} takes it back. Its contents are undefined. */
  public double[] buffer() {
    double[] g = free.poll();
    return g != null ? g : new double[parameters];
  }

  /** Takes back a {@link #buffer} that no block needed. */
  void giveBack(double[] g) {
    free.push(g);
  }

  /**
   * Adds a block.
   *
   * @param block k, from 0
   * @param loss Σ_b w_b ℓ_b over the block's rows, without factor and penalties
   * @param gradient G_k [parameters]; the array then belongs to this sum, and its contents change
   * @throws IllegalArgumentException if k is not one of the K blocks or has been added before, or if the gradient has
   *     another length; the sum has not changed
   */
  public void add(int block, double loss, double[] gradient) {
    add(block, 1, loss, gradient);
  }

  private void add(int block, int size, double loss, double[] gradient) {
    if (gradient.length != parameters) {
      throw new IllegalArgumentException(
          "gradient: expected " + parameters + " parameters, found " + gradient.length);
    }
    if (block < 0 || size < 1 || block > blocks - size) {
      throw new IllegalArgumentException("block: expected 0 to " + (blocks - 1) + ", found "
          + (size == 1 ? "" : block + " to ") + (block + size - 1));
    }
    for (int k = block; k < block + size; k++) {
      if (added[k]) throw new IllegalArgumentException("block " + k + " was added before");
    }
    Arrays.fill(added, block, block + size, true);
    sizes[block] = size;
    losses[block] = loss;
    gradients[block] = gradient;
    join(block);
  }

  /**
   * Adds the node that starts at a block to its sibling, their sum to its sibling, and so on.
   *
   * <p>In the tree over 2^j ≥ K places, the node of level j at place k covers the blocks k … k + 2^j − 1 that exist. If
   * a right sibling has no blocks, its left sibling takes their parent's place: this is the tree of the definition.
   */
  private void join(int block) {
    int k = block;
    for (int span = span(sizes[k]); span < blocks; span *= 2) {
      int left = k & -(2 * span), right = left + span;
      if (right >= blocks) continue; // the node alone is its parent
      if (sizes[left] != span || sizes[right] != Math.min(span, blocks - right)) return;
      kernels.axpy(parameters, 1, gradients[right], 0, gradients[left], 0); // fma(1, r, l) rounds once, as l + r
      losses[left] += losses[right];
      sizes[left] += sizes[right];
      release(right);
      k = left;
    }
  }

  /** Returns the least power of two ≥ n. */
  private static int span(int n) {
    return n == 1 ? 1 : Integer.highestOneBit(n - 1) << 1;
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
    for (int k = 0; k < blocks; k++) {
      if (added[k] && other.added[k]) throw new IllegalArgumentException("block " + k + " was added before");
    }
    for (int k = 0; k < blocks; k++) {
      int size = other.sizes[k];
      if (size == 0) continue;
      other.sizes[k] = 0;
      add(k, size, other.losses[k], other.gradients[k]);
      other.gradients[k] = null;
    }
    Arrays.fill(other.added, false);
  }

  /** Returns whether all K blocks have been added. */
  public boolean isComplete() {
    return sizes[0] == blocks;
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
    while (added[missing]) missing++;
    throw new IllegalStateException("block " + missing + " of " + blocks + " is missing");
  }

  // ---------------------------------------------------------------- bytes

  /**
   * Returns this sum as bytes, big-endian: the number CRGS, K, parameters and the number of nodes as 4 bytes each; then
   * for each node its first block and number of blocks as 4 bytes, its loss and its gradient as 8 bytes per number.
   *
   * @throws IllegalStateException if they do not fit in one array
   */
  public byte[] toBytes() {
    int nodes = 0;
    for (int k = 0; k < blocks; k++) if (sizes[k] > 0) nodes++;
    long length = HEADER + nodes * (NODE + 8L * parameters);
    if (length > Integer.MAX_VALUE - 8) {
      throw new IllegalStateException(nodes + " sums of " + parameters + " parameters do not fit in one array of bytes");
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) length).putInt(MAGIC).putInt(blocks).putInt(parameters).putInt(nodes);
    for (int k = 0; k < blocks; k++) {
      if (sizes[k] == 0) continue;
      bytes.putInt(k).putInt(sizes[k]).putDouble(losses[k]);
      bytes.asDoubleBuffer().put(gradients[k]);
      bytes.position(bytes.position() + 8 * parameters);
    }
    return bytes.array();
  }

  private static final int HEADER = 16, NODE = 16;

  /** Returns the sum that {@link #toBytes} has written, with {@link Kernels#best}. */
  public static GradientSum of(byte[] bytes) {
    return of(Kernels.best(), bytes);
  }

  /**
   * Returns the sum that {@link #toBytes} has written.
   * @throws IllegalArgumentException if the bytes are not those of a sum
   */
  public static GradientSum of(Kernels kernels, byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (bytes.length < HEADER || in.getInt() != MAGIC) throw new IllegalArgumentException("not the bytes of a sum");
    int blocks = in.getInt(), parameters = in.getInt(), nodes = in.getInt();
    if (blocks < 1 || parameters < 0 || nodes < 0 || nodes > blocks
        || bytes.length != HEADER + nodes * (NODE + 8L * parameters)) {
      throw new IllegalArgumentException("damaged bytes of a sum: " + bytes.length + " bytes for " + nodes
          + " sums of " + parameters + " parameters, of " + blocks + " blocks");
    }
    GradientSum sum = new GradientSum(kernels, blocks, parameters);
    for (int i = 0; i < nodes; i++) {
      int block = in.getInt(), size = in.getInt();
      if (size > 1 && !sum.isNode(block, size)) {
        throw new IllegalArgumentException("damaged bytes of a sum: blocks " + block + " to " + (block + size - 1)
            + " of " + blocks + " are not a part of the tree");
      }
      double loss = in.getDouble();
      double[] g = new double[parameters];
      in.asDoubleBuffer().get(g);
      in.position(in.position() + 8 * parameters);
      sum.add(block, size, loss, g);
    }
    return sum;
  }

  /** Returns whether these blocks are a subtree. */
  private boolean isNode(int block, int size) {
    int span = span(size);
    return block >= 0 && block % span == 0 && (size == span || block == blocks - size);
  }
}
