// SPDX-License-Identifier: MIT
package chainrule.spec;

import chainrule.data.Dataset;
import chainrule.metrics.BalancedAccuracy;
import chainrule.metrics.BrierScore;
import chainrule.metrics.ClassOutputs;
import chainrule.metrics.LogLoss;
import chainrule.metrics.ReliabilityCurve;
import chainrule.metrics.RocCurve;
import chainrule.metrics.TrivialBaseline;
import chainrule.spec.ledger.Ledger;
import chainrule.spec.ledger.Ledger.Entry;
import chainrule.spec.ledger.Proves;
import chainrule.spec.witness.HighPrecision;
import chainrule.train.Evaluation;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** Metrics of probabilities and of predicted classes, in 50 digits. */
class ProbabilitySpec {
  static final String LOG = "beyond-log-loss", BRIER = "beyond-brier", BRIERS = "beyond-brier-classes",
      BALANCED = "beyond-balanced-accuracy", ECE = "beyond-calibration-error", BASELINE = "beyond-trivial-baseline";
  private static final double U = 0x1p-53, NAN = Double.NaN;

  /** A metric of probabilities: the code under test, or an implementation with a planted bug. */
  interface Score {
    double of(int outputs, double[] yhat, int[] classes);
  }

  /** A metric of predicted classes. */
  interface Predicted {
    double of(int classes, int[] actual, int[] predicted);
  }

  /** The calibration error. */
  interface Calibration {
    double of(double[] p, boolean[] happened, int bins);
  }

  private static BigDecimal big(double v) {
    return new BigDecimal(v);
  }

  private static double score(Score code, RandomPredictions r) {
    return code.of(r.outputs(), r.yhat(), r.classes());
  }

  // ---------------------------------------------------------------- log loss and Brier score

  /**
   * The logarithm of the likelihood, one logarithm of the product of 1/p. A logarithm has an error of 2 ulp, the sum n
   * roundings. 1 − ŷ has an absolute error of U, which the logarithm of a number near 1 keeps.
   */
  static void logLossSpec(Entry entry, Score code, RandomPredictions r) {
    BigDecimal inverse = BigDecimal.ONE, one = BigDecimal.ONE;
    for (int i = 0; i < r.rows(); i++) {
      BigDecimal p = r.outputs() > 1 ? big(r.yhat()[i * r.outputs() + r.classes()[i]])
          : r.classes()[i] == 1 ? big(r.yhat()[i]) : one.subtract(big(r.yhat()[i]));
      inverse = inverse.multiply(one.divide(p.max(big(0x1p-52)).min(one), HighPrecision.DIGITS), HighPrecision.DIGITS);
    }
    double exact = HighPrecision.log(inverse).divide(BigDecimal.valueOf(r.rows()), HighPrecision.DIGITS).doubleValue();
    double error = Math.abs(score(code, r) - exact) / (exact + 1);
    entry.check(Entry.VALUE, error, (r.rows() + 8) * U, r.outputs(), r.yhat(), r.classes());
  }

  @Property(tries = 4000)
  @Proves(value = LOG, home = "LogLoss#of")
  void theLogLossIsTheLogarithmOfTheLikelihood(@ForAll @LongRange(min = 1, max = 1_000_000_000) long seed) {
    logLossSpec(Ledger.of(LOG), LogLoss::of, RandomPredictions.of(seed));
  }

  /** Sums of squares of exact differences: 2 roundings each, and one per addition. */
  static void brierSpec(Entry entry, Score code, RandomPredictions r) {
    BigDecimal sum = BigDecimal.ZERO;
    for (int i = 0; i < r.rows(); i++) {
      if (r.outputs() == 1) {
        sum = sum.add(big(r.yhat()[i]).subtract(BigDecimal.valueOf(r.classes()[i])).pow(2));
        continue;
      }
      for (int c = 0; c < r.outputs(); c++) {
        BigDecimal p = big(r.yhat()[i * r.outputs() + c]);
        sum = sum.add((c == r.classes()[i] ? BigDecimal.ONE.subtract(p) : p).pow(2));
      }
    }
    if (r.outputs() == 2) sum = sum.divide(BigDecimal.valueOf(2));
    BigDecimal exact = sum.divide(BigDecimal.valueOf(r.rows()), HighPrecision.DIGITS);
    if (exact.signum() == 0) entry.exact(0, score(code, r));
    else entry.ulps(score(code, r), exact, r.yhat().length + 5, r.outputs(), r.yhat(), r.classes());
  }

  @Property(tries = 4500)
  @Proves(value = BRIER, home = "BrierScore#of")
  @Proves(value = BRIERS, home = "BrierScore#of")
  void theBrierScoreIsTheMeanSquaredErrorOfTheProbabilities(
      @ForAll @LongRange(min = 1, max = 1_000_000_000) long seed) {
    int outputs = 1 + (int) (seed % 2), rows = 1 + (int) (seed % 23);
    brierSpec(Ledger.of(BRIER), BrierScore::of, RandomPredictions.of(outputs, rows, seed));
    brierSpec(Ledger.of(BRIERS), BrierScore::of, RandomPredictions.of(3 + (int) (seed % 3), 9, seed));
  }

  /** Murphy 1973: reliability − resolution + uncertainty, over groups of equal p. */
  @Property(tries = 500)
  @Proves(value = BRIER, by = "BrierScore#of")
  void theBrierScoreIsReliabilityMinusResolutionPlusUncertainty(
      @ForAll @LongRange(min = 1, max = 1_000_000_000) long seed) {
    RandomPredictions r = RandomPredictions.of(1, 40, seed);
    int n = r.rows();
    Map<Double, int[]> groups = new TreeMap<>();
    double rate = 0;
    for (int i = 0; i < n; i++) {
      int[] g = groups.computeIfAbsent(r.yhat()[i], p -> new int[2]);
      g[r.classes()[i]]++;
      rate += r.classes()[i] / (double) n;
    }
    double sum = rate * (1 - rate);
    for (Map.Entry<Double, int[]> g : groups.entrySet()) {
      double size = g.getValue()[0] + g.getValue()[1], share = g.getValue()[1] / size;
      sum += size / n * (Math.pow(g.getKey() - share, 2) - Math.pow(share - rate, 2));
    }
    Ledger.of(BRIER).check("Murphy", Math.abs(sum - score(BrierScore::of, r)), 1e-13, seed);
  }

  @Test
  @Proves(value = LOG, by = "LogLoss#of")
  @Proves(value = {BRIER, BRIERS}, by = "BrierScore#of")
  void knownAndSpecialScores() {
    Entry log = Ledger.of(LOG), brier = Ledger.of(BRIER), classes = Ledger.of(BRIERS);
    log.check("uniform", Math.abs(LogLoss.of(4, new double[] {0.25, 0.25, 0.25, 0.25}, new int[] {2}) - Math.log(4)),
        4e-16);
    log.exact(0, LogLoss.of(1, new double[] {1, 0}, new int[] {1, 0}));
    log.check("clamped", Math.abs(LogLoss.of(1, new double[] {0}, new int[] {1}) - 52 * Math.log(2)), 1e-14);
    brier.exact(0.25, BrierScore.of(1, new double[] {0.5}, new int[] {1}));
    classes.exact(2, BrierScore.of(3, new double[] {1, 0, 0}, new int[] {1}));
    classes.exact(0, BrierScore.of(3, new double[] {0, 1, 0}, new int[] {1}));
    for (int outputs = 1; outputs <= 3; outputs++) {
      double[] nan = new double[outputs];
      Arrays.fill(nan, NAN);
      log.exact(NAN, LogLoss.of(outputs, nan, new int[] {1}));
      log.exact(NAN, LogLoss.of(outputs, new double[0], new int[0]));
      (outputs < 3 ? brier : classes).exact(NAN, BrierScore.of(outputs, nan, new int[] {1}));
      (outputs < 3 ? brier : classes).exact(NAN, BrierScore.of(outputs, new double[0], new int[0]));
    }
  }

  // ---------------------------------------------------------------- balanced accuracy

  static void balancedSpec(Entry entry, Predicted code, int k, int[] actual, int[] predicted) {
    BigDecimal sum = BigDecimal.ZERO;
    int present = 0;
    for (int c = 0; c < k; c++) {
      int rows = 0, right = 0;
      for (int i = 0; i < actual.length; i++) {
        if (actual[i] != c) continue;
        rows++;
        if (predicted[i] == c) right++;
      }
      if (rows == 0) continue;
      present++;
      sum = sum.add(BigDecimal.valueOf(right).divide(BigDecimal.valueOf(rows), HighPrecision.DIGITS));
    }
    double value = code.of(k, actual, predicted);
    if (present == 0) entry.exact(NAN, value);
    else entry.ulps(value, sum.divide(BigDecimal.valueOf(present), HighPrecision.DIGITS), k + 1, actual, predicted);
  }

  @Property(tries = 3000)
  @Proves(value = BALANCED, home = "BalancedAccuracy#of")
  void theBalancedAccuracyIsTheMeanRecallOfTheClassesWithRows(
      @ForAll @LongRange(min = 1, max = 1_000_000_000) long seed) {
    RandomPredictions r = RandomPredictions.of(seed);
    int k = Math.max(2, r.outputs());
    int[] predicted = ClassOutputs.predicted(r.outputs(), r.yhat());
    balancedSpec(Ledger.of(BALANCED), BalancedAccuracy::of, k, r.classes(), predicted);
    balancedSpec(Ledger.of(BALANCED), ProbabilitySpec::ofMatrix, k, r.classes(), predicted);
  }

  private static double ofMatrix(int k, int[] actual, int[] predicted) {
    long[] counts = new long[k * k];
    for (int i = 0; i < actual.length; i++) counts[actual[i] * k + predicted[i]]++;
    return BalancedAccuracy.of(k, counts);
  }

  @Test
  @Proves(value = BALANCED, by = "BalancedAccuracy#of")
  void knownBalancedAccuracies() {
    Entry entry = Ledger.of(BALANCED);
    // scikit-learn's documentation of balanced_accuracy_score
    entry.exact(0.625, BalancedAccuracy.of(2, new int[] {0, 1, 0, 0, 1, 0}, new int[] {0, 1, 0, 0, 0, 1}));
    entry.exact(NAN, BalancedAccuracy.of(2, new int[0], new int[0]));
    entry.exact(0.5, BalancedAccuracy.of(2, new int[] {0, 0, 0, 1}, new int[4]), "constant");
  }

  // ---------------------------------------------------------------- calibration

  /** Goes through all rows for each bin. A sum of n numbers in [0, 1] has an error of n · n · U at most. */
  static void calibrationSpec(Entry entry, Calibration code, double[] p, boolean[] happened, int bins) {
    BigDecimal sum = BigDecimal.ZERO;
    int n = p.length;
    for (int b = 0; b < bins; b++) {
      double low = (double) b / bins, high = (double) (b + 1) / bins;
      BigDecimal mean = BigDecimal.ZERO;
      int rows = 0, events = 0;
      for (int i = 0; i < n; i++) {
        if (p[i] > high || p[i] <= low && (b > 0 || p[i] != 0)) continue;
        rows++;
        if (happened[i]) events++;
        mean = mean.add(big(p[i]));
      }
      if (rows == 0) continue;
      BigDecimal size = BigDecimal.valueOf(rows), share = BigDecimal.valueOf(events).divide(size, HighPrecision.DIGITS);
      BigDecimal gap = share.subtract(mean.divide(size, HighPrecision.DIGITS)).abs();
      sum = sum.add(gap.multiply(size).divide(BigDecimal.valueOf(n), HighPrecision.DIGITS));
    }
    double error = Math.abs(code.of(p, happened, bins) - sum.doubleValue());
    entry.check(Entry.VALUE, error, (n + 2) * U, p, happened, bins);
  }

  static double error(double[] p, boolean[] happened, int bins) {
    return ReliabilityCurve.of(p, happened, bins).expectedError();
  }

  @Property(tries = 4000)
  @Proves(value = ECE, home = "ReliabilityCurve#of")
  void theCalibrationErrorIsTheWeightedDistanceOfEachBinFromTheDiagonal(
      @ForAll @LongRange(min = 1, max = 1_000_000_000) long seed) {
    RandomPredictions r = RandomPredictions.of(1, 30, seed);
    calibrationSpec(Ledger.of(ECE), ProbabilitySpec::error, r.scores(1), r.is(1),
        new int[] {1, 2, 7, 10, 49}[(int) (seed % 5)]);
  }

  @Property(tries = 500)
  @Proves(value = ECE, by = "ReliabilityCurve#ofClasses")
  void theBinsOfSeveralClassesHoldTheLargestOutputs(@ForAll @LongRange(min = 1, max = 1_000_000_000) long seed) {
    RandomPredictions r = RandomPredictions.of(3, 20, seed);
    double[] top = new double[20];
    boolean[] right = new boolean[20];
    for (int i = 0; i < 20; i++) {
      top[i] = Math.max(r.p(i, 0), Math.max(r.p(i, 1), r.p(i, 2)));
      int first = top[i] == r.p(i, 0) ? 0 : top[i] == r.p(i, 1) ? 1 : 2;
      right[i] = first == r.classes()[i];
    }
    calibrationSpec(Ledger.of(ECE),
        (p, h, bins) -> ReliabilityCurve.ofClasses(3, r.yhat(), r.classes(), bins).expectedError(), top, right, 10);
  }

  /** Probabilities on the edges of bins, as far as doubles have them. */
  @Test
  @Proves(value = ECE, by = "ReliabilityCurve#of")
  void theUpperEdgeOfABinBelongsToIt() {
    for (int bins = 1; bins <= 100; bins++) {
      for (int b = 0; b <= bins; b++) {
        double edge = (double) b / bins;
        for (double p : new double[] {Math.max(0, Math.nextDown(edge)), edge, Math.min(1, Math.nextUp(edge))}) {
          ReliabilityCurve c = ReliabilityCurve.of(new double[] {p}, new boolean[1], bins);
          int expected = Math.max(0, p > edge ? b : b - 1);
          Ledger.of(ECE).exact(1, c.rows()[Math.min(bins - 1, expected)], p, bins);
          Ledger.of(ECE).exact(p, c.meanProbability()[Math.min(bins - 1, expected)]);
          Ledger.of(ECE).exact(p, c.expectedError());
        }
      }
    }
    ReliabilityCurve hand = ReliabilityCurve.of(
        new double[] {0.1, 0.2, 0.25, 0.9, 1}, new boolean[] {false, true, false, true, true}, 2);
    Ledger.of(ECE).exact(3, hand.rows()[0]);
    Ledger.of(ECE).check("by hand", Math.abs(hand.expectedError() - (0.45 + 0.1) / 5), 1e-16);
    for (double bad : new double[] {NAN, -0.1, 1.1}) {
      Ledger.of(ECE).exact(NAN, error(new double[] {0.5, bad}, new boolean[2], 10));
    }
    Ledger.of(ECE).exact(NAN, error(new double[0], new boolean[0], 10));
  }

  // ---------------------------------------------------------------- the trivial baseline

  /** Predictions that ignore the inputs. */
  interface Baseline {
    double[] of(int outputs, double[] train);
  }

  /** The mean of a column has n roundings of partial sums, relative to Σ|y|. */
  static void baselineSpec(Entry entry, Baseline code, int outputs, double[] y) {
    int n = y.length / outputs;
    double[] means = code.of(outputs, y);
    for (int j = 0; j < outputs; j++) {
      BigDecimal sum = BigDecimal.ZERO, size = BigDecimal.ZERO;
      for (int i = 0; i < n; i++) {
        sum = sum.add(big(y[i * outputs + j]));
        size = size.add(big(y[i * outputs + j]).abs());
      }
      BigDecimal rows = BigDecimal.valueOf(n);
      double error = big(means[j]).subtract(sum.divide(rows, HighPrecision.DIGITS)).abs().doubleValue();
      double scale = size.divide(rows, HighPrecision.DIGITS).doubleValue();
      entry.check(Entry.VALUE, error == 0 ? 0 : error / scale, n * U, outputs, y);
    }
  }

  static double[] means(int outputs, double[] y) {
    return TrivialBaseline.of(outputs, y).means();
  }

  @Property(tries = 1500)
  @Proves(value = BASELINE, home = "TrivialBaseline#of")
  void theBaselineOfNumbersIsTheirMean(@ForAll @LongRange(min = 1, max = 1_000_000_000) long seed) {
    int outputs = 1 + RandomPredictions.draw(3, seed, 60, 0), n = 1 + RandomPredictions.draw(30, seed, 61, 0);
    double[] y = new double[n * outputs];
    for (int i = 0; i < y.length; i++) y[i] = chainrule.random.CounterRandom.normal(seed, 962, i) * 1e3 - 200;
    baselineSpec(Ledger.of(BASELINE), ProbabilitySpec::means, outputs, y);
  }

  /** The baseline of classes, through every metric: each has a closed form. */
  @Property(tries = 500)
  @Proves(value = BASELINE, by = "TrivialBaseline#predictions, TrivialBaseline#majorityClass")
  void theMetricsOfTheBaselineFollowFromTheFrequenciesOfTheClasses(
      @ForAll @LongRange(min = 1, max = 1_000_000_000) long seed) {
    int k = 2 + RandomPredictions.draw(4, seed, 63, 0), n = 5 + RandomPredictions.draw(40, seed, 64, 0), m = 30;
    Entry entry = Ledger.of(BASELINE);
    int[] train = new int[n], test = new int[m], sizes = new int[k], tests = new int[k];
    for (int i = 0; i < n; i++) sizes[train[i] = i < k ? i % k : RandomPredictions.draw(k, seed, 65, i)]++;
    for (int i = 0; i < m; i++) tests[test[i] = RandomPredictions.draw(k, seed, 66, i)]++;
    List<String> labels = List.of("a", "b", "c", "d", "e").subList(0, k);
    if (n < k) return;
    Dataset data = Dataset.classification(1, new double[n], train, labels);
    TrivialBaseline b = TrivialBaseline.of(data);
    int out = data.outputs(), majority = k == 2 && sizes[0] == sizes[1] ? 1 : 0;
    for (int c = 1; c < k; c++) if (sizes[c] > sizes[majority]) majority = c;
    entry.exact(majority, b.majorityClass());
    double[] yhat = b.predictions(m);
    double logLoss = 0, brier = 0, squares = 0;
    int right = 0, present = 0;
    for (int c = 0; c < k; c++) squares += Math.pow((double) sizes[c] / n, 2);
    for (int c = 0; c < k; c++) {
      double f = (double) sizes[c] / n, share = (double) tests[c] / m;
      entry.check("frequency", Math.abs(ClassOutputs.probability(out, yhat, 0, c) - f), 1e-15);
      logLoss -= share * Math.log(f);
      brier += share * (squares - f * f + (1 - f) * (1 - f));
      if (c == majority) right = tests[c];
      if (tests[c] > 0) present++;
    }
    int[] predicted = ClassOutputs.predicted(out, yhat);
    int hits = 0;
    for (int i = 0; i < m; i++) if (predicted[i] == test[i]) hits++;
    entry.exact(right, hits);
    entry.check("log loss", Math.abs(LogLoss.of(out, yhat, test) - logLoss), 1e-13);
    entry.check("Brier", Math.abs(BrierScore.of(out, yhat, test) - (k == 2 ? brier / 2 : brier)), 1e-13);
    entry.check("balanced", Math.abs(
        BalancedAccuracy.of(k, test, predicted) - (tests[majority] > 0 ? 1.0 / present : 0)), 1e-15);
    boolean[] is = ClassOutputs.isClass(test, 1);
    if (tests[1] > 0 && tests[1] < m) entry.exact(0.5, RocCurve.area(ClassOutputs.scores(out, yhat, 1), is));
  }

  @Property(tries = 300)
  @Proves(value = BASELINE, by = "TrivialBaseline#predictions")
  void theBaselineHasAnR2OfAtMost0OnOtherRowsAnd0OnItsOwn(
      @ForAll @LongRange(min = 1, max = 1_000_000_000) long seed) {
    double[] y = new double[20], other = new double[20];
    for (int i = 0; i < 20; i++) {
      y[i] = RandomPredictions.draw(100, seed, 67, i);
      other[i] = RandomPredictions.draw(100, seed, 68, i);
    }
    double[] yhat = TrivialBaseline.of(1, y).predictions(20);
    Entry entry = Ledger.of(BASELINE);
    double bound = 46 * 0x1p-53; // 1 − a / b, where a and b are sums of 20 squares: 22 roundings each, and 2
    entry.check("own rows", Math.abs(r2(yhat, y)), bound);
    entry.holds(r2(yhat, other) <= bound, seed); // above 0 by rounding if the rows have nearly the same mean
  }

  private static double r2(double[] yhat, double[] y) {
    return Evaluation.ofPredictions(yhat, Dataset.regression(1, new double[y.length], 1, y)).r2();
  }

  @Test
  @Proves(value = BASELINE, by = "TrivialBaseline#of")
  void specialBaselinesAreDefined() {
    Entry entry = Ledger.of(BASELINE);
    entry.exact(NAN, means(1, new double[0])[0]);
    double[] constant = new double[1000];
    Arrays.fill(constant, 0.1);
    entry.exact(0.1, means(1, constant)[0], "a constant");
    entry.exact(1e308, means(1, new double[] {1e308, 1e308, 1e308})[0], "a sum that overflows");
    Dataset labels = Dataset.multilabel(1, new double[4], 2, new double[] {1, 0, 1, 0, 1, 1, 0, 0},
        List.of("a", "b"));
    entry.exact(0.75, TrivialBaseline.of(labels).means()[0]);
    entry.exact(0.25, TrivialBaseline.of(labels).means()[1]);
  }
}
