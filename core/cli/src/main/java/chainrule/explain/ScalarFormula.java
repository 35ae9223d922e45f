// SPDX-License-Identifier: MIT
package chainrule.explain;

import java.util.HashMap;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/**
 * A function of one variable, as a formula and as the library implements it.
 *
 * @param variable the variable: {@code z}, or {@code ŷ} of a loss
 * @param constants the values of other letters, for the reader: {@code y = 1}; empty for none
 * @param formula the function, as an {@link Expression} in the variable and the constants
 * @param values the constants
 * @param value the function of the library
 * @param derivative the derivative of the library; null if it has none
 * @param printed what the sheet prints for the value or the derivative, as an expression; empty if it is right
 */
public record ScalarFormula(String variable, String constants, String formula, Map<String, Double> values,
    DoubleUnaryOperator value, DoubleUnaryOperator derivative, String printed) {

  /**
   * A derivative at a point, by its witnesses.
   *
   * @param value f(x) of the library
   * @param formulaValue f(x) of the formula
   * @param derivative f′(x) of the library; NaN if it has none
   * @param automatic the automatic derivative of the formula
   * @param differences five-point differences of the library's f
   * @param left the slope from the left; differs from {@code right} at a kink
   * @param right the slope from the right
   * @param printed the value of the printed form; NaN if the sheet is right
   */
  public record Point(double value, double formulaValue, double derivative, double automatic, double differences,
      double left, double right, double printed) {
    /** {@return whether the function has a kink here, where differences do not give a derivative} */
    public boolean isKink() {
      return Math.abs(left - right) > 1e-3 * Math.max(1, Math.max(Math.abs(left), Math.abs(right)));
    }
  }

  private Dual at(String expression, double x) {
    Map<String, Dual> variables = new HashMap<>();
    values.forEach((name, v) -> variables.put(name, Dual.constant(v)));
    variables.put(variable, Dual.variable(x));
    return Expression.parse(expression).at(variables);
  }

  /**
   * Evaluates the function and its derivative.
   *
   * @param x the point
   * @return the value and the derivative, each by all witnesses
   */
  public Point at(double x) {
    Dual d = at(formula, x);
    double h = 0x1p-30 * Math.max(1, Math.abs(x)), here = value.applyAsDouble(x);
    return new Point(here, d.value(), derivative == null ? Double.NaN : derivative.applyAsDouble(x), d.slope(),
        FivePointDifference.of(value, x), (here - value.applyAsDouble(x - h)) / h,
        (value.applyAsDouble(x + h) - here) / h, printed.isEmpty() ? Double.NaN : at(printed, x).value());
  }

  /**
   * {@return |a − b| / max(|a|, |b|); 0 if both are 0}
   *
   * @param a a number
   * @param b another number
   */
  public static double relativeError(double a, double b) {
    return a == b ? 0 : Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b));
  }
}
