// SPDX-License-Identifier: MIT
package chainrule.bench;

import chainrule.kernels.Kernels;
import java.util.SplittableRandom;

/**
 * Only the matrix products of a training step, with its shapes and order, on separate arrays. The rest of a step's time
 * is the cost of everything else.
 */
final class StepProducts {
  private final Kernels kernels;
  private final int[] widths;
  private final int batch;
  private final double[][] a, z, delta, dx; // [batch × width]
  private final double[][] w, dw; // [in × out]

  StepProducts(StepCase c, Kernels kernels) {
    this.kernels = kernels;
    widths = c.widths;
    batch = c.batch;
    int n = widths.length;
    a = new double[n][];
    z = new double[n][];
    delta = new double[n][];
    dx = new double[n][];
    w = new double[n][];
    dw = new double[n][];
    for (int l = 0; l < n; l++) {
      a[l] = numbers(batch * widths[l]);
      z[l] = numbers(batch * widths[l]);
      delta[l] = numbers(batch * widths[l]);
      dx[l] = numbers(batch * widths[l]);
      if (l > 0) w[l] = numbers(widths[l - 1] * widths[l]);
      if (l > 0) dw[l] = numbers(widths[l - 1] * widths[l]);
    }
  }

  private static double[] numbers(int n) {
    return new SplittableRandom(1).doubles(n, -1, 1).toArray();
  }

  void run() {
    for (int l = 1; l < widths.length; l++) {
      int in = widths[l - 1], out = widths[l];
      kernels.matmul(batch, out, in, a[l - 1], 0, in, w[l], 0, out, z[l], 0, out);
    }
    for (int l = widths.length - 1; l > 0; l--) {
      int in = widths[l - 1], out = widths[l];
      if (l > 1) kernels.matmulTransposedB(batch, in, out, delta[l], 0, out, w[l], 0, out, dx[l - 1], 0, in);
      kernels.matmulTransposedA(in, out, batch, a[l - 1], 0, in, delta[l], 0, out, dw[l], 0, out);
    }
  }
}
