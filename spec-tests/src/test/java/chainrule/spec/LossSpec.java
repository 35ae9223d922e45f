// SPDX-License-Identifier: MIT
package chainrule.spec;

import static chainrule.spec.LossChecks.batchSpec;
import static chainrule.spec.LossChecks.gradient;
import static chainrule.spec.LossChecks.ordinary;
import static chainrule.spec.LossChecks.value;
import static chainrule.spec.LossChecks.wide;

import chainrule.nn.loss.ElementwiseLoss;
import chainrule.nn.loss.HalfSquaredError;
import chainrule.nn.loss.Huber;
import chainrule.nn.loss.Loss;
import chainrule.nn.loss.MeanAbsoluteError;
import chainrule.nn.loss.MeanSquaredError;
import chainrule.nn.loss.Reduction;
import chainrule.nn.loss.SumOfSquaredErrors;
import chainrule.spec.LossChecks.Batch;
import chainrule.spec.LossChecks.PrintedLoss;
import chainrule.spec.ledger.Ledger;
import chainrule.spec.ledger.Ledger.Entry;
import chainrule.spec.ledger.Proves;
import chainrule.spec.witness.Dual;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** The regression losses: squared, half squared and absolute error, and the Huber loss, each with its reductions. */
class LossSpec {
  /** (y − ŷ)². Differences of a parabola have no truncation error, so the step is as large as the numbers. */
  static final PrintedLoss SQUARED = new PrintedLoss(
      (a, y) -> y.minus(a).times(y.minus(a)), (a, y) -> y.minus(a).times(-2), false,
      (a, y) -> 0, (a, y) -> 0, (a, y) -> Math.max(Math.abs(a), Math.abs(y)) / 4);
  /** ½(y − x)². */
  static final PrintedLoss HALF = new PrintedLoss(
      (x, y) -> y.minus(x).times(y.minus(x)).times(0.5), (x, y) -> x.minus(y), false,
      SQUARED.extra(), SQUARED.scale(), SQUARED.step());
  /** |ŷ − y|, with the corrected sign of the derivative. The step stays on one side of the kink. */
  static final PrintedLoss ABSOLUTE =
      new PrintedLoss((a, y) -> a.minus(y).abs(), (a, y) -> Dual.constant(a.minus(y).v().signum()), false,
      (a, y) -> 0, (a, y) -> 0, (a, y) -> Math.abs(a - y) / 4);

  /** Checks batches of ordinary and of extreme magnitudes, and single elements. */
  static void everywhere(Entry value, Entry derivative, Loss loss, PrintedLoss formula, long seed) {
    batchSpec(value, derivative, loss, formula, ordinary(seed));
    batchSpec(value, derivative, loss, formula, wide(seed, LossChecks.rows(seed), LossChecks.cols(seed)));
    batchSpec(value, derivative, loss, formula, wide(seed + 1, 1, 1));
  }

  @Property(tries = 200)
  @Proves(value = "000-2.1", home = "HalfSquaredError#value", by = "HalfSquaredError(SUM)")
  @Proves(value = "000-2.1-d", home = "HalfSquaredError#derivative", by = "HalfSquaredError(SUM)")
  @Proves(value = "002-half-sse", by = "HalfSquaredError(SUM)")
  @Proves(value = "004-mse", home = "HalfSquaredError#value", by = "HalfSquaredError(MEAN)")
  void halfSquaredErrorIsTheSumOrMeanOfHalfTheSquares(@ForAll @LongRange(min = 1, max = 1_000_000) long seed) {
    HalfSquaredError sum = new HalfSquaredError(Reduction.SUM), mean = new HalfSquaredError(Reduction.MEAN);
    batchSpec(Ledger.of("000-2.1"), Ledger.of("000-2.1-d"), sum, HALF, wide(seed, 1, 1));
    everywhere(Ledger.of("002-half-sse"), Ledger.of("000-2.1-d"), sum, HALF, seed);
    everywhere(Ledger.of("004-mse"), Ledger.of("004-mse-d"), mean, HALF.averaged(), seed);
  }

  @Property(tries = 200)
  @Proves(value = "001-sse", home = "SumOfSquaredErrors#value")
  @Proves(value = "001-sse-d", home = "SumOfSquaredErrors#derivative")
  @Proves(value = {"001-mse", "002-mse", "003-mse"}, home = "MeanSquaredError#value")
  @Proves(value = "001-mse-d", home = "MeanSquaredError#derivative")
  void squaredErrorsAreTheSumOrMeanOfTheSquares(@ForAll @LongRange(min = 1, max = 1_000_000) long seed) {
    everywhere(Ledger.of("001-sse"), Ledger.of("001-sse-d"), new SumOfSquaredErrors(), SQUARED, seed);
    MeanSquaredError mse = new MeanSquaredError();
    everywhere(Ledger.of("001-mse"), Ledger.of("001-mse-d"), mse, SQUARED.averaged(), seed);
    everywhere(Ledger.of("002-mse"), Ledger.of("001-mse-d"), mse, SQUARED.averaged(), seed + 7);
    everywhere(Ledger.of("003-mse"), Ledger.of("003-mse-d"), mse, SQUARED.averaged(), seed + 13);
    String n = "n is the number of rows in the batch; the outputs of a row are summed, as in 001-sse.";
    for (String id : List.of("001-mse", "002-mse", "003-mse", "003-mae", "004-mse")) Ledger.of(id).remark(n);
  }

  @Property(tries = 200)
  @Proves(value = "003-mae", home = "MeanAbsoluteError#value")
  @Proves(value = "003-mae-d", by = "MeanAbsoluteError")
  void absoluteErrorIsTheMeanOfTheAbsoluteDifferences(@ForAll @LongRange(min = 1, max = 1_000_000) long seed) {
    everywhere(Ledger.of("003-mae"), Ledger.of("003-mae-d"), new MeanAbsoluteError(), ABSOLUTE.averaged(), seed);
    everywhere(Ledger.of("003-mae"), Ledger.of("003-mae-d"), new MeanAbsoluteError(Reduction.SUM), ABSOLUTE, seed);
  }

  @Test
  @Proves(value = "003-mae-d", by = "MeanAbsoluteError#derivative")
  void theAbsoluteErrorHasTheDerivativeZeroAtItsKink() {
    kinkSpec(Ledger.of("003-mae-d"), new MeanAbsoluteError());
  }

  static void kinkSpec(Entry entry, ElementwiseLoss mae) {
    for (double v : new double[] {0, -0.0, 1.5, -2, 1e300, Double.MIN_VALUE}) {
      entry.exact(0, mae.derivative(v, v), v);
      entry.exact(1, mae.derivative(Math.nextUp(v), v), v);
      entry.exact(-1, mae.derivative(Math.nextDown(v), v), v);
      entry.exact(0, mae.value(v, v), v);
    }
    entry.exact(0, mae.derivative(0, -0.0));
  }

  @Test
  @Proves(value = "003-mae-d", home = "MeanAbsoluteError#derivative", by = "MeanSquaredError, HalfSquaredError")
  @Proves(value = "003-mse-d", home = "MeanSquaredError#derivative", by = "MeanAbsoluteError, HalfSquaredError")
  @Proves(value = "004-mse-d", home = "HalfSquaredError#derivative", by = "MeanAbsoluteError, MeanSquaredError")
  void thePrintedDerivativesOf003And004AreFalse() {
    double a = 2, y = 1; // n = 1 sample
    double mae = LossSpec.ABSOLUTE.element().of(Dual.variable(a), Dual.constant(y)).derivative();
    Ledger.of("003-mae-d").counterexample(Math.signum(y - a) == -1 && mae == 1,
        "ŷ = 2, y = 1, n = 1: printed (1/n) sign(y − ŷ) = −1, correct +1");
    Ledger.of("003-mae-d").exact(1, gradient(new MeanAbsoluteError(), Batch.of(1, 1, new double[] {a}, y))[0]);

    double mse = SQUARED.element().of(Dual.variable(a), Dual.constant(y)).derivative();
    Ledger.of("003-mse-d").counterexample(-2 * (a - y) == -2 && mse == 2,
        "ŷ = 2, y = 1, n = 1: printed −(1/n)·2(ŷ − y) = −2, correct +2");
    Ledger.of("003-mse-d").exact(2, gradient(new MeanSquaredError(), Batch.of(1, 1, new double[] {a}, y))[0]);

    double half = HALF.element().of(Dual.variable(a), Dual.constant(y)).derivative();
    Entry factor = Ledger.of("004-mse-d");
    factor.counterexample(2 * (a - y) == 2 && half == 1,
        "a = 2, y = 1: printed 2(a − y) = 2, but the derivative of C_x = ½‖y − a‖² is a − y = 1");
    for (Reduction r : Reduction.values()) {
      factor.exact(1, gradient(new HalfSquaredError(r), Batch.of(1, 1, new double[] {a}, y))[0], r);
    }
    factor.exact(2, gradient(new SumOfSquaredErrors(), Batch.of(1, 1, new double[] {a}, y))[0]);
    factor.remark(
        "a − y is the derivative of half-sse and, times 1/n, of half-mse. The printed 2(a − y) is that of sse.");
  }

  @Test
  @Proves(value = {"003-mse-d", "004-mse-d"}, by = "MeanSquaredError, HalfSquaredError(MEAN)")
  void theCorrectedDerivativesHoldForBatches() {
    for (long seed = 1; seed <= 100; seed++) {
      everywhere(Ledger.of("003-mse"), Ledger.of("003-mse-d"), new MeanSquaredError(), SQUARED.averaged(), seed);
      everywhere(Ledger.of("004-mse"), Ledger.of("004-mse-d"), new HalfSquaredError(Reduction.MEAN), HALF.averaged(),
          seed);
    }
  }

  @Test
  @Proves(value = {"001-sse", "001-sse-d", "001-mse", "001-mse-d", "002-half-sse", "003-mae", "003-mae-d"},
      by = "SumOfSquaredErrors, MeanSquaredError, HalfSquaredError, MeanAbsoluteError")
  void nanAndInfinityPropagate() {
    edgeSpec(Ledger.of("001-sse"), Ledger.of("001-sse-d"), new SumOfSquaredErrors());
    edgeSpec(Ledger.of("001-mse"), Ledger.of("001-mse-d"), new MeanSquaredError());
    edgeSpec(Ledger.of("002-half-sse"), Ledger.of("000-2.1-d"), new HalfSquaredError(Reduction.SUM));
    edgeSpec(Ledger.of("003-mae"), Ledger.of("003-mae-d"), new MeanAbsoluteError());
    edgeSpec(Ledger.of("beyond-huber"), Ledger.of("beyond-huber"), new Huber());
  }

  /** A NaN makes the value and only its own gradient NaN; an ∞ makes the value ∞; an empty batch has the loss 0. */
  static void edgeSpec(Entry value, Entry derivative, Loss loss) {
    double nan = Double.NaN, inf = Double.POSITIVE_INFINITY;
    for (Batch b : List.of(Batch.of(2, 2, new double[] {1, nan, 3, 4}, 0, 1, 2, 2),
        Batch.of(2, 2, new double[] {1, 2, 3, 4}, 0, nan, 2, 2))) {
      value.exact(nan, value(loss, b), loss);
      double[] g = gradient(loss, b);
      for (int i = 0; i < 4; i++) derivative.holds(Double.isNaN(g[i]) == (i == 1), loss, i, g[i]);
    }
    value.exact(inf, value(loss, Batch.of(1, 2, new double[] {inf, 0}, 0, 0)), loss);
    value.exact(inf, value(loss, Batch.of(1, 2, new double[] {-inf, 0}, 0, 0)), loss);
    value.exact(nan, value(loss, Batch.of(1, 1, new double[] {inf}, inf)), loss);
    value.exact(0, value(loss, Batch.of(0, 3, new double[0])), loss);
  }

  /** The values of δ under test. */
  private static final double[] DELTAS = {0.25, 1, 1.5, 1e-3, 40};

  /** The Huber loss with this δ: a parabola inside, a line outside. The step never crosses from one to the other. */
  static PrintedLoss huber(double delta) {
    Dual d = Dual.constant(delta);
    return new PrintedLoss((a, y) -> {
      Dual e = a.minus(y);
      if (e.v().abs().compareTo(d.v()) <= 0) return e.times(e).times(0.5);
      return d.times(e.abs().minus(d.times(0.5)));
    }, (a, y) -> {
      Dual e = a.minus(y);
      return e.v().abs().compareTo(d.v()) <= 0 ? e : d.times(e.v().signum());
    }, false, (a, y) -> 0, (a, y) -> 0, (a, y) -> Math.abs(Math.abs(a - y) - delta) / 4);
  }

  /**
   * The spec of a Huber loss: both pieces, by both witnesses; continuity where they join; and the jump of the second
   * derivative there.
   */
  static void huberSpec(Entry entry, ElementwiseLoss loss, double delta, long seed) {
    Batch b = ordinary(seed);
    double[] yhat = b.yhat().clone();
    for (int i = 0; i < yhat.length; i++) { // moves the points away from the joint
      if (Math.abs(Math.abs(yhat[i] - b.y(i)) - delta) < 0.01 * delta) yhat[i] += 0.1 * delta;
    }
    PrintedLoss formula = loss.reduction() == Reduction.MEAN ? huber(delta).averaged() : huber(delta);
    batchSpec(entry, entry, loss, formula, new Batch(b.rows(), b.cols(), yhat, b.y(), b.yo()));

    for (double side : new double[] {1, -1}) {
      double joint = side * delta, in = Math.nextAfter(joint, 0), out = side * Math.nextUp(delta);
      entry.exact(0.5 * delta * delta, loss.value(joint, 0), delta);
      entry.exact(joint, loss.derivative(joint, 0), delta);
      // continuous: moving the argument by an ulp changes the value by at most δ·ulp and the slope by at most an ulp
      double ulp = Math.ulp(delta);
      double jump = Math.abs(loss.value(out, 0) - loss.value(in, 0));
      entry.holds(jump <= 2 * delta * ulp + 4 * Math.ulp(0.5 * delta * delta), "value at the joint", delta);
      entry.holds(Math.abs(loss.derivative(out, 0) - loss.derivative(in, 0)) <= 2 * ulp, "slope at the joint", delta);
      // the slope has a kink: it changes by h for a step h inward, and not at all outward
      double h = delta / 8;
      entry.exact(side * h, loss.derivative(joint, 0) - loss.derivative(side * (delta - h), 0),
          "second derivative 1 inside");
      entry.exact(0, loss.derivative(side * (delta + h), 0) - loss.derivative(joint, 0), "second derivative 0 outside");
    }
    entry.exact(0, loss.derivative(2, 2));
  }

  @Property(tries = 200)
  @Proves(value = "beyond-huber", home = "Huber#value")
  void huberIsAParabolaNearZeroAndALineBeyondDelta(@ForAll @LongRange(min = 1, max = 1_000_000) long seed) {
    double delta = DELTAS[(int) (seed % DELTAS.length)];
    for (Reduction r : Reduction.values()) huberSpec(Ledger.of("beyond-huber"), new Huber(delta, r), delta, seed);
    Ledger.of("beyond-huber").remark(
        "Not in the documents. Value and derivative are continuous at |ŷ − y| = δ, where the second derivative jumps "
            + "from 1 to 0.");
  }
}
