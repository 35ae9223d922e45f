// SPDX-License-Identifier: MIT
package chainrule.bench;

import chainrule.kernels.Kernels;
import chainrule.nn.Backpropagation;
import chainrule.nn.GradientSum;
import chainrule.nn.Network;
import chainrule.nn.loss.CategoricalCrossEntropy;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Locale;

/**
 * Prints what it costs to compute the gradient of a batch in blocks of rows ({@link GradientSum}), and what threads
 * gain from it. Steps are made in five ways in turns: without blocks and in blocks, on one thread and on several, and
 * one block after the other on all threads.
 *
 * <p>CPU times are those of the calling thread, so other programs on the machine barely count, nor does waiting for
 * another thread beyond a few microseconds. They are medians of the turns. The time that passed is the one that a tenth
 * of the turns stay below, because other programs can only lengthen it. Ratios are to the first way; that of the CPU
 * times is the median of the ratios in each turn.
 *
 * <p>Arguments: [a substring of the cases to measure] [rows of a block, 256] [turns, 300].
 */
public final class BlockTable {
  private static final String[] CASES = {
    "784-128-10/512 sgd", "784-128-10/512 adam", "784-128-10/768 sgd", "784-128-10/1024 sgd", "784-128-10/1024 adam",
    "1024-1024-1024-10/512 sgd", "64-32-10/1024 adam", "2-16-16-3/1024 adam",
  };

  private BlockTable() {}

  public static void main(String[] args) {
    String only = args.length > 0 ? args[0] : "";
    int block = args.length > 1 ? Integer.parseInt(args[1]) : 256;
    int turns = args.length > 2 ? Integer.parseInt(args[2]) : 300;
    int threads = Math.min(2, Runtime.getRuntime().availableProcessors());
    Kernels one = Kernels.best().withThreads(1), several = one.withThreads(threads);
    System.out.printf("Java %s, %s, blocks of %d rows%n", System.getProperty("java.version"), one.name(), block);
    System.out.println("| step | threads | gradient | CPU: µs | ratio | passed: µs | ratio |");
    System.out.println("|---|--:|---|--:|--:|--:|--:|");
    for (String name : CASES) {
      if (name.contains(only)) row(new StepCase(name), block, turns, one, several);
    }
  }

  private static void row(StepCase c, int block, int turns, Kernels one, Kernels several) {
    check(c, block, one, several);
    StepCase.Stepper whole = c.stepper(one), blocks = c.stepper(one, block), shared = c.stepper(several),
        sharedBlocks = c.stepper(several, block);
    BlockByBlock inTurn = new BlockByBlock(c, block, several);
    double rate = StepCase.TINY_RATE;
    double[][][] t = times(turns, () -> whole.run(rate), () -> blocks.run(rate), () -> shared.run(rate),
        () -> sharedBlocks.run(rate), () -> inTurn.run(rate));
    String[] ways = {"whole", "in blocks", "whole", "in blocks", "block by block"};
    for (int w = 0; w < ways.length; w++) {
      double[] ratios = new double[turns];
      for (int i = 0; i < turns; i++) ratios[i] = t[w][0][i] / t[0][0][i];
      double passed = quantile(0.1, t[w][1]);
      System.out.printf(Locale.ROOT, "| %s | %d | %s | %.0f | %.3f | %.0f | %.2f |%n", c.name,
          w < 2 ? 1 : several.threads(), ways[w], quantile(0.5, t[w][0]) / 1e3, quantile(0.5, ratios), passed / 1e3,
          passed / quantile(0.1, t[0][1]));
    }
  }

  /** Returns nanoseconds [runs][2][turns]: CPU time, and time that passed. A third as many turns warm up. */
  private static double[][][] times(int turns, Runnable... runs) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    double[][][] taken = new double[runs.length][2][turns];
    for (int t = -turns / 3; t < turns; t++) {
      for (int r = 0; r < runs.length; r++) {
        long begin = System.nanoTime(), cpu = threads.getCurrentThreadCpuTime();
        runs[r].run();
        if (t < 0) continue;
        taken[r][0][t] = threads.getCurrentThreadCpuTime() - cpu;
        taken[r][1][t] = System.nanoTime() - begin;
      }
    }
    return taken;
  }

  private static double quantile(double q, double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[(int) (q * sorted.length)];
  }

  /** Checks that three steps at the real learning rate give the same bits in each way with blocks. */
  private static void check(StepCase c, int block, Kernels one, Kernels several) {
    StepCase.Stepper expected = c.stepper(one, block), actual = c.stepper(several, block);
    BlockByBlock inTurn = new BlockByBlock(c, block, several);
    for (int s = 0; s < 3; s++) {
      double rate = c.optimizer.rate(), loss = expected.run(rate);
      if (loss == actual.run(rate) && loss == inTurn.run(rate)) continue;
      throw new IllegalStateException(c.name + ": wrong loss");
    }
    ElementaryBenchmark.requireSame(expected.network.parameters(), actual.network.parameters(), c.name);
    ElementaryBenchmark.requireSame(expected.network.parameters(), inTurn.to.network.parameters(), c.name);
  }

  /** Steps that compute one block after the other, each on all threads. */
  private static final class BlockByBlock {
    final StepCase.Stepper to;
    private final StepCase c;
    private final int block;
    private final Backpropagation backpropagation;
    private final GradientSum sum;
    private int next;

    BlockByBlock(StepCase c, int block, Kernels kernels) {
      this.c = c;
      this.block = block;
      to = c.stepper(kernels, block);
      Network network = to.network;
      backpropagation = new Backpropagation(network, new CategoricalCrossEntropy(), block);
      sum = new GradientSum(kernels, GradientSum.blocks(c.batch, block), network.parameters().length);
    }

    double run(double rate) {
      int row = next * c.batch;
      next = next + 1 == c.batches ? 0 : next + 1;
      double factor = backpropagation.batchFactor(c.batch, null, 0);
      sum.clear(sum.blocks());
      for (int k = 0; k < sum.blocks(); k++) {
        int first = k * block, n = Math.min(block, c.batch - first);
        double[] g = sum.buffer();
        sum.add(k, backpropagation.blockLossAndGradient(n, c.x, (row + first) * c.inputs(), c.y,
            (row + first) * c.outputs(), null, 0, factor, g), g);
      }
      return to.step.update(rate, factor * sum.loss(), sum.gradient());
    }
  }
}
