// SPDX-License-Identifier: MIT
package chainrule.spec;

import static chainrule.spec.witness.ExactArithmetic.EXACT;

import chainrule.nn.Layer;
import chainrule.nn.Network;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Softplus;
import chainrule.nn.activation.Step;
import chainrule.nn.activation.Tanh;
import chainrule.random.CounterRandom;
import chainrule.spec.ledger.Ledger;
import chainrule.spec.ledger.Ledger.Entry;
import chainrule.spec.ledger.Proves;
import chainrule.spec.witness.Arithmetic;
import chainrule.spec.witness.Dual;
import chainrule.spec.witness.HighPrecision;
import chainrule.spec.witness.NoisyArithmetic;
import chainrule.spec.witness.NoisyArithmetic.Noisy;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntPredicate;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/**
 * Compares predict with the documents' forward formulas, each written as printed in plain loops, in 50 digits.
 */
class ForwardSpec {
  private static final List<Activation> ELEMENTWISE = List.of(new Linear(), new Tanh(), new Sigmoid(), new Relu(),
      new Softplus());

  /** Computes the outputs of a network: the code under test, or an implementation with a planted bug. */
  interface Forward {
    double[] predict(Network net, double[] x);
  }

  /** Returns random numbers of mixed magnitudes and signs. */
  private static double[] numbers(int n, long seed, int stream) {
    double[] v = new double[n];
    for (int i = 0; i < n; i++) {
      v[i] = Math.scalb(CounterRandom.normal(seed, stream, i), CounterRandom.below(9, seed, 100 + stream, i) - 6);
    }
    return v;
  }

  private static Network filled(Network net, long seed) {
    System.arraycopy(numbers(net.parameters().length, seed, 1), 0, net.parameters(), 0, net.parameters().length);
    return net;
  }

  /** Returns w_ij of layer l, from unit i to unit j. */
  static double w(Network net, int l, int i, int j) {
    Layer layer = net.layers().get(l);
    return net.parameters()[layer.offset() + i * layer.outputs() + j];
  }

  static double b(Network net, int l, int j) {
    Layer layer = net.layers().get(l);
    return net.parameters()[layer.offset() + layer.weights() + j];
  }

  /** Checks a value within the rounding errors of the same formula in noisy arithmetic and of the code. */
  private static void check(Entry entry, double got, Dual exact, Noisy noisy, Object... place) {
    double error = exact.v().subtract(new BigDecimal(got)).abs().doubleValue();
    entry.check("value over noise", NetworkGradientSpec.over(error, noisy.noise()), NetworkGradientSpec.BOUND, place);
  }

  /** 000-3.1: z = x × w + b. */
  private static <N> N preActivation(Arithmetic<N> k, Network net, double[] x) {
    List<N> terms = new ArrayList<>();
    for (int i = 0; i < x.length; i++) terms.add(k.times(k.constant(x[i]), k.constant(w(net, 0, i, 0))));
    terms.add(k.constant(b(net, 0, 0)));
    return k.sum(terms);
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  @Proves(value = "000-3.1", home = "Dense#forward")
  @Proves(value = "000-3.2", home = "Network#activate", by = "Dense#forward")
  void aNeuronAddsItsWeightedInputsAndItsBiasAndAppliesItsActivation(
      @ForAll @IntRange(min = 1, max = 40) int inputs, @ForAll @LongRange(min = 1, max = 1_000_000) long seed) {
    neuronSpec(Network::predict, inputs, seed, Ledger::of);
  }

  static void neuronSpec(Forward subject, int inputs, long seed, Function<String, Entry> ledger) {
    double[] x = numbers(inputs, seed, 2);
    NoisyArithmetic k = new NoisyArithmetic();
    for (Activation phi : NetworkSample.ACTIVATIONS) {
      Network net = filled(Network.input(inputs).dense(1, phi).build(seed), seed);
      Dual z = preActivation(EXACT, net, x), a = NetworkWitness.activate(EXACT, phi, List.of(z)).get(0);
      Noisy noise = NetworkWitness.activate(k, phi, List.of(preActivation(k, net, x))).get(0);
      String id = phi instanceof Linear ? "000-3.1" : "000-3.2";
      check(ledger.apply(id), subject.predict(net, x)[0], a, noise, net, seed);
    }
  }

  /** 001: z_j = Σ_i w_ij x_i + b_j, a_j = φ(z_j). 003-dense-element is the same formula. */
  private static <N> List<N> byElements(Arithmetic<N> k, Network net, double[] x) {
    List<N> z = new ArrayList<>();
    for (int j = 0; j < net.outputs(); j++) {
      List<N> terms = new ArrayList<>();
      for (int i = 0; i < x.length; i++) terms.add(k.times(k.constant(w(net, 0, i, j)), k.constant(x[i])));
      terms.add(k.constant(b(net, 0, j)));
      z.add(k.sum(terms));
    }
    return z;
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  @Proves(value = {"001-preactivation", "003-dense-element"}, home = "Dense#forward")
  @Proves(value = "001-activation", home = "Network#activate", by = "Dense#forward")
  void eachUnitOfALayerUsesItsOwnColumnOfWeights(
      @ForAll @IntRange(min = 1, max = 12) int inputs, @ForAll @IntRange(min = 1, max = 20) int units,
      @ForAll @IntRange(min = 0, max = 4) int phi, @ForAll @LongRange(min = 1, max = 1_000_000) long seed) {
    layerSpec(Network::predict, inputs, units, ELEMENTWISE.get(phi), seed, Ledger::of);
  }

  static void layerSpec(
      Forward subject, int inputs, int units, Activation phi, long seed, Function<String, Entry> ledger) {
    Network linear = filled(Network.input(inputs).dense(units, new Linear()).build(seed), seed);
    Network net = filled(Network.input(inputs).dense(units, phi).build(seed), seed);
    int rows = 3;
    double[] batch = numbers(rows * inputs, seed, 2), z = subject.predict(linear, batch),
        a = subject.predict(net, batch);
    for (int r = 0; r < rows; r++) {
      double[] x = Arrays.copyOfRange(batch, r * inputs, (r + 1) * inputs);
      List<Dual> exact = byElements(EXACT, net, x);
      List<Noisy> noise = byElements(new NoisyArithmetic(), net, x);
      for (int j = 0; j < units; j++) {
        for (String id : List.of("001-preactivation", "003-dense-element")) {
          check(ledger.apply(id), z[r * units + j], exact.get(j), noise.get(j), net, r, j);
        }
        check(ledger.apply("001-activation"), a[r * units + j], NetworkWitness.elementwise(EXACT, phi, exact.get(j)),
            NetworkWitness.elementwise(new NoisyArithmetic(), phi, noise.get(j)), net, r, j);
      }
    }
  }

  /** With w = 1 and b = 0, z = x exactly, so a = φ(x). */
  @Property(tries = 300)
  @Proves(value = {"000-3.2", "001-activation"}, by = "Network#predict")
  void activationsAreWithinTwoUlps(@ForAll @DoubleRange(min = -700, max = 700) double x) {
    // ElementarySpec tests tanh, which needs another witness for small x
    for (Activation phi : List.of(new Sigmoid(), new Softplus())) {
      Network net = Network.input(1).dense(1, phi).build(1);
      System.arraycopy(new double[] {1, 0}, 0, net.parameters(), 0, 2);
      Dual exact = phi instanceof Sigmoid ? NetworkWitness.elementwise(EXACT, phi, Dual.constant(x))
          : new Dual(HighPrecision.softplus(new BigDecimal(x)), BigDecimal.ZERO);
      double a = net.predict(new double[] {x})[0];
      for (String id : List.of("000-3.2", "001-activation")) Ledger.of(id).ulps(a, exact.v(), 2, phi.name(), x);
    }
  }

  @Test
  @Proves(value = {"000-3.1", "001-preactivation"}, by = "Dense#forward")
  void specialValuesPropagateThroughALayer() {
    double inf = Double.POSITIVE_INFINITY, nan = Double.NaN, max = Double.MAX_VALUE, min = Double.MIN_VALUE;
    double[][] cases = { // x_1, x_2, w_1, w_2, b, z
        {nan, 1, 1, 1, 0, nan}, {inf, 1, 2, 1, 0, inf}, {inf, 1, -2, 1, 0, -inf}, {inf, 1, 0, 1, 0, nan},
        {inf, inf, 1, -1, 0, nan}, {max, max, 1, 1, 0, inf}, {max, -max, 2, 2, 0, inf}, {1, 1, nan, 1, 0, nan},
        {1, 1, 1, 1, nan, nan}, {1, 1, 1, 1, -inf, -inf}, {min, 0, 1, 1, 0, min}, {min, min, 1, 1, 0, 2 * min},
        {0, 0, 1, 1, 0, 0}, {-0.0, 0, 1, 1, -0.0, 0}};
    for (double[] c : cases) {
      Network net = Network.input(2).dense(1, new Linear()).build(1);
      System.arraycopy(c, 2, net.parameters(), 0, 3);
      double z = net.predict(new double[] {c[0], c[1]})[0];
      for (String id : List.of("000-3.1", "001-preactivation")) Ledger.of(id).exact(c[5], z, (Object) c);
    }
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  @Proves(value = "000-4.1", home = "ActivationLayer#forward")
  void anActivationOnTheInputIsOptional(
      @ForAll @IntRange(min = 1, max = 6) int inputs, @ForAll @IntRange(min = 0, max = 4) int which,
      @ForAll @LongRange(min = 1, max = 1_000_000) long seed) {
    Entry entry = Ledger.of("000-4.1");
    Activation phi = ELEMENTWISE.get(which);
    double[] x = numbers(inputs, seed, 2);
    double[] a0 = Network.input(inputs).activation(phi).build(1).predict(x);
    for (int i = 0; i < inputs; i++) {
      check(entry, a0[i], NetworkWitness.elementwise(EXACT, phi, Dual.constant(x[i])),
          NetworkWitness.elementwise(new NoisyArithmetic(), phi, new NoisyArithmetic().constant(x[i])), phi.name(),
          x[i]);
    }
    // With a⁰ = φ(x), the input of the next layer is a⁰; without, it is x.
    Network on = filled(Network.input(inputs).activation(phi).dense(3, new Tanh()).build(1), seed);
    Network off = filled(Network.input(inputs).dense(3, new Tanh()).build(1), seed);
    double[] of = on.predict(x), same = off.predict(a0), plain = off.predict(x);
    for (int j = 0; j < 3; j++) entry.exact(same[j], of[j], phi.name(), seed);
    List<Dual> direct = byElements(EXACT, off, x);
    List<Noisy> noise = byElements(new NoisyArithmetic(), off, x);
    for (int j = 0; j < 3; j++) {
      check(entry, plain[j], NetworkWitness.elementwise(EXACT, new Tanh(), direct.get(j)),
          NetworkWitness.elementwise(new NoisyArithmetic(), new Tanh(), noise.get(j)), seed);
    }
    entry.remark("In Network.input(n).dense(…) x enters unchanged, as in 001 to 004. With .activation(φ) as the first "
        + "layer, a⁰ = φ(x), as in 000.");
  }

  /** Tests the corrected form, with the pre-activation of 000-3.1, and the printed form for W = I and b = 0. */
  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  @Proves(value = "000-4.2", by = "Network#predict")
  void aLayerAppliesItsActivationToTheWeightedOutputOfThePreviousLayer(
      @ForAll @IntRange(min = 1, max = 4) int units, @ForAll @LongRange(min = 1, max = 1_000_000) long seed) {
    Entry entry = Ledger.of("000-4.2");
    Network net = Network.input(units).dense(units, new Tanh()).dense(units, new Sigmoid()).build(1);
    filled(net, seed);
    double[] x = numbers(units, seed, 2);
    Network first = Network.input(units).dense(units, new Tanh()).build(1);
    Network second = Network.input(units).dense(units, new Sigmoid()).build(1);
    System.arraycopy(net.parameters(), 0, first.parameters(), 0, first.parameters().length);
    System.arraycopy(net.parameters(), first.parameters().length, second.parameters(), 0, second.parameters().length);
    double[] a1 = first.predict(x), a2 = net.predict(x), again = second.predict(a1);
    List<Dual> z = byElements(EXACT, second, a1);
    List<Noisy> noise = byElements(new NoisyArithmetic(), second, a1);
    for (int j = 0; j < units; j++) {
      entry.exact(again[j], a2[j], seed);
      check(entry, a2[j], NetworkWitness.elementwise(EXACT, new Sigmoid(), z.get(j)),
          NetworkWitness.elementwise(new NoisyArithmetic(), new Sigmoid(), noise.get(j)), seed);
    }
    for (int i = 0; i < units; i++) {
      for (int j = 0; j <= units; j++) second.parameters()[j * units + i] = i == j ? 1 : 0;
    }
    double[] literal = second.predict(a1);
    for (int j = 0; j < units; j++) {
      check(entry, literal[j], NetworkWitness.elementwise(EXACT, new Sigmoid(), Dual.constant(a1[j])),
          NetworkWitness.elementwise(new NoisyArithmetic(), new Sigmoid(), new NoisyArithmetic().constant(a1[j])),
          seed);
    }
  }

  /** φ is the identity, a¹ = 1, w² = 2, b² = 0. */
  @Test
  @Proves(value = "000-4.2", home = "Network#forward", by = "Network#predict")
  void aLayerIsNotJustTheActivationOfThePreviousLayer() {
    Network net = Network.input(1).dense(1, new Linear()).build(1);
    net.parameters()[0] = 2;
    double printed = new Linear().value(1), got = net.predict(new double[] {1})[0];
    Ledger.of("000-4.2").exact(2, got);
    Ledger.of("000-4.2").counterexample(printed == 1 && printed != got,
        "φ(z) = z, aⁿ⁻¹ = 1, wⁿ = 2, bⁿ = 0: printed aⁿ = φ(1) = 1; with the pre-activation of 000-3.1, aⁿ = φ(2) = 2. "
            + "The printed line holds only for w = I and b = 0");
  }

  /** z_1 = f(w_11x_1 + w_21x_2 + w_31x_3 + b): here the first index is that of the input. */
  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  @Proves(value = {"002-neuron", "002-layer"}, home = "Dense#forward")
  void theFirstIndexOfAWeightIsTheInputIn002NeuronAndTheUnitIn002Layer(
      @ForAll @IntRange(min = 0, max = 4) int which, @ForAll @LongRange(min = 1, max = 1_000_000) long seed) {
    indexSpec(Network::predict, ELEMENTWISE.get(which), seed, Ledger::of);
    Ledger.of("002-layer").remark("W' of 002-layer has one row per unit, and W of Dense has one column per unit: "
        + "W = W'ᵀ. Read with the indices of 002-neuron, the same numbers give the layer with Wᵀ.");
  }

  static void indexSpec(Forward subject, Activation f, long seed, Function<String, Entry> ledger) {
    double[][] w = new double[3][3]; // w[p][q] is w_pq of the document
    double[] bias = numbers(3, seed, 3), x = numbers(3, seed, 2);
    Network byInput = Network.input(3).dense(3, f).build(1), byUnit = Network.input(3).dense(3, f).build(1);
    for (int p = 0; p < 3; p++) {
      w[p] = numbers(3, seed, 10 + p);
      for (int q = 0; q < 3; q++) {
        byInput.parameters()[p * 3 + q] = w[p][q];
        byUnit.parameters()[q * 3 + p] = w[p][q]; // W = W'ᵀ
      }
      byInput.parameters()[9 + p] = bias[p];
      byUnit.parameters()[9 + p] = bias[p];
    }
    double[] neuron = subject.predict(byInput, x), layer = subject.predict(byUnit, x);
    NoisyArithmetic k = new NoisyArithmetic();
    for (int j = 0; j < 3; j++) {
      double[] column = {w[0][j], w[1][j], w[2][j]};
      check(ledger.apply("002-neuron"), neuron[j], three(EXACT, f, column, x, bias[j]),
          three(k, f, column, x, bias[j]), seed);
      check(ledger.apply("002-layer"), layer[j], three(EXACT, f, w[j], x, bias[j]), three(k, f, w[j], x, bias[j]),
          seed);
      check(ledger.apply("002-layer"), neuron[j], three(EXACT, f, column, x, bias[j]), three(k, f, column, x, bias[j]),
          seed);
    }
  }

  /** f(w_1x_1 + w_2x_2 + w_3x_3 + b). */
  private static <N> N three(Arithmetic<N> k, Activation f, double[] w, double[] x, double bias) {
    return NetworkWitness.elementwise(k, f, k.sum(List.of(k.times(k.constant(w[0]), k.constant(x[0])),
        k.times(k.constant(w[1]), k.constant(x[1])), k.times(k.constant(w[2]), k.constant(x[2])), k.constant(bias))));
  }

  /** Sets the weights by hand and checks every row of the truth table. A sum of exactly 0 must give 1. */
  @Test
  @Proves(value = "002-perceptron", home = "Step#value")
  void perceptronsComputeAndOrAndNand() {
    perceptronSpec(Network::predict, Ledger.of("002-perceptron"));
  }

  static void perceptronSpec(Forward subject, Entry entry) {
    for (int n = 2; n <= 3; n++) {
      int all = n;
      gate(subject, entry, n, 1, -n, ones -> ones == all); // AND: the sum is exactly 0 if all inputs are 1
      gate(subject, entry, n, 1, -1, ones -> ones > 0); // OR
      gate(subject, entry, n, -1, n - 1, ones -> ones < all); // NAND
      gate(subject, entry, n, -1, 0, ones -> ones == 0); // NOR
    }
    Network xor = Network.input(2).dense(2, new Step()).dense(1, new Step()).build(1);
    System.arraycopy(new double[] {1, -1, 1, -1, -1, 1, 1, 1, -2}, 0, xor.parameters(), 0, 9); // AND of OR and NAND
    for (int c = 0; c < 4; c++) {
      entry.exact((c & 1) ^ (c >> 1), subject.predict(xor, new double[] {c & 1, c >> 1})[0], "xor", c);
    }
  }

  private static void gate(
      Forward subject, Entry entry, int n, double weight, double bias, IntPredicate gate) {
    Network net = Network.input(n).dense(1, new Step()).build(1);
    Arrays.fill(net.parameters(), weight);
    net.parameters()[n] = bias;
    for (int corner = 0; corner < 1 << n; corner++) {
      double[] x = new double[n];
      for (int i = 0; i < n; i++) x[i] = corner >> i & 1;
      entry.exact(gate.test(Integer.bitCount(corner)) ? 1 : 0, subject.predict(net, x)[0], weight, bias, corner);
    }
  }
}
