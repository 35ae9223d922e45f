// SPDX-License-Identifier: MIT
package chainrule.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chainrule.data.Dataset;
import chainrule.data.Generators;
import chainrule.nn.Network;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Tanh;
import chainrule.nn.loss.BinaryCrossEntropy;
import chainrule.nn.loss.MeanAbsoluteError;
import chainrule.nn.loss.MeanSquaredError;
import chainrule.nn.loss.Reduction;
import chainrule.nn.loss.SumOfSquaredErrors;
import chainrule.random.CounterRandom;
import org.junit.jupiter.api.Test;

/** Checks metrics by hand on a few rows, and with a loop over predictions on many. */
class EvaluationTest {

  private static Network twice() {
    Network net = Network.input(1).dense(1, new Linear()).build(1);
    net.parameters()[0] = 2;
    net.parameters()[1] = 0;
    return net;
  }

  /** Predictions 2, 4, 6, 8; targets 1, 4, 8, 11; errors 1, 0, −2, −3; ȳ = 6; (y − ȳ)² = 25, 4, 4, 25. */
  @Test
  void metricsOfFourRowsMatchACalculationByHand() {
    Dataset d = Dataset.regression(1, new double[] {1, 2, 3, 4}, 1, new double[] {1, 4, 8, 11});
    Evaluation e = Trainer.of(twice()).loss(new MeanSquaredError()).evaluate(d);
    assertEquals(14 / 4.0, e.loss());
    assertEquals(Math.sqrt(14 / 4.0), e.rmse());
    assertEquals(6 / 4.0, e.mae());
    assertEquals(1 - 14 / 58.0, e.r2(), 1e-15);
    assertEquals(Double.NaN, e.accuracy());
    assertEquals(14, Trainer.of(twice()).loss(new SumOfSquaredErrors()).evaluate(d).loss());
    assertEquals(6 / 4.0, Trainer.of(twice()).loss(new MeanAbsoluteError(Reduction.MEAN)).evaluate(d).loss());
  }

  /** The losses of {@code evaluate} and of each epoch are those of predictions, without dropout masks. */
  @Test
  void dropoutIsOffInEveryEvaluation() {
    Network net = Network.input(3).dropout(0.5).dense(8, new Tanh()).dropout(0.5).dense(2, new Linear()).build(5);
    double[] x = new double[60], y = new double[40];
    for (int i = 0; i < x.length; i++) x[i] = CounterRandom.normal(1, 1, i);
    for (int i = 0; i < y.length; i++) y[i] = CounterRandom.normal(1, 2, i);
    Dataset d = Dataset.regression(3, x, 2, y);
    Trainer t = Trainer.of(net).loss(new MeanSquaredError()).batch(7).stopEarly(d, 5);
    int[] epochs = {0};
    t.listener(new TrainingListener() {
      @Override public void onEpoch(History.Epoch e) {
        double[] yhat = net.predict(x);
        double squares = 0;
        for (int i = 0; i < y.length; i++) squares += (y[i] - yhat[i]) * (y[i] - yhat[i]);
        double loss = squares / 20, bound = 40 * 4 * 0x1p-53 * loss;
        assertEquals(loss, e.validation().loss(), bound);
        assertEquals(loss, e.test().loss(), bound);
        assertEquals(loss, t.evaluate(d).loss(), bound);
        epochs[0]++;
      }
    }).fit(d, d, 3);
    assertEquals(3, epochs[0]);
  }

  /** More rows than a block of 256. The order of additions may differ, which costs up to n roundings of 2⁻⁵³. */
  @Test
  void metricsOfManyRowsAndTwoOutputsMatchALoop() {
    int n = 700;
    Network net = Network.input(3).dense(4, new Tanh()).dense(2, new Linear()).build(5);
    double[] x = new double[3 * n], y = new double[2 * n];
    for (int i = 0; i < x.length; i++) x[i] = CounterRandom.normal(1, 1, i);
    for (int i = 0; i < y.length; i++) y[i] = 3 + CounterRandom.normal(1, 2, i);
    double[] yhat = net.predict(x);
    double sizes = 0, squares = 0, spread = 0;
    double[] mean = new double[2];
    for (int i = 0; i < y.length; i++) mean[i % 2] += y[i] / n;
    for (int i = 0; i < y.length; i++) {
      sizes += Math.abs(y[i] - yhat[i]);
      squares += (y[i] - yhat[i]) * (y[i] - yhat[i]);
      spread += (y[i] - mean[i % 2]) * (y[i] - mean[i % 2]);
    }
    Evaluation e = Trainer.of(net).loss(new MeanSquaredError()).evaluate(Dataset.regression(3, x, 2, y));
    double bound = 4 * n * 0x1p-53;
    assertEquals(squares / n, e.loss(), bound * e.loss(), "every row has the same weight, even in the last block");
    assertEquals(sizes / (2 * n), e.mae(), bound * e.mae());
    assertEquals(Math.sqrt(squares / (2 * n)), e.rmse(), bound * e.rmse());
    assertEquals(1 - squares / spread, e.r2(), 10 * bound * squares / spread);
  }

  @Test
  void aClassificationHasAnAccuracyButNoRegressionMetrics() {
    Dataset d = Generators.MOONS.generate(300, 1);
    Network net = Network.input(2).dense(3, new Tanh()).dense(1, new Sigmoid()).build(1);
    double[] p = net.predict(d.x());
    int right = 0;
    for (int i = 0; i < p.length; i++) if (p[i] >= 0.5 == (i % 2 == 1)) right++;
    Evaluation e = Trainer.of(net).loss(new BinaryCrossEntropy()).evaluate(d);
    assertEquals(right / 300.0, e.accuracy());
    for (double none : new double[] {e.rmse(), e.mae(), e.r2()}) assertEquals(Double.NaN, none);
  }

  @Test
  void theMetricsOfNoRowsAreNaN() {
    Evaluation e = Trainer.of(twice()).loss(new MeanSquaredError())
        .evaluate(Dataset.regression(1, new double[0], 1, new double[0]));
    for (double none : new double[] {e.loss(), e.rmse(), e.mae(), e.r2(), e.accuracy()}) assertEquals(Double.NaN, none);
  }
}
