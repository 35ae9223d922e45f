// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

/** The element-wise formulas that a BLAS library leaves to its users, in loops that C2 vectorizes. */
public final class ElementwiseLoops {
  private ElementwiseLoops() {}

  /** Computes δ = (softmax(z) − y) / n, and returns the mean of −ln softmax(z)[label]. One exp per element. */
  public static double softmaxCrossEntropy(int n, int classes, double[] z, int[] labels, double[] delta) {
    double loss = 0;
    for (int i = 0; i < n; i++) {
      int row = i * classes;
      double max = z[row], sum = 0;
      for (int j = 1; j < classes; j++) max = Math.max(max, z[row + j]);
      for (int j = 0; j < classes; j++) sum += delta[row + j] = Math.exp(z[row + j] - max);
      loss += max + Math.log(sum) - z[row + labels[i]];
      double scale = 1 / (sum * n);
      for (int j = 0; j < classes; j++) delta[row + j] *= scale;
      delta[row + labels[i]] -= 1.0 / n;
    }
    return loss / n;
  }

  /** Computes p = softmax(z) of one row. */
  public static void softmax(int classes, double[] z, int from, double[] p) {
    double max = z[from], sum = 0;
    for (int j = 1; j < classes; j++) max = Math.max(max, z[from + j]);
    for (int j = 0; j < classes; j++) sum += p[j] = Math.exp(z[from + j] - max);
    for (int j = 0; j < classes; j++) p[j] /= sum;
  }

  /** Sets δ to 0 where a = 0. The sign of −a's bits is the mask, because a branch would be mispredicted. */
  public static void reluBackward(int n, double[] a, int ao, double[] delta, int po) {
    for (int i = 0; i < n; i++) {
      long mask = -Double.doubleToRawLongBits(a[ao + i]) >> 63; // a is +0 or positive
      delta[po + i] = Double.longBitsToDouble(Double.doubleToRawLongBits(delta[po + i]) & mask);
    }
  }

  /** Takes a step of Adam: θ ← θ − η·(m / (1 − β₁^t)) / (√(v / (1 − β₂^t)) + ε). */
  public static void adam(int t, double rate, double[] theta, double[] g, double[] m, double[] v) {
    double step = rate / (1 - Math.pow(Workload.BETA1, t)), root = 1 / Math.sqrt(1 - Math.pow(Workload.BETA2, t));
    for (int i = 0; i < theta.length; i++) {
      m[i] = Workload.BETA1 * m[i] + (1 - Workload.BETA1) * g[i];
      v[i] = Workload.BETA2 * v[i] + (1 - Workload.BETA2) * (g[i] * g[i]);
      theta[i] -= step * m[i] / (Math.sqrt(v[i]) * root + Workload.EPSILON);
    }
  }
}
