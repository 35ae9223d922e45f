// SPDX-License-Identifier: MIT
package chainrule.spec.published;

import chainrule.nn.optimizer.AdaGrad;
import chainrule.nn.optimizer.GradientDescent;
import chainrule.nn.optimizer.Momentum;
import chainrule.nn.optimizer.Optimizer;
import chainrule.nn.optimizer.RmsProp;
import chainrule.spec.ledger.Proves;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The trajectories of optimizers on quadratic functions in "Dive into Deep Learning". */
class DiveIntoDeepLearningSpec {
  private static final PublishedSource D2L = PublishedSource.load("d2l");
  private static final double NO_EPSILON = Double.MIN_NORMAL;

  /** Returns x after this many steps on Σ ½·c·x², whose gradient is c·x. */
  private static double[] arrival(Optimizer optimizer, int steps, double[] start, double... c) {
    double[] x = start.clone(), g = new double[x.length];
    double[][] state = new double[optimizer.slots()][x.length];
    if (optimizer instanceof AdaGrad) Arrays.fill(state[0], 1e-6); // their ε, inside the root
    for (int t = 1; t <= steps; t++) {
      for (int i = 0; i < x.length; i++) g[i] = c[i] * x[i];
      optimizer.update(t, optimizer.rate(), x.length, x, g, state);
    }
    return x;
  }

  /** Returns (x1, x2) after 20 steps on .1·x1² + 2·x2². */
  private static double[] arrival(Optimizer optimizer) {
    return arrival(optimizer, 20, new double[] {-5, -2}, 0.2, 4);
  }

  private static double square(double rate) {
    return arrival(new GradientDescent(rate), 10, new double[] {10}, 2)[0];
  }

  @Test
  @Proves(value = "001-gd", by = "GradientDescent#update")
  void descentArrivesAtThePrintedPoints() {
    D2L.reproduce("f = x², rates .2, .05, 1.1", square(0.2), square(0.05), square(1.1));
    D2L.reproduce("f = x1² + 2·x2², rate .1",
        arrival(new GradientDescent(0.1), 20, new double[] {-5, -2}, 2, 4));
    D2L.reproduce("rate .4", arrival(new GradientDescent(0.4)));
    D2L.reproduce("rate .6", arrival(new GradientDescent(0.6)));
  }

  @Test
  @Proves(value = "003-momentum", by = "Momentum#update")
  void momentumArrivesAtThePrintedPoints() {
    D2L.reproduce("momentum, rate .6, β .5", arrival(new Momentum(0.6 / (1 - 0.5), 0.5)));
    D2L.reproduce("momentum, rate .6, β .25", arrival(new Momentum(0.6 / (1 - 0.25), 0.25)));
  }

  @Test
  @Proves(value = "003-adagrad", by = "AdaGrad#update")
  @Proves(value = "003-rmsprop", by = "RmsProp#update")
  void adaptiveRatesArriveAtThePrintedPoints() {
    D2L.reproduce("Adagrad, rate .4", arrival(new AdaGrad(0.4, NO_EPSILON)));
    D2L.reproduce("Adagrad, rate 2", arrival(new AdaGrad(2, NO_EPSILON)));
    double[] x = {-5, -2}, g = new double[2];
    double[][] state = new double[1][2];
    for (int t = 1; t <= 20; t++) {
      for (int i = 0; i < 2; i++) {
        g[i] = (i == 0 ? 0.2 : 4) * x[i];
        double v = 0.9 * state[0][i] + 0.1 * g[i] * g[i];
        new RmsProp(0.4, 0.9, Math.sqrt(v + 1e-6) - Math.sqrt(v)).update(t, 0.4, i, i + 1, x, g, state);
      }
    }
    D2L.reproduce("RMSProp, rate .4, decay .9", x);
  }
}
