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
 * What an epoch does with its rows: which it takes, in which order, with which targets, and how they add up to its
 * loss. Rows are one-hot and the network is one linear unit, so that each row has a weight of its own, which shows when
 * the row was used and what its target was.
 */
class EpochSpec {
  private static final double RATE = 0.125;

  /** Rows in the order in which an epoch used them, step by step; a step's rows are in ascending order. */
  private record Seen(List<List<Integer>> steps) {
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
   * Trains on one-hot rows. With L = Σ ½(ŷ − y)² a step takes η(w_r + b − y_r) from w_r of each of its rows, and
   * nothing from the others: which weights have moved is recorded, and by how much is compared.
   */
  private static List<Seen> seen(int rows, int batch, int epochs, long seed, Optimizer optimizer) {
    Network net = Network.input(rows).dense(1, new Linear()).build(1);
    double[] before = net.parameters().clone();
    List<Seen> all = new ArrayList<>();
    Trainer.of(net).loss(new HalfSquaredError(Reduction.SUM)).optimizer(optimizer).batch(batch).seed(seed)
        .listener(new TrainingListener() {
          @Override public void onStep(int epoch, int step, int steps, double loss) {
            if (step == 1) all.add(new Seen(new ArrayList<>()));
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

  /** Rows and batch: a full last batch, last batches of 1, 2, 3 and more rows, single rows, more than there are. */
  private static final int[][] SIZES =
      {{12, 4}, {13, 4}, {14, 4}, {15, 4}, {17, 6}, {9, 1}, {10, 10}, {10, 64}, {11, 10}, {1, 3}};

  @Test
  void anEpochTakesEveryRowOnceWithItsOwnTargetAlsoInAShortLastBatch() {
    for (int[] size : SIZES) {
      for (Seen epoch : seen(size[0], size[1], 5, 7, new GradientDescent(RATE))) {
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

  /** Eight epochs of twelve rows: that two of their orders are equal by chance has a probability of 28 / 12!, 6e-8. */
  @Test
  void everyEpochHasAnOrderOfItsOwnWhichDependsOnTheSeedAlone() {
    List<Seen> epochs = seen(12, 1, 8, 1, new GradientDescent(RATE)), again = seen(12, 1, 8, 1, new AdaGrad(0.5));
    assertEquals(epochs, again, "the same seed with another optimizer");
    assertEquals(8, new HashSet<>(epochs).size(), "orders of eight epochs: " + epochs);
    List<Seen> other = seen(12, 1, 8, 2, new GradientDescent(RATE));
    for (int e = 0; e < 8; e++) assertNotEquals(epochs.get(e), other.get(e), "another seed");
    Set<Seen> both = new HashSet<>(epochs);
    both.addAll(other);
    assertEquals(16, both.size(), "orders of both seeds");
  }

  /**
   * Each of six rows comes first in 1/6 of 3,000 epochs, and each of the 30 ordered pairs at the end in 1/30: counts
   * within six standard deviations, which 36 right ones exceed with a probability below 1e-7.
   */
  @Test
  void ordersAreUniform() {
    int n = 6, epochs = 3000;
    int[] first = new int[n], end = new int[n * n];
    for (Seen s : seen(n, 1, epochs, 3, new GradientDescent(1e-5))) {
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
   * The gradient of |ŷ − y| far from y is 1 in each step, so that n steps of one row have moved w by a sum known in
   * advance: momentum by η Σ (1 − γᵗ), AdaGrad by η Σ 1/√t, Adam, whose means are 1 after their correction, by n·η.
   */
  @Test
  void anOptimizersMemoryAndItsStepsCarryOverFromEpochToEpoch() {
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
      // ε = 1e-8 beside a root of 1 is left out above, in nine steps of 0.1 or less
      assertEquals(before - moves[i], net.parameters()[0], 1e-8, optimizers[i].name());
    }
  }

  /** Which inputs a step kept shows in the weights that it moved: one row of ones under dropout, one step an epoch. */
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

  /** Of 60 masks of 30 units two are equal by chance with a probability of 1770 · 2⁻³⁰, 2e-6. */
  @Test
  void everyStepOfTrainingHasAMaskOfItsOwnWhichDependsOnTheSeedAlone() {
    List<List<Boolean>> one = masks(1, 30), other = masks(2, 30);
    assertEquals(one, masks(1, 30));
    Set<List<Boolean>> all = new HashSet<>(one);
    all.addAll(other);
    assertEquals(60, all.size());
  }

  /** Parameters that do not move: what a rate of 10⁻²⁹⁰ would change is below their last digit. */
  @Test
  void theLossOfAnEpochCountsEachRowOnceAlsoInAShortLastBatch() {
    for (Optimizer still : List.of(new GradientDescent(1e-290), new Adam(1e-290))) {
      for (int[] size : SIZES) {
        int n = size[0];
        Network net = Network.input(3).dense(4, new Tanh()).dense(3, new Softmax()).build(2);
        double[] x = new double[3 * n], y = new double[3 * n], costs = new double[n];
        for (int i = 0; i < net.parameters().length; i++) net.parameters()[i] += 0.1; // no bias is 0
        double[] kept = net.parameters().clone();
        for (int i = 0; i < x.length; i++) x[i] = 3 * CounterRandom.normal(5, 1, i);
        for (int r = 0; r < n; r++) y[3 * r + r % 3] = 1 + r; // weighted, so that no two rows cost alike
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
            // a mean loss has its penalty once, a sum of steps once in each step
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
              assertEquals(e.trainLoss(), running.get(e.number() * steps - 1), what + ": the last step's running loss");
            }
            assertArrayEquals(kept, net.parameters(), what);
          }
        }
        assertTrue(sum > 0);
      }
    }
  }

  /** The running loss of each step is that of the rows so far: known here from the weights that have moved. */
  @Test
  void theRunningLossIsThatOfTheRowsSoFar() {
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
