// SPDX-License-Identifier: MIT
package chainrule.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chainrule.data.Dataset;
import chainrule.kernels.Kernels;
import chainrule.nn.Backpropagation;
import chainrule.nn.FrozenParameters;
import chainrule.nn.Network;
import chainrule.nn.Predictor;
import chainrule.nn.Regularization;
import chainrule.nn.TrainingStep;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Softmax;
import chainrule.nn.loss.CategoricalCrossEntropy;
import chainrule.nn.loss.Loss;
import chainrule.nn.optimizer.Adam;
import chainrule.nn.optimizer.GradientDescent;
import chainrule.nn.optimizer.Optimizer;
import chainrule.nn.optimizer.Optimizers;
import chainrule.random.CounterRandom;
import chainrule.train.CosineDecay;
import chainrule.train.Schedule;
import chainrule.train.StepDecay;
import chainrule.train.Trainer;
import chainrule.train.WarmUp;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests that a training step and a prediction allocate nothing in their steady state. */
class AllocationSpec {
  /** Enough rounds for C2 to compile everything, even on a busy machine. */
  private static final int ROUNDS = 500;
  private static final int ROWS = 32, IN = 50, OUT = 10;
  private static final double[] X = new double[ROWS * IN], Y = new double[ROWS * OUT];

  static {
    for (int i = 0; i < X.length; i++) X[i] = CounterRandom.uniform(1, 2, i);
    for (int i = 0; i < ROWS; i++) Y[i * OUT + i % OUT] = 1;
  }

  @Test
  void aTrainingStepAllocatesNothing() {
    for (String name : Optimizers.names()) {
      Optimizer optimizer = Optimizers.parse(name);
      Network net = network();
      TrainingStep step = new TrainingStep(net, new CategoricalCrossEntropy(), Regularization.NONE, optimizer, ROWS);
      assertAllocatesNothing("200 steps of " + name, () -> step.run(ROWS, X, 0, Y, 0));
    }
    Regularization penalties = Regularization.l1l2(1e-6, 1e-5).withBiases();
    TrainingStep penalized =
        new TrainingStep(network(), new CategoricalCrossEntropy(), penalties, new GradientDescent(0.01), ROWS);
    assertAllocatesNothing("200 steps with penalties", () -> penalized.run(ROWS, X, 0, Y, 0));
  }

  @Test
  void aStepWithClippingAndAScheduledRateAllocatesNothing() {
    Schedule schedule = new WarmUp(1, new CosineDecay(0.1));
    for (Optimizer optimizer : List.of(new GradientDescent(0.01), new Adam(0.001))) {
      TrainingStep step =
          new TrainingStep(network(), new CategoricalCrossEntropy(), Regularization.NONE, optimizer, 0.1, ROWS);
      assertAllocatesNothing("200 clipped steps of " + optimizer.name(), () ->
          step.run(optimizer.rate() * schedule.factor(step.steps() + 1, 100, 50), ROWS, X, 0, Y, 0));
    }
  }

  @Test
  void aStepWithFrozenParametersAllocatesNothing() {
    FrozenParameters frozen = FrozenParameters.biases(0).and(FrozenParameters.weights(2));
    for (double clip : new double[] {0.1, Double.POSITIVE_INFINITY}) {
      for (Optimizer optimizer : List.of(new GradientDescent(0.01), new Adam(0.001))) {
        TrainingStep step = new TrainingStep(
            network(), new CategoricalCrossEntropy(), Regularization.NONE, optimizer, clip, frozen, ROWS);
        assertAllocatesNothing("200 frozen steps of " + optimizer.name(), () -> step.run(ROWS, X, 0, Y, 0));
      }
    }
  }

  /** Full and short blocks, full and short batches, on one thread and on several, each of which takes whole blocks. */
  @Test
  void aStepInBlocksAllocatesNothing() {
    for (int threads = 1; threads <= 2; threads++) {
      for (int block : new int[] {5, 8, 10}) {
        for (double clip : new double[] {0.1, Double.POSITIVE_INFINITY}) {
          Optimizer optimizer = clip < 1 ? new Adam(0.001) : new GradientDescent(0.01);
          Network net = network(Kernels.best().withThreads(threads));
          TrainingStep step = new TrainingStep(net, new CategoricalCrossEntropy(), Regularization.l2(1e-5), optimizer,
              clip, FrozenParameters.NONE, block, ROWS);
          assertAllocatesNothing("200 steps in blocks of " + block + " on " + threads + " threads", () -> {
            step.run(ROWS, X, 0, Y, 0);
            step.run(ROWS - 9, X, 0, Y, 0);
          });
        }
      }
    }
  }

  @Test
  void aWeightedStepAllocatesNothing() {
    double[] weights = new double[ROWS];
    for (int i = 0; i < ROWS; i++) weights[i] = i % 3;
    for (Loss loss : List.of(new CategoricalCrossEntropy(), new UnfusedLoss(new CategoricalCrossEntropy()))) {
      TrainingStep step = new TrainingStep(network(), loss, Regularization.NONE, new Adam(0.001), ROWS);
      assertAllocatesNothing("200 weighted steps", () -> step.run(0.001, ROWS, X, 0, Y, 0, weights, 0));
      Backpropagation b = new Backpropagation(network(), loss, ROWS);
      assertAllocatesNothing("200 weighted losses", () -> b.loss(ROWS, X, 0, Y, 0, weights, 0));
    }
  }

  /** The allocation of a whole training run does not depend on the number of steps per epoch. */
  @Test
  void moreStepsPerEpochAllocateNothingMore() {
    for (int block : new int[] {ROWS, 10}) assertMoreStepsAllocateNothingMore(block);
  }

  private static void assertMoreStepsAllocateNothingMore(int block) {
    Dataset few = data(8), many = data(200);
    long least = Long.MAX_VALUE;
    com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int round = 0; round < 60 && least > 0; round++) {
      long begin = threads.getCurrentThreadAllocatedBytes();
      train(few, block);
      long between = threads.getCurrentThreadAllocatedBytes();
      train(many, block);
      long end = threads.getCurrentThreadAllocatedBytes();
      // the shuffled order takes an int per row
      least = Math.min(least, Math.max(0, end - between - (between - begin) - 4L * (many.rows() - few.rows())));
    }
    assertEquals(0, least, "bytes allocated by 192 more steps per epoch");
  }

  private static Dataset data(int steps) {
    int rows = steps * ROWS;
    double[] x = new double[rows * IN], y = new double[rows * OUT];
    for (int i = 0; i < steps; i++) {
      System.arraycopy(X, 0, x, i * X.length, X.length);
      System.arraycopy(Y, 0, y, i * Y.length, Y.length);
    }
    return Dataset.regression(IN, x, OUT, y);
  }

  private static void train(Dataset d, int block) {
    Trainer.of(network()).schedule(new StepDecay(1, 0.5)).clip(0.1).batch(ROWS).blocks(block).stopWhen(() -> false)
        .fit(d, 2);
  }

  @Test
  void lossAndGradientsAllocateNothing() {
    Backpropagation b = new Backpropagation(network(), new CategoricalCrossEntropy(), ROWS);
    assertAllocatesNothing("200 gradients", () -> b.lossAndGradients(ROWS, X, 0, Y, 0));
  }

  @Test
  void aPredictionAllocatesNothing() {
    double[] y = new double[ROWS * OUT];
    for (int rows : new int[] {1, ROWS}) {
      Predictor p = network().predictor(rows);
      assertAllocatesNothing("200 predictions of " + rows + " rows", () -> p.predict(rows, X, 0, y, 0));
    }
  }

  private static Network network() {
    return network(Kernels.best());
  }

  private static Network network(Kernels kernels) {
    return Network.input(IN).dense(64, new Relu()).dropout(0.1).dense(OUT, new Softmax()).kernels(kernels).build(1);
  }

  /** Returns the ids of this thread and of the kernels' threads. */
  private static long[] workers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(t -> t == Thread.currentThread() || t.getName().startsWith("chainrule-worker-"))
        .mapToLong(Thread::getId).toArray();
  }

  private static long allocated(com.sun.management.ThreadMXBean threads, long[] ids) {
    long bytes = 0;
    for (long id : ids) bytes += threads.getThreadAllocatedBytes(id);
    return bytes;
  }

  private static void pause() {
    try {
      Thread.sleep(2);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Repeats until a round allocates nothing: before C2 compiles the vector code, each vector is an object. */
  private static void assertAllocatesNothing(String what, Runnable run) {
    com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long[] workers = workers();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS && least > 0; round++) {
      long before = allocated(threads, workers);
      for (int i = 0; i < 200; i++) run.run();
      least = Math.min(least, allocated(threads, workers) - before);
      if (least > 0 && round > 20) pause(); // gives the compiler time to finish
    }
    assertEquals(0, least, "bytes allocated by " + what);
  }
}
