// SPDX-License-Identifier: MIT
package chainrule.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chainrule.kernels.Kernels;
import chainrule.kernels.ScalarKernels;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Softmax;
import chainrule.nn.activation.Tanh;
import chainrule.nn.loss.CategoricalCrossEntropy;
import chainrule.nn.loss.MeanSquaredError;
import chainrule.nn.optimizer.Optimizer;
import chainrule.nn.optimizer.Optimizers;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** {@link TrainingStep} in blocks of rows, and its update with a given gradient. BlockSumSpec proves the values. */
class BlockStepTest {
  private static final int IN = 5, OUT = 3, ROWS = 23;
  private static final double[] X = new SplittableRandom(1).doubles(ROWS * IN, -1, 1).toArray();
  private static final double[] Y = new double[ROWS * OUT];
  private static final double[] WEIGHTS = new SplittableRandom(2).doubles(ROWS, 0.1, 2).toArray();
  private static final double NO_CLIP = Double.POSITIVE_INFINITY;

  static {
    for (int i = 0; i < ROWS; i++) Y[i * OUT + i % OUT] = 1;
  }

  private static Network network(Kernels kernels) {
    return Network.input(IN).dense(6, new Tanh()).dropout(0.3).dense(OUT, new Softmax()).kernels(kernels).build(1);
  }

  private static TrainingStep step(Network net, Regularization penalty, Optimizer optimizer, double clip, int block) {
    return new TrainingStep(net, new CategoricalCrossEntropy(), penalty, optimizer, clip, FrozenParameters.NONE, block,
        ROWS).seed(7);
  }

  private static TrainingStep step(Network net, String optimizer, int block) {
    return step(net, Regularization.NONE, Optimizers.parse(optimizer), NO_CLIP, block);
  }

  /** A step is the gradient of the batch and then update, for every optimizer, clip, penalty and frozen layer. */
  @Test
  void updateWithTheGradientOfABatchIsAStep() {
    for (String name : Optimizers.names()) {
      for (double clip : new double[] {NO_CLIP, 0.1}) {
        for (Regularization penalty : List.of(Regularization.NONE, Regularization.l1l2(0.01, 0.1).withBiases())) {
          for (FrozenParameters frozen : List.of(FrozenParameters.NONE, FrozenParameters.weights(0))) {
            Optimizer o = Optimizers.parse(name);
            Network net = network(Kernels.best()), other = network(Kernels.best().withThreads(2));
            TrainingStep run = new TrainingStep(
                net, new CategoricalCrossEntropy(), penalty, o, clip, frozen, ROWS, ROWS).seed(7);
            TrainingStep update = new TrainingStep(other, new CategoricalCrossEntropy(), penalty, o, clip, frozen, 1);
            Backpropagation b = new Backpropagation(other, new CategoricalCrossEntropy(), ROWS);
            double[] g = new double[other.parameters().length];
            String what = name + ", clip " + clip + ", " + penalty + ", frozen " + frozen;
            for (int t = 0; t < 3; t++) {
              b.setStep(7, t, 0);
              double factor = b.batchFactor(ROWS, WEIGHTS, 0);
              double loss = factor * b.blockLossAndGradient(ROWS, X, 0, Y, 0, WEIGHTS, 0, factor, g);
              double expected = run.run(o.rate(), ROWS, X, 0, Y, 0, WEIGHTS, 0);
              assertEquals(expected, update.update(o.rate(), loss, g), what);
              assertEquals(t + 1, update.steps(), what);
            }
            assertArrayEquals(net.parameters(), other.parameters(), what);
            assertArrayEquals(run.state(), update.state(), what);
          }
        }
      }
    }
  }

  /** Many parameters: the update is divided among threads. */
  @Test
  void theUpdateOfManyParametersDoesNotDependOnThreads() {
    for (String name : List.of("sgd", "adam")) {
      double[] expected = null;
      for (int threads = 1; threads <= 4; threads++) {
        Network net = Network.input(100).dense(131, new Relu()).dense(7, new Linear())
            .kernels(Kernels.best().withThreads(threads)).build(1);
        FrozenParameters frozen = FrozenParameters.biases(0).and(FrozenParameters.weights(1));
        TrainingStep step = new TrainingStep(net, new MeanSquaredError(), Regularization.l2(0.01),
            Optimizers.parse(name), NO_CLIP, frozen, 1);
        double[] bias = net.bias(0), weights = net.weights(1)[3], first = net.parameters().clone();
        double[] g = new SplittableRandom(5).doubles(net.parameters().length, -1, 1).toArray();
        for (int t = 0; t < 3; t++) step.update(0.1, 1, g.clone());
        if (expected == null) expected = net.parameters();
        assertArrayEquals(expected, net.parameters(), name + ", " + threads + " threads");
        assertArrayEquals(bias, net.bias(0));
        assertArrayEquals(weights, net.weights(1)[3]);
        for (int i = 0; i < 100 * 131; i++) if (first[i] == expected[i]) throw new AssertionError("not updated: " + i);
      }
    }
  }

  @Test
  void anUpdateThatCannotBeMadeChangesNothing() {
    Network net = network(Kernels.best());
    TrainingStep step = step(net, Regularization.l2(0.1), Optimizers.parse("adam"), NO_CLIP, 0);
    double[] before = net.parameters().clone(), g = new double[before.length];
    Arrays.fill(g, 1);
    for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
      assertEquals(bad, step.update(0.1, bad, g));
    }
    assertEquals("gradient: expected " + before.length + " parameters, found 3",
        assertThrows(IllegalArgumentException.class, () -> step.update(0.1, 1, new double[3])).getMessage());
    assertEquals(0, step.steps());
    assertArrayEquals(before, net.parameters());
    Arrays.fill(net.parameters(), 1e200); // the penalty overflows
    double[] huge = net.parameters().clone();
    assertEquals(Double.POSITIVE_INFINITY, step.update(0.1, 1, g));
    assertArrayEquals(huge, net.parameters());
    assertEquals(0, step.steps());
  }

  // ---------------------------------------------------------------- blocks

  /** The setting decides whether plain descent adds to the weights, not the number of rows. */
  @Test
  void aBatchOfOneBlockHasTheBitsOfNoBlocksExceptForPlainDescent() {
    for (String name : Optimizers.names()) {
      for (boolean penalized : new boolean[] {false, true}) {
        Regularization penalty = penalized ? Regularization.l2(0.01) : Regularization.NONE;
        double[][] theta = new double[4][];
        int[] blocks = {0, ROWS, ROWS + 1, 1 << 30};
        for (int i = 0; i < 4; i++) {
          Network net = network(Kernels.best());
          TrainingStep step = step(net, penalty, Optimizers.parse(name), NO_CLIP, blocks[i]);
          for (int t = 0; t < 3; t++) step.run(ROWS, X, 0, Y, 0);
          theta[i] = net.parameters();
        }
        assertArrayEquals(theta[1], theta[2], name);
        assertArrayEquals(theta[1], theta[3], name);
        boolean plain = name.equals("sgd") && !penalized;
        assertEquals(!plain, Arrays.equals(theta[0], theta[1]), name);
        if (plain) assertArrayEquals(theta[0], theta[1], 1e-14);
      }
    }
  }

  @Test
  void severalBlocksAreNotRecordedAndOneIs() {
    Network net = network(Kernels.best()), other = network(Kernels.best());
    TrainingStep step = step(net, "adam", 10), same = step(other, "adam", 10);
    assertEquals("batch: expected at most one block of 10 rows to record, found 11 rows",
        assertThrows(IllegalArgumentException.class, () -> step.record(11, X, 0, Y, 0)).getMessage());
    assertEquals(same.run(10, X, 0, Y, 0), step.record(10, X, 0, Y, 0).loss());
    assertArrayEquals(other.parameters(), net.parameters());
    assertEquals("block: expected ≥ 0 rows, found -1",
        assertThrows(IllegalArgumentException.class, () -> step(net, "adam", -1)).getMessage());
    assertEquals("g: expected " + net.parameters().length + " parameters, found 2",
        assertThrows(IllegalArgumentException.class, () -> new Backpropagation(net, new CategoricalCrossEntropy(), 1)
            .blockLossAndGradient(1, X, 0, Y, 0, null, 0, 1, new double[2])).getMessage());
  }

  @Test
  void aBadWeightOfARowIsReportedWithItsPlaceInTheBatch() {
    for (int threads = 1; threads <= 2; threads++) {
      Network net = network(Kernels.best().withThreads(threads));
      TrainingStep step = step(net, "adam", 4);
      double[] weights = WEIGHTS.clone(), before = net.parameters().clone();
      weights[13] = -1;
      assertEquals("row 13: expected a weight of 0, or from 1.0E-100 to 1.0E100, found -1.0",
          assertThrows(IllegalArgumentException.class, () -> step.run(1, ROWS, X, 0, Y, 0, weights, 0)).getMessage());
      assertArrayEquals(before, net.parameters());
      assertEquals(0, step.steps());
      double[] good = WEIGHTS.clone();
      Network fresh = network(ScalarKernels.INSTANCE);
      assertEquals(step(fresh, "adam", 4).run(1, ROWS, X, 0, Y, 0, good, 0), step.run(1, ROWS, X, 0, Y, 0, good, 0));
      assertArrayEquals(fresh.parameters(), net.parameters(), "the step after the error");
    }
  }

  /** The first layer that is not finite is named, whichever block has it and whichever thread computed that. */
  @Test
  void aLossThatIsNotFiniteChangesNothingAndIsFound() {
    for (int threads = 1; threads <= 3; threads++) {
      for (int row : new int[] {0, 3, 4, 11, ROWS - 1}) {
        Network net = network(Kernels.best().withThreads(threads));
        TrainingStep step = step(net, "momentum", 4);
        double[] x = X.clone(), before = net.parameters().clone();
        x[row * IN + 2] = Double.NaN;
        assertEquals(Double.NaN, step.run(ROWS, x, 0, Y, 0));
        assertEquals(0, step.backpropagation().firstNotFinite(), "row " + row + ", " + threads + " threads");
        assertEquals(0, step.steps());
        assertArrayEquals(before, net.parameters());
        double loss = step.run(ROWS, X, 0, Y, 0);
        Network fresh = network(Kernels.best());
        assertEquals(step(fresh, "momentum", 4).run(ROWS, X, 0, Y, 0), loss);
        assertArrayEquals(fresh.parameters(), net.parameters(), "the step after it");
      }
    }
  }

  /** Each block is finite, but their sum is not. */
  @Test
  void aSumOfLossesThatOverflowsIsReported() {
    Network net = Network.input(1).dense(1, new Linear()).build(1);
    Arrays.fill(net.parameters(), 0);
    TrainingStep step = new TrainingStep(net, new MeanSquaredError(), Regularization.NONE, Optimizers.parse("sgd"),
        NO_CLIP, FrozenParameters.NONE, 1, 2);
    assertEquals(Double.POSITIVE_INFINITY, step.run(2, new double[2], 0, new double[] {1.3e154, 1.3e154}, 0));
    assertEquals(-1, step.backpropagation().firstNotFinite());
    assertEquals(0, step.steps());
    assertArrayEquals(new double[2], net.parameters());
  }

  /** Steps of several networks on one team: whoever finds it busy computes all of its blocks alone. */
  @Test
  void stepsThatShareATeamOfThreadsGetTheSameBits() {
    Network alone = network(ScalarKernels.INSTANCE);
    TrainingStep expected = step(alone, "adam", 2);
    for (int t = 0; t < 300; t++) expected.run(ROWS, X, 0, Y, 0);
    CompletableFuture<?>[] all = new CompletableFuture<?>[3];
    for (int i = 0; i < all.length; i++) {
      all[i] = CompletableFuture.runAsync(() -> {
        Network net = network(Kernels.best().withThreads(3));
        TrainingStep step = step(net, "adam", 2);
        for (int t = 0; t < 300; t++) step.run(ROWS, X, 0, Y, 0);
        assertArrayEquals(alone.parameters(), net.parameters());
      });
    }
    CompletableFuture.allOf(all).join();
    assertFalse(Arrays.equals(network(Kernels.best()).parameters(), alone.parameters()));
  }
}
