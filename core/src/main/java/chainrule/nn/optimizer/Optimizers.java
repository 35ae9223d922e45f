// SPDX-License-Identifier: MIT
package chainrule.nn.optimizer;

import chainrule.text.NamedNumbers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The built-in optimizers as text, a name and optional parameters: {@code adam:beta1=0.9,epsilon=1e-7}.
 *
 * <p>The learning rate is not part of the text: {@link #parse} sets the default rate below, and
 * {@link Optimizer#withRate} another. All other defaults are those of the optimizers' constructors.
 * <pre>
 * sgd, momentum, nesterov        0.1
 * adagrad                        0.02
 * adadelta, adadelta-zeiler      1
 * rmsprop                        0.001
 * adam, adamw                    0.002
 * </pre>
 * In Java, {@code new Adam()} and {@code Trainer} use 0.001, the rate of the paper. The command line uses 0.004 for
 * adam and adamw, since its runs are short and end at a rate of 0.
 */
public final class Optimizers {
  private Optimizers() {}

  /** Creates an optimizer from a learning rate and the parameters that it takes. */
  private interface Factory {
    Optimizer create(double rate, NamedNumbers p);
  }

  private record Entry(double defaultRate, Factory factory) {}

  private static final Map<String, Entry> BY_NAME = new LinkedHashMap<>();

  static {
    add("sgd", 0.1, (rate, p) -> new GradientDescent(rate));
    add("momentum", 0.1, (rate, p) -> new Momentum(rate, p.number("gamma", Momentum.GAMMA)));
    add("nesterov", 0.1, (rate, p) -> new Nesterov(rate, p.number("gamma", Momentum.GAMMA)));
    add("adagrad", 0.02, (rate, p) -> new AdaGrad(rate, p.number("epsilon", AdaGrad.EPSILON)));
    add("adadelta", AdaDelta.RATE, (rate, p) ->
        new AdaDelta(rate, p.number("rho", AdaDelta.RHO), p.number("epsilon", AdaDelta.EPSILON)));
    add("adadelta-zeiler", AdaDelta.RATE, (rate, p) ->
        new AdaDeltaZeiler(rate, p.number("rho", AdaDelta.RHO), p.number("epsilon", AdaDeltaZeiler.EPSILON)));
    add("rmsprop", 0.001, (rate, p) ->
        new RmsProp(rate, p.number("rho", RmsProp.RHO), p.number("epsilon", RmsProp.EPSILON)));
    add("adam", 0.002, (rate, p) -> new Adam(
        rate, p.number("beta1", Adam.BETA1), p.number("beta2", Adam.BETA2), p.number("epsilon", Adam.EPSILON)));
    add("adamw", 0.002, (rate, p) -> new AdamW(rate, p.number("beta1", Adam.BETA1), p.number("beta2", Adam.BETA2),
        p.number("epsilon", Adam.EPSILON), p.number("decay", AdamW.DECAY)));
  }

  private static void add(String name, double defaultRate, Factory factory) {
    BY_NAME.put(name, new Entry(defaultRate, factory));
  }

  /** {@return all names} {@link #defaultRate} has the learning rate of each. */
  public static List<String> names() {
    return List.copyOf(BY_NAME.keySet());
  }

  /**
   * {@return the learning rate that {@link #parse} gives the optimizer of this name}
   *
   * @param name the name, as in {@link #names}
   * @throws IllegalArgumentException if there is no such optimizer, listing all names
   */
  public static double defaultRate(String name) {
    return entry(name).defaultRate;
  }

  /**
   * {@return the optimizer that {@code spec} describes, with its default learning rate}
   *
   * @param spec a name and optional parameters: {@code adam:beta1=0.9,epsilon=1e-7}
   * @throws IllegalArgumentException for an unknown name or parameter, listing the known ones
   */
  public static Optimizer parse(String spec) {
    NamedNumbers p = NamedNumbers.parse(spec);
    Entry entry = entry(p.name());
    Optimizer optimizer = entry.factory.create(entry.defaultRate, p);
    p.refuseUnknown("none but the rate");
    return optimizer;
  }

  private static Entry entry(String name) {
    Entry entry = BY_NAME.get(name);
    if (entry != null) return entry;
    throw new IllegalArgumentException(
        "no optimizer '" + name + "'; expected one of " + String.join(", ", BY_NAME.keySet()));
  }
}
