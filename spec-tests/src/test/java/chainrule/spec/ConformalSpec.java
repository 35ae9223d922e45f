// SPDX-License-Identifier: MIT
package chainrule.spec;

import chainrule.metrics.ConformalInterval;
import chainrule.metrics.ConformalScores;
import chainrule.metrics.ConformalSet;
import chainrule.random.CounterRandom;
import chainrule.spec.ledger.Ledger;
import chainrule.spec.ledger.Ledger.Entry;
import chainrule.spec.ledger.Proves;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** Conformal prediction, by its definition without sorting, and by the coverage that it is for. */
class ConformalSpec {
  static final String QUANTILE = "beyond-conformal-quantile", INTERVAL = "beyond-conformal-interval",
      SET = "beyond-conformal-set";
  private static final double NAN = Double.NaN, INF = Double.POSITIVE_INFINITY;
  private static final String[] COVERAGES = {"0.9", "0.95", "0.8", "0.5", "0.55", "0.07", "0.999", "0.28", "0.01"};

  /** The quantile: the code under test, or an implementation with a planted bug. */
  interface Quantile {
    double of(double[] scores, double coverage);
  }

  /** A set of classes for one row. */
  interface Sets {
    boolean[] of(int outputs, double[] yhat, int o, double q);
  }

  static double quantile(double[] scores, double coverage) {
    return ConformalScores.of(scores).quantile(coverage);
  }

  /** Returns scores ≥ 0, with ties for every third seed. */
  private static double[] scores(int n, long seed) {
    double[] s = new double[n];
    for (int i = 0; i < n; i++) {
      s[i] = seed % 3 == 0 ? CounterRandom.below(6, seed, 970, i) : CounterRandom.uniform(seed, 970, i);
    }
    return s;
  }

  // ---------------------------------------------------------------- quantile

  /** The smallest score s such that at least (n + 1)·c scores are ≤ s, where c is the decimal number as written. */
  static void quantileSpec(Entry entry, Quantile code, double[] scores, String coverage) {
    BigDecimal needed = new BigDecimal(coverage).multiply(BigDecimal.valueOf(scores.length + 1));
    double expected = INF;
    for (double s : scores) {
      long atMost = Arrays.stream(scores).filter(t -> t <= s).count();
      if (BigDecimal.valueOf(atMost).compareTo(needed) >= 0 && s < expected) expected = s;
    }
    entry.exact(expected, code.of(scores, Double.parseDouble(coverage)), scores.length, coverage);
  }

  @Property(tries = 700)
  @Proves(value = QUANTILE, home = "ConformalScores#quantile")
  void theQuantileIsTheSmallestScoreThatEnoughScoresDoNotExceed(
      @ForAll @LongRange(min = 1, max = 1_000_000_000) long seed) {
    double[] s = scores(CounterRandom.below(130, seed, 971, 0), seed);
    for (String c : COVERAGES) quantileSpec(Ledger.of(QUANTILE), ConformalSpec::quantile, s, c);
  }

  /** Ranks that floating point would round up: 100 · 0.55 = 55.00000000000001. */
  @Test
  @Proves(value = QUANTILE, by = "ConformalScores#quantile")
  void theRankIsExactForEveryPercentage() {
    for (int n = 1; n <= 200; n++) {
      double[] ranks = new double[n];
      for (int i = 0; i < n; i++) ranks[i] = n - i;
      for (int percent = 1; percent < 100; percent++) {
        int rank = ((n + 1) * percent + 99) / 100;
        Ledger.of(QUANTILE).exact(rank > n ? INF : rank, quantile(ranks, percent / 100.0), n, percent);
      }
    }
  }

  /**
   * The guarantee: of n + 1 exchangeable scores, each is equally likely to be the new one. So each in turn is the new
   * one, and the share that the quantile of the others covers is the probability. It is ≥ c, and without ties exactly
   * ⌈(n + 1)c⌉/(n + 1).
   */
  static void coverageSpec(Entry entry, Quantile code, double[] scores, String coverage, boolean ties) {
    int covered = 0, all = scores.length;
    for (int out = 0; out < all; out++) {
      double[] rest = new double[all - 1];
      for (int i = 0, j = 0; i < all; i++) if (i != out) rest[j++] = scores[i];
      if (scores[out] <= code.of(rest, Double.parseDouble(coverage))) covered++;
    }
    BigDecimal needed = new BigDecimal(coverage).multiply(BigDecimal.valueOf(all));
    entry.holds(BigDecimal.valueOf(covered).compareTo(needed) >= 0, covered, all, coverage);
    if (!ties) entry.holds(BigDecimal.valueOf(covered - 1).compareTo(needed) < 0, covered, all, coverage);
  }

  @Property(tries = 300)
  @Proves(value = QUANTILE, by = "ConformalScores#quantile")
  void theQuantileOfTheOthersCoversEnoughScoresAndNoMore(@ForAll @LongRange(min = 1, max = 1_000_000_000) long seed) {
    double[] s = scores(1 + CounterRandom.below(40, seed, 972, 0), seed);
    for (String c : COVERAGES) coverageSpec(Ledger.of(QUANTILE), ConformalSpec::quantile, s, c, seed % 3 == 0);
  }

  /** Fewer kept scores never cover less, and at most n/m ranks more. */
  @Property(tries = 300)
  @Proves(value = QUANTILE, by = "ConformalScores#thinned")
  void aPartOfTheScoresCoversAtLeastAsMuchAndAtMostOneInMMore(
      @ForAll @LongRange(min = 1, max = 1_000_000_000) long seed) {
    int n = 1 + CounterRandom.below(150, seed, 973, 0), m = 1 + CounterRandom.below(n, seed, 974, 0);
    int fewer = 1 + CounterRandom.below(m, seed, 975, 0);
    double[] ranks = new double[n];
    for (int i = 0; i < n; i++) ranks[i] = i + 1;
    ConformalScores all = ConformalScores.of(ranks), once = all.thinned(m), twice = once.thinned(fewer);
    ConformalScores read = new ConformalScores(n, once.kept());
    Entry entry = Ledger.of(QUANTILE);
    entry.exact(m, once.kept().length);
    for (String text : COVERAGES) {
      double c = Double.parseDouble(text), full = all.quantile(c);
      entry.holds(once.quantile(c) >= full, n, m, c);
      entry.holds(full == INF || once.quantile(c) <= full + Math.ceil((double) n / m), n, m, c);
      entry.holds(twice.quantile(c) >= full, n, m, fewer, c);
      entry.exact(once.quantile(c), read.quantile(c), n, m, c);
    }
    for (double kept : once.kept()) entry.holds(kept == Math.rint(kept) && kept >= 1 && kept <= n, kept);
    entry.exact(n, once.kept()[m - 1], "the largest is kept");
  }

  @Test
  @Proves(value = QUANTILE, by = "ConformalScores#of")
  void specialScoresAreDefined() {
    Entry entry = Ledger.of(QUANTILE);
    entry.exact(INF, quantile(new double[0], 0.9));
    double[] ten = {3, 1, NAN, 4, 1, 5, 9, 2, 6, 5};
    entry.exact(9, quantile(ten, 0.8), "NaN is the largest");
    entry.exact(INF, quantile(ten, 0.9));
    entry.exact(9, quantile(new double[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, 0.9), "9 rows are enough for 0.9");
    entry.exact(INF, quantile(new double[] {1, 2, 3, 4, 5, 6, 7, 8}, 0.9), "8 are not");
    for (double bad : new double[] {0, 1, -0.1, 90, NAN}) {
      Assertions.assertThrows(IllegalArgumentException.class, () -> quantile(ten, bad));
    }
    for (double[] bad : new double[][] {{2, 1}, {NAN}, {1, NAN}, {1, 2, 3, 4}, {}}) {
      Assertions.assertThrows(IllegalArgumentException.class, () -> new ConformalScores(3, bad));
    }
  }

  // ---------------------------------------------------------------- intervals

  /** The scores of a regression. */
  interface Residuals {
    List<ConformalScores> of(int outputs, double[] yhat, double[] y);
  }

  /** Leave-one-out, as for the quantile: each row in turn is new, and its y must be inside often enough. */
  static void intervalSpec(Entry entry, Residuals code, long seed) {
    int n = 2 + CounterRandom.below(30, seed, 976, 0), outputs = 1 + CounterRandom.below(3, seed, 977, 0);
    double[] y = new double[n * outputs], yhat = new double[n * outputs];
    for (int i = 0; i < y.length; i++) {
      yhat[i] = 100 * CounterRandom.normal(seed, 978, i);
      y[i] = yhat[i] + (i % outputs + 1) * CounterRandom.normal(seed, 979, i);
    }
    for (String text : new String[] {"0.9", "0.8", "0.5"}) {
      int[] covered = new int[outputs];
      for (int out = 0; out < n; out++) {
        List<ConformalScores> scores = code.of(outputs, without(yhat, out, outputs), without(y, out, outputs));
        double[] oneHat = Arrays.copyOfRange(yhat, out * outputs, (out + 1) * outputs);
        double[] one = Arrays.copyOfRange(y, out * outputs, (out + 1) * outputs);
        for (int j = 0; j < outputs; j++) {
          double q = scores.get(j).quantile(Double.parseDouble(text));
          boolean inside = oneHat[j] - q <= one[j] && one[j] <= oneHat[j] + q;
          if (inside) covered[j]++;
          entry.exact(inside ? 1 : 0, ConformalInterval.coverage(outputs, oneHat, one, j, q));
        }
      }
      BigDecimal least = new BigDecimal(text).multiply(BigDecimal.valueOf(n)).setScale(0, RoundingMode.CEILING);
      for (int c : covered) entry.exact(least.intValueExact(), c, n, text); // no ties
    }
  }

  @Property(tries = 150)
  @Proves(value = INTERVAL, home = "ConformalInterval#scores", by = "ConformalInterval#coverage")
  void anIntervalContainsANewNumberOftenEnough(@ForAll @LongRange(min = 1, max = 1_000_000_000) long seed) {
    intervalSpec(Ledger.of(INTERVAL), ConformalInterval::scores, seed);
  }

  private static double[] without(double[] a, int row, int width) {
    double[] rest = new double[a.length - width];
    System.arraycopy(a, 0, rest, 0, row * width);
    System.arraycopy(a, (row + 1) * width, rest, row * width, rest.length - row * width);
    return rest;
  }

  /** 4,000 new rows of skewed errors of any size: the share inside is within 5 standard deviations of the coverage. */
  @Test
  @Proves(value = INTERVAL, by = "ConformalInterval#scores")
  void intervalsCoverTheStatedShareOfNewRows() {
    int n = 4000;
    for (long seed = 1; seed <= 30; seed++) {
      double[] y = new double[2 * n], yhat = new double[2 * n];
      for (int i = 0; i < 2 * n; i++) y[i] = 1e6 - Math.pow(CounterRandom.normal(seed, 980, i), 3);
      List<ConformalScores> s = ConformalInterval.scores(1, Arrays.copyOf(yhat, n), Arrays.copyOf(y, n));
      for (double c : new double[] {0.5, 0.9, 0.99}) {
        double share = ConformalInterval.coverage(
            1, Arrays.copyOfRange(yhat, n, 2 * n), Arrays.copyOfRange(y, n, 2 * n), 0, s.get(0).quantile(c));
        // the quantile and the share vary independently, each with a variance of c(1 − c)/n
        Ledger.of(INTERVAL).check(Entry.STATISTIC, Math.abs(share - c) / Math.sqrt(2 * c * (1 - c) / n), 5, seed, c);
      }
    }
    double[] nan = {NAN};
    Ledger.of(INTERVAL).exact(0, ConformalInterval.coverage(1, nan, new double[1], 0, 1e300));
    Ledger.of(INTERVAL).exact(1, ConformalInterval.coverage(1, nan, new double[1], 0, INF));
    Ledger.of(INTERVAL).exact(NAN, ConformalInterval.coverage(1, new double[0], new double[0], 0, 1));
    Ledger.of(INTERVAL).exact(INF, ConformalInterval.scores(1, nan, new double[1]).get(0).quantile(0.1));
  }

  // ---------------------------------------------------------------- sets

  /** A class is in the set if it is the first of the largest, or if its 1 − p is at most q. */
  static void setSpec(Entry entry, Sets code, RandomPredictions r, double q) {
    int k = Math.max(2, r.outputs());
    for (int i = 0; i < r.rows(); i++) {
      boolean[] set = code.of(r.outputs(), r.yhat(), i * r.outputs(), q);
      int top = r.outputs() == 1 && r.p(i, 1) >= r.p(i, 0) ? 1 : 0;
      for (int c = 1; c < k; c++) if (r.p(i, c) > r.p(i, top)) top = c;
      for (int c = 0; c < k; c++) entry.exact(c == top || 1 - r.p(i, c) <= q ? 1 : 0, set[c] ? 1 : 0, r.yhat(), i, c);
    }
  }

  @Property(tries = 500)
  @Proves(value = SET, home = "ConformalSet#of")
  void aSetHasThePredictedClassAndThoseThatAreLikelyEnough(
      @ForAll @LongRange(min = 1, max = 1_000_000_000) long seed) {
    RandomPredictions r = RandomPredictions.of(seed);
    double q = ConformalSet.scores(r.outputs(), r.yhat(), r.classes()).quantile(0.8);
    for (double at : new double[] {q, 0, 0.5, 0.3, 1, INF}) setSpec(Ledger.of(SET), ConformalSet::of, r, at);
  }

  /** Leave-one-out: the true class of each row in turn, with the quantile of the other rows. */
  @Property(tries = 300)
  @Proves(value = SET, by = "ConformalSet#scores, ConformalSet#coverage")
  void aSetContainsTheTrueClassOftenEnough(@ForAll @LongRange(min = 1, max = 1_000_000_000) long seed) {
    RandomPredictions r = RandomPredictions.of(seed);
    int n = r.rows(), out = r.outputs();
    for (String text : new String[] {"0.9", "0.7", "0.3"}) {
      int covered = 0;
      for (int i = 0; i < n; i++) {
        int leave = i;
        int[] rest = java.util.stream.IntStream.range(0, n).filter(t -> t != leave).map(t -> r.classes()[t]).toArray();
        double q = ConformalSet.scores(out, without(r.yhat(), i, out), rest).quantile(Double.parseDouble(text));
        boolean in = ConformalSet.of(out, r.yhat(), i * out, q)[r.classes()[i]];
        if (in) covered++;
        double[] row = Arrays.copyOfRange(r.yhat(), i * out, (i + 1) * out);
        Ledger.of(SET).exact(in ? 1 : 0, ConformalSet.coverage(out, row, new int[] {r.classes()[i]}, q));
      }
      BigDecimal needed = new BigDecimal(text).multiply(BigDecimal.valueOf(n));
      Ledger.of(SET).holds(BigDecimal.valueOf(covered).compareTo(needed) >= 0, text, r.yhat(), r.classes());
    }
  }

  @Test
  @Proves(value = SET, by = "ConformalSet#of, ConformalSet#scores")
  void specialSetsAreDefined() {
    Entry entry = Ledger.of(SET);
    double[] p = {0.7, 0.2, 0.1};
    boolean[][] expected = {{true, false, false}, {true, false, false}, {true, true, false}, {true, true, true}};
    double[] q = {-1, 0.3 + 1e-9, 0.8, INF};
    for (int i = 0; i < 4; i++) {
      for (int c = 0; c < 3; c++) entry.holds(expected[i][c] == ConformalSet.of(3, p, 0, q[i])[c], i, c);
    }
    entry.holds(ConformalSet.of(1, new double[] {0.4}, 0, 1, 0.1)[1], "the class that a threshold predicts");
    boolean[] nan = ConformalSet.of(3, new double[] {0.9, NAN, 0.1}, 0, 0.2);
    entry.holds(nan[0] && nan[1] && !nan[2], "NaN is in every set");
    entry.exact(INF, ConformalSet.scores(1, new double[] {NAN}, new int[1]).quantile(0.5));
    entry.exact(NAN, ConformalSet.coverage(2, new double[0], new int[0], 0.5));
  }
}
