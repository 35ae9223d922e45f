// SPDX-License-Identifier: MIT
package chainrule.spec.example;

import static java.lang.Math.sqrt;

import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.TrainingStep;
import chainrule.nn.activation.Linear;
import chainrule.nn.loss.HalfSquaredError;
import chainrule.nn.loss.Reduction;
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
import chainrule.train.ConstantRate;
import chainrule.train.CosineDecay;
import chainrule.train.StepDecay;
import chainrule.train.WarmUp;

/** Worked examples of updates: gradient descent, optimizers, schedules and clipping. */
final class UpdateExamples {
  private UpdateExamples() {}

  /** Returns θ after one step from θ, with a state of 0. */
  private static double[] update(Optimizer optimizer, double[] theta, double[] g) {
    double[] updated = theta.clone();
    optimizer.update(1, optimizer.rate(), g.length, updated, g, new double[optimizer.slots()][g.length]);
    return updated;
  }

  static double update(Optimizer optimizer, double theta, double g) {
    return update(optimizer, new double[] {theta}, new double[] {g})[0];
  }

  private static double[] a(double... values) {
    return values;
  }

  static void add(Examples e) {
    descent(e);
    optimizers(e);
    schedules(e);
  }

  private static void descent(Examples e) {
    double[] w = {1, 2}, g = {0.5, -1};
    Optimizer one = new GradientDescent(1), tenth = new GradientDescent(0.1);
    e.of("000-3.3").in("w", w).in("Δw", g).is("new w", update(one, w, g), a(1 - 0.5, 2 + 1));
    e.of("000-3.4").in("b", 1).in("Δb", 0.5).is("new b", update(one, 1, 0.5), 1 - 0.5);
    e.of("001-gd").in("η", 0.1).in("w", w).in("∂L/∂w", g).is("new w", update(tenth, w, g), a(1 - 0.05, 2 + 0.1));
    e.of("002-gd").in("η", 0.1).in("w", w).in("∇L", g).is("new w", update(tenth, w, g), a(1 - 0.05, 2 + 0.1))
        .in("∇L", a(0, 0)).is("new w", update(tenth, w, a(0, 0)), w);
    e.of("002-gd-unit-rate").in("ω", w).in("∇l", g).is("new ω", update(one, w, g), a(1 - 0.5, 2 + 1));
    e.of("003-sgd").in("η", 0.1).in("θ", w).in("∇L", g).is("new θ", update(tenth, w, g), a(1 - 0.05, 2 + 0.1));
    double bottom = update(new GradientDescent(0.5), 3, 2 * 3);
    e.of("002-minimum").in("x", 3).in("dy/dx", 6).in("η", 0.5).is("new x", bottom, 0)
        .is("y", bottom * bottom - 10, -10);

    // one linear neuron, ŷ = w·x + b with w = 2, b = 1; rows x = 1, 3 with y = 4, 5: errors −1, 2
    double[] x = {1, 3}, y = {4, 5};
    double[] all = neuron(x, y), first = neuron(a(1), a(4));
    for (String id : new String[] {"002-gd-batch", "002-gd-minibatch"}) {
      e.of(id).in("η", 0.1).in("w", 2).in("∇l_i", a(-1 * 1, 2 * 3)).in("N", 2)
          .is("new w", all[0], 2 - 0.1 / 2 * (-1 + 6));
    }
    e.of("002-sgd").in("η", 0.1).in("w", 2).in("∇l_i", -1).is("new w", first[0], 2 + 0.1);
    e.of("004-sgd-w").in("ξ", 0.1).in("m", 2).in("w", 2).in("∂C/∂w", a(-1, 6))
        .is("new w", all[0], 2 - 0.1 / 2 * (-1 + 6));
    e.of("004-sgd-b").in("ξ", 0.1).in("m", 2).in("w", 2).in("b", 1).in("∂C/∂b", a(-1, 2))
        .is("new b", all[1], 1 - 0.1 / 2 * (-1 + 2)).printed(2 - 0.1 / 2 * (-1 + 2));
  }

  /** Returns w and b after a step at the rate 0.1, from w = 2, b = 1, with the mean of ½(y − ŷ)². */
  private static double[] neuron(double[] x, double[] y) {
    Network net = linear(new double[][] {{2}}, 1);
    new TrainingStep(net, new HalfSquaredError(Reduction.MEAN), Regularization.NONE, new GradientDescent(0.1), x.length)
        .run(x.length, x, 0, y, 0);
    return net.parameters().clone();
  }

  private static Network linear(double[][] w, double b) {
    Network net = Network.input(w.length).dense(1, new Linear()).build(1);
    net.setWeights(0, w);
    net.setBias(0, a(b));
    return net;
  }

  private static void optimizers(Examples e) {
    double theta = 1, g = 0.5, rate = 0.1;
    e.of("003-momentum").in("η", rate).in("γ", 0.9).in("v", 0).in("∇L", g).in("θ", theta)
        .is("new θ", update(new Momentum(rate, 0.9), theta, g), 1 - 0.1 * (1 - 0.9) * 0.5);
    e.of("beyond-nesterov").in("η", rate).in("γ", 0.9).in("v", 0).in("g", g).in("θ", theta)
        .is("new θ", update(new Nesterov(rate, 0.9), theta, g), 1 - 0.1 * (0.9 * (0.1 * 0.5) + 0.1 * 0.5));
    e.of("003-adagrad").in("η", rate).in("ε", 1e-8).in("v", 0).in("∇L", g).in("θ", theta)
        .is("new θ", update(new AdaGrad(rate), theta, g), 1 - 0.1 / (sqrt(0.25) + 1e-8) * 0.5);
    e.of("003-epsilon").in("η", 1).in("v", 0).in("∇L", 6).in("ε", 1e-8)
        .is("Δθ", update(new AdaGrad(1), 0, 6), -6 / (6 + 1e-8)).printed("with ε = 10⁸, Δθ", -6 / (6 + 1e8));
    double v = 0.1 * 0.25;
    e.of("003-rmsprop").in("η", rate).in("ρ", 0.9).in("ε", 1e-8).in("v", 0).in("∇L", g).in("θ", theta)
        .is("new θ", update(new RmsProp(rate, 0.9, 1e-8), theta, g), 1 - 0.1 / (sqrt(v) + 1e-8) * 0.5);
    double v5 = 0.05 * 0.25;
    e.of("003-adadelta").in("ρ", 0.95).in("ε", 1e-3).in("u = v", 0).in("∇L", g).in("θ", theta)
        .is("new θ", update(new AdaDelta(), theta, g), 1 - 1e-3 / (sqrt(v5) + 1e-3) * 0.5);
    e.of("beyond-adadelta-zeiler").in("ρ", 0.95).in("ε", 1e-6).in("u = v", 0).in("g", g).in("θ", theta)
        .is("new θ", update(new AdaDeltaZeiler(), theta, g), 1 - sqrt(1e-6) / sqrt(v5 + 1e-6) * 0.5);
    double mHat = 0.1 * 0.5 / (1 - 0.9), vHat = 0.001 * 0.25 / (1 - 0.999);
    e.of("003-adam").in("η", 0.001).in("β₁", 0.9).in("β₂", 0.999).in("ε", 1e-8).in("m = v", 0).in("∇L", g)
        .in("θ", theta).is("new θ", update(new Adam(), theta, g), 1 - 0.001 * mHat / (sqrt(vHat) + 1e-8))
        .printed("with t = 0, new θ", 1 - 0.001 * (0.05 / (1 - 1)) / (sqrt(0.00025 / (1.0 - 1)) + 1e-8));
    e.of("beyond-adamw").in("η", 0.001).in("β₁", 0.9).in("β₂", 0.999).in("ε", 1e-8).in("λ", 0.01).in("m = v", 0)
        .in("g", g).in("θ", theta)
        .is("new θ", update(new AdamW(), theta, g), 1 - 0.001 * (mHat / (sqrt(vHat) + 1e-8) + 0.01 * 1));
  }

  private static void schedules(Examples e) {
    e.of("beyond-step-decay").in("η", 0.1).in("b", 0.5).in("k", 2).in("S", 10).in("t", 41)
        .is("η_t", 0.1 * new StepDecay(2, 0.5).factor(41, 10, 9), 0.1 * 0.5 * 0.5);
    e.of("beyond-cosine-decay").in("η", 0.1).in("f", 0).in("E", 4).in("S", 10).in("t", 11)
        .is("η_t", 0.1 * new CosineDecay(0).factor(11, 10, 4), 0.1 * 0.5 * (1 + Math.cos(Math.PI * 10 / 40)));
    e.of("beyond-warm-up").in("η", 0.1).in("w", 2).in("S", 10).in("t", 5)
        .is("η_t", 0.1 * new WarmUp(2, new ConstantRate()).factor(5, 10, 9), 0.1 * 5 / (2 * 10));
    Network net = linear(new double[][] {{0}, {0}}, 0);
    new TrainingStep(net, new HalfSquaredError(Reduction.SUM), Regularization.NONE, new GradientDescent(1), 1.5, 1)
        .run(1, a(2, 2), 0, a(-1), 0);
    double[] theta = net.parameters(), clipped = {-theta[0], -theta[1], -theta[2]};
    e.of("beyond-clipping").in("c", 1.5).in("g", a(2, 2, 1)).in("‖g‖", sqrt(2 * 2 + 2 * 2 + 1))
        .is("new g", clipped, a(2 * 1.5 / 3, 2 * 1.5 / 3, 1.5 / 3));
  }
}
