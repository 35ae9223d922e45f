// SPDX-License-Identifier: MIT
package chainrule.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.Dataset;
import chainrule.nn.Network;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Softmax;
import chainrule.nn.loss.BinaryCrossEntropy;
import chainrule.nn.loss.CategoricalCrossEntropy;
import chainrule.nn.loss.Loss;
import chainrule.nn.loss.Losses;
import chainrule.nn.loss.MeanAbsoluteError;
import chainrule.nn.loss.MeanSquaredError;
import chainrule.nn.loss.Reduction;
import chainrule.nn.optimizer.Adam;
import chainrule.nn.optimizer.GradientDescent;
import chainrule.nn.optimizer.Optimizer;
import chainrule.nn.optimizer.Optimizers;
import chainrule.random.CounterRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Extreme data and settings: training ends in finite numbers, or reports where it diverged. */
class NumericsTest {

  private static void assertFinite(double[] values, String what) {
    for (double v : values) assertTrue(Math.abs(v) < Double.POSITIVE_INFINITY, what + ": " + v);
  }

  private static Network network(Dataset d) {
    return Network.input(d.inputs()).dense(8, new Relu()).dense(d.outputs(),
        !d.isClassification() ? new Linear() : d.outputs() == 1 ? new Sigmoid() : new Softmax()).build(1);
  }

  private static Loss loss(Dataset d) {
    return !d.isClassification() ? new MeanSquaredError()
        : d.outputs() == 1 ? new BinaryCrossEntropy() : new CategoricalCrossEntropy();
  }

  private static History trained(String what, Network net, Dataset d, int batch, int epochs) {
    History h = Trainer.of(net).loss(loss(d)).optimizer(new Adam(0.01)).batch(batch).fit(d, d, epochs);
    assertFinite(net.parameters(), what);
    assertFinite(new double[] {h.last().trainLoss(), h.last().test().loss()}, what);
    assertEquals(epochs, h.epochs().size(), what);
    return h;
  }

  private static List<String> labels(int n) {
    List<String> labels = new ArrayList<>();
    for (int c = 0; c < n; c++) labels.add("c" + c);
    return labels;
  }

  @Test
  void trainingHandlesConstantColumnsDuplicatesAndSingleRows() {
    for (int n : new int[] {1, 2, 33}) { // batches of 32: the last has 1 row
      double[] ones = new double[2 * n], y = new double[n];
      Arrays.fill(ones, 1);
      Arrays.fill(y, 0.1);
      Dataset same = Dataset.regression(2, ones, 1, y);
      for (int batch : new int[] {1, 32, Integer.MAX_VALUE}) {
        String what = n + " equal rows in batches of " + batch;
        Evaluation e = trained(what, network(same), same, batch, 300).last().test();
        assertTrue(e.rmse() < 0.01, () -> what + ": " + e); // all targets are equal
        assertEquals(Double.NaN, e.r2(), what);
        int[] classes = new int[n]; // only the first of three classes occurs
        Dataset one = Dataset.classification(2, ones, classes, labels(3));
        assertEquals(1, trained(what, network(one), one, batch, 50).last().test().accuracy(), what);
      }
    }
    double[] x = new double[20];
    int[] halves = new int[20];
    for (int i = 0; i < 20; i++) halves[i] = i % 2;
    Dataset contradictory = Dataset.classification(1, x, halves, labels(2)); // equal rows of both classes
    assertEquals(StrictMath.log(2), 
        trained("contradictions", network(contradictory), contradictory, 20, 300).last().test().loss(), 1e-6);
  }

  @Test
  void trainingHandlesTenThousandFeaturesAndAThousandClasses() {
    int wide = 10_000, rows = 5;
    double[] x = new double[wide * rows];
    for (int i = 0; i < x.length; i++) x[i] = CounterRandom.normal(1, 1, i);
    Dataset features = Dataset.classification(wide, x, new int[] {0, 1, 2, 0, 1}, labels(3));
    assertEquals(1, trained("features", network(features), features, 2, 10).last().test().accuracy());
    int[] classes = new int[rows * 10];
    for (int i = 0; i < classes.length; i++) classes[i] = 997 * i % 1000; // most classes do not occur
    Dataset many = Dataset.classification(2, Arrays.copyOf(x, 2 * classes.length), classes, labels(1000));
    Network net = network(many);
    trained("classes", net, many, 7, 5);
    ConfusionMatrix c = ConfusionMatrix.of(net, many);
    assertTrue(c.macroF1() >= 0 && c.macroF1() <= 1);
    assertEquals(50, c.total());
  }

  /** Losses stay finite during training, whether they are computed from logits or from probabilities. */
  @Test
  void extremeLogitsGiveFiniteLosses() {
    double[] x = {1, -1, 1, -1};
    for (double size : new double[] {40, 800, 1e10, 1e300}) {
      Dataset two = Dataset.classification(1, x, new int[] {0, 1, 1, 0}, labels(2));
      for (String name : new String[] {"bce", "cce", "cce-offset", "mse", "mae", "huber"}) {
        boolean one = name.equals("bce");
        Dataset d = one ? two : two.oneHot();
        Network net = Network.input(1).dense(d.outputs(), one ? new Sigmoid() : new Softmax()).build(1);
        Arrays.fill(net.parameters(), 0);
        net.parameters()[0] = size;
        Loss loss = Losses.named(name).orElseThrow();
        String what = name + " at logits of " + size;
        assertFinite(net.predict(x), what);
        assertFinite(new double[] {Trainer.of(net).loss(loss).evaluate(d).loss()}, what);
        try {
          Trainer.of(net).loss(loss).optimizer(new Adam(0.1)).fit(d, d, 20);
        } catch (DivergedException e) {
          throw new AssertionError(what, e);
        }
        assertFinite(net.parameters(), what);
      }
    }
  }

  @Test
  void extremeRatesEndInFiniteNumbersOrReportWhereTrainingDiverged() {
    Dataset d = Dataset.regression(1, new double[] {-2, -1, 0, 1, 2}, 1, new double[] {5, 2, 1, 2, 5});
    int diverged = 0;
    for (String name : Optimizers.names()) {
      for (double rate : new double[] {1e-320, 1e3, 1e30, 1e155, 1e300, Double.MAX_VALUE}) {
        Optimizer o = Optimizers.parse(name).withRate(rate);
        Network net = network(d);
        String what = o.toString();
        try {
          History h = Trainer.of(net).loss(new MeanSquaredError()).optimizer(o).batch(2).fit(d, 6);
          assertFinite(new double[] {h.last().trainLoss()}, what);
        } catch (DivergedException e) {
          diverged++;
          assertTrue(e.epoch() >= 1 && e.step() >= 1 && e.step() <= 3, what);
          assertTrue(e.where().matches(
              "first in layer [12] \\(.*\\)|in the loss itself; .*|although the loss of each step .*"), e.where());
        }
        assertFinite(net.parameters(), what);
      }
    }
    assertTrue(diverged >= 10, "diverged: " + diverged);
  }

  /** Each step's loss is 1e308, and the sum of two overflows. */
  @Test
  void anOverflowOfTheEpochsSumOfLossesIsReported() {
    Dataset far = Dataset.regression(1, new double[4], 1, new double[] {1e308, 1e308, 1e308, 1e308});
    Network net = network(far);
    double[] before = net.parameters().clone();
    DivergedException e = assertThrows(DivergedException.class, () -> Trainer.of(net)
        .loss(new MeanAbsoluteError(Reduction.MEAN)).optimizer(new GradientDescent(0.1)).batch(1).fit(far, 2));
    assertTrue(e.getMessage().startsWith("the sum of the rows' losses became infinite in epoch 1, step 2, although the "
        + "loss of each step is finite; the network has its initial weights again"), e.getMessage());
    assertArrayEquals(before, net.parameters());
  }

  private static double r2(double... y) {
    Network net = Network.input(1).dense(1, new Linear()).build(1);
    net.parameters()[0] = 0;
    net.parameters()[1] = 1;
    return Trainer.of(net).loss(new MeanSquaredError()).evaluate(Dataset.regression(1, new double[y.length], 1, y))
        .r2();
  }

  @Test
  void r2IsFiniteOrNaN() {
    assertEquals(Double.NaN, r2(1)); // an exact prediction, 0/0
    assertEquals(Double.NaN, r2(7));
    assertEquals(Double.NaN, r2(1, 1, 1));
    for (int n = 2; n < 40; n++) { // the mean of n tenths is not always a tenth
      double[] tenths = new double[n];
      Arrays.fill(tenths, 0.1);
      assertEquals(Double.NaN, r2(tenths), n + " tenths");
    }
    assertEquals(Double.NaN, r2(1e200, -1e200)); // squares overflow
    assertEquals(Double.NaN, r2(1e-200, -1e-200)); // and underflow
    assertEquals(0, r2(0, 2)); // predicts the mean
    assertEquals(-4, r2(2, 4)); // squared errors 1 + 9, squared deviations from the mean 1 + 1
  }

  @Test
  void classesWithoutAnF1AreExcludedFromTheMean() {
    ConfusionMatrix c = new ConfusionMatrix(labels(4), new long[] {
        2, 0, 1, 0,
        0, 0, 0, 0,
        0, 0, 0, 0,
        3, 0, 0, 4});
    assertEquals(4.0 / 8, c.f1(0)); // 2·2 / (5 + 3)
    assertEquals(Double.NaN, c.f1(1)); // absent and never predicted
    assertEquals(0, c.f1(2)); // predicted but absent
    assertEquals(8.0 / 11, c.f1(3)); // 2·4 / (4 + 7)
    assertEquals((0.5 + 0 + 8.0 / 11) / 3, c.macroF1(), 1e-15);
    assertEquals(Double.NaN, c.recall(2));
    assertEquals(Double.NaN, c.precision(1));
  }
}
