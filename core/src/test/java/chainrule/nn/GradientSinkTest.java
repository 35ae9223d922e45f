// SPDX-License-Identifier: MIT
package chainrule.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Softmax;
import chainrule.nn.activation.Tanh;
import chainrule.nn.loss.CategoricalCrossEntropy;
import chainrule.nn.optimizer.Optimizer;
import chainrule.nn.optimizer.Optimizers;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class GradientSinkTest {
  private static final int ROWS = 70;

  /** Returns the parameters after three steps that update block by block, or once after the last layer. */
  private static double[] trained(
      String optimizer, Regularization penalties, FrozenParameters frozen, boolean atOnce) {
    Network net = Network.input(90).dense(30, new Relu()).dropout(0.2).dense(11, new Tanh()).activation(new Tanh())
        .dense(3, new Softmax()).build(1);
    Optimizer rule = Optimizers.parse(optimizer);
    Backpropagation b = new Backpropagation(net, new CategoricalCrossEntropy(), penalties, ROWS);
    double[][] state = new double[rule.slots()][net.parameters().length];
    GradientSink sink = new GradientSink.UpdateBlocks(net, penalties, rule, frozen, b.gradients(), state, atOnce);
    SplittableRandom random = new SplittableRandom(2);
    double[] x = random.doubles(ROWS * 90).toArray(), y = new double[ROWS * 3];
    for (int i = 0; i < ROWS; i++) y[3 * i + i % 3] = 1;
    for (int step = 1; step <= 3; step++) {
      b.setStep(7, step, 0);
      b.trainingLossAndOutputDelta(ROWS, x, 0, y, 0, null, 0);
      sink.step = step;
      sink.rate = 0.01;
      b.backward(x, 0, sink);
    }
    return net.parameters();
  }

  @Test void updatesBlockByBlockHaveTheBitsOfOneUpdateAfterTheLastLayer() {
    for (String optimizer : Optimizers.names()) {
      for (Regularization penalties : List.of(Regularization.NONE, Regularization.l1l2(1e-3, 1e-2))) {
        for (FrozenParameters frozen : List.of(FrozenParameters.NONE, FrozenParameters.weights(0),
            FrozenParameters.biases(2), FrozenParameters.layers(0))) {
          double[] once = trained(optimizer, penalties, frozen, true);
          assertArrayEquals(once, trained(optimizer, penalties, frozen, false),
              () -> optimizer + ", " + penalties + ", " + frozen);
          assertFalse(Arrays.equals(once, trained(optimizer, Regularization.NONE, FrozenParameters.layers(0, 2, 4),
              true)), "nothing was updated");
        }
      }
    }
  }
}
