package chainrule.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chainrule.nn.Backpropagation;
import chainrule.nn.CounterRandom;
import chainrule.nn.Network;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Softmax;
import chainrule.nn.activation.Tanh;
import chainrule.nn.loss.BinaryCrossEntropy;
import chainrule.nn.loss.CategoricalCrossEntropy;
import chainrule.nn.loss.Loss;
import chainrule.nn.loss.MeanSquaredError;
import chainrule.nn.loss.Reduction;
import chainrule.nn.loss.SigmoidCrossEntropy;
import chainrule.nn.loss.SoftmaxCrossEntropy;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/**
 * Backpropagation of whole networks of random depth, width, activations and loss: every parameter and every input,
 * against five-point central differences of the loss.
 */
class GradientSpec {
  /** How far a pre-activation of a ReLU must stay from its kink: further than a step below can move it. */
  private static final double CLEARANCE = 0.02;

  private record Head(Activation activation, Loss loss, int units) {}

  @Property(tries = 150)
  void everyParameterAndInputAgreesWithFivePointDifferences(
      @ForAll @IntRange(min = 0, max = 3) int depth, @ForAll @IntRange(min = 1, max = 6) int inputs,
      @ForAll @IntRange(min = 1, max = 5) int rows, @ForAll("heads") Head head, @ForAll("seeds") long seed) {
    Network net = network(depth, inputs, head, seed);
    double[] x = awayFromKinks(net, rows, seed);
    double[] y = targets(head, rows, seed);
    double[] theta = net.parameters(), dx = new double[x.length];

    Backpropagation b = new Backpropagation(net, head.loss, rows);
    double loss = b.lossAndGradients(rows, x, 0, y, 0);
    double[] gradients = b.gradients().clone();
    b.inputGradients(dx);

    for (int i = 0; i < theta.length; i++) check("parameter " + i, net, b, rows, x, y, theta, i, gradients[i], loss);
    for (int i = 0; i < x.length; i++) check("input " + i, net, b, rows, x, y, x, i, dx[i], loss);
  }

  /**
   * f' ≈ (f(−2h) − 8f(−h) + 8f(h) − f(2h)) / 12h. With h = 2⁻¹¹ the rule's own error, h⁴/30 · f⁽⁵⁾, is below 1e-11 for
   * fifth derivatives up to 5,000 (tanh of a weight times an input of 3 has 4,000); the rounding of f, some tens of
   * 2⁻⁵³ (1 + |L|), divided by h, is below 1e-11 (1 + |L|).
   */
  private static void check(
      String what, Network net, Backpropagation b, int rows, double[] x, double[] y, double[] v, int i, double gradient,
      double loss) {
    double kept = v[i], h = 0x1p-11;
    double[] f = new double[4];
    double[] steps = {-2, -1, 1, 2};
    for (int s = 0; s < 4; s++) {
      v[i] = kept + steps[s] * h;
      f[s] = b.loss(rows, x, 0, y, 0);
    }
    v[i] = kept;
    double difference = ((f[0] - f[3]) + 8 * (f[2] - f[1])) / (12 * h);
    assertEquals(difference, gradient, 1e-9 * Math.abs(gradient) + 1e-10 * (1 + Math.abs(loss)), what + " of " + net);
  }

  private static Network network(int depth, int inputs, Head head, long seed) {
    Activation[] hidden = {new Tanh(), new Sigmoid(), new Relu(), new Linear()};
    Network.Builder builder = Network.input(inputs);
    for (int l = 0; l < depth; l++) {
      builder.dense(1 + CounterRandom.below(6, seed, 1, l), hidden[CounterRandom.below(hidden.length, seed, 2, l)]);
    }
    Network net = builder.dense(head.units, head.activation).build(seed);
    double[] theta = net.parameters();
    for (int i = 0; i < theta.length; i++) theta[i] += 0.1 * CounterRandom.normal(seed, 3, i); // biases too
    return net;
  }

  /** Inputs drawn again until no ReLU stands near its kink, so that no tolerance has to be loosened for one. */
  private static double[] awayFromKinks(Network net, int rows, long seed) {
    double[] x = new double[rows * net.inputs()];
    for (int attempt = 0; attempt < 10_000; attempt++) {
      for (int i = 0; i < x.length; i++) x[i] = 2 * CounterRandom.uniform(seed, 100 + attempt, i) - 1;
      if (clearance(net, rows, x) > CLEARANCE) return x;
    }
    // Hardly ever: a network whose ReLUs cannot all be cleared. Small weights before a ReLU make its z small.
    double[] theta = net.parameters();
    for (int i = 0; i < theta.length; i++) theta[i] *= 2;
    return awayFromKinks(net, rows, seed + 1);
  }

  /** The smallest |z| before any ReLU, by a forward pass written out here. */
  private static double clearance(Network net, int rows, double[] x) {
    double least = Double.POSITIVE_INFINITY;
    double[] theta = net.parameters();
    for (int r = 0; r < rows; r++) {
      double[] a = java.util.Arrays.copyOfRange(x, r * net.inputs(), (r + 1) * net.inputs());
      int o = 0;
      for (var layer : net.layers()) {
        int in = layer.inputs(), out = layer.outputs();
        double[] z = new double[out], next = new double[out];
        for (int j = 0; j < out; j++) {
          z[j] = theta[o + in * out + j];
          for (int i = 0; i < in; i++) z[j] += a[i] * theta[o + i * out + j];
          if (layer.activation() instanceof Relu) least = Math.min(least, Math.abs(z[j]));
          next[j] = switch (layer.activation().name()) {
            case "relu" -> Math.max(0, z[j]);
            case "tanh" -> Math.tanh(z[j]);
            case "sigmoid" -> 1 / (1 + Math.exp(-z[j]));
            default -> z[j];
          };
        }
        a = next;
        o += in * out + out;
      }
    }
    return least;
  }

  private static double[] targets(Head head, int rows, long seed) {
    double[] y = new double[rows * head.units];
    boolean probabilities = !(head.loss instanceof MeanSquaredError);
    for (int i = 0; i < y.length; i++) {
      y[i] = probabilities ? CounterRandom.uniform(seed, 4, i) : CounterRandom.normal(seed, 4, i);
    }
    return y;
  }

  @Provide
  Arbitrary<Head> heads() {
    return Arbitraries.of(
        new Head(new Linear(), new MeanSquaredError(), 2), new Head(new Tanh(), new MeanSquaredError(), 3),
        new Head(new Softmax(), new MeanSquaredError(), 3), new Head(new Sigmoid(), new BinaryCrossEntropy(), 1),
        new Head(new Softmax(), new BinaryCrossEntropy(), 3),
        new Head(new Sigmoid(), new BinaryCrossEntropy(Reduction.SUM), 3),
        new Head(new Softmax(), new CategoricalCrossEntropy(), 4),
        new Head(new Sigmoid(), new CategoricalCrossEntropy(Reduction.SUM), 2),
        new Head(new Linear(), new SoftmaxCrossEntropy(), 3), new Head(new Linear(), new SigmoidCrossEntropy(), 2));
  }

  @Provide
  Arbitrary<Long> seeds() {
    return Arbitraries.longs().between(1, 1_000_000);
  }
}
