package chainrule.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chainrule.nn.Backpropagation;
import chainrule.nn.CounterRandom;
import chainrule.nn.Network;
import chainrule.nn.Predictor;
import chainrule.nn.Regularization;
import chainrule.nn.TrainingStep;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Softmax;
import chainrule.nn.loss.CategoricalCrossEntropy;
import chainrule.nn.optimizer.GradientDescent;
import chainrule.nn.optimizer.Optimizer;
import chainrule.nn.optimizer.Optimizers;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** A training step and a prediction in their steady state allocate nothing. */
class AllocationSpec {
  private static final int ROWS = 32, IN = 50, OUT = 10;
  private static final double[] X = new double[ROWS * IN], Y = new double[ROWS * OUT];

  static {
    for (int i = 0; i < X.length; i++) X[i] = CounterRandom.uniform(1, 2, i);
    for (int i = 0; i < ROWS; i++) Y[i * OUT + i % OUT] = 1;
  }

  @Test
  void aSteadyStepAllocatesNothing() {
    for (String name : Optimizers.names()) {
      Optimizer optimizer = Optimizers.parse(name);
      Network net = network();
      TrainingStep step = new TrainingStep(net, new CategoricalCrossEntropy(), Regularization.NONE, optimizer, ROWS);
      assertAllocatesNothing("200 steps by " + name, () -> step.run(ROWS, X, 0, Y, 0));
    }
    TrainingStep penalized = new TrainingStep(
        network(), new CategoricalCrossEntropy(), new Regularization(1e-6, 1e-5, true), new GradientDescent(0.01), ROWS);
    assertAllocatesNothing("200 steps with penalties", () -> penalized.run(ROWS, X, 0, Y, 0));
  }

  @Test
  void lossAndGradientsAllocateNothing() {
    Backpropagation b = new Backpropagation(network(), new CategoricalCrossEntropy(), ROWS);
    assertAllocatesNothing("200 gradients", () -> b.lossAndGradients(ROWS, X, 0, Y, 0));
  }

  @Test
  void aSteadyPredictionAllocatesNothing() {
    double[] y = new double[ROWS * OUT];
    for (int rows : new int[] {1, ROWS}) {
      Predictor p = network().predictor(rows);
      assertAllocatesNothing("200 predictions of " + rows + " rows", () -> p.predict(rows, X, 0, y, 0));
    }
  }

  private static Network network() {
    return Network.input(IN).dense(64, new Relu()).dropout(0.1).dense(OUT, new Softmax()).build(1);
  }

  /** Until C2 has compiled the lanes each vector is an object: only the steady state is promised. */
  private static void assertAllocatesNothing(String what, Runnable run) {
    com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 100 && least > 0; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 200; i++) run.run();
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertEquals(0, least, "bytes allocated by " + what);
  }
}
