// SPDX-License-Identifier: MIT
package chainrule.bench;

import chainrule.kernels.Kernels;
import chainrule.kernels.ScalarKernels;
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
 * A training step to measure: {@code 784-128-10/64 sgd} are the widths of a network, ReLU within and softmax at its
 * end, the rows of a batch, and the optimizer; the loss is categorical cross-entropy. Inputs are uniform in [−1, 1),
 * classes are drawn.
 */
final class StepCase {
  /**
   * η of a measured step: so small that a million steps leave the network what it was. At a usual rate it would learn
   * its few rows by heart, and what was measured in the end would be zeros and subnormal numbers.
   */
  static final double TINY_RATE = 1e-9;
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
    widths = widths(parts[0]);
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

  /** Floating-point operations of a step's matrix products, 2·m·n·k each; the first layer sends no error back. */
  double flops() {
    double flops = 0;
    for (int l = 1; l < widths.length; l++) flops += (l == 1 ? 4.0 : 6.0) * batch * widths[l - 1] * widths[l];
    return flops;
  }

  static int[] widths(String joined) {
    return Arrays.stream(joined.split("-")).mapToInt(Integer::parseInt).toArray();
  }

  /** The network of these widths: dense layers, ReLU within and softmax at the end. */
  static Network network(int[] widths, Kernels kernels) {
    Network.Builder builder = Network.input(widths[0]).kernels(kernels);
    for (int l = 1; l < widths.length - 1; l++) builder.dense(widths[l], new Relu());
    return builder.dense(widths[widths.length - 1], new Softmax()).build(1);
  }

  /** A new network of this case. */
  Stepper stepper(Kernels kernels) {
    return new Stepper(kernels);
  }

  /** A network that takes one step after the other, the batches in turn. */
  final class Stepper {
    final Network network;
    final TrainingStep step;
    private int next;

    private Stepper(Kernels kernels) {
      network = network(widths, kernels);
      step = new TrainingStep(network, new CategoricalCrossEntropy(), Regularization.NONE, optimizer, batch);
    }

    /** L of the next batch, before the network moves at this rate. */
    double run(double rate) {
      int row = next * batch;
      next = next + 1 == batches ? 0 : next + 1;
      return step.run(rate, batch, x, row * inputs(), y, row * outputs());
    }
  }

  /** A few real steps have to end in the bits of the reference, or there is nothing to time. */
  void check(Kernels kernels) {
    Stepper expected = stepper(ScalarKernels.INSTANCE), actual = stepper(kernels);
    for (int s = 0; s < 3; s++) {
      double loss = expected.run(optimizer.rate());
      if (loss != actual.run(optimizer.rate())) throw new IllegalStateException(name + ": wrong loss, nothing to time");
    }
    ElementaryBenchmark.requireSame(expected.network.parameters(), actual.network.parameters(), name);
  }
}
