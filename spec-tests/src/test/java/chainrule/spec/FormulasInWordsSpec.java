// SPDX-License-Identifier: MIT
package chainrule.spec;

import static chainrule.spec.witness.HighPrecision.DIGITS;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chainrule.random.CounterRandom;
import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.TrainingStep;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Tanh;
import chainrule.nn.loss.HalfSquaredError;
import chainrule.nn.loss.Reduction;
import chainrule.nn.optimizer.Optimizer;
import chainrule.spec.BackpropagationSpec.Comparison;
import chainrule.spec.NetworkSample.Head;
import chainrule.spec.OptimizerRules.Hyper;
import chainrule.spec.OptimizerRules.Rule;
import chainrule.spec.PlainBackpropagation.Defect;
import chainrule.spec.ledger.Ledger;
import chainrule.spec.ledger.Ledger.Entry;
import chainrule.spec.ledger.Proves;
import chainrule.spec.witness.Bounded;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/**
 * Formulas that the documents state in words: document 003's steps of backpropagation, and document 002's final result.
 */
class FormulasInWordsSpec {

  /** A network of one unit per layer, with every weight 1 and every bias 0. */
  private static NetworkSample chain(Network net, double x, double y) {
    double[] theta = net.parameters();
    for (int i = 0; i < theta.length; i++) theta[i] = i % 2 == 0 ? 1 : 0;
    return new NetworkSample(net, new HalfSquaredError(Reduction.SUM), Regularization.NONE, 1, new double[] {x},
        new double[] {y}, 1, 1, 0);
  }

  // ---------------------------------------------------------------- 003, step 1

  /** With one row, δ_l is the gradient of the biases of layer l. */
  @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
  @Proves(value = "003-backprop-1", by = "Backpropagation#lossAndGradients")
  void theErrorSignalOfEachLayerIsTheGradientByItsPreActivations(
      @ForAll @LongRange(min = 1, max = 1_000_000) long seed) {
    errorSignalSpec(GradientSubject::chainrule, BackpropagationSpec.small(seed, 1), Ledger.of("003-backprop-1"));
  }

  static void errorSignalSpec(
      Function<NetworkSample, GradientSubject> implementation, NetworkSample s, Entry entry) {
    Comparison c = new Comparison(implementation, s);
    ExactNetwork page = new ExactNetwork(s, 0);
    BigDecimal[][] delta = page.errors();
    for (int l = 0; l <= page.last(); l++) {
      for (int j = 0; j < delta[l].length; j++) c.check(page.biasIndex(l, j), delta[l][j], List.of(entry));
    }
  }

  /** σ(0) = ½ and σ'(0) = ¼. */
  @Test
  @Proves(value = "003-backprop-1", home = "Backpropagation#backward", by = "Backpropagation#lossAndGradients")
  void theErrorSignalIsNotTheGradientByTheActivations() {
    NetworkSample s = chain(Network.input(1).dense(1, new Sigmoid()).build(1), 0, 1);
    ExactNetwork page = new ExactNetwork(s, 0);
    double byActivation = page.costSlope(0).doubleValue(), signal = new Comparison(GradientSubject::chainrule, s).g[1];
    Entry entry = Ledger.of("003-backprop-1");
    entry.exact(-0.125, signal);
    entry.counterexample(byActivation == -0.5 && byActivation != signal,
        "one sigmoid, z = 0, y = 1, L = ½(a − y)²: ∂L/∂a = −½; δ = ∂L/∂a·σ'(z) = ∂L/∂z = −⅛, which is ∂L/∂b");
  }

  // ---------------------------------------------------------------- 003, step 2

  @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
  @Proves(value = "003-backprop-2", by = "Dense#parameterGradient")
  void theErrorSignalAndThePreviousActivationsGiveTheGradientsOfTheParameters(
      @ForAll @LongRange(min = 1, max = 1_000_000) long seed) {
    stepTwoSpec(GradientSubject::chainrule, BackpropagationSpec.small(seed, 1), Ledger.of("003-backprop-2"));
  }

  static void stepTwoSpec(Function<NetworkSample, GradientSubject> implementation, NetworkSample s, Entry entry) {
    Comparison c = new Comparison(implementation, s);
    ExactNetwork page = new ExactNetwork(s, 0);
    BigDecimal[][] delta = page.errors();
    for (int l = 0; l <= page.last(); l++) {
      for (int j = 0; j < delta[l].length; j++) {
        c.check(page.biasIndex(l, j), delta[l][j], List.of(entry));
        for (int i = 0; i < page.layers.get(l).inputs(); i++) {
          c.check(page.weightIndex(l, i, j), page.before(l, i).multiply(delta[l][j]), List.of(entry));
        }
      }
    }
  }

  @Test
  @Proves(value = "003-backprop-2", home = "Dense#parameterGradient")
  void theErrorSignalAndActivationsDoNotDetermineTheParameters() {
    Entry entry = Ledger.of("003-backprop-2");
    double[] gradients = new double[2], weights = {2, 4};
    for (int k = 0; k < 2; k++) {
      NetworkSample s = chain(Network.input(1).dense(1, new Linear()).build(1), 1, weights[k] + 3);
      s.theta()[0] = weights[k];
      gradients[k] = new Comparison(GradientSubject::chainrule, s).g[0];
      entry.exact(-3, gradients[k], "ŷ − y times x", weights[k]);
    }
    entry.counterexample(gradients[0] == gradients[1] && weights[0] != weights[1],
        "one linear unit, x = 1, b = 0, L = ½(ŷ − y)²: W = 2, y = 5 and W = 4, y = 7 have the same δ = −3 and a = 1; "
            + "step 2 computes ∂L/∂W = −3 for both, and no W");
  }

  // ---------------------------------------------------------------- 003, step 3

  /** Trains a network by one step on one batch. */
  interface Update {
    void step(NetworkSample s, Optimizer optimizer);
  }

  static final Update REAL = (s, optimizer) -> new TrainingStep(
      s.net(), s.loss(), s.regularization(), optimizer, s.rows()).run(s.rows(), s.x(), 0, s.y(), 0);

  @Property(tries = 20, edgeCases = EdgeCasesMode.NONE)
  @Proves(value = "003-backprop-3", home = "GradientSink.UpdateBlocks#update", by = "TrainingStep#run")
  void theOptimizerUpdatesEveryWeightAndBiasByItsOwnGradient(@ForAll @LongRange(min = 1, max = 1_000_000) long seed) {
    for (Rule rule : OptimizerRules.ALL) updateSpec(Ledger.of("003-backprop-3"), REAL, rule, seed);
  }

  /** One step on one row against the optimizer's recurrence, with the gradients of a full backward pass. */
  static void updateSpec(Entry entry, Update subject, Rule rule, long seed) {
    NetworkSample s = BackpropagationSpec.small(seed, 1);
    Hyper h = OptimizerRules.usual(rule, 0.1);
    double[] before = s.theta().clone(), g = new Comparison(GradientSubject::chainrule, s).g;
    subject.step(s, rule.subject().apply(h));
    for (int i = 0; i < g.length; i++) {
      Bounded[] memory = new Bounded[rule.slots().length()];
      Arrays.fill(memory, Bounded.ZERO);
      Bounded exact = rule.page().apply(h).step(1, Bounded.of(h.rate()), Bounded.of(before[i]), Bounded.of(g[i]),
          memory);
      double way = exact.v().subtract(new BigDecimal(before[i])).abs().doubleValue();
      OptimizerTrajectorySpec.near(entry, s.theta()[i], exact.v(), Math.max(Math.abs(before[i]), way), rule, s, i);
    }
  }

  // ---------------------------------------------------------------- 002, the final result

  /** Three layers of random widths with one output, which is the loss, so that ∂L/∂x is ∂ŷ/∂x. */
  private static NetworkSample threeLayers(long seed) {
    int[] width = new int[3];
    for (int i = 0; i < 3; i++) width[i] = 1 + CounterRandom.below(3, seed, 7, i);
    Network net = Network.input(width[0]).dense(width[1], new Tanh()).dense(width[2], new Sigmoid())
        .dense(1, new Tanh()).build(seed);
    return NetworkSample.of(net, new Head(new Tanh(), new MiniBatchSpec.Output(), 1), Regularization.NONE, 1, seed);
  }

  /** ∂h¹/∂x_1 … ∂h⁴/∂x_1 of the first units: h¹, h², h³ are the pre-activations of the three layers, and h⁴ is ŷ. */
  private static BigDecimal[] flow(ExactNetwork page) {
    BigDecimal[] flow = new BigDecimal[4], d = new BigDecimal[page.layers.get(0).inputs()];
    Arrays.fill(d, BigDecimal.ZERO);
    d[0] = BigDecimal.ONE;
    for (int l = 0; l < 3; l++) {
      BigDecimal[] next = new BigDecimal[page.z[l].length];
      for (int j = 0; j < next.length; j++) {
        next[j] = BigDecimal.ZERO;
        for (int i = 0; i < d.length; i++) next[j] = next[j].add(page.w(l, i, j).multiply(d[i], DIGITS), DIGITS);
      }
      flow[l] = next[0];
      for (int j = 0; j < next.length; j++) next[j] = next[j].multiply(page.slope(l, j), DIGITS);
      d = next;
    }
    flow[3] = d[0];
    return flow;
  }

  @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
  @Proves(value = "002-chain-result", by = "Backpropagation#inputGradients")
  void theFinalResultIsTheDerivativeOfTheOutput(@ForAll @LongRange(min = 1, max = 1_000_000) long seed) {
    resultSpec(GradientSubject::chainrule, threeLayers(seed), Ledger.of("002-chain-result"));
  }

  static void resultSpec(Function<NetworkSample, GradientSubject> implementation, NetworkSample s, Entry entry) {
    new Comparison(implementation, s).check(s.theta().length, flow(new ExactNetwork(s, 0))[3], List.of(entry));
  }

  @Test
  @Proves(value = "002-chain-result", home = "Backpropagation#inputGradients")
  void theFinalResultIsNotTheDerivativeOfTheSecondLayer() {
    Network net = Network.input(1).dense(1, new Tanh()).dense(1, new Tanh()).dense(1, new Tanh()).build(1);
    NetworkSample s = chain(net, 1, 0);
    s = new NetworkSample(net, new MiniBatchSpec.Output(), Regularization.NONE, 1, s.x(), s.y(), 1, 1, 0);
    BigDecimal[] flow = flow(new ExactNetwork(s, 0));
    double second = flow[1].doubleValue(), got = new Comparison(GradientSubject::chainrule, s).dx[0];
    Entry entry = Ledger.of("002-chain-result");
    entry.exact(1, flow[0].doubleValue());
    entry.counterexample(Math.abs(second - 0.41997) < 1e-5 && Math.abs(got - 0.16770) < 1e-5,
        "f = tanh, every W = 1, every b = 0, x_1 = 1: h²x_1 = ∂(W²f(W¹x + b¹) + b²)/∂x_1 = 0.41997; "
            + "h⁴x_1 = ∂ŷ/∂x_1 = 0.16770");
  }

  // ---------------------------------------------------------------- the museum

  /** The code under test, with {@code planted} applied to its [gradients, dx]. */
  private static Function<NetworkSample, GradientSubject> planted(
      Function<NetworkSample, UnaryOperator<double[][]>> planted) {
    return s -> {
      GradientSubject real = GradientSubject.chainrule(s);
      return new GradientSubject() {
        @Override public double loss() {
          return real.loss();
        }

        @Override public double lossAndGradients(double[] gradients, double[] dx) {
          double loss = real.lossAndGradients(gradients, dx);
          double[][] wrong = planted.apply(s).apply(new double[][] {gradients.clone(), dx.clone()});
          System.arraycopy(wrong[0], 0, gradients, 0, gradients.length);
          System.arraycopy(wrong[1], 0, dx, 0, dx.length);
          return loss;
        }
      };
    };
  }

  private static void rejected(Consumer<Entry> exhibit, String what) {
    assertThrows(AssertionError.class, () -> exhibit.accept(Ledger.scratch("museum")), what + " was accepted");
  }

  @Test
  void theStatementsTakenLiterallyAreRejected() {
    NetworkSample s = chain(Network.input(1).dense(1, new Tanh()).dense(1, new Sigmoid()).build(1), 0.5, 1);
    errorSignalSpec(planted(t -> same -> same), s, Ledger.scratch("museum"));
    rejected(e -> errorSignalSpec(t -> new PlainBackpropagation(t, Defect.OUTPUT_SLOPE_FORGOTTEN), s, e),
        "∂L/∂a at the output");
    rejected(e -> errorSignalSpec(t -> new PlainBackpropagation(t, Defect.SLOPE_FORGOTTEN), s, e),
        "∂L/∂a of a hidden layer");
    rejected(e -> stepTwoSpec(planted(t -> g -> new double[][] {t.theta().clone(), g[1]}), s, e),
        "parameters instead of gradients");
    NetworkSample layers = threeLayers(3);
    resultSpec(planted(t -> same -> same), layers, Ledger.scratch("museum"));
    rejected(e -> resultSpec(planted(t -> g -> new double[][] {g[0],
        {flow(new ExactNetwork(t, 0))[1].doubleValue(), 0, 0}}), layers, e), "h²x_1 as the final result");
  }

  @Test
  void anUpdateOfSomeParametersOnlyOrUphillIsRejected() {
    Update lastLayerOnly = (s, optimizer) -> {
      double[] before = s.theta().clone();
      REAL.step(s, optimizer);
      System.arraycopy(before, 0, s.theta(), 0, s.net().output().offset());
    };
    Update weightsOnly = (s, optimizer) -> {
      double[] before = s.theta().clone();
      REAL.step(s, optimizer);
      for (var layer : s.net().layers()) {
        int bias = layer.offset() + layer.weights();
        System.arraycopy(before, bias, s.theta(), bias, layer.outputs());
      }
    };
    Update uphill = (s, optimizer) -> {
      double[] before = s.theta().clone();
      REAL.step(s, optimizer);
      for (int i = 0; i < before.length; i++) s.theta()[i] = 2 * before[i] - s.theta()[i];
    };
    for (Rule rule : List.of(OptimizerRules.SGD, OptimizerRules.ADAM)) {
      updateSpec(Ledger.scratch("museum"), REAL, rule, 5);
      rejected(e -> updateSpec(e, lastLayerOnly, rule, 5), "an update of the last layer only");
      rejected(e -> updateSpec(e, weightsOnly, rule, 5), "an update without the biases");
      rejected(e -> updateSpec(e, uphill, rule, 5), "a step uphill");
    }
  }
}
