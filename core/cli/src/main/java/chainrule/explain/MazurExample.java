// SPDX-License-Identifier: MIT
package chainrule.explain;

import chainrule.data.Dataset;
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
import chainrule.train.ConstantRate;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/**
 * Mazur's "A Step by Step Backpropagation Example" (2015): 2 inputs, 2 hidden units, 2 outputs, all sigmoid; half the
 * squared error, summed; η = 0.5; the biases are not updated. Four of its printed numbers are wrong, for two reasons.
 */
public final class MazurExample {
  /** Where the example was published. */
  public static final String LINK = "https://mattmazur.com/2015/03/17/a-step-by-step-backpropagation-example/";

  private static final double[] X = {0.05, 0.10}, Y = {0.01, 0.99};
  private static final double RATE = 0.5;
  private static final int STEPS = 10_000;
  private static final HalfSquaredError LOSS = new HalfSquaredError(Reduction.SUM);

  /**
   * A printed number.
   *
   * @param what what it is, in the names of the example
   * @param printed its digits, as printed
   * @param computed the number that the library computes
   */
  public record Printed(String what, String printed, double computed) {
    /** {@return whether the computed number, rounded to the printed decimals, has the printed digits} */
    public boolean isRight() {
      BigDecimal digits = new BigDecimal(printed);
      return new BigDecimal(computed).setScale(digits.scale(), RoundingMode.HALF_UP).compareTo(digits) == 0;
    }

    /** {@return the computed number, with two decimals more than the printed one} */
    public String computedDigits() {
      return new BigDecimal(computed).setScale(new BigDecimal(printed).scale() + 2, RoundingMode.HALF_UP)
          .toPlainString();
    }
  }

  /**
   * Printed numbers that are wrong for the same reason.
   *
   * @param reason the reason
   * @param shown each number, with what the mistaken calculation gives as the computed number
   */
  public record Mistake(String reason, List<Printed> shown) {}

  private final RecordedStep step;
  private final List<Printed> numbers = new ArrayList<>();
  private final List<Mistake> mistakes;

  private MazurExample() {
    Network net = network();
    Dataset row = Dataset.regression(2, X, 2, Y);
    RecordedStep.Settings settings = new RecordedStep.Settings(LOSS, Regularization.NONE, new GradientDescent(RATE),
        new ConstantRate(), Double.POSITIVE_INFINITY, FrozenParameters.biases(0, 1), 1, 1, 0);
    step = RecordedStep.record(trainingStep(net), net, settings, row, 1, RATE, new int[1]);
    addForwardPass(step.values());
    addBackwardPass(step.values(), net);
    double[] early = new double[1];
    Network trained = network(), mistaken = network();
    addLaterErrors(trained, early);
    mistakenStep(mistaken);
    double mistakenError = error(mistaken);
    for (int k = 1; k < STEPS; k++) mistakenStep(mistaken);
    double[] outputs = mistaken.predict(X);
    mistakes = List.of(
        new Mistake("w5 to w8 were updated first, and the error terms of h1 and h2 were computed from the new weights "
            + "instead of the old ones. Computed in this order, in every step:", List.of(
                new Printed("total error after one step", ".291027924", mistakenError),
                new Printed("out o1 after 10,000 steps", ".015912196", outputs[0]),
                new Printed("out o2 after 10,000 steps", ".984065734", outputs[1]))),
        new Mistake("It is the error after 9,999 steps, not after 10,000. In the right order, after 9,999 steps:",
            List.of(new Printed("total error", ".0000351085", early[0]))));
  }

  /**
   * Computes the example.
   *
   * @return the computed numbers next to the printed ones
   */
  public static MazurExample compute() {
    return new MazurExample();
  }

  /** {@return the first step} */
  public RecordedStep step() {
    return step;
  }

  /** {@return the printed numbers, in the order of the example} */
  public List<Printed> numbers() {
    return List.copyOf(numbers);
  }

  /** {@return the reasons why some printed numbers are wrong} */
  public List<Mistake> mistakes() {
    return mistakes;
  }

  private static Network network() {
    Network net = Network.input(2).dense(2, new Sigmoid()).dense(2, new Sigmoid()).build(1);
    net.setWeights(0, new double[][] {{0.15, 0.25}, {0.20, 0.30}});
    net.setBias(0, new double[] {0.35, 0.35});
    net.setWeights(1, new double[][] {{0.40, 0.50}, {0.45, 0.55}});
    net.setBias(1, new double[] {0.60, 0.60});
    return net;
  }

  private static TrainingStep trainingStep(Network net) {
    return new TrainingStep(net, LOSS, Regularization.NONE, new GradientDescent(RATE), Double.POSITIVE_INFINITY,
        FrozenParameters.biases(0, 1), 1);
  }

  private static double error(Network net) {
    return new Backpropagation(net, LOSS, 1).loss(1, X, 0, Y, 0);
  }

  private void add(String what, String printed, double computed) {
    numbers.add(new Printed(what, printed, computed));
  }

  private void addForwardPass(StepValues v) {
    double[] h = v.a(0)[0], o = v.a(1)[0];
    add("net h1", ".3775", v.z(0)[0][0]);
    add("out h1", ".593269992", h[0]);
    add("out h2", ".596884378", h[1]);
    add("net o1", "1.105905967", v.z(1)[0][0]);
    add("out o1", ".75136507", o[0]);
    add("out o2", ".772928465", o[1]);
    add("error of o1", ".274811083", LOSS.value(o[0], Y[0]));
    add("error of o2", ".023560026", LOSS.value(o[1], Y[1]));
    add("total error", ".298371109", v.loss());
  }

  private void addBackwardPass(StepValues v, Network after) {
    double[] h = v.a(0)[0], o = v.a(1)[0];
    Sigmoid sigmoid = new Sigmoid();
    add("slope of the error by out o1", ".74136507", LOSS.derivative(o[0], Y[0]));
    add("slope of the sigmoid of o1", ".186815602", sigmoid.derivative(v.z(1)[0][0], o[0]));
    add("δ of o1", ".138498562", v.delta(1)[0][0]);
    add("slope of the error by w5", ".082167041", v.weightGradient(1)[0][0]);
    double[][] w1 = after.weights(0), w2 = after.weights(1);
    add("w5 after one step", ".35891648", w2[0][0]);
    add("w6", ".408666186", w2[1][0]);
    add("w7", ".511301270", w2[0][1]);
    add("w8", ".561370121", w2[1][1]);
    add("slope of the sigmoid of h1", ".241300709", sigmoid.derivative(v.z(0)[0][0], h[0]));
    add("slope of the error by w1", ".000438568", v.weightGradient(0)[0][0]);
    add("w1 after one step", ".149780716", w1[0][0]);
    add("w2", ".19956143", w1[1][0]);
    add("w3", ".24975114", w1[0][1]);
    add("w4", ".29950229", w1[1][1]);
  }

  private void addLaterErrors(Network net, double[] early) {
    TrainingStep training = trainingStep(net);
    training.run(1, X, 0, Y, 0);
    add("total error after one step", ".291027924", error(net));
    for (int k = 2; k < STEPS; k++) training.run(1, X, 0, Y, 0);
    early[0] = error(net);
    training.run(1, X, 0, Y, 0);
    add("total error after 10,000 steps", ".0000351085", error(net));
    double[] outputs = net.predict(X);
    add("out o1 after 10,000 steps", ".015912196", outputs[0]);
    add("out o2 after 10,000 steps", ".984065734", outputs[1]);
  }

  /** Updates w5 to w8 first, and computes the error terms of h1 and h2 from the new ones. */
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
