// SPDX-License-Identifier: MIT
package chainrule.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.check.GradientCheck;
import chainrule.data.Dataset;
import chainrule.data.Generators;
import chainrule.kernels.Kernels;
import chainrule.nn.Backpropagation;
import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Softmax;
import chainrule.nn.activation.Tanh;
import chainrule.nn.loss.CategoricalCrossEntropy;
import chainrule.nn.loss.Loss;
import chainrule.nn.loss.Losses;
import chainrule.nn.loss.MeanSquaredError;
import chainrule.nn.loss.Reduction;
import chainrule.nn.loss.SumOfSquaredErrors;
import chainrule.nn.optimizer.Adam;
import chainrule.nn.optimizer.GradientDescent;
import chainrule.nn.optimizer.Optimizer;
import chainrule.random.CounterRandom;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Weights of rows in training and evaluation. Their formulas: WeightedLossSpec. */
class WeightedTrainingTest {
  private static final int ROWS = 50, IN = 3, OUT = 4;

  private static double[] uniform(long stream, int n) {
    double[] v = new double[n];
    for (int i = 0; i < n; i++) v[i] = CounterRandom.uniform(7, stream, i);
    return v;
  }

  private static Dataset data() {
    double[] y = uniform(2, ROWS * OUT); // probabilities that sum to 1, which every loss accepts
    for (int i = 0; i < ROWS; i++) {
      double sum = 0;
      for (int j = 0; j < OUT; j++) sum += y[i * OUT + j];
      for (int j = 0; j < OUT; j++) y[i * OUT + j] /= sum;
    }
    return Dataset.regression(IN, uniform(1, ROWS * IN), OUT, y);
  }

  private static double[] weights() {
    double[] w = uniform(3, ROWS);
    for (int i = 0; i < ROWS; i += 5) w[i] = 0;
    return w;
  }

  /** An output that fits the loss. */
  private static Activation output(Loss loss) {
    for (Activation phi : List.of(new Linear(), new Softmax(), new Sigmoid())) {
      if (loss.misfit(phi, OUT).isEmpty()) return phi;
    }
    throw new AssertionError(loss.name());
  }

  private static Network network(Activation output) {
    return Network.input(IN).dense(5, new Tanh()).dropout(0.2).dense(OUT, output).build(3);
  }

  private static Trainer trainer(Network net, Loss loss, Optimizer optimizer) {
    return Trainer.of(net).loss(loss).optimizer(optimizer).batch(16).seed(5);
  }

  /** The metrics without the times. */
  private static List<String> metrics(History h) {
    return h.epochs().stream().map(e -> e.trainLoss() + " " + e.validation() + " " + e.test()).toList();
  }

  @Test
  void weightsOfOneGiveTheBitsOfNoWeightsForEveryLoss() {
    Dataset plain = data();
    double[] ones = new double[ROWS];
    Arrays.fill(ones, 1);
    Dataset weighted = plain.withWeights(ones);
    for (String name : Losses.names()) {
      Loss loss = Losses.named(name).get();
      for (Optimizer optimizer : List.of(new GradientDescent(0.01), new Adam(0.01))) {
        Network a = network(output(loss)), b = network(output(loss));
        History without = trainer(a, loss, optimizer).stopEarly(plain, 9).fit(plain, plain, 3);
        History with = trainer(b, loss, optimizer).stopEarly(weighted, 9).fit(weighted, weighted, 3);
        assertArrayEquals(a.parameters(), b.parameters(), name);
        assertEquals(metrics(without), metrics(with), name);
      }
    }
  }

  @Test
  void rowsOfWeightZeroHaveNoInfluenceWhateverTheirLoss() {
    Dataset d = data().withWeights(weights());
    for (String name : Losses.names()) {
      Loss loss = Losses.named(name).get();
      double[] otherY = d.y().clone();
      for (int i = 0; i < ROWS; i += 5) Arrays.fill(otherY, i * OUT, (i + 1) * OUT, i % 2 == 0 ? 1e300 : Double.NaN);
      Dataset changed = Dataset.regression(IN, d.x(), OUT, otherY).withWeights(d.weights());
      Network a = network(output(loss)), b = network(output(loss));
      History first = trainer(a, loss, new Adam(0.01)).fit(d, 3);
      History second = trainer(b, loss, new Adam(0.01)).fit(changed, 3);
      assertArrayEquals(a.parameters(), b.parameters(), name);
      assertEquals(first.last().trainLoss(), second.last().trainLoss(), name);
      assertEquals(trainer(a, loss, new Adam()).evaluate(d).loss(),
          trainer(b, loss, new Adam()).evaluate(changed).loss(), name);
    }
  }

  /** Full batches without dropout; the sums have other orders, which costs roundings. */
  @Test
  void anIntegerWeightCountsARowThatOften() {
    double[] w = {1, 3, 0, 2};
    int[] repeated = {0, 1, 1, 1, 3, 3};
    Dataset d = data().select(new int[] {0, 1, 2, 3});
    for (Loss loss : List.of(new MeanSquaredError(), new SumOfSquaredErrors())) {
      Network a = Network.input(IN).dense(OUT, new Tanh()).build(1);
      Network b = Network.input(IN).dense(OUT, new Tanh()).build(1);
      History weighted = trainer(a, loss, new GradientDescent(0.05)).fit(d.withWeights(w), 20);
      History copies = trainer(b, loss, new GradientDescent(0.05)).fit(d.select(repeated), 20);
      assertArrayEquals(b.parameters(), a.parameters(), 1e-13, loss.name());
      assertEquals(copies.last().trainLoss(), weighted.last().trainLoss(), 1e-13);
    }
  }

  @Test
  void theFactorOfAllWeightsChangesASumButNotAMean() {
    double[] twice = Arrays.stream(weights()).map(v -> 2 * v).toArray();
    Dataset d = data().withWeights(weights()), doubled = d.withWeights(twice);
    Network a = network(new Linear()), b = network(new Linear());
    trainer(a, new MeanSquaredError(), new GradientDescent(0.1)).fit(d, 2);
    trainer(b, new MeanSquaredError(), new GradientDescent(0.1)).fit(doubled, 2);
    assertArrayEquals(a.parameters(), b.parameters(), "a factor of 2 changes no bits of a mean");
    double sum = trainer(a, new SumOfSquaredErrors(), new Adam()).evaluate(d).loss();
    assertEquals(2 * sum, trainer(a, new SumOfSquaredErrors(), new Adam()).evaluate(doubled).loss());
  }

  @Test
  void aBatchOfWeightZeroHasTheLossZeroAndTheGradientZero() {
    for (Loss loss : List.of(new MeanSquaredError(), new SumOfSquaredErrors(), new CategoricalCrossEntropy())) {
      Network net = network(output(loss));
      Backpropagation b = new Backpropagation(net, loss, ROWS);
      Dataset d = data();
      assertEquals(0, b.lossAndGradients(ROWS, d.x(), 0, d.y(), 0, new double[ROWS], 0));
      for (double g : b.gradients()) assertEquals(0.0, Math.abs(g));
      assertEquals(0, b.loss(ROWS, d.x(), 0, d.y(), 0, new double[ROWS], 0));
      Regularization penalty = Regularization.l2(0.5);
      Backpropagation penalized = new Backpropagation(net, loss, penalty, ROWS);
      assertEquals(penalty.penalty(net),
          penalized.lossAndGradients(ROWS, d.x(), 0, d.y(), 0, new double[ROWS], 0));
      History h = trainer(net, loss, new GradientDescent(0.01)).batch(1)
          .fit(d.withWeights(alternating()), d.withWeights(alternating()), 2);
      assertTrue(Double.isFinite(h.last().trainLoss()) && Double.isFinite(h.last().test().loss()));
    }
  }

  private static double[] alternating() {
    double[] w = new double[ROWS];
    for (int i = 0; i < ROWS; i += 2) w[i] = 1;
    return w;
  }

  /** With a rate of 10⁻²⁹⁰ the parameters stay constant. Batches of 16 rows, and 2 in the last. */
  @Test
  void theLossOfAnEpochAndOfAnEvaluationIsTheWeightedMeanOverAllRows() {
    Network net = Network.input(IN).dense(OUT, new Softmax()).build(2);
    Dataset d = data().withWeights(weights());
    double[] yhat = net.predict(d.x());
    double sum = 0, weight = 0;
    for (int i = 0; i < ROWS; i++) {
      weight += d.weights()[i];
      for (int j = 0; j < OUT; j++) sum -= d.weights()[i] * d.y()[i * OUT + j] * Math.log(yhat[i * OUT + j]);
    }
    for (Reduction r : Reduction.values()) {
      double expected = r == Reduction.MEAN ? sum / weight : sum;
      double[] running = new double[1];
      History h = trainer(net, new CategoricalCrossEntropy(r), new GradientDescent(1e-290)).stopEarly(d, 3)
          .listener(new TrainingListener() {
            @Override public void onStep(int epoch, int step, int steps, double loss) {
              running[0] = loss;
            }
          }).fit(d, d, 2);
      for (History.Epoch e : h.epochs()) {
        assertEquals(expected, e.trainLoss(), 1e-13 * expected);
        assertEquals(expected, e.validation().loss(), 1e-13 * expected);
        assertEquals(expected, e.test().loss(), 1e-13 * expected);
      }
      assertEquals(h.last().trainLoss(), running[0]);
    }
  }

  @Test
  void metricsOtherThanTheLossIgnoreWeights() {
    Network net = network(new Linear());
    Evaluation plain = Trainer.of(net).evaluate(data());
    Evaluation weighted = Trainer.of(net).evaluate(data().withWeights(weights()));
    assertFalse(plain.loss() == weighted.loss());
    assertEquals(plain.rmse(), weighted.rmse());
    assertEquals(plain.mae(), weighted.mae());
    assertEquals(plain.r2(), weighted.r2());
    Dataset classes = Generators.SPIRALS.generate(60, 1);
    double[] w = new double[60];
    w[0] = 1;
    Network spirals = Network.input(2).dense(3, new Softmax()).build(1);
    assertEquals(Trainer.of(spirals).evaluate(classes).accuracy(),
        Trainer.of(spirals).evaluate(classes.withWeights(w)).accuracy());
  }

  @Test
  void aResumedRunWithWeightsEndsInTheSameBits() {
    Dataset d = data().withWeights(weights());
    Loss loss = new CategoricalCrossEntropy();
    Network whole = network(new Softmax());
    History expected = trainer(whole, loss, new Adam(0.01)).fit(d, 3);
    for (int stop = 1; stop < 12; stop++) {
      Network first = network(new Softmax()), second = network(new Softmax());
      int[] left = {stop};
      Snapshot[] state = new Snapshot[1];
      trainer(first, loss, new Adam(0.01)).stopWhen(() -> left[0]-- == 0).checkpoint(s -> state[0] = s).fit(d, 3);
      History h = trainer(second, loss, new Adam(0.01)).resume(state[0]).fit(d, 3);
      assertArrayEquals(whole.parameters(), second.parameters());
      assertEquals(metrics(expected), metrics(h));
    }
  }

  @Test
  void dataWhoseWeightsAreAllZeroIsRefused() {
    Dataset d = data().withWeights(alternating()).select(new int[] {1, 3, 5});
    Trainer t = Trainer.of(network(new Linear()));
    assertEquals("training data: the weights of all rows are 0",
        assertThrows(IllegalArgumentException.class, () -> t.fit(d, 1)).getMessage());
    assertEquals("validation data: the weights of all rows are 0",
        assertThrows(IllegalArgumentException.class, () -> t.stopEarly(d, 1)).getMessage());
    assertEquals(Double.NaN, t.evaluate(d).loss(), "a mean over no weight");
    Backpropagation b = new Backpropagation(network(new Linear()), new MeanSquaredError(), 2);
    double[] x = new double[2 * IN], y = new double[2 * OUT];
    for (double bad : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY, 1e-200, 1e101}) {
      assertThrows(IllegalArgumentException.class, () -> b.loss(2, x, 0, y, 0, new double[] {1, bad}, 0));
    }
    assertThrows(IndexOutOfBoundsException.class, () -> b.loss(2, x, 0, y, 0, new double[2], 1));
  }

  /** A loss that is not a sum over elements and overrides nothing: the distance of ŷ and y in each row. */
  private record Distance(Reduction reduction) implements Loss {
    @Override public String name() {
      return "distance";
    }

    @Override public double sum(Kernels k, int rows, int cols, double[] yhat, double[] y, int yo) {
      double total = 0;
      for (int b = 0; b < rows; b++) total += distance(cols, yhat, b * cols, y, yo + b * cols);
      return total;
    }

    @Override public void gradient(
        Kernels k, int rows, int cols, double[] yhat, double[] y, int yo, double factor, double[] g) {
      for (int i = 0; i < rows * cols; i++) {
        int row = i / cols * cols;
        g[i] = factor * (yhat[i] - y[yo + i]) / distance(cols, yhat, row, y, yo + row);
      }
    }

    private static double distance(int cols, double[] a, int ao, double[] b, int bo) {
      double squares = 0;
      for (int j = 0; j < cols; j++) squares += (a[ao + j] - b[bo + j]) * (a[ao + j] - b[bo + j]);
      return Math.sqrt(squares);
    }
  }

  @Test
  void aCustomLossWorksWithWeightsUnchanged() {
    Dataset d = data().withWeights(weights());
    Network net = Network.input(IN).dense(OUT, new Linear()).build(1);
    double[] yhat = net.predict(d.x());
    double sum = 0, weight = 0;
    for (int i = 0; i < ROWS; i++) {
      sum += d.weights()[i] * Distance.distance(OUT, yhat, i * OUT, d.y(), i * OUT);
      weight += d.weights()[i];
    }
    assertEquals(sum / weight, Trainer.of(net).loss(new Distance(Reduction.MEAN)).evaluate(d).loss(), 1e-13);
    assertEquals(sum, Trainer.of(net).loss(new Distance(Reduction.SUM)).evaluate(d).loss(), 1e-12);
    assertTrue(GradientCheck.of(net, new Distance(Reduction.MEAN))
        .check(ROWS, d.x(), d.y(), d.weights()).passed());
    double before = Trainer.of(net).loss(new Distance(Reduction.MEAN)).evaluate(d).loss();
    Trainer.of(net).loss(new Distance(Reduction.MEAN)).fit(d, 20);
    assertTrue(Trainer.of(net).loss(new Distance(Reduction.MEAN)).evaluate(d).loss() < before);
  }

  /** 95 rows of one class and 5 of another, which overlap: without weights the network always predicts the first. */
  @Test
  void balancedWeightsFindTheRareClass() {
    int n = 400;
    double[] x = new double[n];
    int[] classes = new int[n];
    for (int i = 0; i < n; i++) {
      classes[i] = i % 20 == 0 ? 1 : 0;
      x[i] = CounterRandom.normal(1, 1, i) + classes[i];
    }
    Dataset d = Dataset.classification(1, x, classes, List.of("common", "rare"));
    double[] recall = new double[2];
    for (int weighted = 0; weighted < 2; weighted++) {
      Dataset train = weighted == 0 ? d : d.withClassWeights(Dataset.balancedClassWeights(d.classes(), 2));
      Network net = Network.input(1).dense(1, new Sigmoid()).build(1);
      Trainer.of(net).optimizer(new Adam(0.05)).fit(train, 40);
      recall[weighted] = ConfusionMatrix.of(net, d).recall(1);
    }
    assertEquals(0, recall[0], 0.1);
    assertTrue(recall[1] > 0.5, "recall " + recall[1]);
  }
}
