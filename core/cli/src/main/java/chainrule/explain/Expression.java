// SPDX-License-Identifier: MIT
package chainrule.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A formula of numbers and variables, as an explanation writes them: {@code ½·(y − ŷ)²}, {@code 1/(1 + e^−z)},
 * {@code √(0.04/(1 − 0.999^2)) + 1e-8}. The operators are + − · / ^ ² √ | |, where - and * mean − and ·; the functions
 * ln, tanh, sign, max, min, σ, Φ, φ and {@code if(c, a, b)}, which is a for c &gt; 0 and b otherwise.
 */
final class Expression {
  /** A part of a formula. */
  private interface Node {
    Dual at(Map<String, Dual> variables);
  }

  private static final Node E = v -> Dual.constant(Math.E);

  private final String text;
  private final Node root;
  private int position;

  private Expression(String text) {
    this.text = text;
    this.root = sum();
    skipSpaces();
    if (position < text.length()) throw unexpected();
  }

  /** @throws IllegalArgumentException if the text is not a formula */
  static Expression parse(String text) {
    return new Expression(text);
  }

  /**
   * Returns the value for these variables, with its derivative.
   * @throws IllegalArgumentException if a variable is missing
   */
  Dual at(Map<String, Dual> variables) {
    return root.at(variables);
  }

  /** Returns the value of a formula without variables. */
  double value() {
    return at(Map.of()).value();
  }

  @Override public String toString() {
    return text;
  }

  private IllegalArgumentException unexpected() {
    return new IllegalArgumentException("'" + text + "': unexpected "
        + (position < text.length() ? "'" + text.charAt(position) + "' at " + position : "end"));
  }

  private void skipSpaces() {
    while (position < text.length() && text.charAt(position) == ' ') position++;
  }

  private boolean accepts(String characters) {
    skipSpaces();
    if (position >= text.length() || characters.indexOf(text.charAt(position)) < 0) return false;
    position++;
    return true;
  }

  private void require(String character) {
    if (!accepts(character)) throw unexpected();
  }

  private Node sum() {
    Node left = product();
    while (true) {
      Node a = left;
      if (accepts("+")) {
        Node b = product();
        left = v -> a.at(v).plus(b.at(v));
      } else if (accepts("−-")) {
        Node b = product();
        left = v -> a.at(v).minus(b.at(v));
      } else {
        return left;
      }
    }
  }

  private Node product() {
    Node left = signed();
    while (true) {
      Node a = left;
      if (accepts("·*")) {
        Node b = signed();
        left = v -> a.at(v).times(b.at(v));
      } else if (accepts("/")) {
        Node b = signed();
        left = v -> a.at(v).over(b.at(v));
      } else {
        return left;
      }
    }
  }

  private Node signed() {
    if (!accepts("−-")) return power();
    Node a = signed();
    return v -> a.at(v).negate();
  }

  private Node power() {
    Node base = atom();
    if (accepts("²")) return v -> base.at(v).times(base.at(v));
    if (!accepts("^")) return base;
    Node exponent = signed();
    if (base == E) return v -> exponent.at(v).exp();
    return v -> base.at(v).power(exponent.at(v));
  }

  private Node atom() {
    if (accepts("(")) {
      Node inside = sum();
      require(")");
      return inside;
    }
    if (accepts("|")) {
      Node inside = sum();
      require("|");
      return v -> inside.at(v).abs();
    }
    if (accepts("√")) {
      Node of = atom();
      return v -> of.at(v).root();
    }
    if (accepts("½")) return v -> Dual.constant(0.5);
    if (position >= text.length()) throw unexpected();
    return Character.isDigit(text.charAt(position)) ? number() : name();
  }

  private Node number() {
    int start = position;
    while (position < text.length() && (Character.isDigit(text.charAt(position)) || text.charAt(position) == '.')) {
      position++;
    }
    if (text.startsWith("e", position) && text.substring(position + 1).matches("-?\\d.*")) {
      position += 2;
      while (position < text.length() && Character.isDigit(text.charAt(position))) position++;
    }
    double value = Double.parseDouble(text.substring(start, position));
    return v -> Dual.constant(value);
  }

  private Node name() {
    int start = position;
    while (position < text.length() && Character.isLetter(text.charAt(position))) position++;
    if (position == start) throw unexpected();
    String name = text.substring(start, position);
    if (!accepts("(")) return variable(name);
    List<Node> arguments = new ArrayList<>();
    do arguments.add(sum());
    while (accepts(","));
    require(")");
    return function(name, arguments);
  }

  private static Node variable(String name) {
    if (name.equals("e")) return E;
    return v -> {
      Dual value = v.get(name);
      if (value == null) throw new IllegalArgumentException("no value for the variable " + name);
      return value;
    };
  }

  private static Node function(String name, List<Node> arguments) {
    Node first = arguments.get(0), second = arguments.size() > 1 ? arguments.get(1) : null;
    return switch (name) {
      case "ln", "log" -> v -> first.at(v).ln();
      case "tanh" -> v -> first.at(v).tanh();
      case "sign" -> v -> first.at(v).sign();
      case "σ" -> v -> first.at(v).sigmoid();
      case "Φ" -> v -> first.at(v).normalCdf();
      case "φ" -> v -> first.at(v).normalDensity();
      case "max" -> v -> first.at(v).max(second.at(v));
      case "min" -> v -> first.at(v).min(second.at(v));
      case "if" -> v -> first.at(v).value() > 0 ? second.at(v) : arguments.get(2).at(v);
      default -> throw new IllegalArgumentException("unknown function " + name);
    };
  }
}
