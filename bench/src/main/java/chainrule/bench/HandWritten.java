// SPDX-License-Identifier: MIT
package chainrule.bench;

import chainrule.nn.optimizer.Adam;

/**
 * The baseline for small networks: the same training step in plain loops without a library, as one would write it in an
 * afternoon. It processes row by row: forward pass, loss, and backward pass, which adds the row's gradient. Then comes
 * the update. The inner loops run along the weights, so that C2 can vectorize them. Nothing is allocated.
 * {@code OneStep} of spec-tests is the form to read.
 */
final class HandWritten {
  private final int[] widths;
  private final int[] offset; // of W_l [in × out], which b_l [out] follows
  private final double[] theta, g, m, v;
  private final double[][] a, delta;
  private final Adam adam; // null for gradient descent
  private long t;

  HandWritten(int[] widths, double[] parameters, Adam adam) {
    this.widths = widths;
    this.adam = adam;
    theta = parameters.clone();
    g = new double[theta.length];
    m = new double[theta.length];
    v = new double[theta.length];
    offset = new int[widths.length];
    a = new double[widths.length][];
    delta = new double[widths.length][];
    for (int l = 0; l < widths.length; l++) {
      a[l] = new double[widths[l]];
      delta[l] = new double[widths[l]];
      if (l > 0) offset[l] = l == 1 ? 0 : offset[l - 1] + (widths[l - 2] + 1) * widths[l - 1];
    }
  }

  double[] parameters() {
    return theta;
  }

  /** Computes the probabilities [out] of one row of x. */
  void predict(double[] x, int xo, double[] y, int yo) {
    forward(x, xo);
    int last = widths.length - 1;
    softmax(a[last], delta[last]);
    System.arraycopy(delta[last], 0, y, yo, widths[last]);
  }

  /** Takes one step, and returns the mean cross-entropy before it. */
  double step(double rate, int rows, double[] x, int xo, double[] y, int yo) {
    int last = widths.length - 1, in = widths[0], out = widths[last];
    java.util.Arrays.fill(g, 0);
    double loss = 0;
    for (int b = 0; b < rows; b++) {
      forward(x, xo + b * in);
      double lse = softmax(a[last], delta[last]);
      for (int j = 0; j < out; j++) {
        double target = y[yo + b * out + j];
        if (target != 0) loss += target * (lse - a[last][j]);
        delta[last][j] = (delta[last][j] - target) / rows;
      }
      for (int l = last; l > 0; l--) backward(l);
    }
    if (adam == null) descend(rate);
    else updateByAdam(rate);
    return loss / rows;
  }

  private void forward(double[] x, int xo) {
    System.arraycopy(x, xo, a[0], 0, widths[0]);
    for (int l = 1; l < widths.length; l++) {
      int in = widths[l - 1], out = widths[l], w = offset[l];
      double[] from = a[l - 1], to = a[l];
      System.arraycopy(theta, w + in * out, to, 0, out);
      for (int i = 0; i < in; i++) {
        double xi = from[i];
        int row = w + i * out;
        for (int j = 0; j < out; j++) to[j] += xi * theta[row + j];
      }
      if (l < widths.length - 1) {
        for (int j = 0; j < out; j++) to[j] = Math.max(0, to[j]);
      }
    }
  }

  /** Computes p = softmax(z), and returns ln Σ e^z. */
  private static double softmax(double[] z, double[] p) {
    double max = z[0], sum = 0;
    for (int j = 1; j < z.length; j++) max = Math.max(max, z[j]);
    for (int j = 0; j < z.length; j++) sum += p[j] = Math.exp(z[j] - max);
    for (int j = 0; j < z.length; j++) p[j] /= sum;
    return max + Math.log(sum);
  }

  /** Adds this row's dW_l and db_l from δ_l, and computes δ of the previous layer. */
  private void backward(int l) {
    int in = widths[l - 1], out = widths[l], w = offset[l];
    double[] x = a[l - 1], d = delta[l], previous = delta[l - 1];
    for (int i = 0; i < in; i++) {
      double xi = x[i];
      int row = w + i * out;
      for (int j = 0; j < out; j++) g[row + j] += xi * d[j];
    }
    int bias = w + in * out;
    for (int j = 0; j < out; j++) g[bias + j] += d[j];
    if (l == 1) return;
    for (int i = 0; i < in; i++) {
      double sum = 0;
      if (x[i] > 0) {
        int row = w + i * out;
        for (int j = 0; j < out; j++) sum += theta[row + j] * d[j];
      }
      previous[i] = sum;
    }
  }

  private void descend(double rate) {
    for (int i = 0; i < theta.length; i++) theta[i] -= rate * g[i];
  }

  private void updateByAdam(double rate) {
    t++;
    double b1 = adam.beta1(), b2 = adam.beta2(), eps = adam.epsilon();
    double correction1 = 1 - Math.pow(b1, t), correction2 = 1 - Math.pow(b2, t);
    for (int i = 0; i < theta.length; i++) {
      m[i] = b1 * m[i] + (1 - b1) * g[i];
      v[i] = b2 * v[i] + (1 - b2) * g[i] * g[i];
      theta[i] -= rate * (m[i] / correction1) / (Math.sqrt(v[i] / correction2) + eps);
    }
  }
}
