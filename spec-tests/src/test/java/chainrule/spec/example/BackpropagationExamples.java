// SPDX-License-Identifier: MIT
package chainrule.spec.example;

import static chainrule.spec.example.SmallNetwork.B1;
import static chainrule.spec.example.SmallNetwork.B2;
import static chainrule.spec.example.SmallNetwork.W1;
import static chainrule.spec.example.SmallNetwork.W2;
import static chainrule.spec.example.SmallNetwork.X;
import static chainrule.spec.example.SmallNetwork.Y;
import static chainrule.spec.example.SmallNetwork.affine;
import static chainrule.spec.example.SmallNetwork.minus;
import static chainrule.spec.example.SmallNetwork.outer;
import static chainrule.spec.example.SmallNetwork.product;
import static chainrule.spec.example.SmallNetwork.sigma;
import static chainrule.spec.example.SmallNetwork.slope;
import static chainrule.spec.example.SmallNetwork.times;
import static chainrule.spec.example.SmallNetwork.transposed;

import chainrule.kernels.ScalarKernels;
import chainrule.nn.Backpropagation;
import chainrule.nn.GradientSum;
import chainrule.nn.Network;
import chainrule.nn.StepValues;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Tanh;
import chainrule.nn.loss.MeanAbsoluteError;
import chainrule.nn.loss.Reduction;

/** Worked examples of the backward pass, in {@link SmallNetwork}. */
final class BackpropagationExamples {
  private BackpropagationExamples() {}

  static void add(Examples e) {
    StepValues v = SmallNetwork.step();
    double[] z1 = affine(X, W1, B1), a1 = sigma(z1), z2 = affine(a1, W2, B2), a2 = sigma(z2);
    double[] g = minus(a2, 1, Y), d2 = times(g, slope(z2)), back = product(W2, d2), d1 = times(back, slope(z1));
    double[] delta1 = v.delta(0)[0], delta2 = v.delta(1)[0];
    double[][] dw2 = v.weightGradient(1), dw1 = v.weightGradient(0);
    e.of("002-half-sse").in("y", Y).in("f(w² f(w¹x + b¹) + b²)", v.a(1)[0])
        .is("L", v.loss(), 0.5 * (g[0] * g[0] + g[1] * g[1]));
    errors(e, v, g, d2, back, d1, z1, z2);

    e.of("000-5.3").in("a¹", v.a(0)[0]).in("δ²", delta2).is("Δw²", dw2, outer(a1, d2));
    e.of("001-grad-w").in("x", X).in("δ", delta1[0])
        .is("∂L/∂w", new double[] {dw1[0][0], dw1[1][0]}, new double[] {d1[0] * X[0], d1[0] * X[1]});
    e.of("001-grad-b").in("δ", delta1).is("∂L/∂b", v.biasGradient(0), d1);
    e.of("003-grad-w").in("a_1", v.a(0)[0]).in("δ_2", delta2).is("∇W_2", dw2, outer(a1, d2));
    e.of("003-backprop-2").in("a_1", v.a(0)[0]).in("δ_2", delta2).is("∇W_2", dw2, outer(a1, d2))
        .printed("the parameters themselves, W_2", W2);
    e.of("004-backprop-5").in("a¹", v.a(0)[0]).in("δ²", delta2)
        .is("∂C/∂w², a row per unit", transposed(dw2), outer(d2, a1)).is("∂C/∂b²", v.biasGradient(1), d2);
    e.of("004-backprop-1").in("x", X).is("a¹", v.input(0)[0], X);
    e.of("004-backprop-2").in("a¹", X).is("z²", v.z(0)[0], z1).is("a²", v.a(0)[0], a1).is("z³", v.z(1)[0], z2)
        .is("a³", v.a(1)[0], a2);
    batches(e);
    blocks(e);
    chains(e);
  }

  private static void blocks(Examples e) {
    double[] g = {1e16, 1, 1, 1, -1e16}; // from left to right, the ones would be lost
    GradientSum sum = new GradientSum(ScalarKernels.INSTANCE, g.length, 1);
    for (int k : new int[] {3, 0, 4, 1, 2}) sum.add(k, 0, new double[] {g[k]});
    e.of("beyond-block-sum").in("G", g).is("S(0, 5)", sum.gradient()[0], ((g[0] + g[1]) + (g[2] + g[3])) + g[4]);
  }

  private static void errors(Examples e, StepValues v, double[] g, double[] d2, double[] back, double[] d1, double[] z1,
      double[] z2) {
    double[] delta1 = v.delta(0)[0], delta2 = v.delta(1)[0];
    String[][] output = {{"000-5.1", "∂C/∂a", "∂φ/∂z", "δ^out"}, {"003-delta-output", "∂L/∂a_L", "σ'(z_L)", "δ_L"},
        {"004-backprop-3", "∇_a C", "σ'(z^L)", "δ^L"}, {"004-cookbook-3", "∇_a C", "σ'(z^{x,L})", "δ^{x,L}"}};
    for (String[] f : output) {
      e.of(f[0]).in(f[1], minus(v.a(1)[0], 1, Y)).in(f[2], slope(z2)).is(f[3], delta2, d2);
    }
    e.of("001-delta").in("∂L/∂a", g[0]).in("da/dz", slope(z2)[0]).is("δ", delta2[0], d2[0]);
    e.of("001-error-term").in("z", v.z(1)[0]).in("y", Y).is("∂L/∂z", delta2, differences(z2));
    e.of("000-5.2").in("δ²", delta2).in("w²", W2).in("∂φ/∂z¹", slope(z1)).is("δ¹", delta1, d1);
    e.of("001-backprop").in("δ²", delta2).in("w²", W2).in("da¹/dz¹", slope(z1)).is("δ¹", delta1, d1);
    e.of("003-delta-hidden").in("W_1", W1).in("W_2", W2).in("δ_2", delta2).in("σ'(z_1)", slope(z1))
        .is("δ_1", delta1, d1).printed(times(product(transposed(W1), d2), slope(z1)));
    for (String id : new String[] {"004-backprop-4", "004-cookbook-4"}) {
      e.of(id).in("w³, a row per unit", transposed(W2)).in("δ³", delta2).in("σ'(z²)", slope(z1))
          .is("δ²", delta1, times(affine(d2, transposed(W2), new double[2]), slope(z1)));
    }
    e.of("003-backprop-1").in("δ_2", delta2).is("δ_1 = ∂L/∂z_1", delta1, d1).printed("∂L/∂a_1", back);
  }

  /** Returns ∂C/∂z of the output layer by four-point differences, whose error is about 10⁻¹³. */
  private static double[] differences(double[] z) {
    double[] d = new double[z.length];
    double h = 1e-3;
    for (int j = 0; j < z.length; j++) {
      d[j] = (8 * (cost(z[j] + h, Y[j]) - cost(z[j] - h, Y[j])) - cost(z[j] + 2 * h, Y[j]) + cost(z[j] - 2 * h, Y[j]))
          / (12 * h);
    }
    return d;
  }

  private static double cost(double z, double y) {
    double error = y - ActivationExamples.sigma(z);
    return 0.5 * error * error;
  }

  private static void batches(Examples e) {
    double[] x = {1, 2, 0, 1}, y = {1, 0, 0, 1}, second = {0, 1}, target = {0, 1};
    double[][] rows = {X, second};
    StepValues sum = SmallNetwork.step(net(), Reduction.SUM, 1, x, y);
    double[] first = {sum.delta(1)[0][0], sum.delta(1)[0][1]}, other = outputError(second, target);
    double[] db = minus(outputError(X, Y), -1, other);
    e.of("000-5.4").in("δ of two rows", sum.delta(1)).is("Δb", sum.biasGradient(1), db);
    e.of("003-grad-b").in("δ of two samples", sum.delta(1)).is("∇b", sum.biasGradient(1), db);

    double rate = 0.5;
    Network net = net();
    StepValues mean = SmallNetwork.step(net, Reduction.MEAN, rate, x, y);
    double[][] dw = outer(sigma(affine(X, W1, B1)), outputError(X, Y));
    double[][] dwOther = outer(sigma(affine(second, W1, B1)), other), w = new double[2][];
    for (int i = 0; i < 2; i++) w[i] = minus(W2[i], rate / 2, minus(dw[i], -1, dwOther[i]));
    double[] halves = {mean.biasGradient(1)[0], mean.biasGradient(1)[1]};
    e.of("004-cookbook-0").in("mini-batch x", rows).in("δ of each x", new double[][] {first, other})
        .is("(1/m) Σ_x δ", halves, minus(new double[2], -0.5, db));
    e.of("004-cookbook-1").in("x", second).is("a^{x,1}", sum.input(0)[1], second);
    e.of("004-cookbook-2").in("a^{x,1}", second).is("z^{x,2}", sum.z(0)[1], affine(second, W1, B1))
        .is("a^{x,2}", sum.a(0)[1], sigma(affine(second, W1, B1)));
    e.of("004-cookbook-5").in("ξ", rate).in("m", 2).in("Σ_x δ", sum.biasGradient(1)).in("b³", B2)
        .is("new b³", net.bias(1), minus(B2, rate / 2, db)).is("new w³", net.weights(1), w);
    e.of("003-backprop-3").in("η", rate).in("∇b_2", halves).in("b_2", B2)
        .is("new b_2", net.bias(1), minus(B2, rate, halves));
  }

  private static Network net() {
    return SmallNetwork.build(new Sigmoid(), new Sigmoid());
  }

  private static double[] outputError(double[] x, double[] y) {
    double[] z = affine(sigma(affine(x, W1, B1)), W2, B2);
    return times(minus(sigma(z), 1, y), slope(z));
  }

  private static void chains(Examples e) {
    double f = Math.tanh(0.5), s = ActivationExamples.sigma(f);
    Network two = Network.input(1).dense(1, new Tanh()).dense(1, new Sigmoid()).build(1);
    for (int l = 0; l < 2; l++) two.setWeights(l, new double[][] {{1}});
    e.of("002-chain-rule").in("f", "σ").in("g", "tanh").in("h(x)", "x").in("x", 0.5)
        .is("df/dx", inputGradient(two, 0.5), s * (1 - s) * (1 - f * f));

    Network three = Network.input(1).dense(1, new Sigmoid()).dense(1, new Sigmoid()).dense(1, new Sigmoid()).build(1);
    for (int l = 0; l < 3; l++) three.setWeights(l, new double[][] {{2}});
    double h1 = 2 * 0.5, h2 = 2 * ActivationExamples.sigma(h1), h3 = 2 * ActivationExamples.sigma(h2);
    double second = 2 * slope(h1)[0] * 2, all = slope(h3)[0] * 2 * slope(h2)[0] * second;
    e.of("002-chain-network").in("f", "sigmoid").in("W¹ = W² = W³", 2).in("b", 0).in("x_1", 0.5)
        .is("∂ŷ/∂x_1", inputGradient(three, 0.5), all);
    e.of("002-chain-result").in("f", "sigmoid").in("W¹ = W² = W³", 2).in("b", 0).in("x_1", 0.5)
        .is("h⁴x_1 = ∂ŷ/∂x_1", inputGradient(three, 0.5), all).printed("h²x_1", second);
  }

  /** Returns ∂ŷ/∂x: the gradient of |ŷ − y| for a target y below ŷ. */
  static double inputGradient(Network net, double x) {
    Backpropagation b = new Backpropagation(net, new MeanAbsoluteError(Reduction.SUM), 1);
    double[] dx = new double[1];
    b.lossAndGradients(1, new double[] {x}, 0, new double[] {-9}, 0);
    b.inputGradients(dx);
    return dx[0];
  }
}
