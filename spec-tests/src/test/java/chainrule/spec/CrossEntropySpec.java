// SPDX-License-Identifier: MIT
package chainrule.spec;

import static chainrule.spec.LossChecks.batchSpec;
import static chainrule.spec.LossChecks.gradient;
import static chainrule.spec.LossChecks.probabilities;
import static chainrule.spec.LossChecks.value;

import chainrule.nn.loss.BinaryCrossEntropy;
import chainrule.nn.loss.CategoricalCrossEntropy;
import chainrule.nn.loss.ElementwiseLoss;
import chainrule.nn.loss.Loss;
import chainrule.nn.loss.OffsetCrossEntropy;
import chainrule.nn.loss.Reduction;
import chainrule.random.CounterRandom;
import chainrule.spec.LossChecks.Batch;
import chainrule.spec.LossChecks.PrintedLoss;
import chainrule.spec.ledger.Ledger;
import chainrule.spec.ledger.Ledger.Entry;
import chainrule.spec.ledger.Proves;
import chainrule.spec.witness.Dual;
import chainrule.spec.witness.HighPrecision;
import java.math.BigDecimal;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** The cross-entropies of probabilities: binary, categorical, and the one in 000 with an offset. */
class CrossEntropySpec {
  /**
   * −(y ln ŷ + (1 − y) ln(1 − ŷ)). The extra is U, because rounding 1 − ŷ changes its logarithm by U. The step is
   * 1/1024 of the distance to the nearer of 0 and 1, where the truncation error is 24/30 · 2⁻⁴⁰ of a term.
   */
  static final PrintedLoss BINARY = new PrintedLoss(
      (a, y) -> y.times(a.log()).plus(Dual.ONE.minus(y).times(Dual.ONE.minus(a).log())).negate(),
      (a, y) -> y.over(a).minus(Dual.ONE.minus(y).over(Dual.ONE.minus(a))).negate(), false,
      (a, y) -> 1 - y, (a, y) -> y / a + (1 - y) / (1 - a), (a, y) -> Math.min(a, 1 - a) / 1024);

  /** −y ln ŷ. */
  static final PrintedLoss CATEGORICAL = new PrintedLoss(
      (a, y) -> y.times(a.log()).negate(), (a, y) -> y.over(a).negate(), false,
      (a, y) -> 0, (a, y) -> 0, (a, y) -> a / 512);

  private static final Dual TINY = new Dual(new BigDecimal("1e-100"), BigDecimal.ZERO);

  /** −y ln(x + 10⁻¹⁰⁰). The step is relative to the distance from the pole of the logarithm at −10⁻¹⁰⁰. */
  static final PrintedLoss OFFSET =
      new PrintedLoss((x, y) -> y.times(x.plus(TINY).log()).negate(), (x, y) -> y.over(x.plus(TINY)).negate(),
      false, (x, y) -> 0, (x, y) -> 0, (x, y) -> (x + 1e-100) / 512);

  @Property(tries = 200)
  @Proves(value = "000-2.2-d", home = "BinaryCrossEntropy#derivative", by = "BinaryCrossEntropy(SUM)")
  @Proves(value = "002-bce", home = "BinaryCrossEntropy#value", by = "BinaryCrossEntropy(SUM)")
  @Proves(value = "000-2.2", by = "BinaryCrossEntropy(SUM)")
  @Proves(value = {"001-bce", "003-bce"}, home = "BinaryCrossEntropy#value", by = "BinaryCrossEntropy(MEAN)")
  @Proves(value = {"001-bce-d", "003-bce-d"}, home = "BinaryCrossEntropy#derivative", by = "BinaryCrossEntropy(MEAN)")
  void binaryCrossEntropyMatchesTheDocuments(@ForAll @LongRange(min = 1, max = 1_000_000) long seed) {
    Loss sum = new BinaryCrossEntropy(Reduction.SUM), mean = new BinaryCrossEntropy();
    batchSpec(Ledger.of("000-2.2"), Ledger.of("000-2.2-d"), sum, BINARY, probabilities(seed));
    batchSpec(Ledger.of("002-bce"), Ledger.of("000-2.2-d"), sum, BINARY, probabilities(seed + 1));
    batchSpec(Ledger.of("001-bce"), Ledger.of("001-bce-d"), mean, BINARY.averaged(), probabilities(seed + 2));
    batchSpec(Ledger.of("003-bce"), Ledger.of("003-bce-d"), mean, BINARY.averaged(), probabilities(seed + 3));
    Ledger.of("003-bce").remark(
        "N, which the document calls the number of classes, is the number of samples, as in 001-bce. Errors are in "
            + "the same units as there.");
    String digits =
        "Errors are in ulps of L + Σ(1 − y), because rounding 1 − ŷ changes its logarithm by half an ulp of 1.";
    Ledger.of("000-2.2").remark(digits);
    Ledger.of("002-bce").remark("The free i is read as the index of a sum: bce-sum. " + digits);
    Ledger.of("001-bce").remark("n counts the rows of the batch; the outputs of one row are summed. " + digits);
  }

  @Test
  @Proves(value = "000-2.2", home = "BinaryCrossEntropy#value")
  void thePrintedLogarithmWithoutParenthesesIsFalse() {
    // as printed, ln 1 − x is (ln 1) − x = −x: f = −(y ln x + (1 − y)·0 − x)
    Dual x = Dual.variable(0.5), y = Dual.ZERO;
    Dual printed = y.times(x.log()).plus(Dual.ONE.minus(y).times(Dual.ONE.log()).minus(x)).negate();
    Dual corrected = BINARY.element().of(x, y);
    Entry entry = Ledger.of("000-2.2");
    entry.counterexample(
        printed.value() == 0.5 && printed.derivative() == 1 && BINARY.derivative().of(x, y).value() == 2,
        "x = 0.5, y = 0: the printed form gives 0.5 with slope 1; ln(1 − x) gives ln 2 = 0.693 with slope 2, as the "
            + "printed derivative does");
    entry.ulps(new BinaryCrossEntropy().value(0.5, 0), corrected.v(), 1, "x = 0.5, y = 0");
    entry.ulps(new BinaryCrossEntropy().value(0.5, 0), HighPrecision.log(BigDecimal.valueOf(2)), 1, "ln 2");
  }

  @Test
  @Proves(value = {"001-bce", "001-bce-d"}, by = "BinaryCrossEntropy")
  void binaryCrossEntropyIsZeroOrInfiniteForCertainPredictions() {
    binaryEdges(Ledger.of("001-bce"), Ledger.of("001-bce-d"), new BinaryCrossEntropy());
  }

  /** A certain prediction has the loss 0 if it is right, with a nonzero slope, and ∞ if it is wrong. NaN propagates. */
  static void binaryEdges(Entry value, Entry derivative, ElementwiseLoss bce) {
    double inf = Double.POSITIVE_INFINITY, nan = Double.NaN;
    double[][] cases = { // ŷ, y, value, derivative
        {0, 0, 0, 1}, {-0.0, 0, 0, 1}, {1, 1, 0, -1}, {0, 1, inf, -inf}, {1, 0, inf, inf},
        {0, 0.5, inf, -inf}, {1, 0.5, inf, inf},
        {nan, 0, nan, nan}, {nan, 1, nan, nan}, {nan, 0.5, nan, nan}, {0.5, nan, nan, nan}, {0, nan, nan, nan}};
    for (double[] c : cases) {
      value.exact(c[2], bce.value(c[0], c[1]), bce, c[0], c[1]);
      derivative.exact(c[3], bce.derivative(c[0], c[1]), bce, c[0], c[1]);
    }
  }

  @Property(tries = 200)
  @Proves(value = "001-cce", home = "CategoricalCrossEntropy#value", by = "CategoricalCrossEntropy(SUM)")
  @Proves(value = "003-cce", home = "CategoricalCrossEntropy#value", by = "CategoricalCrossEntropy(MEAN)")
  @Proves(value = "003-cce-d", home = "CategoricalCrossEntropy#derivative", by = "CategoricalCrossEntropy(MEAN)")
  void categoricalCrossEntropyMatchesTheDocuments(@ForAll @LongRange(min = 1, max = 1_000_000) long seed) {
    Loss sum = new CategoricalCrossEntropy(Reduction.SUM), mean = new CategoricalCrossEntropy();
    batchSpec(Ledger.of("001-cce"), Ledger.of("003-cce-d"), sum, CATEGORICAL, probabilities(seed));
    batchSpec(Ledger.of("003-cce"), Ledger.of("003-cce-d"), mean, CATEGORICAL.averaged(), probabilities(seed + 1));
    Ledger.of("001-cce").remark("For one sample; a batch uses the sum, cce-sum. For logits, errors are in ulps of "
        + "L + Σ|y|, because the error of the logarithm is absolute.");
    Ledger.of("003-cce").remark("N counts samples, and y_i log ŷ_i is read as the sum over the classes of sample i.");
  }

  @Test
  @Proves(value = {"003-cce", "003-cce-d"}, by = "CategoricalCrossEntropy")
  void categoricalCrossEntropyIsZeroOrInfiniteForCertainPredictions() {
    categoricalEdges(Ledger.of("003-cce"), Ledger.of("003-cce-d"), new CategoricalCrossEntropy());
  }

  static void categoricalEdges(Entry value, Entry derivative, ElementwiseLoss cce) {
    double inf = Double.POSITIVE_INFINITY, nan = Double.NaN;
    double[][] cases = {
        {0, 0, 0, 0}, {-0.0, 0, 0, 0}, {1, 0, 0, 0}, {1, 1, 0, -1}, {0, 1, inf, -inf}, {0, 0.5, inf, -inf},
        {nan, 0, nan, nan}, {nan, 1, nan, nan}, {0.5, nan, nan, nan}, {0, nan, nan, nan}};
    for (double[] c : cases) {
      value.exact(c[2], cce.value(c[0], c[1]), cce, c[0], c[1]);
      derivative.exact(c[3], cce.derivative(c[0], c[1]), cce, c[0], c[1]);
    }
  }

  @Property(tries = 200)
  @Proves(value = "003-cce-one-hot", home = "CategoricalCrossEntropy#value")
  void forOneHotTargetsOnlyTheLogarithmOfTheTargetRemains(@ForAll @LongRange(min = 1, max = 1_000_000) long seed) {
    Batch b = probabilities(seed);
    double[] oneHot = new double[b.size()];
    BigDecimal exact = BigDecimal.ZERO;
    for (int r = 0; r < b.rows(); r++) {
      int k = CounterRandom.below(b.cols(), seed, 20, r);
      oneHot[r * b.cols() + k] = 1;
      exact = exact.subtract(HighPrecision.log(new BigDecimal(b.yhat()[r * b.cols() + k])), HighPrecision.DIGITS);
    }
    exact = exact.divide(BigDecimal.valueOf(b.rows()), HighPrecision.DIGITS);
    Batch hot = Batch.of(b.rows(), b.cols(), b.yhat(), oneHot);
    // 2 U per logarithm, rows − 1 additions, two roundings of the factor
    LossChecks.valueWithin(Ledger.of("003-cce-one-hot"), value(new CategoricalCrossEntropy(), hot), exact, 0,
        b.rows() + 4,
        new CategoricalCrossEntropy(), hot);
    Ledger.of("003-cce-one-hot").remark(
        "The line is the contribution of one sample to the mean; it omits the sum over the samples.");
  }

  @Property(tries = 200)
  @Proves(value = "000-2.3", home = "OffsetCrossEntropy#value", by = "OffsetCrossEntropy(SUM)")
  @Proves(value = "000-2.3-d", home = "OffsetCrossEntropy#derivative", by = "OffsetCrossEntropy(SUM)")
  void theOffsetCrossEntropyMatchesTheDocument(@ForAll @LongRange(min = 1, max = 1_000_000) long seed) {
    Batch p = probabilities(seed);
    Entry value = Ledger.of("000-2.3"), derivative = Ledger.of("000-2.3-d");
    batchSpec(value, derivative, new OffsetCrossEntropy(), OFFSET, p);
    batchSpec(value, derivative, new OffsetCrossEntropy(Reduction.MEAN), OFFSET.averaged(), p);
    // where the offset has an effect: ŷ from 1e-110 to 1e-80
    double tiny = Math.pow(10, -110 + 30 * CounterRandom.uniform(seed, 21, 0));
    batchSpec(value, derivative, new OffsetCrossEntropy(), OFFSET, Batch.of(1, 1, new double[] {tiny}, p.y(0)));
  }

  @Test
  @Proves(value = {"000-2.3", "000-2.3-d"}, by = "OffsetCrossEntropy")
  void theOffsetMakesZeroFiniteAndChangesNoOtherBits() {
    offsetSpec(Ledger.of("000-2.3"), Ledger.of("000-2.3-d"), new OffsetCrossEntropy());
  }

  static void offsetSpec(Entry value, Entry derivative, ElementwiseLoss loss) {
    ElementwiseLoss plain = new CategoricalCrossEntropy();
    for (double zero : new double[] {0, -0.0}) {
      double at = loss.value(zero, 1);
      value.holds(Double.isFinite(at) && Double.isFinite(loss.derivative(zero, 1)), "finite at x = 0", at);
      value.ulps(at, HighPrecision.log(BigDecimal.TEN).multiply(BigDecimal.valueOf(100)), 2, "100 ln 10 at x = 0");
      derivative.check(Entry.DUAL, Ledger.Entry.relative(loss.derivative(zero, 1), -1e100), 1e-15, "−1e100 at x = 0");
      value.exact(0, loss.value(zero, 0));
      derivative.exact(0, loss.derivative(zero, 0));
    }
    // For x ≥ 2⁻²⁷⁹, 10⁻¹⁰⁰ is below half an ulp, so the bits are the same as without it.
    double least = 0x1p-279;
    for (double x : new double[] {least, Math.nextUp(least), 1e-83, 1e-50, 1e-10, 0.3, Math.nextDown(1.0), 1}) {
      value.exact(plain.value(x, 0.7), loss.value(x, 0.7), "the offset changes nothing", x);
      derivative.exact(plain.derivative(x, 0.7), loss.derivative(x, 0.7), "the offset changes nothing", x);
    }
    value.holds(Math.nextDown(least) + 1e-100 != Math.nextDown(least), "below 2⁻²⁷⁹ the offset changes the sum");
    derivative.check(Entry.DUAL, Ledger.Entry.relative(loss.derivative(1e-100, 1), -0.5e100), 1e-15,
        "halved at x = 1e-100");
    derivative.holds(plain.derivative(1e-100, 1) < -0.99e100, "without the offset it is −1e100");
    value.exact(Double.NaN, loss.value(Double.NaN, 0));
    value.exact(Double.NaN, loss.value(0, Double.NaN));
    derivative.exact(Double.NaN, loss.derivative(Double.NaN, 1));
    value.remark("10⁻¹⁰⁰ limits a term to 230.26·y and its slope to 10¹⁰⁰·y. It changes no bits for x ≥ 2⁻²⁷⁹, and the "
        + "slope at 0 is still too large for training.");
  }

  @Test
  @Proves(value = "003-cce-d", by = "CategoricalCrossEntropy#gradient")
  void anEmptyBatchHasTheLossZero() {
    for (Reduction r : Reduction.values()) {
      for (Loss loss : new Loss[] {new CategoricalCrossEntropy(r), new BinaryCrossEntropy(r),
          new OffsetCrossEntropy(r)}) {
        Batch none = Batch.of(0, 2, new double[0]);
        Ledger.of("003-cce").exact(0, value(loss, none), loss);
        Ledger.of("003-cce-d").exact(0, gradient(loss, none).length, loss);
      }
    }
  }
}
