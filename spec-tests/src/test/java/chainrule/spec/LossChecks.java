// SPDX-License-Identifier: MIT
package chainrule.spec;

import chainrule.kernels.Kernels;
import chainrule.nn.loss.Loss;
import chainrule.random.CounterRandom;
import chainrule.spec.ledger.Ledger.Entry;
import chainrule.spec.witness.FiniteDifferences;
import chainrule.spec.witness.Dual;
import chainrule.spec.witness.HighPrecision;
import java.math.BigDecimal;
import java.util.Arrays;

/**
 * The checks for element-wise losses: the value and the gradient over a batch, against the printed formula in 50-digit
 * dual numbers and against finite differences of the loss.
 */
final class LossChecks {
  private LossChecks() {}

  static final Kernels KERNELS = Kernels.best();
  /** The relative error of one rounding. */
  static final double U = 0x1p-53;

  /** A formula for one element, as printed. */
  interface Printed {
    Dual of(Dual yhat, Dual y);
  }

  /** A number that depends on one element. */
  interface Bound {
    double at(double yhat, double y);
  }

  /**
   * A loss as a document prints it.
   *
   * @param element ℓ(ŷ, y)
   * @param derivative ∂ℓ/∂ŷ as printed, or as corrected
   * @param mean whether the document divides by the number of samples
   * @param extra the absolute error of ℓ, in units of {@link #U}, beyond a relative error of 7 {@link #U}
   * @param scale the size of the terms of the derivative if they cancel, else 0
   * @param step h of the five-point differences
   */
  record PrintedLoss(Printed element, Printed derivative, boolean mean, Bound extra, Bound scale, Bound step) {
    PrintedLoss averaged() {
      return new PrintedLoss(element, derivative, true, extra, scale, step);
    }
  }

  /** ŷ [rows × cols], and y of the same shape at offset yo. The elements around y are NaN, and must not be read. */
  record Batch(int rows, int cols, double[] yhat, double[] y, int yo) {
    static Batch of(int rows, int cols, double[] yhat, double... y) {
      int yo = 3;
      double[] padded = new double[y.length + 2 * yo];
      Arrays.fill(padded, Double.NaN);
      System.arraycopy(y, 0, padded, yo, y.length);
      return new Batch(rows, cols, yhat, padded, yo);
    }

    double y(int i) {
      return y[yo + i];
    }

    int size() {
      return rows * cols;
    }
  }

  static double value(Loss loss, Batch b) {
    return loss.value(KERNELS, b.rows, b.cols, b.yhat, b.y, b.yo);
  }

  static double[] gradient(Loss loss, Batch b) {
    double[] g = new double[b.size() + 1];
    Arrays.fill(g, -77);
    loss.gradient(KERNELS, b.rows, b.cols, b.yhat, b.y, b.yo, loss.reduction().factor(b.rows), g);
    if (g[b.size()] != -77) throw new AssertionError(loss.name() + " wrote past the end of its gradient");
    return Arrays.copyOf(g, b.size());
  }

  /**
   * Checks the value and the gradient of a batch. The value has a relative error of at most 7 U per element, n − 1
   * additions of nonnegative numbers, and two roundings of the factor: (n + 8) U in total, and the {@code extra}. So
   * the bound is n + 8 ulps of L + extra, since U is at most one ulp.
   */
  static void batchSpec(Entry value, Entry derivative, Loss loss, PrintedLoss formula, Batch b) {
    int n = b.size();
    double actual = value(loss, b);
    double[] g = gradient(loss, b);
    Dual factor = formula.mean ? Dual.ONE.over(Dual.constant(b.rows)) : Dual.ONE;
    BigDecimal total = BigDecimal.ZERO;
    double extra = 0;
    for (int i = 0; i < n; i++) {
      Dual e = formula.element.of(Dual.variable(b.yhat[i]), Dual.constant(b.y(i))).times(factor);
      total = total.add(e.v(), HighPrecision.DIGITS);
      extra += formula.extra.at(b.yhat[i], b.y(i)) * factor.value();
    }
    valueWithin(value, actual, total, extra, n + 8, loss, b);

    for (int i = 0; i < n; i++) {
      Dual e = formula.element.of(Dual.variable(b.yhat[i]), Dual.constant(b.y(i))).times(factor);
      Dual printed = formula.derivative.of(Dual.constant(b.yhat[i]), Dual.constant(b.y(i))).times(factor);
      double scale = Math.max(Math.abs(e.derivative()), formula.scale.at(b.yhat[i], b.y(i)) * factor.value());
      double gap = printed.v().subtract(e.d()).abs().doubleValue();
      derivative.check("printed", gap == 0 ? 0 : gap / scale, 1e-40, loss, b.yhat[i], b.y(i));
      derivative.check(Entry.DUAL, error(g[i], e.derivative(), scale), 1e-13, loss, b.yhat[i], b.y(i));
      // a derivative that cancels has an error of about 4 U of its terms
      differenceSpec(derivative, loss, b, i, g[i], formula.step.at(b.yhat[i], b.y(i)), extra, 4 * U * scale);
    }
  }

  /** Checks a value within {@code bound} ulps of |exact| + {@code extra}. NaN and ∞ exceed any bound. */
  static void valueWithin(
      Entry entry, double actual, BigDecimal exact, double extra, double bound, Loss loss, Batch b) {
    double ulps = Double.POSITIVE_INFINITY, size = Math.abs(exact.doubleValue()) + extra;
    if (Double.isFinite(actual)) ulps = new BigDecimal(actual).subtract(exact).abs().doubleValue() / Math.ulp(size);
    entry.check(Entry.VALUE, ulps, bound, loss, b.rows, b.cols, b.yhat, b.y, actual, exact.doubleValue());
  }

  /** Returns |a − b| / scale, or 0 if a = b. */
  static double error(double a, double b, double scale) {
    return a == b ? 0 : Math.abs(a - b) / scale;
  }

  /**
   * Checks the gradient of element i against five-point differences of the loss. Each of the four values has an error
   * of at most E = U ((n + 8) |L| + extra), so the difference has (1 + 8 + 8 + 1)/12h · E. Only gradients above 1e9
   * times that can be compared to nine digits.
   *
   * @param floor a further absolute error: of a gradient that cancels, or the truncation error h⁴/30 · f⁽⁵⁾
   */
  static void differenceSpec(
      Entry entry, Loss loss, Batch b, int i, double gradient, double h, double extra, double floor) {
    double[] moved = b.yhat.clone();
    Batch near = new Batch(b.rows, b.cols, moved, b.y, b.yo);
    double x = b.yhat[i], least = Math.max(Math.max(Math.abs(x), h), Double.MIN_NORMAL);
    double[] largest = {0};
    double numeric = FiniteDifferences.fivePoint(v -> {
      moved[i] = v;
      double f = value(loss, near);
      largest[0] = Math.max(largest[0], Math.abs(f));
      return f;
    }, x, h / least, least);
    // fivePoint rounds h down to a power of two, at most by half
    double noise = 1.5 * U * ((b.size() + 8) * largest[0] + extra) / (h / 2) + floor;
    entry.check(Entry.DIFFERENCE, error(gradient, numeric, Math.max(Math.abs(numeric), 1e9 * noise)), 1e-9, loss, x,
        b.y(i));
  }

  // ---------------------------------------------------------------- batches

  static int rows(long seed) {
    return 1 + CounterRandom.below(5, seed, 1, 0);
  }

  static int cols(long seed) {
    return 1 + CounterRandom.below(4, seed, 2, 0);
  }

  /** Returns ŷ and y in (−3, 3) that differ by at least a thousandth of the larger. */
  static Batch ordinary(long seed) {
    return apart(rows(seed), cols(seed), i -> 6 * CounterRandom.uniform(seed, 3, i) - 3);
  }

  /** Returns magnitudes from 1e-70 to 1e70, whose squares do not overflow or underflow. */
  static Batch wide(long seed, int rows, int cols) {
    return apart(rows, cols, i -> (CounterRandom.below(2, seed, 4, i) == 0 ? -1 : 1)
        * Math.pow(10, 140 * CounterRandom.uniform(seed, 5, i) - 70));
  }

  private static Batch apart(int rows, int cols, java.util.function.LongToDoubleFunction draw) {
    double[] yhat = new double[rows * cols], y = new double[rows * cols];
    for (int i = 0; i < y.length; i++) {
      yhat[i] = draw.applyAsDouble(2L * i);
      y[i] = draw.applyAsDouble(2L * i + 1);
      double larger = Math.max(Math.abs(yhat[i]), Math.abs(y[i]));
      if (Math.abs(yhat[i] - y[i]) < 1e-3 * larger) yhat[i] += larger;
    }
    return Batch.of(rows, cols, yhat, y);
  }

  /** Returns ŷ in (0, 1), half of them near 0 or 1, and y in [0, 1], half of them exactly 0 or 1. */
  static Batch probabilities(long seed) {
    int rows = rows(seed), cols = cols(seed);
    double[] yhat = new double[rows * cols], y = new double[rows * cols];
    for (int i = 0; i < y.length; i++) {
      double u = CounterRandom.uniform(seed, 6, i), tiny = Math.pow(10, -1 - 11 * u);
      yhat[i] = switch (CounterRandom.below(4, seed, 7, i)) {
        case 0 -> tiny;
        case 1 -> 1 - tiny;
        default -> 0.01 + 0.98 * u;
      };
      y[i] = switch (CounterRandom.below(4, seed, 8, i)) {
        case 0 -> 0;
        case 1 -> 1;
        default -> CounterRandom.uniform(seed, 9, i);
      };
    }
    return Batch.of(rows, cols, yhat, y);
  }

  // ---------------------------------------------------------------- the bug museum

  /** Checks that a spec accepts the real implementation and rejects the exhibit, which has a planted bug. */
  static <T> void rejects(java.util.function.Consumer<T> spec, T real, T exhibit) {
    spec.accept(real);
    org.junit.jupiter.api.Assertions.assertThrows(AssertionError.class, () -> spec.accept(exhibit),
        () -> "the spec accepted the planted bug: " + exhibit);
  }
}
