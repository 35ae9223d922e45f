// SPDX-License-Identifier: MIT
package chainrule.spec;

import static chainrule.spec.witness.ExactArithmetic.EXACT;
import static chainrule.spec.witness.HighPrecision.DIGITS;

import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Gelu;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Softmax;
import chainrule.nn.activation.Softplus;
import chainrule.nn.activation.Tanh;
import chainrule.nn.loss.HalfSquaredError;
import chainrule.nn.loss.Loss;
import chainrule.nn.loss.MeanSquaredError;
import chainrule.nn.loss.Reduction;
import chainrule.nn.loss.SumOfSquaredErrors;
import chainrule.random.CounterRandom;
import chainrule.spec.NetworkSample.Head;
import chainrule.spec.ledger.Ledger;
import chainrule.spec.ledger.Ledger.Entry;
import chainrule.spec.ledger.Proves;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/**
 * The documents' formulas of backpropagation, each computed on small networks in 50 digits, as printed. The result must
 * equal the derivative of the loss by dual numbers (within 1e-35, so this tests the formula) and the code's result.
 */
class BackpropagationSpec {
  private static final List<Activation> SMOOTH_AND_KINKED =
      List.of(new Tanh(), new Sigmoid(), new Relu(), new Softplus(), new Gelu(), new Linear());
  private static final List<Loss> LOSSES =
      List.of(new HalfSquaredError(Reduction.SUM), new MeanSquaredError(), new SumOfSquaredErrors());

  /** Returns three dense layers of one to three units, with random activations and a squared error. */
  static NetworkSample small(long seed, int rows) {
    int[] pick = new int[8];
    for (int i = 0; i < 8; i++) pick[i] = CounterRandom.below(60, seed, 9, i);
    Network.Builder builder = Network.input(1 + pick[0] % 3);
    for (int l = 1; l <= 3; l++) builder.dense(1 + pick[l] % 3, SMOOTH_AND_KINKED.get(pick[3 + l] % 6));
    Network net = builder.build(seed);
    Head head = new Head(net.output().activation(), LOSSES.get(pick[7] % 3), net.outputs());
    return NetworkSample.of(net, head, Regularization.NONE, rows, seed);
  }

  /** Compares a gradient with the printed formula, both kinds of dual numbers, and finite differences. */
  static final class Comparison {
    final NetworkSample s;
    final GradientSubject subject;
    final double[] g;
    final double[] dx;

    Comparison(Function<NetworkSample, GradientSubject> implementation, NetworkSample s) {
      this.s = s;
      this.subject = implementation.apply(s);
      this.g = new double[s.theta().length];
      this.dx = new double[s.x().length];
      subject.lossAndGradients(g, dx);
    }

    /** Checks that the printed formula and the code give the derivative with respect to number v. */
    void check(int v, BigDecimal printed, List<Entry> entries) {
      BigDecimal exact = new NetworkWitness<>(EXACT, s, v).loss().d();
      for (Entry entry : entries) entry.check("formula", relative(printed, exact), 1e-35, s, v, printed, exact);
      NetworkGradientSpec.derivativeSpec(subject, s, v, v < g.length ? g[v] : dx[v - g.length], entries);
    }
  }

  private static double relative(BigDecimal a, BigDecimal b) {
    if (a.compareTo(b) == 0) return 0;
    BigDecimal size = a.abs().max(b.abs());
    BigDecimal floor = new BigDecimal("1e-10"); // terms of size 1 may cancel
    return a.subtract(b).abs().divide(size.max(floor), DIGITS).doubleValue();
  }

  private static List<Entry> entries(Function<String, Entry> ledger, String... ids) {
    return List.of(ids).stream().map(ledger).toList();
  }

  /** For a batch of one row, δ is the gradient of the biases. */
  @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
  @Proves(value = {"000-5.1", "001-delta", "003-delta-output", "004-backprop-3"},
      home = "Backpropagation#applyDerivative", by = "Backpropagation#lossAndGradients")
  void theOutputErrorIsTheLossDerivativeTimesTheActivationDerivative(
      @ForAll @LongRange(min = 1, max = 1_000_000) long seed) {
    outputErrorSpec(GradientSubject::chainrule, small(seed, 1), Ledger::of);
  }

  static void outputErrorSpec(
      Function<NetworkSample, GradientSubject> implementation, NetworkSample s, Function<String, Entry> ledger) {
    Comparison c = new Comparison(implementation, s);
    ExactNetwork network = new ExactNetwork(s, 0);
    BigDecimal[] delta = network.outputError();
    for (int j = 0; j < delta.length; j++) {
      c.check(network.biasIndex(network.last(), j), delta[j],
          entries(ledger, "000-5.1", "001-delta", "003-delta-output", "004-backprop-3"));
    }
  }

  /** z = (0, 0), so a = (½, ½); y = (1, 0), so ∂C/∂a = (−½, ½). */
  @Test
  @Proves(value = {"000-5.1", "003-delta-output"}, by = "Softmax#applyDerivative")
  void softmaxNeedsItsJacobianWhereTheHadamardProductIsPrinted() {
    Network net = Network.input(1).dense(2, new Softmax()).build(1);
    Arrays.fill(net.parameters(), 0);
    NetworkSample s = new NetworkSample(net, new HalfSquaredError(Reduction.SUM), Regularization.NONE, 1,
        new double[] {1}, new double[] {1, 0}, 1, 1, 0);
    double[] a = net.predict(s.x()), g = {a[0] - 1, a[1]};
    double printed = g[0] * a[0] * (1 - a[0]);
    BigDecimal exact = new NetworkWitness<>(EXACT, s, 2).loss().d();
    BigDecimal jacobian = BigDecimal.ZERO;
    for (int i = 0; i < 2; i++) { // Σ_i g_i a_i (δ_i0 − a_0)
      jacobian = jacobian.add(new BigDecimal(g[i] * a[i] * ((i == 0 ? 1 : 0) - a[0])));
    }
    Comparison c = new Comparison(GradientSubject::chainrule, s);
    String remark = "Only for an element-wise φ. For softmax at z = (0, 0), y = (1, 0), C = ½‖a − y‖², ⊙ with a(1 − a) "
        + "gives −1/8; the product with the Jacobian gives −1/4, which is ∂C/∂z. Softmax uses the Jacobian.";
    for (String id : List.of("000-5.1", "003-delta-output")) {
      Ledger.of(id).exact(-0.125, printed);
      Ledger.of(id).holds(exact.compareTo(new BigDecimal("-0.25")) == 0 && jacobian.compareTo(exact) == 0, exact,
          jacobian);
      Ledger.of(id).holds(printed != exact.doubleValue());
      Ledger.of(id).remark(remark);
      c.check(2, jacobian, List.of(Ledger.of(id)));
    }
  }

  /** The general case: δ_j = Σ_i ∂C/∂a_i · a_i(δ_ij − a_j). */
  @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
  @Proves(value = {"000-5.1", "003-delta-output"}, by = "Softmax#applyDerivative")
  void theOutputErrorOfSoftmaxIsAProductWithItsJacobian(
      @ForAll @IntRange(min = 1, max = 4) int units, @ForAll @LongRange(min = 1, max = 1_000_000) long seed) {
    Network net = Network.input(2).dense(2, new Tanh()).dense(units, new Softmax()).build(seed);
    Head head = new Head(new Softmax(), new HalfSquaredError(Reduction.SUM), units);
    NetworkSample s = NetworkSample.of(net, head, Regularization.NONE, 1, seed);
    ExactNetwork network = new ExactNetwork(s, 0);
    Comparison c = new Comparison(GradientSubject::chainrule, s);
    BigDecimal[] a = network.a[1];
    for (int j = 0; j < units; j++) {
      BigDecimal delta = BigDecimal.ZERO;
      for (int i = 0; i < units; i++) {
        BigDecimal jacobian = a[i].multiply((i == j ? BigDecimal.ONE : BigDecimal.ZERO).subtract(a[j]));
        delta = delta.add(network.costSlope(i).multiply(jacobian));
      }
      c.check(network.biasIndex(1, j), delta, entries(Ledger::of, "000-5.1", "003-delta-output"));
    }
  }

  @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
  @Proves(value = {"000-5.2", "001-backprop", "004-backprop-4"}, home = "Backpropagation#backward",
      by = "Backpropagation#lossAndGradients")
  @Proves(value = "003-delta-hidden", by = "Backpropagation#lossAndGradients")
  void aHiddenErrorPropagatesThroughTheWeightsOfTheNextLayer(@ForAll @LongRange(min = 1, max = 1_000_000) long seed) {
    hiddenErrorSpec(GradientSubject::chainrule, small(seed, 1), Ledger::of);
  }

  static void hiddenErrorSpec(
      Function<NetworkSample, GradientSubject> implementation, NetworkSample s, Function<String, Entry> ledger) {
    Comparison c = new Comparison(implementation, s);
    ExactNetwork network = new ExactNetwork(s, 0);
    BigDecimal[] row = network.outputError(), index = row, column = row;
    for (int l = network.last() - 1; l >= 0; l--) {
      row = network.rowForm(l, row);
      index = network.indexForm(l, index);
      column = network.columnForm(l, l + 1, column);
      for (int i = 0; i < row.length; i++) {
        int v = network.biasIndex(l, i);
        c.check(v, row[i], entries(ledger, "000-5.2"));
        c.check(v, index[i], entries(ledger, "001-backprop"));
        c.check(v, column[i], entries(ledger, "003-delta-hidden", "004-backprop-4"));
      }
    }
  }

  /** x = 1, w_1 = 2, w_2 = 3, no biases, linear, y = 5: ŷ = 6 and δ_2 = ŷ − y = 1. */
  @Test
  @Proves(value = "003-delta-hidden", home = "Backpropagation#backward", by = "Backpropagation#lossAndGradients")
  void theHiddenErrorWithTheWeightsOfItsOwnLayerIsWrong() {
    Network net = Network.input(1).dense(1, new Linear()).dense(1, new Linear()).build(1);
    System.arraycopy(new double[] {2, 0, 3, 0}, 0, net.parameters(), 0, 4);
    NetworkSample s = new NetworkSample(net, new HalfSquaredError(Reduction.SUM), Regularization.NONE, 1,
        new double[] {1}, new double[] {5}, 1, 1, 0);
    ExactNetwork network = new ExactNetwork(s, 0);
    double printed = network.columnForm(0, 0, network.outputError())[0].doubleValue();
    double right = network.columnForm(0, 1, network.outputError())[0].doubleValue();
    double exact = new NetworkWitness<>(EXACT, s, 1).loss().derivative();
    Ledger.of("003-delta-hidden").exact(3, exact);
    Ledger.of("003-delta-hidden").exact(exact, right);
    Ledger.of("003-delta-hidden").exact(exact, new Comparison(GradientSubject::chainrule, s).g[1]);
    Ledger.of("003-delta-hidden").counterexample(printed == 2 && printed != exact,
        "x = 1, w_1 = 2, w_2 = 3, linear, y = 5, C = ½(ŷ − y)²: the printed W_l gives δ_1 = 2; W_{l+1} gives "
        + "δ_1 = 3 = ∂C/∂z_1");
  }

  /** 2 inputs, 3 hidden units, 1 output: W_1ᵀ is [3 × 2], and δ_2 has one element. */
  @Test
  @Proves(value = "003-delta-hidden", by = "Backpropagation#lossAndGradients")
  void theShapesOfTheHiddenErrorAsPrintedFitOnlySquareLayers() {
    Network net = Network.input(2).dense(3, new Tanh()).dense(1, new Tanh()).build(1);
    var first = net.layers().get(0);
    var second = net.layers().get(1);
    Ledger.of("003-delta-hidden").holds(second.outputs() != first.outputs() && second.outputs() != first.inputs());
  }

  @Property(tries = 20, edgeCases = EdgeCasesMode.NONE)
  @Proves(value = {"000-5.3", "000-5.4", "003-grad-w", "003-grad-b", "004-backprop-5"},
      home = "Dense#parameterGradient")
  void gradientsAreSumsOfInputTimesErrorOverTheRows(
      @ForAll @IntRange(min = 1, max = 3) int rows, @ForAll @LongRange(min = 1, max = 1_000_000) long seed) {
    gradientsSpec(GradientSubject::chainrule, small(seed, rows), Ledger::of);
    Ledger.of("000-5.3").remark("A sum over the rows of the batch. The optimizer applies the learning rate, and a mean "
        + "loss puts its factor 1/n into δ.");
    Ledger.of("000-5.4").remark("k + 1 is the number of rows: the code sums δ over the rows of the batch.");
    Ledger.of("003-grad-w").remark("The document counts layers backwards: its a_{l+1} is the activation of the "
        + "preceding layer. Read as aᵀ·δ, [in × n]·[n × out].");
    Ledger.of("004-backprop-5").remark("Read as ∂C/∂w_ik = a_k δ_i and ∂C/∂b_i = δ_i. The document omits i in the "
        + "first, and prints δ_j for δ_i in the second.");
  }

  static void gradientsSpec(
      Function<NetworkSample, GradientSubject> implementation, NetworkSample s, Function<String, Entry> ledger) {
    Comparison c = new Comparison(implementation, s);
    ExactNetwork[] network = new ExactNetwork[s.rows()];
    BigDecimal[][][] delta = new BigDecimal[s.rows()][][];
    for (int r = 0; r < s.rows(); r++) {
      network[r] = new ExactNetwork(s, r);
      delta[r] = network[r].errors();
    }
    for (int l = 0; l < network[0].layers.size(); l++) {
      int in = network[0].layers.get(l).inputs(), out = network[0].layers.get(l).outputs();
      for (int j = 0; j < out; j++) {
        BigDecimal db = BigDecimal.ZERO;
        for (int r = 0; r < s.rows(); r++) db = db.add(delta[r][l][j]);
        c.check(network[0].biasIndex(l, j), db, entries(ledger, "000-5.4", "003-grad-b", "004-backprop-5"));
        for (int i = 0; i < in; i++) {
          BigDecimal dw = BigDecimal.ZERO;
          for (int r = 0; r < s.rows(); r++) dw = dw.add(network[r].before(l, i).multiply(delta[r][l][j]));
          c.check(network[0].weightIndex(l, i, j), dw, entries(ledger, "000-5.3", "003-grad-w", "004-backprop-5"));
        }
      }
    }
  }

  /** For a single neuron, the gradient is one product, so the code must return that product, rounded once. */
  @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
  @Proves(value = {"001-grad-w", "001-grad-b"}, home = "Dense#parameterGradient")
  @Proves(value = "004-backprop-1", by = "Dense#parameterGradient")
  void theGradientOfANeuronIsItsErrorTimesItsInput(
      @ForAll @IntRange(min = 1, max = 6) int inputs, @ForAll @LongRange(min = 1, max = 1_000_000) long seed) {
    Network net = Network.input(inputs).dense(1, SMOOTH_AND_KINKED.get((int) (seed % 6))).build(seed);
    Head head = new Head(net.output().activation(), new HalfSquaredError(Reduction.SUM), 1);
    neuronSpec(GradientSubject::chainrule, NetworkSample.of(net, head, Regularization.NONE, 1, seed), Ledger::of);
  }

  static void neuronSpec(
      Function<NetworkSample, GradientSubject> implementation, NetworkSample s, Function<String, Entry> ledger) {
    Comparison c = new Comparison(implementation, s);
    ExactNetwork network = new ExactNetwork(s, 0);
    BigDecimal delta = network.outputError()[0];
    int inputs = s.net().inputs();
    c.check(inputs, delta, entries(ledger, "001-grad-b"));
    for (int i = 0; i < inputs; i++) {
      c.check(i, delta.multiply(new BigDecimal(s.x()[i])), entries(ledger, "001-grad-w"));
      ledger.apply("001-grad-w").exact(c.g[inputs] * s.x()[i], c.g[i], s, i);
      ledger.apply("004-backprop-1").exact(c.g[inputs] * s.x()[i], c.g[i], "the first layer uses x itself", s, i);
    }
  }

  /** Checks for one row that the first layer multiplies δ by x itself: a¹ = x, without an activation. */
  static void neuronInputs(NetworkSample s, Entry entry) {
    Comparison c = new Comparison(GradientSubject::chainrule, s);
    ExactNetwork network = new ExactNetwork(s, 0);
    for (int i = 0; i < s.net().inputs(); i++) {
      for (int j = 0; j < network.z[0].length; j++) {
        entry.exact(c.g[network.biasIndex(0, j)] * s.x()[i], c.g[network.weightIndex(0, i, j)], s, i, j);
      }
    }
  }

  /** 000 uses a sum, 001-mse a mean. The gradient follows the reduction of the loss. */
  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  @Proves(value = {"000-5.3", "000-5.4"}, by = "Reduction#factor")
  void theGradientOfAMeanIsTheMeanOfTheGradient(
      @ForAll @IntRange(min = 1, max = 5) int rows, @ForAll @LongRange(min = 1, max = 1_000_000) long seed) {
    NetworkSample s = small(seed, rows);
    NetworkSample sum = with(s, new SumOfSquaredErrors()), mean = with(s, new MeanSquaredError());
    double[] gSum = new Comparison(GradientSubject::chainrule, sum).g;
    double[] gMean = new Comparison(GradientSubject::chainrule, mean).g;
    for (int i = 0; i < gSum.length; i++) {
      double noise = NetworkGradientSpec.noisy(mean, i).slopeNoise();
      double error = NetworkGradientSpec.over(Math.abs(gMean[i] - gSum[i] / rows), noise);
      for (String id : List.of("000-5.3", "000-5.4")) {
        Ledger.of(id).check("mean", error, NetworkGradientSpec.BOUND, s, i);
      }
    }
  }

  static NetworkSample with(NetworkSample s, Loss loss) {
    return new NetworkSample(s.net(), loss, Regularization.NONE, s.rows(), s.x(), s.y(), s.seed(), s.step(),
        s.firstRow());
  }
}
