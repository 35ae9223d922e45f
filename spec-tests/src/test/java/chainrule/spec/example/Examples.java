// SPDX-License-Identifier: MIT
package chainrule.spec.example;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;

/**
 * The worked example of each formula. The numbers come from the library, and each is compared with the formula written
 * out in plain Java, so an example that is wrong cannot be written.
 */
public final class Examples {
  /** Relative. The plain formulas use {@link Math}, whose functions are accurate to an ulp or two. */
  private static final double TOLERANCE = 1e-11;

  private final Map<String, WorkedExample> all = new LinkedHashMap<>();

  private Examples() {}

  /** Returns the examples by the id of their formula. */
  public static Map<String, WorkedExample> all() {
    Examples e = new Examples();
    ActivationExamples.add(e);
    ElementaryExamples.add(e);
    LossExamples.add(e);
    ForwardExamples.add(e);
    BackpropagationExamples.add(e);
    UpdateExamples.add(e);
    RegularizationExamples.add(e);
    MetricExamples.add(e);
    EncodingExamples.add(e);
    return e.all;
  }

  /** Starts the example of a formula. */
  Example of(String id) {
    if (all.containsKey(id)) throw new AssertionError(id + " has two examples");
    return new Example(id);
  }

  /** Returns an example that is in no list, to test what it accepts. */
  static Example scratch(String id) {
    return new Examples().of(id);
  }

  /** An example under construction. It is complete after every {@link #is}. */
  final class Example {
    private final String id;
    private final StringBuilder text = new StringBuilder();
    private boolean givenLast;
    private Object result;

    private Example(String id) {
      this.id = id;
    }

    /** Adds a number that goes in: "x = −1.5". Numbers, arrays, matrices and strings are allowed. */
    Example in(String name, Object value) {
      text.append(text.length() == 0 ? "" : givenLast ? ", " : "; ").append(name).append(" = ").append(show(value));
      givenLast = true;
      return this;
    }

    /**
     * Adds a result: "f(x) = 0.5".
     *
     * @param computed by the library
     * @param formula the same by the formula, written out in plain Java
     */
    Example is(String name, Object computed, Object formula) {
      return is(name, computed, formula, TOLERANCE);
    }

    /** Adds a result that agrees with the formula only to this relative tolerance, such as a frequency. */
    Example is(String name, Object computed, Object formula, double tolerance) {
      if (!agree(computed, formula, tolerance)) {
        throw new AssertionError(id + ": " + name + " = " + show(computed) + " by the library, " + show(formula)
            + " by the formula");
      }
      text.append(text.length() == 0 ? "" : givenLast ? ": " : ", ").append(name).append(" = ").append(show(computed));
      givenLast = false;
      result = computed;
      all.put(id, new WorkedExample(text.toString(), ""));
      return this;
    }

    /** Adds what the formula gives as printed for the same numbers, which must differ from the last result. */
    void printed(Object value) {
      printed("", value);
    }

    /** The same for another quantity than the last result: "as printed, E[z] = 0.25". */
    void printed(String name, Object value) {
      if (agree(result, value, TOLERANCE)) throw new AssertionError(id + " is true as printed for " + text);
      all.put(id, new WorkedExample(text.toString(),
          "as printed" + (name.isEmpty() ? " " : ", " + name + " = ") + show(value)));
    }
  }

  private static boolean agree(Object a, Object b, double tolerance) {
    if (a instanceof double[][] x && b instanceof double[][] y) {
      if (x.length != y.length) return false;
      for (int i = 0; i < x.length; i++) if (!agree(x[i], y[i], tolerance)) return false;
      return true;
    }
    if (a instanceof double[] x && b instanceof double[] y) {
      if (x.length != y.length) return false;
      for (int i = 0; i < x.length; i++) if (!agree(x[i], y[i], tolerance)) return false;
      return true;
    }
    if (!(a instanceof Number x && b instanceof Number y)) return a.equals(b);
    double p = x.doubleValue(), q = y.doubleValue();
    return p == q || Math.abs(p - q) <= tolerance * Math.max(Math.abs(p), Math.abs(q));
  }

  /** Returns a value as an example shows it: six digits, (1, 2) for a row and (1, 2; 3, 4) for a matrix. */
  static String show(Object value) {
    if (value instanceof double[][] rows) {
      StringJoiner s = new StringJoiner("; ", "(", ")");
      for (double[] row : rows) s.add(elements(row));
      return s.toString();
    }
    if (value instanceof double[] row) return "(" + elements(row) + ")";
    return value instanceof Number n ? number(n.doubleValue()) : value.toString();
  }

  private static String elements(double[] row) {
    return String.join(", ", Arrays.stream(row).mapToObj(Examples::number).toList());
  }

  private static String number(double v) {
    if (Double.isNaN(v)) return "NaN";
    if (Double.isInfinite(v)) return v > 0 ? "∞" : "−∞";
    java.math.BigDecimal d = new java.math.BigDecimal(v).round(new java.math.MathContext(6)).stripTrailingZeros();
    int exponent = d.precision() - d.scale() - 1;
    String s = d.signum() == 0 ? "0" : exponent < -5 || exponent > 9
        ? d.scaleByPowerOfTen(-exponent).toPlainString() + "e" + exponent : d.toPlainString();
    return s.replace('-', '−');
  }
}
