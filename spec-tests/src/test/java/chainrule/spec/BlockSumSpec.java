// SPDX-License-Identifier: MIT
package chainrule.spec;

import chainrule.kernels.Kernels;
import chainrule.kernels.ScalarKernels;
import chainrule.nn.Backpropagation;
import chainrule.nn.FrozenParameters;
import chainrule.nn.GradientSum;
import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.TrainingStep;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Softmax;
import chainrule.nn.loss.CategoricalCrossEntropy;
import chainrule.nn.loss.Loss;
import chainrule.nn.loss.MeanSquaredError;
import chainrule.nn.loss.Reduction;
import chainrule.nn.optimizer.Optimizer;
import chainrule.nn.optimizer.Optimizers;
import chainrule.spec.RandomCase.Draw;
import chainrule.spec.ledger.Ledger;
import chainrule.spec.ledger.Ledger.Entry;
import chainrule.spec.ledger.Proves;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** The gradient by blocks: {@link GradientSum} and {@link TrainingStep} against the recursion, to the bit. */
class BlockSumSpec {
  static final String ID = "beyond-block-sum";
  private static final int PARAMETERS = 7;

  /**
   * K blocks with their numbers, and an order in which to add and merge them.
   *
   * @param g [blocks][parameters]
   * @param losses [blocks]
   * @param part the number of the sum that a block is added to first, [blocks]
   * @param order the order in which blocks are added [blocks]
   * @param merges pairs of parts: the second is merged into the first; all parts end in the first of the last pair
   * @param sent whether a part goes through bytes before it is merged
   */
  record Plan(long seed, double[][] g, double[] losses, int[] part, int[] order, int[][] merges, boolean[] sent) {

    int blocks() {
      return losses.length;
    }

    @Override public String toString() {
      return "plan " + seed + ": " + blocks() + " blocks, parts " + Arrays.toString(part) + ", added in the order "
          + Arrays.toString(order) + ", merged in the order " + Arrays.deepToString(merges);
    }
  }

  /** Returns a plan with numbers of very different sizes, a few of which are not finite. */
  static Plan plan(long seed) {
    Draw draw = new Draw(seed);
    int blocks = 1 + draw.below(draw.below(4) == 0 ? 100 : 20), parts = 1 + draw.below(Math.min(6, blocks));
    boolean special = draw.below(4) == 0;
    double[][] g = new double[blocks][PARAMETERS];
    double[] losses = new double[blocks];
    for (int k = 0; k < blocks; k++) {
      losses[k] = number(draw, special);
      for (int i = 0; i < PARAMETERS; i++) g[k][i] = number(draw, special);
    }
    int[] part = new int[blocks];
    boolean consecutive = draw.below(3) > 0;
    for (int k = 0; k < blocks; k++) part[k] = draw.below(parts);
    if (consecutive) Arrays.sort(part);
    List<Integer> order = new ArrayList<>(), left = new ArrayList<>();
    for (int k = 0; k < blocks; k++) order.add(draw.below(k + 1), k);
    for (int p = 0; p < parts; p++) left.add(p);
    int[][] merges = new int[parts - 1][];
    for (int m = 0; m < merges.length; m++) {
      int from = left.remove(draw.below(left.size()));
      merges[m] = new int[] {left.get(draw.below(left.size())), from};
    }
    boolean[] sent = new boolean[parts];
    for (int p = 0; p < parts; p++) sent[p] = draw.below(2) == 0;
    return new Plan(seed, g, losses, part, order.stream().mapToInt(k -> k).toArray(), merges, sent);
  }

  private static double number(Draw draw, boolean special) {
    if (special && draw.below(20) == 0) {
      double[] rare = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0.0, -0.0, Double.MIN_VALUE,
          -Double.MAX_VALUE};
      return rare[draw.below(rare.length)];
    }
    return draw.normal() * Math.scalb(1, draw.below(60) - 30);
  }

  /** Returns the sum of a plan: the gradient, then the loss. The museum implements it with bugs. */
  interface BlockSum {
    double[] of(Plan plan);
  }

  static final BlockSum REAL = plan -> {
    GradientSum[] parts = new GradientSum[plan.merges.length + 1];
    for (int p = 0; p < parts.length; p++) {
      parts[p] = new GradientSum(Kernels.best(), plan.blocks(), PARAMETERS);
    }
    for (int k : plan.order) parts[plan.part[k]].add(k, plan.losses[k], plan.g[k].clone());
    int last = 0;
    for (int[] merge : plan.merges) {
      last = merge[0];
      GradientSum from = parts[merge[1]];
      parts[last].merge(plan.sent[merge[1]] ? GradientSum.of(Kernels.best(), from.toBytes()) : from);
    }
    return with(parts[last].gradient(), parts[last].loss());
  };

  static double[] with(double[] g, double loss) {
    double[] all = Arrays.copyOf(g, g.length + 1);
    all[g.length] = loss;
    return all;
  }

  /** The definition: S(k, 1) = G_k, S(k, n) = S(k, m) + S(k + m, n − m), m the largest power of two below n. */
  static double[] definition(double[][] g, int k, int n) {
    if (n == 1) return g[k].clone();
    int m = 1;
    while (2 * m < n) m *= 2;
    double[] left = definition(g, k, m), right = definition(g, k + m, n - m);
    for (int i = 0; i < left.length; i++) left[i] = left[i] + right[i];
    return left;
  }

  static double[] definition(Plan plan) {
    double[][] all = new double[plan.blocks()][];
    for (int k = 0; k < all.length; k++) all[k] = with(plan.g[k], plan.losses[k]);
    return definition(all, 0, all.length);
  }

  /** Compares bits, except for the payload of a NaN. */
  private static boolean same(double a, double b) {
    return Double.doubleToLongBits(a) == Double.doubleToLongBits(b);
  }

  static void sumSpec(Entry entry, BlockSum subject, Plan plan) {
    double[] expected = definition(plan), found = subject.of(plan);
    for (int i = 0; i < expected.length; i++) {
      entry.holds(same(expected[i], found[i]), i < PARAMETERS ? "parameter " + i : "loss", expected[i], found[i], plan);
    }
  }

  @Property(tries = 1000)
  @Proves(value = ID, home = "GradientSum#add", by = "GradientSum#merge, GradientSum#toBytes, GradientSum#of")
  void anyCutsAndAnyOrderOfMergesGiveTheSumOfTheDefinition(@ForAll @LongRange(min = 1, max = 1_000_000) long seed) {
    sumSpec(Ledger.of(ID), REAL, plan(seed));
  }

  /** All orders of merging up to 5 parts of one block each, for 1 to 5 blocks. */
  @Test
  @Proves(value = ID, by = "GradientSum#merge")
  void everyOrderOfFiveBlocksGivesTheSameBits() {
    Entry entry = Ledger.of(ID);
    for (int blocks = 1; blocks <= 5; blocks++) {
      Plan numbers = plan(40 + blocks);
      while (numbers.blocks() < blocks) numbers = plan(numbers.seed + 100);
      double[][] g = Arrays.copyOf(numbers.g, blocks);
      double[] losses = Arrays.copyOf(numbers.losses, blocks);
      List<int[]> orders = new ArrayList<>();
      addOrders(new ArrayList<>(), blocks, orders);
      for (int[] order : orders) {
        for (int cut = 0; cut <= blocks; cut++) { // the first so many blocks of the order in one part, the rest alone
          int[] part = new int[blocks];
          int parts = Math.max(1, blocks - Math.max(0, cut - 1));
          for (int i = 0; i < blocks; i++) part[order[i]] = Math.max(0, i - Math.max(0, cut - 1));
          int[][] merges = new int[parts - 1][];
          for (int m = 0; m < merges.length; m++) merges[m] = new int[] {0, m + 1};
          sumSpec(entry, REAL, new Plan(numbers.seed, g, losses, part, order, merges, new boolean[parts]));
        }
      }
    }
  }

  private static void addOrders(List<Integer> begun, int n, List<int[]> all) {
    if (begun.size() == n) all.add(begun.stream().mapToInt(k -> k).toArray());
    for (int k = 0; k < n; k++) {
      if (begun.contains(k)) continue;
      begun.add(k);
      addOrders(begun, n, all);
      begun.remove(begun.size() - 1);
    }
  }

  /** The tree is visible in the bits: other orders of addition give others. */
  @Test
  @Proves(value = ID, by = "GradientSum#gradient")
  void otherOrdersOfAdditionGiveOtherBits() {
    Entry entry = Ledger.of(ID);
    double[] g = {1e16, 1, 1, 1, -1e16};
    double[][] blocks = Arrays.stream(g).mapToObj(v -> new double[] {v}).toArray(double[][]::new);
    GradientSum sum = new GradientSum(ScalarKernels.INSTANCE, 5, 1);
    for (int k = 0; k < 5; k++) sum.add(k, g[k], blocks[k].clone());
    entry.exact(((1e16 + 1) + (1 + 1)) + -1e16, sum.gradient()[0]);
    entry.exact(2, sum.loss());
    entry.exact(0, Arrays.stream(new double[] {1, 1, 1, -1e16}).reduce(1e16, Double::sum), "from left to right");
    int others = 0, plans = 500;
    for (long seed = 1; seed <= plans; seed++) {
      Plan plan = plan(seed);
      double[] total = new double[PARAMETERS + 1], tree = definition(plan);
      for (int k = 0; k < plan.blocks(); k++) {
        for (int i = 0; i < total.length; i++) total[i] += i < PARAMETERS ? plan.g[k][i] : plan.losses[k];
      }
      boolean equal = true;
      for (int i = 0; i < total.length; i++) equal &= same(total[i], tree[i]);
      if (!equal) others++;
    }
    entry.holds(others > plans / 2, "sums from left to right that differ", others);
  }

  // ---------------------------------------------------------------- the gradient of a network

  /** A network with dropout, and a batch with weights of rows; blocks of some rows, the last of which may be short. */
  private record Batch(RandomCase c, Loss loss, int rows, double[] x, double[] y, double[] weights, int block) {

    static Batch of(long seed, Kernels kernels) {
      Draw draw = new Draw(seed);
      RandomCase c = RandomCase.of(seed, 1, kernels);
      int rows = 1 + draw.below(30), in = c.net().inputs(), out = c.net().outputs();
      double[] x = new double[rows * in], y = new double[rows * out], weights = null;
      for (int i = 0; i < x.length; i++) x[i] = c.x()[i % c.x().length] + 0.3 * draw.normal();
      for (int i = 0; i < y.length; i++) y[i] = c.y()[i % c.y().length];
      if (draw.below(2) == 0) {
        weights = new double[rows];
        for (int b = 0; b < rows; b++) weights[b] = draw.below(5) == 0 ? 0 : 0.1 + draw.uniform();
      }
      return new Batch(c, c.loss(), rows, x, y, weights, 1 + draw.below(draw.below(3) == 0 ? rows + 2 : 6));
    }

    /** Returns G_k for each block of the definition, then its loss, by scalar kernels and a backpropagation each. */
    double[][] blocks() {
      int count = GradientSum.blocks(rows, block);
      double[][] all = new double[count][];
      for (int k = 0; k < count; k++) {
        int first = k * block, n = Math.min(block, rows - first);
        Backpropagation b = new Backpropagation(c.net(), loss, n);
        double[] g = new double[c.net().parameters().length];
        Arrays.fill(g, Double.NaN); // its contents do not matter
        b.setStep(c.seed(), 0, first);
        double sum = b.blockLossAndGradient(
            n, x, first * c.net().inputs(), y, first * c.net().outputs(), weights, first, factor(), g);
        all[k] = with(g, sum);
      }
      return all;
    }

    double factor() {
      double weight = weights == null ? rows : 0;
      for (int b = 0; weights != null && b < rows; b++) weight += weights[b];
      return loss.reduction() == Reduction.SUM ? 1 : weight == 0 ? 0 : 1 / weight;
    }
  }

  /** The loss and the parameters after a step are those of the recursion, a penalty and the optimizer. */
  @Test
  @Proves(value = ID, by = "TrainingStep#run, TrainingStep#update, Backpropagation#blockLossAndGradient")
  void aStepInBlocksUsesTheSumOfTheDefinitionForAnyKernelsAndThreads() {
    Entry entry = Ledger.of(ID);
    int steps = 0, dropouts = 0, weighted = 0, shorter = 0;
    for (long seed = 1; seed <= 400; seed++) {
      Batch batch = Batch.of(seed, ScalarKernels.INSTANCE);
      Network net = batch.c.net();
      if (!finite(batch)) continue;
      Optimizer optimizer = Optimizers.parse(Optimizers.names().get((int) (seed % Optimizers.names().size())));
      Regularization penalty = batch.c.penalty();
      double[][] blocks = batch.blocks();
      double[] theta = net.parameters().clone(), sum = definition(blocks, 0, blocks.length);
      double[] g = Arrays.copyOf(sum, theta.length);
      double loss = batch.factor() * sum[theta.length] + penalty.penalty(net);
      penalty.addGradient(net, g);
      optimizer.update(1, optimizer.rate(), theta.length, theta, g, new double[optimizer.slots()][theta.length]);
      for (Kernels kernels : new Kernels[] {ScalarKernels.INSTANCE, Kernels.best(), Kernels.best().withThreads(2),
          ScalarKernels.INSTANCE.withThreads(3)}) {
        Batch same = Batch.of(seed, kernels);
        TrainingStep step = new TrainingStep(same.c.net(), same.loss, penalty, optimizer, Double.POSITIVE_INFINITY,
            FrozenParameters.NONE, same.block, same.rows + 3).seed(same.c.seed());
        double value = step.run(optimizer.rate(), same.rows, same.x, 0, same.y, 0, same.weights, 0);
        entry.holds(same(loss, value), "loss", loss, value, batch.c, kernels.threads());
        for (int i = 0; i < theta.length; i++) {
          entry.holds(same(theta[i], same.c.net().parameters()[i]), "parameter", i, batch.c, kernels.threads());
        }
      }
      steps++;
      if (batch.c.hasDropout()) dropouts++;
      if (batch.weights != null) weighted++;
      if (blocks.length > 1 && batch.rows % batch.block > 0) shorter++;
    }
    entry.holds(steps > 300 && dropouts > 50 && weighted > 100 && shorter > 100, steps, dropouts, weighted, shorter);
  }

  private static boolean finite(Batch batch) {
    for (double[] block : batch.blocks()) {
      for (double v : block) if (!(Math.abs(v) < 1e200)) return false;
    }
    return true;
  }

  /** One block of all rows is the gradient that Backpropagation computes without blocks. */
  @Test
  @Proves(value = ID, by = "Backpropagation#blockLossAndGradient, Backpropagation#batchFactor")
  void oneBlockHasTheBitsOfTheWholeBatch() {
    Entry entry = Ledger.of(ID);
    for (long seed = 1; seed <= 200; seed++) {
      Batch batch = Batch.of(seed, Kernels.best());
      if (!finite(batch)) continue;
      Network net = batch.c.net();
      Backpropagation b = new Backpropagation(net, batch.loss, batch.rows);
      b.setStep(seed, 0, 0);
      double value = b.lossAndGradients(batch.rows, batch.x, 0, batch.y, 0, batch.weights, 0);
      double[] g = new double[net.parameters().length];
      double factor = b.batchFactor(batch.rows, batch.weights, 0);
      entry.holds(same(batch.factor(), factor), "factor", batch.factor(), factor, batch.c);
      double sum = b.blockLossAndGradient(batch.rows, batch.x, 0, batch.y, 0, batch.weights, 0, factor, g);
      entry.holds(same(value, factor * sum), "loss", value, factor * sum, batch.c);
      for (int i = 0; i < g.length; i++) entry.holds(same(b.gradients()[i], g[i]), i, batch.c);
    }
  }

  /**
   * With 7 rows of one linear unit with the weight 0, G_k = factor · Σ −2·x·y over the block: the factor is that of the
   * batch, also in a short last block.
   */
  @Test
  @Proves(value = ID, by = "TrainingStep#run")
  void theFactorIsThatOfTheWholeBatch() {
    Entry entry = Ledger.of(ID);
    Network net = Network.input(1).dense(1, new Linear()).build(1);
    Arrays.fill(net.parameters(), 0);
    double[] x = {1, 2, 3, 4, 5, 6, 7}, y = {8, 4, 2, 1, 2, 4, 8};
    TrainingStep step = new TrainingStep(net, new MeanSquaredError(), Regularization.NONE,
        Optimizers.parse("sgd"), Double.POSITIVE_INFINITY, FrozenParameters.NONE, 3, 7);
    double loss = step.run(1, 7, x, 0, y, 0);
    entry.check("mean of y²", Math.abs(loss - (64 + 16 + 4 + 1 + 4 + 16 + 64) / 7.0), 1e-14);
    entry.check("−∂L/∂w", Math.abs(net.parameters()[0] - 2 * (8 + 8 + 6 + 4 + 10 + 24 + 56) / 7.0), 1e-13);
    entry.check("−∂L/∂b", Math.abs(net.parameters()[1] - 2 * (8 + 4 + 2 + 1 + 2 + 4 + 8) / 7.0), 1e-14);
  }

  /** Products large enough for panels and several threads; every number of blocks from 1 to 9, the last one short. */
  @Test
  @Proves(value = ID, by = "TrainingStep#run")
  void lanesAndThreadsGiveOneResultForAnyNumberOfBlocks() {
    int in = 150, block = 64, most = 9 * block;
    double[] x = new SplittableRandom(1).doubles((long) most * in, -1, 1).toArray();
    double[] y = new double[most * 10];
    for (int i = 0; i < most; i++) y[i * 10 + i % 10] = 1;
    for (int rows : new int[] {64, 65, 128, 150, 192, 257, 320, 500, 576}) {
      double[] expected = null;
      for (Kernels kernels : new Kernels[] {ScalarKernels.INSTANCE, Kernels.best(), Kernels.best().withThreads(2),
          Kernels.best().withThreads(3), Kernels.best().withThreads(8)}) {
        Network net = Network.input(in).dense(113, new Relu()).dropout(0.2).dense(10, new Softmax()).kernels(kernels)
            .build(1);
        TrainingStep step = new TrainingStep(net, new CategoricalCrossEntropy(), Regularization.l2(1e-3),
            Optimizers.parse("adam"), 0.5, FrozenParameters.NONE, block, most).seed(3);
        for (int t = 0; t < 3; t++) step.run(rows, x, 0, y, 0);
        if (expected == null) expected = net.parameters();
        Ledger.of(ID).holds(Arrays.equals(expected, net.parameters()), kernels.name(), kernels.threads(), rows);
      }
    }
  }
}
