package chainrule.nn.optimizer;

import chainrule.text.NamedNumbers;
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
    Optimizer make(double rate, NamedNumbers p);
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
    NamedNumbers p = NamedNumbers.parse(spec);
    Entry entry = BY_NAME.get(p.name());
    if (entry == null) {
      throw new IllegalArgumentException("no optimizer '" + p.name() + "'; there are " + String.join(", ", BY_NAME.keySet()));
    }
    Optimizer optimizer = entry.maker.make(entry.usualRate, p);
    p.refuseRest("none but the rate");
    return optimizer;
  }
}
