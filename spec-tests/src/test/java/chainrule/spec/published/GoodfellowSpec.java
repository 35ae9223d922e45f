// SPDX-License-Identifier: MIT
package chainrule.spec.published;

import chainrule.kernels.Kernels;
import chainrule.nn.Backpropagation;
import chainrule.nn.Network;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Relu;
import chainrule.nn.loss.MeanSquaredError;
import chainrule.spec.ledger.Proves;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The network that computes XOR in the book "Deep Learning". */
class GoodfellowSpec {
  private static final PublishedSource BOOK = PublishedSource.load("goodfellow");
  private static final double[] X = {0, 0, 0, 1, 1, 0, 1, 1}; // [4 × 2]

  @Test
  @Proves(value = "001-preactivation", by = "Backpropagation#preActivations")
  @Proves(value = "001-relu", by = "Relu#forward")
  @Proves(value = "001-activation", by = "Network#predict")
  void everyMatrixIsThePrintedOne() {
    Network net = Network.input(2).dense(2, new Relu()).dense(1, new Linear()).build(1);
    double[] c = {0, -1};
    System.arraycopy(new double[] {1, 1, 1, 1, 0, 0, 1, -2, 0}, 0, net.parameters(), 0, 9); // W, no bias yet, w, b
    BOOK.reproduce("XW", hidden(net));
    System.arraycopy(c, 0, net.parameters(), 4, 2);
    double[] z = hidden(net), a = new double[8];
    BOOK.reproduce("XW + c", z);
    new Relu().forward(Kernels.best(), 4, 2, z, a);
    BOOK.reproduce("after the rectifier", a);
    BOOK.reproduce("outputs", net.predict(X));
  }

  private static double[] hidden(Network net) {
    return Arrays.copyOf(new Backpropagation(net, new MeanSquaredError(), 4).preActivations(4, X, 0)[0], 8);
  }
}
