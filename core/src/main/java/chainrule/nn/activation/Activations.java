// SPDX-License-Identifier: MIT
package chainrule.nn.activation;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.DoubleFunction;

/**
 * Activations by name, as in model files and on the command line. A parameter follows a colon: {@code leaky-relu:0.2}.
 *
 * <p>To save and read models with an activation of your own, register it once, before the first model is built or read:
 * <pre>{@code
 * record Cube() implements Elementwise { … }             // a record, for its equals
 * Activations.register(new Cube());
 *
 * record Power(double p) implements Elementwise { … }    // its name() is "power:" + p
 * Activations.register("power", Power::new);
 * }</pre>
 * All methods are safe for use by many threads.
 */
public final class Activations {
  private Activations() {}

  private static final Map<String, Activation> BUILT_IN = new LinkedHashMap<>();
  private static final Map<String, Activation> REGISTERED = new ConcurrentSkipListMap<>();
  private static final Map<String, DoubleFunction<? extends Activation>> FACTORIES = new ConcurrentSkipListMap<>();

  static {
    for (Activation a : new Activation[] {new Linear(), new Relu(), new LeakyRelu(), new Sigmoid(), new Tanh(),
        new Softmax(), new Step(), new Elu(), new Gelu(), new Silu(), new Softplus()}) {
      BUILT_IN.put(a.name(), a);
    }
    FACTORIES.put("leaky-relu", LeakyRelu::new);
    FACTORIES.put("elu", Elu::new);
  }

  /**
   * Registers an activation under its name, for all models that this JVM reads and writes. Registering an equal one
   * again has no effect.
   *
   * @param activation the activation, with an {@code equals}, as a record has
   * @throws IllegalArgumentException if the name is built in, belongs to a different registered activation, or is not
   *     made of letters, digits, '-' and '_'
   */
  public static void register(Activation activation) {
    String name = requireFree(activation.name());
    Activation before = REGISTERED.putIfAbsent(name, activation);
    if (before != null && !before.equals(activation)) throw taken(name);
  }

  /**
   * Registers a family of activations with one parameter, for all models that this JVM reads and writes.
   *
   * @param name the name of the family, before the colon
   * @param factory creates the activation of a parameter v, which must have the name {@code name + ":" + v}
   * @throws IllegalArgumentException if the name is built in, already has a factory, or is not made of letters, digits,
   *     '-' and '_'
   */
  public static void register(String name, DoubleFunction<? extends Activation> factory) {
    Objects.requireNonNull(factory, "factory");
    DoubleFunction<? extends Activation> before = FACTORIES.putIfAbsent(requireFree(name), factory);
    if (before != null && before != factory) throw taken(name);
  }

  private static String requireFree(String name) {
    if (!name.matches("[\\p{L}\\p{N}_-]+")) {
      throw new IllegalArgumentException(
          "activation name: expected letters, digits, '-' and '_', found '" + name + "'");
    }
    if (BUILT_IN.containsKey(name)) {
      throw new IllegalArgumentException("the activation '" + name + "' is built in; choose another name");
    }
    return name;
  }

  private static IllegalArgumentException taken(String name) {
    return new IllegalArgumentException("another activation is registered as '" + name + "'; choose another name");
  }

  /**
   * {@return the built-in or registered activation that {@code spec} describes}
   *
   * @param spec a name, and a parameter after a colon if the activation has one: {@code relu}, {@code leaky-relu:0.2}
   * @throws IllegalArgumentException for an unknown name, listing the known ones, or a bad parameter
   */
  public static Activation parse(String spec) {
    int colon = spec.indexOf(':');
    String name = colon < 0 ? spec : spec.substring(0, colon);
    Activation plain = BUILT_IN.getOrDefault(name, REGISTERED.get(name));
    DoubleFunction<? extends Activation> factory = FACTORIES.get(name);
    if (plain == null && factory == null) {
      Set<String> known = new LinkedHashSet<>(BUILT_IN.keySet());
      known.addAll(REGISTERED.keySet());
      known.addAll(FACTORIES.keySet());
      throw new IllegalArgumentException("no activation '" + name + "'; expected one of " + String.join(", ", known));
    }
    if (colon < 0) {
      if (plain != null) return plain;
      throw new IllegalArgumentException(name + ": expected a parameter, as in " + name + ":1");
    }
    String parameter = spec.substring(colon + 1);
    if (factory == null) throw new IllegalArgumentException(name + " has no parameter, found '" + parameter + "'");
    double value;
    try {
      value = Double.parseDouble(parameter);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + ": expected a number, found '" + parameter + "'");
    }
    return factory.apply(value);
  }

  /**
   * {@return whether {@link #parse} knows the name before the colon of {@code spec}}
   *
   * @param spec a name, with or without a parameter after a colon
   */
  public static boolean isKnown(String spec) {
    String name = spec.split(":", 2)[0];
    return BUILT_IN.containsKey(name) || REGISTERED.containsKey(name) || FACTORIES.containsKey(name);
  }

  /** {@return the names of the built-in activations, in the order of the source documents} */
  public static List<String> names() {
    return List.copyOf(BUILT_IN.keySet());
  }
}
