// SPDX-License-Identifier: MIT
package chainrule.nn.loss;

import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Elementwise;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The built-in losses by name. The plain name is a mean over the rows; {@code -sum} is added for a sum. */
public final class Losses {
  private Losses() {}

  private static final Map<String, Loss> BY_NAME = new LinkedHashMap<>();

  static {
    add(new MeanSquaredError(), new SumOfSquaredErrors());
    for (Reduction r : Reduction.values()) {
      add(new HalfSquaredError(r), new MeanAbsoluteError(r), new Huber(r), new BinaryCrossEntropy(r),
          new CategoricalCrossEntropy(r), new OffsetCrossEntropy(r), new SigmoidCrossEntropy(r),
          new SoftmaxCrossEntropy(r));
    }
  }

  private static void add(Loss... losses) {
    for (Loss l : losses) BY_NAME.put(l.name(), l);
  }

  /**
   * {@return the usual loss for a network with this output activation}
   * <pre>
   * values outside [0, 1] (linear, tanh, ReLU)       mean squared error          a number
   * probability of each unit alone (sigmoid)         binary cross-entropy        yes or no, per unit
   * distribution over the units of a row (softmax)   categorical cross-entropy   one of several classes
   * </pre>
   * {@code Trainer} and the command line use it when no loss is given. An activation of your own counts as a
   * distribution if it {@linkplain Activation#givesProbabilities gives probabilities} and is not {@link Elementwise}.
   *
   * @param output the activation of the output layer
   */
  public static Loss forOutput(Activation output) {
    if (!output.givesProbabilities()) return new MeanSquaredError();
    return output instanceof Elementwise ? new BinaryCrossEntropy() : new CategoricalCrossEntropy();
  }

  /**
   * {@return the loss of this name, if there is one}
   *
   * @param name the name, as in {@link #names}
   */
  public static Optional<Loss> named(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /** {@return all names} */
  public static List<String> names() {
    return List.copyOf(BY_NAME.keySet());
  }
}
