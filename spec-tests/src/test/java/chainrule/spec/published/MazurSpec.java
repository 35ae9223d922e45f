// SPDX-License-Identifier: MIT
package chainrule.spec.published;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import chainrule.nn.Backpropagation;
import chainrule.nn.FrozenParameters;
import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.StepValues;
import chainrule.nn.TrainingStep;
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
  private static final double RATE = 0.5;
  private static final HalfSquaredError LOSS = new HalfSquaredError(Reduction.SUM);

  private static Network network() {
    Network net = Network.input(2).dense(2, new Sigmoid()).dense(2, new Sigmoid()).build(1);
    net.setWeights(0, new double[][] {{0.15, 0.25}, {0.20, 0.30}});
    net.setBias(0, new double[] {0.35, 0.35});
    net.setWeights(1, new double[][] {{0.40, 0.50}, {0.45, 0.55}});
    net.setBias(1, new double[] {0.60, 0.60});
    return net;
  }

  private static TrainingStep step(Network net) {
    return new TrainingStep(net, LOSS, Regularization.NONE, new GradientDescent(RATE), Double.POSITIVE_INFINITY,
        FrozenParameters.biases(0, 1), 1);
  }

  private static double error(Network net) {
    return new Backpropagation(net, LOSS, 1).loss(1, X, 0, Y, 0);
  }

  @Test
  @Proves(value = {"001-preactivation", "001-activation", "001-delta", "001-grad-w"}, by = "TrainingStep#record")
  @Proves(value = "000-2.1", by = "HalfSquaredError(SUM)")
  @Proves(value = "000-2.1-d", by = "HalfSquaredError#derivative")
  @Proves(value = "001-sigmoid-d", by = "Sigmoid#derivative")
  @Proves(value = "001-gd", by = "GradientDescent, TrainingStep#run")
  void theFirstStepHasThePrintedNumbers() {
    Network net = network();
    StepValues v = step(net).record(1, X, 0, Y, 0);
    double[] zh = v.z(0)[0], h = v.a(0)[0], zo = v.z(1)[0], o = v.a(1)[0];
    MAZUR.reproduce("net inputs of h1 and o1", zh[0], zo[0]);
    MAZUR.reproduce("outputs of h1, h2, o1, o2", h[0], h[1], o[0], o[1]);
    MAZUR.reproduce("errors of o1 and o2, total error", LOSS.value(o[0], Y[0]), LOSS.value(o[1], Y[1]), v.loss());
    MAZUR.reproduce("slope of the error by the output of o1", LOSS.derivative(o[0], Y[0]));
    Sigmoid sigmoid = new Sigmoid();
    MAZUR.reproduce("slopes of the sigmoids of o1 and h1",
        sigmoid.derivative(zo[0], o[0]), sigmoid.derivative(zh[0], h[0]));
    MAZUR.reproduce("error term of o1", v.delta(1)[0][0]);
    MAZUR.reproduce("slopes of the error by w5 and w1", v.weightGradient(1)[0][0], v.weightGradient(0)[0][0]);
    double[][] w1 = net.weights(0), w2 = net.weights(1);
    MAZUR.reproduce("w5, w6, w7, w8, w1, w2, w3, w4 after a step",
        w2[0][0], w2[1][0], w2[0][1], w2[1][1], w1[0][0], w1[1][0], w1[0][1], w1[1][1]);
    assertArrayEquals(new double[] {0.35, 0.35}, net.bias(0));
    assertArrayEquals(new double[] {0.60, 0.60}, net.bias(1));
  }

  @Test
  @Proves(value = "000-2.1", by = "HalfSquaredError(SUM), Backpropagation#loss")
  void theErrorAfterTheFirstStepIsNotThePrintedOne() {
    Network right = network(), mistaken = network();
    step(right).run(1, X, 0, Y, 0);
    mistakenStep(mistaken);
    MAZUR.refute("total error after a step", error(right), error(mistaken));
  }

  @Test
  @Proves(value = "001-gd", by = "GradientDescent, TrainingStep#run")
  @Proves(value = "000-2.1", by = "HalfSquaredError(SUM), Backpropagation#loss")
  void theOutputsAndTheErrorAfterTenThousandStepsAreNotThePrintedOnes() {
    Network right = network(), mistaken = network();
    TrainingStep step = step(right);
    for (int k = 1; k < 10_000; k++) step.run(1, X, 0, Y, 0);
    double oneStepEarlier = error(right);
    step.run(1, X, 0, Y, 0);
    for (int k = 1; k <= 10_000; k++) mistakenStep(mistaken);
    double[] outputs = right.predict(X), printed = mistaken.predict(X);
    MAZUR.refute("output o1 after 10,000 steps", outputs[0], printed[0]);
    MAZUR.refute("output o2 after 10,000 steps", outputs[1], printed[1]);
    MAZUR.refute("total error after 10,000 steps", error(right), oneStepEarlier);
  }

  /** Updates w5 … w8 first, and computes the error terms of h1 and h2 from the new ones. */
  private static void mistakenStep(Network net) {
    StepValues v = new Backpropagation(net, LOSS, 1).record(1, X, 0, Y, 0);
    double[][] w1 = net.weights(0), w2 = net.weights(1), slopes = v.weightGradient(1);
    double[] h = v.a(0)[0], deltaO = v.delta(1)[0];
    for (int j = 0; j < 2; j++) {
      for (int k = 0; k < 2; k++) w2[j][k] -= RATE * slopes[j][k];
      double deltaH = (w2[j][0] * deltaO[0] + w2[j][1] * deltaO[1]) * h[j] * (1 - h[j]);
      for (int i = 0; i < 2; i++) w1[i][j] -= RATE * deltaH * X[i];
    }
    net.setWeights(0, w1);
    net.setWeights(1, w2);
  }
}
