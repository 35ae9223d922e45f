// SPDX-License-Identifier: MIT
package chainrule.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.Dataset;
import chainrule.data.Generators;
import chainrule.nn.Layer;
import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Softmax;
import chainrule.nn.activation.Tanh;
import chainrule.nn.loss.CategoricalCrossEntropy;
import chainrule.nn.loss.Loss;
import chainrule.nn.loss.MeanSquaredError;
import chainrule.nn.optimizer.GradientDescent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TrainingDiagnosticsTest {
  private static final Loss CCE = new CategoricalCrossEntropy();

  private static Network spirals() {
    return Network.input(2).dense(8, new Tanh()).dropout(0.2).dense(3, new Softmax()).build(3);
  }

  private static TrainingDiagnostics measure(Network net, Dataset train) {
    return new TrainingDiagnostics(net, CCE, Regularization.NONE, train, 7);
  }

  @Test
  void measuringDoesNotChangeTrainingNorDependOnTheOptimizer() {
    Dataset data = Generators.SPIRALS.generate(300, 1);
    Network plain = spirals(), measured = spirals();
    Trainer.of(plain).seed(7).optimizer(new GradientDescent(0.1)).fit(data, 4);
    TrainingDiagnostics d = measure(measured, data);
    Trainer.of(measured).seed(7).optimizer(new GradientDescent(0.1)).listener(d).fit(data, 4);
    assertArrayEquals(plain.parameters(), measured.parameters());
    assertEquals(List.of(1, 2, 3, 4), d.epochs().stream().map(TrainingDiagnostics.Epoch::number).toList());
  }

  @Test
  void theMetricsAreThoseOfTheNetworkAfterTheEpoch() {
    Dataset data = Generators.SPIRALS.generate(300, 1);
    Network net = spirals();
    TrainingDiagnostics d = measure(net, data);
    List<Evaluation> expected = new ArrayList<>();
    Trainer trainer = Trainer.of(net).loss(CCE);
    trainer.listener(d.andThen(new TrainingListener() {
      @Override public void onEpoch(History.Epoch e) {
        expected.add(trainer.evaluate(data));
      }
    })).fit(data, 3);
    for (int i = 0; i < 3; i++) {
      assertEquals(expected.get(i).accuracy(), d.epochs().get(i).train().accuracy());
      // other batches round the mean differently: 300 additions of numbers of the same sign
      assertEquals(expected.get(i).loss(), d.epochs().get(i).train().loss(), 300 * 0x1p-52 * expected.get(i).loss());
    }
    assertEquals(300, d.rows());
    assertEquals(256, d.gradientRows());
  }

  /** ŷ = wx + b, L = (1/n) Σ (wx + b − y)² + R(w); for w = 3, b = 4 and x = ±1, y = 0: ∂/∂w = 7 + 1·(−1) + R'(w). */
  @Test
  void theGradientIsThatOfTheMeanLossWithPenalties() {
    Network net = Network.input(1).dense(1, new Linear()).build(1);
    net.parameters()[0] = 3;
    net.parameters()[1] = 4;
    Dataset data = Dataset.regression(1, new double[] {1, -1}, 1, new double[] {0, 0});
    Regularization l2 = Regularization.l1l2(0, 0.5);
    TrainingDiagnostics d = new TrainingDiagnostics(net, new MeanSquaredError(), l2, data, 1);
    d.onEpoch(new History.Epoch(1, 0, null, null, 0, 0));
    assertEquals(3, d.epochs().get(0).weightNorms()[0]);
    double slope = 2 * l2.penalty(net) / 3; // R is quadratic: R'(w) = 2R(w)/w
    assertEquals(6 + slope, d.epochs().get(0).gradientNorms()[0], 1e-14 * 8);
  }

  @Test
  void eachLayerWithWeightsHasItsNormsWithoutBiases() {
    Network net = Network.input(2).dense(8, new Relu()).dropout(0.1).activation(new Tanh()).dense(3, new Softmax())
        .build(1);
    TrainingDiagnostics d = measure(net, Generators.SPIRALS.generate(60, 1));
    assertArrayEquals(new int[] {0, 3}, d.layers());
    d.onEpoch(new History.Epoch(1, 0, null, null, 0, 0));
    for (int i = 0; i < 2; i++) {
      Layer layer = net.layers().get(d.layers()[i]);
      double squares = 0;
      for (int k = 0; k < layer.inputs() * layer.outputs(); k++) {
        squares += net.parameters()[layer.offset() + k] * net.parameters()[layer.offset() + k];
      }
      assertEquals(Math.sqrt(squares), d.epochs().get(0).weightNorms()[i], 1e-14 * Math.sqrt(squares));
      assertTrue(d.epochs().get(0).gradientNorms()[i] > 0);
    }
  }

  @Test
  void ofManyRowsARandomSampleWithoutReplacementIsMeasured() {
    int n = 5000;
    double[] x = new double[n], y = new double[n];
    for (int i = 0; i < n; i++) y[i] = x[i] = i;
    Network net = Network.input(1).dense(1, new Linear()).build(1);
    net.parameters()[0] = net.parameters()[1] = 0; // so that MAE is the mean of the sample's targets
    Map<Long, Double> means = new TreeMap<>();
    for (long seed : new long[] {1, 2, 1}) {
      TrainingDiagnostics d = new TrainingDiagnostics(
          net, new MeanSquaredError(), Regularization.NONE, Dataset.regression(1, x, 1, y), seed);
      d.onEpoch(new History.Epoch(1, 0, null, null, 0, 0));
      assertEquals(1000, d.rows());
      assertEquals(n, d.trainingRows());
      double mean = d.epochs().get(0).train().mae();
      // the mean of 1,000 of 5,000 has the deviation 5000/√12 · √(0.8/1000) = 41
      assertEquals(2499.5, mean, 5 * 41);
      Double before = means.put(seed, mean);
      if (before != null) assertEquals(before, mean);
    }
    assertTrue(means.values().stream().distinct().count() == 2, "different seeds, different samples");
  }

  @Test
  void aNormNeitherOverflowsNorVanishes() {
    assertEquals(5e300, TrainingDiagnostics.norm(new double[] {9, 3e300, -4e300}, 1, 2), 1e286);
    assertEquals(5 * 0x1p-1070, TrainingDiagnostics.norm(new double[] {3 * 0x1p-1070, 4 * 0x1p-1070, 1}, 0, 2));
    assertEquals(0, TrainingDiagnostics.norm(new double[] {0, -0.0}, 0, 2));
    assertEquals(Double.POSITIVE_INFINITY, TrainingDiagnostics.norm(new double[] {1, Double.NEGATIVE_INFINITY}, 0, 2));
    assertTrue(Double.isNaN(TrainingDiagnostics.norm(new double[] {1, Double.NaN}, 0, 2)));
  }

  @Test
  void aResumedRunMeasuresTheEpochsThatItTrains() {
    Dataset data = Generators.SPIRALS.generate(90, 1);
    Network whole = spirals(), stopped = spirals();
    TrainingDiagnostics all = measure(whole, data);
    Trainer.of(whole).listener(all).fit(data, 5);
    List<Snapshot> saved = new ArrayList<>();
    Trainer.of(stopped).checkpoint(s -> saved.add(new Snapshot(s.epochs(), s.stepsOfEpoch(), s.lossOfEpoch(), s.steps(),
        s.parameters().clone(), s.epochParameters().clone(),
        Arrays.stream(s.optimizerState()).map(double[]::clone).toArray(double[][]::new), s.bestEpoch(),
        null))).fit(data, 3);
    Network resumed = spirals();
    TrainingDiagnostics rest = measure(resumed, data);
    Trainer.of(resumed).listener(rest).resume(saved.get(2)).fit(data, 5);
    assertEquals(List.of(4, 5), rest.epochs().stream().map(TrainingDiagnostics.Epoch::number).toList());
    for (int i = 0; i < 2; i++) {
      TrainingDiagnostics.Epoch a = all.epochs().get(3 + i), b = rest.epochs().get(i);
      assertEquals(a.train(), b.train());
      assertArrayEquals(a.weightNorms(), b.weightNorms());
      assertArrayEquals(a.gradientNorms(), b.gradientNorms());
    }
  }

  @Test
  void theListenerOfAMemberIsCalledBeforeThatOfTheEnsemble() {
    Dataset data = Generators.SPIRALS.generate(90, 1);
    List<TrainingDiagnostics> members = new ArrayList<>();
    List<Boolean> before = new ArrayList<>();
    EnsembleTrainer.of(data.folds(3, 1), (member, seed) -> {
      Network net = spirals();
      members.add(new TrainingDiagnostics(net, CCE, Regularization.NONE, data, seed));
      return Trainer.of(net).listener(members.get(member));
    }).threads(2).listener(new EnsembleListener() {
      @Override public void onEpoch(int member, History.Epoch e) {
        before.add(members.get(member).epochs().size() == e.number());
      }
    }).fit(data, 4);
    assertEquals(12, before.size());
    assertTrue(!before.contains(false));
    for (TrainingDiagnostics d : members) assertEquals(4, d.epochs().size());
  }

  @Test
  void unsuitableArgumentsAreRefused() {
    Dataset data = Generators.SPIRALS.generate(9, 1);
    assertThrows(IllegalArgumentException.class, () -> measure(spirals(), data.select(new int[0])));
    assertThrows(IllegalArgumentException.class,
        () -> measure(Network.input(3).dense(3, new Softmax()).build(1), data));
    assertThrows(NullPointerException.class, () -> measure(spirals(), data).andThen(null));
  }
}
