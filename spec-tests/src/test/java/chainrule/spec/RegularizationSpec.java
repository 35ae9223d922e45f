// SPDX-License-Identifier: MIT
package chainrule.spec;

import chainrule.nn.Backpropagation;
import chainrule.nn.Layer;
import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Tanh;
import chainrule.nn.loss.MeanSquaredError;
import chainrule.random.CounterRandom;
import chainrule.spec.ledger.Ledger;
import chainrule.spec.ledger.Ledger.Entry;
import chainrule.spec.ledger.Proves;
import chainrule.spec.witness.FiniteDifferences;
import chainrule.spec.witness.Dual;
import java.math.BigDecimal;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** L1 and L2 penalties: their values, their gradients, the parameters they apply to, and their effect on training. */
class RegularizationSpec {
  private static final double U = 0x1p-53;

  /** Penalties as training uses them. The museum implements defective ones. */
  interface Penalty {
    double penalty(Network net);

    void addGradient(Network net, double[] g);

    static Penalty of(Regularization r) {
      return new Penalty() {
        @Override public double penalty(Network net) {
          return r.penalty(net);
        }

        @Override public void addGradient(Network net, double[] g) {
          r.addGradient(net, g);
        }
      };
    }
  }

  /** Computes the training loss over a batch, penalty included, and writes its gradient to g. */
  interface Training {
    double lossAndGradients(Network net, Regularization r, double[] x, double[] y, double[] g);
  }

  static final Training REAL = (net, r, x, y, g) -> {
    int rows = x.length / net.inputs();
    Backpropagation b = new Backpropagation(net, new MeanSquaredError(), r, rows);
    double loss = b.lossAndGradients(rows, x, 0, y, 0);
    System.arraycopy(b.gradients(), 0, g, 0, g.length);
    return loss;
  };

  /** A network 2 → 3 → dropout → 2 with |θ| ≥ 0.01. */
  static Network network(long seed) {
    Network net = Network.input(2).dense(3, new Tanh()).dropout(0.25).dense(2, new Linear()).build(seed);
    double[] theta = net.parameters();
    for (int i = 0; i < theta.length; i++) {
      double v = 2 * CounterRandom.uniform(seed, 40, i) - 1;
      theta[i] = v + Math.copySign(0.01, v);
    }
    return net;
  }

  /** Whether parameter i is a weight, from the widths of the layers only. */
  private static boolean isWeight(Network net, int i) {
    int at = 0;
    for (Layer layer : net.layers()) {
      int weights = layer.parameters() == 0 ? 0 : layer.inputs() * layer.outputs();
      if (i < at + weights) return true;
      at += layer.parameters();
      if (i < at) return false;
    }
    throw new AssertionError(i);
  }

  /** λ₁Σ|θ| + λ₂Σθ² as printed, over the penalized parameters, differentiated by parameter j. */
  private static Dual printed(Network net, Regularization r, int j) {
    double[] theta = net.parameters();
    Dual l1 = Dual.ZERO, l2 = Dual.ZERO;
    for (int i = 0; i < theta.length; i++) {
      if (!r.biases() && !isWeight(net, i)) continue;
      Dual t = i == j ? Dual.variable(theta[i]) : Dual.constant(theta[i]);
      if (theta[i] != 0) l1 = l1.plus(t.abs()); // a kink at 0, which has its own test
      l2 = l2.plus(t.times(t));
    }
    return l1.times(r.l1()).plus(l2.times(r.l2()));
  }

  /** The spec of a penalty: its value, its gradient by both witnesses, and that it adds to the existing gradient. */
  static void penaltySpec(Entry value, Entry derivative, Penalty penalty, Regularization r, Network net) {
    double[] theta = net.parameters();
    int n = theta.length;
    // Roundings: n additions in each sum, one for each product, one for the total.
    value.ulps(penalty.penalty(net), printed(net, r, -1).v(), n + 3, r);
    double[] g = new double[n];
    penalty.addGradient(net, g);
    double[] existing = new double[n], sum = new double[n];
    for (int i = 0; i < n; i++) sum[i] = existing[i] = CounterRandom.normal(7, 41, i);
    penalty.addGradient(net, sum);
    for (int i = 0; i < n; i++) {
      int at = i;
      Dual exact = printed(net, r, i);
      double scale = r.l1() + 2 * r.l2() * Math.abs(theta[i]); // both terms have the sign of θ, so nothing cancels
      derivative.check(Entry.DUAL, LossChecks.error(g[i], exact.derivative(), scale), 1e-13, r, i, g[i]);
      double h = Math.abs(theta[i]) / 8, kept = theta[i]; // the rule is exact for lines and parabolas
      double numeric = FiniteDifferences.fivePoint(v -> {
        theta[at] = v;
        return penalty.penalty(net);
      }, kept, 0.125, 0);
      theta[i] = kept;
      double noise = 1.5 * U * (n + 3) * penalty.penalty(net) / (h / 2);
      derivative.check(Entry.DIFFERENCE,
          LossChecks.error(g[i], numeric, Math.max(Math.abs(numeric), 1e9 * noise)), 1e-9, r, i, g[i]);
      derivative.check(Entry.DUAL, LossChecks.error(sum[i], new BigDecimal(existing[i]).add(exact.d()).doubleValue(),
          Math.abs(existing[i]) + scale), 1e-13, "added to the existing gradient", r, i);
    }
  }

  /** L1, L2 and both, over weights only and with biases. */
  static Regularization[] some(long seed) {
    double a = Math.pow(10, -6 + 7 * CounterRandom.uniform(seed, 42, 0)),
        b = Math.pow(10, -6 + 7 * CounterRandom.uniform(seed, 42, 1));
    return new Regularization[] {
        Regularization.l1(a), Regularization.l1(a).withBiases(), Regularization.l2(b),
        Regularization.l2(b).withBiases(), Regularization.l1l2(a, b), Regularization.l1l2(a, b).withBiases()};
  }

  @Property(tries = 100)
  @Proves(value = {"003-l1", "003-l2"}, home = "Regularization#penalty")
  @Proves(value = "003-l1-d", home = "Regularization#addBoth")
  @Proves(value = "003-l2-d", home = "Regularization#addShrinkage")
  void penaltiesAndTheirGradientsFollowTheDocuments(@ForAll @LongRange(min = 1, max = 1_000_000) long seed) {
    for (Regularization r : some(seed)) {
      String id = r.l1() > 0 ? "003-l1" : "003-l2";
      penaltySpec(Ledger.of(id), Ledger.of(id + "-d"), Penalty.of(r), r, network(seed));
    }
  }

  /** One to eight dense layers with dropout and activation layers between them. */
  @Test
  @Proves(value = {"003-l1", "003-l1-d", "003-l2", "003-l2-d"}, by = "Regularization")
  void penaltiesApplyToEveryLayerOfADeepNetwork() {
    for (int depth = 1; depth <= 8; depth++) {
      Network.Builder builder = Network.input(2);
      for (int l = 1; l <= depth; l++) {
        builder.dense(1 + l % 3, new Tanh());
        if (l % 2 == 0) builder.dropout(0.5);
        if (l % 3 == 0) builder.activation(new Tanh());
      }
      Network net = builder.dense(1, new Linear()).build(depth);
      double[] theta = net.parameters();
      for (int i = 0; i < theta.length; i++) {
        double size = 0.01 + CounterRandom.uniform(depth, 45, i);
        theta[i] = i % 2 == 0 ? size : -size;
      }
      for (Regularization r : some(depth)) {
        String id = r.l1() > 0 ? "003-l1" : "003-l2";
        penaltySpec(Ledger.of(id), Ledger.of(id + "-d"), Penalty.of(r), r, net);
      }
    }
  }

  @Test
  @Proves(value = {"003-l1", "003-l1-d"}, by = "Regularization#addGradient")
  void theSlopeOfTheAbsoluteValueAtZeroIsZero() {
    zeroSpec(Ledger.of("003-l1-d"), Penalty.of(Regularization.l1(0.5).withBiases()), 0.5);
    Ledger.of("003-l1").remark("λ is not divided by the batch size: the penalty is added unchanged to a loss that is a "
        + "sum or a mean. It covers weights only, or weights and biases on request.");
  }

  static void zeroSpec(Entry entry, Penalty l1, double lambda) {
    Network net = network(1);
    double[] theta = net.parameters(), values = {0, -0.0, Double.MIN_VALUE, -Double.MIN_VALUE, 1e308, -1e308};
    double[] slopes = {0, 0, lambda, -lambda, lambda, -lambda};
    for (int i = 0; i < values.length; i++) {
      theta[2] = values[i];
      double[] g = new double[theta.length];
      l1.addGradient(net, g);
      entry.exact(slopes[i], g[2], "sign", values[i]);
    }
  }

  @Test
  @Proves(value = {"003-l1", "003-l2", "003-l1-d", "003-l2-d"}, by = "Regularization")
  void nanPropagatesAndNoPenaltyIsZero() {
    Network net = network(2);
    double[] theta = net.parameters(), g = new double[theta.length];
    Ledger.of("003-l1").exact(0, Regularization.NONE.penalty(net));
    Regularization.NONE.addGradient(net, g);
    for (double v : g) Ledger.of("003-l1-d").exact(0, v);
    theta[0] = 1e200; // its square is ∞, which must not affect L1
    theta[1] = 0;
    double rest = printed(net, Regularization.l1(1), -1).value();
    Ledger.of("003-l1").exact(rest, Regularization.l1(1).penalty(net), "θ = 1e200");
    Ledger.of("003-l2").exact(Double.POSITIVE_INFINITY, Regularization.l2(1).penalty(net), "θ = 1e200");
    theta[0] = Double.NaN;
    for (Regularization r : new Regularization[] {Regularization.l1(1), Regularization.l2(1)}) {
      Ledger.of("003-l2").exact(Double.NaN, r.penalty(net), r);
      java.util.Arrays.fill(g, 0);
      r.addGradient(net, g);
      Ledger.of("003-l2-d").exact(Double.NaN, g[0], r);
      Ledger.of("003-l2-d").holds(!Double.isNaN(g[1]), r);
    }
  }

  /** The spec of a penalty's slope at one weight: what it adds to a gradient of 0. */
  static void slopeSpec(Entry entry, Penalty penalty, double theta, double slope) {
    Network net = network(1);
    net.parameters()[0] = theta;
    double[] g = new double[net.parameters().length];
    penalty.addGradient(net, g);
    entry.exact(slope, g[0], theta);
  }

  @Test
  @Proves(value = "003-l1-term-d", home = "Regularization#addBoth", by = "Regularization#addGradient")
  @Proves(value = "003-l1-d", by = "Regularization#addGradient")
  void theSlopeOfTheL1TermIsLambdaTimesTheSign() {
    Entry entry = Ledger.of("003-l1-term-d");
    for (double lambda : new double[] {0.5, 1, 4}) {
      for (double theta : new double[] {-3, -0.25, 0, 0.25, 3}) {
        slopeSpec(entry, Penalty.of(Regularization.l1(lambda)), theta, lambda * Math.signum(theta));
      }
    }
    Dual term = Dual.variable(3).abs().times(0.5);
    entry.counterexample(term.derivative() == 0.5 && Math.signum(3.0) == 1,
        "λ = ½, θ = 3: the slope of λ|θ| is ½, the sign of θ is 1; the statement holds for λ = 1");
    Ledger.of("003-l1-d").remark("Read as the slope of 𝓛 + L_1θ: Backpropagation computes ∇θ, the slope of 𝓛, and "
        + "Regularization#addGradient adds L'_1θ = λ sign(θ) to it.");
    Ledger.of("003-l2-d").remark("Read as the slope of 𝓛 + L_2θ: Backpropagation computes ∇θ, the slope of 𝓛, and "
        + "Regularization#addGradient adds L'_2θ = 2λθ to it.");
  }

  @Test
  @Proves(value = "003-l2-term-d", home = "Regularization#addShrinkage", by = "Regularization#addGradient")
  @Proves(value = "003-l2-d", by = "Regularization#addGradient")
  void theSlopeOfTheL2TermIsNotTheSign() {
    Dual square = Dual.variable(3).times(Dual.variable(3));
    Entry entry = Ledger.of("003-l2-term-d");
    for (double theta : new double[] {-3, 0, 0.25, 3}) {
      slopeSpec(entry, Penalty.of(Regularization.l2(1)), theta, 2 * theta);
    }
    entry.counterexample(square.derivative() == 6 && Math.signum(3.0) == 1, "λ = 1, θ = 3: the slope is 6, the sign 1");
  }

  /**
   * The spec of training with penalties. The gradients with and without them differ by λ₁ sign θ + 2λ₂θ for penalized
   * parameters and by 0 for the others, and the losses differ by the penalty. The gradient of the penalized loss agrees
   * with five-point differences of it.
   */
  static void trainingSpec(Entry entry, Training training, Regularization r, long seed) {
    Network net = network(seed);
    double[] theta = net.parameters(), x = new double[6], y = new double[6];
    for (int i = 0; i < 6; i++) {
      x[i] = 2 * CounterRandom.uniform(seed, 43, i) - 1;
      y[i] = 2 * CounterRandom.uniform(seed, 44, i) - 1;
    }
    double[] with = new double[theta.length], without = new double[theta.length], ignored = new double[theta.length];
    double loss = training.lossAndGradients(net, r, x, y, with);
    double plain = training.lossAndGradients(net, Regularization.NONE, x, y, without);
    double penalty = printed(net, r, -1).value();
    entry.check("loss", Math.abs(loss - plain - penalty) / (plain + penalty), 1e-14, r, loss, plain, penalty);
    for (int i = 0; i < theta.length; i++) {
      int at = i;
      double exact = printed(net, r, i).derivative();
      // each of the two gradients has an error of half an ulp
      double scale = Math.abs(with[i]) + Math.abs(without[i]) + Math.abs(exact);
      entry.check(Entry.DUAL, LossChecks.error(with[i] - without[i], exact, scale), 1e-13, r, i, with[i], without[i],
          exact);
      double kept = theta[i];
      double numeric = FiniteDifferences.fivePoint(v -> {
        theta[at] = v;
        return training.lossAndGradients(net, r, x, y, ignored);
      }, kept, 0x1p-10, 0.125); // does not reach the kink at 0: 2h < 0.002 < 0.01 for small θ
      theta[i] = kept;
      // h ≥ 2⁻¹⁴: rounding errors of about 40 U · L give a noise of 1.5 · 2¹⁴ · 40 U L = 1.1e-10 L
      double noise = 1.5 * 40 * U * loss / 0x1p-14;
      entry.check(Entry.DIFFERENCE, LossChecks.error(with[i], numeric, Math.max(Math.abs(numeric), 1e9 * noise)), 1e-9,
          r, i);
    }
  }

  @Property(tries = 40)
  @Proves(value = {"003-l1-d", "003-l2-d"}, by = "Backpropagation, Regularization")
  void trainingAddsThePenaltyToTheLossAndItsSlopeToEveryGradient(
      @ForAll @LongRange(min = 1, max = 1_000_000) long seed) {
    for (Regularization r : some(seed)) trainingSpec(Ledger.of(r.l1() > 0 ? "003-l1-d" : "003-l2-d"), REAL, r, seed);
  }
}
