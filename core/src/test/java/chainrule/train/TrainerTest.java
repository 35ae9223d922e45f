// SPDX-License-Identifier: MIT
package chainrule.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.Dataset;
import chainrule.data.Generators;
import chainrule.kernels.Kernels;
import chainrule.kernels.ScalarKernels;
import chainrule.nn.Network;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Softmax;
import chainrule.nn.activation.Tanh;
import chainrule.nn.loss.BinaryCrossEntropy;
import chainrule.nn.loss.CategoricalCrossEntropy;
import chainrule.nn.loss.Loss;
import chainrule.nn.loss.Losses;
import chainrule.nn.loss.MeanSquaredError;
import chainrule.nn.optimizer.Adam;
import chainrule.nn.optimizer.GradientDescent;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainerTest {

  @Test
  void learnsEachBuiltInProblem() {
    for (Generators g : new Generators[] {Generators.SPIRALS, Generators.MOONS, Generators.CIRCLES, Generators.XOR}) {
      Dataset.Split s = g.generate(3).split(0.2, 3);
      boolean two = s.train().outputs() == 1;
      Network net = Network.input(2).dense(32, new Relu()).dense(32, new Relu())
          .dense(s.train().outputs(), two ? new Sigmoid() : new Softmax()).build(3);
      History h = Trainer.of(net).loss(two ? new BinaryCrossEntropy() : new CategoricalCrossEntropy())
          .optimizer(new Adam(3e-3)).seed(3).fit(s.train(), s.test(), 120);
      assertTrue(h.last().test().accuracy() >= 0.97, g + ": " + h.last());
    }
  }

  @Test
  void fitsAStraightLineToRoundingError() {
    double[] x = new double[40], y = new double[40];
    for (int i = 0; i < 40; i++) {
      x[i] = (i - 20) / 10.0;
      y[i] = 3 * x[i] - 1;
    }
    Dataset line = Dataset.regression(1, x, 1, y);
    Network net = Network.input(1).dense(1, new Linear()).build(1);
    History h = Trainer.of(net).loss(new MeanSquaredError()).optimizer(new GradientDescent(0.1)).batch(40)
        .fit(line, line, 300);
    assertEquals(3, net.parameters()[0], 1e-12);
    assertEquals(-1, net.parameters()[1], 1e-12);
    assertEquals(1, h.last().test().r2(), 1e-12);
    assertEquals(0, h.last().test().rmse(), 1e-12);
  }

  @Test
  void theSameSeedGivesTheSameBitsOnAllKernelsAndThreadCounts() {
    double[] scalar = trained(ScalarKernels.INSTANCE);
    assertArrayEquals(scalar, trained(Kernels.best()));
    assertArrayEquals(scalar, trained(Kernels.best().withThreads(2)));
    assertArrayEquals(scalar, trained(Kernels.best().withThreads(3)));
  }

  private static double[] trained(Kernels kernels) {
    Dataset.Split s = Generators.DIGITS.generate(300, 5).split(0.1, 5);
    Network net = Network.input(784).dense(40, new Tanh()).dense(10, new Softmax()).kernels(kernels).build(5);
    Trainer.of(net).optimizer(new Adam(2e-3)).seed(5).fit(s.train(), s.test(), 3);
    return net.parameters();
  }

  @Test
  void theOrderOfRowsDependsOnTheSeed() {
    Dataset d = Generators.MOONS.generate(64, 1);
    assertTrue(firstWeight(d, 1, 2) != firstWeight(d, 2, 2));
  }

  private static double firstWeight(Dataset d, long seed, int epochs) {
    Network net = Network.input(2).dense(3, new Tanh()).dense(1, new Sigmoid()).build(1);
    Trainer.of(net).loss(new BinaryCrossEntropy()).batch(7).seed(seed).fit(d, epochs);
    return net.parameters()[0];
  }

  @Test
  void mismatchedDataAndInvalidSettingsAreRejectedBeforeAnythingChanges() {
    Network net = Network.input(2).dense(3, new Softmax()).build(1);
    double[] before = net.parameters().clone();
    Dataset moons = Generators.MOONS.generate(10, 1);
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Trainer.of(net).fit(moons, 1));
    assertEquals("training data: rows of 2 inputs and 1 outputs do not fit the network 2 → 3 softmax", e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> Trainer.of(net).batch(0));
    assertThrows(IllegalArgumentException.class, () -> Trainer.of(net).fit(Generators.SPIRALS.generate(9, 1), 0));
    assertArrayEquals(before, net.parameters());
  }

  @Test
  void datasetsKernelsAndHistoriesPrintAsOneLogLine() {
    Dataset.Split moons = Generators.MOONS.generate(100, 1).split(0.2, 1);
    assertEquals("80 rows, 2 inputs, 2 classes", moons.train().toString());
    assertEquals("1 row, 2 inputs, 1 output",
        Dataset.regression(2, new double[] {1, 2}, 1, new double[] {3}).toString());
    assertEquals("scalar kernels, 1 thread", ScalarKernels.INSTANCE.toString());
    assertEquals("scalar kernels, 2 threads", ScalarKernels.INSTANCE.withThreads(2).toString());

    History.Epoch first = new History.Epoch(1, 0.5, null, null, 0.1, 0);
    History.Epoch second = new History.Epoch(2, 0.25, new Evaluation(0.125, Double.NaN, 0.5, 0.25, 0.75),
        new Evaluation(2, 0.875, Double.NaN, Double.NaN, Double.NaN), 0.1, 0);
    assertEquals("epoch 1: train loss 0.5000", first.toString());
    String last = "epoch 2: train loss 0.2500, validation loss 0.1250, R² 0.7500, RMSE 0.5000, test loss 2.000, "
        + "accuracy 0.8750";
    assertEquals(last, second.toString());
    List<History.Epoch> epochs = List.of(first, second);
    assertEquals("2 epochs, finished; " + last, new History(epochs, History.End.FINISHED, 2).toString());
    assertEquals("2 epochs, stopped early, weights of epoch 1; " + last,
        new History(epochs, History.End.STOPPED_EARLY, 1).toString());
    assertEquals("0 epochs, interrupted", new History(List.of(), History.End.INTERRUPTED, 0).toString());
  }

  @Test
  void theDefaultLossDependsOnTheOutputActivation() {
    assertDefaultLoss("mse", new Linear(), 1);
    assertDefaultLoss("mse", new Linear(), 3);
    assertDefaultLoss("mse", new Tanh(), 2);
    assertDefaultLoss("bce", new Sigmoid(), 1);
    assertDefaultLoss("bce", new Sigmoid(), 3);
    assertDefaultLoss("cce", new Softmax(), 2);
  }

  private static void assertDefaultLoss(String name, Activation output, int units) {
    Network net = Network.input(2).dense(units, output).build(1);
    double[] y = new double[2 * units];
    y[0] = y[2 * units - 1] = 1;
    Dataset data = Dataset.regression(2, new double[] {1, 2, 3, 4}, units, y);
    Loss named = Losses.named(name).get();
    assertEquals(Trainer.of(net).loss(named).evaluate(data).loss(), Trainer.of(net).evaluate(data).loss(), name);
    assertEquals(named, Losses.forOutput(output));
  }

  @Test
  void testRowsDoNotAffectTraining() {
    Dataset.Split moons = Generators.MOONS.generate(1).split(0.2, 1);
    Network with = Network.input(2).dense(1, new Sigmoid()).build(1);
    Network without = Network.input(2).dense(1, new Sigmoid()).build(1);
    History h = Trainer.of(with).fit(moons.train(), moons.test(), 2);
    assertEquals(h.last().trainLoss(), Trainer.of(without).fit(moons.train(), 2).last().trainLoss());
    assertArrayEquals(with.parameters(), without.parameters());
  }

  @Test
  void aNonFiniteLossStopsTheRun() {
    Network net = Network.input(1).dense(4, new Relu()).dense(1, new Linear()).build(1);
    Dataset d = Dataset.regression(1, new double[] {1e200, 2}, 1, new double[] {1, 2});
    DivergedException e = assertThrows(DivergedException.class,
        () -> Trainer.of(net).loss(new MeanSquaredError()).fit(d, 5));
    assertEquals(1, e.epoch());
    assertTrue(e.getMessage().contains("in epoch 1"), e.getMessage());
  }
}
