// SPDX-License-Identifier: MIT
package chainrule.spec.published;

import chainrule.nn.Backpropagation;
import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.TrainingStep;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.optimizer.AdaGrad;
import chainrule.nn.optimizer.Adam;
import chainrule.nn.optimizer.Momentum;
import chainrule.nn.optimizer.RmsProp;
import chainrule.spec.ledger.Proves;
import org.junit.jupiter.api.Test;

/** A thousand steps of four optimizers, against the numbers in the tests of PyTorch's C++ optimizers. */
class PyTorchSpec {
  private static final PublishedSource PYTORCH = PublishedSource.load("pytorch");
  private static final double[] X = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6}; // [3 × 2]
  private static final double[] Y = new double[3]; // not used by the loss
  private static final Regularization DECAY = Regularization.l2(0.5e-6).withBiases();

  /** Returns θ in PyTorch's order, with W [out × in]. */
  private static double[] printed(double[] t) {
    return new double[] {t[0], t[3], t[1], t[4], t[2], t[5], t[6], t[7], t[8], t[9], t[10], t[11], t[12]};
  }

  /** The inverse of {@link #printed}. */
  private static double[] ours(double[] p) {
    return new double[] {p[0], p[2], p[4], p[1], p[3], p[5], p[6], p[7], p[8], p[9], p[10], p[11], p[12]};
  }

  private static Network network(double[] theta) {
    Network net = Network.input(2).dense(3, new Sigmoid()).dense(1, new Sigmoid()).build(1);
    System.arraycopy(theta, 0, net.parameters(), 0, theta.length);
    return net;
  }

  /** Returns the θ from which one step of SGD leads to the printed one, by iteration of a contraction. */
  private static Network start() {
    double[] after = ours(PYTORCH.values("SGD, step 1"));
    Network net = network(after);
    Backpropagation b = new Backpropagation(net, new SumOfOutputs(), DECAY, 3);
    for (int k = 0; k < 100; k++) {
      b.lossAndGradients(3, X, 0, Y, 0);
      for (int i = 0; i < after.length; i++) net.parameters()[i] = after[i] + 0.1 * b.gradients()[i];
    }
    return net;
  }

  private static void reproduce(String optimizer, int step, Network net) {
    if (step % 100 == 1) PYTORCH.reproduce(optimizer + ", step " + step, printed(net.parameters()));
  }

  @Test
  @Proves(value = "003-momentum", by = "Momentum#update")
  void momentumFollowsATrajectoryOfSgd() {
    Network net = start();
    TrainingStep step = new TrainingStep(net, new SumOfOutputs(), DECAY, new Momentum(0.1 / (1 - 0.9), 0.9), 3);
    for (int t = 1; t <= 1001; t++) {
      step.run(3, X, 0, Y, 0);
      reproduce("SGD", t, net);
    }
  }

  @Test
  @Proves(value = "003-adagrad", by = "AdaGrad#update")
  void adaGradFollowsItsTrajectory() {
    Network net = start();
    TrainingStep step = new TrainingStep(net, new SumOfOutputs(), DECAY, new AdaGrad(1, 1e-10), 3);
    for (int t = 1; t <= 1001; t++) {
      step.run(1 / (1 + (t - 1) * 1e-3), 3, X, 0, Y, 0);
      reproduce("Adagrad", t, net);
    }
  }

  @Test
  @Proves(value = "003-rmsprop", by = "RmsProp#update")
  void rmsPropFollowsItsTrajectory() {
    Network net = start();
    TrainingStep step =
        new TrainingStep(net, new SumOfOutputs(), Regularization.NONE, new RmsProp(0.1, 0.99, 1e-8), 3);
    for (int t = 1; t <= 1001; t++) {
      step.run(3, X, 0, Y, 0);
      reproduce("RMSprop", t, net);
    }
  }

  /** ε is added before the bias correction: η·√(1 − β₂^t)/(1 − β₁^t) · m/(√v + ε). Ours then changes with t. */
  @Test
  @Proves(value = "003-adam", by = "Adam#update")
  void adamFollowsItsTrajectory() {
    Network net = start();
    Backpropagation b = new Backpropagation(net, new SumOfOutputs(), DECAY, 3);
    double[] theta = net.parameters();
    double[][] state = new double[2][theta.length];
    double power = 1; // 0.999^t
    for (int t = 1; t <= 1001; t++) {
      power *= 0.999;
      b.lossAndGradients(3, X, 0, Y, 0);
      new Adam(1, 0.9, 0.999, 1e-8 / Math.sqrt(1 - power)).update(t, 1, theta.length, theta, b.gradients(), state);
      reproduce("Adam", t, net);
    }
  }
}
