// SPDX-License-Identifier: MIT
package chainrule.text;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Parses a name with named numbers, such as {@code adam:beta1=0.9,epsilon=1e-7}. The caller reads each number that it
 * knows, then calls {@link #refuseUnknown}.
 */
public final class NamedNumbers {
  private final String name;
  private final Map<String, Double> values = new LinkedHashMap<>();
  private final List<String> known = new ArrayList<>();

  private NamedNumbers(String name) {
    this.name = name;
  }

  /**
   * Parses a name with named numbers.
   *
   * @param spec the name; name=value pairs may follow after a colon, separated by commas
   * @return the parts
   * @throws IllegalArgumentException unless name=number pairs, separated by commas, follow the colon
   */
  public static NamedNumbers parse(String spec) {
    int colon = spec.indexOf(':');
    NamedNumbers n = new NamedNumbers(colon < 0 ? spec : spec.substring(0, colon));
    String text = colon < 0 ? "" : spec.substring(colon + 1);
    if (text.isEmpty()) return n;
    for (String pair : text.split(",", -1)) {
      int equals = pair.indexOf('=');
      if (equals < 1) throw new IllegalArgumentException(n.name + ": expected name=value, found '" + pair + "'");
      String key = pair.substring(0, equals), value = pair.substring(equals + 1);
      if (n.values.put(key, n.number(key, value)) != null) {
        throw new IllegalArgumentException(n.name + ": '" + key + "' is given twice; give it once");
      }
    }
    return n;
  }

  private double number(String key, String value) {
    try {
      return Double.parseDouble(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + ": expected a number after '" + key + "=', found '" + value + "'");
    }
  }

  /** {@return the part before the colon} */
  public String name() {
    return name;
  }

  /**
   * {@return the number of this name} It then counts as read: see {@link #refuseUnknown}.
   *
   * @param key the name of the number
   * @param otherwise the result if the number is not given
   */
  public double number(String key, double otherwise) {
    known.add(key);
    Double value = values.remove(key);
    return value == null ? otherwise : value;
  }

  /**
   * {@return the whole number of this name} It then counts as read: see {@link #refuseUnknown}.
   *
   * @param key the name of the number
   * @param otherwise the result if the number is not given
   * @throws IllegalArgumentException unless the number is a whole number from 0 to 2³¹ − 1
   */
  public int wholeNumber(String key, int otherwise) {
    double value = number(key, otherwise);
    if (value >= 0 && value <= Integer.MAX_VALUE && value == Math.rint(value)) return (int) value;
    throw new IllegalArgumentException(name + ": expected a whole number ≥ 0 after '" + key + "=', found " + value);
  }

  /**
   * Checks that every number was read.
   *
   * @param none the end of the message "it has …" if no number was read
   * @throws IllegalArgumentException for a number that was not read
   */
  public void refuseUnknown(String none) {
    if (values.isEmpty()) return;
    throw new IllegalArgumentException(name + ": no parameter '" + values.keySet().iterator().next() + "'; it has "
        + (known.isEmpty() ? none : String.join(", ", known)));
  }
}
