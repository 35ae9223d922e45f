// SPDX-License-Identifier: MIT
package chainrule.spec.witness;

import java.util.function.DoubleUnaryOperator;

/** Five-point central differences of a function in double precision: the second witness of a derivative. */
public final class FiniteDifferences {
  private FiniteDifferences() {}

  /**
   * Returns f'(x) ≈ (f(x−2h) − 8f(x−h) + 8f(x+h) − f(x+2h)) / 12h. h is a power of two near
   * {@code relativeStep}·max(|x|, least), so the four points are exact unless x is tiny.
   */
  public static double fivePoint(DoubleUnaryOperator f, double x, double relativeStep, double least) {
    double h = Math.scalb(1.0, Math.getExponent(relativeStep * Math.max(Math.abs(x), least)));
    double f1 = f.applyAsDouble(x - 2 * h), f2 = f.applyAsDouble(x - h), f3 = f.applyAsDouble(x + h),
        f4 = f.applyAsDouble(x + 2 * h);
    return ((f1 - f4) + 8 * (f3 - f2)) / (12 * h);
  }

  /** Uses h near 2⁻¹⁰·max(|x|, 1). */
  public static double fivePoint(DoubleUnaryOperator f, double x) {
    return fivePoint(f, x, 0x1p-10, 1);
  }
}
