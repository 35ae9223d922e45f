// SPDX-License-Identifier: MIT
package chainrule.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.nn.activation.Elementwise;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Softmax;
import chainrule.nn.activation.Step;
import chainrule.nn.activation.Tanh;
import chainrule.nn.loss.CategoricalCrossEntropy;
import chainrule.nn.loss.MeanSquaredError;
import org.junit.jupiter.api.Test;

class BackpropagationTest {
  private static final Network NET = Network.input(3).dense(2, new Tanh()).dense(2, new Linear()).build(1);

  @Test
  void rowsOutsideTheArraysAreRejectedBeforeAnythingIsComputed() {
    Backpropagation b = new Backpropagation(NET, new MeanSquaredError(), 4);
    double loss = b.lossAndGradients(2, new double[6], 0, new double[4], 0);
    double[] gradients = b.gradients().clone(), outputs = b.outputs().clone(), x = {1, 2, 3, 4, 5, 6};
    assertThrows(IndexOutOfBoundsException.class, () -> b.lossAndGradients(2, new double[5], 0, new double[4], 0));
    assertThrows(IndexOutOfBoundsException.class, () -> b.lossAndGradients(2, x, 1, new double[4], 0));
    assertThrows(IndexOutOfBoundsException.class, () -> b.lossAndGradients(2, x, 0, new double[3], 0));
    assertThrows(IndexOutOfBoundsException.class, () -> b.lossAndGradients(2, x, 0, new double[5], 2));
    assertEquals("batch: expected 0 to 4 rows, found 5", assertThrows(IllegalArgumentException.class,
        () -> b.loss(5, new double[15], 0, new double[10], 0)).getMessage());
    assertEquals("batch: expected 0 to 4 rows, found -1", assertThrows(IllegalArgumentException.class,
        () -> b.loss(-1, new double[15], 0, new double[10], 0)).getMessage());
    assertArrayEquals(gradients, b.gradients());
    assertArrayEquals(outputs, b.outputs());
    assertEquals(loss, b.lossAndGradients(2, new double[9], 3, new double[6], 2), "the last rows of longer arrays");
  }

  @Test
  void outputsEqualThePredictionsOfTheNetwork() {
    double[] x = {1, 2, 3, -4, 5, 0.5};
    Network classes = Network.input(3).dense(2, new Tanh()).dense(2, new Softmax()).build(1);
    Backpropagation fused = new Backpropagation(classes, new CategoricalCrossEntropy(), 2);
    fused.loss(2, x, 0, new double[] {1, 0, 0, 1}, 0);
    assertArrayEquals(classes.predict(x), fused.outputs());
    Backpropagation plain = new Backpropagation(NET, new MeanSquaredError(), 2);
    plain.loss(2, x, 0, new double[4], 0);
    assertArrayEquals(NET.predict(x), plain.outputs());
  }

  @Test
  void recordedPreActivationsHaveTheDropoutMasksOfTheStep() {
    Network net = Network.input(2).dense(2, new Relu()).dropout(0.5).dense(1, new Linear()).build(1);
    System.arraycopy(new double[] {1, -2, 3, 1, 0.5, 0, 2, -1, 4}, 0, net.parameters(), 0, 9);
    Backpropagation b = new Backpropagation(net, new MeanSquaredError(), 3);
    Dropout dropout = (Dropout) net.layers().get(1);
    double[] x = {99, 1, 2, -4, 1}, hidden = {7.5, 0, 0, 9};
    int kept = 0;
    for (int step = 0; step < 8; step++) {
      b.setStep(7, step, 0);
      StepValues v = b.record(2, x, 1, new double[2], 0);
      assertArrayEquals(new double[][] {{1 + 6 + 0.5, -2 + 2}, {-4 + 3 + 0.5, 8 + 1}}, v.z(0));
      double[] dropped = new double[4];
      for (int i = 0; i < 4; i++) dropped[i] = dropout.keeps(7, step, i / 2, i % 2) ? 2 * hidden[i] : 0;
      if (dropped[0] > 0) kept++;
      assertArrayEquals(new double[][] {{dropped[0], dropped[1]}, {dropped[2], dropped[3]}}, v.z(1));
      assertArrayEquals(new double[][] {{2 * dropped[0] - dropped[1] + 4}, {2 * dropped[2] - dropped[3] + 4}}, v.z(2));
    }
    assertTrue(kept > 0 && kept < 8, "masks differ between steps");
    assertThrows(IndexOutOfBoundsException.class, () -> b.record(2, x, 2, new double[2], 0));
    assertThrows(IllegalArgumentException.class, () -> b.record(4, new double[8], 0, new double[4], 0));
  }

  @Test
  void aHiddenLayerThatCannotBeTrainedIsRejected() {
    Network net = Network.input(3).dense(2, new Step()).dense(2, new Linear()).build(1);
    assertEquals("the layer 2 step of 3 → 2 step → 2 linear cannot be trained: the derivative of step is 0 wherever "
        + "it exists; use sigmoid, or only predict",
        assertThrows(IllegalArgumentException.class, () -> new Backpropagation(net, new MeanSquaredError(), 1))
        .getMessage());
  }

  /** The identity up to 1, and ∞ above: the activation is infinite although its pre-activation is finite. */
  private record InfiniteAboveOne() implements Elementwise {
    @Override public String name() {
      return "infinite-above-one";
    }

    @Override public boolean needsInput() {
      return true;
    }

    @Override public double value(double z) {
      return z <= 1 ? z : Double.POSITIVE_INFINITY;
    }

    @Override public double derivative(double z, double a) {
      return 1;
    }
  }

  @Test
  void firstNotFiniteChecksPreActivationsAndActivations() {
    Network net = Network.input(1).dense(1, new Linear()).dense(1, new InfiniteAboveOne()).dense(1, new Tanh())
        .dense(2, new Softmax())
        .build(1);
    Backpropagation b = new Backpropagation(net, new CategoricalCrossEntropy(), 2);
    double[] theta = net.parameters(), y = {1, 0, 1, 0};
    System.arraycopy(new double[] {1, 0, 1, 0, 1, 0}, 0, theta, 0, 6);
    b.lossAndGradients(2, new double[] {0.5, 1}, 0, y, 0);
    assertEquals(-1, b.firstNotFinite());
    b.lossAndGradients(2, new double[] {0.5, 2}, 0, y, 0);
    assertEquals(1, b.firstNotFinite(), "infinite in the second row");
    b.lossAndGradients(2, new double[] {Double.NaN, 0}, 0, y, 0);
    assertEquals(0, b.firstNotFinite());
    theta[6] = Double.POSITIVE_INFINITY; // a weight of the output layer
    b.lossAndGradients(1, new double[] {0.5}, 0, y, 0);
    assertEquals(3, b.firstNotFinite());
    theta[6] = 0;
    b.lossAndGradients(1, new double[] {0.5}, 0, y, 0);
    assertEquals(-1, b.firstNotFinite(), "only the rows of the last pass are checked");
  }
}
