// SPDX-License-Identifier: MIT
package chainrule.explain;

import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Elu;
import chainrule.nn.activation.LeakyRelu;
import java.util.List;
import java.util.Map;

/** Writes an activation and its derivative with numbers. */
final class ActivationTerms {
  /** The ids of the value and of the derivative, by the name without a parameter. */
  private static final Map<String, List<String>> IDS = Map.of(
      "linear", List.of("003-linear", "003-linear-d"), "relu", List.of("003-relu", "003-relu-d"),
      "sigmoid", List.of("003-sigmoid", "003-sigmoid-d"), "softmax", List.of("003-softmax", "003-softmax-d"),
      "tanh", List.of("001-tanh", "001-tanh-d"), "leaky-relu", List.of("001-leaky-relu", "001-leaky-relu-d"),
      "elu", List.of("beyond-elu", "beyond-elu"), "gelu", List.of("beyond-gelu", "beyond-gelu"),
      "silu", List.of("beyond-silu", "beyond-silu"), "softplus", List.of("beyond-softplus", "beyond-softplus"));

  private final Activation activation;
  private final String name;
  private final double parameter; // the slope of leaky ReLU, the α of ELU

  ActivationTerms(Activation activation) {
    this.activation = activation;
    this.name = activation.name().split(":", 2)[0];
    this.parameter = activation instanceof LeakyRelu r ? r.epsilon() : activation instanceof Elu e ? e.alpha() : 0;
  }

  boolean isSoftmax() {
    return name.equals("softmax");
  }

  boolean isLinear() {
    return name.equals("linear");
  }

  List<String> ids() {
    return IDS.containsKey(name) ? IDS.get(name).subList(0, 1) : List.of();
  }

  List<String> derivativeIds() {
    return IDS.containsKey(name) ? IDS.get(name).subList(1, 2) : List.of();
  }

  /** The formula of a, in terms of an array z: {@code σ(z1[j]), σ(z) = 1/(1 + e^−z)}. */
  String formula(String z) {
    String p = Numbers.of(parameter), at = z + "[j]";
    return switch (name) {
      case "linear" -> at;
      case "relu" -> "max(0, " + at + ")";
      case "sigmoid" -> "σ(" + at + "), σ(z) = 1/(1 + e^−z)";
      case "tanh" -> "tanh(" + at + ")";
      case "softmax" -> "e^" + at + "/Σ_k e^" + z + "[k]";
      case "leaky-relu" -> at + " if > 0, else " + p + "·" + at;
      case "elu" -> at + " if > 0, else " + p + "·(e^" + at + " − 1)";
      case "gelu" -> at + "·Φ(" + at + "), Φ the normal distribution function";
      case "silu" -> at + "·σ(" + at + ")";
      case "softplus" -> "ln(1 + e^" + at + ")";
      default -> activation.name() + "(" + at + ")";
    };
  }

  /** The formula of φ′. */
  String slopeFormula(String z, String a) {
    String p = Numbers.of(parameter), at = z + "[j]";
    return switch (name) {
      case "linear" -> "1";
      case "relu" -> "1 if " + at + " > 0, else 0";
      case "sigmoid" -> a + "[j]·(1 − " + a + "[j])";
      case "tanh" -> "1 − " + a + "[j]²";
      case "leaky-relu" -> "1 if " + at + " > 0, else " + p;
      case "elu" -> "1 if " + at + " > 0, else " + p + "·e^" + at;
      case "gelu" -> "Φ(" + at + ") + " + at + "·φ(" + at + "), φ the normal density";
      case "silu" -> "σ(" + at + ")·(1 + " + at + "·(1 − σ(" + at + ")))";
      case "softplus" -> "σ(" + at + ")";
      default -> activation.name() + "′(" + at + ")";
    };
  }

  /** Writes φ(z) of an element-wise activation. */
  String value(double v) {
    String z = Numbers.of(v), factor = Numbers.factor(v);
    return switch (name) {
      case "linear" -> "";
      case "relu" -> "max(0, " + z + ")";
      case "sigmoid" -> "σ(" + z + ")";
      case "tanh" -> "tanh(" + z + ")";
      case "leaky-relu" -> v > 0 ? "" : Numbers.of(parameter) + "·" + factor;
      case "elu" -> v > 0 ? "" : Numbers.of(parameter) + "·(e^" + factor + " − 1)";
      case "gelu" -> factor + "·Φ(" + z + ")";
      case "silu" -> factor + "·σ(" + z + ")";
      case "softplus" -> "ln(1 + e^" + factor + ")";
      default -> "";
    };
  }

  /** Writes φ′(z) of an element-wise activation, given a = φ(z). */
  String slope(double z, double a) {
    String at = Numbers.of(z), factor = Numbers.factor(z);
    return switch (name) {
      case "sigmoid" -> Numbers.of(a) + "·(1 − " + Numbers.of(a) + ")";
      case "tanh" -> "1 − " + Numbers.factor(a) + "²";
      case "elu" -> z > 0 ? "" : Numbers.of(parameter) + "·e^" + factor;
      case "gelu" -> "Φ(" + at + ") + " + factor + "·φ(" + at + ")";
      case "silu" -> "σ(" + at + ")·(1 + " + factor + "·(1 − σ(" + at + ")))";
      case "softplus" -> "σ(" + at + ")";
      default -> "";
    };
  }
}
