// SPDX-License-Identifier: MIT
package chainrule.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.kernels.Kernels;
import chainrule.kernels.ScalarKernels;
import chainrule.nn.Backpropagation;
import chainrule.nn.Network;
import chainrule.nn.optimizer.Optimizer;
import chainrule.nn.optimizer.Optimizers;
import org.junit.jupiter.api.Test;

/** Scalar and vector kernels train random networks to the same bits. Threads and JDKs: {@link GoldenTrainingSpec}. */
class TrainingBitsSpec {

  @Test
  void scalarAndVectorKernelsTrainToTheSameBits() {
    String best = Kernels.best().name();
    assertTrue(best.startsWith("vector"), "this test needs vector kernels, found " + best);
    for (long seed = 1; seed <= 200; seed++) {
      Optimizer optimizer = Optimizers.parse(Optimizers.names().get((int) (seed % Optimizers.names().size())));
      RandomCase scalar = RandomCase.of(seed, 1, ScalarKernels.INSTANCE), vector = RandomCase.of(seed);
      assertEquals(run(scalar, optimizer, 20), run(vector, optimizer, 20), () -> scalar + " by " + optimizer.name());
      AlgebraSpec.assertBits(scalar.net().parameters(), vector.net().parameters());
    }
  }

  private static double run(RandomCase c, Optimizer optimizer, int steps) {
    Network net = c.net();
    Backpropagation b = new Backpropagation(net, c.loss(), c.penalty(), c.rows());
    double[][] state = new double[optimizer.slots()][net.parameters().length];
    double value = 0;
    for (int t = 1; t <= steps; t++) {
      b.setStep(5, t, 0);
      value = b.lossAndGradients(c.rows(), c.x(), 0, c.y(), 0);
      optimizer.update(t, optimizer.rate(), net.parameters().length, net.parameters(), b.gradients(), state);
    }
    return value;
  }
}
