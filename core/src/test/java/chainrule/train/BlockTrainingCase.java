// SPDX-License-Identifier: MIT
package chainrule.train;

import chainrule.data.Dataset;
import chainrule.data.Generators;
import chainrule.kernels.Kernels;
import chainrule.kernels.ScalarKernels;
import chainrule.nn.GradientSum;
import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.activation.Softmax;
import chainrule.nn.activation.Tanh;
import chainrule.nn.loss.CategoricalCrossEntropy;
import chainrule.nn.loss.Loss;
import chainrule.nn.optimizer.Optimizer;
import chainrule.nn.optimizer.Optimizers;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The settings of a training in blocks, drawn from a seed, and a source that divides its batches at random. */
record BlockTrainingCase(
    long seed, Dataset train, String optimizer, Regularization penalty, double clip, double dropout, int batch,
    int block, int patience, int epochs) {
  private static final Dataset ALL = Generators.SPIRALS.generate(110, 3);
  static final Dataset VALIDATION = rows(80, 95), TEST = rows(95, 110);

  private static Dataset rows(int from, int to) {
    int[] rows = new int[to - from];
    for (int i = 0; i < rows.length; i++) rows[i] = from + i;
    return ALL.select(rows);
  }

  static BlockTrainingCase of(long seed) {
    SplittableRandom r = new SplittableRandom(seed);
    Dataset train = rows(0, 60 + r.nextInt(20));
    if (r.nextInt(2) == 0) {
      train = train.withWeights(r.doubles(train.rows()).map(w -> w < 0.2 ? 0 : w).toArray());
    }
    Regularization[] penalties = {Regularization.NONE, Regularization.l1(0.01), Regularization.l2(0.01),
        Regularization.l1l2(0.001, 0.01).withBiases()};
    int batch = 10 + r.nextInt(40);
    return new BlockTrainingCase(seed, train, List.of("sgd", "momentum", "adam").get(r.nextInt(3)),
        penalties[r.nextInt(4)], r.nextInt(2) == 0 ? Double.POSITIVE_INFINITY : 0.3, r.nextInt(2) == 0 ? 0 : 0.3,
        batch, 1 + r.nextInt(batch + 5), r.nextInt(2) == 0 ? 0 : 1 + r.nextInt(2), 4);
  }

  /** Returns kernels; the bits do not depend on which. */
  static Kernels kernels(int n) {
    return switch (n % 4) {
      case 0 -> ScalarKernels.INSTANCE;
      case 1 -> Kernels.best();
      case 2 -> Kernels.best().withThreads(2);
      default -> ScalarKernels.INSTANCE.withThreads(3);
    };
  }

  Network network(Kernels kernels) {
    return Network.input(2).dense(7, new Tanh()).dropout(dropout).dense(3, new Softmax()).kernels(kernels).build(seed);
  }

  Loss loss() {
    return new CategoricalCrossEntropy();
  }

  Trainer trainer(Network net) {
    Optimizer o = Optimizers.parse(optimizer);
    Trainer t = Trainer.of(net).loss(loss()).optimizer(o.withRate(optimizer.equals("adam") ? 0.02 : 0.5))
        .regularization(penalty).clip(clip).schedule(new CosineDecay(0.1)).batch(batch).blocks(block).seed(seed);
    return patience == 0 ? t : t.stopEarly(VALIDATION, patience);
  }

  int steps() {
    return (train.rows() + batch - 1) / batch;
  }

  /** Cuts each batch at random among workers with networks of their own, and merges in random order. */
  class Source implements GradientSource {
    private final SplittableRandom random;
    final List<Batch> batches = new ArrayList<>();
    Setting setting;
    private Network[] networks;
    private BlockWorker[] workers;

    Source(long choices) {
      random = new SplittableRandom(choices);
    }

    @Override public int rows() {
      return train.rows();
    }

    @Override public double[] weights() {
      return train.weights();
    }

    @Override public void begin(Setting value) {
      setting = value;
      networks = new Network[1 + random.nextInt(5)];
      workers = new BlockWorker[networks.length];
      for (int i = 0; i < networks.length; i++) {
        networks[i] = network(kernels(random.nextInt(4)));
        workers[i] = new BlockWorker(networks[i], value.loss(), value.block(), value.seed());
      }
    }

    @Override public double lossAndGradient(Batch b, double[] gradient) {
      batches.add(b);
      double[] theta = setting.network().parameters();
      for (Network n : networks) System.arraycopy(theta, 0, n.parameters(), 0, theta.length);
      int blocks = GradientSum.blocks(b.rows(), setting.block());
      List<GradientSum> parts = new ArrayList<>();
      for (int from = 0; from < blocks; ) {
        int to = from + 1 + random.nextInt(blocks - from);
        GradientSum part = workers[random.nextInt(workers.length)].sum(b, train, from, to);
        if (random.nextInt(2) == 0) part = GradientSum.of(kernels(random.nextInt(4)), part.toBytes());
        parts.add(random.nextInt(parts.size() + 1), part);
        from = to;
      }
      while (parts.size() > 1) {
        GradientSum merged = parts.remove(random.nextInt(parts.size()));
        parts.get(random.nextInt(parts.size())).merge(merged);
      }
      GradientSum sum = parts.get(0);
      System.arraycopy(sum.gradient(), 0, gradient, 0, gradient.length);
      return b.factor() * sum.loss();
    }
  }
}
