// SPDX-License-Identifier: MIT
package chainrule.spec;

import chainrule.check.GradientCheck;
import chainrule.kernels.Kernels;
import chainrule.nn.Backpropagation;
import chainrule.nn.Dropout;
import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Activations;
import chainrule.nn.activation.Softmax;
import chainrule.nn.loss.BinaryCrossEntropy;
import chainrule.nn.loss.Loss;
import chainrule.nn.loss.Losses;
import chainrule.nn.loss.Reduction;
import chainrule.random.CounterRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * A random network, loss and batch, all drawn from one seed: depth 0 to 4; every trainable activation; dropout and
 * activation layers; every loss on every compatible output; no penalty, L1, L2 or both.
 */
record RandomCase(Network net, Loss loss, Regularization penalty, int rows, double[] x, double[] y, long seed) {

  static RandomCase of(long seed) {
    return of(seed, 1, Kernels.best());
  }

  /** A case without kinks: only smooth activations and losses, and no L1. */
  static RandomCase smooth(long seed, double scale) {
    return of(seed, scale, Kernels.best(), SMOOTH, SMOOTH_LOSSES, 0);
  }

  /** A case whose loss is a sum over the rows, without penalties. */
  static RandomCase summed(long seed) {
    List<String> sums = Losses.names().stream()
        .filter(name -> Losses.named(name).get().reduction() == Reduction.SUM).toList();
    RandomCase c = of(seed, 1, Kernels.best(), ALL, sums, 0);
    return new RandomCase(c.net, c.loss, Regularization.NONE, c.rows, c.x, c.y, seed);
  }

  boolean hasDropout() {
    return net.layers().stream().anyMatch(layer -> layer instanceof Dropout);
  }

  private static final List<String> SMOOTH =
      List.of("linear", "sigmoid", "tanh", "softmax", "gelu", "silu", "softplus");
  private static final List<String> SMOOTH_LOSSES =
      Losses.names().stream().filter(name -> !name.startsWith("mae") && !name.startsWith("huber")).toList();
  private static final List<String> ALL = all();

  private static List<String> all() {
    List<String> names = new ArrayList<>(Activations.names());
    names.remove("step");
    names.addAll(List.of("leaky-relu:0.2", "elu:1.5"));
    return names;
  }

  /** @param scale the factor of the initial weights and biases */
  static RandomCase of(long seed, double scale, Kernels kernels) {
    return of(seed, scale, kernels, ALL, Losses.names(), 1);
  }

  private static RandomCase of(
      long seed, double scale, Kernels kernels, List<String> hidden, List<String> losses, double l1) {
    Draw draw = new Draw(seed);
    Network.Builder builder = Network.input(1 + draw.below(5)).kernels(kernels);
    if (draw.below(6) == 0) builder.activation(Activations.parse(hidden.get(draw.below(hidden.size()))));
    for (int depth = draw.below(5); depth > 0; depth--) {
      builder.dense(1 + draw.below(6), Activations.parse(hidden.get(draw.below(hidden.size()))));
      if (draw.below(4) == 0) builder.dropout(draw.below(10) / 10.0);
    }
    Loss loss = Losses.named(losses.get(draw.below(losses.size()))).get();
    int units = 1 + draw.below(4);
    Activation head = head(loss, units, hidden, draw);
    if (!loss.misfit(head, units).isEmpty()) units = 2; // losses for classes need two outputs or more
    if (head instanceof Softmax) units = Math.max(2, units); // a softmax of one unit is always 1
    Network net = builder.dense(units, head).build(seed);
    double[] theta = net.parameters();
    for (int i = 0; i < theta.length; i++) theta[i] = scale * (theta[i] + 0.3 * draw.normal());

    int rows = 1 + draw.below(5);
    double[] x = new double[rows * net.inputs()], y = new double[rows * units];
    for (int i = 0; i < x.length; i++) x[i] = draw.normal();
    boolean probabilities = loss.name().contains("ce") || loss.name().contains("cross-entropy");
    boolean hard = draw.below(2) == 0;
    for (int i = 0; i < y.length; i++) {
      y[i] = !probabilities ? draw.normal() : hard ? draw.below(2) : draw.uniform();
    }
    double[] lambda = {0, 0, 0, 0.01, 1};
    Regularization weights = Regularization.l1l2(l1 * lambda[draw.below(5)], lambda[draw.below(5)]);
    Regularization penalty = draw.below(2) == 0 ? weights.withBiases() : weights;
    return new RandomCase(net, loss, penalty, rows, x, y, seed);
  }

  private static Activation head(Loss loss, int units, List<String> names, Draw draw) {
    List<Activation> fitting = new ArrayList<>();
    for (String name : names) {
      Activation a = Activations.parse(name);
      // 1 − ŷ of a saturated softmax is inaccurate, and so is the loss: see GradientCheckSpec
      boolean inaccurate = a instanceof Softmax && loss instanceof BinaryCrossEntropy;
      if (!inaccurate && loss.misfit(a, Math.max(2, units)).isEmpty()) fitting.add(a);
    }
    return fitting.get(draw.below(fitting.size()));
  }

  GradientCheck.Result check() {
    return GradientCheck.of(net, loss).regularization(penalty).seed(seed).check(rows, x, y);
  }

  /** Whether loss and gradients are finite and do not come close to overflow. */
  boolean isFinite() {
    Backpropagation b = new Backpropagation(net, loss, penalty, rows);
    b.setStep(seed, 0, 0);
    double largest = Math.abs(b.lossAndGradients(rows, x, 0, y, 0));
    for (double g : b.gradients()) largest = Math.max(largest, Math.abs(g));
    return largest < 1e300;
  }

  @Override public String toString() {
    return "case " + seed + ": " + net + " under " + loss.name() + ", " + penalty + ", " + rows + " rows";
  }

  /** A sequence of random numbers. */
  static final class Draw {
    private final long seed;
    private long index;

    Draw(long seed) {
      this.seed = seed;
    }

    int below(int bound) {
      return CounterRandom.below(bound, seed, 7, index++);
    }

    double uniform() {
      return CounterRandom.uniform(seed, 7, index++);
    }

    double normal() {
      return CounterRandom.normal(seed, 7, index++);
    }
  }
}
