// SPDX-License-Identifier: MIT
package chainrule.spec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.nn.Backpropagation;
import chainrule.nn.Dense;
import chainrule.nn.Layer;
import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.StepValues;
import chainrule.nn.TrainingStep;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Relu;
import chainrule.nn.loss.MeanSquaredError;
import chainrule.nn.optimizer.GradientDescent;
import chainrule.nn.optimizer.Optimizer;
import chainrule.nn.optimizer.Optimizers;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A recorded step is the step itself, and its values are those that the formulas define. */
class StepValuesSpec {

  @Test
  void aRecordedStepHasTheBitsOfTheSameStepWithEveryOptimizer() {
    int finite = 0;
    for (long seed = 1; seed <= 120; seed++) {
      Optimizer optimizer = Optimizers.parse(Optimizers.names().get((int) (seed % Optimizers.names().size())));
      RandomCase plain = RandomCase.of(seed), recorded = RandomCase.of(seed);
      double clip = seed % 4 == 0 ? 0.1 : Double.POSITIVE_INFINITY;
      TrainingStep expected = step(plain, optimizer, clip), found = step(recorded, optimizer, clip);
      int n = plain.rows();
      for (int t = 0; t < 3; t++) {
        StepValues v = found.record(n, recorded.x(), 0, recorded.y(), 0);
        double loss = expected.run(n, plain.x(), 0, plain.y(), 0);
        assertEquals(loss, v.loss(), () -> plain + " by " + optimizer.name());
        if (!Double.isFinite(loss)) break;
        finite++;
        AlgebraSpec.assertBits(plain.net().parameters(), recorded.net().parameters());
      }
    }
    assertTrue(finite > 250, finite + " steps");
  }

  private static TrainingStep step(RandomCase c, Optimizer optimizer, double clip) {
    return new TrainingStep(c.net(), c.loss(), c.penalty(), optimizer, clip, c.rows()).seed(7);
  }

  @Test
  void recordedGradientsAreThoseOfTheBackwardPassAndOutputsThoseOfTheForwardPass() {
    for (long seed = 1; seed <= 80; seed++) {
      RandomCase c = RandomCase.of(seed);
      Network net = c.net();
      int n = c.rows();
      Backpropagation plain = new Backpropagation(net, c.loss(), c.penalty(), n);
      double loss = plain.lossAndGradients(n, c.x(), 0, c.y(), 0);
      if (!Double.isFinite(loss)) continue;
      double[] dx = new double[n * net.inputs()];
      plain.inputGradients(dx);
      StepValues v = new Backpropagation(net, c.loss(), c.penalty(), n).record(n, c.x(), 0, c.y(), 0);
      assertEquals(loss, v.loss());
      assertEquals(c.penalty().penalty(net), v.penalty());
      AlgebraSpec.assertBits(dx, flat(v.inputGradient()));
      AlgebraSpec.assertBits(c.x(), flat(v.input(0)));
      for (int l = 0; l < net.layers().size(); l++) {
        Layer layer = net.layers().get(l);
        if (l > 0) assertArrayEquals(v.a(l - 1), v.input(l));
        if (!(layer instanceof Dense)) continue;
        int from = layer.offset(), bias = from + layer.weights();
        double[] w = flat(v.weightGradient(l)), b = v.biasGradient(l);
        for (int i = 0; i < w.length; i++) assertEquals(plain.gradients()[from + i], w[i]);
        for (int j = 0; j < b.length; j++) assertEquals(plain.gradients()[bias + j], b[j]);
        assertArrayEquals(net.weights(l), v.weights(l));
        assertArrayEquals(net.bias(l), v.bias(l));
      }
      if (!c.hasDropout()) AlgebraSpec.assertBits(net.predict(c.x()), flat(v.a(net.layers().size() - 1)));
    }
  }

  /**
   * z, dW and db are sums of at most m products, so each differs from a sum in another order by at most
   * 2(m + 1)·2⁻⁵³·Σ|terms|.
   */
  @Test
  void recordedValuesSatisfyTheFormulasOfADenseLayer() {
    int layers = 0;
    for (long seed = 1; seed <= 80; seed++) {
      RandomCase c = RandomCase.of(seed);
      Network net = c.net();
      StepValues v = new Backpropagation(net, c.loss(), c.penalty(), c.rows())
          .record(c.rows(), c.x(), 0, c.y(), 0);
      if (!Double.isFinite(v.loss())) continue;
      for (int l = 0; l < net.layers().size(); l++) {
        if (!(net.layers().get(l) instanceof Dense)) continue;
        layers++;
        double[][] in = v.input(l), delta = v.delta(l), w = v.weights(l), z = v.z(l), dw = v.weightLossGradient(l);
        double[] b = v.bias(l), db = v.biasLossGradient(l);
        for (int r = 0; r < c.rows(); r++) {
          for (int j = 0; j < b.length; j++) {
            double sum = 0, size = Math.abs(b[j]);
            for (int i = w.length - 1; i >= 0; i--) {
              sum += in[r][i] * w[i][j];
              size += Math.abs(in[r][i] * w[i][j]);
            }
            assertEquals(sum + b[j], z[r][j], 2 * (w.length + 2) * 0x1p-53 * size, c + ", z of layer " + l);
          }
        }
        for (int j = 0; j < b.length; j++) {
          for (int i = 0; i <= w.length; i++) {
            double sum = 0, size = 0;
            for (int r = c.rows() - 1; r >= 0; r--) {
              double term = (i == w.length ? 1 : in[r][i]) * delta[r][j];
              sum += term;
              size += Math.abs(term);
            }
            double bound = 2 * (c.rows() + 1) * 0x1p-53 * size;
            assertEquals(sum, i == w.length ? db[j] : dw[i][j], bound, c + ", gradient of layer " + l);
          }
        }
      }
    }
    assertTrue(layers > 120, layers + " layers");
  }

  /** δ of one row is ∂L/∂b, which five-point differences of the loss estimate. */
  @Test
  void theDeltaOfOneRowIsTheSlopeOfTheLossInTheBias() {
    double h = 0x1p-9;
    for (long seed = 1; seed <= 40; seed++) {
      RandomCase c = RandomCase.smooth(seed, 0.5);
      Network net = c.net();
      Backpropagation b = new Backpropagation(net, c.loss(), 1);
      StepValues v = b.record(1, c.x(), 0, c.y(), 0);
      for (int l = 0; l < net.layers().size(); l++) {
        if (!(net.layers().get(l) instanceof Dense)) continue;
        double[] bias = net.bias(l), delta = v.delta(l)[0];
        for (int j = 0; j < bias.length; j++) {
          double[] f = new double[5];
          for (int k = -2; k <= 2; k++) {
            double[] moved = bias.clone();
            moved[j] += k * h;
            net.setBias(l, moved);
            f[k + 2] = b.trainingLoss(1, c.x(), 0, c.y(), 0);
          }
          net.setBias(l, bias);
          double slope = (f[0] - 8 * f[1] + 8 * f[3] - f[4]) / (12 * h);
          assertEquals(slope, delta[j], 1e-7 * (1 + Math.abs(slope)), c + ", layer " + l + ", unit " + j);
        }
      }
    }
  }

  @Test
  void valuesAreCopiesThatLaterStepsDoNotChange() {
    Network net = Network.input(1).dense(2, new Relu()).dense(1, new Linear()).build(1);
    TrainingStep step = new TrainingStep(
        net, new MeanSquaredError(), Regularization.l2(0.1), new GradientDescent(0.1), 2);
    StepValues first = step.record(1, new double[] {1}, 0, new double[] {2}, 0);
    double[][] z = first.z(0), w = first.weights(1), delta = first.delta(1), g = first.weightGradient(1);
    assertEquals("1 → 2 relu → 1 linear, 1 row, loss " + first.loss(), first.toString());
    for (int t = 0; t < 3; t++) step.record(2, new double[] {3, 4}, 0, new double[] {5, 6}, 0);
    first.z(0)[0][0] = 99;
    assertArrayEquals(z, first.z(0));
    assertArrayEquals(w, first.weights(1));
    assertArrayEquals(delta, first.delta(1));
    assertArrayEquals(g, first.weightGradient(1));
    assertTrue(w[0][0] != net.weights(1)[0][0]);
  }

  @Test
  void aLossThatIsNotFiniteHasAForwardPassOnly() {
    Network net = Network.input(1).dense(1, new Linear()).build(1);
    net.setWeights(0, new double[][] {{2}});
    TrainingStep step = new TrainingStep(
        net, new MeanSquaredError(), Regularization.NONE, new GradientDescent(0.1), 1);
    StepValues v = step.record(1, new double[] {1e200}, 0, new double[] {0}, 0);
    assertEquals(0, step.steps());
    assertEquals(2e200, v.z(0)[0][0]);
    for (Runnable query : List.<Runnable>of(() -> v.delta(0), () -> v.weightGradient(0), () -> v.biasGradient(0),
        () -> v.weightLossGradient(0), () -> v.biasLossGradient(0), v::inputGradient)) {
      assertEquals("the loss of this step is Infinity, so there is no δ and no gradient",
          assertThrows(IllegalStateException.class, query::run).getMessage());
    }
  }

  private static double[] flat(double[][] m) {
    return Arrays.stream(m).flatMapToDouble(Arrays::stream).toArray();
  }
}
