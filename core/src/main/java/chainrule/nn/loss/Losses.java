package chainrule.nn.loss;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The losses that come with Chainrule, by name: the plain name is a mean over the rows, {@code -sum} a sum. */
public final class Losses {
  private Losses() {}

  private static final Map<String, Loss> BY_NAME = new LinkedHashMap<>();

  static {
    add(new MeanSquaredError(), new SumOfSquaredErrors());
    for (Reduction r : Reduction.values()) {
      add(new HalfSquaredError(r), new MeanAbsoluteError(r), new Huber(1, r), new BinaryCrossEntropy(r),
          new CategoricalCrossEntropy(r), new OffsetCrossEntropy(r), new SigmoidCrossEntropy(r),
          new SoftmaxCrossEntropy(r));
    }
  }

  private static void add(Loss... losses) {
    for (Loss l : losses) BY_NAME.put(l.name(), l);
  }

  /** The loss called {@code name}, if there is one. */
  public static Optional<Loss> named(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /** All names. */
  public static List<String> names() {
    return List.copyOf(BY_NAME.keySet());
  }
}
