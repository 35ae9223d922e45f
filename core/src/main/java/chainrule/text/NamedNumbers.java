package chainrule.text;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A name and named numbers as people write them: {@code adam:beta1=0.9,epsilon=1e-7}. */
public final class NamedNumbers {
  private final String name;
  private final Map<String, Double> values = new LinkedHashMap<>();
  private final List<String> known = new ArrayList<>();

  private NamedNumbers(String name) {
    this.name = name;
  }

  /** @throws IllegalArgumentException for what is not name=number behind the colon */
  public static NamedNumbers parse(String spec) {
    int colon = spec.indexOf(':');
    NamedNumbers n = new NamedNumbers(colon < 0 ? spec : spec.substring(0, colon));
    String text = colon < 0 ? "" : spec.substring(colon + 1);
    if (text.isEmpty()) return n;
    for (String pair : text.split(",", -1)) {
      int equals = pair.indexOf('=');
      if (equals < 1) throw new IllegalArgumentException(n.name + ": expected name=value, got '" + pair + "'");
      String key = pair.substring(0, equals), value = pair.substring(equals + 1);
      try {
        if (n.values.put(key, Double.valueOf(value)) != null) {
          throw new IllegalArgumentException(n.name + ": '" + key + "' is given twice; give it once");
        }
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(n.name + ": expected a number after '" + key + "=', got '" + value + "'");
      }
    }
    return n;
  }

  /** What stands before the colon. */
  public String name() {
    return name;
  }

  /** The number of this name, or another; a number that is asked for is known. */
  public double take(String key, double otherwise) {
    known.add(key);
    Double value = values.remove(key);
    return value == null ? otherwise : value;
  }

  /** The same for a whole number from 0 on. */
  public int takeWhole(String key, int otherwise) {
    double value = take(key, otherwise);
    if (value >= 0 && value <= Integer.MAX_VALUE && value == Math.rint(value)) return (int) value;
    throw new IllegalArgumentException(name + ": expected a whole number from 0 on after '" + key + "=', got " + value);
  }

  /**
   * @param none what to say it has where nothing was asked for
   * @throws IllegalArgumentException for a number that nobody asked for
   */
  public void refuseRest(String none) {
    if (values.isEmpty()) return;
    throw new IllegalArgumentException(name + ": no parameter '" + values.keySet().iterator().next() + "'; it has "
        + (known.isEmpty() ? none : String.join(", ", known)));
  }
}
