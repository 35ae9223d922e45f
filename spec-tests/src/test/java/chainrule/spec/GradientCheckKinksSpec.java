// SPDX-License-Identifier: MIT
package chainrule.spec;

import static chainrule.spec.GradientCheckSpec.assertSameBits;
import static chainrule.spec.GradientCheckSpec.unit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.check.GradientCheck;
import chainrule.nn.Initialization;
import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Activations;
import chainrule.nn.activation.Elementwise;
import chainrule.nn.activation.Elu;
import chainrule.nn.activation.Gelu;
import chainrule.nn.activation.LeakyRelu;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Softmax;
import chainrule.nn.activation.Softplus;
import chainrule.nn.activation.Tanh;
import chainrule.nn.loss.MeanAbsoluteError;
import chainrule.nn.loss.MeanSquaredError;
import org.junit.jupiter.api.Test;

/**
 * {@link GradientCheck} at kinks, where the slopes on the two sides differ: it accepts any slope between the two, and
 * reports any other as wrong.
 */
class GradientCheckKinksSpec {

  @Test
  void aReluAtZeroIsAKinkForWeightBiasAndInput() {
    for (Activation phi : new Activation[] {new Relu(), new LeakyRelu(), Activations.parse("elu:1.5")}) {
      GradientCheck.Result r = GradientCheck.of(unit(phi, 1, -2), new MeanSquaredError())
          .check(1, new double[] {2}, new double[] {3});
      assertTrue(r.passed(), r.toString());
      assertEquals(3, r.kinks().size(), r.toString());
      assertEquals("layer 1 (1 " + phi.name() + "), weight [0,0]", r.kinks().get(0).place());
      assertEquals("layer 1 (1 " + phi.name() + "), bias [0]", r.kinks().get(1).place());
      assertEquals("input [0,0]", r.kinks().get(2).place());
      assertTrue(r.toString().contains("3 of them at a kink"), r.toString());
    }
  }

  @Test
  void aSlopeOutsideTheTwoSidesOfAKinkIsWrong() {
    assertEquals(3, kinksOf(0), "0, which ReLU uses");
    assertEquals(3, kinksOf(0.25), "between the two");
    assertEquals(3, kinksOf(1), "1, which document 000 uses");
    for (double slope : new double[] {-1, -0.01, 1.01, 2}) assertEquals(-3, kinksOf(slope), "slope " + slope);
  }

  /** The number of kinks found with this slope at 0; if any gradient is wrong, minus the number of wrong ones. */
  private static int kinksOf(double slope) {
    GradientCheck.Result r = GradientCheck.of(unit(new ReluWith(slope), 1, -2), new MeanSquaredError())
        .check(1, new double[] {2}, new double[] {3});
    return r.passed() ? r.kinks().size() : -r.wrong().size();
  }

  private record ReluWith(double slopeAtZero) implements Elementwise {
    @Override public String name() {
      return "relu-with";
    }

    @Override public double value(double z) {
      return Math.max(0, z);
    }

    @Override public double derivative(double z, double a) {
      return z > 0 ? 1 : z < 0 ? 0 : slopeAtZero;
    }
  }

  /** Steps shorter than the distance do not cross the kink, so the slope of the other side is an error. */
  @Test
  void nextToAKinkOnlyTheSlopeOfThatSideIsAccepted() {
    for (double distance = 0.1; distance > 1e-8; distance /= 3) {
      for (int side = -1; side <= 1; side += 2) {
        Network right = unit(new Relu(), 1, -2 + side * distance), wrong = unit(new Swapped(), 1, -2 + side * distance);
        double[] x = {2}, y = {3};
        GradientCheck.Result r = GradientCheck.of(right, new MeanSquaredError()).check(1, x, y);
        assertTrue(r.passed() && r.kinks().isEmpty(), distance + ": " + r);
        GradientCheck.Result w = GradientCheck.of(wrong, new MeanSquaredError()).check(1, x, y);
        assertEquals(3, w.wrong().size(), distance + ": " + w);
      }
    }
  }

  /** ReLU with the derivatives of its two branches swapped. */
  private record Swapped() implements Elementwise {
    @Override public String name() {
      return "swapped";
    }

    @Override public double value(double z) {
      return Math.max(0, z);
    }

    @Override public double derivative(double z, double a) {
      return z > 0 ? 0 : 1;
    }
  }

  @Test
  void aWeightAtZeroUnderL1IsAKink() {
    Network net = Network.input(2).dense(1, new Tanh(), Initialization.ZEROS).build(1);
    GradientCheck.Result r = GradientCheck.of(net, new MeanSquaredError())
        .regularization(Regularization.l1(5).withBiases()).check(1, new double[] {0.5, -1}, new double[] {1});
    assertTrue(r.passed(), r.toString());
    assertEquals(3, r.kinks().size(), "two weights and a bias: " + r);
  }

  @Test
  void anAbsoluteErrorOfExactlyZeroIsAKink() {
    GradientCheck.Result r = GradientCheck.of(unit(new Linear(), 1, 1), new MeanAbsoluteError())
        .check(1, new double[] {2}, new double[] {3});
    assertTrue(r.passed(), r.toString());
    assertEquals(3, r.kinks().size(), r.toString());
  }

  @Test
  void rowsOfZerosWithZeroBiasesPutHiddenUnitsAtKinks() {
    Network net = Network.input(2).dense(3, new Relu()).dense(3, new LeakyRelu()).dense(1, new Linear()).build(3);
    GradientCheck.Result r = GradientCheck.of(net, new MeanSquaredError()).check(2, new double[4], new double[] {1, 2});
    assertTrue(r.passed(), r.toString());
    assertFalse(r.kinks().isEmpty());
    boolean output = r.kinks().stream().anyMatch(f -> f.place().contains("layer 3"));
    assertFalse(output, "the output has no kink: " + r.kinks());
  }

  /**
   * relu(v) − relu(−v) = v has slope 1 at v = 0, but the chain rule gives 0 there, from two acceptable slopes. An
   * unacceptable one must still be found.
   */
  @Test
  void unitsAtKinksInSeveralLayersAreJudgedOneByOne() {
    for (long seed = 1; seed <= 40; seed++) {
      GradientCheck.Result r = layersOf(new Relu(), seed);
      assertTrue(r.passed(), seed + ": " + r);
      assertFalse(layersOf(new ReluWith(2), seed).passed(), "seed " + seed);
    }
  }

  private static GradientCheck.Result layersOf(Activation phi, long seed) {
    Network net = Network.input(2).dense(4, new Tanh()).dense(4, phi).dense(3, new LeakyRelu()).dense(3, phi)
        .dense(1, new Linear()).build(seed);
    double[] x = {0, 0, 0.5, -1}, before = net.parameters().clone(), rows = x.clone();
    GradientCheck.Result r = GradientCheck.of(net, new MeanSquaredError()).check(2, x, new double[] {1, 2});
    assertSameBits(before, net.parameters());
    assertSameBits(rows, x);
    return r;
  }

  @Test
  void smoothUnitsAmongThoseAtKinksAreAccepted() {
    for (long seed = 1; seed <= 20; seed++) {
      Network net = Network.input(2).dense(4, new Gelu()).dropout(0.2).dense(4, new Relu()).dense(3, new Softmax())
          .dense(3, new LeakyRelu()).dense(3, new Relu()).dense(3, new Elu()).dense(1, new Softplus()).build(seed);
      GradientCheck.Result r = GradientCheck.of(net, new MeanSquaredError()).seed(seed)
          .check(3, new double[] {0, 0, 0, 0, 0.5, -1}, new double[] {1, 2, 3});
      assertTrue(r.passed(), "seed " + seed + ": " + r);
    }
  }

  /** The function has no kink there, so the error must not be taken for one, although its neighborhood is right. */
  @Test
  void anErrorAtASinglePointOfASmoothFunctionIsWrong() {
    GradientCheck.Result loss = GradientCheck.of(unit(new Linear(), 1, -2),
            new GradientCheckSpec.SquaredErrorWithSlope(e -> (e == 0.5 ? -2 : 2) * e))
        .check(1, new double[] {2}, new double[] {-0.5});
    assertEquals(3, loss.wrong().size(), loss.toString());
    assertTrue(loss.kinks().isEmpty(), loss.toString());
    GradientCheck.Result unit = GradientCheck.of(unit(new GradientCheckSpec.TanhWrongAt(0.25), 1, -1.75),
            new MeanSquaredError())
        .check(1, new double[] {2}, new double[] {3});
    assertEquals(3, unit.wrong().size(), unit.toString());
    assertTrue(unit.kinks().isEmpty(), unit.toString());
  }
}
