// SPDX-License-Identifier: MIT
package chainrule.spec;

import chainrule.nn.Dense;
import chainrule.nn.Layer;
import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Softmax;
import chainrule.nn.loss.BinaryCrossEntropy;
import chainrule.nn.loss.CategoricalCrossEntropy;
import chainrule.nn.loss.Loss;
import chainrule.nn.loss.Reduction;
import chainrule.spec.NetworkSample.Head;
import chainrule.spec.ledger.Ledger;
import chainrule.spec.ledger.Ledger.Entry;
import chainrule.spec.ledger.Proves;
import chainrule.spec.witness.ExactArithmetic;
import chainrule.spec.witness.NoisyArithmetic;
import chainrule.spec.witness.NoisyArithmetic.Noisy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/**
 * The gradient of whole networks by every parameter and every input, against dual numbers and five-point differences.
 * Depth, widths, activations, loss and penalties are random, and the dropout mask is fixed.
 */
class NetworkGradientSpec {
  /**
   * The largest error of a derivative, in units of its noise. {@link NoisyArithmetic} counts every rounding of one
   * computation, and there are two: the code under test and the witness.
   */
  static final double BOUND = 2 * NoisyArithmetic.UNIT;

  @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
  @Proves(value = {"000-5.2", "000-5.3", "000-5.4", "001-backprop", "002-chain-network", "003-grad-w", "003-grad-b",
      "004-backprop-2", "004-backprop-4", "004-backprop-5"}, by = "Backpropagation#lossAndGradients")
  void gradientsOfRandomNetworksAgreeWithBothWitnesses(
      @ForAll @IntRange(min = 0, max = 4) int depth, @ForAll @IntRange(min = 0, max = 41) int head,
      @ForAll @LongRange(min = 1, max = 1_000_000_000) long seed) {
    NetworkSample s = NetworkSample.random(seed, depth, NetworkSample.HEADS.get(head));
    gradientSpec(GradientSubject::chainrule, s, Ledger::of);
  }

  @Test
  @Proves(value = {"001-backprop", "000-5.2"}, by = "Backpropagation#lossAndGradients")
  void gradientsAreRightForEveryActivationBeforeEveryLoss() {
    long seed = 1;
    for (Activation phi : NetworkSample.ACTIVATIONS) {
      for (Head head : NetworkSample.HEADS) {
        Network net = Network.input(2).dense(3, phi).dense(head.units(), head.activation()).build(++seed);
        NetworkSample s = NetworkSample.of(net, head, Regularization.NONE, 2, seed);
        gradientSpec(GradientSubject::chainrule, s, Ledger::of);
      }
    }
  }

  @Property(tries = 30, edgeCases = EdgeCasesMode.NONE)
  @Proves(value = {"000-5.2", "000-5.3", "000-5.4", "001-backprop", "002-chain-network"},
      by = "Backpropagation#lossAndGradients")
  void gradientsOfRandomNetworksAgreeWithFiftyDigits(
      @ForAll @IntRange(min = 0, max = 2) int depth, @ForAll @IntRange(min = 0, max = 41) int head,
      @ForAll @LongRange(min = 1, max = 1_000_000_000) long seed) {
    NetworkSample s = NetworkSample.random(seed, depth, NetworkSample.HEADS.get(head));
    double[] g = new double[s.theta().length], dx = new double[s.x().length];
    GradientSubject.chainrule(s).lossAndGradients(g, dx);
    for (int v = 0; v < g.length + dx.length; v++) {
      double exact = new NetworkWitness<>(ExactArithmetic.EXACT, s, v).loss().derivative();
      double got = v < g.length ? g[v] : dx[v - g.length];
      Noisy noise = noisy(s, v);
      for (String id : ids(s, v)) {
        checkDual(Ledger.of(id), got, exact, noise, s, v);
      }
    }
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  @Proves(value = {"000-5.1", "001-delta"}, by = "Backpropagation#lossAndGradients")
  void fusedAndUnfusedLossesHaveTheSameGradients(
      @ForAll @IntRange(min = 0, max = 3) int depth, @ForAll boolean softmax, @ForAll Reduction reduction,
      @ForAll @LongRange(min = 1, max = 1_000_000_000) long seed) {
    Loss loss = softmax ? new CategoricalCrossEntropy(reduction) : new BinaryCrossEntropy(reduction);
    Head head = new Head(softmax ? new Softmax() : new Sigmoid(), loss, 3);
    NetworkSample fused = NetworkSample.random(seed, depth, head);
    NetworkSample apart = new NetworkSample(fused.net(), new UnfusedLoss(loss), fused.regularization(), fused.rows(),
        fused.x(), fused.y(), fused.seed(), fused.step(), fused.firstRow());
    double[] g1 = new double[fused.theta().length], dx1 = new double[fused.x().length], g2 = g1.clone(),
        dx2 = dx1.clone();
    GradientSubject.chainrule(fused).lossAndGradients(g1, dx1);
    GradientSubject.chainrule(apart).lossAndGradients(g2, dx2);
    for (int v = 0; v < g1.length + dx1.length; v++) {
      double one = v < g1.length ? g1[v] : dx1[v - g1.length], other = v < g1.length ? g2[v] : dx2[v - g1.length];
      double noise = noisy(fused, v).slopeNoise();
      Ledger.of("000-5.1").check("unfused", over(Math.abs(one - other), noise), BOUND, fused, v, one, other);
      Ledger.of("001-delta").check("unfused", over(Math.abs(one - other), noise), BOUND, fused, v, one, other);
    }
  }

  /** The spec of any implementation of a loss and its gradient. The museum passes in wrong ones. */
  static void gradientSpec(
      Function<NetworkSample, GradientSubject> implementation, NetworkSample s, Function<String, Entry> ledger) {
    GradientSubject subject = implementation.apply(s);
    double[] g = new double[s.theta().length], dx = new double[s.x().length], again = g.clone(), dxAgain = dx.clone();
    double loss = subject.lossAndGradients(g, dx);
    Noisy exact = noisy(s, -1);
    ledger.apply("004-backprop-2").check("value over noise", over(Math.abs(loss - exact.v()), exact.noise()), BOUND, s);
    for (int v = 0; v < g.length + dx.length; v++) {
      double gradient = v < g.length ? g[v] : dx[v - g.length];
      derivativeSpec(subject, s, v, gradient, ids(s, v).stream().map(ledger).toList());
    }
    subject.lossAndGradients(again, dxAgain); // the first call leaves nothing behind
    for (int i = 0; i < g.length; i++) ledger.apply("000-5.3").exact(g[i], again[i], s, "second call", i);
    for (int i = 0; i < dx.length; i++) {
      ledger.apply("002-chain-network").exact(dx[i], dxAgain[i], s, "second call", i);
    }
  }

  /**
   * Checks a derivative against the exact one, first in units of its noise. The ledger records the error relative to
   * Σ|terms|, the natural scale of a sum over paths. Where an activation is so saturated that its slope 1 − a² is
   * noise, the scale is that of the noise.
   */
  static void checkDual(Entry entry, double got, double exact, Noisy bound, Object... place) {
    double error = Math.abs(got - exact), scale = Math.max(bound.scale(), bound.slopeNoise() * BOUND / 1e-13);
    entry.check("dual over noise", over(error, bound.slopeNoise()), BOUND, place, "got", got, "exact", exact);
    entry.check(Entry.DUAL, over(error, scale), 1e-13, place, "got", got, "exact", exact);
  }

  /** Checks one derivative against both witnesses. */
  static void derivativeSpec(GradientSubject subject, NetworkSample s, int v, double gradient, List<Entry> entries) {
    NoisyArithmetic k = new NoisyArithmetic();
    Noisy exact = new NetworkWitness<>(k, s, v).loss();
    String place = place(s, v);
    double h = step(k), difference = fivePoint(subject, s, v, h);
    double floor = 1.5 * NoisyArithmetic.UNIT * exact.noise() / h;
    double byDifferences = over(Math.abs(gradient - difference), Math.max(Math.abs(gradient), floor / 1e-9));
    for (Entry entry : entries) {
      checkDual(entry, gradient, exact.d(), exact, place);
      entry.check(Entry.DIFFERENCE, byDifferences, 1e-9, place, "got", gradient, "differences", difference);
    }
  }

  /**
   * The step of the differences: a power of two that moves no argument of a curved function by more than 2⁻¹¹, and
   * reaches no kink. The truncation error is h⁴/30 times a fifth derivative, which grows with the fifth power of the
   * steepest argument s. So it is below s · 2⁻⁴⁴/30 times the fifth derivatives of the activations and losses (16 for
   * tanh). The rounding error is far larger: f carries {@code noise} units of 2⁻⁵³, and the rule adds
   * (1 + 8 + 8 + 1)/12 of them, divided by h.
   */
  private static double step(NoisyArithmetic k) {
    double h = Math.min(0x1p-11 / Math.max(1, k.steepest()), k.clearance() / 3);
    return Math.scalb(1.0, Math.getExponent(h));
  }

  private static double fivePoint(GradientSubject subject, NetworkSample s, int v, double h) {
    double[] array = v < s.theta().length ? s.theta() : s.x();
    int at = v < s.theta().length ? v : v - s.theta().length;
    double kept = array[at];
    double[] f = new double[5];
    for (int step = -2; step <= 2; step++) {
      array[at] = kept + step * h;
      if (step != 0) f[step + 2] = subject.loss();
    }
    array[at] = kept;
    return ((f[0] - f[4]) + 8 * (f[3] - f[1])) / (12 * h);
  }

  static Noisy noisy(NetworkSample s, int variable) {
    return new NetworkWitness<>(new NoisyArithmetic(), s, variable).loss();
  }

  /** Here 0/0 is 0: a derivative by a variable that the loss does not depend on must be exactly 0. */
  static double over(double error, double condition) {
    return error == 0 ? 0 : error / condition;
  }

  /** The formulas that a derivative tests: those of weights, biases or inputs, and in hidden layers those of δ. */
  private static List<String> ids(NetworkSample s, int v) {
    if (v >= s.theta().length) return List.of("002-chain-network");
    List<String> ids = new ArrayList<>();
    Layer layer = layerOf(s, v);
    boolean weight = v - layer.offset() < layer.weights();
    ids.addAll(weight ? List.of("000-5.3", "003-grad-w", "004-backprop-5") : List.of("000-5.4", "003-grad-b"));
    if (layer != s.net().output()) ids.addAll(List.of("000-5.2", "001-backprop", "004-backprop-4"));
    return ids;
  }

  private static Layer layerOf(NetworkSample s, int v) {
    return s.net().layers().stream()
        .filter(l -> l instanceof Dense && v >= l.offset() && v < l.offset() + l.parameters())
        .findFirst().orElseThrow();
  }

  private static String place(NetworkSample s, int v) {
    return (v < s.theta().length ? "parameter " + v : "input " + (v - s.theta().length)) + " of " + s;
  }
}
