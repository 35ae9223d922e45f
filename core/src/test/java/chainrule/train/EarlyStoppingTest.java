// SPDX-License-Identifier: MIT
package chainrule.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.Dataset;
import chainrule.data.Generators;
import chainrule.nn.Network;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Tanh;
import chainrule.nn.loss.BinaryCrossEntropy;
import chainrule.nn.loss.MeanSquaredError;
import chainrule.nn.optimizer.Adam;
import chainrule.nn.optimizer.GradientDescent;
import chainrule.train.History.End;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Checks early stopping with parameters that a listener records and losses computed from predictions. */
class EarlyStoppingTest {

  /** Records the parameters after each epoch. */
  private static final class Path implements TrainingListener {
    private final Network net;
    private final List<double[]> parameters = new ArrayList<>();

    Path(Network net) {
      this.net = net;
    }

    @Override public void onEpoch(History.Epoch e) {
      parameters.add(net.parameters().clone());
    }

    /** Returns the loss −(y ln ŷ + (1 − y) ln(1 − ŷ)) of each epoch's network, from its predictions. */
    double[] losses(Dataset d) {
      double[] losses = new double[parameters.size()], now = net.parameters(), kept = now.clone();
      for (int e = 0; e < losses.length; e++) {
        System.arraycopy(parameters.get(e), 0, now, 0, now.length);
        double[] p = net.predict(d.x());
        for (int i = 0; i < p.length; i++) losses[e] -= Math.log(d.y()[i] == 1 ? p[i] : 1 - p[i]) / p.length;
      }
      System.arraycopy(kept, 0, now, 0, now.length);
      return losses;
    }
  }

  private static Network network(long seed) {
    return Network.input(2).dense(12, new Tanh()).dense(1, new Sigmoid()).build(seed);
  }

  private static Trainer trainer(Network net, long seed) {
    return Trainer.of(net).loss(new BinaryCrossEntropy()).optimizer(new Adam(0.05)).batch(8).seed(seed);
  }

  private static int lowest(double[] losses) {
    int best = 0;
    for (int e = 1; e < losses.length; e++) if (losses[e] < losses[best]) best = e;
    return best;
  }

  @Test
  void theWeightsOfTheLowestValidationLossAreKeptAndPatienceIsExact() {
    int early = 0, late = 0;
    for (long seed = 1; seed <= 12; seed++) {
      Dataset.Split s = Generators.MOONS.generate(60, seed).split(0.5, seed);
      int patience = 1 + (int) (seed % 4), most = seed % 3 == 0 ? 4 : 25;
      Network net = network(seed);
      Path path = new Path(net);
      History h = trainer(net, seed).stopEarly(s.test(), patience).listener(path).fit(s.train(), most);
      double[] losses = path.losses(s.test());
      for (int e = 0; e < losses.length; e++) {
        assertEquals(losses[e], h.epochs().get(e).validation().loss(), 1e-10 * (1 + losses[e]), "seed " + seed);
      }
      int best = lowest(losses);
      assertEquals(best + 1, h.kept(), "seed " + seed);
      assertEquals(best + 1, h.keptEpoch().number());
      assertEquals(best + 1, h.best().number());
      assertArrayEquals(path.parameters.get(best), net.parameters(), "seed " + seed);
      boolean stopped = h.end() == End.STOPPED_EARLY;
      assertEquals(stopped ? best + 1 + patience : most, losses.length, "seed " + seed);
      for (int e = 0, low = 0; e < losses.length - 1; e++) { // patience did not run out earlier
        if (losses[e] < losses[low]) low = e;
        assertTrue(e - low < patience, "seed " + seed);
      }
      if (stopped) early++;
      else late++;
    }
    assertTrue(early >= 3 && late >= 1, early + " stopped early, " + late + " not");
  }

  @Test
  void validationRowsDoNotAffectTraining() {
    Dataset train = Generators.MOONS.generate(40, 1), validation = Generators.MOONS.generate(30, 2);
    Dataset others = Generators.CIRCLES.generate(17, 3);
    List<Path> paths = new ArrayList<>();
    for (Dataset v : Arrays.asList(null, validation, others)) {
      Network net = network(1);
      Path path = new Path(net);
      Trainer t = trainer(net, 1).listener(path);
      (v == null ? t : t.stopEarly(v, 100)).fit(train, 6);
      paths.add(path);
    }
    for (int e = 0; e < 6; e++) {
      assertArrayEquals(paths.get(0).parameters.get(e), paths.get(1).parameters.get(e));
      assertArrayEquals(paths.get(0).parameters.get(e), paths.get(2).parameters.get(e));
    }
  }

  /** One step fits the point exactly, so every loss is 0: the first epoch is kept, and patience runs out. */
  @Test
  void anEqualLossIsNotAnImprovement() {
    Dataset d = Dataset.regression(1, new double[] {0}, 1, new double[] {1});
    Network net = Network.input(1).dense(1, new Linear()).build(1);
    net.parameters()[1] = 0;
    History h = Trainer.of(net).loss(new MeanSquaredError()).optimizer(new GradientDescent(0.5)).stopEarly(d, 3)
        .fit(d, 50);
    assertEquals(0, h.epochs().get(0).validation().loss());
    assertEquals(1, h.kept());
    assertEquals(4, h.epochs().size());
    assertEquals(End.STOPPED_EARLY, h.end());
  }

  @Test
  void nanIsNeverTheLowestLoss() {
    assertTrue(History.isBetter(1, Double.NaN));
    assertTrue(History.isBetter(1, 2) && !History.isBetter(2, 1) && !History.isBetter(1, 1));
    assertTrue(!History.isBetter(Double.NaN, 1) && !History.isBetter(Double.NaN, Double.NaN));
    Dataset train = Generators.MOONS.generate(40, 1);
    Dataset nan = Dataset.classification(2, new double[] {Double.NaN, 0, 1, 1}, new int[] {0, 1}, List.of("0", "1"));
    Network net = network(1);
    Path path = new Path(net);
    History h = trainer(net, 1).stopEarly(nan, 4).listener(path).fit(train, 20);
    assertEquals(5, h.epochs().size());
    assertEquals(1, h.kept());
    assertArrayEquals(path.parameters.get(0), net.parameters());
  }

  @Test
  void withoutValidationTheFinalWeightsAreKept() {
    Network net = network(1);
    Path path = new Path(net);
    History h = trainer(net, 1).listener(path)
        .fit(Generators.MOONS.generate(40, 1), Generators.MOONS.generate(9, 2), 7);
    assertEquals(End.FINISHED, h.end());
    assertEquals(7, h.kept());
    assertArrayEquals(path.parameters.get(6), net.parameters());
  }

  @Test
  void invalidSettingsAreRejected() {
    Dataset d = Generators.MOONS.generate(4, 1);
    Trainer t = trainer(network(1), 1);
    refused("patience: expected ≥ 1 epochs, found 0", () -> t.stopEarly(d, 0));
    refused("validation data: no rows", () -> t.stopEarly(d.select(new int[0]), 1));
    refused("validation data: rows of 2 inputs and 3 outputs do not fit the network 2 → 12 tanh → 1 sigmoid",
        () -> t.stopEarly(Generators.SPIRALS.generate(6, 1), 1).fit(d, 1));
    refused("clip: expected a norm > 0, found 0.0", () -> t.clip(0));
    refused("clip: expected a norm > 0, found NaN", () -> t.clip(Double.NaN));
  }

  private static void refused(String message, org.junit.jupiter.api.function.Executable action) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, action).getMessage());
  }

  /** The two splits of the command line put each row in exactly one part. */
  @Test
  void trainingValidationAndTestRowsAreDisjoint() {
    for (int n = 3; n < 60; n++) {
      int[][] parts = Dataset.splitRows(n, 0.2, n), again = Dataset.splitRows(parts[0], 0.1, n, 1);
      int[] all = new int[n];
      for (int[] part : new int[][] {again[0], again[1], parts[1]}) for (int r : part) all[r]++;
      for (int count : all) assertEquals(1, count, n + " rows");
      assertTrue(again[1].length > 0 && again[0].length > 0, n + " rows");
    }
  }
}
