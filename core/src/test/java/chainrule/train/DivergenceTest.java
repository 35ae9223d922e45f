// SPDX-License-Identifier: MIT
package chainrule.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.Dataset;
import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Silu;
import chainrule.nn.loss.MeanSquaredError;
import chainrule.nn.optimizer.GradientDescent;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Diverging runs: the error that is reported, and the weights that the network is left with. */
class DivergenceTest {
  private static final int ROWS = 6, BATCH = 2, STEPS = 3;
  private static final String HELP =
      "; a lower learning rate, gradient clipping or standardized inputs usually help";

  /** The positions of the dense layers, and the index in θ where the weights of each start. */
  private static final int[] LAYERS = {1, 2, 4}, WEIGHTS = {0, 12, 32};
  private static final String[] SHOWN = {"layer 1 (4 relu)", "layer 2 (4 relu)", "layer 4 (1 linear)"};

  private static Network network() {
    Network net = Network.input(2).dense(4, new Relu()).dense(4, new Relu()).dropout(0.0).dense(1, new Linear())
        .build(1);
    Arrays.fill(net.parameters(), 0.25); // every ReLU unit is active
    return net;
  }

  private static Dataset data() {
    double[] x = new double[2 * ROWS], y = new double[ROWS];
    for (int i = 0; i < x.length; i++) x[i] = 0.1 * (i % 5 + 1);
    for (int i = 0; i < ROWS; i++) y[i] = 0.3 * (i % 2) - 0.1;
    return Dataset.regression(2, x, 1, y);
  }

  /** Multiplies the learning rate by a factor in one step. */
  private record Spike(long at, double to) implements Schedule {
    @Override public String name() {
      return "spike";
    }

    @Override public double factor(long t, int stepsPerEpoch, int epochs) {
      return t == at ? to : 1;
    }
  }

  private static Trainer trainer(Network net) {
    return Trainer.of(net).loss(new MeanSquaredError()).optimizer(new GradientDescent(0.01)).batch(BATCH);
  }

  private static DivergedException diverged(Trainer t, Dataset d) {
    return assertThrows(DivergedException.class, () -> t.fit(d, 9));
  }

  /** Plants weights of about 10³⁰⁸ or NaN in one layer, before training or after a certain step. */
  @Test
  void theErrorNamesTheLayerAndTheStep() {
    for (int l = 0; l < LAYERS.length; l++) {
      for (double planted : new double[] {Double.MAX_VALUE, Double.NaN}) {
        String became = "the loss became " + (Double.isNaN(planted) ? "NaN" : "infinite") + " in epoch ";
        for (int step : new int[] {0, 1, STEPS, 2 * STEPS - 1}) { // steps before planting
          Network net = network();
          double[] theta = net.parameters();
          double[][] whole = {theta.clone()};
          int at = WEIGHTS[l], units = l < 2 ? 4 : 1, inputs = l == 0 ? 2 : 4;
          Runnable plant = () -> Arrays.fill(theta, at, at + inputs * units, planted);
          if (step == 0) plant.run();
          if (step == 0) whole[0] = theta.clone();
          int[] made = {0};
          DivergedException e = diverged(trainer(net).listener(new TrainingListener() {
            @Override public void onStep(int epoch, int s, int steps, double loss) {
              if (++made[0] == step && step % STEPS != 0) plant.run();
            }

            @Override public void onEpoch(History.Epoch epoch) {
              whole[0] = theta.clone();
              if (made[0] == step) plant.run();
            }
          }), big(data()));
          int epoch = step / STEPS + 1;
          String place = SHOWN[l] + " planted " + planted + " after step " + step;
          assertEquals("first in " + SHOWN[l], e.where(), place);
          assertEquals(epoch, e.epoch(), place);
          assertEquals(step % STEPS + 1, e.step(), place);
          assertEquals(became + epoch + ", step " + (step % STEPS + 1) + ", first in " + SHOWN[l] + "; the network has "
              + (epoch == 1 ? "its initial weights" : "the weights of epoch " + (epoch - 1)) + " again" + HELP,
              e.getMessage());
          assertArrayEquals(whole[0], theta, place);
        }
      }
    }
  }

  /** The same rows with larger inputs: with weights of about 10³⁰⁸, each sum of two products overflows. */
  private static Dataset big(Dataset d) {
    double[] x = d.x().clone();
    for (int i = 0; i < x.length; i++) x[i] += 2;
    return Dataset.regression(2, x, 1, d.y());
  }

  /** SiLU maps −∞ to 0: the pre-activations overflow, but the outputs stay finite. */
  @Test
  void overflowingPreActivationsAreReportedEvenIfTheOutputsAreFinite() {
    Network net = Network.input(2).dense(2, new Silu()).dense(1, new Linear()).build(1);
    Arrays.fill(net.parameters(), -Double.MAX_VALUE);
    assertEquals("first in layer 1 (2 silu)", diverged(trainer(net), big(data())).where());
  }

  @Test
  void aParameterThatOverflowsInTheLastStepOfAnEpochIsReportedForThatStep() {
    for (int epoch = 1; epoch <= 3; epoch++) {
      Network net = network(), witness = network();
      DivergedException e = diverged(
          trainer(net).schedule(new Spike((long) epoch * STEPS, Double.POSITIVE_INFINITY)), data());
      assertTrue(e.getMessage()
          .startsWith("a parameter became infinite in epoch " + epoch + ", step 3, first in layer 1 "
          + "(4 relu); the network has "
          + (epoch == 1 ? "its initial weights" : "the weights of epoch " + (epoch - 1))),
          e.getMessage());
      if (epoch > 1) trainer(witness).fit(data(), epoch - 1);
      assertArrayEquals(witness.parameters(), net.parameters());
    }
  }

  @Test
  void anOverflowOfTheLossOrThePenaltyIsReportedAsSuch() {
    Network net = network();
    net.parameters()[0] = 1e155; // finite, but its square overflows
    DivergedException e = diverged(trainer(net).regularization(Regularization.l2(1)), data());
    assertEquals("in the loss itself; the outputs are finite", e.where());
    Dataset far = Dataset.regression(2, new double[4], 1, new double[] {1e200, 1});
    assertEquals("in the loss itself; the outputs are finite", diverged(trainer(network()), far).where());
  }

  @Test
  void rowsWithNonFiniteNumbersAreReportedAsTheCause() {
    for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
      Network net = network();
      double[] before = net.parameters().clone();
      Dataset d = data();
      d.x()[5] = bad;
      assertEquals("from a row with inputs that are not finite", diverged(trainer(net), d).where());
      assertArrayEquals(before, net.parameters());
      Dataset t = data();
      t.y()[4] = bad;
      assertEquals("from a row with targets that are not finite", diverged(trainer(network()), t).where());
    }
  }

  @Test
  void aFiniteLossIsNotADivergence() {
    Network net = network();
    History h = trainer(net).schedule(new Spike(2, 1e3)).clip(1e-3).fit(data(), 3);
    assertEquals(3, h.epochs().size());
  }
}
