package chainrule.bench;

import chainrule.kernels.Kernels;
import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.TrainingStep;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Softmax;
import chainrule.nn.loss.CategoricalCrossEntropy;
import chainrule.nn.optimizer.Optimizer;
import chainrule.nn.optimizer.Optimizers;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A training step to measure: {@code 784-128-10/64 sgd} are the widths of a network, ReLU within and softmax at its end,
 * the rows of a batch, and the optimizer; the loss is categorical cross-entropy. Inputs are uniform in [−1, 1), classes
 * are drawn.
 */
final class StepCase {
  /**
   * η of a measured step: so small that a million steps leave the network what it was. At a usual rate it would learn
   * its few rows by heart, and what was measured in the end would be zeros and subnormal numbers.
   */
  static final double STILL = 1e-9;
  /** Doubles of all batches together, unless one alone has more: half of the second-level cache. */
  private static final int IN_CACHE = 1 << 16;

  final String name;
  final int[] widths;
  final int batch;
  final Optimizer optimizer;
  /** How many batches x [batches·batch × in] and y [batches·batch × out] hold: several, or branches are foreseen. */
  final int batches;
  final double[] x;
  final double[] y;

  StepCase(String name) {
    this.name = name;
    String[] parts = name.split("[/ ]");
    if (parts.length != 3) throw new IllegalArgumentException("step: expected 784-128-10/64 sgd, got " + name);
    widths = Arrays.stream(parts[0].split("-")).mapToInt(Integer::parseInt).toArray();
    batch = Integer.parseInt(parts[1]);
    optimizer = Optimizers.parse(parts[2]);
    int in = inputs(), out = outputs();
    batches = Math.max(1, IN_CACHE / (batch * (in + out)));
    SplittableRandom random = new SplittableRandom(1);
    x = random.doubles((long) batches * batch * in, -1, 1).toArray();
    y = new double[batches * batch * out];
    for (int i = 0; i < batches * batch; i++) y[i * out + random.nextInt(out)] = 1;
  }

  int inputs() {
    return widths[0];
  }

  int outputs() {
    return widths[widths.length - 1];
  }

  /** How many dense layers there are: the widths are one more. */
  int layers() {
    return widths.length - 1;
  }

  Network network(Kernels kernels) {
    Network.Builder builder = Network.input(inputs()).kernels(kernels);
    for (int l = 1; l < layers(); l++) builder.dense(widths[l], new Relu());
    return builder.dense(outputs(), new Softmax()).build(1);
  }

  TrainingStep step(Network network) {
    return new TrainingStep(network, new CategoricalCrossEntropy(), Regularization.NONE, optimizer, batch);
  }

  /** Something that takes one step with the next batch at each call. */
  Stepper stepper(Kernels kernels) {
    return new Stepper(network(kernels));
  }

  /** A network that takes one step after the other, the batches in turn. */
  final class Stepper {
    final Network network;
    private final TrainingStep step;
    private int next;

    private Stepper(Network network) {
      this.network = network;
      this.step = step(network);
    }

    /** L of the next batch, before the network moves at this rate. */
    double run(double rate) {
      int row = next * batch;
      next = next + 1 == batches ? 0 : next + 1;
      return step.run(rate, batch, x, row * inputs(), y, row * outputs());
    }
  }
}
