package chainrule.nn.activation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleFunction;

/** The activations that come with Chainrule, by name; a parameter follows a colon: {@code leaky-relu:0.2}. */
public final class Activations {
  private Activations() {}

  private static final Map<String, Activation> PLAIN = new LinkedHashMap<>();
  private static final Map<String, DoubleFunction<Activation>> WITH_PARAMETER = new LinkedHashMap<>();

  static {
    for (Activation a : new Activation[] {new Linear(), new Relu(), new LeakyRelu(), new Sigmoid(), new Tanh(),
        new Softmax(), new Step(), new Elu(), new Gelu(), new Silu(), new Softplus()}) {
      PLAIN.put(a.name(), a);
    }
    WITH_PARAMETER.put("leaky-relu", LeakyRelu::new);
    WITH_PARAMETER.put("elu", Elu::new);
  }

  /**
   * The activation that {@code spec} describes.
   * @throws IllegalArgumentException naming what is not known, and what is
   */
  public static Activation parse(String spec) {
    int colon = spec.indexOf(':');
    String name = colon < 0 ? spec : spec.substring(0, colon);
    Activation plain = PLAIN.get(name);
    if (plain == null) {
      throw new IllegalArgumentException("no activation '" + name + "'; there are " + String.join(", ", PLAIN.keySet()));
    }
    if (colon < 0) return plain;
    if (!WITH_PARAMETER.containsKey(name)) {
      throw new IllegalArgumentException(name + " has no parameter, got '" + spec.substring(colon + 1) + "'");
    }
    try {
      return WITH_PARAMETER.get(name).apply(Double.parseDouble(spec.substring(colon + 1)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + ": expected a number, got '" + spec.substring(colon + 1) + "'");
    }
  }

  /** All names, in the order of the documents. */
  public static List<String> names() {
    return List.copyOf(PLAIN.keySet());
  }
}
