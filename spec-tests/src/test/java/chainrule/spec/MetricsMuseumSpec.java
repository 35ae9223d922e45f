// SPDX-License-Identifier: MIT
package chainrule.spec;

import static chainrule.spec.LossChecks.rejects;

import chainrule.metrics.BalancedAccuracy;
import chainrule.metrics.BrierScore;
import chainrule.metrics.ClassOutputs;
import chainrule.metrics.ConformalInterval;
import chainrule.metrics.ConformalScores;
import chainrule.metrics.ConformalSet;
import chainrule.metrics.LogLoss;
import chainrule.metrics.PermutationImportance;
import chainrule.metrics.PrecisionRecallCurve;
import chainrule.metrics.RocCurve;
import chainrule.metrics.ThresholdRule;
import chainrule.nn.EnsembleMean;
import chainrule.spec.ledger.Ledger;
import chainrule.spec.ledger.Ledger.Entry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The bug museum of metrics: the specs that the real metrics pass reject each planted mistake. */
class MetricsMuseumSpec {
  private static final double NAN = Double.NaN, INF = Double.POSITIVE_INFINITY;

  private static Entry scratch() {
    return Ledger.scratch("museum");
  }

  /** Runs a spec for 60 seeds, which the mistakes cannot all pass by chance. */
  private interface Seeded<T> {
    void run(T code, long seed);
  }

  private static <T> Consumer<T> seeds(Seeded<T> spec) {
    return code -> {
      for (long seed = 1; seed <= 60; seed++) spec.run(code, seed);
    };
  }

  private static <T> void allAreRejected(Consumer<T> spec, T real, List<T> mistakes) {
    for (T mistake : mistakes) rejects(spec, real, mistake);
  }

  /** Returns Σ f(row, class) / n over the true classes. */
  private static double mean(int[] classes, java.util.function.IntToDoubleFunction row) {
    return IntStream.range(0, classes.length).mapToDouble(row).sum() / classes.length;
  }

  @Test
  void commonMistakesInTheLogLossAreRejected() {
    Consumer<ProbabilitySpec.Score> spec =
        seeds((code, seed) -> ProbabilitySpec.logLossSpec(scratch(), code, RandomPredictions.of(seed)));
    allAreRejected(spec, LogLoss::of, List.of(
        (out, p, y) -> LogLoss.of(out, p, y) / Math.log(2), // in bits
        (out, p, y) -> LogLoss.of(out, p, y) * y.length, // a sum
        (out, p, y) -> -mean(y, i -> Math.log(ClassOutputs.probability(out, p, i * out, y[i]))), // ∞ for p = 0
        (out, p, y) -> -mean(y, i -> Math.log(Math.max(1e-15, ClassOutputs.probability(out, p, i * out, y[i])))),
        (out, p, y) -> LogLoss.of(out, p, ClassOutputs.predicted(out, p)), // of the predicted classes
        (out, p, y) -> out > 1 ? LogLoss.of(out, p, y)
            : -mean(y, i -> y[i] * Math.log(Math.max(0x1p-52, p[i]))))); // nothing for class 0
  }

  @Test
  void commonMistakesInTheBrierScoreAreRejected() {
    Consumer<ProbabilitySpec.Score> spec =
        seeds((code, seed) -> ProbabilitySpec.brierSpec(scratch(), code, RandomPredictions.of(seed)));
    allAreRejected(spec, BrierScore::of, List.of(
        (out, p, y) -> Math.sqrt(BrierScore.of(out, p, y)),
        (out, p, y) -> BrierScore.of(out, p, y) / (out > 2 ? out : 1), // a mean over the classes
        (out, p, y) -> BrierScore.of(out, p, y) * (out == 2 ? 2 : 1), // two outputs count twice
        (out, p, y) -> mean(y, i -> Math.pow(1 - ClassOutputs.probability(out, p, i * out, y[i]), 2)), // true class
        (out, p, y) -> mean(y, i -> Math.abs(1 - ClassOutputs.probability(out, p, i * out, y[i])))));
  }

  /** Counts pairs; a tie counts {@code tie} halves. */
  private static double pairs(double[] s, boolean[] positive, int tie) {
    long halves = 0, all = 0;
    for (int i = 0; i < s.length; i++) {
      for (int j = 0; j < s.length; j++) {
        if (!positive[i] || positive[j]) continue;
        all++;
        halves += s[i] > s[j] ? 2 : s[i] == s[j] ? tie : 0;
      }
    }
    return halves / (2.0 * all);
  }

  @Test
  void commonMistakesInTheAreaUnderTheRocCurveAreRejected() {
    Consumer<RankingSpec.Ranking> spec = seeds((code, seed) -> {
      RandomPredictions r = RandomPredictions.of(1, 12, seed);
      RankingSpec.areaSpec(scratch(), code, r.scores(1), r.is(1));
    });
    spec.accept((s, is) -> pairs(s, is, 1));
    allAreRejected(spec, RocCurve::area, List.of(
        (s, is) -> pairs(s, is, 0), // ties count nothing
        (s, is) -> pairs(s, is, 2), // ties count as right
        (s, is) -> 1 - RocCurve.area(s, is), // reversed
        (s, is) -> Math.max(RocCurve.area(s, is), 1 - RocCurve.area(s, is)), // never below ½
        (s, is) -> Double.isNaN(RocCurve.area(s, is)) ? 0.5 : RocCurve.area(s, is), // ½ for one class
        (s, is) -> {
          RocCurve c = RocCurve.of(s, is); // rectangles instead of trapezoids
          double sum = 0;
          for (int k = 1; k < c.thresholds().length; k++) {
            sum += (c.falsePositiveRate()[k] - c.falsePositiveRate()[k - 1]) * c.truePositiveRate()[k];
          }
          return c.thresholds().length == 0 ? NAN : sum;
        }));
  }

  @Test
  void commonMistakesInCurvesAreRejected() {
    Consumer<RankingSpec.Roc> roc = seeds((code, seed) -> {
      RandomPredictions r = RandomPredictions.of(1, 12, seed);
      RankingSpec.rocSpec(scratch(), code, r.scores(1), r.is(1));
    });
    allAreRejected(roc, RocCurve::of, List.of(
        (s, is) -> shifted(RocCurve.of(s, is)), // score > t
        (s, is) -> {
          RocCurve c = RocCurve.of(s, is); // axes exchanged
          return new RocCurve(c.thresholds(), c.truePositiveRate(), c.falsePositiveRate(), c.area());
        },
        (s, is) -> RocCurve.of(s, not(is))));
    Consumer<RankingSpec.PrecisionRecall> pr = seeds((code, seed) -> {
      RandomPredictions r = RandomPredictions.of(1, 12, seed);
      RankingSpec.precisionRecallSpec(scratch(), code, r.scores(1), r.is(1));
    });
    allAreRejected(pr, PrecisionRecallCurve::of, List.of(
        (s, is) -> PrecisionRecallCurve.of(s, not(is)),
        (s, is) -> {
          PrecisionRecallCurve c = PrecisionRecallCurve.of(s, is); // a precision that never rises with recall
          double[] p = c.precision().clone();
          for (int k = p.length - 2; k >= 0; k--) p[k] = Math.max(p[k], p[k + 1]);
          return new PrecisionRecallCurve(c.thresholds(), p, c.recall(), c.averagePrecision());
        }));
  }

  private static RocCurve shifted(RocCurve c) {
    double[] x = c.falsePositiveRate().clone(), y = c.truePositiveRate().clone();
    for (int k = x.length - 1; k > 0; k--) {
      x[k] = x[k - 1];
      y[k] = y[k - 1];
    }
    return new RocCurve(c.thresholds(), x, y, c.area());
  }

  private static boolean[] not(boolean[] is) {
    boolean[] not = new boolean[is.length];
    for (int i = 0; i < is.length; i++) not[i] = !is[i];
    return not;
  }

  @Test
  void commonMistakesInTheAveragePrecisionAreRejected() {
    Consumer<RankingSpec.Ranking> spec = seeds((code, seed) -> {
      RandomPredictions r = RandomPredictions.of(1, 12, seed);
      RankingSpec.averageSpec(scratch(), code, r.scores(1), r.is(1));
    });
    allAreRejected(spec, PrecisionRecallCurve::average, List.of(
        (s, is) -> { // trapezoids
          PrecisionRecallCurve c = PrecisionRecallCurve.of(s, is);
          double sum = 0;
          for (int k = 0; k < c.recall().length; k++) {
            double before = k == 0 ? 0 : c.recall()[k - 1], p = k == 0 ? 1 : c.precision()[k - 1];
            sum += (c.recall()[k] - before) * (c.precision()[k] + p) / 2;
          }
          return c.recall().length == 0 ? NAN : sum;
        },
        (s, is) -> { // the mean precision over thresholds
          PrecisionRecallCurve c = PrecisionRecallCurve.of(s, is);
          return Arrays.stream(c.precision()).average().orElse(NAN);
        },
        (s, is) -> { // ties in the order of the rows
          List<Integer> rows = new ArrayList<>(IntStream.range(0, s.length).boxed().toList());
          rows.sort((a, b) -> Double.compare(s[b], s[a]));
          double sum = 0;
          int tp = 0;
          for (int k = 0; k < rows.size(); k++) if (is[rows.get(k)]) sum += ++tp / (k + 1.0);
          return sum / tp;
        },
        (s, is) -> Double.isNaN(PrecisionRecallCurve.average(s, is)) ? 0 : PrecisionRecallCurve.average(s, is)));
  }

  @Test
  void commonMistakesInBalancedAccuracyAndMacroAveragesAreRejected() {
    Consumer<ProbabilitySpec.Predicted> balanced = seeds((code, seed) -> {
      RandomPredictions r = RandomPredictions.of(4, 9, seed);
      ProbabilitySpec.balancedSpec(scratch(), code, 4, r.classes(), ClassOutputs.predicted(4, r.yhat()));
    });
    allAreRejected(balanced, BalancedAccuracy::of, List.of(
        (k, y, p) -> mean(y, i -> y[i] == p[i] ? 1 : 0), // accuracy
        (k, y, p) -> BalancedAccuracy.of(k, y, p) * Arrays.stream(y).distinct().count() / k, // absent classes count 0
        (k, y, p) -> BalancedAccuracy.of(k, p, y))); // mean precision
    Consumer<RankingSpec.Macro> macro = seeds((code, seed) ->
        RankingSpec.macroSpec(scratch(), code, RocCurve::area, RandomPredictions.of(4, 6, seed)));
    allAreRejected(macro, RankingSpec::macroArea, List.of(
        r -> IntStream.range(0, 4).mapToDouble(c -> RocCurve.area(r.scores(c), r.is(c))).sum() / 4, // NaN
        r -> IntStream.range(0, 4).mapToDouble(c -> RocCurve.area(r.scores(c), r.is(c)))
            .map(a -> Double.isNaN(a) ? 0.5 : a).sum() / 4, // ½ for absent classes
        r -> mean(r.classes(), i -> RocCurve.area(r.scores(r.classes()[i]), r.is(r.classes()[i])))));
  }

  /** The calibration error with mistakes. */
  private static double calibration(double[] p, boolean[] is, int bins, boolean low, boolean middle, boolean equal,
      boolean rms) {
    double sum = 0;
    int used = 0;
    for (int b = 0; b < bins; b++) {
      double from = (double) b / bins, to = (double) (b + 1) / bins, mean = 0, events = 0;
      int rows = 0;
      for (int i = 0; i < p.length; i++) {
        boolean in = low ? p[i] >= from && (p[i] < to || b == bins - 1)
            : p[i] <= to && (p[i] > from || b == 0);
        if (!in) continue;
        rows++;
        mean += p[i];
        if (is[i]) events++;
      }
      if (rows == 0) continue;
      used++;
      double gap = Math.abs(events / rows - (middle ? (from + to) / 2 : mean / rows));
      sum += (rms ? gap * gap : gap) * (equal ? 1 : (double) rows / p.length);
    }
    double error = equal ? sum / used : sum;
    return rms ? Math.sqrt(error) : error;
  }

  @Test
  void commonMistakesInTheCalibrationErrorAreRejected() {
    Consumer<ProbabilitySpec.Calibration> spec = seeds((code, seed) -> {
      RandomPredictions r = RandomPredictions.of(1, 25, seed);
      ProbabilitySpec.calibrationSpec(scratch(), code, r.scores(1), r.is(1), 10);
    });
    spec.accept((p, is, bins) -> calibration(p, is, bins, false, false, false, false));
    allAreRejected(spec, ProbabilitySpec::error, List.of(
        (p, is, bins) -> calibration(p, is, bins, true, false, false, false), // bins [a, b)
        (p, is, bins) -> calibration(p, is, bins, false, true, false, false), // the middle of a bin as its mean
        (p, is, bins) -> calibration(p, is, bins, false, false, true, false), // bins count alike
        (p, is, bins) -> calibration(p, is, bins, false, false, false, true))); // root mean square
  }

  @Test
  void commonMistakesInThresholdsAreRejected() {
    for (ThresholdRule rule : ThresholdRule.values()) {
      Consumer<RankingSpec.Chooser> spec = code -> {
        for (long seed = 1; seed <= 400; seed++) { // equally good thresholds are rare
          RandomPredictions r = RandomPredictions.of(1, 2 + (int) (seed % 11), seed);
          RankingSpec.thresholdSpec(scratch(), rule, code, r.scores(1), r.is(1));
        }
      };
      ThresholdRule other = ThresholdRule.values()[1 - rule.ordinal()];
      allAreRejected(spec, rule::choose, List.of(
          (s, is) -> new ThresholdRule.Choice(other.choose(s, is).threshold(), rule.choose(s, is).value()),
          (s, is) -> rule.choose(s, not(is)),
          (s, is) -> { // a threshold at a score, not between two
            ThresholdRule.Choice c = rule.choose(s, is);
            double at = Arrays.stream(s).filter(v -> v >= c.threshold()).min().orElse(NAN);
            return new ThresholdRule.Choice(at, c.value());
          },
          (s, is) -> { // the first of equally good ones
            double[] sorted = Arrays.stream(s).distinct().sorted().toArray();
            ThresholdRule.Choice best = new ThresholdRule.Choice(NAN, -INF);
            for (int k = sorted.length - 1; k >= 0; k--) {
              double t = ((k == 0 ? 0 : sorted[k - 1]) + sorted[k]) / 2, v = rule.at(t, s, is);
              if (v > best.value()) best = new ThresholdRule.Choice(t, v);
            }
            return best;
          }));
    }
  }

  @Test
  void commonMistakesInTheTrivialBaselineAreRejected() {
    Consumer<ProbabilitySpec.Baseline> spec = seeds((code, seed) -> {
      RandomPredictions r = RandomPredictions.of(2, 9, seed);
      ProbabilitySpec.baselineSpec(scratch(), code, 2, r.yhat());
    });
    allAreRejected(spec, ProbabilitySpec::means, List.of(
        (out, y) -> { // the median
          double[] m = new double[out];
          for (int j = 0; j < out; j++) {
            int column = j;
            double[] v = IntStream.range(0, y.length / out).mapToDouble(i -> y[i * out + column]).sorted().toArray();
            m[j] = v[v.length / 2];
          }
          return m;
        },
        (out, y) -> new double[] {Arrays.stream(y).average().orElse(0), Arrays.stream(y).average().orElse(0)},
        (out, y) -> ProbabilitySpec.means(1, y))); // the columns of one output
  }

  @Test
  void commonMistakesInConformalQuantilesAreRejected() {
    Consumer<ConformalSpec.Quantile> coverage = code -> {
      for (int n = 3; n <= 130; n += n < 40 ? 1 : 30) {
        double[] s = new double[n];
        for (int i = 0; i < n; i++) s[i] = (i * 7919L) % 10007;
        for (String c : new String[] {"0.9", "0.55", "0.8"}) {
          ConformalSpec.coverageSpec(scratch(), code, s, c, false);
          ConformalSpec.quantileSpec(scratch(), code, s, c);
        }
      }
      ConformalSpec.quantileSpec(scratch(), code, IntStream.range(0, 99).mapToDouble(i -> i).toArray(), "0.55");
    };
    allAreRejected(coverage, ConformalSpec::quantile, List.of(
        (s, c) -> at(s, (int) Math.ceil(s.length * c)), // n instead of n + 1
        (s, c) -> at(s, (int) Math.ceil((s.length + 1) * c)), // rounds up: 100 · 0.55
        (s, c) -> at(s, (int) ((s.length + 1) * c)), // rounds down
        (s, c) -> at(s, Math.min(s.length, (int) Math.ceil((s.length + 1) * c - 1e-9))), // the largest, not ∞
        (s, c) -> at(s, (int) Math.ceil((s.length + 1) * c - 1e-9) + 1), // one too far
        (s, c) -> { // interpolated
          double[] sorted = Arrays.stream(s).sorted().toArray();
          double place = c * (s.length - 1);
          int low = (int) place;
          return sorted[low] + (place - low) * (sorted[Math.min(s.length - 1, low + 1)] - sorted[low]);
        }));
  }

  /** Returns the rank-th smallest, ∞ beyond the last. */
  private static double at(double[] s, int rank) {
    return rank > s.length ? INF : Arrays.stream(s).sorted().toArray()[Math.max(1, rank) - 1];
  }

  @Test
  void commonMistakesInConformalIntervalsAndSetsAreRejected() {
    Consumer<ConformalSpec.Residuals> interval = seeds((code, seed) ->
        ConformalSpec.intervalSpec(scratch(), code, seed));
    allAreRejected(interval, ConformalInterval::scores, List.of(
        (out, a, b) -> residuals(out, a, b, false, false), // signed
        (out, a, b) -> residuals(out, a, b, true, true), // squared
        (out, a, b) -> Collections.nCopies(out, ConformalInterval.scores(1, a, b).get(0)))); // all outputs together
    Consumer<ConformalSpec.Sets> set = seeds((code, seed) -> {
      for (double q : new double[] {0.5, 0.25, 0.9, 0}) {
        ConformalSpec.setSpec(scratch(), code, RandomPredictions.of(seed), q);
      }
    });
    allAreRejected(set, ConformalSet::of, List.of(
        (out, p, o, q) -> { // without the predicted class
          boolean[] in = ConformalSet.of(out, p, o, q);
          for (int c = 0; c < in.length; c++) in[c] = 1 - ClassOutputs.probability(out, p, o, c) <= q;
          return in;
        },
        (out, p, o, q) -> { // strictly less
          boolean[] in = ConformalSet.of(out, p, o, q);
          for (int c = 0; c < in.length; c++) {
            in[c] = 1 - ClassOutputs.probability(out, p, o, c) < q || c == ClassOutputs.predicted(out, p, o);
          }
          return in;
        },
        (out, p, o, q) -> ConformalSet.of(out, p, o, 1 - q), // p ≥ q
        (out, p, o, q) -> ConformalSet.of(out, p, o, 0, q))); // class 0 instead of the predicted one
  }

  private static List<ConformalScores> residuals(
      int out, double[] yhat, double[] y, boolean absolute, boolean squared) {
    List<ConformalScores> all = new ArrayList<>();
    for (int j = 0; j < out; j++) {
      double[] s = new double[y.length / out];
      for (int i = 0; i < s.length; i++) {
        double e = y[i * out + j] - yhat[i * out + j];
        s[i] = squared ? e * e : absolute ? Math.abs(e) : e;
      }
      all.add(ConformalScores.of(s));
    }
    return all;
  }

  @Test
  void commonMistakesInPermutationImportanceAreRejected() {
    Consumer<ImportanceSpec.Importance> spec = code -> {
      for (long seed = 1; seed <= 20; seed++) {
        ImportanceSpec.importanceSpec(scratch(), code, 12, new int[] {2, 1, 3}, 4, seed);
      }
    };
    allAreRejected(spec, PermutationImportance::of, List.of(
        (x, widths, s, repeats, seed) -> { // each input alone
          PermutationImportance each = PermutationImportance.of(x, new int[] {1, 1, 1, 1, 1, 1}, s, repeats, seed);
          double[] i = each.importance(), d = each.deviation();
          return new PermutationImportance(each.score(), new double[] {i[0] + i[1], i[2], i[3] + i[4] + i[5]},
              new double[] {d[0] + d[1], d[2], d[3] + d[4] + d[5]});
        },
        (x, widths, s, repeats, seed) -> PermutationImportance.of(x, widths, s, 1, seed), // one repeat
        (x, widths, s, repeats, seed) -> { // the score instead of its drop
          PermutationImportance p = PermutationImportance.of(x, widths, s, repeats, seed);
          double[] scores = p.importance().clone();
          for (int j = 0; j < scores.length; j++) scores[j] = p.score() - scores[j];
          return new PermutationImportance(p.score(), scores, p.deviation());
        },
        (x, widths, s, repeats, seed) -> { // the deviation of a sample, divided by R − 1
          PermutationImportance p = PermutationImportance.of(x, widths, s, repeats, seed);
          double[] d = p.deviation().clone();
          for (int j = 0; j < d.length; j++) d[j] *= Math.sqrt(repeats / (repeats - 1.0));
          return new PermutationImportance(p.score(), p.importance(), d);
        },
        MetricsMuseumSpec::neverRestored));
  }

  /** Columns stay permuted while the next ones are measured. */
  private static PermutationImportance neverRestored(
      double[] x, int[] widths, ToDoubleFunction<double[]> score, int repeats, long seed) {
    double[] moved = x.clone(), means = new double[widths.length], deviations = new double[widths.length];
    int inputs = IntStream.of(widths).sum(), n = x.length / inputs, from = 0;
    double s = score.applyAsDouble(x);
    for (int j = 0; j < widths.length; j++) {
      double squares = 0;
      for (int r = 0; r < repeats; r++) {
        int[] order = PlainRandom.order(n, seed, PlainRandom.IMPORTANCE, ((long) j << 20) + r);
        for (int i = 0; i < n; i++) System.arraycopy(x, order[i] * inputs + from, moved, i * inputs + from, widths[j]);
        double drop = s - score.applyAsDouble(moved);
        means[j] += drop / repeats;
        squares += drop * drop / repeats;
      }
      deviations[j] = Math.sqrt(squares - means[j] * means[j]);
      from += widths[j];
    }
    return new PermutationImportance(s, means, deviations);
  }

  @Test
  void commonMistakesInTheMeanOfAnEnsembleAreRejected() {
    double[][] members = {{0.25, 1}, {0.5, 3}, {0.75, -8}, {0.125, 2}};
    Consumer<EnsembleSpec.Mean> spec = code -> EnsembleSpec.meanSpec(scratch(), code, members, 2);
    allAreRejected(spec, EnsembleMean::of, List.of(
        (m, n, mean) -> EnsembleMean.of(Arrays.copyOf(m, m.length - 1), n, mean), // the last member is missing
        (m, n, mean) -> { // a running mean of two
          System.arraycopy(m[0], 0, mean, 0, n);
          for (double[] member : m) for (int i = 0; i < n; i++) mean[i] = (mean[i] + member[i]) / 2;
        },
        (m, n, mean) -> { // the median
          for (int i = 0; i < n; i++) {
            int at = i;
            mean[i] = Arrays.stream(m).mapToDouble(v -> v[at]).sorted().toArray()[m.length / 2];
          }
        },
        (m, n, mean) -> { // the geometric mean
          for (int i = 0; i < n; i++) {
            double product = 1;
            for (double[] member : m) product *= Math.abs(member[i]);
            mean[i] = Math.pow(product, 1.0 / m.length);
          }
        },
        (m, n, mean) -> { // writes beyond n
          EnsembleMean.of(m, n, mean);
          mean[n] = 0;
        }));
  }
}
