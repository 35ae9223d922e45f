// SPDX-License-Identifier: MIT
package chainrule.nn;

import chainrule.kernels.Kernels;
import chainrule.nn.loss.Loss;
import java.util.function.IntConsumer;

/**
 * The gradient of a batch of several blocks of rows on this machine: see {@link GradientSum}. Each of T threads takes
 * the same number of full blocks, with buffers of its own. The remaining blocks are computed one after the other, each
 * on all threads. The bits do not depend on T.
 */
final class BlockwiseGradient {
  private final Network network;
  private final int block;
  private final Backpropagation[] backpropagations; // [threads that take whole blocks]
  private final GradientSum[] sums; // [threads that take whole blocks]; the result is in the first
  private final IntConsumer takeBlocks = this::takeBlocks;

  // the current batch
  private long seed, step;
  private int rows, xo, yo, wo, blocks;
  private double[] x, y, weights;
  private double factor;

  /**
   * @param backpropagation of capacity ≥ block
   * @param capacity the largest number of rows in a batch
   */
  BlockwiseGradient(Network network, Loss loss, Backpropagation backpropagation, int block, int capacity) {
    this.network = network;
    this.block = block;
    int threads = network.kernels().threads();
    if (capacity / block < threads) threads = 1; // even the largest batch has no block for each thread
    this.backpropagations = new Backpropagation[threads];
    this.sums = new GradientSum[threads];
    for (int i = 0; i < threads; i++) {
      backpropagations[i] = i == 0 ? backpropagation : new Backpropagation(network, loss, block);
      sums[i] = new GradientSum(network.kernels(), 1, network.parameters().length);
    }
  }

  /** Returns L of the whole batch without penalties; its gradient is then {@link #gradient}, unless L is not finite. */
  double compute(long seed, long step, int rows, double[] x, int xo, double[] y, int yo, double[] weights, int wo) {
    this.seed = seed;
    this.step = step;
    this.rows = rows;
    this.x = x;
    this.xo = xo;
    this.y = y;
    this.yo = yo;
    this.weights = weights;
    this.wo = wo;
    factor = backpropagations[0].batchFactor(rows, weights, wo);
    blocks = GradientSum.blocks(rows, block);
    for (GradientSum sum : sums) sum.clear(blocks);
    int threads = sums.length, each = wholeBlocks();
    if (each > 0) network.kernels().runParts(threads, takeBlocks);
    for (int i = 1; i < threads; i++) sums[0].merge(sums[i]);
    for (int k = each * threads; k < blocks; k++) add(0, k);
    double value = factor * sums[0].loss();
    if (!(Math.abs(value) < Double.POSITIVE_INFINITY)) repeatFirstNotFinite();
    this.x = this.y = this.weights = null;
    return value;
  }

  /** The number of blocks that each thread takes. A short last block is not one of them. */
  private int wholeBlocks() {
    return sums.length == 1 ? 0 : rows / block / sums.length;
  }

  private void takeBlocks(int thread) {
    int each = wholeBlocks();
    for (int k = thread * each; k < (thread + 1) * each; k++) add(thread, k);
  }

  private void add(int thread, int k) {
    double[] g = sums[thread].buffer();
    sums[thread].add(k, compute(backpropagations[thread], k, g), g);
  }

  private double compute(Backpropagation b, int k, double[] g) {
    int first = k * block, n = Math.min(block, rows - first), in = network.inputs(), out = network.outputs();
    b.setStep(seed, step, first);
    return b.blockLossAndGradient(n, x, xo + first * in, y, yo + first * out, weights, wo + first, factor, g);
  }

  /** Repeats the first block whose loss is not finite, for {@link Backpropagation#firstNotFinite}. */
  private void repeatFirstNotFinite() {
    double[] g = sums[0].gradient();
    int k = 0;
    while (k < blocks && Math.abs(compute(backpropagations[0], k, g)) < Double.POSITIVE_INFINITY) k++;
  }

  /** Returns ∂L/∂θ of the last batch [parameters], without penalties: the array itself. */
  double[] gradient() {
    return sums[0].gradient();
  }
}
