package chainrule.nn.loss;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The losses that come with Chainrule, by name. */
public final class Losses {
  private Losses() {}

  private static final Map<String, Loss> BY_NAME = new LinkedHashMap<>();

  static {
    for (Loss l : new Loss[] {new MeanSquaredError(), new BinaryCrossEntropy(), new CategoricalCrossEntropy(),
        new SigmoidCrossEntropy(), new SoftmaxCrossEntropy()}) {
      BY_NAME.put(l.name(), l);
    }
  }

  /** The loss called {@code name}, if there is one. */
  public static Optional<Loss> named(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /** All names. */
  public static Collection<String> names() {
    return Collections.unmodifiableSet(BY_NAME.keySet());
  }
}
