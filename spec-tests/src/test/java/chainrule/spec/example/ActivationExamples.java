// SPDX-License-Identifier: MIT
package chainrule.spec.example;

import static java.lang.Math.exp;
import static java.lang.Math.log;

import chainrule.kernels.Kernels;
import chainrule.nn.Network;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Elementwise;
import chainrule.nn.activation.Elu;
import chainrule.nn.activation.Gelu;
import chainrule.nn.activation.LeakyRelu;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Silu;
import chainrule.nn.activation.Softmax;
import chainrule.nn.activation.Softplus;
import chainrule.nn.activation.Step;
import chainrule.nn.activation.Tanh;

/** Worked examples of activations. */
final class ActivationExamples {
  private ActivationExamples() {}

  static double slope(Elementwise activation, double z) {
    return activation.derivative(z, activation.value(z));
  }

  static double[] forward(Activation activation, double... z) {
    double[] a = new double[z.length];
    activation.forward(Kernels.best(), 1, z.length, z.clone(), a);
    return a;
  }

  /** Returns ∂a_i/∂z_j of a softmax: row i is the backward pass of the unit vector i. */
  private static double[][] jacobian(double... z) {
    double[] a = forward(new Softmax(), z);
    double[][] j = new double[z.length][z.length];
    for (int i = 0; i < z.length; i++) {
      j[i][i] = 1;
      new Softmax().applyDerivative(Kernels.best(), 1, z.length, z, a, j[i]);
    }
    return j;
  }

  static double sigma(double z) {
    return 1 / (1 + exp(-z));
  }

  static double[] softmax(double... z) {
    double sum = 0;
    for (double v : z) sum += exp(v);
    double[] a = new double[z.length];
    for (int i = 0; i < z.length; i++) a[i] = exp(z[i]) / sum;
    return a;
  }

  static void add(Examples e) {
    double x = -1.5, y = 2;
    Linear linear = new Linear();
    e.of("000-1.1").in("x", x).is("f(x)", linear.value(x), x);
    e.of("002-linear").in("x", x).is("f(x)", linear.value(x), x);
    e.of("003-linear").in("x", x).is("σ(x)", linear.value(x), x);
    e.of("000-1.1-d").in("x", x).is("∂f/∂x", slope(linear, x), 1);
    e.of("003-linear-d").in("z", x).is("σ'(z)", slope(linear, x), 1);

    Relu relu = new Relu();
    e.of("000-1.2").in("x", x).is("f(x)", relu.value(x), 0).in("x", y).is("f(x)", relu.value(y), y);
    e.of("001-relu").in("z", x).is("a", relu.value(x), 0).in("z", y).is("a", relu.value(y), y);
    e.of("002-relu").in("x", x).is("f(x)", relu.value(x), Math.max(0, x)).in("x", y).is("f(x)", relu.value(y), y);
    e.of("003-relu").in("x", x).is("σ(x)", relu.value(x), Math.max(0, x)).in("x", y).is("σ(x)", relu.value(y), y);
    e.of("000-1.2-d").in("x", y).is("∂f/∂x", slope(relu, y), 1).in("x", 0).is("∂f/∂x", slope(relu, 0), 0).printed(1);
    e.of("001-relu-d").in("z", y).is("da/dz", slope(relu, y), 1).in("z", 0).is("da/dz", slope(relu, 0), 0);
    e.of("003-relu-d").in("z", y).is("σ'(z)", slope(relu, y), 1).in("z", 0).is("σ'(z)", slope(relu, 0), 0);

    Sigmoid sigmoid = new Sigmoid();
    e.of("000-1.3").in("x", x).is("f(x)", sigmoid.value(x), 1 / (1 + exp(-x)));
    e.of("001-sigmoid").in("z", x).is("a", sigmoid.value(x), 1 / (1 + exp(-x)));
    e.of("002-sigmoid").in("x", x).is("σ(x)", sigmoid.value(x), exp(x) / (exp(x) + 1));
    e.of("003-sigmoid").in("x", x).is("σ(x)", sigmoid.value(x), 1 / (1 + exp(-x)));
    e.of("000-1.3-d").in("x", x).is("∂f/∂x", slope(sigmoid, x), exp(x) / ((1 + exp(x)) * (1 + exp(x))));
    e.of("001-sigmoid-d").in("z", x).is("da/dz", slope(sigmoid, x), sigma(x) * (1 - sigma(x)));
    e.of("003-sigmoid-d").in("z", x).is("σ'(z)", slope(sigmoid, x), sigma(x) * (1 - sigma(x)));
    e.of("004-sigmoid-d").in("z", x).is("σ'(z)", slope(sigmoid, x), sigma(x) * (1 - sigma(x)));
    e.of("002-sigmoid-half").in("x", 0).is("2σ(x)", 2 * sigmoid.value(0), 1)
        .in("x", 1).is("2σ(x)", 2 * sigmoid.value(1), 2 / (1 + exp(-1))).printed(1);

    Tanh tanh = new Tanh();
    double h = 0.5, t = tanh.value(h);
    e.of("001-tanh").in("z", h).is("a", t, 2 / (1 + exp(-2 * h)) - 1);
    e.of("001-tanh-d").in("z", h).is("da/dz", slope(tanh, h), 1 - t * t);
    e.of("002-tanh-sigmoid").in("x", h).is("tanh x", t, 2 * sigma(2 * h) - 1);

    LeakyRelu leaky = new LeakyRelu(0.1), hundredth = new LeakyRelu();
    e.of("001-leaky-relu").in("ε", 0.1).in("z", x).is("a", leaky.value(x), 0.1 * x);
    e.of("001-leaky-relu-d").in("ε", 0.1).in("z", x).is("da/dz", slope(leaky, x), 0.1)
        .in("z", y).is("da/dz", slope(leaky, y), 1);
    e.of("002-leaky-relu").in("x", x).is("max(0.01x, x)", hundredth.value(x), Math.max(0.01 * x, x));
    Step step = new Step();
    e.of("002-step").in("x", x).is("f(x)", step.value(x), 0).in("x", 0).is("f(x)", step.value(0), 1);

    double[] z = {1, 2, 3}, a = forward(new Softmax(), z), two = {1, 2}, s = softmax(two);
    e.of("000-1.4").in("x", z).is("f(x)", a, softmax(z));
    e.of("001-softmax").in("z", z).is("a", a, softmax(z));
    e.of("002-softmax").in("z", z).is("y", a, softmax(z)).printed(new double[] {1 / 3.0, 1 / 3.0, 1 / 3.0});
    e.of("003-softmax").in("z", z).is("σ(z)", a, softmax(z));
    double[][] printed = {{s[0] * (1 - s[0]), -s[0] * s[1]}, {-s[1] * s[0], s[1] * (1 - s[1])}};
    e.of("000-1.4-d").in("x", two).in("S", forward(new Softmax(), two)).is("J", jacobian(two), printed);
    e.of("001-softmax-d").in("z", two).in("a", forward(new Softmax(), two)).is("∂a/∂z", jacobian(two), printed);
    e.of("003-softmax-d").in("z", two).in("ŷ", forward(new Softmax(), two)).is("∂ŷ/∂z", jacobian(two), new double[][] {
        {s[0] - s[0] * s[0], -s[0] * s[1]}, {-s[0] * s[1], s[1] - s[1] * s[1]}});

    double[] pair = {-1, 2};
    e.of("003-activation").in("σ", "sigmoid").in("z", pair)
        .is("h", forward(sigmoid, pair), new double[] {sigma(-1), sigma(2)});
    double[] g = {2};
    sigmoid.applyDerivative(Kernels.best(), 1, 1, new double[] {h}, forward(sigmoid, h), g);
    double slope = sigma(h) * (1 - sigma(h));
    e.of("003-activation-d").in("σ", "sigmoid").in("z", h).in("∂L/∂σ", 2).is("∂L/∂z", g[0], 2 * slope)
        .printed("∂L/∂σ", slope);

    Network neuron = Network.input(2).dense(1, sigmoid).build(1);
    neuron.setWeights(0, new double[][] {{0.5}, {-1}});
    neuron.setBias(0, new double[] {0.25});
    double[] in = {2, 1}, w = {0.5, -1};
    double sum = 0.5 * 2 - 1 * 1;
    e.of("004-sigmoid").in("w", w).in("x", in).in("b", 0.25)
        .is("σ(z)", neuron.predict(in)[0], 1 / (1 + exp(-(sum + 0.25))));
    e.of("004-sigmoid-unit-bias").in("w", w).in("x", in).in("b", 0.25)
        .is("σ(z)", neuron.predict(in)[0], 1 / (1 + exp(-(sum + 0.25)))).printed(1 / (1 + exp(-(sum + 1))));

    e.of("beyond-elu").in("α", 1).in("z", x).is("φ(z)", new Elu().value(x), exp(x) - 1)
        .is("φ'(z)", slope(new Elu(), x), exp(x));
    e.of("beyond-gelu").in("z", x).is("φ(z)", new Gelu().value(x), x * ElementaryExamples.normalCdf(x))
        .is("φ'(z)", slope(new Gelu(), x), ElementaryExamples.normalCdf(x) + x * ElementaryExamples.normalDensity(x));
    e.of("beyond-silu").in("z", x).is("φ(z)", new Silu().value(x), x * sigma(x))
        .is("φ'(z)", slope(new Silu(), x), sigma(x) * (1 + x * sigma(-x)));
    e.of("beyond-softplus").in("z", x).is("φ(z)", new Softplus().value(x), log(1 + exp(x)))
        .is("φ'(z)", slope(new Softplus(), x), sigma(x));
  }
}
