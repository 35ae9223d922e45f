// SPDX-License-Identifier: MIT
package chainrule.spec.published;

import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.TrainingStep;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.loss.HalfSquaredError;
import chainrule.nn.optimizer.GradientDescent;
import chainrule.spec.ledger.Proves;
import org.junit.jupiter.api.Test;

/** The neuron of Nielsen's chapter 3, which learns slowly if it starts out badly wrong. */
class NielsenSpec {
  private static final PublishedSource NIELSEN = PublishedSource.load("nielsen");
  private static final double[] X = {1}, Y = {0};

  private static Network neuron(double w, double b) {
    Network net = Network.input(1).dense(1, new Sigmoid()).build(1);
    net.parameters()[0] = w;
    net.parameters()[1] = b;
    return net;
  }

  @Test
  @Proves(value = "001-sigmoid", by = "Network#predict")
  @Proves(value = "001-gd", by = "GradientDescent, TrainingStep#run")
  void theNeuronHasThePrintedOutputs() {
    Network net = neuron(0.6, 0.9);
    NIELSEN.reproduce("outputs of the two starts", net.predict(X)[0], neuron(2, 2).predict(X)[0]);
    TrainingStep step =
        new TrainingStep(net, new HalfSquaredError(), Regularization.NONE, new GradientDescent(0.15), 1);
    for (int epoch = 0; epoch < 300; epoch++) step.run(1, X, 0, Y, 0);
    NIELSEN.reproduce("output after 300 epochs from the first start", net.predict(X));
  }
}
