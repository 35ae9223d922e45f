// SPDX-License-Identifier: MIT
package chainrule.explain;

/**
 * A number of a step: {@code z1[2] = 0.05·0.25 + 0.1·0.3 + 0.35 = 0.3925}.
 *
 * @param name what it is; empty for a remark
 * @param expression its terms as numbers, or the text of a remark; empty if the number has no terms
 * @param value the recorded number; NaN for a remark
 */
public record Line(String name, String expression, double value) {
  /** A number without terms. */
  static Line of(String name, double value) {
    return new Line(name, "", value);
  }

  /** A remark, such as {@code … 12 more units}. */
  static Line remark(String text) {
    return new Line("", text, Double.NaN);
  }

  /** {@return whether the line has terms that give its number} */
  public boolean hasTerms() {
    return !name.isEmpty() && !expression.isEmpty();
  }

  @Override public String toString() {
    if (name.isEmpty()) return expression;
    String number = Numbers.of(value);
    return name + " = " + (expression.isEmpty() || expression.equals(number) ? "" : expression + " = ") + number;
  }
}
