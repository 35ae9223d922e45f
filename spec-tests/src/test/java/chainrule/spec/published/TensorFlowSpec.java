// SPDX-License-Identifier: MIT
package chainrule.spec.published;

import chainrule.kernels.Elementary;
import chainrule.kernels.Kernels;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Gelu;
import chainrule.nn.activation.LeakyRelu;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Silu;
import chainrule.nn.activation.Softplus;
import chainrule.nn.activation.Tanh;
import chainrule.nn.loss.CategoricalCrossEntropy;
import chainrule.nn.loss.Huber;
import chainrule.nn.loss.Loss;
import chainrule.nn.loss.MeanAbsoluteError;
import chainrule.nn.loss.MeanSquaredError;
import chainrule.nn.loss.SigmoidCrossEntropy;
import chainrule.spec.ledger.Proves;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The numbers in TensorFlow's documentation of activations and losses. */
class TensorFlowSpec {
  private static final PublishedSource TENSORFLOW = PublishedSource.load("tensorflow");
  private static final double[] FAR = {-20, -1, 0, 1, 20}, NEAR = {-3, -1, 0, 1, 3}, TENS = {-10, -5, 0, 5, 10};

  private static void reproduce(String label, Activation activation, double[] z) {
    double[] a = new double[z.length];
    activation.forward(Kernels.best(), 1, z.length, z, a);
    TENSORFLOW.reproduce(label, a);
  }

  @Test
  @Proves(value = "beyond-softplus", by = "Softplus#forward")
  @Proves(value = "beyond-silu", by = "Silu#forward")
  @Proves(value = "001-sigmoid", by = "Sigmoid#forward")
  @Proves(value = "beyond-gelu", by = "Gelu#forward")
  @Proves(value = "001-tanh", by = "Tanh#forward")
  @Proves(value = "001-relu", by = "Relu#forward")
  @Proves(value = "001-leaky-relu", by = "LeakyRelu#forward")
  @Proves(value = "003-linear", by = "Linear#forward")
  @Proves(value = "beyond-exp", by = "Elementary#exp")
  void activationsHaveThePrintedValues() {
    reproduce("softplus", new Softplus(), FAR);
    reproduce("swish", new Silu(), FAR);
    reproduce("sigmoid", new Sigmoid(), FAR);
    Gelu gelu = new Gelu();
    reproduce("gelu of −1, 0, 1, 3", gelu, new double[] {-1, 0, 1, 3});
    TENSORFLOW.refute("gelu of −3", gelu.value(-3), -1.5 * 45_293 * 0x1p-24);
    reproduce("tanh", new Tanh(), NEAR);
    reproduce("relu", new Relu(), TENS);
    reproduce("relu with alpha", new LeakyRelu(0.5), TENS);
    reproduce("linear", new Linear(), NEAR);
    TENSORFLOW.reproduce("exponential", Arrays.stream(NEAR).map(Elementary::exp).toArray());
  }

  /** Reproduces the mean, the weighted mean, the sum, and the loss of each row, where a row's loss is a mean. */
  private static void reproduce(String label, Loss loss, double[] yhat, double[] y, double... weights) {
    MeanOverElements mean = new MeanOverElements(loss, 2, 2);
    double[] rows = mean.ofRows(yhat, y);
    TENSORFLOW.reproduce(label + ", mean, weighted mean, sum, rows",
        mean.of(yhat, y), mean.weighted(yhat, y, weights), 2 * mean.of(yhat, y), rows[0], rows[1]);
  }

  @Test
  @Proves(value = "beyond-huber", by = "Huber")
  @Proves(value = "003-mse", by = "MeanSquaredError")
  @Proves(value = "003-mae", by = "MeanAbsoluteError")
  void errorsOfNumbersHaveThePrintedLosses() {
    double[] y = {0, 1, 0, 0}, yhat = {1, 1, 1, 0};
    reproduce("Huber", new Huber(), new double[] {0.6, 0.4, 0.4, 0.6}, y, 1, 0);
    reproduce("mean squared error", new MeanSquaredError(), yhat, y, 0.7, 0.3);
    reproduce("mean absolute error", new MeanAbsoluteError(), yhat, y, 0.7, 0.3);
  }

  @Test
  @Proves(value = "003-cce", by = "CategoricalCrossEntropy")
  @Proves(value = "003-bce", by = "SigmoidCrossEntropy")
  void crossEntropiesHaveThePrintedLosses() {
    double[] y = {0, 1, 0, 0, 0, 1}, yhat = {0.05, 0.95, 0, 0.1, 0.8, 0.1};
    MeanOverElements cce = new MeanOverElements(new CategoricalCrossEntropy(), 2, 3); // theirs is a mean over the rows
    double[] rows = cce.ofRows(yhat, y);
    TENSORFLOW.reproduce("categorical cross-entropy, mean, weighted mean, sum, rows", 3 * cce.of(yhat, y),
        3 * cce.weighted(yhat, y, 0.3, 0.7), 6 * cce.of(yhat, y), 3 * rows[0], 3 * rows[1]);
    double[] labels = {0, 1, 0, 0}, logits = {-18.6, 0.51, 2.94, -12.8};
    MeanOverElements bce = new MeanOverElements(new SigmoidCrossEntropy(), 2, 2);
    double[] each = bce.ofRows(logits, labels);
    TENSORFLOW.reproduce("binary cross-entropy of logits, mean, rows", bce.of(logits, labels), each[0], each[1]);
    TENSORFLOW.refuteCutOff("binary cross-entropy of logits, weighted mean", bce.weighted(logits, labels, 0.8, 0.2));
    TENSORFLOW.refuteCutOff("binary cross-entropy of logits, sum", 2 * bce.of(logits, labels));
  }
}
