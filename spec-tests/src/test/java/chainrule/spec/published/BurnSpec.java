// SPDX-License-Identifier: MIT
package chainrule.spec.published;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chainrule.kernels.Kernels;
import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.TrainingStep;
import chainrule.nn.activation.Linear;
import chainrule.nn.loss.Huber;
import chainrule.nn.loss.Reduction;
import chainrule.nn.optimizer.AdaGrad;
import chainrule.nn.optimizer.Adam;
import chainrule.nn.optimizer.AdamW;
import chainrule.nn.optimizer.Optimizer;
import chainrule.spec.ledger.Proves;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The numbers in Burn's own tests of its optimizers and of Huber's loss. */
class BurnSpec {
  private static final PublishedSource BURN = PublishedSource.load("burn");
  private static final double[] START = { // W [6 × 6], then b
    -0.3206, 0.1374, 0.4043, 0.3200, 0.0859, 0.0671, 0.0777, -0.0185, -0.3667, 0.2550, 0.1955, -0.2922,
    -0.0190, 0.0346, -0.2962, 0.2484, -0.2780, 0.3130, -0.2980, -0.2214, -0.3715, -0.2981, -0.0761, 0.1626,
    0.3300, -0.2182, 0.3717, -0.1729, 0.3796, -0.0304, -0.0159, -0.0120, 0.1258, 0.1921, 0.0293, 0.3833,
    -0.3905, 0.0884, -0.0970, 0.1176, 0.1366, 0.0130};
  private static final double[] X1 = { // [2 × 6]
    0.6294, 0.0940, 0.8176, 0.8824, 0.5228, 0.4310, 0.7152, 0.9559, 0.7893, 0.5684, 0.5939, 0.8883};
  private static final double[] X2 = {
    0.8491, 0.2108, 0.8939, 0.4433, 0.5527, 0.2528, 0.3270, 0.0412, 0.5538, 0.9605, 0.3195, 0.9085};
  private static final double[] Y = new double[12]; // not used by the loss
  private static final Regularization DECAY = Regularization.l2(0.25).withBiases();

  private final Network net = Network.input(6).dense(6, new Linear()).build(1);

  private TrainingStep step(double[] start, Optimizer optimizer, Regularization regularization) {
    System.arraycopy(start, 0, net.parameters(), 0, start.length);
    return new TrainingStep(net, new SumOfOutputs(), regularization, optimizer, 2);
  }

  /** Returns the parameters with W transposed. */
  private static double[] transposed(double[] theta) {
    double[] t = theta.clone();
    for (int i = 0; i < 36; i++) t[i] = theta[i % 6 * 6 + i / 6];
    return t;
  }

  private double[] twoSteps(
      double[] start, Optimizer optimizer, Regularization regularization, double secondRate) {
    TrainingStep step = step(start, optimizer, regularization);
    step.run(2, X1, 0, Y, 0);
    step.run(secondRate, 2, X2, 0, Y, 0);
    return net.parameters();
  }

  @Test
  @Proves(value = "beyond-adamw", by = "AdamW#update")
  @Proves(value = "003-adam", by = "Adam#update")
  @Proves(value = "003-adagrad", by = "AdaGrad#update")
  void twoStepsArriveAtThePrintedParameters() {
    Regularization none = Regularization.NONE;
    BURN.reproduce("two steps of Adagrad", twoSteps(START, new AdaGrad(0.01), none, 0.01 / 1.5));
    double[] start = transposed(START);
    AdamW adamW = new AdamW(0.01, 0.9, 0.999, 1e-8, 0.5);
    BURN.reproduce("two steps of AdamW", transposed(twoSteps(start, adamW, none, 0.01)));
    BURN.reproduce("two steps of Adam", transposed(twoSteps(start, new Adam(0.01), DECAY, 0.01)));
  }

  /** The tolerance of Burn's own test, .01, hides that its expected weights are transposed. */
  @Test
  void inBurnsOwnLayoutTheNumbersOfAdamAreOff() {
    double[] theta = twoSteps(START, new Adam(0.01), DECAY, 0.01), printed = BURN.values("two steps of Adam");
    double most = 0;
    for (int i = 0; i < theta.length; i++) most = Math.max(most, Math.abs(theta[i] - printed[i]));
    assertEquals(0.0027, most, 5e-5);
  }

  @Test
  @Proves(value = "003-adam", by = "Adam#update")
  void fiftyStepsOfAdamArriveAtThePrintedParameters() {
    TrainingStep step = step(START, new Adam(0.01), DECAY);
    double[] x = new double[12];
    for (int i = 1; i <= 50; i++) {
      Arrays.fill(x, 0.1 * i);
      step.run(2, x, 0, Y, 0);
    }
    BURN.reproduce("50 steps of Adam", net.parameters());
  }

  @Test
  @Proves(value = "beyond-huber", by = "Huber#value, Huber#derivative")
  void theLossOfHuberIsThePrintedOne() {
    double[] yhat = {-2, -0.5, 0, 0.3, 1}, y = new double[5], slopes = new double[5];
    Huber huber = new Huber(0.5);
    double[] values = Arrays.copyOf(new MeanOverElements(huber, 5, 1).ofRows(yhat, y), 7);
    values[5] = huber.value(Kernels.best(), 5, 1, yhat, y, 0);
    values[6] = new Huber(0.5, Reduction.SUM).value(Kernels.best(), 5, 1, yhat, y, 0);
    BURN.reproduce("Huber with delta .5, five elements, mean, sum", values);
    huber.gradient(Kernels.best(), 5, 1, yhat, y, 0, 1, slopes);
    BURN.reproduce("slopes of Huber", slopes);
  }
}
