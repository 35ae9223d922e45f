// SPDX-License-Identifier: MIT
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
import chainrule.nn.loss.HalfSquaredError;
import chainrule.nn.loss.MeanSquaredError;
import chainrule.nn.loss.Reduction;
import chainrule.nn.optimizer.GradientDescent;
import chainrule.nn.optimizer.Optimizer;
import chainrule.nn.optimizer.Optimizers;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A step that uses its gradient block by block equals computing the whole gradient and then updating. */
class TrainingStepSpec {

  @Test
  void aStepInRowBlocksHasTheBitsOfAWholeGradientAndThenAnUpdate() {
    int cases = 0;
    for (long seed = 1; seed <= 120; seed++) {
      Optimizer optimizer = Optimizers.parse(Optimizers.names().get((int) (seed % Optimizers.names().size())));
      RandomCase whole = RandomCase.of(seed, 1, kernels(seed)), blocks = RandomCase.of(seed, 1, kernels(seed));
      boolean penalized = whole.penalty().l1() + whole.penalty().l2() > 0;
      if (optimizer.isPlainDescent() && !penalized) continue; // tested below
      cases++;
      Network net = whole.net();
      Backpropagation b = new Backpropagation(net, whole.loss(), whole.penalty(), whole.rows());
      double[][] state = new double[optimizer.slots()][net.parameters().length];
      TrainingStep step =
          new TrainingStep(blocks.net(), blocks.loss(), blocks.penalty(), optimizer, blocks.rows()).seed(7);
      for (int t = 1; t <= 5; t++) {
        b.setStep(7, t - 1, 0);
        double expected = b.lossAndGradients(whole.rows(), whole.x(), 0, whole.y(), 0);
        if (!Double.isFinite(expected)) break; // a diverged run stays NaN, whose bits are not defined
        optimizer.update(t, optimizer.rate(), net.parameters().length, net.parameters(), b.gradients(), state);
        assertEquals(expected, step.run(blocks.rows(), blocks.x(), 0, blocks.y(), 0),
            () -> whole + " by " + optimizer.name());
        assertEquals(t, step.steps());
      }
      AlgebraSpec.assertBits(net.parameters(), blocks.net().parameters());
      AlgebraSpec.assertBits(b.gradients(), step.backpropagation().gradients());
    }
    assertTrue(cases > 60, cases + " cases");
  }

  private static Kernels kernels(long seed) {
    return seed % 3 == 0 ? ScalarKernels.INSTANCE : Kernels.best().withThreads(1 + (int) (seed % 3));
  }

  /**
   * Plain descent adds −η·g_b to θ for each of the n rows, with one rounding each. The update with the whole gradient
   * rounds each partial sum and the update. So they differ by at most (2n + 4)·2⁻⁵³·(|θ| + η·Σ|g_b|).
   */
  @Test
  void descentIntoTheWeightsIsTheUpdateWithTheGradientUpToRounding() {
    double eta = 0.05;
    for (long seed = 1; seed <= 60; seed++) {
      RandomCase whole = RandomCase.of(seed, 1, kernels(seed)), once = RandomCase.of(seed, 1, kernels(seed));
      Network net = whole.net();
      int n = whole.rows(), in = net.inputs(), out = net.outputs(), size = net.parameters().length;
      Backpropagation b = new Backpropagation(net, whole.loss(), n);
      TrainingStep step =
          new TrainingStep(once.net(), once.loss(), Regularization.NONE, new GradientDescent(eta), n).seed(7);
      double loss = step.run(n, once.x(), 0, once.y(), 0);

      double[] terms = new double[size]; // [n] Σ_b |g_b|
      for (int row = 0; row < n; row++) {
        b.setStep(7, 0, row);
        b.lossAndGradients(1, whole.x(), row * in, whole.y(), row * out);
        for (int i = 0; i < size; i++) terms[i] += Math.abs(b.gradients()[i]);
      }
      double share = whole.loss().reduction().factor(n) / whole.loss().reduction().factor(1);
      double[] before = net.parameters().clone();
      b.setStep(7, 0, 0);
      assertEquals(b.lossAndGradients(n, whole.x(), 0, whole.y(), 0), loss);
      new GradientDescent(eta).update(1, eta, size, net.parameters(), b.gradients(), new double[0][]);
      for (int i = 0; i < size; i++) {
        double bound = (2 * n + 4) * 0x1p-53 * (Math.abs(before[i]) + eta * share * terms[i]);
        assertEquals(net.parameters()[i], once.net().parameters()[i], bound, whole + ", parameter " + i);
      }
    }
  }

  /** One linear layer, whose δ is ŷ − y: this test repeats every addition in its place. */
  @Test
  void descentIntoTheWeightsAddsTheRowsInOrder() {
    int n = 9, in = 37, out = 29;
    double eta = 0.125, u = 1.0 / n;
    double[] x = new SplittableRandom(1).doubles(n * in, -1, 1).toArray();
    double[] y = new SplittableRandom(2).doubles(n * out, -1, 1).toArray();
    Network net = Network.input(in).dense(out, new Linear()).build(1);
    double[] theta = net.parameters().clone(), yhat = net.predict(x);
    for (int b = 0; b < n; b++) {
      for (int j = 0; j < out; j++) {
        double step = -eta * (u * (yhat[b * out + j] - y[b * out + j]));
        for (int i = 0; i < in; i++) theta[i * out + j] = Math.fma(x[b * in + i], step, theta[i * out + j]);
        theta[in * out + j] += step;
      }
    }
    TrainingStep step = new TrainingStep(net, new HalfSquaredError(Reduction.MEAN), Regularization.NONE,
        new GradientDescent(eta), n);
    step.run(n, x, 0, y, 0);
    AlgebraSpec.assertBits(theta, net.parameters());
  }

  /** Sizes that fill blocks, panels and several row blocks, with one thread and with three. */
  @Test
  void largeLayersTrainToTheSameBitsOnAllKernelsAndThreads() {
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
            Regularization.l1l2(1e-6, 1e-5).withBiases(), Optimizers.parse("adam"), s[3]);
        for (int t = 0; t < 3; t++) step.run(s[3], x, 0, y, 0);
        if (expected == null) expected = net.parameters();
        else AlgebraSpec.assertBits(expected, net.parameters());
      }
    }
  }

  @Test
  void aLossThatIsNotFiniteChangesNothing() {
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
