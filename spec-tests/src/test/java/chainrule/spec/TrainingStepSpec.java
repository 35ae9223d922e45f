package chainrule.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.kernels.Kernels;
import chainrule.kernels.ScalarKernels;
import chainrule.nn.Backpropagation;
import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.TrainingStep;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Softmax;
import chainrule.nn.loss.CategoricalCrossEntropy;
import chainrule.nn.loss.MeanSquaredError;
import chainrule.nn.optimizer.GradientDescent;
import chainrule.nn.optimizer.Optimizer;
import chainrule.nn.optimizer.Optimizers;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A step whose gradient is used piece by piece is the step of a whole gradient and then a whole update. */
class TrainingStepSpec {

  @Test
  void aStepInPiecesHasTheBitsOfAWholeGradientAndAWholeUpdate() {
    for (long seed = 1; seed <= 120; seed++) {
      Optimizer optimizer = Optimizers.parse(Optimizers.names().get((int) (seed % Optimizers.names().size())));
      Kernels kernels = seed % 3 == 0 ? ScalarKernels.INSTANCE : Kernels.best().withThreads(1 + (int) (seed % 3));
      RandomCase whole = RandomCase.of(seed, 1, kernels), pieces = RandomCase.of(seed, 1, kernels);
      Network net = whole.net();
      Backpropagation b = new Backpropagation(net, whole.loss(), whole.penalty(), whole.rows());
      double[][] state = new double[optimizer.slots()][net.parameters().length];
      TrainingStep step =
          new TrainingStep(pieces.net(), pieces.loss(), pieces.penalty(), optimizer, pieces.rows()).seed(7);
      for (int t = 1; t <= 5; t++) {
        b.at(7, t - 1, 0);
        double expected = b.lossAndGradients(whole.rows(), whole.x(), 0, whole.y(), 0);
        if (!Double.isFinite(expected)) break;
        optimizer.update(t, optimizer.rate(), net.parameters().length, net.parameters(), b.gradients(), state);
        assertEquals(expected, step.run(pieces.rows(), pieces.x(), 0, pieces.y(), 0),
            () -> whole + " by " + optimizer.name());
        assertEquals(t, step.steps());
      }
      AlgebraSpec.assertBits(net.parameters(), pieces.net().parameters());
      AlgebraSpec.assertBits(b.gradients(), step.backpropagation().gradients());
    }
  }

  /** Sizes that fill blocks, panels and several pieces, for one thread and three. */
  @Test
  void largeLayersToo() {
    int[][] sizes = {{784, 128, 10, 64}, {300, 211, 7, 97}, {1000, 200, 3, 400}, {37, 1100, 5, 33}, {9, 400, 2, 1}};
    for (int[] s : sizes) {
      double[] x = new SplittableRandom(1).doubles((long) s[3] * s[0], -1, 1).toArray();
      double[] y = new double[s[3] * s[2]];
      for (int i = 0; i < s[3]; i++) y[i * s[2] + i % s[2]] = 1;
      double[] expected = null;
      for (int threads : new int[] {0, 1, 3}) {
        Kernels kernels = threads == 0 ? ScalarKernels.INSTANCE : Kernels.best().withThreads(threads);
        Network net =
            Network.input(s[0]).dense(s[1], new Relu()).dense(s[2], new Softmax()).kernels(kernels).build(1);
        TrainingStep step = new TrainingStep(net, new CategoricalCrossEntropy(),
            new Regularization(1e-6, 1e-5, true), Optimizers.parse("adam"), s[3]);
        for (int t = 0; t < 3; t++) step.run(s[3], x, 0, y, 0);
        if (expected == null) expected = net.parameters();
        else AlgebraSpec.assertBits(expected, net.parameters());
      }
    }
  }

  @Test
  void aLossThatIsNotFiniteMovesNothing() {
    Network net = Network.input(2).dense(1, new Linear()).build(1);
    double[] before = net.parameters().clone();
    TrainingStep step = new TrainingStep(
        net, new MeanSquaredError(), Regularization.NONE, new GradientDescent(0.1), 1);
    assertTrue(Double.isNaN(step.run(1, new double[] {Double.NaN, 1}, 0, new double[] {1}, 0)));
    assertEquals(Double.POSITIVE_INFINITY, step.run(1, new double[] {1e200, 1e200}, 0, new double[] {1}, 0));
    AlgebraSpec.assertBits(before, net.parameters());
    assertEquals(0, step.steps());
    assertFalse(Double.isNaN(step.run(1, new double[] {1, 1}, 0, new double[] {1}, 0)));
    assertEquals(1, step.steps());
  }
}
