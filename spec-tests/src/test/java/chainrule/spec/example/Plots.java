// SPDX-License-Identifier: MIT
package chainrule.spec.example;

import static chainrule.spec.example.ActivationExamples.sigma;
import static chainrule.spec.example.ActivationExamples.slope;
import static chainrule.spec.example.LossExamples.gradient;
import static chainrule.spec.example.LossExamples.value;
import static java.lang.Math.log;
import static java.lang.Math.signum;
import static java.lang.Math.tanh;

import chainrule.kernels.Elementary;
import chainrule.kernels.Kernels;
import chainrule.nn.Dropout;
import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.StepValues;
import chainrule.nn.TrainingStep;
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
import chainrule.nn.loss.BinaryCrossEntropy;
import chainrule.nn.loss.CategoricalCrossEntropy;
import chainrule.nn.loss.HalfSquaredError;
import chainrule.nn.loss.Huber;
import chainrule.nn.loss.Loss;
import chainrule.nn.loss.MeanAbsoluteError;
import chainrule.nn.loss.MeanSquaredError;
import chainrule.nn.loss.OffsetCrossEntropy;
import chainrule.nn.loss.Reduction;
import chainrule.nn.loss.SoftmaxCrossEntropy;
import chainrule.nn.loss.SumOfSquaredErrors;
import chainrule.nn.optimizer.AdaGrad;
import chainrule.nn.optimizer.GradientDescent;
import chainrule.train.ConstantRate;
import chainrule.train.CosineDecay;
import chainrule.train.Schedule;
import chainrule.train.StepDecay;
import chainrule.train.WarmUp;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/**
 * The plots of the formulas of one variable, and of those that become one when the other numbers are fixed: a loss for
 * one row and one target, a network with one unit per layer. The library computes all but the printed forms.
 */
public final class Plots {
  private static final double EDGE = 0.03;

  private final Map<String, Plot> all = new LinkedHashMap<>();

  private Plots() {}

  /** Returns the plots by the id of their formula. */
  public static Map<String, Plot> all() {
    Plots p = new Plots();
    p.activations();
    p.softmax();
    p.elementary();
    p.squares();
    p.crossEntropies();
    p.layers();
    p.backwardPasses();
    p.updates();
    p.penalties();
    p.dropout();
    return p.all;
  }

  private void add(String ids, Plot plot) {
    for (String id : ids.split(" ")) {
      if (all.put(id, plot) != null) throw new AssertionError(id + " has two plots");
    }
  }

  /** Adds plots of a function, with its derivative, and of the derivative, with its function. */
  private void pair(
      Plot axes, String name, DoubleUnaryOperator f, String slopeName, DoubleUnaryOperator slope, String ids,
      String derivatives) {
    if (!ids.isEmpty()) add(ids, axes.curve(name, f).companion(slopeName, slope));
    if (!derivatives.isEmpty()) add(derivatives, axes.curve(slopeName, slope).companion(name, f));
  }

  private void activation(Elementwise f, String name, boolean kink, String ids, String derivatives) {
    Plot axes = kink ? Plot.over("z", -4, 4, 0.0) : Plot.over("z", -4, 4);
    pair(axes, name + "(z)", f::value, name + "′(z)", z -> slope(f, z), ids, derivatives);
  }

  private void activations() {
    activation(new Linear(), "linear", false, "000-1.1 002-linear 003-linear", "000-1.1-d 003-linear-d");
    activation(new Relu(), "ReLU", true, "000-1.2 001-relu 002-relu 003-relu", "001-relu-d 003-relu-d");
    Relu relu = new Relu();
    add("000-1.2-d", Plot.over("z", -4, 4, 0.0).curve("ReLU′(z), 0 at z = 0", z -> slope(relu, z))
        .printed("1 at z = 0", z -> z < 0 ? 0 : 1));
    activation(new Sigmoid(), "σ", false, "000-1.3 001-sigmoid 002-sigmoid 003-sigmoid 004-sigmoid",
        "000-1.3-d 001-sigmoid-d 003-sigmoid-d 004-sigmoid-d");
    add("002-sigmoid-half",
        Plot.over("x", -4, 4).curve("2σ(x)", x -> 2 * new Sigmoid().value(x)).printed("1", x -> 1));
    activation(new Tanh(), "tanh", false, "001-tanh 002-tanh-sigmoid", "001-tanh-d");
    activation(new LeakyRelu(0.1), "leaky ReLU, ε = 0.1, ", true, "001-leaky-relu", "001-leaky-relu-d");
    activation(new LeakyRelu(), "leaky ReLU", true, "002-leaky-relu", "");
    add("002-step", Plot.over("x", -4, 4, 0.0).curve("step(x)", new Step()::value));
    activation(new Elu(), "ELU", true, "beyond-elu", "");
    activation(new Gelu(), "GELU", false, "beyond-gelu", "");
    activation(new Silu(), "SiLU", false, "beyond-silu", "");
    activation(new Softplus(), "softplus", false, "beyond-softplus", "");
    // L = ½(σ(z) − 1)², so ∂L/∂σ = σ(z) − 1
    add("003-activation-d", Plot.over("z", -4, 4)
        .curve("∂L/∂z for L = ½(σ(z) − 1)²", z -> delta(1, 0, z, 1).delta(0)[0][0])
        .printed("σ′(z)", z -> sigma(z) * (1 - sigma(z))));
  }

  private void softmax() {
    DoubleUnaryOperator first = z -> ActivationExamples.forward(new Softmax(), z, 0, 0)[0];
    DoubleUnaryOperator slope = z -> {
      double[] logits = {z, 0, 0}, g = {1, 0, 0};
      new Softmax().applyDerivative(Kernels.best(), 1, 3, logits, ActivationExamples.forward(new Softmax(), logits), g);
      return g[0];
    };
    Plot axes = Plot.over("z_1", -4, 6);
    String name = "a_1 of the logits (z_1, 0, 0)", slopeName = "∂a_1/∂z_1";
    pair(axes, name, first, slopeName, slope, "000-1.4 001-softmax 003-softmax",
        "000-1.4-d 001-softmax-d 003-softmax-d");
    add("002-softmax", axes.curve(name, first).printed("the same index below, 1/3", z -> 1 / 3.0));
  }

  private void elementary() {
    pair(Plot.over("x", -3, 2), "e^x", Elementary::exp, "its derivative", Elementary::exp, "beyond-exp", "");
    add("beyond-log", Plot.over("x", EDGE, 6).curve("ln x", Elementary::log));
    Sigmoid sigmoid = new Sigmoid();
    pair(Plot.over("x", -4, 4), "σ(x)", Elementary::sigmoid, "σ′(x)", x -> slope(sigmoid, x),
        "beyond-sigmoid-kernel", "");
    pair(Plot.over("x", -4, 4), "tanh x", Elementary::tanh, "its derivative", x -> slope(new Tanh(), x),
        "beyond-tanh-kernel", "");
    pair(Plot.over("x", -4, 4), "x·σ(x)", Elementary::silu, "its derivative", Elementary::siluDerivative,
        "beyond-silu-kernel", "");
    pair(Plot.over("x", -4, 4), "ln(1 + e^x)", Elementary::softplus, "its derivative", Elementary::sigmoid,
        "beyond-softplus-kernel", "");
    pair(Plot.over("x", -3, 2), "e^x − 1", Elementary::expm1, "its derivative", Elementary::exp, "beyond-expm1", "");
    pair(Plot.over("x", -4, 4), "Φ(x)", Elementary::normalCdf, "the density φ(x)", Elementary::normalDensity,
        "beyond-normal-cdf", "");
    add("beyond-normal-density", Plot.over("x", -4, 4).curve("φ(x)", Elementary::normalDensity));
  }

  private static DoubleUnaryOperator of(Loss loss, double y) {
    return p -> value(loss, 1, new double[] {p}, new double[] {y});
  }

  private static DoubleUnaryOperator slopeOf(Loss loss, double y) {
    return p -> gradient(loss, 1, new double[] {p}, new double[] {y})[0];
  }

  private void loss(Plot axes, String variable, Loss loss, double y, String ids, String derivatives) {
    String name = "L for y = " + Examples.show(y) + ", n = 1";
    pair(axes, name, of(loss, y), "∂L/∂" + variable, slopeOf(loss, y), ids, derivatives);
  }

  private void squares() {
    Loss half = new HalfSquaredError(Reduction.SUM), mse = new MeanSquaredError(), mae = new MeanAbsoluteError();
    loss(Plot.over("x", -2, 4), "x", half, 1, "000-2.1", "000-2.1-d");
    Plot axes = Plot.over("ŷ", -2, 4), kink = Plot.over("ŷ", -2, 4, 1.0);
    loss(axes, "ŷ", new SumOfSquaredErrors(), 1, "001-sse", "001-sse-d");
    loss(axes, "ŷ", mse, 1, "001-mse 002-mse 003-mse", "001-mse-d");
    String slope = "∂L/∂ŷ for y = 1, n = 1";
    add("003-mse-d", axes.curve(slope, slopeOf(mse, 1)).companion("L", of(mse, 1))
        .printed("−2(ŷ − y)", p -> -2 * (p - 1)));
    loss(kink, "ŷ", mae, 1, "003-mae", "");
    add("003-mae-d", kink.curve(slope, slopeOf(mae, 1)).companion("L", of(mae, 1))
        .printed("sign(y − ŷ)", p -> signum(1 - p)));
    add("003-sign", Plot.over("x", -3, 3, 0.0)
        .curve("sign(x)", x -> new MeanAbsoluteError(Reduction.SUM).derivative(x, 0)));
    loss(Plot.over("a", -2, 4), "a", half, 1, "004-mse", "");
    add("004-mse-d", Plot.over("a", -2, 4).curve("∂C/∂a for y = 1", slopeOf(half, 1)).companion("C", of(half, 1))
        .printed("2(a − y)", a -> 2 * (a - 1)));
    loss(Plot.over("ŷ", -3, 5, 0.0, 2.0), "ŷ", new Huber(), 1, "beyond-huber", "");
  }

  private void crossEntropies() {
    Loss one = new BinaryCrossEntropy(Reduction.SUM), mean = new BinaryCrossEntropy(Reduction.MEAN);
    add("000-2.2", Plot.over("x", EDGE, 1 - EDGE).curve("f(x, y) for y = 0", of(one, 0))
        .printed("−(y ln x + (1 − y) ln 1 − x) = x", x -> -(0 * log(x) + 1 * log(1) - x)));
    Plot axes = Plot.over("ŷ", 0.15, 1);
    loss(Plot.over("x", 0.15, 1), "x", one, 1, "", "000-2.2-d");
    loss(Plot.over("x", 0.15, 1), "x", new OffsetCrossEntropy(), 1, "000-2.3", "000-2.3-d");
    loss(axes, "ŷ", mean, 1, "001-bce 003-bce", "001-bce-d 003-bce-d");
    loss(axes, "ŷ", one, 1, "002-bce", "");
    CategoricalCrossEntropy cce = new CategoricalCrossEntropy(Reduction.MEAN);
    loss(axes, "ŷ_k", cce, 1, "001-cce 003-cce 003-cce-one-hot", "003-cce-d");
    Loss fused = new SoftmaxCrossEntropy(Reduction.SUM);
    pair(Plot.over("z_1", -4, 4), "L of the logits (z_1, 0) for y = (1, 0)",
        z -> value(fused, 1, pair(z, 0), pair(1, 0)), "∂L/∂z_1",
        z -> gradient(fused, 1, pair(z, 0), pair(1, 0))[0], "", "003-softmax-cce-d");
    add("001-softmax-cce-d", Plot.over("z_1", -4, 4)
        .curve("∂L/∂z_1 of the logits (z_1, 0) for y = (2, 0)", z -> gradient(fused, 1, pair(z, 0), pair(2, 0))[0])
        .printed("a_1 − y_1", z -> sigma(z) - 2));
  }

  private static double[] pair(double a, double b) {
    return new double[] {a, b};
  }

  private static Network chain(Elementwise activation, double... weights) {
    Network.Builder b = Network.input(1);
    for (int l = 0; l < weights.length; l++) b = b.dense(1, activation);
    Network net = b.build(1);
    for (int l = 0; l < weights.length; l++) net.setWeights(l, new double[][] {{weights[l]}});
    return net;
  }

  private static DoubleUnaryOperator output(Network net) {
    return x -> net.predict(new double[] {x})[0];
  }

  private void layers() {
    add("000-4.2", Plot.over("aⁿ⁻¹", -2, 3).curve("aⁿ for w = 2, b = −1",
        a -> ForwardExamples.dense(new Sigmoid(), new double[][] {{2}}, new double[] {-1}, a)[0])
        .printed("σ(aⁿ⁻¹)", a -> sigma(a)));
    add("002-nested", Plot.over("x", -2, 2)
        .curve("ŷ for f = tanh, W¹ = W² = W³ = 2, b = 0", output(chain(new Tanh(), 2, 2, 2)))
        .printed("f three times at the end", x -> tanh(tanh(tanh(2 * tanh(2 * tanh(2 * x)))))));
    add("003-forward", Plot.over("x", -3, 3)
        .curve("ŷ for W_1 = W_2 = 2, b = 0, sigmoid", output(chain(new Sigmoid(), 2, 2)))
        .printed("σ_2(x·W_1·W_2)", x -> sigma(2 * (2 * x))));
    add("003-preactivation-output", Plot.over("a_{L−1}", 0, 1).curve("z_L for W = 3, b = −1",
        a -> ForwardExamples.dense(new Linear(), new double[][] {{3}}, new double[] {-1}, a)[0])
        .printed("W·a_L + b for a_L = σ(z_L)", a -> 3 * sigma(3 * a - 1) - 1));
  }

  /** Returns a step with one row x and the target y, and ½(ŷ − y)², of sigmoid units with the weights w1 and w2. */
  private static StepValues delta(double w1, double w2, double x, double y) {
    Network net = w2 == 0 ? chain(new Sigmoid(), w1) : chain(new Sigmoid(), w1, w2);
    return new TrainingStep(net, new HalfSquaredError(Reduction.SUM), Regularization.NONE, new GradientDescent(1), 1)
        .record(1, new double[] {x}, 0, new double[] {y}, 0);
  }

  private void backwardPasses() {
    double w1 = 1, w2 = 3;
    DoubleUnaryOperator delta1 = z -> delta(w1, w2, z, 1).delta(0)[0][0];
    DoubleUnaryOperator delta2 = z -> {
      double a = sigma(w2 * sigma(z));
      return (a - 1) * a * (1 - a);
    };
    Plot axes = Plot.over("z_1", -4, 4);
    String name = "δ_1 for W_1 = 1, W_2 = 3, y = 1";
    add("003-delta-hidden", axes.curve(name, delta1)
        .printed("W_1·δ_2·σ′(z_1)", z -> w1 * delta2.applyAsDouble(z) * sigma(z) * (1 - sigma(z))));
    add("003-backprop-1", axes.curve(name, delta1).printed("∂L/∂a_1", z -> w2 * delta2.applyAsDouble(z)));
    Network three = chain(new Sigmoid(), 2, 2, 2);
    DoubleUnaryOperator second = x -> {
      double a = sigma(2 * x);
      return 2 * a * (1 - a) * 2;
    };
    add("002-chain-result", Plot.over("x_1", -3, 3).curve("∂ŷ/∂x_1 for W¹ = W² = W³ = 2, b = 0",
        x -> BackpropagationExamples.inputGradient(three, x)).companion("ŷ", output(three)).printed("h²x_1", second));
  }

  private void updates() {
    add("004-sgd-b", Plot.over("∂C/∂b", -5, 5)
        .curve("new b for b = 1, w = 2, ξ = 0.1", g -> UpdateExamples.update(new GradientDescent(0.1), 1, g))
        .printed("w − ξ·∂C/∂b", g -> 2 - 0.1 * g));
    add("003-epsilon", Plot.over("∇L", -4, 4, 0.0)
        .curve("Δθ for v = 0, η = 1, ε = 10⁻⁸", g -> UpdateExamples.update(new AdaGrad(1), 0, g))
        .printed("with ε = 10⁸", g -> -g / (Math.abs(g) + 1e8)));
    int steps = 10, epochs = 8;
    schedule("beyond-step-decay", new StepDecay(2, 0.5), "η_t/η for k = 2, b = 0.5", steps, epochs, 20.0, 40.0, 60.0);
    schedule("beyond-cosine-decay", new CosineDecay(0.1), "η_t/η for E = 8, f = 0.1", steps, epochs);
    schedule("beyond-warm-up", new WarmUp(2, new ConstantRate()), "η_t/η for w = 2", steps, epochs, 20.0);
    add("beyond-clipping", Plot.over("g", -3, 3, -1.0, 1.0).curve("clipped g for c = 1, one parameter", g -> {
      Network net = Network.input(1).dense(1, new Linear()).build(1);
      net.setWeights(0, new double[][] {{0}});
      // x = 0, so the weight has no gradient; the bias has −(y − 0) = g
      new TrainingStep(net, new HalfSquaredError(Reduction.SUM), Regularization.NONE, new GradientDescent(1), 1.0, 1)
          .run(1, new double[] {0}, 0, new double[] {-g}, 0);
      return -net.parameters()[1];
    }));
  }

  private void schedule(String id, Schedule s, String name, int steps, int epochs, Double... breaks) {
    add(id, Plot.over("t", 1, steps * epochs, breaks)
        .curve(name + ", S = " + steps, t -> s.factor((long) Math.ceil(t), steps, epochs)));
  }

  private void penalties() {
    double lambda = 0.4;
    Regularization l1 = Regularization.l1(lambda), l2 = Regularization.l2(lambda);
    Plot axes = Plot.over("θ", -3, 3, 0.0);
    String slope = "its derivative for λ = 0.4";
    DoubleUnaryOperator value1 = t -> penalty(l1, t), value2 = t -> penalty(l2, t);
    DoubleUnaryOperator slope1 = t -> penaltySlope(l1, t, 0), slope2 = t -> penaltySlope(l2, t, 0);
    pair(axes, "λ|θ| for λ = 0.4", value1, "its derivative", slope1, "003-l1", "");
    pair(axes, "λ·θ² for λ = 0.4", value2, "its derivative", slope2, "003-l2", "");
    add("003-l1-term-d", axes.curve(slope, slope1).companion("λ|θ|", value1).printed("sign(θ)", Math::signum));
    add("003-l2-term-d", axes.curve(slope, slope2).companion("λ·θ²", value2).printed("sign(θ)", Math::signum));
    String sum = "the gradient for ∇θ = 1, λ = 0.4";
    add("003-l1-d", axes.curve(sum, t -> penaltySlope(l1, t, 1)));
    add("003-l2-d", axes.curve(sum, t -> penaltySlope(l2, t, 1)));
  }

  private static Network parameter(double theta) {
    Network net = Network.input(1).dense(1, new Linear()).build(1);
    net.setWeights(0, new double[][] {{theta}});
    return net;
  }

  private static double penalty(Regularization r, double theta) {
    return r.penalty(parameter(theta));
  }

  private static double penaltySlope(Regularization r, double theta, double gradient) {
    double[] g = {gradient, 0};
    r.addGradient(parameter(theta), g);
    return g[0];
  }

  private void dropout() {
    int masks = 4000;
    DoubleUnaryOperator mean = p -> {
      Dropout d = new Dropout(1, p, 0);
      int kept = 0;
      for (int row = 0; row < masks; row++) if (d.keeps(1, 0, row, 0)) kept++;
      return kept / (double) masks / (1 - p);
    };
    Plot axes = Plot.over("p", 0.02, 0.8);
    add("003-dropout", axes.curve("mean of z at x = 1 over 4,000 masks", mean)
        .printed("p/(1 − p), the mean for B(1, p)", p -> p / (1 - p)));
    add("003-dropout-d", axes.curve("mean of ∂L/∂x at ∂L/∂x̂ = 1 over 4,000 masks", mean)
        .printed("p/(1 − p), the mean for B(1, p)", p -> p / (1 - p)));
  }
}
