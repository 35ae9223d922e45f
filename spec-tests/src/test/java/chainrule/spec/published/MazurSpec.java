// SPDX-License-Identifier: MIT
package chainrule.spec.published;

import chainrule.nn.Backpropagation;
import chainrule.nn.Network;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.loss.HalfSquaredError;
import chainrule.nn.loss.Reduction;
import chainrule.nn.optimizer.GradientDescent;
import chainrule.spec.ledger.Proves;
import org.junit.jupiter.api.Test;

/** Mazur's example: every number of a step of gradient descent, and four that are wrong. */
class MazurSpec {
  private static final PublishedSource MAZUR = PublishedSource.load("mazur");
  private static final double[] X = {0.05, 0.10}, Y = {0.01, 0.99};
  private static final GradientDescent DESCENT = new GradientDescent(0.5);
  private static final HalfSquaredError LOSS = new HalfSquaredError(Reduction.SUM);

  private final Network net = Network.input(2).dense(2, new Sigmoid()).dense(2, new Sigmoid()).build(1);
  private final double[] theta = net.parameters(); // W1 [2 × 2], b1, W2 [2 × 2], b2
  private final Backpropagation b = new Backpropagation(net, LOSS, 1);

  MazurSpec() {
    double[] start = {0.15, 0.25, 0.20, 0.30, 0.35, 0.35, 0.40, 0.50, 0.45, 0.55, 0.60, 0.60};
    System.arraycopy(start, 0, theta, 0, start.length);
  }

  private double error() {
    return b.loss(1, X, 0, Y, 0);
  }

  /** A step of all weights, but not of the biases. */
  private void step() {
    b.lossAndGradients(1, X, 0, Y, 0);
    DESCENT.update(1, 0.5, 0, 4, theta, b.gradients(), new double[0][]);
    DESCENT.update(1, 0.5, 6, 10, theta, b.gradients(), new double[0][]);
  }

  @Test
  @Proves(value = "001-preactivation", by = "Backpropagation#preActivations")
  @Proves(value = "001-activation", by = "Network#predict")
  @Proves(value = "000-2.1", by = "HalfSquaredError(SUM)")
  @Proves(value = "000-2.1-d", by = "HalfSquaredError#derivative")
  @Proves(value = "001-sigmoid-d", by = "Sigmoid#derivative")
  @Proves(value = {"001-delta", "001-grad-w"}, by = "Backpropagation#lossAndGradients")
  @Proves(value = "001-gd", by = "GradientDescent#update")
  void theFirstStepHasThePrintedNumbers() {
    double[][] z = b.preActivations(1, X, 0);
    MAZUR.reproduce("net inputs of h1 and o1", z[0][0], z[1][0]);
    Network hidden = Network.input(2).dense(2, new Sigmoid()).build(1);
    System.arraycopy(theta, 0, hidden.parameters(), 0, 6);
    double[] h = hidden.predict(X), o = net.predict(X);
    MAZUR.reproduce("outputs of h1, h2, o1, o2", h[0], h[1], o[0], o[1]);
    MAZUR.reproduce("errors of o1 and o2, total error", LOSS.value(o[0], Y[0]), LOSS.value(o[1], Y[1]), error());
    MAZUR.reproduce("slope of the error by the output of o1", LOSS.derivative(o[0], Y[0]));
    Sigmoid sigmoid = new Sigmoid();
    MAZUR.reproduce("slopes of the sigmoids of o1 and h1",
        sigmoid.derivative(z[1][0], o[0]), sigmoid.derivative(z[0][0], h[0]));
    b.lossAndGradients(1, X, 0, Y, 0);
    double[] g = b.gradients();
    MAZUR.reproduce("error term of o1", g[10]); // the slope by a bias
    MAZUR.reproduce("slopes of the error by w5 and w1", g[6], g[0]);
    step();
    MAZUR.reproduce("w5, w6, w7, w8, w1, w2, w3, w4 after a step",
        theta[6], theta[8], theta[7], theta[9], theta[0], theta[2], theta[1], theta[3]);
  }

  /** The printed error results if the hidden layer's error terms are computed from output weights that have moved. */
  @Test
  @Proves(value = "000-2.1", by = "HalfSquaredError(SUM), Backpropagation#loss")
  void theErrorAfterTheFirstStepIsNotThePrintedOne() {
    double[] start = theta.clone();
    step();
    double right = error();
    System.arraycopy(start, 0, theta, 0, start.length);
    mistakenStep();
    MAZUR.refute("total error after a step", right, error());
  }

  /** Updates w5 … w8 first, and computes the error terms of the hidden layer from the new ones. */
  private void mistakenStep() {
    b.lossAndGradients(1, X, 0, Y, 0);
    double[] g = b.gradients(), h = {g[6] / g[10], g[8] / g[10]}; // ∂L/∂w5 = δ_o1·h1
    DESCENT.update(1, 0.5, 6, 10, theta, g, new double[0][]);
    for (int i = 0; i < 2; i++) {
      for (int j = 0; j < 2; j++) {
        double delta = (g[10] * theta[6 + 2 * j] + g[11] * theta[7 + 2 * j]) * h[j] * (1 - h[j]);
        theta[2 * i + j] -= 0.5 * delta * X[i];
      }
    }
  }

  @Test
  @Proves(value = "001-gd", by = "GradientDescent#update")
  @Proves(value = "000-2.1", by = "HalfSquaredError(SUM), Backpropagation#loss")
  void theOutputsAndTheErrorAfterTenThousandStepsAreNotThePrintedOnes() {
    double[] start = theta.clone();
    for (int k = 1; k < 10_000; k++) step();
    double oneStepEarlier = error();
    step();
    double right = error();
    double[] outputs = net.predict(X);
    System.arraycopy(start, 0, theta, 0, start.length);
    for (int k = 1; k <= 10_000; k++) mistakenStep();
    double[] mistaken = net.predict(X);
    MAZUR.refute("output o1 after 10,000 steps", outputs[0], mistaken[0]);
    MAZUR.refute("output o2 after 10,000 steps", outputs[1], mistaken[1]);
    MAZUR.refute("total error after 10,000 steps", right, oneStepEarlier);
  }
}
