// SPDX-License-Identifier: MIT
package chainrule.spec;

import static chainrule.spec.LossChecks.KERNELS;
import static chainrule.spec.LossChecks.U;
import static chainrule.spec.LossChecks.error;
import static chainrule.spec.LossChecks.ordinary;
import static chainrule.spec.LossChecks.probabilities;
import static chainrule.spec.LossChecks.valueWithin;

import chainrule.data.Dataset;
import chainrule.nn.Network;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.loss.BinaryCrossEntropy;
import chainrule.nn.loss.CategoricalCrossEntropy;
import chainrule.nn.loss.HalfSquaredError;
import chainrule.nn.loss.Huber;
import chainrule.nn.loss.Loss;
import chainrule.nn.loss.MeanAbsoluteError;
import chainrule.nn.loss.MeanSquaredError;
import chainrule.nn.loss.OffsetCrossEntropy;
import chainrule.nn.loss.Reduction;
import chainrule.nn.loss.RowWeights;
import chainrule.nn.loss.SumOfSquaredErrors;
import chainrule.random.CounterRandom;
import chainrule.spec.LossChecks.Batch;
import chainrule.spec.LossChecks.PrintedLoss;
import chainrule.spec.ledger.Ledger;
import chainrule.spec.ledger.Ledger.Entry;
import chainrule.spec.ledger.Proves;
import chainrule.spec.witness.Dual;
import chainrule.spec.witness.FiniteDifferences;
import chainrule.spec.witness.HighPrecision;
import chainrule.train.Trainer;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/**
 * Losses of rows with weights: Σ w ℓ / Σ w for a mean and Σ w ℓ for a sum, alone and as the loss of a network, and the
 * weights that balance classes.
 */
class WeightedLossSpec {

  /** Computes a weighted loss and its gradient ∂L/∂ŷ: the code under test, or an implementation with a planted bug. */
  interface Weighted {
    double value(Loss loss, Batch b, double[] w);

    double[] gradient(Loss loss, Batch b, double[] w);
  }

  static final Weighted REAL = new Weighted() {
    @Override public double value(Loss loss, Batch b, double[] w) {
      double factor = loss.reduction().factor(RowWeights.sum(b.rows(), w, 0));
      return factor * loss.weightedSum(
          KERNELS, b.rows(), b.cols(), b.yhat(), b.y(), b.yo(), w, 0, new double[b.cols()]);
    }

    @Override public double[] gradient(Loss loss, Batch b, double[] w) {
      double[] g = new double[b.size()];
      double factor = loss.reduction().factor(RowWeights.sum(b.rows(), w, 0));
      loss.weightedSumAndGradient(KERNELS, b.rows(), b.cols(), b.yhat(), b.y(), b.yo(), w, 0, factor, g);
      return g;
    }
  };

  /** A loss with its printed formula, and batches that fit it. */
  record Subject(Loss loss, PrintedLoss formula, Function<Long, Batch> batch) {}

  private static List<Subject> subjects() {
    Reduction sum = Reduction.SUM, mean = Reduction.MEAN;
    return List.of(
        new Subject(new MeanSquaredError(), LossSpec.SQUARED, LossChecks::ordinary),
        new Subject(new SumOfSquaredErrors(), LossSpec.SQUARED, LossChecks::ordinary),
        new Subject(new HalfSquaredError(mean), LossSpec.HALF, LossChecks::ordinary),
        new Subject(new HalfSquaredError(sum), LossSpec.HALF, LossChecks::ordinary),
        new Subject(new MeanAbsoluteError(mean), LossSpec.ABSOLUTE, LossChecks::ordinary),
        new Subject(new MeanAbsoluteError(sum), LossSpec.ABSOLUTE, LossChecks::ordinary),
        new Subject(new Huber(40, mean), LossSpec.huber(40), LossChecks::ordinary),
        new Subject(new Huber(40, sum), LossSpec.huber(40), LossChecks::ordinary),
        new Subject(new BinaryCrossEntropy(mean), CrossEntropySpec.BINARY, LossChecks::probabilities),
        new Subject(new BinaryCrossEntropy(sum), CrossEntropySpec.BINARY, LossChecks::probabilities),
        new Subject(new CategoricalCrossEntropy(mean), CrossEntropySpec.CATEGORICAL, LossChecks::probabilities),
        new Subject(new CategoricalCrossEntropy(sum), CrossEntropySpec.CATEGORICAL, LossChecks::probabilities),
        new Subject(new OffsetCrossEntropy(mean), CrossEntropySpec.OFFSET, LossChecks::probabilities),
        new Subject(new OffsetCrossEntropy(sum), CrossEntropySpec.OFFSET, LossChecks::probabilities));
  }

  /** Returns weights from 1e-3 to 1e3, a fifth of them 0, but at least one that is not. */
  static double[] weights(int rows, long seed) {
    double[] w = new double[rows];
    for (int r = 0; r < rows; r++) {
      w[r] = CounterRandom.below(5, seed, 60, r) == 0 ? 0 : Math.pow(10, 6 * CounterRandom.uniform(seed, 61, r) - 3);
    }
    w[CounterRandom.below(rows, seed, 62, 0)] = 1;
    return w;
  }

  /** Returns ℓ(ŷ_i, y_i), where ŷ_i is the variable. */
  private static Dual element(PrintedLoss formula, Batch b, int i) {
    return formula.element().of(Dual.variable(b.yhat()[i]), Dual.constant(b.y(i)));
  }

  /**
   * Returns Σ_b w_b ℓ_b, over Σ_b w_b for a mean, as a function of ŷ_i; i = −1 for none.
   *
   * @param elements ℓ(ŷ_j, y_j), each with ŷ_j as the variable
   */
  private static Dual printed(Dual[] elements, boolean mean, Batch b, double[] w, int i) {
    Dual sum = Dual.ZERO, weight = Dual.ZERO;
    for (int r = 0; r < b.rows(); r++) {
      Dual row = Dual.ZERO;
      for (int j = r * b.cols(); j < (r + 1) * b.cols(); j++) {
        row = row.plus(j == i ? elements[j] : new Dual(elements[j].v(), BigDecimal.ZERO));
      }
      sum = sum.plus(row.times(w[r]));
      weight = weight.plus(Dual.constant(w[r]));
    }
    return mean ? sum.over(weight) : sum;
  }

  /**
   * The spec of a weighted loss. Its value has the roundings of {@link LossChecks#batchSpec}, and another of each
   * product with a weight, r − 1 of the sum of r weights, and two of the factor 1/Σw: n + r + 11 in total.
   */
  static void weightedSpec(Entry value, Entry derivative, Weighted code, Subject s, Batch b, double[] w) {
    boolean mean = s.loss.reduction() == Reduction.MEAN;
    int bound = b.size() + b.rows() + 11;
    double factor = mean ? 1 / Arrays.stream(w).sum() : 1, extra = 0;
    for (int i = 0; i < b.size(); i++) {
      extra += factor * w[i / b.cols()] * s.formula.extra().at(b.yhat()[i], b.y(i));
    }
    Dual[] elements = new Dual[b.size()];
    for (int i = 0; i < elements.length; i++) elements[i] = element(s.formula, b, i);
    BigDecimal exact = printed(elements, mean, b, w, -1).v();
    valueWithin(value, code.value(s.loss, b, w), exact, extra, bound, s.loss, b);

    double[] g = code.gradient(s.loss, b, w);
    for (int i = 0; i < b.size(); i++) {
      double x = b.yhat()[i], y = b.y(i), of = factor * w[i / b.cols()];
      double d = printed(elements, mean, b, w, i).derivative();
      double scale = Math.max(Math.abs(d), of * s.formula.scale().at(x, y));
      derivative.check(Entry.DUAL, error(g[i], d, scale), 1e-13, s.loss, b.yhat(), b.y(), w, i);

      double[] moved = b.yhat().clone();
      Batch near = new Batch(b.rows(), b.cols(), moved, b.y(), b.yo());
      int at = i;
      double[] largest = {0};
      double h = s.formula.step().at(x, y), least = Math.max(Math.max(Math.abs(x), h), Double.MIN_NORMAL);
      double numeric = FiniteDifferences.fivePoint(v -> {
        moved[at] = v;
        double f = code.value(s.loss, near, w);
        largest[0] = Math.max(largest[0], Math.abs(f));
        return f;
      }, x, h / least, least);
      double noise = 1.5 * U * (bound * largest[0] + extra) / (h / 2) + 4 * U * scale;
      derivative.check(Entry.DIFFERENCE, error(g[i], numeric, Math.max(Math.abs(numeric), 1e9 * noise)), 1e-9, s.loss,
          b.yhat(), b.y(), w, i);
    }
  }

  private static String id(Loss loss) {
    return loss.reduction() == Reduction.MEAN ? "beyond-weighted-mean" : "beyond-weighted-sum";
  }

  @Property(tries = 700)
  @Proves(value = {"beyond-weighted-mean", "beyond-weighted-sum"}, home = "Loss#weightedSum",
      by = "Reduction#factor, RowWeights")
  @Proves(value = {"beyond-weighted-mean-d", "beyond-weighted-sum-d"}, home = "Loss#weightedSumAndGradient")
  void aWeightedLossIsTheSumOfWeightedRowsOverTheSumOfWeightsForAMean(
      @ForAll @LongRange(min = 1, max = 1_000_000) long seed) {
    for (Subject s : subjects()) {
      Batch b = s.batch.apply(seed);
      String id = id(s.loss);
      weightedSpec(Ledger.of(id), Ledger.of(id + "-d"), REAL, s, b, weights(b.rows(), seed));
    }
  }

  /** The weights of a network's rows enter its loss and every gradient, also through fused outputs and dropout. */
  @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
  @Proves(value = {"beyond-weighted-mean", "beyond-weighted-sum"}, by = "Backpropagation#trainingLoss")
  @Proves(value = {"beyond-weighted-mean-d", "beyond-weighted-sum-d"}, by = "Backpropagation#lossAndGradients")
  void theGradientsOfANetworkAreThoseOfTheWeightedLoss(
      @ForAll @IntRange(min = 0, max = 3) int depth, @ForAll @IntRange(min = 0, max = 41) int head,
      @ForAll @LongRange(min = 1, max = 1_000_000_000) long seed) {
    NetworkSample s = NetworkSample.random(seed, depth, NetworkSample.HEADS.get(head)).withRandomWeights();
    networkSpec(GradientSubject::chainrule, s, Ledger::of);
  }

  /** The spec of the weighted loss of a network: the gradient by parameters and inputs, against both witnesses. */
  static void networkSpec(
      Function<NetworkSample, GradientSubject> code, NetworkSample s, Function<String, Entry> ledger) {
    Entry value = ledger.apply(id(s.loss())), derivative = ledger.apply(id(s.loss()) + "-d");
    NetworkGradientSpec.gradientSpec(code, s, id -> id.equals("004-backprop-2") ? value : derivative);
  }

  @Test
  @Proves(value = {"beyond-weighted-mean", "beyond-weighted-sum"}, by = "Loss#weightedSum, RowWeights#sum")
  @Proves(value = {"beyond-weighted-mean-d", "beyond-weighted-sum-d"}, by = "Loss#weightedSumAndGradient")
  void aRowOfWeightZeroAddsNothingEvenIfItsLossIsInfiniteOrNaN() {
    for (Subject s : subjects()) zeroSpec(Ledger.of(id(s.loss)), Ledger.of(id(s.loss) + "-d"), REAL, s.loss);
    Ledger.of("beyond-weighted-mean").remark("If all weights are 0, the loss and its gradient are 0.");
  }

  static void zeroSpec(Entry value, Entry derivative, Weighted code, Loss loss) {
    double inf = Double.POSITIVE_INFINITY, nan = Double.NaN;
    double[] yhat = {0.25, 0.5, inf, nan, nan, -inf, 0.75, 0.125}, y = {0, 1, 1, 0.5, nan, inf, 1, 0};
    Batch all = Batch.of(4, 2, yhat, y);
    Batch rest = Batch.of(2, 2, new double[] {0.25, 0.5, 0.75, 0.125}, 0, 1, 1, 0);
    double[] w = {2, 0, 0, 3}, without = {2, 3};
    double[] g = code.gradient(loss, all, w), expected = code.gradient(loss, rest, without);
    value.exact(code.value(loss, rest, without), code.value(loss, all, w), loss);
    for (int i = 0; i < 8; i++) derivative.exact(i < 2 ? expected[i] : i < 6 ? 0 : expected[i - 4], g[i], loss, i);
    value.exact(0, code.value(loss, all, new double[4]), loss, "all weights 0");
    for (double v : code.gradient(loss, all, new double[4])) derivative.exact(0, v, loss, "all weights 0");
    value.exact(0, code.value(loss, Batch.of(0, 2, new double[0]), new double[0]), loss, "no rows");
  }

  // ---------------------------------------------------------------- balanced classes

  /** Computes the weights that balance classes. */
  interface Balance {
    double[] weights(int[] classes, int count);
  }

  @Property(tries = 2000)
  @Proves(value = "beyond-class-weight-balanced", home = "Dataset#balancedClassWeights")
  void balancedWeightsGiveEachClassTheSameShare(@ForAll @LongRange(min = 1, max = 1_000_000) long seed) {
    balanceSpec(Ledger.of("beyond-class-weight-balanced"), Dataset::balancedClassWeights, seed);
  }

  /** w_c in 50 digits. k·n_c is exact, so the division rounds once. Σ over the rows is n, after n roundings. */
  static void balanceSpec(Entry entry, Balance code, long seed) {
    int count = 2 + CounterRandom.below(6, seed, 1, 0), n = 1 + CounterRandom.below(200, seed, 2, 0);
    int[] classes = new int[n], sizes = new int[count];
    for (int i = 0; i < n; i++) {
      double u = CounterRandom.uniform(seed, 3, i);
      sizes[classes[i] = (int) (count * u * u * u)]++;
    }
    long present = Arrays.stream(sizes).filter(s -> s > 0).count();
    double[] w = code.weights(classes, count);
    for (int c = 0; c < count; c++) {
      if (sizes[c] == 0) {
        entry.exact(1, w[c], "a class without rows", seed);
        continue;
      }
      BigDecimal divisor = BigDecimal.valueOf(present * sizes[c]);
      entry.ulps(w[c], BigDecimal.valueOf(n).divide(divisor, HighPrecision.DIGITS), 0.5 + 1e-9, sizes, c);
    }
    double total = 0;
    for (int c : classes) total += w[c];
    entry.check("sum of the weights", Math.abs(total - n) / n, (n + 1) * U, sizes);
  }

  /** The weighted mean over all rows is the mean over the classes of the mean loss in each class. */
  @Test
  @Proves(value = {"beyond-class-weight-balanced", "beyond-weighted-mean"},
      by = "Dataset#withClassWeights, Trainer#evaluate")
  void aBalancedLossIsTheMeanOfTheClassesMeanLosses() {
    int n = 90;
    for (long seed = 1; seed <= 20; seed++) {
      double[] x = new double[2 * n];
      int[] classes = new int[n];
      for (int i = 0; i < n; i++) {
        classes[i] = CounterRandom.below(10, seed, 4, i) == 0 ? 1 : 0;
        x[2 * i] = CounterRandom.normal(seed, 5, i);
        x[2 * i + 1] = classes[i];
      }
      Dataset d = Dataset.classification(2, x, classes, List.of("a", "b"));
      Network net = Network.input(2).dense(1, new Sigmoid()).build(seed);
      double[] loss = new double[2], p = net.predict(x);
      int[] rows = new int[2];
      for (int i = 0; i < n; i++) {
        loss[classes[i]] -= Math.log(classes[i] == 1 ? p[i] : 1 - p[i]);
        rows[classes[i]]++;
      }
      double expected = (loss[0] / rows[0] + loss[1] / rows[1]) / 2;
      Dataset balanced = d.withClassWeights(Dataset.balancedClassWeights(d.classes(), 2));
      double error = Ledger.Entry.relative(Trainer.of(net).evaluate(balanced).loss(), expected);
      Ledger.of("beyond-class-weight-balanced").check("mean of class means", error, 1e-13, seed);
      Ledger.of("beyond-weighted-mean").check("mean of class means", error, 1e-13, seed);
    }
  }
}
