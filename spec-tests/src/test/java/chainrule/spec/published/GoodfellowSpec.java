// SPDX-License-Identifier: MIT
package chainrule.spec.published;

import chainrule.nn.Backpropagation;
import chainrule.nn.Network;
import chainrule.nn.StepValues;
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
  @Proves(value = {"001-preactivation", "001-activation"}, by = "Backpropagation#record")
  @Proves(value = "001-relu", by = "Relu")
  void everyMatrixIsThePrintedOne() {
    Network net = Network.input(2).dense(2, new Relu()).dense(1, new Linear()).build(1);
    net.setWeights(0, new double[][] {{1, 1}, {1, 1}});
    net.setBias(0, new double[2]);
    net.setWeights(1, new double[][] {{1}, {-2}});
    net.setBias(1, new double[1]);
    BOOK.reproduce("XW", flat(record(net).z(0)));
    net.setBias(0, new double[] {0, -1});
    StepValues v = record(net);
    BOOK.reproduce("XW + c", flat(v.z(0)));
    BOOK.reproduce("after the rectifier", flat(v.a(0)));
    BOOK.reproduce("outputs", flat(v.a(1)));
  }

  private static StepValues record(Network net) {
    return new Backpropagation(net, new MeanSquaredError(), 4).record(4, X, 0, new double[] {0, 1, 1, 0}, 0);
  }

  private static double[] flat(double[][] rows) {
    return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
  }
}
