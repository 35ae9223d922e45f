package chainrule.nn.optimizer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The optimizers that come with Chainrule, by name, with their parameters as text: {@code
 * adam:beta1=0.9,epsilon=1e-7}.
 */
public final class Optimizers {
  private Optimizers() {}

  /** Makes an optimizer from a learning rate and named parameters; a parameter that is taken out is known. */
  private interface Maker {
    Optimizer make(double rate, Parameters p);
  }

  private record Entry(double usualRate, Maker maker) {}

  private static final Map<String, Entry> BY_NAME = new LinkedHashMap<>();

  static {
    BY_NAME.put("sgd", new Entry(0.1, (rate, p) -> new GradientDescent(rate)));
    BY_NAME.put("momentum", new Entry(0.1, (rate, p) -> new Momentum(rate, p.take("gamma", 0.9))));
    BY_NAME.put("nesterov", new Entry(0.1, (rate, p) -> new Nesterov(rate, p.take("gamma", 0.9))));
    BY_NAME.put("adagrad", new Entry(0.02, (rate, p) -> new AdaGrad(rate, p.take("epsilon", 1e-8))));
    BY_NAME.put("adadelta", new Entry(1, (rate, p) -> new AdaDelta(rate, p.take("rho", 0.95), p.take("epsilon", 1e-3))));
    BY_NAME.put("adadelta-zeiler", new Entry(1, (rate, p) ->
        new AdaDeltaZeiler(rate, p.take("rho", 0.95), p.take("epsilon", 1e-6))));
    BY_NAME.put("rmsprop", new Entry(0.001, (rate, p) -> new RmsProp(rate, p.take("rho", 0.9), p.take("epsilon", 1e-8))));
    BY_NAME.put("adam", new Entry(0.002, (rate, p) ->
        new Adam(rate, p.take("beta1", 0.9), p.take("beta2", 0.999), p.take("epsilon", 1e-8))));
    BY_NAME.put("adamw", new Entry(0.002, (rate, p) -> new AdamW(rate, p.take("beta1", 0.9), p.take("beta2", 0.999),
        p.take("epsilon", 1e-8), p.take("decay", 0.01))));
  }

  /** All names. */
  public static List<String> names() {
    return List.copyOf(BY_NAME.keySet());
  }

  /**
   * The optimizer that {@code spec} describes, with its usual learning rate.
   * @throws IllegalArgumentException naming what is not known, and what is
   */
  public static Optimizer parse(String spec) {
    int colon = spec.indexOf(':');
    String name = colon < 0 ? spec : spec.substring(0, colon);
    Entry entry = BY_NAME.get(name);
    if (entry == null) {
      throw new IllegalArgumentException("no optimizer '" + name + "'; there are " + String.join(", ", BY_NAME.keySet()));
    }
    Parameters p = new Parameters(name, colon < 0 ? "" : spec.substring(colon + 1));
    Optimizer optimizer = entry.maker.make(entry.usualRate, p);
    p.refuseRest();
    return optimizer;
  }

  /** name=value pairs, separated by commas. */
  private static final class Parameters {
    private final String optimizer;
    private final Map<String, Double> values = new LinkedHashMap<>();
    private final List<String> known = new java.util.ArrayList<>();

    Parameters(String optimizer, String text) {
      this.optimizer = optimizer;
      if (text.isEmpty()) return;
      for (String pair : text.split(",", -1)) {
        int equals = pair.indexOf('=');
        if (equals < 1) {
          throw new IllegalArgumentException(optimizer + ": expected name=value, got '" + pair + "'");
        }
        try {
          values.put(pair.substring(0, equals), Double.valueOf(pair.substring(equals + 1)));
        } catch (NumberFormatException e) {
          throw new IllegalArgumentException(optimizer + ": expected a number after '" + pair.substring(0, equals + 1)
              + "', got '" + pair.substring(equals + 1) + "'");
        }
      }
    }

    double take(String name, double otherwise) {
      known.add(name);
      Double value = values.remove(name);
      return value == null ? otherwise : value;
    }

    void refuseRest() {
      if (values.isEmpty()) return;
      throw new IllegalArgumentException(optimizer + ": no parameter '" + values.keySet().iterator().next() + "'; it has "
          + (known.isEmpty() ? "none but the rate" : String.join(", ", known)));
    }
  }
}
