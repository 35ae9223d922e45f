// SPDX-License-Identifier: MIT
package chainrule.nn;

import chainrule.kernels.Kernels;
import chainrule.nn.loss.Loss;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * The gradient of a batch of several blocks of rows on this machine: see {@link GradientSum}. With several threads, each
 * thread takes whole blocks, with buffers of its own, if that gives every thread the same number of them. Otherwise the
 * blocks are computed one after the other, each on all threads. The bits are the same.
 */
final class BlockwiseGradient {
  private final Network network;
  private final int block;
  private final Backpropagation[] backpropagations; // [threads], created at first use except for the first
  private final Loss loss;
  private final GradientSum sum;
  private final AtomicInteger next = new AtomicInteger();
  private final IntConsumer takeBlocks = this::takeBlocks;

  // the current batch
  private long seed, step;
  private int rows, xo, yo, wo, blocks;
  private double[] x, y, weights;
  private double factor;

  /** @param backpropagation of capacity ≥ block */
  BlockwiseGradient(Network network, Loss loss, Backpropagation backpropagation, int block) {
    this.network = network;
    this.loss = loss;
    this.block = block;
    this.backpropagations = new Backpropagation[network.kernels().threads()];
    this.backpropagations[0] = backpropagation;
    this.sum = new GradientSum(network.kernels(), 1, network.parameters().length);
  }

  /** Returns L of the whole batch without penalties; its gradient is then {@link #gradient}, unless L is not finite. */
  double compute(long seed, long step, int rows, double[] x, int xo, double[] y, int yo, double[] weights, int wo) {
    set(seed, step, rows, x, xo, y, yo, weights, wo);
    Kernels kernels = network.kernels();
    int threads = kernels.threads();
    if (threads > 1 && blocks % threads == 0) {
      for (int i = 1; i < threads; i++) {
        if (backpropagations[i] == null) backpropagations[i] = new Backpropagation(network, loss, block);
      }
      kernels.runParts(threads, takeBlocks);
    } else {
      takeBlocks(0);
    }
    this.x = this.y = this.weights = null;
    double value = factor * sum.loss();
    if (!(Math.abs(value) < Double.POSITIVE_INFINITY)) findBlock(seed, step, rows, x, xo, y, yo, weights, wo);
    return value;
  }

  private void set(
      long seed, long step, int rows, double[] x, int xo, double[] y, int yo, double[] weights, int wo) {
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
    sum.clear(blocks);
    next.set(0);
  }

  private void takeBlocks(int thread) {
    for (int k = next.getAndIncrement(); k < blocks; k = next.getAndIncrement()) {
      double[] g;
      synchronized (sum) {
        g = sum.buffer();
      }
      double value = compute(backpropagations[thread], k, g);
      synchronized (sum) {
        sum.add(k, value, g);
      }
    }
  }

  private double compute(Backpropagation b, int k, double[] g) {
    int first = k * block, n = Math.min(block, rows - first), in = network.inputs(), out = network.outputs();
    b.setStep(seed, step, first);
    return b.blockLossAndGradient(n, x, xo + first * in, y, yo + first * out, weights, wo + first, factor, g);
  }

  /** Repeats the forward pass of the first block whose loss is not finite, so that its first such layer can be named. */
  private void findBlock(
      long seed, long step, int rows, double[] x, int xo, double[] y, int yo, double[] weights, int wo) {
    set(seed, step, rows, x, xo, y, yo, weights, wo);
    double[] g = sum.buffer();
    int k = 0;
    while (k < blocks && Math.abs(compute(backpropagations[0], k, g)) < Double.POSITIVE_INFINITY) k++;
    sum.giveBack(g);
    this.x = this.y = this.weights = null;
  }

  /** Returns ∂L/∂θ of the last batch [parameters], without penalties: the array itself. */
  double[] gradient() {
    return sum.gradient();
  }
}
