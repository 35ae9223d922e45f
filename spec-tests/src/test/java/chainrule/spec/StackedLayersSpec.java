// SPDX-License-Identifier: MIT
package chainrule.spec;

import static chainrule.spec.witness.ExactArithmetic.EXACT;

import chainrule.cli.Main;
import chainrule.nn.Backpropagation;
import chainrule.nn.Layer;
import chainrule.nn.Network;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Softplus;
import chainrule.nn.activation.Tanh;
import chainrule.random.CounterRandom;
import chainrule.nn.loss.HalfSquaredError;
import chainrule.nn.loss.Reduction;
import chainrule.spec.ForwardSpec.Forward;
import chainrule.spec.ledger.Ledger;
import chainrule.spec.ledger.Ledger.Entry;
import chainrule.spec.ledger.Proves;
import chainrule.spec.witness.Arithmetic;
import chainrule.spec.witness.Dual;
import chainrule.spec.witness.NoisyArithmetic;
import chainrule.spec.witness.NoisyArithmetic.Noisy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The documents' formulas for several layers: as nested functions, matrices and columns. Also the output layer that
 * each kind of task gets.
 */
class StackedLayersSpec {
  @TempDir Path directory;

  private static final List<Activation> ELEMENTWISE = List.of(new Tanh(), new Sigmoid(), new Relu(), new Softplus());

  /** Dense layers of random widths, with φ in the hidden ones and random biases. */
  static Network stack(int depth, Activation phi, Activation output, long seed) {
    Network.Builder builder = Network.input(1 + CounterRandom.below(4, seed, 1, 0));
    for (int l = 1; l <= depth; l++) {
      builder.dense(1 + CounterRandom.below(4, seed, 1, l), l == depth ? output : phi);
    }
    Network net = builder.build(seed);
    double[] theta = net.parameters();
    for (int i = 0; i < theta.length; i++) theta[i] += 0.3 * CounterRandom.normal(seed, 2, i);
    return net;
  }

  private static double[] input(Network net, long seed) {
    double[] x = new double[net.inputs()];
    for (int i = 0; i < x.length; i++) x[i] = CounterRandom.normal(seed, 3, i);
    return x;
  }

  private static void check(Entry entry, double[] got, List<Dual> exact, List<Noisy> noise, Object... place) {
    for (int j = 0; j < got.length; j++) {
      double error = exact.get(j).v().subtract(new BigDecimal(got[j])).abs().doubleValue();
      double ratio = NetworkGradientSpec.over(error, noise.get(j).noise());
      entry.check("value over noise", ratio, NetworkGradientSpec.BOUND, j, place);
    }
  }

  /** The column W·a + b, where W is [out × in], the transpose of the layer's matrix. */
  private static <N> List<N> column(Arithmetic<N> k, double[][] w, List<N> a, double[] b) {
    List<N> z = new ArrayList<>();
    for (int r = 0; r < w.length; r++) {
      List<N> terms = new ArrayList<>();
      for (int c = 0; c < w[r].length; c++) terms.add(k.times(k.constant(w[r][c]), a.get(c)));
      terms.add(k.constant(b[r]));
      z.add(k.sum(terms));
    }
    return z;
  }

  private static double[][] transposed(Network net, int l) {
    Layer layer = net.layers().get(l);
    double[][] w = new double[layer.outputs()][layer.inputs()];
    for (int j = 0; j < w.length; j++) for (int i = 0; i < w[j].length; i++) w[j][i] = ForwardSpec.w(net, l, i, j);
    return w;
  }

  private static double[] biases(Network net, int l) {
    double[] b = new double[net.layers().get(l).outputs()];
    for (int j = 0; j < b.length; j++) b[j] = ForwardSpec.b(net, l, j);
    return b;
  }

  private static <N> List<N> constants(Arithmetic<N> k, double[] x) {
    return Arrays.stream(x).mapToObj(k::constant).toList();
  }

  /** 004-forward in columns: a^(k) = σ(w^(k) a^(k−1) + b^(k)) for k = 1 … K. */
  private static <N> List<N> columns(Arithmetic<N> k, Network net, double[] x) {
    List<N> a = constants(k, x);
    for (int l = 0; l < net.layers().size(); l++) {
      List<N> z = column(k, transposed(net, l), a, biases(net, l));
      a = NetworkWitness.activate(k, net.layers().get(l).activation(), z);
    }
    return a;
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  @Proves(value = "004-forward", home = "Network#forward", by = "Network#predict")
  void columnsWithTransposedWeightsGiveTheSameAsRows(
      @ForAll @IntRange(min = 1, max = 4) int depth, @ForAll @IntRange(min = 0, max = 3) int phi,
      @ForAll @LongRange(min = 1, max = 1_000_000) long seed) {
    columnSpec(Network::predict, stack(depth, ELEMENTWISE.get(phi), new Sigmoid(), seed), seed, Ledger::of);
    Ledger.of("004-forward").remark("The document's a is a column and its w is [out × in]; Dense uses rows and "
        + "W = wᵀ [in × out].");
  }

  static void columnSpec(Forward subject, Network net, long seed, Function<String, Entry> ledger) {
    double[] x = input(net, seed);
    check(ledger.apply("004-forward"), subject.predict(net, x), columns(EXACT, net, x),
        columns(new NoisyArithmetic(), net, x), net, seed);
  }

  /** 002-nested without the two outer f's: f(W³ f(W² f(W¹x + b¹) + b²) + b³). */
  private static <N> List<N> nested(Arithmetic<N> k, Network net, Activation f, double[] x) {
    List<N> inner = NetworkWitness.activate(k, f, column(k, transposed(net, 0), constants(k, x), biases(net, 0)));
    List<N> middle = NetworkWitness.activate(k, f, column(k, transposed(net, 1), inner, biases(net, 1)));
    return NetworkWitness.activate(k, f, column(k, transposed(net, 2), middle, biases(net, 2)));
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  @Proves(value = "002-nested", by = "Network#predict")
  void threeLayersAreThreeNestedActivations(
      @ForAll @IntRange(min = 0, max = 3) int phi, @ForAll @LongRange(min = 1, max = 1_000_000) long seed) {
    Activation f = ELEMENTWISE.get(phi);
    nestedSpec(Network::predict, stack(3, f, f, seed), f, seed, Ledger::of);
  }

  static void nestedSpec(Forward subject, Network net, Activation f, long seed, Function<String, Entry> ledger) {
    double[] x = input(net, seed);
    check(ledger.apply("002-nested"), subject.predict(net, x), nested(EXACT, net, f, x),
        nested(new NoisyArithmetic(), net, f, x), net, seed);
  }

  /** 002-half-sse for three layers: ½ Σ_i (y_i − f(… f(w² f(w¹x + b¹) + b²) …)_i)². */
  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  @Proves(value = "002-half-sse", home = "HalfSquaredError#value", by = "Backpropagation#loss")
  void theHalfSquaredErrorOfNestedActivationsIsTheLoss(
      @ForAll @IntRange(min = 0, max = 3) int phi, @ForAll @LongRange(min = 1, max = 1_000_000) long seed) {
    Activation f = ELEMENTWISE.get(phi);
    Network net = stack(3, f, f, seed);
    halfSseSpec(Ledger.of("002-half-sse"), net, f, seed, (x, y) ->
        new Backpropagation(net, new HalfSquaredError(Reduction.SUM), 1).loss(1, x, 0, y, 0));
    Ledger.of("002-half-sse").remark("Read with b² inside its layer's f and without one closing bracket: "
        + "f(w² f(w¹x + b¹) + b²).");
  }

  static void halfSseSpec(Entry entry, Network net, Activation f, long seed, ToDoubleBiFunction<double[], double[]> l) {
    double[] x = input(net, seed), y = new double[net.outputs()];
    for (int i = 0; i < y.length; i++) y[i] = CounterRandom.normal(seed, 4, i);
    NoisyArithmetic k = new NoisyArithmetic();
    check(entry, new double[] {l.applyAsDouble(x, y)}, List.of(halfSse(EXACT, nested(EXACT, net, f, x), y)),
        List.of(halfSse(k, nested(k, net, f, x), y)), net, seed);
  }

  private static <N> N halfSse(Arithmetic<N> k, List<N> yhat, double[] y) {
    List<N> terms = new ArrayList<>();
    for (int i = 0; i < y.length; i++) {
      N e = k.minus(k.constant(y[i]), yhat.get(i));
      terms.add(k.times(k.constant(0.5), k.times(e, e)));
    }
    return k.sum(terms);
  }

  /** One unit per layer, with w = 1 and b = 0. */
  private static Network ones(int depth, Activation hidden, Activation output) {
    Network.Builder builder = Network.input(1);
    for (int l = 1; l <= depth; l++) builder.dense(1, l == depth ? output : hidden);
    Network net = builder.build(1);
    for (int i = 0; i < net.parameters().length; i++) net.parameters()[i] = i % 2 == 0 ? 1 : 0;
    return net;
  }

  @Test
  @Proves(value = "002-nested", home = "Network#forward", by = "Network#predict")
  void thePrintedTwoOuterActivationsAreTooMany() {
    Network net = ones(3, new Tanh(), new Tanh());
    double[] x = {1};
    List<Dual> right = nested(EXACT, net, new Tanh(), x);
    List<Dual> printed = NetworkWitness.activate(EXACT, new Tanh(), NetworkWitness.activate(EXACT, new Tanh(), right));
    double got = net.predict(x)[0], wrong = printed.get(0).value();
    check(Ledger.of("002-nested"), new double[] {got}, right, nested(new NoisyArithmetic(), net, new Tanh(), x));
    Ledger.of("002-nested").counterexample(Math.abs(got - 0.5663) < 1e-4 && Math.abs(wrong - 0.4720) < 1e-4,
        "f = tanh, every W = 1, every b = 0, x = 1: three layers give tanh(tanh(tanh 1)) = 0.566, the printed five "
        + "f's give 0.472");
  }

  /** 003-forward as printed, without hidden activations: σ_L((X·W_1 + b_1)·W_2 + … + b_L). */
  private static <N> List<N> printed003(Arithmetic<N> k, Network net, double[] x) {
    List<N> a = constants(k, x);
    for (int l = 0; l < net.layers().size(); l++) a = column(k, transposed(net, l), a, biases(net, l));
    return NetworkWitness.activate(k, net.output().activation(), a);
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  @Proves(value = "003-forward", by = "Network#predict")
  void theForwardPassAppliesTheHiddenActivations(
      @ForAll @IntRange(min = 1, max = 4) int depth, @ForAll @IntRange(min = 0, max = 3) int phi,
      @ForAll @LongRange(min = 1, max = 1_000_000) long seed) {
    Entry entry = Ledger.of("003-forward");
    Network linear = stack(depth, new Linear(), new Tanh(), seed),
        real = stack(depth, ELEMENTWISE.get(phi), new Tanh(), seed);
    double[] x = input(linear, seed);
    check(entry, linear.predict(x), printed003(EXACT, linear, x), printed003(new NoisyArithmetic(), linear, x), linear,
        seed);
    check(entry, real.predict(x), columns(EXACT, real, x), columns(new NoisyArithmetic(), real, x), real, seed);
  }

  @Test
  @Proves(value = "003-forward", home = "Network#forward", by = "Network#predict")
  void thePrintedFormWithoutHiddenActivationsIsAnotherFunction() {
    Network net = ones(2, new Tanh(), new Linear());
    double[] x = {1};
    double printed = printed003(EXACT, net, x).get(0).value(), got = net.predict(x)[0];
    check(Ledger.of("003-forward"), new double[] {got}, columns(EXACT, net, x), columns(new NoisyArithmetic(), net, x));
    Ledger.of("003-forward").counterexample(printed == 1 && Math.abs(got - 0.7616) < 1e-4,
        "W_1 = W_2 = 1, no biases, hidden tanh, linear output, x = 1: printed 1; with the hidden activation, tanh 1 = "
        + "0.762. They are equal only if the hidden layers are linear.");
  }

  /** 003-dense: with W [n × m] and x [n], Wᵀx exists, and Wx only if n = m, where the two differ. */
  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  @Proves(value = "003-dense", home = "Dense#forward")
  void aDenseLayerIsWTransposedTimesX(@ForAll @LongRange(min = 1, max = 1_000_000) long seed) {
    denseSpec(Network::predict, stack(1, new Linear(), new Linear(), seed), seed, Ledger.of("003-dense"));
    Ledger.of("003-dense").remark("With W [n × m] and x [n], read Wᵀ·x + b, as in the document's next line: w_ij "
        + "connects input i to unit j. W·x exists only for n = m and is another vector: "
        + "W = (1 2; 3 4), x = (1, 0) gives (1, 2), not (1, 3).");
  }

  static void denseSpec(Forward subject, Network net, long seed, Entry entry) {
    double[] x = input(net, seed);
    check(entry, subject.predict(net, x), column(EXACT, transposed(net, 0), constants(EXACT, x), biases(net, 0)),
        column(new NoisyArithmetic(), transposed(net, 0), constants(new NoisyArithmetic(), x), biases(net, 0)), net,
        seed);
    Network square = Network.input(2).dense(2, new Linear()).build(1);
    System.arraycopy(new double[] {1, 2, 3, 4, 0, 0}, 0, square.parameters(), 0, 6);
    double[] z = subject.predict(square, new double[] {1, 0});
    entry.exact(1, z[0]);
    entry.exact(2, z[1]);
  }

  /**
   * A stack of linear layers against the single layer W_1·W_2·…, b_1·W_2·… + … + b_L, computed in 50 digits. The bound
   * is the noise of the same stack with absolute values, since the product of the matrices has other partial sums.
   */
  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  @Proves(value = "002-linear-collapse", by = "Linear#value")
  void aStackOfLinearLayersIsOneLinearLayer(
      @ForAll @IntRange(min = 1, max = 6) int depth, @ForAll @LongRange(min = 1, max = 1_000_000) long seed) {
    collapseSpec(Network::predict, stack(depth, new Linear(), new Linear(), seed), seed,
        Ledger.of("002-linear-collapse"));
  }

  static void collapseSpec(Forward subject, Network net, long seed, Entry entry) {
    int in = net.inputs(), out = net.outputs();
    Network one = Network.input(in).dense(out, new Linear()).build(1);
    List<Dual> bias = printed003(EXACT, net, new double[in]); // the stack maps 0 to b, and e_i to w_i + b
    double[] x = input(net, seed), size = new double[in];
    for (int i = 0; i < in; i++) {
      double[] unit = new double[in];
      unit[i] = 1;
      List<Dual> row = printed003(EXACT, net, unit);
      for (int j = 0; j < out; j++) one.parameters()[i * out + j] = row.get(j).minus(bias.get(j)).value();
      size[i] = Math.abs(x[i]);
    }
    for (int j = 0; j < out; j++) one.parameters()[in * out + j] = bias.get(j).value();
    List<Dual> exact = printed003(EXACT, net, x);
    double[] stacked = subject.predict(net, x), collapsed = subject.predict(one, x), kept = net.parameters().clone();
    for (int i = 0; i < kept.length; i++) net.parameters()[i] = Math.abs(kept[i]);
    List<Noisy> noise = printed003(new NoisyArithmetic(), net, size);
    System.arraycopy(kept, 0, net.parameters(), 0, kept.length);
    check(entry, stacked, exact, noise, net, "stacked", seed);
    check(entry, collapsed, exact, noise, net, "collapsed", seed);
  }

  /** â + b̂(a + bx) = (â + b̂a) + (b̂b)x, exact in small integers. With tanh in between, it is not linear. */
  @Test
  @Proves(value = "002-linear-collapse", home = "Linear#value")
  void twoLinearFunctionsAreOneAndWithAnActivationBetweenThemTheyAreNot() {
    Entry entry = Ledger.of("002-linear-collapse");
    Network two = Network.input(1).dense(1, new Linear()).dense(1, new Linear()).build(1);
    Network bent = Network.input(1).dense(1, new Tanh()).dense(1, new Linear()).build(1);
    for (int a = -3; a <= 3; a++) {
      for (int b = -3; b <= 3; b++) {
        double aHat = 2 - a, bHat = b + 5;
        System.arraycopy(new double[] {b, a, bHat, aHat}, 0, two.parameters(), 0, 4);
        for (int x = -4; x <= 4; x++) {
          entry.exact((aHat + bHat * a) + bHat * b * x, two.predict(new double[] {x})[0], a, b, x);
        }
      }
    }
    System.arraycopy(new double[] {1, 0, 1, 0}, 0, bent.parameters(), 0, 4);
    ToDoubleFunction<Double> f = x -> bent.predict(new double[] {x})[0];
    entry.holds(Math.abs(f.applyAsDouble(2.0) - 2 * f.applyAsDouble(1.0)) > 0.5, "tanh 2 must differ from 2 tanh 1");
  }

  /** The line "network" of the command line for two classes, more classes and numbers. */
  @Test
  @Proves(value = "002-head-choice", home = "TrainingPlan#head", by = "Main#run")
  void eachKindOfTaskGetsTheDocumentsOutputLayer() throws IOException {
    Entry entry = Ledger.of("002-head-choice");
    StringBuilder three = new StringBuilder("x,label\n"), numbers = new StringBuilder("x,y\n");
    for (int i = 0; i < 60; i++) {
      three.append(i).append(',').append(List.of("low", "middle", "high").get(i / 20)).append('\n');
      numbers.append(i).append(',').append(0.5 * i + i % 7).append('\n');
    }
    String classes = Files.writeString(directory.resolve("three.csv"), three).toString();
    String values = Files.writeString(directory.resolve("numbers.csv"), numbers).toString();
    entry.holds(networkLine("moons").contains("1 sigmoid,"), networkLine("moons"));
    entry.holds(networkLine("circles").contains("1 sigmoid,"), networkLine("circles"));
    entry.holds(networkLine(classes).contains("3 softmax,"), networkLine(classes));
    entry.holds(networkLine(values).contains("1 linear,"), networkLine(values));
    entry.remark("The command line uses one sigmoid for two classes, a softmax for more, and linear for numbers. The "
        + "document's tanh, for targets ±1, is available but not the default of any task.");
  }

  private static String networkLine(String data) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(), err = new ByteArrayOutputStream();
    int status = Main.run(List.of("train", data, "--epochs", "1", "--threads", "1", "--layers", "4:relu"),
        new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8), false);
    if (status != 0) throw new AssertionError(err.toString(StandardCharsets.UTF_8));
    return out.toString(StandardCharsets.UTF_8).lines().filter(l -> l.startsWith("network")).findFirst().orElseThrow();
  }
}
