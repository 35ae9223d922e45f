// SPDX-License-Identifier: MIT
package chainrule.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.Dataset;
import chainrule.data.Generators;
import chainrule.nn.Network;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Softmax;
import chainrule.nn.activation.Tanh;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Checks the counts with a loop over predictions, and the metrics by hand. */
class ConfusionMatrixTest {
  private static final double NAN = Double.NaN;

  /** Returns a network whose outputs are its inputs. */
  private static Network identity(int n) {
    Network net = Network.input(n).dense(n, new Linear()).build(1);
    for (int i = 0; i < net.parameters().length; i++) net.parameters()[i] = i < n * n && i % (n + 1) == 0 ? 1 : 0;
    return net;
  }

  @Test
  void countsMatchALoopOverPredictions() {
    for (Generators g : new Generators[] {Generators.SPIRALS, Generators.MOONS}) {
      Dataset d = g.generate(200, 7);
      boolean two = d.outputs() == 1;
      Network net = Network.input(2).dense(5, new Tanh()).dense(d.outputs(), two ? new Sigmoid() : new Softmax())
          .build(3);
      ConfusionMatrix c = ConfusionMatrix.of(net, d);
      int n = g.labels().size();
      long[][] counts = new long[n][n];
      for (int i = 0; i < d.rows(); i++) {
        double[] p = net.predict(new double[] {d.x()[2 * i], d.x()[2 * i + 1]});
        int predicted = two ? (p[0] < 0.5 ? 0 : 1) : p[0] >= p[1] && p[0] >= p[2] ? 0 : p[1] >= p[2] ? 1 : 2;
        counts[i % n][predicted]++; // generators cycle through the classes
      }
      long right = 0;
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) assertEquals(counts[i][j], c.count(i, j), g + " " + i + " " + j);
        right += counts[i][i];
      }
      assertEquals(200, c.total());
      assertEquals(right / 200.0, c.accuracy());
      assertEquals(g.labels(), c.labels());
    }
  }

  /** 8 of 10 cats and 1 of 5 dogs are recognized, the other dogs are predicted as cats; no birds, no fish. */
  @Test
  void metricsMatchACalculationByHand() {
    ConfusionMatrix c = new ConfusionMatrix(List.of("cat", "dog", "bird", "fish"), new long[] {
        8, 1, 1, 0,
        4, 1, 0, 0,
        0, 0, 0, 0,
        0, 0, 0, 0});
    assertEquals(10, c.actual(0));
    assertEquals(12, c.predicted(0));
    assertEquals(8 / 12.0, c.precision(0));
    assertEquals(8 / 10.0, c.recall(0));
    assertEquals(2 / (1 / (8 / 12.0) + 1 / (8 / 10.0)), c.f1(0), 1e-15); // the harmonic mean: 8/11
    assertEquals(8 / 11.0, c.f1(0), 1e-15);
    assertEquals(1 / 2.0, c.precision(1));
    assertEquals(1 / 5.0, c.recall(1));
    assertEquals(2 / 7.0, c.f1(1), 1e-15);
    assertEquals(9 / 15.0, c.accuracy());
    assertEquals(15, c.total());
    // predicted but absent: no prediction is right, and recall is undefined
    assertEquals(0, c.precision(2));
    assertEquals(NAN, c.recall(2));
    assertEquals(0, c.f1(2));
    // absent and never predicted: all three are undefined, and the mean excludes the class
    assertEquals(NAN, c.precision(3));
    assertEquals(NAN, c.recall(3));
    assertEquals(NAN, c.f1(3));
    assertEquals((8 / 11.0 + 2 / 7.0 + 0) / 3, c.macroF1(), 1e-15);
  }

  @Test
  void thePrecisionOfAClassThatIsNeverPredictedIsNaN() {
    ConfusionMatrix c = new ConfusionMatrix(List.of("a", "b"), new long[] {3, 0, 2, 0});
    assertEquals(NAN, c.precision(1));
    assertEquals(0, c.recall(1));
    assertEquals(0, c.f1(1));
    assertEquals((6 / 8.0 + 0) / 2, c.macroF1());
  }

  @Test
  void aSingleOutputOfAtLeastOneHalfPredictsTheSecondClass() {
    double[] x = {0, 0.499, 0.5, 1, 0.2, 0.9};
    Dataset d = Dataset.classification(1, x, new int[] {0, 1, 0, 1, 0, 1}, List.of("no", "yes"));
    ConfusionMatrix c = ConfusionMatrix.of(identity(1), d);
    assertEquals(2, c.count(0, 0)); // 0 and 0.2
    assertEquals(1, c.count(0, 1)); // 0.5
    assertEquals(1, c.count(1, 0)); // 0.499
    assertEquals(2, c.count(1, 1)); // 1 and 0.9
  }

  @Test
  void theLargestOutputIsPredictedAndTheFirstWinsTies() {
    Dataset d = Dataset.classification(3, new double[] {1, 1, 0, 0, 2, 2, -1, -2, -1, 0, 0, 5}, new int[] {0, 1, 2, 0},
        List.of("a", "b", "c"));
    ConfusionMatrix c = ConfusionMatrix.of(identity(3), d);
    assertEquals(1, c.count(0, 0));
    assertEquals(1, c.count(1, 1));
    assertEquals(1, c.count(2, 0));
    assertEquals(1, c.count(0, 2));
    assertEquals(0.5, c.accuracy());
  }

  @Test
  void theMetricsOfNoRowsAreNaN() {
    ConfusionMatrix c = ConfusionMatrix.of(
        identity(1), Dataset.classification(1, new double[0], new int[0], List.of("a", "b")));
    assertEquals(0, c.total());
    assertEquals(NAN, c.accuracy());
    assertEquals(NAN, c.macroF1());
  }

  @Test
  void regressionsAndMismatchedNetworksAreRejected() {
    Dataset numbers = Dataset.regression(1, new double[] {1}, 1, new double[] {2});
    assertEquals("expected classes, found a regression",
        assertThrows(IllegalArgumentException.class, () -> ConfusionMatrix.of(identity(1), numbers)).getMessage());
    String message = assertThrows(
        IllegalArgumentException.class, () -> ConfusionMatrix.of(identity(3), Generators.MOONS.generate(4, 1)))
        .getMessage();
    assertTrue(message.contains("rows of 2 inputs and 1 outputs do not fit the network 3 → 3 linear"), message);
  }
}
