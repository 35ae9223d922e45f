// SPDX-License-Identifier: MIT
package chainrule.spec.example;

import chainrule.nn.Dropout;
import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.StepValues;
import chainrule.nn.TrainingStep;
import chainrule.nn.activation.Linear;
import chainrule.nn.loss.HalfSquaredError;
import chainrule.nn.loss.Reduction;
import chainrule.nn.optimizer.GradientDescent;

/** Worked examples of penalties and dropout. */
final class RegularizationExamples {
  private RegularizationExamples() {}

  private static double[] a(double... values) {
    return values;
  }

  static void add(Examples e) {
    penalties(e);
    dropout(e);
  }

  private static void penalties(Examples e) {
    Network net = Network.input(3).dense(1, new Linear()).build(1);
    double[] theta = {1, -2, 0}, g = {0.5, 0.5, 0.5};
    System.arraycopy(theta, 0, net.parameters(), 0, 3);
    Regularization l1 = Regularization.l1(0.1), l2 = Regularization.l2(0.1);
    double[] signs = {1, -1, 0};
    e.of("003-l1").in("λ", 0.1).in("θ", theta).is("L_1θ", l1.penalty(net), 0.1 * (1 + 2));
    e.of("003-l1-term-d").in("λ", 0.1).in("θ", theta)
        .is("∂L_1θ/∂θ", gradient(l1, net, a(0, 0, 0)), a(0.1, -0.1, 0)).printed(signs);
    e.of("003-l1-d").in("λ", 0.1).in("θ", theta).in("∇θ", g)
        .is("∂(L + L_1θ)/∂θ", gradient(l1, net, g), a(0.5 + 0.1, 0.5 - 0.1, 0.5));
    e.of("003-l2").in("λ", 0.1).in("θ", theta).is("L_2θ", l2.penalty(net), 0.1 * (1 + 4));
    e.of("003-l2-term-d").in("λ", 0.1).in("θ", theta)
        .is("∂L_2θ/∂θ", gradient(l2, net, a(0, 0, 0)), a(2 * 0.1 * 1, 2 * 0.1 * -2, 0)).printed(signs);
    e.of("003-l2-d").in("λ", 0.1).in("θ", theta).in("∇θ", g)
        .is("∂(L + L_2θ)/∂θ", gradient(l2, net, g), a(0.5 + 0.2, 0.5 - 0.4, 0.5));
  }

  private static double[] gradient(Regularization penalty, Network net, double[] loss) {
    double[] g = new double[net.parameters().length];
    System.arraycopy(loss, 0, g, 0, 3);
    penalty.addGradient(net, g);
    return a(g[0], g[1], g[2]);
  }

  private static void dropout(Examples e) {
    int masks = 10_000;
    Dropout half = new Dropout(4, 0.5, 0), fifth = new Dropout(1, 0.2, 0);
    int two = 0, kept = 0;
    for (int row = 0; row < masks; row++) {
      int units = 0;
      for (int unit = 0; unit < 4; unit++) if (half.keeps(1, 0, row, unit)) units++;
      if (units == 2) two++;
      if (fifth.keeps(1, 0, row, 0)) kept++;
    }
    // the standard deviation of a share of 10,000 is at most 0.005; the seed is fixed
    e.of("003-binomial").in("n", 4).in("p", 0.5).in("k", 2).in("P(k)", 6 * 0.5 * 0.5 * 0.5 * 0.5)
        .is("share of 10,000 masks of 4 units that keep 2", two / (double) masks, 0.375, 0.04);
    e.of("003-bernoulli").in("p", 0.8).in("k", 1).in("B(1, p)", Math.pow(0.8, 1) * Math.pow(0.2, 0))
        .is("share of 10,000 masks that keep a unit", kept / (double) masks, 0.8, 0.02);

    double p = 0.2;
    double[] x = {1, 2, 3, 4}, mask = new double[4], scaled = new double[4], back = new double[4];
    Network net = Network.input(4).dropout(p).dense(1, new Linear()).build(1);
    net.setWeights(1, new double[][] {{1}, {1}, {1}, {1}});
    Dropout layer = (Dropout) net.layers().get(0);
    for (int unit = 0; unit < 4; unit++) mask[unit] = layer.keeps(6, 0, 0, unit) ? 1 : 0;
    for (int unit = 0; unit < 4; unit++) scaled[unit] = x[unit] * mask[unit] / (1 - p);
    double sum = scaled[0] + scaled[1] + scaled[2] + scaled[3];
    StepValues v = new TrainingStep(net, new HalfSquaredError(Reduction.SUM), Regularization.NONE,
        new GradientDescent(1), 1).seed(6).record(1, x, 0, a(sum - 1), 0); // so ∂L/∂z is 1 in each unit
    for (int unit = 0; unit < 4; unit++) back[unit] = 1 * mask[unit] / (1 - p);
    e.of("003-dropout").in("p", p).in("x", x).in("mask", mask).is("z", v.a(0)[0], scaled)
        .is("mean of z at x = 1 over 10,000 masks", kept / (double) masks / (1 - p), 1, 0.02)
        .printed("E[z] at x = 1", p / (1 - p));
    e.of("003-dropout-d").in("p", p).in("∂L/∂x̂", v.delta(0)[0]).in("mask", mask)
        .is("∂L/∂x", v.inputGradient()[0], back)
        .is("mean of ∂L/∂x over 10,000 masks at ∂L/∂x̂ = 1", kept / (double) masks / (1 - p), 1, 0.02)
        .printed("mean of ∂L/∂x at ∂L/∂x̂ = 1", p / (1 - p));
    Network copy = Network.input(4).dropout(p).dense(4, new Linear()).build(1);
    copy.setWeights(1, new double[][] {{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, 1}});
    e.of("003-dropout-inference").in("p", p).in("x", x).is("z at inference", copy.predict(x), x);
  }
}
