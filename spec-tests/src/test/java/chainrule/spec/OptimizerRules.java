// SPDX-License-Identifier: MIT
package chainrule.spec;

import chainrule.nn.optimizer.AdaDelta;
import chainrule.nn.optimizer.AdaDeltaZeiler;
import chainrule.nn.optimizer.AdaGrad;
import chainrule.nn.optimizer.Adam;
import chainrule.nn.optimizer.AdamW;
import chainrule.nn.optimizer.GradientDescent;
import chainrule.nn.optimizer.Momentum;
import chainrule.nn.optimizer.Nesterov;
import chainrule.nn.optimizer.Optimizer;
import chainrule.nn.optimizer.RmsProp;
import chainrule.spec.witness.Recurrence;
import java.util.List;
import java.util.function.Function;

/** Every optimizer with the recurrence it must follow, for any hyperparameters. */
final class OptimizerRules {
  private OptimizerRules() {}

  /** Hyperparameters; each rule uses its own. {@code decay} is γ, ρ or β₁; {@code decay2} is β₂; λ is AdamW's. */
  record Hyper(double rate, double decay, double decay2, double epsilon, double lambda) {}

  /**
   * An optimizer and its recurrence.
   *
   * @param id the formula that it implements
   * @param slots its memory, one letter per slot: m may have either sign, v and u are means of squares
   */
  record Rule(String id, Function<Hyper, Optimizer> subject, Function<Hyper, Recurrence> page, String slots) {
    @Override public String toString() {
      return id;
    }
  }

  static final Rule SGD =
      new Rule("003-sgd", h -> new GradientDescent(h.rate), h -> Recurrence.gradientDescent(), "");
  static final Rule MOMENTUM =
      new Rule("003-momentum", h -> new Momentum(h.rate, h.decay), h -> Recurrence.momentum(h.decay), "m");
  static final Rule NESTEROV =
      new Rule("beyond-nesterov", h -> new Nesterov(h.rate, h.decay), h -> Recurrence.nesterov(h.decay), "m");
  static final Rule ADAGRAD =
      new Rule("003-adagrad", h -> new AdaGrad(h.rate, h.epsilon), h -> Recurrence.adaGrad(h.epsilon), "v");
  static final Rule RMSPROP = new Rule(
      "003-rmsprop", h -> new RmsProp(h.rate, h.decay, h.epsilon), h -> Recurrence.rmsProp(h.decay, h.epsilon), "v");
  static final Rule ADADELTA = new Rule(
      "003-adadelta", h -> new AdaDelta(h.rate, h.decay, h.epsilon), h -> Recurrence.adaDelta(h.decay, h.epsilon),
      "vu");
  static final Rule ADADELTA_ZEILER = new Rule(
      "beyond-adadelta-zeiler", h -> new AdaDeltaZeiler(h.rate, h.decay, h.epsilon),
      h -> Recurrence.adaDeltaZeiler(h.decay, h.epsilon), "vu");
  static final Rule ADAM = new Rule(
      "003-adam", h -> new Adam(h.rate, h.decay, h.decay2, h.epsilon),
      h -> Recurrence.adam(h.decay, h.decay2, h.epsilon), "mv");
  static final Rule ADAMW = new Rule(
      "beyond-adamw", h -> new AdamW(h.rate, h.decay, h.decay2, h.epsilon, h.lambda),
      h -> Recurrence.adamW(h.decay, h.decay2, h.epsilon, h.lambda), "mv");

  static final List<Rule> ALL =
      List.of(SGD, MOMENTUM, NESTEROV, ADAGRAD, RMSPROP, ADADELTA, ADADELTA_ZEILER, ADAM, ADAMW);

  /** The usual hyperparameters of a rule, with this rate. */
  static Hyper usual(Rule rule, double rate) {
    double epsilon = rule == ADADELTA ? 1e-3 : rule == ADADELTA_ZEILER ? 1e-6 : 1e-8;
    double decay = rule == ADADELTA || rule == ADADELTA_ZEILER ? 0.95 : 0.9;
    return new Hyper(rate, decay, 0.999, epsilon, 0.01);
  }

  /**
   * The initial distance from the minimum of a quadratic. At the {@link #trajectoryRate}, 1,000 steps must not bring a
   * rule with a short memory of squares close to the minimum. There, the gradient a·(θ − c) has a relative error of
   * 2⁻⁵³·|θ|/|θ − c| in both arithmetics, and so has a mean of few squares.
   */
  static double initialDistance(Rule rule) {
    return rule == ADADELTA || rule == ADADELTA_ZEILER ? 30 : 3;
  }

  static double trajectoryRate(Rule rule) {
    return switch (rule.id()) {
      case "003-sgd", "003-momentum", "beyond-nesterov" -> 0.1;
      case "003-adagrad" -> 0.02;
      case "003-adadelta", "beyond-adadelta-zeiler" -> 1;
      default -> 0.001;
    };
  }

  /** This optimizer's initial memory for n parameters: zeros. */
  static double[][] memory(Optimizer o, int n) {
    return new double[o.slots()][n];
  }
}
