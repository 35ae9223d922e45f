// SPDX-License-Identifier: MIT
package chainrule.spec;

import static chainrule.spec.witness.ExactArithmetic.EXACT;
import static chainrule.spec.witness.HighPrecision.DIGITS;

import chainrule.nn.Backpropagation;
import chainrule.nn.Layer;
import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Gelu;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Silu;
import chainrule.nn.activation.Softplus;
import chainrule.nn.activation.Tanh;
import chainrule.nn.loss.ElementwiseLoss;
import chainrule.nn.loss.HalfSquaredError;
import chainrule.nn.loss.Reduction;
import chainrule.nn.optimizer.GradientDescent;
import chainrule.spec.BackpropagationSpec.Comparison;
import chainrule.spec.NetworkSample.Head;
import chainrule.spec.ledger.Ledger;
import chainrule.spec.ledger.Ledger.Entry;
import chainrule.spec.ledger.Proves;
import chainrule.spec.witness.Dual;
import chainrule.spec.witness.NoisyArithmetic;
import chainrule.spec.witness.NoisyArithmetic.Noisy;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/**
 * Document 004's algorithm step by step, and its cookbook sample by sample. Also document 002's chain rule, for nested
 * functions and for a network.
 */
class MiniBatchSpec {
  private static final List<Activation> SMOOTH = List.of(new Tanh(), new Sigmoid(), new Softplus(), new Gelu(),
      new Silu());

  /** L = Σ ŷ, so that ∂L/∂x is ∂ŷ/∂x. */
  record Output() implements ElementwiseLoss {
    @Override public String name() {
      return "output";
    }

    @Override public Reduction reduction() {
      return Reduction.SUM;
    }

    @Override public double value(double yhat, double y) {
      return yhat;
    }

    @Override public double derivative(double yhat, double y) {
      return 1;
    }
  }

  @Property(tries = 300)
  @Proves(value = "002-chain-rule", home = "Backpropagation#inputGradients")
  void theDerivativeOfNestedFunctionsIsTheProductOfTheirDerivatives(
      @ForAll @IntRange(min = 0, max = 124) int functions, @ForAll @DoubleRange(min = -3, max = 3) double x) {
    Activation f = SMOOTH.get(functions % 5), g = SMOOTH.get(functions / 5 % 5), h = SMOOTH.get(functions / 25);
    Network net = Network.input(1).activation(h).activation(g).activation(f).build(1);
    NetworkSample s = new NetworkSample(net, new Output(), Regularization.NONE, 1, new double[] {x}, new double[1],
        1, 1, 0);
    ExactNetwork page = new ExactNetwork(s, 0);
    // (df/dg · dg/dh) · dh/dx
    BigDecimal product = page.slope(2, 0).multiply(page.slope(1, 0)).multiply(page.slope(0, 0));
    new Comparison(GradientSubject::chainrule, s).check(0, product, List.of(Ledger.of("002-chain-rule")));
  }

  @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
  @Proves(value = "002-chain-network", home = "Backpropagation#inputGradients")
  void theOutputIsDifferentiatedByTheInputThroughThreeLayers(
      @ForAll @LongRange(min = 1, max = 1_000_000) long seed) {
    NetworkSample any = BackpropagationSpec.small(seed, 1);
    Network.Builder builder = Network.input(any.net().inputs());
    for (Layer layer : any.net().layers().subList(0, 2)) builder.dense(layer.outputs(), layer.activation());
    Network net = builder.dense(1, new Sigmoid()).build(seed);
    Head head = new Head(new Sigmoid(), new Output(), 1);
    NetworkSample s = NetworkSample.of(net, head, Regularization.NONE, 1, seed);
    ExactNetwork page = new ExactNetwork(s, 0);
    Comparison c = new Comparison(GradientSubject::chainrule, s);
    for (int i = 0; i < net.inputs(); i++) {
      BigDecimal[] d = new BigDecimal[net.inputs()];
      Arrays.fill(d, BigDecimal.ZERO);
      d[i] = BigDecimal.ONE; // ∂x/∂x_i, then for each layer ∂a_j/∂x_i = φ'(z_j) Σ w d
      for (int l = 0; l < 3; l++) {
        BigDecimal[] next = new BigDecimal[page.z[l].length];
        for (int j = 0; j < next.length; j++) {
          BigDecimal sum = BigDecimal.ZERO;
          for (int p = 0; p < d.length; p++) sum = sum.add(page.w(l, p, j).multiply(d[p], DIGITS), DIGITS);
          next[j] = sum.multiply(page.slope(l, j), DIGITS);
        }
        d = next;
      }
      c.check(s.theta().length + i, d[0], List.of(Ledger.of("002-chain-network")));
    }
  }

  /** Cuts the network off after each layer: its output is z^l without the last activation, and a^l with it. */
  @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
  @Proves(value = {"004-backprop-1", "004-backprop-2"}, home = "Network#forward", by = "Network#predict")
  void theForwardPassComputesZAndAOfEachLayer(@ForAll @LongRange(min = 1, max = 1_000_000) long seed) {
    NetworkSample s = BackpropagationSpec.small(seed, 1);
    feedforwardSpec(s, Ledger.of("004-backprop-2"));
  }

  private static void feedforwardSpec(NetworkSample s, Entry entry) {
    NoisyArithmetic k = new NoisyArithmetic();
    for (int row = 0; row < s.rows(); row++) {
      ExactNetwork page = new ExactNetwork(s, row);
      double[] x = Arrays.copyOfRange(s.x(), row * s.net().inputs(), (row + 1) * s.net().inputs());
      NetworkWitness<Noisy> noisy = new NetworkWitness<>(k, s, -1);
      List<Noisy> a = noisy.input(row);
      for (int l = 0; l <= page.last(); l++) {
        Activation phi = page.layers.get(l).activation();
        List<Noisy> z = noisy.linearPart(page.layers.get(l), row, a);
        a = NetworkWitness.activate(k, phi, z);
        compare(entry, prefix(s.net(), l, new Linear()).predict(x), page.z[l], z, s, "z", l);
        compare(entry, prefix(s.net(), l, phi).predict(x), page.a[l], a, s, "a", l);
      }
    }
  }

  private static void compare(
      Entry entry, double[] got, BigDecimal[] exact, List<Noisy> noise, NetworkSample s, String what, int l) {
    for (int j = 0; j < got.length; j++) {
      double error = new BigDecimal(got[j]).subtract(exact[j]).abs().doubleValue();
      entry.check("value over noise", NetworkGradientSpec.over(error, noise.get(j).noise()), NetworkGradientSpec.BOUND,
          s, what, l, j);
    }
  }

  /** The network's layers 0 … l with their parameters, and another activation in the last one. */
  private static Network prefix(Network net, int l, Activation last) {
    Network.Builder builder = Network.input(net.inputs());
    for (int i = 0; i <= l; i++) {
      Layer layer = net.layers().get(i);
      builder.dense(layer.outputs(), i == l ? last : layer.activation());
    }
    Network cut = builder.build(1);
    System.arraycopy(net.parameters(), 0, cut.parameters(), 0, cut.parameters().length);
    return cut;
  }

  /** The cookbook in 50 digits: δ of each sample x, then w ← w − (ξ/m) Σ_x δ aᵀ and b ← b − (ξ/m) Σ_x δ. */
  @Property(tries = 20, edgeCases = EdgeCasesMode.NONE)
  @Proves(value = "004-cookbook-0", home = "Backpropagation#lossAndGradients")
  @Proves(value = {"004-cookbook-1", "004-cookbook-2"}, home = "Network#forward",
      by = "Backpropagation#lossAndGradients")
  @Proves(value = "004-cookbook-3", home = "Backpropagation#applyDerivative", by = "Backpropagation#lossAndGradients")
  @Proves(value = "004-cookbook-4", home = "Backpropagation#backward", by = "Backpropagation#lossAndGradients")
  @Proves(value = "004-cookbook-5", home = "GradientDescent#update", by = "Backpropagation#lossAndGradients")
  void theCookbookAppliedSampleBySampleGivesTheUpdateOfTheBatch(
      @ForAll @IntRange(min = 1, max = 3) int m, @ForAll @DoubleRange(min = 0.01, max = 1) double rate,
      @ForAll @LongRange(min = 1, max = 1_000_000) long seed) {
    NetworkSample batch = BackpropagationSpec.with(BackpropagationSpec.small(seed, m),
        new HalfSquaredError(Reduction.MEAN));
    List<ExactNetwork> pages = new ArrayList<>();
    List<BigDecimal[][]> errors = new ArrayList<>();
    for (int row = 0; row < m; row++) {
      NetworkSample one = row(batch, row, new HalfSquaredError(Reduction.SUM));
      BackpropagationSpec.neuronInputs(one, Ledger.of("004-cookbook-1"));
      feedforwardSpec(one, Ledger.of("004-cookbook-2"));
      BackpropagationSpec.outputErrorSpec(GradientSubject::chainrule, one, id -> Ledger.of("004-cookbook-3"));
      BackpropagationSpec.hiddenErrorSpec(GradientSubject::chainrule, one, id -> Ledger.of("004-cookbook-4"));
      pages.add(new ExactNetwork(one, 0));
      errors.add(pages.get(row).errors());
    }
    Ledger.of("004-cookbook-0").exact(m, errors.size());

    double[] g = new double[batch.theta().length], updated = batch.theta().clone();
    GradientSubject.chainrule(batch).lossAndGradients(g, new double[batch.x().length]);
    new GradientDescent(rate).update(1, rate, g.length, updated, g, new double[0][]);
    ExactNetwork shape = pages.get(0);
    for (int l = 0; l <= shape.last(); l++) {
      for (int j = 0; j < shape.z[l].length; j++) {
        BigDecimal db = BigDecimal.ZERO;
        for (int x = 0; x < m; x++) db = db.add(errors.get(x)[l][j]);
        checkUpdate(batch, shape.biasIndex(l, j), rate, db, updated);
        for (int i = 0; i < shape.layers.get(l).inputs(); i++) {
          BigDecimal dw = BigDecimal.ZERO;
          for (int x = 0; x < m; x++) dw = dw.add(errors.get(x)[l][j].multiply(pages.get(x).before(l, i)));
          checkUpdate(batch, shape.weightIndex(l, i, j), rate, dw, updated);
        }
      }
    }
  }

  private static void checkUpdate(NetworkSample batch, int v, double rate, BigDecimal sum, double[] updated) {
    BigDecimal step = new BigDecimal(rate).divide(BigDecimal.valueOf(batch.rows()), DIGITS).multiply(sum);
    BigDecimal page = new BigDecimal(batch.theta()[v]).subtract(step);
    double error = page.subtract(new BigDecimal(updated[v])).abs().doubleValue();
    // The gradient's noise plus the rounding of the update.
    double noise = rate * NetworkGradientSpec.noisy(batch, v).slopeNoise() + Math.abs(updated[v]);
    Ledger.of("004-cookbook-5").check("value over noise", error / noise, NetworkGradientSpec.BOUND, batch, v);
    Dual exact = new NetworkWitness<>(EXACT, batch, v).loss();
    BigDecimal mean = sum.divide(BigDecimal.valueOf(batch.rows()), DIGITS);
    BigDecimal difference = mean.subtract(exact.d()).abs();
    BigDecimal size = exact.d().abs().max(new BigDecimal("1e-10"));
    Ledger.of("004-cookbook-5").check("formula", difference.divide(size, DIGITS).doubleValue(), 1e-35, batch, v);
  }

  private static NetworkSample row(NetworkSample s, int row, HalfSquaredError loss) {
    int in = s.net().inputs(), out = s.net().outputs();
    return new NetworkSample(s.net(), loss, Regularization.NONE, 1, Arrays.copyOfRange(s.x(), row * in, (row + 1) * in),
        Arrays.copyOfRange(s.y(), row * out, (row + 1) * out), s.seed(), s.step(), s.firstRow() + row);
  }

  /** For any network, loss and dropout mask: the gradients of single rows, in either order, add up to the batch's. */
  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  @Proves(value = {"004-cookbook-0", "004-cookbook-2", "004-cookbook-5"}, by = "Backpropagation#lossAndGradients")
  void gradientsOfSingleRowsAddUpToTheGradientOfTheBatch(
      @ForAll @IntRange(min = 0, max = 4) int depth, @ForAll @IntRange(min = 0, max = 41) int head,
      @ForAll boolean backwards, @ForAll @LongRange(min = 1, max = 1_000_000) long seed) {
    NetworkSample random = NetworkSample.random(seed, depth, NetworkSample.HEADS.get(head));
    NetworkSample s = BackpropagationSpec.with(random, random.loss());
    int m = s.rows(), in = s.net().inputs(), out = s.net().outputs();
    double[] g = new double[s.theta().length], sum = new double[g.length], together = s.net().predict(s.x());
    GradientSubject.chainrule(s).lossAndGradients(g, new double[s.x().length]);
    Backpropagation single = new Backpropagation(s.net(), s.loss(), 1);
    for (int i = 0; i < m; i++) {
      int row = backwards ? m - 1 - i : i;
      single.setStep(s.seed(), s.step(), s.firstRow() + row);
      single.lossAndGradients(1, s.x(), row * in, s.y(), row * out);
      for (int p = 0; p < g.length; p++) sum[p] += single.gradients()[p];
      double[] alone = s.net().predict(Arrays.copyOfRange(s.x(), row * in, (row + 1) * in));
      for (int j = 0; j < out; j++) Ledger.of("004-cookbook-2").exact(together[row * out + j], alone[j], s, row, j);
    }
    int divisor = s.loss().reduction() == Reduction.MEAN ? m : 1;
    for (int p = 0; p < g.length; p++) {
      double noise = NetworkGradientSpec.noisy(s, p).slopeNoise();
      double error = NetworkGradientSpec.over(Math.abs(sum[p] / divisor - g[p]), noise);
      for (String id : List.of("004-cookbook-0", "004-cookbook-5")) {
        Ledger.of(id).check("batched", error, NetworkGradientSpec.BOUND, s, p);
      }
    }
  }
}
