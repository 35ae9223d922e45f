// SPDX-License-Identifier: MIT
package chainrule.bench;

import chainrule.kernels.Kernels;
import chainrule.kernels.ScalarKernels;
import chainrule.nn.FrozenParameters;
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
 * A training step to measure. {@code 784-128-10/64 sgd} states the widths of a network, the rows of a batch and the
 * optimizer. Hidden layers have ReLU, the output layer softmax; the loss is categorical cross-entropy. Inputs are
 * uniform in [−1, 1), and classes are random.
 */
final class StepCase {
  /**
   * The learning rate of measured steps, so small that a million steps barely change the network. At a usual rate it
   * would memorize its few rows, and later steps would compute with zeros and subnormal numbers.
   */
  static final double TINY_RATE = 1e-9;
  /** Doubles of all batches together, or of one batch if that has more: half of the second-level cache. */
  private static final int IN_CACHE = 1 << 16;

  final String name;
  final int[] widths;
  final int batch;
  final Optimizer optimizer;
  /** The number of batches in x [batches·batch × in] and y; several, so that branches cannot be predicted. */
  final int batches;
  final double[] x;
  final double[] y;

  StepCase(String name) {
    this.name = name;
    String[] parts = name.split("[/ ]");
    if (parts.length != 3) throw new IllegalArgumentException("step: expected 784-128-10/64 sgd, found " + name);
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

  /** Returns the number of dense layers. */
  int layers() {
    return widths.length - 1;
  }

  /** Returns the operations of a step's matrix products, 2·m·n·k each. The first layer needs no δ of its inputs. */
  double flops() {
    double flops = 0;
    for (int l = 1; l < widths.length; l++) flops += (l == 1 ? 4.0 : 6.0) * batch * widths[l - 1] * widths[l];
    return flops;
  }

  static int[] widths(String joined) {
    return Arrays.stream(joined.split("-")).mapToInt(Integer::parseInt).toArray();
  }

  /** Builds the network of these widths: dense layers with ReLU, and softmax at the output. */
  static Network network(int[] widths, Kernels kernels) {
    Network.Builder builder = Network.input(widths[0]).kernels(kernels);
    for (int l = 1; l < widths.length - 1; l++) builder.dense(widths[l], new Relu());
    return builder.dense(widths[widths.length - 1], new Softmax()).build(1);
  }

  /** Builds a new network and its training step. */
  Stepper stepper(Kernels kernels) {
    return stepper(kernels, 0);
  }

  /** Builds a new network and its training step in blocks of this many rows; 0 for no blocks. */
  Stepper stepper(Kernels kernels, int block) {
    return new Stepper(kernels, block);
  }

  /** A network and its training step, which uses the batches in turn. */
  final class Stepper {
    final Network network;
    final TrainingStep step;
    private int next;

    private Stepper(Kernels kernels, int block) {
      network = network(widths, kernels);
      step = new TrainingStep(network, new CategoricalCrossEntropy(), Regularization.NONE, optimizer,
          Double.POSITIVE_INFINITY, FrozenParameters.NONE, block, batch);
    }

    /** Takes a step on the next batch, and returns the loss before it. */
    double run(double rate) {
      int row = next * batch;
      next = next + 1 == batches ? 0 : next + 1;
      return step.run(rate, batch, x, row * inputs(), y, row * outputs());
    }
  }

  /** Checks that three steps at the real learning rate give the bits of the scalar kernels. */
  void check(Kernels kernels) {
    Stepper expected = stepper(ScalarKernels.INSTANCE), actual = stepper(kernels);
    for (int s = 0; s < 3; s++) {
      double loss = expected.run(optimizer.rate());
      if (loss != actual.run(optimizer.rate())) throw new IllegalStateException(name + ": wrong loss");
    }
    ElementaryBenchmark.requireSame(expected.network.parameters(), actual.network.parameters(), name);
  }
}
