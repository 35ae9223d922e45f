// SPDX-License-Identifier: MIT
package chainrule.spec.example;

import static chainrule.spec.example.SmallNetwork.B1;
import static chainrule.spec.example.SmallNetwork.B2;
import static chainrule.spec.example.SmallNetwork.W1;
import static chainrule.spec.example.SmallNetwork.W2;
import static chainrule.spec.example.SmallNetwork.X;
import static chainrule.spec.example.SmallNetwork.affine;
import static chainrule.spec.example.SmallNetwork.sigma;
import static chainrule.spec.example.SmallNetwork.transposed;
import static java.lang.Math.tanh;

import chainrule.cli.Main;
import chainrule.nn.Network;
import chainrule.nn.StepValues;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Step;
import chainrule.nn.activation.Tanh;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Worked examples of neurons, layers and the forward pass. */
final class ForwardExamples {
  private ForwardExamples() {}

  /** Returns the output of one dense layer with weights w [in][out]. */
  static double[] dense(Activation activation, double[][] w, double[] b, double... x) {
    Network net = Network.input(x.length).dense(b.length, activation).build(1);
    net.setWeights(0, w);
    net.setBias(0, b);
    return net.predict(x);
  }

  private static double[] a(double... values) {
    return values;
  }

  static void add(Examples e) {
    layers(e);
    stacks(e);
  }

  private static void layers(Examples e) {
    double[][] column = {{0.5}, {-1}};
    double[] w = {0.5, -1}, x = {2, 1};
    double z = 2 * 0.5 - 1 * 1 + 0.25;
    e.of("000-3.1").in("x", x).in("w", w).in("b", 0.25).is("z", dense(new Linear(), column, a(0.25), x)[0], z);
    e.of("000-3.2").in("φ", "tanh").in("z", z).is("a", dense(new Tanh(), column, a(0.25), x)[0], tanh(z));
    double[] relu = Network.input(2).activation(new Relu()).build(1).predict(a(-1, 2));
    e.of("000-4.1").in("φ", "ReLU").in("x", a(-1, 2)).is("a⁰", relu, a(0, 2));

    double[] z1 = affine(X, W1, B1);
    e.of("000-4.2").in("φ", "sigmoid").in("aⁿ⁻¹", X).in("wⁿ", W1).in("bⁿ", B1)
        .is("aⁿ", dense(new Sigmoid(), W1, B1, X), sigma(z1)).printed(sigma(X));
    e.of("001-preactivation").in("x", X).in("w", W1).in("b", B1).is("z", dense(new Linear(), W1, B1, X), z1);
    e.of("001-activation").in("φ", "sigmoid").in("z", z1).is("a", dense(new Sigmoid(), W1, B1, X), sigma(z1));

    e.of("002-neuron").in("f", "sigmoid").in("x", a(1, 2, 3)).in("w", a(0.5, -0.25, 0.1)).in("b", 0.2)
        .is("z_1", dense(new Sigmoid(), new double[][] {{0.5}, {-0.25}, {0.1}}, a(0.2), 1, 2, 3)[0],
            sigma(0.5 * 1 - 0.25 * 2 + 0.1 * 3 + 0.2)[0]);
    double[][] perUnit = {{1, 2}, {3, 4}};
    double[] zero = {0, 0};
    e.of("002-layer").in("f", "linear").in("x", a(1, 2)).in("w, a row per unit", perUnit).in("b", zero)
        .is("z", dense(new Linear(), transposed(perUnit), zero, 1, 2), a(1 * 1 + 2 * 2, 3 * 1 + 4 * 2))
        .printed("z with the index order of 002-neuron", affine(a(1, 2), perUnit, zero));
    double[][] wide = {{1, 2, 3}, {4, 5, 6}};
    e.of("002-weight-matrix").in("W' [2 × 3]", wide).in("x", a(1, 0, 1)).in("b", zero)
        .is("W'x + b", dense(new Linear(), transposed(wide), zero, 1, 0, 1), a(1 + 3, 4 + 6));
    double[][] and = {{1}, {1}};
    e.of("002-perceptron").in("w", a(1, 1)).in("b", -1.5).in("x", a(1, 1))
        .is("Step", dense(new Step(), and, a(-1.5), 1, 1)[0], 1).in("x", a(1, 0))
        .is("Step", dense(new Step(), and, a(-1.5), 1, 0)[0], 0);
    e.of("003-dense").in("W", perUnit).in("x", a(1, 2)).in("b", zero)
        .is("z", dense(new Linear(), perUnit, zero, 1, 2), a(1 * 1 + 3 * 2, 2 * 1 + 4 * 2))
        .printed("W·x + b", a(1 * 1 + 2 * 2, 3 * 1 + 4 * 2));
    e.of("003-dense-element").in("x", a(1, 2)).in("w", perUnit).in("b", zero).in("j", 2)
        .is("z_j", dense(new Linear(), perUnit, zero, 1, 2)[1], 2 * 1 + 4 * 2);
  }

  private static void stacks(Examples e) {
    StepValues v = SmallNetwork.step();
    double[] a1 = sigma(affine(X, W1, B1)), z2 = affine(a1, W2, B2), a2 = sigma(z2);
    e.of("003-preactivation-output").in("W", W2).in("a_{L−1}", v.a(0)[0]).in("b", B2).is("z_L", v.z(1)[0], z2)
        .printed(affine(a2, W2, B2));
    e.of("003-preactivation-hidden").in("W", W1).in("a_0", X).in("b", B1).is("z_1", v.z(0)[0], affine(X, W1, B1))
        .printed("W_1ᵀ·a_2 + b_1", affine(a2, W1, B1));
    Network net = SmallNetwork.build(new Sigmoid(), new Sigmoid());
    e.of("003-forward").in("X", X).in("W_1", W1).in("b_1", B1).in("W_2", W2).in("b_2", B2)
        .is("ŷ", net.predict(X), a2).printed(sigma(affine(affine(X, W1, B1), W2, B2)));
    e.of("004-forward").in("a⁰", X).in("w¹, a row per unit", transposed(W1)).in("b¹", B1)
        .is("z¹", v.z(0)[0], SmallNetwork.minus(SmallNetwork.product(transposed(W1), X), -1, B1))
        .is("a¹", v.a(0)[0], a1);

    Network chain = Network.input(1).dense(1, new Tanh()).dense(1, new Tanh()).dense(1, new Tanh()).build(1);
    for (int l = 0; l < 3; l++) chain.setWeights(l, new double[][] {{2}});
    double nested = tanh(2 * tanh(2 * tanh(2 * 0.5)));
    e.of("002-nested").in("f", "tanh").in("W¹ = W² = W³", 2).in("b", 0).in("x", 0.5)
        .is("ŷ", chain.predict(a(0.5))[0], nested).printed(tanh(tanh(nested)));
    Network linear = Network.input(1).dense(1, new Linear()).dense(1, new Linear()).build(1);
    linear.setWeights(0, new double[][] {{4}});
    linear.setBias(0, a(3));
    linear.setWeights(1, new double[][] {{2}});
    linear.setBias(1, a(1));
    e.of("002-linear-collapse").in("â", 1).in("b̂", 2).in("a", 3).in("b", 4).in("x", 5)
        .is("two layers", linear.predict(a(5))[0], 1 + 2 * (3 + 4 * 5))
        .is("one layer", dense(new Linear(), new double[][] {{2 * 4}}, a(1 + 2 * 3), 5)[0], (1 + 2 * 3) + (2 * 4) * 5);
    e.of("002-head-choice").in("task", "two classes (moons)").is("output layer", output("moons"), "1 sigmoid")
        .in("task", "ten classes (digits)").is("output layer", output("digits"), "10 softmax");
  }

  /** Returns the output layer that the command line chooses for a built-in data set. */
  private static String output(String data) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
    Main.run(List.of("train", data, "--epochs", "1", "--threads", "1", "--layers", "2:relu"), print, print, false);
    String printed = out.toString(StandardCharsets.UTF_8);
    Matcher m = Pattern.compile("→ 2 relu → (\\d+ [a-z]+)").matcher(printed);
    return m.find() ? m.group(1) : printed;
  }
}
