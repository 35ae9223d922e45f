// SPDX-License-Identifier: MIT
package chainrule.explain;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Formats the numbers of an explanation: nine significant digits, without trailing zeros. */
final class Numbers {
  private static final MathContext DIGITS = new MathContext(9, RoundingMode.HALF_EVEN);
  private static final int LEAST_DECADE = -5, LARGEST_DECADE = 9;

  private Numbers() {}

  /** Returns {@code 0.593269992}, {@code −12}, {@code 1.5e-8}, {@code ∞} or {@code NaN}. */
  static String of(double v) {
    if (Double.isNaN(v)) return "NaN";
    if (Double.isInfinite(v)) return v > 0 ? "∞" : "−∞";
    if (v == 0) return "0";
    BigDecimal rounded = new BigDecimal(Math.abs(v)).round(DIGITS).stripTrailingZeros();
    int decade = rounded.precision() - rounded.scale() - 1;
    String digits = decade >= LEAST_DECADE && decade <= LARGEST_DECADE ? rounded.toPlainString()
        : rounded.scaleByPowerOfTen(-decade).toPlainString() + "e" + decade;
    return v < 0 ? "−" + digits : digits;
  }

  /** Returns a number that an operator may follow or precede: negative ones in parentheses. */
  static String factor(double v) {
    return v < 0 ? "(" + of(v) + ")" : of(v);
  }
}
