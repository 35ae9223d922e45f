// SPDX-License-Identifier: MIT
package chainrule.spec;

import chainrule.data.Dataset;
import chainrule.nn.Backpropagation;
import chainrule.nn.Network;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.loss.HalfSquaredError;
import chainrule.nn.loss.Reduction;
import chainrule.nn.optimizer.GradientDescent;
import chainrule.nn.optimizer.Optimizer;
import chainrule.random.CounterRandom;
import chainrule.spec.ledger.Ledger;
import chainrule.spec.ledger.Ledger.Entry;
import chainrule.spec.ledger.Proves;
import chainrule.spec.witness.FiniteDifferences;
import chainrule.spec.witness.Dual;
import chainrule.spec.witness.HighPrecision;
import chainrule.train.Trainer;
import chainrule.train.TrainingListener;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;
import org.junit.jupiter.api.Test;

/**
 * The updates of an epoch of {@link Trainer}, with the whole data set, mini-batches or single samples in a step,
 * against the gradients of each sample's loss C_x = ½‖y − a‖² by dual numbers.
 * The spec does not rely on the trainer for which samples a step used: among all sets of unused samples of the epoch,
 * it finds the one that explains the step.
 */
class TrainerUpdateSpec {
  private static final double RATE = 0.5;

  /** 2 → 3 sigmoid → 2 linear: W1 [2 × 3], b1 [3], W2 [3 × 2], b2 [2]. */
  private static final int W1 = 0, B1 = 6, W2 = 9, B2 = 15, PARAMETERS = 17;

  private static boolean isBias(int i) {
    return i >= B1 && i < W2 || i >= B2;
  }

  private static Network network(long seed) {
    Network net = Network.input(2).dense(3, new Sigmoid()).dense(2, new Linear()).build(seed);
    double[] theta = net.parameters();
    for (int i = 0; i < theta.length; i++) theta[i] += 0.5 * CounterRandom.normal(seed, 1, i); // biases too
    return net;
  }

  private static Dataset data(int rows, long seed) {
    double[] x = new double[rows * 2], y = new double[rows * 2];
    for (int i = 0; i < x.length; i++) {
      x[i] = CounterRandom.normal(seed, 2, i);
      y[i] = CounterRandom.normal(seed, 3, i);
    }
    return Dataset.regression(2, x, 2, y);
  }

  /** C_x of row r at θ by the documents' formula, differentiated by θ_at. */
  private static Dual loss(double[] theta, int at, Dataset d, int r) {
    Dual[] p = new Dual[PARAMETERS];
    for (int i = 0; i < p.length; i++) p[i] = i == at ? Dual.variable(theta[i]) : Dual.constant(theta[i]);
    Dual[] a = new Dual[3];
    for (int j = 0; j < 3; j++) {
      Dual z = p[B1 + j];
      for (int i = 0; i < 2; i++) z = z.plus(p[W1 + 3 * i + j].times(d.x()[2 * r + i]));
      a[j] = Dual.ONE.over(Dual.ONE.plus(z.negate().exp()));
    }
    Dual sum = Dual.ZERO;
    for (int k = 0; k < 2; k++) {
      Dual z = p[B2 + k];
      for (int j = 0; j < 3; j++) z = z.plus(a[j].times(p[W2 + 2 * j + k]));
      Dual miss = Dual.constant(d.y()[2 * r + k]).minus(z);
      sum = sum.plus(miss.times(miss));
    }
    return sum.times(0.5);
  }

  /** ∇C_x of row r at θ. */
  private static BigDecimal[] gradient(double[] theta, Dataset d, int r) {
    BigDecimal[] g = new BigDecimal[PARAMETERS];
    for (int i = 0; i < g.length; i++) g[i] = loss(theta, i, d, r).d();
    return g;
  }

  /** θ before the epoch and after each of its steps. */
  private static List<double[]> epoch(Network net, Dataset d, Reduction reduction, Optimizer optimizer, int batch) {
    List<double[]> path = new ArrayList<>(List.of(net.parameters().clone()));
    Trainer.of(net).loss(new HalfSquaredError(reduction)).optimizer(optimizer).batch(batch).seed(5)
        .listener(new TrainingListener() {
          @Override public void onStep(int epoch, int step, int steps, double loss) {
            path.add(net.parameters().clone());
          }
        }).fit(d, 1);
    return path;
  }

  /** The parameters that a formula covers. */
  enum Part { ALL, WEIGHTS, BIASES }

  /**
   * One epoch over n samples in batches of m: each step is θ − (η/m')Σ∇C_x over m' samples, or θ − ηΣ∇C_x with
   * Reduction.SUM. m' = m except in the last step, and each sample is used once.
   */
  static void epochSpec(
      Entry entry, DoubleFunction<Optimizer> subject, int n, int m, Reduction reduction, Part part, long seed) {
    Dataset d = data(n, seed);
    List<double[]> path = epoch(network(seed), d, reduction, subject.apply(RATE), m);
    entry.holds(path.size() == 1 + (n + m - 1) / m, "steps", path.size() - 1);
    int unused = (1 << n) - 1;
    for (int s = 1; s < path.size(); s++) {
      double[] before = path.get(s - 1), after = path.get(s);
      BigDecimal[][] gradients = new BigDecimal[n][];
      for (int r = 0; r < n; r++) if ((unused >> r & 1) == 1) gradients[r] = gradient(before, d, r);
      int size = Math.min(m, Integer.bitCount(unused)), best = 0;
      double least = Double.POSITIVE_INFINITY;
      for (int set = unused; set > 0; set = (set - 1) & unused) {
        if (Integer.bitCount(set) != size) continue;
        double error = error(before, after, gradients, set, reduction, part);
        if (error < least) {
          least = error;
          best = set;
        }
      }
      entry.check(Entry.DUAL, least, 1e-13, "batch of " + m + " of " + n, "step " + s, "seed " + seed);
      unused &= ~best;
    }
    entry.holds(unused == 0, "every sample used once");
  }

  /**
   * The largest distance of a parameter from θ − f·Σ∇C_x, relative to |θ| + η. The gradients are sums of at most ten
   * terms of order one, so a bound of 1e-13 allows some hundred roundings.
   */
  private static double error(
      double[] before, double[] after, BigDecimal[][] gradients, int set, Reduction reduction, Part part) {
    double worst = 0;
    BigDecimal rate = new BigDecimal(RATE), size = BigDecimal.valueOf(Integer.bitCount(set));
    BigDecimal factor = reduction == Reduction.MEAN ? rate.divide(size, HighPrecision.DIGITS) : rate;
    for (int i = 0; i < PARAMETERS; i++) {
      if (part != Part.ALL && isBias(i) != (part == Part.BIASES)) continue;
      BigDecimal sum = BigDecimal.ZERO;
      for (int r = 0; r < gradients.length; r++) if ((set >> r & 1) == 1) sum = sum.add(gradients[r][i]);
      BigDecimal exact = new BigDecimal(before[i]).subtract(factor.multiply(sum));
      double error = new BigDecimal(after[i]).subtract(exact).abs().doubleValue() / (Math.abs(before[i]) + RATE);
      worst = Math.max(worst, error);
    }
    return worst;
  }

  @Test
  @Proves(value = "002-gd-batch", home = "Trainer#batch", by = "Trainer#fit")
  void aStepOverAllSamplesSubtractsEtaTimesTheGradientOfTheMeanLoss() {
    Entry entry = Ledger.of("002-gd-batch");
    for (long seed = 1; seed <= 5; seed++) {
      epochSpec(entry, GradientDescent::new, 6, 6, Reduction.MEAN, Part.ALL, seed);
      meanLossSpec(entry, GradientDescent::new, seed);
    }
    entry.remark("Losses that are means, such as HalfSquaredError(MEAN), give η/N·Σ; a SUM has no 1/N. The scan of the "
        + "document lacks the η of this line, but has it in the line for a mini-batch.");
  }

  /** The same step against five-point differences of the mean loss that {@link Backpropagation} reports. */
  static void meanLossSpec(Entry entry, DoubleFunction<Optimizer> subject, long seed) {
    Network net = network(seed);
    Dataset d = data(6, seed);
    List<double[]> path = epoch(net, d, Reduction.MEAN, subject.apply(RATE), 100); // more than all rows
    Network probe = network(seed);
    Backpropagation b = new Backpropagation(probe, new HalfSquaredError(Reduction.MEAN), 6);
    double[] theta = probe.parameters();
    for (int i = 0; i < PARAMETERS; i++) {
      int at = i;
      double kept = theta[i];
      double slope = FiniteDifferences.fivePoint(v -> {
        theta[at] = v;
        return b.loss(6, d.x(), 0, d.y(), 0);
      }, kept);
      theta[i] = kept;
      double taken = (path.get(0)[i] - path.get(1)[i]) / RATE;
      // The loss is of order one with a relative error of 2⁻⁵³; the step is 2⁻¹⁰: a slope is accurate to about 1e-12.
      entry.check(Entry.DIFFERENCE, Math.abs(taken - slope) / Math.max(0.1, Math.abs(slope)), 1e-9, i, seed);
    }
  }

  @Test
  @Proves(value = "002-gd-minibatch", home = "Trainer#batch", by = "Trainer#fit")
  void aMiniBatchUsesTheMeanOfItsSamplesAndAnEpochUsesEachSampleOnce() {
    Entry entry = Ledger.of("002-gd-minibatch");
    for (long seed = 1; seed <= 3; seed++) {
      epochSpec(entry, GradientDescent::new, 6, 2, Reduction.MEAN, Part.ALL, seed);
      epochSpec(entry, GradientDescent::new, 7, 3, Reduction.MEAN, Part.ALL, seed); // the last batch has 1
      epochSpec(entry, GradientDescent::new, 5, 5, Reduction.MEAN, Part.ALL, seed); // 002-gd-batch
      epochSpec(entry, GradientDescent::new, 4, 1, Reduction.MEAN, Part.ALL, seed); // 002-sgd
    }
    Network all = network(9), more = network(9);
    epoch(all, data(6, 9), Reduction.MEAN, new GradientDescent(RATE), 6);
    epoch(more, data(6, 9), Reduction.MEAN, new GradientDescent(RATE), 1000);
    for (int i = 0; i < PARAMETERS; i++) {
      entry.exact(all.parameters()[i], more.parameters()[i], "a batch size of N or more", i);
    }
  }

  @Test
  @Proves(value = "002-sgd", home = "Trainer#batch", by = "Trainer#fit")
  void aBatchOfOneUsesTheGradientOfOneSample() {
    Entry entry = Ledger.of("002-sgd");
    for (long seed = 1; seed <= 3; seed++) {
      epochSpec(entry, GradientDescent::new, 5, 1, Reduction.MEAN, Part.ALL, seed);
      epochSpec(entry, GradientDescent::new, 5, 1, Reduction.SUM, Part.ALL, seed); // the same for one sample
    }
  }

  @Test
  @Proves(value = {"000-3.3", "000-3.4"}, home = "GradientDescent#update", by = "Trainer#fit")
  void theSumOfDeltasOverTheBatchIsSubtractedFromWeightsAndBiases() {
    for (long seed = 1; seed <= 3; seed++) {
      epochSpec(Ledger.of("000-3.3"), GradientDescent::new, 4, 2, Reduction.SUM, Part.WEIGHTS, seed);
      epochSpec(Ledger.of("000-3.4"), GradientDescent::new, 4, 2, Reduction.SUM, Part.BIASES, seed);
    }
  }

  @Test
  @Proves(value = "001-gd", home = "GradientDescent#update", by = "Trainer#fit")
  void weightsAndBiasesMoveAgainstTheirOwnGradients() {
    for (Part part : new Part[] {Part.WEIGHTS, Part.BIASES}) {
      epochSpec(Ledger.of("001-gd"), GradientDescent::new, 3, 1, Reduction.MEAN, part, 4);
    }
  }

  @Test
  @Proves(value = "004-sgd-w", home = "Dense#descend", by = "Trainer#fit")
  void xiOverMTimesTheSumOverTheMiniBatchIsSubtractedFromWeights() {
    for (long seed = 1; seed <= 3; seed++) {
      epochSpec(Ledger.of("004-sgd-w"), GradientDescent::new, 6, 3, Reduction.MEAN, Part.WEIGHTS, seed);
    }
    // One unit, w = 2, x = 1, y = 1 and 5: ∂C_1/∂w = 1, ∂C_2/∂w = −3. The update of w is −½·(1 − 3), not −½·1.
    Network net = Network.input(1).dense(1, new Linear()).build(1);
    net.parameters()[0] = 2;
    net.parameters()[1] = 0;
    Trainer.of(net).loss(new HalfSquaredError(Reduction.MEAN)).optimizer(new GradientDescent(1)).batch(2)
        .fit(Dataset.regression(1, new double[] {1, 1}, 1, new double[] {1, 5}), 1);
    Ledger.of("004-sgd-w").exact(2 - (1.0 - 3) / 2, net.parameters()[0], "the sum over both samples");
    Ledger.of("004-sgd-w").remark("Read with Σ over the m samples of the mini-batch in both expressions. Without it, "
        + "the middle one is a fraction of the step of one sample. w = 2, gradients 1 and −3, ξ = 1, m = 2 give "
        + "2 − (1 − 3)/2 = 3; without the sum, 1½ or 3½.");
  }

  @Test
  @Proves(value = "004-sgd-b", home = "Dense#descend", by = "Trainer#fit")
  void biasesAreUpdatedFromTheirOwnValuesNotFromAWeight() {
    Entry entry = Ledger.of("004-sgd-b");
    for (long seed = 1; seed <= 3; seed++) {
      epochSpec(entry, GradientDescent::new, 6, 3, Reduction.MEAN, Part.BIASES, seed);
    }
    // The printed middle expression is w_k − (ξ/m)Σ∂C/∂b_l.
    // One sample, x = 0, z = b = 0, w = 2, y = 1: ∂C/∂b = z − y = −1.
    Network net = Network.input(1).dense(1, new Linear()).build(1);
    double[] theta = net.parameters();
    theta[0] = 2;
    theta[1] = 0;
    Trainer.of(net).loss(new HalfSquaredError(Reduction.MEAN)).optimizer(new GradientDescent(0.5)).batch(1)
        .fit(Dataset.regression(1, new double[] {0}, 1, new double[] {1}), 1);
    double right = 0 - 0.5 * -1, printed = 2 - 0.5 * -1;
    entry.exact(right, theta[1], "b − ξ ∂C/∂b");
    entry.counterexample(printed != theta[1] && printed != right,
        "w = 2, b = 0, x = 0, y = 1, ξ = ½, m = 1: b − ξ ∂C/∂b = ½; the middle expression, w − ξ ∂C/∂b, is 2½");
  }
}
