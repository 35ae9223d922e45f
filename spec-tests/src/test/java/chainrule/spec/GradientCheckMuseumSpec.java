// SPDX-License-Identifier: MIT
package chainrule.spec;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chainrule.check.GradientCheck;
import chainrule.nn.Backpropagation;
import chainrule.nn.Network;
import chainrule.nn.activation.Elementwise;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Tanh;
import chainrule.nn.loss.Loss;
import chainrule.nn.loss.MeanSquaredError;
import chainrule.random.CounterRandom;
import org.junit.jupiter.api.Test;

/**
 * The bug museum for gradient checks. Each exhibit is a weak check as libraries have shipped it, which accepts a
 * network with a planted bug; our check detects the bug. The spec of a check is that it rejects wrong gradients, so the
 * same method rejects the exhibits.
 */
class GradientCheckMuseumSpec {
  private static final double[] X = {0.3, -1, 2, 1, -0.4, 0.8};
  private static final double[] Y = {1, -1, 0.5};

  /** A gradient check, which returns whether the gradients are right. */
  private interface Check {
    boolean passes(Network net, Loss loss, int rows, double[] x, double[] y);
  }

  /** tanh with a derivative that has the wrong sign, or is 0 for |z| > 1. */
  private record Planted(boolean sign) implements Elementwise {
    @Override public String name() {
      return "planted";
    }

    @Override public double value(double z) {
      return new Tanh().value(z);
    }

    @Override public double derivative(double z, double a) {
      return sign ? a * a - 1 : Math.abs(z) > 1 ? 0 : 1 - a * a;
    }
  }

  /** The spec: a correct network must pass, and these two wrong ones must not. */
  static void checkSpec(Check check) {
    if (!check.passes(net(new Tanh()), new MeanSquaredError(), 3, X, Y)) throw new AssertionError("false alarm");
    Loss mse = new MeanSquaredError();
    if (check.passes(net(new Planted(true)), mse, 3, X, Y)) throw new AssertionError("missed a wrong sign");
    if (check.passes(net(new Planted(false)), mse, 3, X, Y)) throw new AssertionError("missed a wrong branch");
  }

  /** Returns a network with 16 hidden units, of which only the fourth exceeds 1, far enough for a small gradient. */
  private static Network net(Elementwise phi) {
    Network net = Network.input(2).dense(16, phi).dense(1, new Linear()).build(3);
    double[] theta = net.parameters();
    for (int j = 0; j < 16; j++) theta[32 + j] = j == 3 ? 5 : 0.01 * j;
    for (int j = 0; j < 16; j++) if (j != 3) theta[j] = theta[16 + j] = 0.01 * (j + 1);
    return net;
  }

  private static final Check OURS = (net, loss, rows, x, y) -> GradientCheck.of(net, loss).check(rows, x, y).passed();

  @Test
  void ourCheckMeetsTheSpec() {
    checkSpec(OURS);
  }

  /** Compares | |numeric| − |analytic| |, as the tests of one library do. */
  @Test
  void aCheckOfAbsoluteValuesIsRejected() {
    Check absolute = (net, loss, rows, x, y) -> {
      double[] g = gradients(net, loss, rows, x, y);
      for (int i = 0; i < g.length; i++) {
        double numeric = central(net, loss, rows, x, y, i);
        if (Math.abs(Math.abs(numeric) - Math.abs(g[i])) > 1e-6) return false;
      }
      return true;
    };
    rejected(absolute);
  }

  /** Checks every eighth parameter, to save time. */
  @Test
  void aCheckOfSomeParametersIsRejected() {
    Check sample = (net, loss, rows, x, y) -> {
      double[] g = gradients(net, loss, rows, x, y);
      for (int i = 0; i < g.length; i += 8) {
        if (!close(central(net, loss, rows, x, y, i), g[i])) return false;
      }
      return true;
    };
    rejected(sample);
  }

  /** Checks the slope along one random direction, with the large tolerance that this needs. */
  @Test
  void aCheckOfOneProjectionIsRejected() {
    Check projection = (net, loss, rows, x, y) -> {
      double[] g = gradients(net, loss, rows, x, y), theta = net.parameters(), kept = theta.clone();
      Backpropagation b = new Backpropagation(net, loss, rows);
      double h = 1e-5, slope = 0;
      double[] f = new double[2];
      for (int s = 0; s < 2; s++) {
        for (int i = 0; i < g.length; i++) theta[i] = kept[i] + (2 * s - 1) * h * CounterRandom.normal(1, 1, i);
        f[s] = b.loss(rows, x, 0, y, 0);
      }
      System.arraycopy(kept, 0, theta, 0, kept.length);
      for (int i = 0; i < g.length; i++) slope += g[i] * CounterRandom.normal(1, 1, i);
      return Math.abs((f[1] - f[0]) / (2 * h) - slope) <= 1e-2 * Math.abs(slope);
    };
    rejected(projection);
  }

  /** Compares |numeric − analytic| with a fixed number, regardless of their magnitude. */
  @Test
  void aCheckOfAbsoluteErrorsIsRejected() {
    Check absoluteError = (net, loss, rows, x, y) -> {
      double[] g = gradients(net, loss, rows, x, y);
      for (int i = 0; i < g.length; i++) {
        if (Math.abs(central(net, loss, rows, x, y, i) - g[i]) > 1e-3) return false;
      }
      return true;
    };
    rejected(absoluteError);
  }

  /** Checks only the output layer, whose gradients do not depend on any hidden activation's derivative. */
  @Test
  void aCheckOfTheOutputLayerAloneIsRejected() {
    Check lastLayer = (net, loss, rows, x, y) -> {
      double[] g = gradients(net, loss, rows, x, y);
      for (int i = net.output().offset(); i < g.length; i++) {
        if (!close(central(net, loss, rows, x, y, i), g[i])) return false;
      }
      return true;
    };
    rejected(lastLayer);
  }

  private static void rejected(Check exhibit) {
    assertThrows(AssertionError.class, () -> checkSpec(exhibit));
    assertFalse(OURS.passes(net(new Planted(true)), new MeanSquaredError(), 3, X, Y), "ours must detect the sign");
    assertFalse(OURS.passes(net(new Planted(false)), new MeanSquaredError(), 3, X, Y), "ours must detect the branch");
  }

  private static double[] gradients(Network net, Loss loss, int rows, double[] x, double[] y) {
    Backpropagation b = new Backpropagation(net, loss, rows);
    b.lossAndGradients(rows, x, 0, y, 0);
    return b.gradients().clone();
  }

  private static double central(Network net, Loss loss, int rows, double[] x, double[] y, int i) {
    Backpropagation b = new Backpropagation(net, loss, rows);
    double[] theta = net.parameters();
    double kept = theta[i], h = 1e-5;
    theta[i] = kept + h;
    double up = b.loss(rows, x, 0, y, 0);
    theta[i] = kept - h;
    double down = b.loss(rows, x, 0, y, 0);
    theta[i] = kept;
    return (up - down) / (2 * h);
  }

  private static boolean close(double a, double b) {
    return Math.abs(a - b) <= 1e-6 * Math.max(Math.abs(a), Math.abs(b)) + 1e-9;
  }
}
