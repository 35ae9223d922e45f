// SPDX-License-Identifier: MIT
package chainrule.spec.example;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * What a plot of a formula shows.
 *
 * @param variable the name of the variable: "z"
 * @param from the smallest value of the variable
 * @param to its largest value
 * @param breaks where a curve has a kink or a jump, ascending, between from and to
 * @param curves the formula's own curve first
 */
public record Plot(String variable, double from, double to, List<Double> breaks, List<Curve> curves) {
  /** The role of a curve. */
  public enum Role {
    /** What the row's formula says, computed by the library. */
    FORMULA,
    /** Its derivative or what it is the derivative of, computed by the library. */
    COMPANION,
    /** The formula as printed, where it is wrong or differs. */
    PRINTED
  }

  /** A curve and its name: "σ(z)". */
  public record Curve(Role role, String name, DoubleUnaryOperator function) {}

  /** Returns a plot of one curve without breaks. */
  public static Plot of(String name, String variable, double from, double to, DoubleUnaryOperator function) {
    return over(variable, from, to).curve(name, function);
  }

  static Plot over(String variable, double from, double to, Double... breaks) {
    return new Plot(variable, from, to, List.of(breaks), List.of());
  }

  Plot curve(String name, DoubleUnaryOperator function) {
    return with(new Curve(Role.FORMULA, name, function));
  }

  Plot companion(String name, DoubleUnaryOperator function) {
    return with(new Curve(Role.COMPANION, name, function));
  }

  Plot printed(String name, DoubleUnaryOperator function) {
    return with(new Curve(Role.PRINTED, name, function));
  }

  private Plot with(Curve curve) {
    List<Curve> all = new ArrayList<>(curves);
    all.add(curve);
    return new Plot(variable, from, to, breaks, List.copyOf(all));
  }
}
