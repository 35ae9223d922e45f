// SPDX-License-Identifier: MIT
package chainrule.spec.example;

import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.StepValues;
import chainrule.nn.TrainingStep;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.loss.HalfSquaredError;
import chainrule.nn.loss.Reduction;
import chainrule.nn.optimizer.GradientDescent;

/** The network of the worked examples: 2 inputs, 2 hidden units, 2 outputs, all sigmoid, and ½ Σ (y − a)². */
final class SmallNetwork {
  static final double[] X = {1, 2}, Y = {1, 0}, B1 = {0.1, -0.1}, B2 = {0, 0.2};
  static final double[][] W1 = {{0.5, -0.5}, {0.25, 0.75}}, W2 = {{1, -1}, {0.5, 2}};

  private SmallNetwork() {}

  static Network build(Activation hidden, Activation output) {
    Network net = Network.input(2).dense(2, hidden).dense(2, output).build(1);
    net.setWeights(0, W1);
    net.setBias(0, B1);
    net.setWeights(1, W2);
    net.setBias(1, B2);
    return net;
  }

  /** Returns the numbers of a step of gradient descent with these rows, starting from the weights above. */
  static StepValues step(Network net, Reduction reduction, double rate, double[] x, double[] y) {
    int rows = x.length / net.inputs();
    return new TrainingStep(net, new HalfSquaredError(reduction), Regularization.NONE, new GradientDescent(rate), rows)
        .record(rows, x, 0, y, 0);
  }

  /** The same for one row x, y and a rate of 1. */
  static StepValues step() {
    return step(build(new Sigmoid(), new Sigmoid()), Reduction.SUM, 1, X, Y);
  }

  /** Returns x·W + b. */
  static double[] affine(double[] x, double[][] w, double[] b) {
    double[] z = b.clone();
    for (int j = 0; j < z.length; j++) for (int i = 0; i < x.length; i++) z[j] += x[i] * w[i][j];
    return z;
  }

  static double[][] transposed(double[][] w) {
    double[][] t = new double[w[0].length][w.length];
    for (int i = 0; i < w.length; i++) for (int j = 0; j < w[0].length; j++) t[j][i] = w[i][j];
    return t;
  }

  static double[] sigma(double... z) {
    double[] a = new double[z.length];
    for (int i = 0; i < z.length; i++) a[i] = ActivationExamples.sigma(z[i]);
    return a;
  }

  /** Returns σ'(z). */
  static double[] slope(double... z) {
    double[] s = new double[z.length];
    for (int i = 0; i < z.length; i++) s[i] = ActivationExamples.sigma(z[i]) * (1 - ActivationExamples.sigma(z[i]));
    return s;
  }

  static double[] times(double[] a, double[] b) {
    double[] c = new double[a.length];
    for (int i = 0; i < a.length; i++) c[i] = a[i] * b[i];
    return c;
  }

  /** Returns a − f·b. */
  static double[] minus(double[] a, double f, double[] b) {
    double[] c = new double[a.length];
    for (int i = 0; i < a.length; i++) c[i] = a[i] - f * b[i];
    return c;
  }

  /** Returns W·δ. */
  static double[] product(double[][] w, double[] delta) {
    return affine(delta, transposed(w), new double[w.length]);
  }

  /** Returns aᵀ·δ. */
  static double[][] outer(double[] a, double[] delta) {
    double[][] g = new double[a.length][delta.length];
    for (int i = 0; i < a.length; i++) for (int j = 0; j < delta.length; j++) g[i][j] = a[i] * delta[j];
    return g;
  }
}
