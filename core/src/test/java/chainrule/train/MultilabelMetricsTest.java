// SPDX-License-Identifier: MIT
package chainrule.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.Dataset;
import chainrule.nn.Network;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Tanh;
import chainrule.nn.loss.BinaryCrossEntropy;
import chainrule.nn.optimizer.Adam;
import chainrule.random.CounterRandom;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Checks the metrics of several labels, and of several numbers, by hand. */
class MultilabelMetricsTest {
  private static final List<String> NAMES = List.of("cat", "dog", "owl");

  /**
   * Rows of truth and prediction: cat 1 1 0 0 and 1 0 0 1, dog 1 1 1 1 and 1 1 1 1, owl always 0 and never predicted.
   */
  private static final Dataset DATA = Dataset.multilabel(1, new double[4], 3,
      new double[] {1, 1, 0, 1, 1, 0, 0, 1, 0, 0, 1, 0}, NAMES);
  private static final double[] PREDICTED = {0.5, 0.9, 0, 0.49, 1, 0.1, 0.2, 0.6, Double.NaN, 0.7, 0.8, 0.3};

  @Test
  void metricsOfFourRowsMatchACalculationByHand() {
    MultilabelMetrics m = MultilabelMetrics.ofPredictions(PREDICTED, DATA);
    assertArrayEquals(new long[] {1, 1, 1, 1, 4, 0, 0, 0, 0, 0, 0, 4}, m.counts(), "TP, FP, FN, TN of each label");
    assertEquals(NAMES, m.labels());
    double[] accuracy = {0.5, 1, 1}, precision = {0.5, 1, Double.NaN}, f1 = {0.5, 1, Double.NaN};
    for (int l = 0; l < 3; l++) {
      assertEquals(accuracy[l], m.accuracy(l), NAMES.get(l));
      assertEquals(precision[l], m.precision(l), NAMES.get(l));
      assertEquals(precision[l], m.recall(l), NAMES.get(l));
      assertEquals(f1[l], m.f1(l), NAMES.get(l));
    }
    assertEquals(2, m.exact());
    assertEquals(0.5, m.exactMatch());
    assertEquals(2.5 / 3, m.meanAccuracy(), 1e-15);
    assertEquals(0.75, m.macroF1());
    assertEquals(10 / 12.0, m.microF1());
    assertEquals(2, m.actual(0));
    assertEquals(2, m.predicted(0));
    assertEquals("3 labels, 4 rows, exact match 0.5000, mean accuracy 0.8333", m.toString());
  }

  @Test
  void metricsOfNoRowsAreNaN() {
    MultilabelMetrics m = MultilabelMetrics.ofPredictions(new double[0], DATA.select(new int[0]));
    for (double none : new double[] {m.accuracy(0), m.exactMatch(), m.macroF1(), m.microF1(), m.meanAccuracy()}) {
      assertEquals(Double.NaN, none);
    }
  }

  @Test
  void otherDataAndShapesAreRefused() {
    Dataset numbers = Dataset.regression(1, new double[1], 1, new double[1]);
    Dataset classes = Dataset.classification(1, new double[1], new int[1], List.of("a", "b"));
    assertEquals("expected labels, found a regression", refusal(numbers));
    assertEquals("expected labels, found classes", refusal(classes));
    assertEquals("expected 12 predictions, found 1", refusal(DATA));
    assertEquals("expected a regression, found labels", assertThrows(IllegalArgumentException.class,
        () -> Evaluation.ofPredictions(PREDICTED, DATA)).getMessage());
    Network net = Network.input(1).dense(3, new Sigmoid()).build(1);
    assertEquals("expected classes, found labels", assertThrows(IllegalArgumentException.class,
        () -> ConfusionMatrix.of(net, DATA)).getMessage());
    assertThrows(IllegalArgumentException.class,
        () -> MultilabelMetrics.of(Network.input(1).dense(2, new Sigmoid()).build(1), DATA));
  }

  private static String refusal(Dataset d) {
    return assertThrows(
        IllegalArgumentException.class, () -> MultilabelMetrics.ofPredictions(new double[1], d)).getMessage();
  }

  /** Labels: x > 0, y > 0, and both. The default loss of sigmoids is the sum of the labels' cross-entropies. */
  @Test
  void aNetworkOfSigmoidsLearnsSeveralLabels() {
    int n = 300;
    double[] x = new double[2 * n], y = new double[3 * n];
    for (int i = 0; i < x.length; i++) x[i] = 2 * CounterRandom.uniform(1, 1, i) - 1;
    for (int i = 0; i < n; i++) {
      y[3 * i] = x[2 * i] > 0 ? 1 : 0;
      y[3 * i + 1] = x[2 * i + 1] > 0 ? 1 : 0;
      y[3 * i + 2] = y[3 * i] * y[3 * i + 1];
    }
    Dataset d = Dataset.multilabel(2, x, 3, y, NAMES);
    Network net = Network.input(2).dense(8, new Tanh()).dense(3, new Sigmoid()).build(1);
    Trainer t = Trainer.of(net).optimizer(new Adam(0.02));
    History h = t.fit(d, d, 60);
    MultilabelMetrics m = MultilabelMetrics.of(net, d);
    assertTrue(m.exactMatch() > 0.9, m.toString());
    Evaluation e = h.last().test();
    assertEquals(m.exactMatch(), e.accuracy(), "accuracy is the exact match");
    for (double none : new double[] {e.rmse(), e.mae(), e.r2()}) assertEquals(Double.NaN, none);
    double sum = 0;
    double[] yhat = net.predict(x);
    for (int i = 0; i < y.length; i++) sum -= Math.log(y[i] == 1 ? yhat[i] : 1 - yhat[i]);
    assertEquals(sum / n, Trainer.of(net).loss(new BinaryCrossEntropy()).evaluate(d).loss(), 1e-11);
  }

  /** Errors 1, 0 of the first output and 10, −20 of the second; targets 0, 2 and 100, 200. */
  @Test
  void eachOfSeveralNumbersHasMetricsInItsOwnUnit() {
    Dataset d = Dataset.regression(1, new double[2], 2, new double[] {0, 100, 2, 200});
    double[] yhat = {1, 110, 2, 180};
    List<Evaluation> each = Evaluation.ofOutputs(yhat, d);
    assertEquals(2, each.size());
    assertEquals(Math.sqrt(0.5), each.get(0).rmse());
    assertEquals(Math.sqrt(250), each.get(1).rmse());
    assertEquals(0.5, each.get(0).mae());
    assertEquals(15, each.get(1).mae());
    assertEquals(1 - 1 / 2.0, each.get(0).r2());
    assertEquals(1 - 500 / 5000.0, each.get(1).r2());
    // R² of all outputs is the mean weighted by their variances, here 2 : 5000
    assertEquals((2 * 0.5 + 5000 * 0.9) / 5002, Evaluation.ofPredictions(yhat, d).r2(), 1e-15);
    assertThrows(IllegalArgumentException.class, () -> Evaluation.ofOutputs(new double[3], d));
    Network net = Network.input(1).dense(2, new Linear()).build(1);
    assertEquals(Trainer.of(net).evaluate(d).r2(), Evaluation.ofPredictions(net.predict(d.x()), d).r2());
  }
}
