// SPDX-License-Identifier: MIT
package chainrule.explain;

import chainrule.kernels.Elementary;
import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.activation.Activations;
import chainrule.nn.activation.Elementwise;
import chainrule.nn.activation.Linear;
import chainrule.nn.loss.ElementwiseLoss;
import chainrule.nn.loss.Losses;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/**
 * The formulas that are functions of one variable, by id: activations, elements of losses as functions of ŷ, penalties
 * of one parameter, and elementary functions. Their expressions are written here again, independent of the classes.
 */
public final class ScalarFormulas {
  private static final double TARGET = 1, LAMBDA = 0.01;

  private final Map<String, ScalarFormula> byId = new LinkedHashMap<>();

  private ScalarFormulas() {
    activation("linear", "z", "000-1.1", "000-1.1-d", "002-linear", "003-linear", "003-linear-d");
    activation("relu", "max(0, z)", "000-1.2", "000-1.2-d", "001-relu", "001-relu-d", "002-relu", "003-relu",
        "003-relu-d");
    activation("sigmoid", "1/(1 + e^−z)", "000-1.3", "000-1.3-d", "001-sigmoid", "001-sigmoid-d", "002-sigmoid",
        "003-sigmoid", "003-sigmoid-d", "004-sigmoid-d", "beyond-sigmoid-kernel");
    activation("tanh", "(e^z − e^−z)/(e^z + e^−z)", "001-tanh", "001-tanh-d", "002-tanh-sigmoid", "beyond-tanh-kernel");
    activation("leaky-relu", "max(0.01·z, z)", "001-leaky-relu", "001-leaky-relu-d", "002-leaky-relu");
    activation("elu", "if(z, z, e^z − 1)", "beyond-elu");
    activation("gelu", "z·Φ(z)", "beyond-gelu");
    activation("silu", "z/(1 + e^−z)", "beyond-silu", "beyond-silu-kernel");
    activation("softplus", "ln(1 + e^z)", "beyond-softplus", "beyond-softplus-kernel");
    loss("half-sse", "½·(y − ŷ)²", "000-2.1", "000-2.1-d", "002-half-sse");
    loss("half-mse", "½·(y − ŷ)²", "004-mse", "004-mse-d");
    loss("sse", "(y − ŷ)²", "001-sse", "001-sse-d");
    loss("mse", "(ŷ − y)²", "001-mse", "001-mse-d", "002-mse", "003-mse", "003-mse-d");
    loss("mae", "|ŷ − y|", "003-mae", "003-mae-d");
    loss("huber", "if(1 − |ŷ − y|, ½·(ŷ − y)², |ŷ − y| − ½)", "beyond-huber");
    loss("bce", "−(y·ln(ŷ) + (1 − y)·ln(1 − ŷ))", "000-2.2", "000-2.2-d", "001-bce", "001-bce-d", "002-bce", "003-bce",
        "003-bce-d");
    loss("cce", "−y·ln(ŷ)", "001-cce", "003-cce", "003-cce-one-hot", "003-cce-d");
    loss("cce-offset", "−y·ln(ŷ + 1e-100)", "000-2.3", "000-2.3-d");
    elementary("beyond-exp", "e^x", Elementary::exp);
    elementary("beyond-log", "ln(x)", Elementary::log);
    elementary("beyond-expm1", "e^x − 1", Elementary::expm1);
    elementary("beyond-normal-cdf", "Φ(x)", Elementary::normalCdf);
    elementary("beyond-normal-density", "φ(x)", Elementary::normalDensity);
    penalty(Regularization.l1(LAMBDA), "λ·|θ|", "003-l1", "003-l1-term-d");
    penalty(Regularization.l2(LAMBDA), "λ·θ²", "003-l2", "003-l2-term-d");
    printed("000-2.2", "−(y·ln(ŷ) + (1 − y)·ln(1) − ŷ)");
    printed("003-mae-d", "sign(y − ŷ)");
    printed("003-mse-d", "−2·(ŷ − y)");
    printed("004-mse-d", "2·(ŷ − y)");
    printed("003-l1-term-d", "sign(θ)");
    printed("003-l2-term-d", "sign(θ)");
  }

  /**
   * {@return the function with this id; empty if the formula is not a function of one variable}
   *
   * @param id the id of a formula, as in the ledger
   */
  public static Optional<ScalarFormula> byId(String id) {
    return Optional.ofNullable(new ScalarFormulas().byId.get(id));
  }

  /** Returns all functions, by id. */
  static Map<String, ScalarFormula> all() {
    return new ScalarFormulas().byId;
  }

  private void add(ScalarFormula f, String... ids) {
    for (String id : ids) byId.put(id, f);
  }

  private void activation(String name, String formula, String... ids) {
    Elementwise f = (Elementwise) Activations.parse(name);
    add(new ScalarFormula("z", "", formula, Map.of(), z -> f.value(z), z -> f.derivative(z, f.value(z)), ""), ids);
  }

  private void loss(String name, String formula, String... ids) {
    ElementwiseLoss f = (ElementwiseLoss) Losses.named(name).orElseThrow();
    add(new ScalarFormula("ŷ", "y = 1, one element of one row", formula, Map.of("y", TARGET),
        p -> f.value(p, TARGET), p -> f.derivative(p, TARGET), ""), ids);
  }

  private void elementary(String id, String formula, DoubleUnaryOperator f) {
    add(new ScalarFormula("x", "", formula, Map.of(), f, null, ""), id);
  }

  private void penalty(Regularization penalty, String formula, String... ids) {
    add(new ScalarFormula("θ", "λ = 0.01, one parameter", formula, Map.of("λ", LAMBDA),
        theta -> penalty.penalty(oneWeight(theta)), theta -> {
          double[] g = new double[2]; // weight, bias
          penalty.addGradient(oneWeight(theta), g);
          return g[0];
        }, ""), ids);
  }

  private static Network oneWeight(double theta) {
    Network net = Network.input(1).dense(1, new Linear()).build(0);
    net.setWeights(0, new double[][] {{theta}});
    return net;
  }

  private void printed(String id, String expression) {
    ScalarFormula f = byId.get(id);
    byId.put(id, new ScalarFormula(f.variable(), f.constants(), f.formula(), f.values(), f.value(), f.derivative(),
        expression));
  }
}
