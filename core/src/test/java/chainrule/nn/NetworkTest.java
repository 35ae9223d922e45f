// SPDX-License-Identifier: MIT
package chainrule.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.kernels.Kernels;
import chainrule.kernels.ScalarKernels;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Elementwise;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Softmax;
import chainrule.nn.activation.Tanh;
import chainrule.nn.loss.BinaryCrossEntropy;
import chainrule.nn.loss.CategoricalCrossEntropy;
import chainrule.nn.loss.Loss;
import chainrule.nn.loss.MeanSquaredError;
import chainrule.nn.loss.SigmoidCrossEntropy;
import chainrule.nn.loss.SoftmaxCrossEntropy;
import chainrule.random.CounterRandom;
import org.junit.jupiter.api.Test;

class NetworkTest {

  @Test
  void predictionsMatchACalculationByHand() {
    Network net = Network.input(2).dense(2, new Relu()).dense(1, new Linear()).build(1);
    // W1 = [1 −2; 3 4], b1 = (0.5, −1), W2 = (2, −3)ᵀ, b2 = 0.25
    System.arraycopy(new double[] {1, -2, 3, 4, 0.5, -1, 2, -3, 0.25}, 0, net.parameters(), 0, 9);
    // x = (1, 1): z = (4.5, 1), a = z, y = 9 − 3 + 0.25;   x = (1, −1): z = (−1.5, −7), a = 0, y = 0.25
    assertArrayEquals(new double[] {6.25, 0.25}, net.predict(new double[] {1, 1, 1, -1}));
  }

  @Test
  void layersArePrintedAndTheirParametersAreCounted() {
    Network net = Network.input(784).dense(128, new Relu()).dense(10, new Softmax()).build(1);
    assertEquals("784 → 128 relu → 10 softmax", net.toString());
    assertEquals(784 * 128 + 128 + 128 * 10 + 10, net.parameters().length);
  }

  @Test
  void weightsAreSetAndReturnedWithOneRowPerInput() {
    Network net = Network.input(2).dense(3, new Relu()).dropout(0.5).dense(1, new Linear()).build(1);
    net.setWeights(0, new double[][] {{1, 2, 3}, {4, 5, 6}});
    net.setBias(0, new double[] {7, 8, 9});
    net.setWeights(2, new double[][] {{10}, {11}, {12}});
    net.setBias(2, new double[] {13});
    assertArrayEquals(new double[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13}, net.parameters());
    assertArrayEquals(new double[][] {{1, 2, 3}, {4, 5, 6}}, net.weights(0));
    assertArrayEquals(new double[] {7, 8, 9}, net.bias(0));
    assertArrayEquals(new double[][] {{10}, {11}, {12}}, net.weights(2));
    assertArrayEquals(new double[] {13}, net.bias(2));
    net.weights(0)[0][0] = 99;
    net.bias(0)[0] = 99;
    assertEquals(1, net.weights(0)[0][0], "a copy");
    assertEquals(7, net.bias(0)[0], "a copy");
  }

  @Test
  void weightsOfAnotherShapeAreRejectedAndNothingChanges() {
    Network net = Network.input(2).dense(3, new Relu()).dropout(0.5).dense(1, new Linear()).build(1);
    double[] before = net.parameters().clone();
    String what = "weights of the layer at index 0 (3 relu): expected 2 × 3 (inputs × outputs), found ";
    assertRejected(what + "3 rows", () -> net.setWeights(0, new double[3][2]));
    assertRejected(what + "2 numbers in row 1", () -> net.setWeights(0, new double[][] {{1, 2, 3}, {4, 5}}));
    assertRejected("bias of the layer at index 0 (3 relu): expected 3 numbers, found 2",
        () -> net.setBias(0, new double[2]));
    String none = "the layer at index 1 (dropout 0.5) has no weights and no bias";
    assertRejected(none, () -> net.setWeights(1, new double[0][]));
    assertRejected(none, () -> net.setBias(1, new double[0]));
    assertRejected(none, () -> net.weights(1));
    assertRejected("layer at index 3: " + net + " has the indices 0 to 2", () -> net.bias(3));
    assertRejected("layer at index -1: " + net + " has the indices 0 to 2", () -> net.bias(-1));
    assertArrayEquals(before, net.parameters());
  }

  private static void assertRejected(String message, Runnable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }

  @Test
  void initialWeightsDependOnTheSeedAlone() {
    double[] a = weights(5, Kernels.best()), b = weights(5, ScalarKernels.INSTANCE), c = weights(6, Kernels.best());
    assertArrayEquals(a, b);
    assertTrue(a[0] != c[0]);
  }

  private static double[] weights(long seed, Kernels kernels) {
    return Network.input(9).dense(7, new Tanh()).dense(3, new Softmax()).kernels(kernels).build(seed).parameters();
  }

  @Test
  void initialWeightsHaveTheVarianceOfTheirRule() {
    int in = 400, out = 300, n = in * out;
    check(Initialization.HE_NORMAL, 2.0 / in, in, out, n);
    check(Initialization.HE_UNIFORM, 2.0 / in, in, out, n);
    check(Initialization.XAVIER_NORMAL, 2.0 / (in + out), in, out, n);
    check(Initialization.XAVIER_UNIFORM, 2.0 / (in + out), in, out, n);
    check(Initialization.ZEROS, 0, in, out, n);
  }

  /**
   * For two layers of the same shape with independent weights, Σ w·w' has mean 0 and variance nσ⁴. If their weights
   * were equal, the sum would be about nσ². The same holds for two seeds of one layer.
   */
  @Test
  void initialWeightsOfDifferentLayersAndSeedsAreUncorrelated() {
    int units = 60, n = units * units, layer = n + units;
    for (Initialization rule : Initialization.values()) {
      if (rule == Initialization.ZEROS) continue;
      double[] w = stack(units, rule, 3), other = stack(units, rule, 4);
      double variance = (rule.name().startsWith("HE") ? 2.0 : 1.0) / units;
      double bound = 5 * variance * Math.sqrt(n);
      for (int l = 0; l < 3; l++) {
        int at = l * layer, next = (l + 1) % 3 * layer;
        double layers = 0, seeds = 0;
        for (int i = 0; i < n; i++) {
          layers += w[at + i] * w[next + i];
          seeds += w[at + i] * other[at + i];
        }
        assertEquals(0, layers, bound, rule + ": layers " + l + " and " + (l + 1) % 3);
        assertEquals(0, seeds, bound, rule + ": two seeds of layer " + l);
      }
    }
  }

  private static double[] stack(int units, Initialization rule, long seed) {
    return Network.input(units).dense(units, new Tanh(), rule).dense(units, new Tanh(), rule)
        .dense(units, new Linear(), rule).build(seed).parameters();
  }

  private static void check(Initialization rule, double variance, int in, int out, int n) {
    double[] w = Network.input(in).dense(out, new Linear(), rule).build(3).parameters();
    double mean = 0, square = 0;
    for (int i = 0; i < n; i++) {
      mean += w[i] / n;
      square += w[i] * w[i] / n;
    }
    // five standard deviations: that of a sample variance is at most √2 · variance / √n
    assertEquals(0, mean, 5 * Math.sqrt(variance / n), rule + ": mean");
    assertEquals(variance, square, 5 * Math.sqrt(2.0 / n) * variance, rule + ": variance");
    for (int i = n; i < n + out; i++) assertEquals(0, w[i], "initial biases are 0");
  }

  @Test
  void rowsPredictedOneByOneMatchABatch() {
    Network net = Network.input(13).dense(40, new Sigmoid()).dense(5, new Softmax()).build(2);
    int n = 600; // more than one block
    double[] x = new double[n * 13];
    for (int i = 0; i < x.length; i++) x[i] = CounterRandom.normal(9, 9, i);
    double[] all = net.predict(x);
    for (int i = 0; i < n; i += 37) {
      double[] one = net.predict(java.util.Arrays.copyOfRange(x, i * 13, (i + 1) * 13));
      assertArrayEquals(one, java.util.Arrays.copyOfRange(all, i * 5, (i + 1) * 5), "row " + i);
    }
    assertEquals(0, net.predict(new double[0]).length);
  }

  @Test
  void aFusedLossMatchesTheUnfusedOne() {
    double[] y = {0, 1, 0, 1, 0, 0, 0.2, 0.3, 0.5};
    agree(new CategoricalCrossEntropy(), new Softmax(), 3, y);
    agree(new BinaryCrossEntropy(), new Sigmoid(), 3, y);
  }

  /** A loss without its fused version. */
  private record Unfused(Loss loss) implements Loss {
    @Override public String name() {
      return loss.name();
    }

    @Override public chainrule.nn.loss.Reduction reduction() {
      return loss.reduction();
    }

    @Override public double sum(Kernels k, int rows, int cols, double[] yhat, double[] y, int yo) {
      return loss.sum(k, rows, cols, yhat, y, yo);
    }

    @Override public void gradient(
        Kernels k, int rows, int cols, double[] yhat, double[] y, int yo, double factor, double[] g) {
      loss.gradient(k, rows, cols, yhat, y, yo, factor, g);
    }
  }

  private static void agree(Loss loss, Activation output, int out, double[] y) {
    Network net = Network.input(4).dense(6, new Tanh()).dense(out, output).build(11);
    double[] x = new double[12];
    for (int i = 0; i < x.length; i++) x[i] = CounterRandom.normal(4, 4, i);
    Backpropagation fused = new Backpropagation(net, loss, 3), plain = new Backpropagation(net, new Unfused(loss), 3);
    double f = fused.lossAndGradients(3, x, 0, y, 0), p = plain.lossAndGradients(3, x, 0, y, 0);
    // logits are of order 1, so either side has only a few rounding errors
    assertEquals(p, f, 20 * Math.ulp(p));
    double scale = 0;
    for (double g : plain.gradients()) scale = Math.max(scale, Math.abs(g));
    for (int i = 0; i < fused.gradients().length; i++) {
      assertEquals(plain.gradients()[i], fused.gradients()[i], 100 * Math.ulp(scale), "parameter " + i);
    }
  }

  @Test
  void fusedLossesAreFiniteForEveryFiniteLogit() {
    Network net = Network.input(1).dense(2, new Softmax()).build(1);
    System.arraycopy(new double[] {1, -1, 0, 0}, 0, net.parameters(), 0, 4);
    Backpropagation b = new Backpropagation(net, new CategoricalCrossEntropy(), 1);
    assertEquals(2e5, b.lossAndGradients(1, new double[] {1e5}, 0, new double[] {0, 1}, 0));
    assertArrayEquals(new double[] {1e5, -1e5, 1, -1}, b.gradients());

    Network one = Network.input(1).dense(1, new Sigmoid()).build(1);
    System.arraycopy(new double[] {1, 0}, 0, one.parameters(), 0, 2);
    Backpropagation s = new Backpropagation(one, new BinaryCrossEntropy(), 1);
    assertEquals(1e5, s.lossAndGradients(1, new double[] {1e5}, 0, new double[] {0}, 0));
    assertEquals(0, s.loss(1, new double[] {1e5}, 0, new double[] {1}, 0));
  }

  @Test
  void lossesThatDoNotFitTheOutputAndInvalidShapesAreRejected() {
    refused("the loss bce does not fit an output of 3 linear: it needs outputs between 0 and 1: use a sigmoid "
        + "output, or the loss mse",
        new BinaryCrossEntropy(), new Linear(), 3);
    refused("the loss bce does not fit an output of 1 softmax: it needs an output that can vary: a softmax of 1 unit "
        + "is always 1",
        new BinaryCrossEntropy(), new Softmax(), 1);
    refused("the loss cce does not fit an output of 3 tanh: it needs outputs between 0 and 1: use a softmax "
        + "output, or the loss mse",
        new CategoricalCrossEntropy(), new Tanh(), 3);
    refused("the loss cce does not fit an output of 1 sigmoid: it needs an output for each class, at least 2; for one "
        + "output use bce",
        new CategoricalCrossEntropy(), new Sigmoid(), 1);
    refused("the loss cce does not fit an output of 1 linear: it needs an output for each class, at least 2; to "
        + "predict a number use mse", new CategoricalCrossEntropy(), new Linear(), 1);
    refused("the loss cce does not fit an output of 1 softmax: it needs an output for each class, at least 2; for one "
        + "output use sigmoid with bce", new CategoricalCrossEntropy(), new Softmax(), 1);
    refused("the loss softmax-cross-entropy does not fit an output of 3 softmax: it takes logits: "
        + "use a linear output, or the loss cce",
        new SoftmaxCrossEntropy(), new Softmax(), 3);
    refused("the loss softmax-cross-entropy does not fit an output of 1 linear: it needs an output for each class, at "
        + "least 2; for one output use sigmoid-cross-entropy", new SoftmaxCrossEntropy(), new Linear(), 1);
    refused("the loss sigmoid-cross-entropy does not fit an output of 1 sigmoid: it takes logits: "
        + "use a linear output, or the loss bce",
        new SigmoidCrossEntropy(), new Sigmoid(), 1);
    assertThrows(IllegalStateException.class, () -> Network.input(3).build(1));
    assertEquals("layer 1 (dense): expected ≥ 1 units, found 0",
        assertThrows(IllegalArgumentException.class, () -> Network.input(3).dense(0, new Relu())).getMessage());
    assertTrue(assertThrows(IllegalArgumentException.class, () -> Network.input(1 << 20).dense(1 << 20, new Relu()))
        .getMessage().contains("more parameters than one array holds"));
    Network net = Network.input(3).dense(2, new Relu()).build(1);
    assertEquals("x: expected whole rows of 3 inputs, found 4 numbers",
        assertThrows(IllegalArgumentException.class, () -> net.predict(new double[4])).getMessage());
  }

  private static void refused(String message, Loss loss, Activation output, int units) {
    Network net = Network.input(2).dense(units, output).build(1);
    assertEquals(message,
        assertThrows(IllegalArgumentException.class, () -> new Backpropagation(net, loss, 1)).getMessage());
  }

  /** A custom activation: a name and two formulas. */
  private record Softsign() implements Elementwise {
    @Override public String name() {
      return "softsign";
    }

    @Override public double value(double z) {
      return z / (1 + Math.abs(z));
    }

    @Override public double derivative(double z, double a) {
      return 1 / ((1 + Math.abs(z)) * (1 + Math.abs(z)));
    }
  }

  @Test
  void predictorsOfAnyCapacityAreBitIdenticalToPredict() {
    Network net = Network.input(13).dense(17, new Tanh()).dense(5, new Softmax()).build(3);
    double[] x = new double[29 * 13];
    for (int i = 0; i < x.length; i++) x[i] = CounterRandom.uniform(4, 5, i);
    double[] expected = net.predict(x);
    for (int capacity : new int[] {1, 2, 7, 29, 100}) {
      double[] y = new double[3 + 28 * 5];
      net.predictor(capacity).predict(28, x, 13, y, 3); // all but the first row
      for (int i = 0; i < 28 * 5; i++) assertEquals(expected[5 + i], y[3 + i], "capacity " + capacity + ", " + i);
    }
    Predictor p = net.predictor(4);
    p.predict(0, x, 0, new double[0], 0);
    assertThrows(IndexOutOfBoundsException.class, () -> p.predict(30, x, 0, new double[150], 0));
    assertThrows(IndexOutOfBoundsException.class, () -> p.predict(29, x, 0, new double[144], 0));
    assertEquals("rows: expected ≥ 0, found -1",
        assertThrows(IllegalArgumentException.class, () -> p.predict(-1, x, 0, x, 0)).getMessage());
    assertEquals("capacity: expected ≥ 1 rows, found 0",
        assertThrows(IllegalArgumentException.class, () -> net.predictor(0)).getMessage());
  }

  @Test
  void gradientsOfACustomActivationMatchFiniteDifferences() {
    Network net = Network.input(3).dense(8, new Softsign()).dense(1, new Linear()).build(4);
    Backpropagation b = new Backpropagation(net, new MeanSquaredError(), 2);
    double[] x = {0.3, -1, 2, 1, 0.1, -0.7}, y = {1, -1}, theta = net.parameters();
    b.lossAndGradients(2, x, 0, y, 0);
    double[] g = b.gradients().clone();
    for (int i = 0; i < theta.length; i++) {
      double kept = theta[i], h = 1e-5;
      theta[i] = kept + h;
      double up = b.loss(2, x, 0, y, 0);
      theta[i] = kept - h;
      double down = b.loss(2, x, 0, y, 0);
      theta[i] = kept;
      // errors of the central difference: h²/6 · f''', where f''' is of order 1, and 2⁻⁵³/h from rounding
      assertEquals((up - down) / (2 * h), g[i], 1e-9, "parameter " + i);
    }
  }

  @Test
  void aSecondThreadIsUsedOnlyForLargeMatrixProducts() {
    Network net = Network.input(784).dense(128, new Relu()).dropout(0.5).dense(10, new Softmax())
        .kernels(Kernels.best().withThreads(2)).build(1);
    assertEquals(2, net.kernels().threads());
    assertEquals(1, new Workspace(net, 1, false).batch.kernels.threads(), "one row");
    assertEquals(2, new Workspace(net, 64, true).batch.kernels.threads(), "64 rows");
    Network small = Network.input(2).dense(16, new Relu()).dense(3, new Softmax())
        .kernels(Kernels.best().withThreads(2)).build(1);
    assertEquals(1, new Workspace(small, 64, true).batch.kernels.threads(), "64 rows of a small network");
  }
}
