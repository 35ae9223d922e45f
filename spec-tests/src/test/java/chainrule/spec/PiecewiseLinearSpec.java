// SPDX-License-Identifier: MIT
package chainrule.spec;

import chainrule.data.PiecewiseLinear;
import chainrule.random.CounterRandom;
import chainrule.spec.ledger.Ledger;
import chainrule.spec.ledger.Ledger.Entry;
import chainrule.spec.ledger.Proves;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.stream.DoubleStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** Piecewise linear encoding, in exact arithmetic, and the quantiles between which it is linear. */
class PiecewiseLinearSpec {
  static final String ID = "beyond-piecewise-linear";
  private static final double U = 0x1p-53, INF = Double.POSITIVE_INFINITY;

  /** The code under test, or an implementation with a planted bug: the pieces of v after training on the numbers. */
  interface Encoding {
    double[] of(double[] training, int bins, double v);
  }

  static double[] encoded(double[] training, int bins, double v) {
    PiecewiseLinear p = PiecewiseLinear.fit(training, bins);
    double[] x = new double[p.count()];
    p.encode(v, x, 0);
    return x;
  }

  /** Numbers with many ties, of sizes from 1e-3 to 1e3. */
  static double[] numbers(long seed) {
    int n = 3 + CounterRandom.below(60, seed, 980, 0), different = 3 + CounterRandom.below(40, seed, 980, 1);
    double size = Math.pow(10, CounterRandom.below(7, seed, 980, 2) - 3);
    double[] v = new double[n];
    for (int i = 0; i < n; i++) {
      v[i] = size * CounterRandom.normal(seed, 981, CounterRandom.below(different, seed, 982, i));
    }
    return v;
  }

  /** Returns the least of the numbers that at least k/B of them do not exceed, the least of all for k = 0. */
  private static double quantile(double[] training, int k, int bins) {
    return DoubleStream.of(training)
        .filter(q -> DoubleStream.of(training).filter(v -> v <= q).count() * bins >= (long) k * training.length)
        .min().orElseThrow();
  }

  private static double[] knots(double[] training, int bins) {
    double[] knots = new double[bins + 1];
    for (int k = 0; k <= bins; k++) knots[k] = quantile(training, k, bins);
    return DoubleStream.of(knots).distinct().toArray();
  }

  private static BigDecimal clipped(double v, double from, double to) {
    BigDecimal start = new BigDecimal(from);
    BigDecimal part = new BigDecimal(v).subtract(start)
        .divide(new BigDecimal(to).subtract(start), MathContext.DECIMAL128);
    return part.max(BigDecimal.ZERO).min(BigDecimal.ONE);
  }

  /**
   * The clipped part has two differences and a quotient, each within U of its size, which is at most 1. The running
   * mean of n of them has at most three roundings for each. The factor adds a rounding of itself and of the product.
   */
  static void encodingSpec(Entry entry, Encoding code, double[] training, int bins, double v) {
    double[] q = knots(training, bins), found = code.of(training, bins, v);
    if (q.length < 3) {
      entry.exact(0, found.length, "no pieces");
      return;
    }
    entry.exact(q.length - 1, found.length, "pieces");
    for (int k = 0; k < Math.min(found.length, q.length - 1); k++) {
      BigDecimal sum = BigDecimal.ZERO;
      for (double t : training) sum = sum.add(clipped(t, q[k], q[k + 1]));
      BigDecimal mean = sum.divide(BigDecimal.valueOf(training.length), MathContext.DECIMAL128);
      BigDecimal exact = new BigDecimal("0.7").multiply(clipped(v, q[k], q[k + 1]).subtract(mean));
      double error = new BigDecimal(found[k]).subtract(exact).abs().doubleValue();
      entry.check(Entry.VALUE, error, (8 + 3 * training.length) * U, training.length, bins, k);
    }
  }

  @Property(tries = 1000)
  @Proves(value = ID, home = "PiecewiseLinear#encode")
  void aPieceRisesBetweenItsQuantilesAboutItsMean(@ForAll @LongRange(min = 1, max = 1_000_000_000) long seed) {
    double[] training = numbers(seed);
    int bins = 2 + CounterRandom.below(9, seed, 983, 0);
    double v = CounterRandom.below(3, seed, 983, 1) == 0 ? training[0]
        : 2 * training[1] * CounterRandom.normal(seed, 983, 2);
    encodingSpec(Ledger.of(ID), PiecewiseLinearSpec::encoded, training, bins, v);
  }

  /** The pieces, weighted with the widths, add up to the number itself, clipped to the range of training. */
  @Property(tries = 500)
  @Proves(value = ID, by = "PiecewiseLinear#fit, PiecewiseLinear#encode")
  void thePiecesAddUpToTheNumber(@ForAll @LongRange(min = 1, max = 1_000_000_000) long seed) {
    double[] training = numbers(seed);
    PiecewiseLinear p = PiecewiseLinear.fit(training, 4);
    if (p.count() == 0) return;
    double v = training[0] + training[1], sum = p.knot(0), size = Math.abs(sum), last = p.knot(p.count());
    double[] x = encoded(training, 4, v);
    for (int k = 0; k < p.count(); k++) {
      double width = p.knot(k + 1) - p.knot(k);
      sum += width * (x[k] / 0.7 + p.mean(k));
      size += width;
    }
    double clipped = Math.max(p.knot(0), Math.min(last, v));
    Ledger.of(ID).check("sum", Math.abs(sum - clipped), 12 * (p.count() + 1) * U * (size + Math.abs(v)), seed);
  }

  @Test
  @Proves(value = ID, by = "PiecewiseLinear#fit, PiecewiseLinear#encode")
  void specialNumbersAreDefined() {
    Entry entry = Ledger.of(ID);
    double[] training = {5, 1, 2, 4, 3}, x = encoded(training, 2, INF); // knots 1, 3, 5; means 0.7 and 0.3
    double m0 = PiecewiseLinear.fit(training, 2).mean(0), m1 = PiecewiseLinear.fit(training, 2).mean(1);
    entry.holds(Arrays.equals(new double[] {0.7 * (1 - m0), 0.7 * (1 - m1)}, x), "∞");
    x = encoded(training, 2, -INF);
    entry.holds(Arrays.equals(new double[] {0.7 * -m0, 0.7 * -m1}, x), "−∞");
    x = encoded(training, 2, Double.NaN);
    entry.holds(Double.isNaN(x[0]) && Double.isNaN(x[1]), "NaN");
    for (double[] few : new double[][] {{}, {3}, {3, 3}, {0, 1, 1, 0, 0.0, -0.0}, {-1.5e308, 0, 1.5e308}}) {
      entry.exact(0, encoded(few, 4, 0).length, "no pieces", few.length);
    }
    for (int bins : new int[] {0, 1}) entry.exact(0, encoded(training, bins, 3).length, "no pieces", bins);
    double[] least = {0, Double.MIN_VALUE, 3 * Double.MIN_VALUE};
    entry.exact(0.7 * (0.5 - PiecewiseLinear.fit(least, 3).mean(1)), encoded(least, 3, 2 * Double.MIN_VALUE)[1],
        "subnormal numbers");
  }
}
