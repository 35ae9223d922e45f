// SPDX-License-Identifier: MIT
package chainrule.explain;

import java.util.function.DoubleUnaryOperator;

/**
 * The slope of a function from its values: <pre>
 * D(h) = (f(x − 2h) − 8f(x − h) + 8f(x + h) − f(x + 2h)) / 12h
 * </pre>
 * with an error of O(h⁴) plus rounding of O(ε/h). Of h = 2⁻⁵ … 2⁻²⁶ times max(1, |x|), it takes the one after which
 * halving h changes D least.
 */
final class FivePointDifference {
  private static final int LARGEST = -5, SMALLEST = -26;

  private FivePointDifference() {}

  /** Returns the slope of f at x; NaN if f is not finite near x. */
  static double of(DoubleUnaryOperator f, double x) {
    double best = Double.NaN, least = Double.POSITIVE_INFINITY, before = Double.NaN;
    for (int k = LARGEST; k >= SMALLEST; k--) {
      double d = difference(f, x, Math.scalb(Math.max(1, Math.abs(x)), k)), change = Math.abs(d - before);
      if (change < least) {
        least = change;
        best = d;
      }
      before = d;
    }
    return best;
  }

  private static double difference(DoubleUnaryOperator f, double x, double h) {
    double outer = f.applyAsDouble(x - 2 * h) - f.applyAsDouble(x + 2 * h);
    return (outer + 8 * (f.applyAsDouble(x + h) - f.applyAsDouble(x - h))) / (12 * h);
  }
}
