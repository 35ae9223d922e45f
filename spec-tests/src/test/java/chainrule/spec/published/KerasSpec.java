// SPDX-License-Identifier: MIT
package chainrule.spec.published;

import chainrule.nn.loss.BinaryCrossEntropy;
import chainrule.nn.loss.CategoricalCrossEntropy;
import chainrule.nn.loss.Loss;
import chainrule.nn.loss.MeanAbsoluteError;
import chainrule.nn.loss.MeanSquaredError;
import chainrule.nn.loss.SigmoidCrossEntropy;
import chainrule.nn.loss.SoftmaxCrossEntropy;
import chainrule.nn.optimizer.AdaDeltaZeiler;
import chainrule.nn.optimizer.AdaGrad;
import chainrule.nn.optimizer.Adam;
import chainrule.nn.optimizer.AdamW;
import chainrule.nn.optimizer.GradientDescent;
import chainrule.nn.optimizer.Optimizer;
import chainrule.nn.optimizer.RmsProp;
import chainrule.spec.ledger.Proves;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The numbers in Keras' own tests of its optimizers and losses. */
class KerasSpec {
  private static final PublishedSource KERAS = PublishedSource.load("keras");
  private static final double[] Y = {1, 9, 2, -5, -2, 6}, YHAT = {4, 8, 12, 8, 1, 3}; // [2 × 3]
  private static final double[] ELEMENT_WEIGHTS = {3, 6, 5, 0, 4, 2};
  private static final double[] CLASSES = {1, 0, 0, 0, 1, 0, 0, 0, 1}; // [3 × 3]

  /** Five steps of ten parameters: the parameters after each. */
  private static double[] fiveSteps(Optimizer optimizer, double start) {
    double[] theta = new double[10], g = new double[10], all = new double[50];
    Arrays.fill(theta, 1);
    double[][] state = state(optimizer, 10, start);
    for (int t = 1; t <= 5; t++) {
      for (int i = 0; i < 10; i++) g[i] = t == 1 ? 0.01 : (i + 1) / 10.0;
      optimizer.update(t, optimizer.rate(), 10, theta, g, state);
      System.arraycopy(theta, 0, all, (t - 1) * 10, 10);
    }
    return all;
  }

  private static double[][] state(Optimizer optimizer, int n, double start) {
    double[][] state = new double[optimizer.slots()][n];
    for (double[] slot : state) Arrays.fill(slot, start);
    return state;
  }

  /** One parameter after each step. */
  private static double[] only(int i, double[] fiveSteps) {
    double[] steps = new double[5];
    for (int t = 0; t < 5; t++) steps[t] = fiveSteps[10 * t + i];
    return steps;
  }

  private static double[] oneStep(Optimizer optimizer, double start) {
    double[] theta = {1, 2, 3, 4}, g = {1, 6, 7, 2};
    optimizer.update(1, optimizer.rate(), 4, theta, g, state(optimizer, 4, start));
    return theta;
  }

  @Test
  @Proves(value = "003-adagrad", by = "AdaGrad#update")
  @Proves(value = "001-gd", by = "GradientDescent#update")
  @Proves(value = "beyond-adadelta-zeiler", by = "AdaDeltaZeiler#update")
  @Proves(value = "003-adam", by = "Adam#update")
  @Proves(value = "003-rmsprop", by = "RmsProp#update")
  void optimizersMakeThePrintedSteps() {
    KERAS.reproduce("five steps of Adagrad", fiveSteps(new AdaGrad(0.2, 1e-6), 0.3));
    KERAS.reproduce("one step of Adagrad", oneStep(new AdaGrad(0.5, 1e-7), 0.1));
    KERAS.reproduce("five steps of SGD", fiveSteps(new GradientDescent(0.01), 0));
    KERAS.reproduce("one step of SGD", oneStep(new GradientDescent(0.5), 0));
    KERAS.reproduce("five steps of Adadelta", only(0, fiveSteps(new AdaDeltaZeiler(1, 0.8, 1e-6), 0)));
    KERAS.reproduce("one step of Adadelta", oneStep(new AdaDeltaZeiler(0.5, 0.95, 1e-7), 0));
    double[] adam = fiveSteps(new Adam(0.001, 0.9, 0.999, 1e-7), 0);
    KERAS.reproduce("five steps of Adam", only(4, adam));
    KERAS.refute("third step of Adam for the gradient .1", only(0, adam)[2], only(4, adam)[2]);
    KERAS.reproduce("one step of Adam", oneStep(new Adam(0.5, 0.9, 0.999, 1e-7), 0));
    KERAS.reproduce("one step of RMSprop", oneStep(new RmsProp(0.5, 0.9, 1e-7), 0));
  }

  @Test
  @Proves(value = "beyond-adamw", by = "AdamW#update")
  void decoupledWeightDecayShrinksTheParameter() {
    AdamW optimizer = new AdamW(1, 0.9, 0.999, 1e-7, 0.004);
    double[] theta = {2}, g = {0};
    double[][] state = state(optimizer, 1, 0);
    for (int t = 1; t <= 3; t++) optimizer.update(t, 1, 1, theta, g, state);
    KERAS.reproduce("three steps of weight decay", theta);
  }

  @Test
  @Proves(value = "003-mse", by = "MeanSquaredError")
  @Proves(value = "003-mae", by = "MeanAbsoluteError")
  void errorsOfNumbersHaveThePrintedLosses() {
    Loss[] losses = {new MeanSquaredError(), new MeanAbsoluteError()};
    String[] names = {"mean squared error", "mean absolute error"};
    for (int k = 0; k < 2; k++) {
      MeanOverElements loss = new MeanOverElements(losses[k], 2, 3), cells = new MeanOverElements(losses[k], 6, 1);
      double[] rows = loss.ofRows(YHAT, Y);
      KERAS.reproduce(names[k] + ", plain, weighted 2.3, weighted element by element, weighted sum",
          loss.of(YHAT, Y), loss.weighted(YHAT, Y, 2.3, 2.3), cells.weighted(YHAT, Y, ELEMENT_WEIGHTS),
          2 * loss.weighted(YHAT, Y, 2.3, 2.3));
      for (int b = 0; b < 2; b++) rows[b] *= 2.3;
      if (k == 0) KERAS.reproduce(names[k] + " of each row, weighted 2.3", rows);
      else KERAS.reproduce(names[k] + " of the first row, weighted 2.3", rows[0]);
      if (k == 1) KERAS.refuteCutOff(names[k] + " of the second row, weighted 2.3", rows[1]);
    }
  }

  @Test
  @Proves(value = "003-bce", by = "BinaryCrossEntropy, SigmoidCrossEntropy")
  void binaryCrossEntropiesHaveThePrintedLosses() {
    double[] yhat = {0.9, 0.1, 0.2, 0.3, 0.8, 0.1, 0.1, 0.2, 0.7};
    for (int i = 0; i < 9; i++) yhat[i] += CLASSES[i] == 1 ? 1e-7 : -1e-7; // ln(p + 1e-7) of the true class
    KERAS.reproduce("binary cross-entropy",
        new MeanOverElements(new BinaryCrossEntropy(), 3, 3).of(yhat, CLASSES));
    double[] y = {1, 0, 1, 0, 1, 1}, logits = {10, -10, 10, 10, 10, -10};
    MeanOverElements loss = new MeanOverElements(new SigmoidCrossEntropy(), 2, 3);
    KERAS.reproduce("binary cross-entropy of weighted logits", loss.weighted(logits, y, 4, 3));
    KERAS.refuteCutOff("binary cross-entropy of logits", loss.of(logits, y));
    KERAS.refuteCutOff("binary cross-entropy of logits, weighted 2.3", loss.weighted(logits, y, 2.3, 2.3));
  }

  /** Keras divides the probabilities of a row by their sum: 1.99 in the second row. */
  @Test
  @Proves(value = "003-cce", by = "CategoricalCrossEntropy")
  @Proves(value = "003-softmax-cce-d", by = "SoftmaxCrossEntropy")
  void categoricalCrossEntropiesHaveThePrintedLosses() {
    double[] yhat = {0.9, 0.05, 0.05, 0.5 / 1.99, 0.89 / 1.99, 0.6 / 1.99, 0.05, 0.01, 0.94};
    double[] logits = {8, 1, 1, 0, 9, 1, 2, 3, 5};
    MeanOverElements cce = new MeanOverElements(new CategoricalCrossEntropy(), 3, 3);
    MeanOverElements fused = new MeanOverElements(new SoftmaxCrossEntropy(), 3, 3);
    double plain = 3 * cce.of(yhat, CLASSES), ofLogits = 3 * fused.of(logits, CLASSES); // a mean over the rows
    double[] rows = fused.ofRows(logits, CLASSES);
    KERAS.reproduce("categorical cross-entropy of three rows of logits", 3 * rows[0], 3 * rows[1], 3 * rows[2]);
    KERAS.reproduce("weighted categorical cross-entropy", 3 * cce.weighted(yhat, CLASSES, 1.2, 3.4, 5.6));
    KERAS.refuteCutOff("categorical cross-entropy", plain);
    KERAS.refute("categorical cross-entropy, weighted 2.3", 2.3 * plain, cutOff(2.3 * 0.3239));
    KERAS.refuteCutOff("categorical cross-entropy of logits", ofLogits);
    KERAS.refute("categorical cross-entropy of logits, weighted 2.3", 2.3 * ofLogits, cutOff(2.3 * 0.0573));
  }

  /** Returns the number without the digits after the fourth decimal. */
  private static double cutOff(double x) {
    return Math.floor(x * 1e4) / 1e4;
  }
}
