// SPDX-License-Identifier: MIT
package chainrule.spec.published;

import chainrule.kernels.Kernels;
import chainrule.nn.Backpropagation;
import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Relu;
import chainrule.nn.loss.Loss;
import chainrule.nn.loss.SoftmaxCrossEntropy;
import chainrule.nn.optimizer.Adam;
import chainrule.nn.optimizer.Momentum;
import chainrule.nn.optimizer.Optimizer;
import chainrule.nn.optimizer.RmsProp;
import chainrule.spec.ledger.Proves;
import org.junit.jupiter.api.Test;

/** The checks of CS231n's assignment 2, on evenly spaced numbers. */
class Cs231nSpec {
  private static final PublishedSource CS231N = PublishedSource.load("cs231n");
  private static final int N = 20;

  private final double[] w = linspace(-0.4, 0.6, N), dw = linspace(-0.6, 0.4, N);

  private static double[] linspace(double from, double to, int n) {
    double[] a = new double[n];
    for (int i = 0; i < n; i++) a[i] = from + (to - from) * i / (n - 1);
    return a;
  }

  /** Copies arrays one after the other into the parameters. */
  private static void set(Network net, double[]... arrays) {
    int at = 0;
    for (double[] a : arrays) {
      System.arraycopy(a, 0, net.parameters(), at, a.length);
      at += a.length;
    }
  }

  @Test
  @Proves(value = "001-preactivation", by = "Network#predict")
  @Proves(value = "001-relu", by = "Relu#forward")
  void theAffineLayerAndReluHaveThePrintedOutputs() {
    Network net = Network.input(120).dense(3, new Linear()).build(1);
    set(net, linspace(-0.2, 0.3, 360), linspace(-0.3, 0.1, 3));
    CS231N.reproduce("affine layer", net.predict(linspace(-0.1, 0.5, 240)));
    double[] a = new double[12];
    new Relu().forward(Kernels.best(), 3, 4, linspace(-0.5, 0.5, 12), a);
    CS231N.reproduce("ReLU", a);
  }

  @Test
  @Proves(value = "001-activation", by = "Network#predict")
  @Proves(value = "001-cce", by = "SoftmaxCrossEntropy, Backpropagation#trainingLoss")
  @Proves(value = "003-l2", by = "Regularization#penalty, Backpropagation#trainingLoss")
  void theTwoLayerNetHasThePrintedScoresAndLosses() {
    Network net = Network.input(5).dense(50, new Relu()).dense(7, new Linear()).build(1);
    set(net, linspace(-0.7, 0.3, 250), linspace(-0.1, 0.9, 50), linspace(-0.3, 0.4, 350), linspace(-0.9, 0.1, 7));
    double[] columns = linspace(-5.5, 4.5, 15), x = new double[15]; // [5 × 3], [3 × 5]
    for (int i = 0; i < 15; i++) x[i] = columns[i % 5 * 3 + i / 5];
    CS231N.reproduce("scores of a network of 5, 50 and 7 units", net.predict(x));
    double[] y = new double[21]; // classes 0, 5, 1
    y[0] = y[7 + 5] = y[14 + 1] = 1;
    Loss loss = new SoftmaxCrossEntropy();
    CS231N.reproduce("its loss", new Backpropagation(net, loss, 3).trainingLoss(3, x, 0, y, 0));
    Regularization half = Regularization.l2(0.5);
    CS231N.reproduce("its loss with the penalty", new Backpropagation(net, loss, half, 3).trainingLoss(3, x, 0, y, 0));
  }

  @Test
  @Proves(value = "003-momentum", by = "Momentum#update")
  void momentumMakesThePrintedStep() {
    Optimizer momentum = new Momentum(1e-3 / (1 - 0.9), 0.9);
    double[] v = linspace(0.6, 0.9, N);
    for (int i = 0; i < N; i++) v[i] = -v[i] / momentum.rate();
    momentum.update(1, momentum.rate(), N, w, dw, new double[][] {v});
    for (int i = 0; i < N; i++) v[i] = -v[i] * momentum.rate();
    CS231N.reproduce("next w of momentum", w);
    CS231N.reproduce("next v of momentum", v);
  }

  @Test
  @Proves(value = "003-rmsprop", by = "RmsProp#update")
  void rmsPropMakesThePrintedStep() {
    double[] cache = linspace(0.6, 0.9, N);
    new RmsProp(1e-2, 0.99, 1e-8).update(1, 1e-2, N, w, dw, new double[][] {cache});
    CS231N.reproduce("next w of RMSProp", w);
    CS231N.reproduce("next cache of RMSProp", cache);
  }

  @Test
  @Proves(value = "003-adam", by = "Adam#update")
  void adamMakesThePrintedStep() {
    double[] m = linspace(0.6, 0.9, N), v = linspace(0.7, 0.5, N);
    new Adam(1e-2).update(6, 1e-2, N, w, dw, new double[][] {m, v});
    CS231N.reproduce("next w of Adam", w);
    CS231N.reproduce("next m of Adam", m);
    CS231N.reproduce("next v of Adam", v);
  }
}
