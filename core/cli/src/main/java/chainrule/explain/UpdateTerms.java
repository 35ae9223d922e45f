// SPDX-License-Identifier: MIT
package chainrule.explain;

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
import java.util.ArrayList;
import java.util.List;

/** Writes the update of one parameter θ with numbers, for each optimizer. */
final class UpdateTerms {
  private final Optimizer optimizer;
  private final String eta; // η of the step, as a number
  private final long t; // the number of the step, from 1

  UpdateTerms(Optimizer optimizer, double rate, long t) {
    this.optimizer = optimizer;
    this.eta = Numbers.of(rate);
    this.t = t;
  }

  List<String> ids() {
    String id = switch (optimizer.name()) {
      case "sgd" -> "003-sgd";
      case "adadelta-zeiler", "adamw", "nesterov" -> "beyond-" + optimizer.name();
      default -> "003-" + optimizer.name();
    };
    return List.of(id);
  }

  String formula() {
    return switch (optimizer.name()) {
      case "sgd" -> "θ ← θ − η·g";
      case "momentum" -> "v ← γ·v + (1 − γ)·g,  θ ← θ − η·v";
      case "nesterov" -> "v ← γ·v + (1 − γ)·g,  θ ← θ − η·(γ·v + (1 − γ)·g)";
      case "adagrad" -> "v ← v + g²,  θ ← θ − η/(√v + ε)·g";
      case "rmsprop" -> "v ← ρ·v + (1 − ρ)·g²,  θ ← θ − η/(√v + ε)·g";
      case "adadelta" -> "v ← ρ·v + (1 − ρ)·g²,  Δ ← −(√u + ε)/(√v + ε)·g,  u ← ρ·u + (1 − ρ)·Δ²,  θ ← θ + η·Δ";
      case "adadelta-zeiler" -> "v ← ρ·v + (1 − ρ)·g²,  Δ ← −√(u + ε)/√(v + ε)·g,  u ← ρ·u + (1 − ρ)·Δ²,  "
          + "θ ← θ + η·Δ";
      case "adam" -> "m ← β₁·m + (1 − β₁)·g,  v ← β₂·v + (1 − β₂)·g²,  "
          + "θ ← θ − η·m/(1 − β₁^t)/(√(v/(1 − β₂^t)) + ε)";
      case "adamw" -> "m ← β₁·m + (1 − β₁)·g,  v ← β₂·v + (1 − β₂)·g²,  "
          + "θ ← θ − η·(m/(1 − β₁^t)/(√(v/(1 − β₂^t)) + ε) + λ·θ)";
      default -> optimizer.toString();
    };
  }

  /**
   * Writes the update of a parameter: its state, then its value.
   *
   * @param name the parameter: {@code W1[1,2]}
   * @param old θ before
   * @param g the gradient
   * @param before its state before [slots]
   * @param after its state after [slots]
   * @param now θ after
   */
  List<Line> lines(String name, double old, double g, double[] before, double[] after, double now) {
    List<Line> lines = new ArrayList<>();
    String theta = Numbers.of(old), grad = Numbers.factor(g);
    if (optimizer instanceof GradientDescent) {
      lines.add(new Line(name, theta + " − " + eta + "·" + grad, now));
    } else if (optimizer instanceof Momentum o) {
      lines.add(average("v", name, o.gamma(), before[0], grad, after[0]));
      lines.add(new Line(name, theta + " − " + eta + "·" + Numbers.factor(after[0]), now));
    } else if (optimizer instanceof Nesterov o) {
      lines.add(average("v", name, o.gamma(), before[0], grad, after[0]));
      lines.add(new Line(name, theta + " − " + eta + "·(" + mean(o.gamma(), after[0], grad) + ")", now));
    } else if (optimizer instanceof AdaGrad o) {
      lines.add(new Line("v of " + name, Numbers.of(before[0]) + " + " + grad + "²", after[0]));
      lines.add(scaled(name, theta, o.epsilon(), after[0], grad, now));
    } else if (optimizer instanceof RmsProp o) {
      lines.add(average("v", name, o.rho(), before[0], grad + "²", after[0]));
      lines.add(scaled(name, theta, o.epsilon(), after[0], grad, now));
    } else if (optimizer instanceof AdaDelta o) {
      double delta = -(Math.sqrt(before[1]) + o.epsilon()) / (Math.sqrt(after[0]) + o.epsilon()) * g;
      String e = " + " + Numbers.of(o.epsilon()) + ")";
      addDelta(lines, name, o.rho(), before, after, grad,
          "−(√" + Numbers.of(before[1]) + e + "/(√" + Numbers.of(after[0]) + e + "·" + grad, delta);
      lines.add(new Line(name, theta + " + " + eta + "·" + Numbers.factor(delta), now));
    } else if (optimizer instanceof AdaDeltaZeiler o) {
      double delta = -Math.sqrt(before[1] + o.epsilon()) / Math.sqrt(after[0] + o.epsilon()) * g;
      String e = " + " + Numbers.of(o.epsilon()) + ")";
      addDelta(lines, name, o.rho(), before, after, grad,
          "−√(" + Numbers.of(before[1]) + e + "/√(" + Numbers.of(after[0]) + e + "·" + grad, delta);
      lines.add(new Line(name, theta + " + " + eta + "·" + Numbers.factor(delta), now));
    } else if (optimizer instanceof Adam o) {
      addMoments(lines, name, o.beta1(), o.beta2(), before, after, grad);
      lines.add(new Line(name, theta + " − " + eta + "·" + step(o.beta1(), o.beta2(), o.epsilon(), after), now));
    } else if (optimizer instanceof AdamW o) {
      addMoments(lines, name, o.beta1(), o.beta2(), before, after, grad);
      lines.add(new Line(name, theta + " − " + eta + "·(" + step(o.beta1(), o.beta2(), o.epsilon(), after) + " + "
          + Numbers.of(o.decay()) + "·" + Numbers.factor(old) + ")", now));
    } else {
      lines.add(Line.of(name, now));
    }
    return lines;
  }

  private static Line average(String state, String name, double keep, double before, String x, double after) {
    return new Line(state + " of " + name, mean(keep, before, x), after);
  }

  private static String mean(double keep, double before, String x) {
    return Numbers.of(keep) + "·" + Numbers.factor(before) + " + (1 − " + Numbers.of(keep) + ")·" + x;
  }

  private Line scaled(String name, String theta, double epsilon, double v, String grad, double now) {
    return new Line(name, theta + " − " + eta + "/(√" + Numbers.of(v) + " + " + Numbers.of(epsilon) + ")·" + grad, now);
  }

  private static void addDelta(List<Line> lines, String name, double rho, double[] before, double[] after, String grad,
      String text, double delta) {
    lines.add(average("v", name, rho, before[0], grad + "²", after[0]));
    lines.add(new Line("Δ of " + name, text, delta));
    lines.add(average("u", name, rho, before[1], Numbers.factor(delta) + "²", after[1]));
  }

  private static void addMoments(List<Line> lines, String name, double beta1, double beta2, double[] before,
      double[] after, String grad) {
    lines.add(average("m", name, beta1, before[0], grad, after[0]));
    lines.add(average("v", name, beta2, before[1], grad + "²", after[1]));
  }

  private String step(double beta1, double beta2, double epsilon, double[] after) {
    return Numbers.factor(after[0]) + "/(1 − " + Numbers.of(beta1) + "^" + t + ")/(√(" + Numbers.of(after[1]) + "/(1 − "
        + Numbers.of(beta2) + "^" + t + ")) + " + Numbers.of(epsilon) + ")";
  }
}
