// SPDX-License-Identifier: MIT
package chainrule.train;

import chainrule.data.Dataset;
import chainrule.nn.Backpropagation;
import chainrule.nn.GradientSum;
import chainrule.nn.Network;
import chainrule.nn.loss.Loss;

/**
 * Computes the gradients of some blocks of a batch, for a {@link GradientSource} that divides a batch among machines.
 * The bits of {@link GradientSum} depend neither on how the blocks are divided nor on the order of the merges.
 * <pre>{@code
 * BlockWorker worker = new BlockWorker(network, loss, 256, seed);          // on each machine
 * GradientSum part = worker.sum(batch, rows, 0, 2);                        // blocks 0 and 1 of the batch
 * }</pre>
 * {@link #sum} allocates the returned sum only, and {@code add} nothing but the sum's arrays at first. For use by one
 * thread at a time; its kernels may use several. Spec: GradientSourceTest.
 */
public final class BlockWorker {
  private final Network network;
  private final int block;
  private final long seed;
  private final Backpropagation backpropagation;
  private final double[] x, y, weights; // of one block

  /**
   * Creates a worker with buffers for one block.
   *
   * @param network the network, whose current parameters each call uses
   * @param loss the loss, without penalties
   * @param block the number of rows of a block
   * @param seed the seed of the dropout masks
   * @throws IllegalArgumentException if block &lt; 1, or the loss does not fit the network
   */
  public BlockWorker(Network network, Loss loss, int block, long seed) {
    if (block < 1) throw new IllegalArgumentException("block: expected ≥ 1 rows, found " + block);
    this.network = network;
    this.block = block;
    this.seed = seed;
    this.backpropagation = new Backpropagation(network, loss, block);
    this.x = new double[Math.multiplyExact(block, network.inputs())];
    this.y = new double[Math.multiplyExact(block, network.outputs())];
    this.weights = new double[block];
  }

  /**
   * {@return the sum of some blocks of a batch, at the network's current parameters}
   *
   * @param batch the batch; its order refers to rows of the data
   * @param data all training rows
   * @param from the first block, ≥ 0
   * @param to the block after the last, at most the number of blocks
   */
  public GradientSum sum(GradientSource.Batch batch, Dataset data, int from, int to) {
    return sum(batch, data, batch.order(), batch.from(), from, to);
  }

  /**
   * {@return the sum of some blocks of a batch whose rows are anywhere in the data}
   *
   * @param batch the batch; its order is not used
   * @param data rows that include those of the batch
   * @param order row i of the batch is row {@code order[first + i]} of the data
   * @param first the index of the batch's first row in the order
   * @param from the first block, ≥ 0
   * @param to the block after the last, at most the number of blocks
   */
  public GradientSum sum(
      GradientSource.Batch batch, Dataset data, int[] order, int first, int from, int to) {
    GradientSum sum = new GradientSum(
        network.kernels(), GradientSum.blocks(batch.rows(), block), network.parameters().length);
    add(batch, data, order, first, from, to, sum);
    return sum;
  }

  /**
   * Adds some blocks of a batch to a sum, which may be reused from step to step.
   *
   * @param batch the batch; its order is not used
   * @param data rows that include those of the batch
   * @param order row i of the batch is row {@code order[first + i]} of the data
   * @param first the index of the batch's first row in the order
   * @param from the first block, ≥ 0
   * @param to the block after the last, at most the number of blocks
   * @param sum the sum to add to, of as many blocks as the batch
   * @throws IllegalArgumentException if the batch does not have these blocks, the sum is of another number of blocks or
   *     already has one of them, or the data does not fit the network
   */
  public void add(
      GradientSource.Batch batch, Dataset data, int[] order, int first, int from, int to, GradientSum sum) {
    Trainer.requireFit("training", network, data);
    int blocks = GradientSum.blocks(batch.rows(), block);
    if (from < 0 || to > blocks) {
      throw new IllegalArgumentException("blocks: expected 0 to " + blocks + ", found " + from + " to " + to);
    }
    if (sum.blocks() != blocks) {
      throw new IllegalArgumentException("sum: expected one of " + blocks + " blocks, found " + sum.blocks());
    }
    for (int k = from; k < to; k++) {
      gather(data, order, first + k * block, rows(batch, k));
      add(batch, k, x, 0, y, 0, data.weights() == null ? null : weights, 0, sum);
    }
  }

  /**
   * Adds one block of a batch, whose rows are consecutive in these arrays, to a sum.
   *
   * @param batch the batch; its order is not used
   * @param k the block, from 0
   * @param x inputs [rows of the block × in], starting at xo
   * @param xo the index of the block's first input in x
   * @param y targets [rows of the block × out], starting at yo
   * @param yo the index of the block's first target in y
   * @param w the weights of rows [rows of the block], starting at wo; null for no weights
   * @param wo the index of the block's first weight in w
   * @param sum the sum to add to, of as many blocks as the batch
   */
  public void add(GradientSource.Batch batch, int k, double[] x, int xo, double[] y, int yo, double[] w, int wo,
      GradientSum sum) {
    backpropagation.setStep(seed, batch.step(), k * block);
    double[] g = sum.buffer();
    double loss = backpropagation.blockLossAndGradient(rows(batch, k), x, xo, y, yo, w, wo, batch.factor(), g);
    sum.add(k, loss, g);
  }

  private int rows(GradientSource.Batch batch, int k) {
    return Math.min(block, batch.rows() - k * block);
  }

  private void gather(Dataset data, int[] order, int first, int n) {
    int in = network.inputs(), out = network.outputs();
    for (int i = 0; i < n; i++) {
      int row = order[first + i];
      System.arraycopy(data.x(), row * in, x, i * in, in);
      System.arraycopy(data.y(), row * out, y, i * out, out);
      if (data.weights() != null) weights[i] = data.weights()[row];
    }
  }
}
