package chainrule.nn.activation;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The activations that come with Chainrule, by name. */
public final class Activations {
  private Activations() {}

  private static final Map<String, Activation> BY_NAME = new LinkedHashMap<>();

  static {
    for (Activation a : new Activation[] {new Linear(), new Relu(), new Sigmoid(), new Tanh(), new Softmax()}) {
      BY_NAME.put(a.name(), a);
    }
  }

  /** The activation called {@code name}, if there is one. */
  public static Optional<Activation> named(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /** All names, in the order of the documents. */
  public static Collection<String> names() {
    return Collections.unmodifiableSet(BY_NAME.keySet());
  }
}
