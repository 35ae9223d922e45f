package chainrule.spec;

import chainrule.kernels.Kernels;
import chainrule.nn.CounterRandom;
import chainrule.nn.GradientCheck;
import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Activations;
import chainrule.nn.activation.Softmax;
import chainrule.nn.loss.BinaryCrossEntropy;
import chainrule.nn.loss.Loss;
import chainrule.nn.loss.Losses;
import java.util.ArrayList;
import java.util.List;

/**
 * A network, a loss and a batch, all drawn from one seed: depth 0 to 4, every trainable activation, dropout and
 * activations without weights in between, every loss on every output it fits, no penalty, L1, L2 or both.
 */
record RandomCase(Network net, Loss loss, Regularization penalty, int rows, double[] x, double[] y, long seed) {

  static RandomCase of(long seed) {
    return of(seed, 1, Kernels.best());
  }

  /** @param scale what the first weights and biases are multiplied by */
  static RandomCase of(long seed, double scale, Kernels kernels) {
    Draw draw = new Draw(seed);
    Network.Builder builder = Network.input(1 + draw.below(5)).kernels(kernels);
    List<String> hidden = new ArrayList<>(Activations.names());
    hidden.remove("step");
    hidden.addAll(List.of("leaky-relu:0.2", "elu:1.5"));
    if (draw.below(6) == 0) builder.activation(Activations.parse(hidden.get(draw.below(hidden.size()))));
    for (int depth = draw.below(5); depth > 0; depth--) {
      builder.dense(1 + draw.below(6), Activations.parse(hidden.get(draw.below(hidden.size()))));
      if (draw.below(4) == 0) builder.dropout(draw.below(10) / 10.0);
    }
    Loss loss = Losses.named(Losses.names().get(draw.below(Losses.names().size()))).get();
    int units = 1 + draw.below(4);
    Activation head = head(loss, units, hidden, draw);
    if (!loss.misfit(head, units).isEmpty()) units = 2; // losses of classes want two outputs or more
    if (head instanceof Softmax) units = Math.max(2, units); // a softmax of one unit is 1
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
    Regularization penalty = new Regularization(
        lambda[draw.below(5)], lambda[draw.below(5)], draw.below(2) == 0);
    return new RandomCase(net, loss, penalty, rows, x, y, seed);
  }

  private static Activation head(Loss loss, int units, List<String> names, Draw draw) {
    List<Activation> fitting = new ArrayList<>();
    for (String name : names) {
      Activation a = Activations.parse(name);
      // 1 − ŷ of a certain softmax has lost its digits, and with it the loss itself: see GradientCheckSpec
      boolean illegible = a instanceof Softmax && loss instanceof BinaryCrossEntropy;
      if (!illegible && loss.misfit(a, Math.max(2, units)).isEmpty()) fitting.add(a);
    }
    return fitting.get(draw.below(fitting.size()));
  }

  GradientCheck.Result check() {
    return GradientCheck.of(net, loss).regularization(penalty).seed(seed).check(rows, x, y);
  }

  @Override public String toString() {
    return "case " + seed + ": " + net + " under " + loss.name() + ", " + penalty + ", " + rows + " rows";
  }

  /** Numbers in the order they are asked for. */
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
