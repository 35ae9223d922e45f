// SPDX-License-Identifier: MIT
package chainrule.spec;

import chainrule.metrics.PrecisionRecallCurve;
import chainrule.metrics.ProbabilityMetrics;
import chainrule.metrics.RocCurve;
import chainrule.metrics.ThresholdCounts;
import chainrule.metrics.ThresholdRule;
import chainrule.spec.ledger.Ledger;
import chainrule.spec.ledger.Ledger.Entry;
import chainrule.spec.ledger.Proves;
import chainrule.spec.witness.HighPrecision;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** Metrics of rankings, against counts of all pairs and of all rows for each threshold. */
class RankingSpec {
  static final String AUC = "beyond-roc-auc", AP = "beyond-average-precision", ROC = "beyond-roc",
      PR = "beyond-precision-recall", MACRO = "beyond-macro-average";
  private static final double NAN = Double.NaN, INF = Double.POSITIVE_INFINITY;

  /** A number computed from scores and classes: the code under test, or an implementation with a planted bug. */
  interface Ranking {
    double of(double[] scores, boolean[] positive);
  }

  /** A choice of a threshold. */
  interface Chooser {
    ThresholdRule.Choice of(double[] scores, boolean[] positive);
  }

  private static BigDecimal ratio(long a, long b) {
    return BigDecimal.valueOf(a).divide(BigDecimal.valueOf(b), HighPrecision.DIGITS);
  }

  private static int count(boolean[] positive, boolean which) {
    int n = 0;
    for (boolean p : positive) if (p == which) n++;
    return n;
  }

  /** The number of rows of a kind with score ≥ t. */
  private static int above(double[] scores, boolean[] positive, boolean which, double t) {
    int n = 0;
    for (int i = 0; i < scores.length; i++) if (positive[i] == which && scores[i] >= t) n++;
    return n;
  }

  /** Returns the distinct scores, descending. */
  private static List<Double> distinct(double[] scores) {
    TreeSet<Double> set = new TreeSet<>(Collections.reverseOrder());
    for (double s : scores) set.add(s + 0.0); // −0 becomes 0
    return new ArrayList<>(set);
  }

  // ---------------------------------------------------------------- area under the ROC curve

  /** Counts all pairs. The code divides whole numbers once. */
  static void areaSpec(Entry entry, Ranking code, double[] scores, boolean[] positive) {
    long halves = 0, pairs = 0;
    for (int i = 0; i < scores.length; i++) {
      for (int j = 0; j < scores.length; j++) {
        if (!positive[i] || positive[j]) continue;
        pairs++;
        halves += scores[i] > scores[j] ? 2 : scores[i] == scores[j] ? 1 : 0;
      }
    }
    double area = code.of(scores, positive);
    if (pairs == 0) entry.exact(NAN, area, "one class only");
    else entry.ulps(area, ratio(halves, 2 * pairs), 0.5 + 1e-9, scores, positive);
  }

  @Property(tries = 3000)
  @Proves(value = AUC, home = "RocCurve#area", by = "ThresholdCounts#of")
  void theAreaIsTheShareOfPairsInTheRightOrder(@ForAll @LongRange(min = 1, max = 1_000_000_000) long seed) {
    RandomPredictions r = RandomPredictions.of(seed);
    for (int c = 0; c < Math.max(2, r.outputs()); c++) {
      areaSpec(Ledger.of(AUC), RocCurve::area, r.scores(c), r.is(c));
    }
  }

  /** The trapezoids below the points, and the reversed ranking. */
  @Property(tries = 1000)
  @Proves(value = AUC, by = "RocCurve#of")
  void theAreaIsThatOfTheTrapezoidsAndAReversedRankingHasTheRest(
      @ForAll @LongRange(min = 1, max = 1_000_000_000) long seed) {
    RandomPredictions r = RandomPredictions.of(1, 30, seed);
    RocCurve curve = RocCurve.of(r.scores(1), r.is(1));
    if (Double.isNaN(curve.area())) return;
    double sum = 0;
    double[] x = curve.falsePositiveRate(), y = curve.truePositiveRate(), reversed = r.scores(1);
    for (int k = 1; k < x.length; k++) sum += (x[k] - x[k - 1]) * (y[k] + y[k - 1]) / 2;
    Ledger.of(AUC).check("trapezoids", Math.abs(sum - curve.area()), 1e-14, seed);
    for (int i = 0; i < reversed.length; i++) reversed[i] = -3 * reversed[i];
    Ledger.of(AUC).check("reversed", Math.abs(RocCurve.area(reversed, r.is(1)) + curve.area() - 1), 1e-15, seed);
  }

  /** The example of scikit-learn's documentation, whose printed numbers {@code ScikitLearnSpec} reproduces, exactly. */
  @Test
  @Proves(value = {AUC, ROC}, by = "RocCurve#of")
  @Proves(value = {AP, PR}, by = "PrecisionRecallCurve#of")
  void theNumbersAreThoseOfScikitLearnsDocumentation() {
    double[] scores = {0.1, 0.4, 0.35, 0.8};
    boolean[] positive = {false, false, true, true};
    RocCurve roc = RocCurve.of(scores, positive);
    Ledger.of(AUC).exact(0.75, roc.area());
    double[][] expected = {{INF, 0.8, 0.4, 0.35, 0.1}, {0, 0, 0.5, 0.5, 1}, {0, 0.5, 0.5, 1, 1}};
    double[][] found = {roc.thresholds(), roc.falsePositiveRate(), roc.truePositiveRate()};
    for (int i = 0; i < 3; i++) for (int k = 0; k < 5; k++) Ledger.of(ROC).exact(expected[i][k], found[i][k], i, k);
    PrecisionRecallCurve pr = PrecisionRecallCurve.of(scores, positive);
    Ledger.of(AP).ulps(pr.averagePrecision(), ratio(5, 6), 2);
    double[][] curve = {{1, 0.5, 2.0 / 3, 0.5}, {0.5, 0.5, 1, 1}};
    for (int k = 0; k < 4; k++) Ledger.of(PR).exact(curve[0][k], pr.precision()[k], k);
    for (int k = 0; k < 4; k++) Ledger.of(PR).exact(curve[1][k], pr.recall()[k], k);
  }

  // ---------------------------------------------------------------- curves

  /** A ROC curve: the code under test, or an implementation with a planted bug. */
  interface Roc {
    RocCurve of(double[] scores, boolean[] positive);
  }

  /** A precision-recall curve. */
  interface PrecisionRecall {
    PrecisionRecallCurve of(double[] scores, boolean[] positive);
  }

  /** Every distinct score is a threshold, in descending order, and the rates are counts of all rows. */
  static void rocSpec(Entry entry, Roc code, double[] s, boolean[] is) {
    int p = count(is, true), n = count(is, false);
    RocCurve roc = code.of(s, is);
    if (p == 0 || n == 0) {
      entry.exact(0, roc.thresholds().length, "one class only");
      entry.exact(NAN, roc.area());
      return;
    }
    List<Double> t = distinct(s);
    entry.exact(t.size() + 1, roc.thresholds().length);
    entry.exact(INF, roc.thresholds()[0]);
    entry.exact(0, roc.falsePositiveRate()[0] + roc.truePositiveRate()[0]);
    for (int k = 0; k < t.size(); k++) {
      entry.exact(t.get(k), roc.thresholds()[k + 1], k);
      entry.ulps(roc.falsePositiveRate()[k + 1], ratio(above(s, is, false, t.get(k)), n), 0.5 + 1e-9, k);
      entry.ulps(roc.truePositiveRate()[k + 1], ratio(above(s, is, true, t.get(k)), p), 0.5 + 1e-9, k);
    }
  }

  static void precisionRecallSpec(Entry entry, PrecisionRecall code, double[] s, boolean[] is) {
    int p = count(is, true);
    PrecisionRecallCurve pr = code.of(s, is);
    List<Double> t = distinct(s);
    entry.exact(p == 0 ? 0 : t.size(), pr.thresholds().length);
    for (int k = 0; k < pr.thresholds().length; k++) {
      int tp = above(s, is, true, t.get(k)), fp = above(s, is, false, t.get(k));
      entry.exact(t.get(k), pr.thresholds()[k], k);
      entry.ulps(pr.precision()[k], ratio(tp, tp + fp), 0.5 + 1e-9, k);
      entry.ulps(pr.recall()[k], ratio(tp, p), 0.5 + 1e-9, k);
    }
  }

  @Property(tries = 1500)
  @Proves(value = ROC, home = "RocCurve#of")
  @Proves(value = PR, home = "PrecisionRecallCurve#of")
  void eachPointCountsTheRowsAtOrAboveItsThreshold(@ForAll @LongRange(min = 1, max = 1_000_000_000) long seed) {
    RandomPredictions r = RandomPredictions.of(1, 1 + RandomPredictions.draw(20, seed, 50, 0), seed);
    rocSpec(Ledger.of(ROC), RocCurve::of, r.scores(1), r.is(1));
    precisionRecallSpec(Ledger.of(PR), PrecisionRecallCurve::of, r.scores(1), r.is(1));
  }

  /** Returns Σ (R_k − R_{k−1}) P_k in 50 digits. */
  private static BigDecimal averagePrecision(double[] scores, boolean[] positive) {
    int p = count(positive, true);
    BigDecimal sum = BigDecimal.ZERO, before = BigDecimal.ZERO;
    for (double t : distinct(scores)) {
      int tp = above(scores, positive, true, t), fp = above(scores, positive, false, t);
      BigDecimal recall = ratio(tp, p);
      sum = sum.add(recall.subtract(before).multiply(ratio(tp, tp + fp), HighPrecision.DIGITS));
      before = recall;
    }
    return sum;
  }

  /** Each threshold has 3 roundings, and the last division one: at most n + 3 in any path. */
  static void averageSpec(Entry entry, Ranking code, double[] scores, boolean[] positive) {
    double average = code.of(scores, positive);
    if (count(positive, true) == 0) entry.exact(NAN, average, "no positive rows");
    else entry.ulps(average, averagePrecision(scores, positive), scores.length + 3, scores, positive);
  }

  @Property(tries = 2000)
  @Proves(value = AP, home = "PrecisionRecallCurve#of", by = "PrecisionRecallCurve#average")
  void theAveragePrecisionSumsThePrecisionOverTheRecallThatEachThresholdAdds(
      @ForAll @LongRange(min = 1, max = 1_000_000_000) long seed) {
    RandomPredictions r = RandomPredictions.of(seed);
    for (int c = 0; c < Math.max(2, r.outputs()); c++) {
      averageSpec(Ledger.of(AP), PrecisionRecallCurve::average, r.scores(c), r.is(c));
    }
  }

  @Test
  @Proves(value = AUC, by = "RocCurve#area")
  @Proves(value = ROC, by = "RocCurve#of")
  @Proves(value = AP, by = "PrecisionRecallCurve#average")
  @Proves(value = PR, by = "PrecisionRecallCurve#of")
  void specialScoresAreDefined() {
    for (boolean[] kinds : new boolean[][] {{}, {true}, {false}, {true, true}, {false, false}}) {
      double[] equal = new double[kinds.length];
      areaSpec(Ledger.of(AUC), RocCurve::area, equal, kinds);
      averageSpec(Ledger.of(AP), PrecisionRecallCurve::average, equal, kinds);
      Ledger.of(ROC).exact(0, RocCurve.of(equal, kinds).thresholds().length);
    }
    boolean[] two = {true, false};
    for (double[] nan : new double[][] {{NAN, 0.5}, {0.5, NAN}, {NAN, NAN}}) {
      Ledger.of(AUC).exact(NAN, RocCurve.area(nan, two));
      Ledger.of(AP).exact(NAN, PrecisionRecallCurve.average(nan, two));
      Ledger.of(ROC).exact(0, RocCurve.of(nan, two).thresholds().length);
      Ledger.of(PR).exact(0, PrecisionRecallCurve.of(nan, two).thresholds().length);
    }
    for (double[] s : new double[][] {{0.0, -0.0}, {-0.0, 0.0}, {INF, INF}, {INF, -INF}, {-INF, INF}, {1e-320, 0}}) {
      areaSpec(Ledger.of(AUC), RocCurve::area, s, two);
      averageSpec(Ledger.of(AP), PrecisionRecallCurve::average, s, two);
    }
    int n = 200_000; // P · N exceeds an int
    double[] many = new double[n];
    boolean[] odd = new boolean[n];
    for (int i = 0; i < n; i++) odd[i] = (many[i] = i % 4) % 2 == 1;
    Ledger.of(AUC).exact(0.75, RocCurve.area(many, odd)); // 1 beats 0, 3 beats 0 and 2
  }

  // ---------------------------------------------------------------- several classes

  @Property(tries = 1500)
  @Proves(value = MACRO, home = "ProbabilityMetrics#of")
  void severalClassesHaveTheMeanOfEachClassAgainstTheOthers(
      @ForAll @LongRange(min = 1, max = 1_000_000_000) long seed) {
    RandomPredictions r = RandomPredictions.of(3 + RandomPredictions.draw(3, seed, 51, 0), 15, seed);
    macroSpec(Ledger.of(MACRO), RankingSpec::macroArea, RocCurve::area, r);
    macroSpec(Ledger.of(MACRO), p -> metrics(p).averagePrecision(), PrecisionRecallCurve::average, r);
    for (int c = 0; c < r.outputs(); c++) {
      Ledger.of(MACRO).exact(RocCurve.area(r.scores(c), r.is(c)), metrics(r).rocAucs()[c], c);
    }
  }

  /** A metric of all classes. */
  interface Macro {
    double of(RandomPredictions r);
  }

  private static ProbabilityMetrics metrics(RandomPredictions r) {
    return ProbabilityMetrics.of(r.outputs(), r.yhat(), r.classes());
  }

  static double macroArea(RandomPredictions r) {
    return metrics(r).rocAuc();
  }

  static void macroSpec(Entry entry, Macro code, Ranking each, RandomPredictions r) {
    BigDecimal sum = BigDecimal.ZERO;
    int k = 0;
    for (int c = 0; c < r.outputs(); c++) {
      if (count(r.is(c), true) == 0 || count(r.is(c), false) == 0) continue;
      sum = sum.add(new BigDecimal(each.of(r.scores(c), r.is(c))));
      k++;
    }
    double mean = code.of(r);
    if (k == 0) entry.exact(NAN, mean, "one class only");
    entry.holds(Double.isNaN(mean) == (k == 0), mean, k);
    if (k > 0) entry.ulps(mean, sum.divide(BigDecimal.valueOf(k), HighPrecision.DIGITS), k + 1, (Object) r.yhat());
  }

  @Property(tries = 300)
  @Proves(value = MACRO, by = "ProbabilityMetrics#of, ProbabilityMetrics#ofLabels")
  void twoClassesHaveTheMetricsOfClass1AndLabelsThoseOfTheirColumns(
      @ForAll @LongRange(min = 1, max = 1_000_000_000) long seed) {
    RandomPredictions r = RandomPredictions.of(2, 12, seed);
    Entry entry = Ledger.of(MACRO);
    entry.exact(RocCurve.area(r.scores(1), r.is(1)), metrics(r).rocAuc());
    entry.exact(PrecisionRecallCurve.average(r.scores(1), r.is(1)), metrics(r).averagePrecision());
    double[] y = new double[r.yhat().length];
    for (int i = 0; i < r.rows(); i++) y[2 * i + r.classes()[i]] = 1;
    List<ProbabilityMetrics> labels = ProbabilityMetrics.ofLabels(2, r.yhat(), y);
    for (int c = 0; c < 2; c++) {
      entry.exact(RocCurve.area(r.scores(c), r.is(c)), labels.get(c).rocAuc(), c);
      entry.exact(PrecisionRecallCurve.average(r.scores(c), r.is(c)), labels.get(c).averagePrecision(), c);
    }
  }

  // ---------------------------------------------------------------- thresholds

  static String id(ThresholdRule rule) {
    return "beyond-threshold-" + rule.label();
  }

  /** The rule's value in 50 digits. */
  private static BigDecimal value(ThresholdRule rule, double[] s, boolean[] is, double t) {
    int tp = above(s, is, true, t), fp = above(s, is, false, t), p = count(is, true), n = count(is, false);
    return rule == ThresholdRule.F1 ? ratio(2L * tp, 2L * tp + fp + (p - tp)) : ratio(tp, p).subtract(ratio(fp, n));
  }

  /** Tries the middle of every two neighbors of the distinct scores and 0, and then every multiple of 1/64. */
  static void thresholdSpec(Entry entry, ThresholdRule rule, Chooser code, double[] s, boolean[] is) {
    ThresholdRule.Choice choice = code.of(s, is);
    if (count(is, true) == 0 || count(is, false) == 0) {
      entry.exact(NAN, choice.threshold(), "one class only");
      return;
    }
    BigDecimal best = null, tiny = new BigDecimal("1e-40");
    double expected = NAN;
    List<Double> t = distinct(s);
    for (int k = 0; k < t.size(); k++) {
      double middle = k + 1 < t.size() ? (t.get(k) + t.get(k + 1)) / 2 : t.get(k) / 2;
      BigDecimal v = value(rule, s, is, middle);
      int sign = best == null || v.subtract(best).compareTo(tiny) > 0 ? 1
          : best.subtract(v).compareTo(tiny) > 0 ? -1 : 0;
      double a = Math.abs(middle - 0.5), b = Math.abs(expected - 0.5);
      if (sign > 0 || sign == 0 && (a < b || a == b && middle < expected)) {
        best = v;
        expected = middle;
      }
    }
    entry.exact(expected, choice.threshold(), s, is);
    entry.check("value", Math.abs(choice.value() - best.doubleValue()), 2e-16, s, is);
    entry.exact(choice.value(), rule.at(choice.threshold(), s, is), s, is);
    for (int k = 0; k <= 64; k++) {
      entry.holds(value(rule, s, is, k / 64.0).subtract(best).compareTo(tiny) <= 0, s, is, k);
    }
  }

  @Property(tries = 500)
  @Proves(value = "beyond-threshold-f1", home = "ThresholdRule#F1")
  @Proves(value = "beyond-threshold-youden", home = "ThresholdRule#YOUDEN")
  void noThresholdIsBetterThanTheChosenOne(@ForAll @LongRange(min = 1, max = 1_000_000_000) long seed) {
    RandomPredictions r = RandomPredictions.of(1, 1 + RandomPredictions.draw(20, seed, 52, 0), seed);
    for (ThresholdRule rule : ThresholdRule.values()) {
      thresholdSpec(Ledger.of(id(rule)), rule, rule::choose, r.scores(1), r.is(1));
    }
  }

  @Test
  @Proves(value = "beyond-threshold-f1", by = "ThresholdRule#choose")
  @Proves(value = "beyond-threshold-youden", by = "ThresholdRule#choose")
  void specialThresholdsAreDefined() {
    boolean[] is = {true, false, true, false};
    for (ThresholdRule rule : ThresholdRule.values()) {
      Entry entry = Ledger.of(id(rule));
      entry.exact(NAN, rule.choose(new double[] {0.5, NAN, 0.5, 0.1}, is).threshold());
      entry.exact(NAN, rule.choose(new double[0], new boolean[0]).threshold());
      entry.exact(NAN, rule.at(0.5, new double[] {1, NAN, 0, 0}, is));
      double low = 0.5, high = Math.nextUp(low); // their middle rounds to the lower one
      ThresholdRule.Choice close = rule.choose(new double[] {high, low, high, low}, is);
      entry.exact(high, close.threshold());
      entry.exact(1, close.value());
      entry.exact(0, rule.choose(new double[] {0, 0, 0, 0}, is).threshold(), "the smallest score is 0");
      boolean refused = false;
      try {
        rule.choose(new double[] {0.5, 1.5, 0, 0}, is);
      } catch (IllegalArgumentException e) {
        refused = e.getMessage().contains("1.5");
      }
      entry.holds(refused, "a score above 1");
    }
    Ledger.of(id(ThresholdRule.F1)).exact(0.8, ThresholdRule.F1.at(0.3, new double[] {0.9, 0.4, 0.3, 0.2}, is));
    Ledger.of(id(ThresholdRule.YOUDEN)).exact(0.5, ThresholdRule.YOUDEN.at(0.3, new double[] {0.9, 0.4, 0.3, 0}, is));
    Ledger.of(ROC).exact(2, ThresholdCounts.of(new double[] {1, 2, 2}, new boolean[3]).size());
  }
}
