package chainrule.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.kernels.Kernels;
import chainrule.kernels.ScalarKernels;
import chainrule.nn.Backpropagation;
import chainrule.nn.CounterRandom;
import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Softmax;
import chainrule.nn.activation.Tanh;
import chainrule.nn.loss.CategoricalCrossEntropy;
import chainrule.nn.loss.Loss;
import chainrule.nn.optimizer.Adam;
import chainrule.nn.optimizer.Optimizer;
import chainrule.nn.optimizer.Optimizers;
import org.junit.jupiter.api.Test;

/** Whole training runs give the same bits in lanes and without, on one thread and on many. */
class TrainingBitsSpec {

  @Test
  void scalarAndVectorKernelsTrainToTheSameBits() {
    assertTrue(Kernels.best().name().startsWith("vector"), "this test needs lanes, got " + Kernels.best().name());
    for (long seed = 1; seed <= 200; seed++) {
      Optimizer optimizer = Optimizers.parse(Optimizers.names().get((int) (seed % Optimizers.names().size())));
      RandomCase scalar = RandomCase.of(seed, 1, ScalarKernels.INSTANCE), vector = RandomCase.of(seed);
      assertEquals(run(scalar, optimizer, 20), run(vector, optimizer, 20), () -> scalar + " by " + optimizer.name());
      AlgebraSpec.assertBits(scalar.net().parameters(), vector.net().parameters());
    }
  }

  private static double run(RandomCase c, Optimizer optimizer, int steps) {
    return run(c.net(), c.loss(), c.penalty(), c.rows(), c.x(), c.y(), optimizer, steps);
  }

  private static double run(Network net, Loss loss, Regularization penalty, int rows, double[] x, double[] y,
      Optimizer optimizer, int steps) {
    Backpropagation b = new Backpropagation(net, loss, penalty, rows);
    double[][] state = new double[optimizer.slots()][net.parameters().length];
    double value = 0;
    for (int t = 1; t <= steps; t++) {
      b.at(5, t, 0);
      value = b.lossAndGradients(rows, x, 0, y, 0);
      optimizer.update(t, optimizer.rate(), net.parameters().length, net.parameters(), b.gradients(), state);
    }
    return value;
  }

  /** Large enough that the work is really spread, and of sizes that divide by nothing. */
  @Test
  void everyNumberOfThreadsTrainsToTheSameBits() {
    double[] one = threaded(1);
    for (int threads : new int[] {2, 3, 8}) AlgebraSpec.assertBits(one, threaded(threads));
  }

  private static double[] threaded(int threads) {
    int n = 131, in = 197, out = 11;
    Network net = Network.input(in).dense(211, new Relu()).dropout(0.3).dense(103, new Tanh()).dense(out, new Softmax())
        .kernels(Kernels.best().withThreads(threads)).build(9);
    double[] x = new double[n * in], y = new double[n * out];
    for (int i = 0; i < x.length; i++) x[i] = CounterRandom.normal(1, 2, i);
    for (int i = 0; i < n; i++) y[i * out + i % out] = 1;
    run(net, new CategoricalCrossEntropy(), new Regularization(1e-4, 1e-3, true), n, x, y, new Adam(1e-3), 6);
    return net.parameters();
  }
}
