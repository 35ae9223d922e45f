// SPDX-License-Identifier: MIT
package chainrule.spec.published;

import java.math.BigDecimal;

/**
 * A number as a source prints it, such as {@code .1406}, {@code 3.5e-05} or {@code 0.948...}.
 *
 * <p>A computed double agrees with it if |computed − printed| ≤ ½ unit of the last printed digit: it rounds to the
 * printed digits. A number that ends in {@code ...} is cut off, so the computed one must start with the printed digits.
 */
final class PrintedNumber {
  private final String text;
  private final BigDecimal value;
  private final BigDecimal unit;
  private final boolean cutOff;

  /** @param decimals the least number of decimals that the source computes before it drops trailing zeros */
  PrintedNumber(String text, int decimals) {
    this.text = text;
    this.cutOff = text.endsWith("...");
    this.value = new BigDecimal(cutOff ? text.substring(0, text.length() - 3) : text);
    this.unit = BigDecimal.ONE.movePointLeft(Math.max(value.scale(), decimals));
  }

  double value() {
    return value.doubleValue();
  }

  /** Returns the size of one unit of the last digit. */
  double unit() {
    return unit.doubleValue();
  }

  /** Returns |computed − printed| in units of the last digit, or ∞ if computed is NaN or ∞. */
  double error(double computed) {
    if (!(Math.abs(computed) < Double.POSITIVE_INFINITY)) return Double.POSITIVE_INFINITY;
    BigDecimal middle = value;
    if (cutOff) {
      // the numbers that start with these digits are within ½ unit of the middle of their range
      BigDecimal half = unit.multiply(new BigDecimal("0.5"));
      middle = value.signum() < 0 || value.signum() == 0 && computed < 0 ? value.subtract(half) : value.add(half);
    }
    return new BigDecimal(computed).subtract(middle).abs().divide(unit).doubleValue();
  }

  @Override public String toString() {
    return text;
  }
}
