// SPDX-License-Identifier: MIT
package chainrule.spec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.Dataset;
import chainrule.random.CounterRandom;
import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Softmax;
import chainrule.nn.activation.Tanh;
import chainrule.nn.loss.CategoricalCrossEntropy;
import chainrule.nn.loss.HalfSquaredError;
import chainrule.nn.loss.Loss;
import chainrule.nn.loss.MeanAbsoluteError;
import chainrule.nn.loss.Reduction;
import chainrule.nn.optimizer.AdaGrad;
import chainrule.nn.optimizer.Adam;
import chainrule.nn.optimizer.GradientDescent;
import chainrule.nn.optimizer.Momentum;
import chainrule.nn.optimizer.Optimizer;
import chainrule.train.History;
import chainrule.train.Trainer;
import chainrule.train.TrainingListener;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Tests which rows an epoch uses, in which order, with which targets, and how they add up to its loss. The rows are
 * one-hot and the network is one linear unit, so each row has its own weight, which shows when the row was used and
 * what its target was.
 */
class EpochSpec {
  private static final double RATE = 0.125;

  /** The rows that each step of an epoch used. Within a step, the rows are in ascending order. */
  private record RowOrder(List<List<Integer>> steps) {
    List<Integer> rows() {
      List<Integer> rows = new ArrayList<>();
      steps.forEach(rows::addAll);
      return rows;
    }
  }

  private static double target(int row) {
    return 3 + row * row;
  }

  private static Dataset oneHot(int rows) {
    double[] x = new double[rows * rows], y = new double[rows];
    for (int r = 0; r < rows; r++) {
      x[r * rows + r] = 1;
      y[r] = target(r);
    }
    return Dataset.regression(rows, x, 1, y);
  }

  /**
   * Trains on one-hot rows. With L = Σ ½(ŷ − y)², a step subtracts η(w_r + b − y_r) from w_r for each of its rows r,
   * and nothing for other rows. So this records which weights change, and checks by how much.
   */
  private static List<RowOrder> rowOrders(int rows, int batch, int epochs, long seed, Optimizer optimizer) {
    Network net = Network.input(rows).dense(1, new Linear()).build(1);
    double[] before = net.parameters().clone();
    List<RowOrder> all = new ArrayList<>();
    Trainer.of(net).loss(new HalfSquaredError(Reduction.SUM)).optimizer(optimizer).batch(batch).seed(seed)
        .listener(new TrainingListener() {
          @Override public void onStep(int epoch, int step, int steps, double loss) {
            if (step == 1) all.add(new RowOrder(new ArrayList<>()));
            List<Integer> used = new ArrayList<>();
            double[] now = net.parameters();
            for (int r = 0; r < rows; r++) {
              if (now[r] == before[r]) continue;
              used.add(r);
              double move = optimizer.rate() * (target(r) - before[r] - before[rows]);
              // w + b, − y, the product and the sum are rounded once each
              if (optimizer.isPlainDescent()) {
                assertEquals(before[r] + move, now[r], 0x1p-50 * (target(r) + 1), "row " + r + ", step " + step);
              }
            }
            all.get(epoch - 1).steps().add(used);
            System.arraycopy(now, 0, before, 0, now.length);
          }
        }).fit(oneHot(rows), epochs);
    return all;
  }

  /** Rows and batch size: a full last batch; last batches of 1, 2, 3 and more rows; single rows; a larger batch. */
  private static final int[][] SIZES =
      {{12, 4}, {13, 4}, {14, 4}, {15, 4}, {17, 6}, {9, 1}, {10, 10}, {10, 64}, {11, 10}, {1, 3}};

  @Test
  void anEpochUsesEveryRowOnceWithItsOwnTargetIncludingAShortLastBatch() {
    for (int[] size : SIZES) {
      for (RowOrder epoch : rowOrders(size[0], size[1], 5, 7, new GradientDescent(RATE))) {
        List<Integer> rows = epoch.rows();
        assertEquals(size[0], rows.size(), () -> Arrays.toString(size) + epoch);
        assertEquals(size[0], new HashSet<>(rows).size(), () -> Arrays.toString(size) + epoch);
        int left = size[0];
        for (List<Integer> step : epoch.steps()) {
          assertEquals(Math.min(left, size[1]), step.size(), () -> Arrays.toString(size) + epoch);
          left -= step.size();
        }
      }
    }
  }

  /** Eight epochs of twelve rows: two orders are equal by chance with probability 28 / 12! = 6e-8. */
  @Test
  void everyEpochHasItsOwnOrderWhichDependsOnlyOnTheSeed() {
    List<RowOrder> epochs = rowOrders(12, 1, 8, 1, new GradientDescent(RATE));
    List<RowOrder> again = rowOrders(12, 1, 8, 1, new AdaGrad(0.5));
    assertEquals(epochs, again, "the same seed with another optimizer");
    assertEquals(8, new HashSet<>(epochs).size(), "orders of eight epochs: " + epochs);
    List<RowOrder> other = rowOrders(12, 1, 8, 2, new GradientDescent(RATE));
    for (int e = 0; e < 8; e++) assertNotEquals(epochs.get(e), other.get(e), "another seed");
    Set<RowOrder> both = new HashSet<>(epochs);
    both.addAll(other);
    assertEquals(16, both.size(), "orders of both seeds");
  }

  /**
   * Each of six rows is first in 1/6 of 3,000 epochs, and each of the 30 ordered pairs is last in 1/30. The counts must
   * be within six standard deviations, which 36 correct counts exceed with a probability below 1e-7.
   */
  @Test
  void ordersAreUniform() {
    int n = 6, epochs = 3000;
    int[] first = new int[n], end = new int[n * n];
    for (RowOrder s : rowOrders(n, 1, epochs, 3, new GradientDescent(1e-5))) {
      List<Integer> rows = s.rows();
      first[rows.get(0)]++;
      end[rows.get(n - 2) * n + rows.get(n - 1)]++;
    }
    for (int r = 0; r < n; r++) {
      within(epochs, 1.0 / n, first[r], "row " + r + " first");
      for (int q = 0; q < n; q++) if (q != r) within(epochs, 1.0 / 30, end[r * n + q], r + ", " + q + " last");
    }
  }

  private static void within(int n, double p, int count, String what) {
    assertEquals(n * p, count, 6 * Math.sqrt(n * p * (1 - p)), what);
  }

  /**
   * The gradient of |ŷ − y| far from y is 1 in each step, so n steps change w by a known sum: momentum by η Σ (1 − γᵗ),
   * AdaGrad by η Σ 1/√t, and Adam, whose bias-corrected means are 1, by n·η.
   */
  @Test
  void theStateAndTheStepCountOfAnOptimizerCarryOverToTheNextEpoch() {
    int epochs = 9;
    double momentum = 0, adaGrad = 0;
    for (int t = 1; t <= epochs; t++) {
      momentum += 0.1 * (1 - Math.pow(0.5, t));
      adaGrad += 0.1 / Math.sqrt(t);
    }
    Dataset one = Dataset.regression(1, new double[] {1}, 1, new double[] {-1000});
    Optimizer[] optimizers = {new Momentum(0.1, 0.5), new AdaGrad(0.1), new Adam(0.1, 0.5, 0.75, 1e-8)};
    double[] moves = {momentum, adaGrad, epochs * 0.1};
    for (int i = 0; i < optimizers.length; i++) {
      Network net = Network.input(1).dense(1, new Linear()).build(1);
      double before = net.parameters()[0];
      Trainer.of(net).loss(new MeanAbsoluteError()).optimizer(optimizers[i]).fit(one, epochs);
      // the sums above omit ε = 1e-8, which is added to a root of 1, in nine steps of at most 0.1
      assertEquals(before - moves[i], net.parameters()[0], 1e-8, optimizers[i].name());
    }
  }

  /** Trains on a row of ones with one step per epoch: a weight changes if dropout keeps its input. */
  private static List<List<Boolean>> masks(long seed, int steps) {
    int units = 30;
    double[] ones = new double[units];
    Arrays.fill(ones, 1);
    Network net = Network.input(units).dropout(0.5).dense(1, new Linear()).build(1);
    double[] before = net.parameters().clone();
    List<List<Boolean>> masks = new ArrayList<>();
    Trainer.of(net).loss(new MeanAbsoluteError()).optimizer(new GradientDescent(0.01)).seed(seed)
        .listener(new TrainingListener() {
          @Override public void onEpoch(History.Epoch e) {
            List<Boolean> kept = new ArrayList<>();
            for (int i = 0; i < units; i++) kept.add(net.parameters()[i] != before[i]);
            masks.add(kept);
            System.arraycopy(net.parameters(), 0, before, 0, before.length);
          }
        }).fit(Dataset.regression(units, ones, 1, new double[] {-1000}), steps);
    return masks;
  }

  /** Two of 60 masks of 30 units are equal by chance with probability 1770 · 2⁻³⁰ = 2e-6. */
  @Test
  void everyTrainingStepHasItsOwnMaskWhichDependsOnlyOnTheSeed() {
    List<List<Boolean>> one = masks(1, 30), other = masks(2, 30);
    assertEquals(one, masks(1, 30));
    Set<List<Boolean>> all = new HashSet<>(one);
    all.addAll(other);
    assertEquals(60, all.size());
  }

  /** The parameters stay constant, because a rate of 10⁻²⁹⁰ changes less than their last bit. */
  @Test
  void theLossOfAnEpochCountsEachRowOnceIncludingAShortLastBatch() {
    for (Optimizer still : List.of(new GradientDescent(1e-290), new Adam(1e-290))) {
      for (int[] size : SIZES) {
        int n = size[0];
        Network net = Network.input(3).dense(4, new Tanh()).dense(3, new Softmax()).build(2);
        double[] x = new double[3 * n], y = new double[3 * n], costs = new double[n];
        for (int i = 0; i < net.parameters().length; i++) net.parameters()[i] += 0.1; // no bias is 0
        double[] kept = net.parameters().clone();
        for (int i = 0; i < x.length; i++) x[i] = 3 * CounterRandom.normal(5, 1, i);
        for (int r = 0; r < n; r++) y[3 * r + r % 3] = 1 + r; // weighted, so that rows have different losses
        double[] p = net.predict(x);
        for (int r = 0; r < n; r++) costs[r] = -(1 + r) * Math.log(p[3 * r + r % 3]);
        double sum = Arrays.stream(costs).sum();
        for (Reduction reduction : Reduction.values()) {
          Loss loss = new CategoricalCrossEntropy(reduction);
          double expected = reduction == Reduction.MEAN ? sum / n : sum;
          for (double penalty : new double[] {0, 0.5}) {
            int steps = (n + size[1] - 1) / size[1];
            double squares = 0;
            for (int i = 0; i < kept.length; i++) squares += i < 12 || i >= 16 && i < 28 ? kept[i] * kept[i] : 0;
            // a mean loss includes the penalty once, a sum includes it once per step
            double whole = expected + penalty * squares * (reduction == Reduction.MEAN ? 1 : steps);
            List<Double> running = new ArrayList<>();
            History h = Trainer.of(net).loss(loss).optimizer(still).batch(size[1])
                .regularization(Regularization.l2(penalty)).listener(new TrainingListener() {
                  @Override public void onStep(int epoch, int step, int all, double loss) {
                    running.add(loss);
                  }
                }).fit(Dataset.regression(3, x, 3, y), 3);
            String what = Arrays.toString(size) + ", " + loss.name() + ", " + penalty;
            for (History.Epoch e : h.epochs()) {
              assertEquals(whole, e.trainLoss(), 1e-13 * whole, what);
              assertEquals(e.trainLoss(), running.get(e.number() * steps - 1), what + ": last running loss");
            }
            assertArrayEquals(kept, net.parameters(), what);
          }
        }
        assertTrue(sum > 0);
      }
    }
  }

  /** The running loss of a step covers the rows used so far, which the changed weights show. */
  @Test
  void theRunningLossCoversTheRowsUsedSoFar() {
    for (int[] size : SIZES) {
      int n = size[0];
      Network net = Network.input(n).dense(1, new Linear()).build(1);
      double[] before = net.parameters().clone(), soFar = new double[2];
      boolean[] checked = {false};
      Trainer.of(net).loss(new HalfSquaredError(Reduction.MEAN)).optimizer(new GradientDescent(RATE)).batch(size[1])
          .listener(new TrainingListener() {
            @Override public void onStep(int epoch, int step, int steps, double loss) {
              if (step == 1) Arrays.fill(soFar, 0);
              double[] now = net.parameters();
              for (int r = 0; r < n; r++) {
                if (now[r] == before[r]) continue;
                soFar[0] += 0.5 * Math.pow(before[r] + before[n] - target(r), 2);
                soFar[1]++;
              }
              assertEquals(soFar[0] / soFar[1], loss, 1e-13 * loss, () -> Arrays.toString(size) + ", step " + step);
              System.arraycopy(now, 0, before, 0, now.length);
              checked[0] = true;
            }
          }).fit(oneHot(n), 4);
      assertTrue(checked[0]);
    }
  }
}
