// SPDX-License-Identifier: MIT
package chainrule.nn;

import chainrule.kernels.Kernels;
import java.util.Objects;

/**
 * The gradient of a batch as the sum of its blocks' gradients, in one fixed tree:
 * <pre>
 * S(k, 1) = G_k
 * S(k, n) = S(k, m) + S(k + m, n − m)        m the largest power of two below n
 * </pre>
 * G_k is the gradient of f · Σ_b w_b ℓ_b over the rows of block k, with the factor f of the <i>whole</i> batch: see
 * {@link Backpropagation#blockLossAndGradient}. Block k holds the B rows from k·B on; the last may be shorter. The
 * result is S(0, K) for K blocks. The sums of the rows' losses, without f, go through the same tree. Each + is one
 * addition of IEEE-754 per parameter.
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
  private final BlockTree tree;

  /**
   * Creates a sum without blocks.
   *
   * @param kernels computes the sums; the bits do not depend on it
   * @param blocks K, the number of blocks of the whole batch, ≥ 1
   * @param parameters the length of a gradient, ≥ 0
   */
  public GradientSum(Kernels kernels, int blocks, int parameters) {
    Objects.requireNonNull(kernels, "kernels");
    if (parameters < 0) throw new IllegalArgumentException("parameters: expected ≥ 0, found " + parameters);
    tree = new BlockTree(kernels, parameters);
    clear(blocks);
  }

  /**
   * {@return K = ⌈rows / block⌉, the number of blocks of a batch}
   *
   * @param rows the number of rows of the batch, ≥ 0
   * @param block B, the number of rows of a block, ≥ 1
   * @throws IllegalArgumentException if rows &lt; 0 or block &lt; 1
   */
  public static int blocks(int rows, int block) {
    if (rows < 0) throw new IllegalArgumentException("batch: expected ≥ 0 rows, found " + rows);
    if (block < 1) throw new IllegalArgumentException("block: expected ≥ 1 rows, found " + block);
    return rows / block + (rows % block == 0 ? 0 : 1);
  }

  /**
   * Removes all blocks, for the next batch. Keeps the arrays.
   *
   * @param count K, the number of blocks of the next batch, ≥ 1
   * @throws IllegalArgumentException if count &lt; 1
   */
  public void clear(int count) {
    if (count < 1) throw new IllegalArgumentException("blocks: expected ≥ 1, found " + count);
    tree.clear(count);
  }

  /** {@return K, the number of blocks of the whole batch} */
  public int blocks() {
    return tree.blocks;
  }

  /** {@return the length of a gradient} */
  public int parameters() {
    return tree.parameters;
  }

  /**
   * {@return an array [parameters] for the gradient of a block, to be passed to {@link #add}} Its contents are
   * undefined.
   */
  public double[] buffer() {
    return tree.buffer();
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
    if (gradient.length != parameters()) {
      throw new IllegalArgumentException(
          "gradient: expected " + parameters() + " parameters, found " + gradient.length);
    }
    if (block < 0 || block >= blocks()) {
      throw new IllegalArgumentException("block: expected 0 to " + (blocks() - 1) + ", found " + block);
    }
    tree.requireNew(block, 1);
    tree.insert(block, 1, loss, gradient);
  }

  /**
   * Adds all blocks of another sum, which is empty afterwards.
   *
   * @param other a sum for the same batch, with other blocks
   * @throws IllegalArgumentException if the other sum is of another number of blocks or parameters, or if they have a
   *     block in common; neither sum has changed
   */
  public void merge(GradientSum other) {
    if (other.blocks() != blocks() || other.parameters() != parameters()) {
      throw new IllegalArgumentException("expected a sum of " + blocks() + " blocks and " + parameters()
          + " parameters, found " + other.blocks() + " blocks and " + other.parameters() + " parameters");
    }
    for (int i = 0; i < other.tree.nodes; i++) tree.requireNew(other.tree.first[i], other.tree.sizes[i]);
    tree.takeAll(other.tree);
  }

  // ---------------------------------------------------------------- the result

  /** {@return whether all K blocks have been added} */
  public boolean isComplete() {
    return tree.isComplete();
  }

  /**
   * {@return Σ_b w_b ℓ_b over the whole batch, without factor and penalties}
   * @throws IllegalStateException if a block is missing
   */
  public double loss() {
    requireComplete();
    return tree.losses[0];
  }

  /**
   * {@return the gradient of the whole batch [parameters], without penalties: the array itself, which is valid until
   * the next call of {@link #clear}}
   * @throws IllegalStateException if a block is missing
   */
  public double[] gradient() {
    requireComplete();
    return tree.gradients[0];
  }

  private void requireComplete() {
    if (isComplete()) return;
    throw new IllegalStateException("block " + tree.firstMissing() + " of " + blocks() + " is missing");
  }

  /** {@return this sum as bytes for {@link #of}} The blocks that are missing may be added there. */
  public byte[] toBytes() {
    return GradientSumBytes.write(tree);
  }

  /**
   * {@return the sum that {@link #toBytes} has written, with {@link Kernels#best}}
   *
   * @param bytes the bytes that {@link #toBytes} has returned
   * @throws IllegalArgumentException if the bytes are not those of a sum
   */
  public static GradientSum of(byte[] bytes) {
    return of(Kernels.best(), bytes);
  }

  /**
   * {@return the sum that {@link #toBytes} has written} Needs no more memory than the bytes. Numbers are not checked:
   * each pattern of 64 bits is one.
   *
   * @param kernels computes further sums; the bits do not depend on it
   * @param bytes the bytes that {@link #toBytes} has returned
   * @throws IllegalArgumentException if the bytes are not those of a sum
   */
  public static GradientSum of(Kernels kernels, byte[] bytes) {
    return GradientSumBytes.read(kernels, bytes);
  }

  BlockTree tree() {
    return tree;
  }
}
