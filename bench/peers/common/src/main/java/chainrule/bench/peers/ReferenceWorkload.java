// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

/** The formulas in plain loops over {@code Math}, with which every engine must agree before it is timed. */
public final class ReferenceWorkload implements PreparedWorkload {
  private final Workload work;
  private final double[] x, theta, gradient, m, v;
  private final int[] labels;
  private final double[][] a, delta; // of layer l: [n × out]
  private int t;

  public ReferenceWorkload(Workload work) {
    this.work = work;
    x = work.x();
    labels = work.labels();
    theta = work.parameters();
    gradient = new double[theta.length];
    m = new double[theta.length];
    v = new double[theta.length];
    a = new double[work.layers()][];
    delta = new double[work.layers()][];
    for (int l = 0; l < a.length; l++) {
      a[l] = new double[work.batch() * work.out(l)];
      delta[l] = new double[work.batch() * work.out(l)];
    }
  }

  /** Computes a_l for the rows, probabilities in the last layer. Returns the sum of −ln p[label]. */
  private double forward(int rows) {
    double loss = 0;
    for (int l = 0; l < a.length; l++) {
      int in = work.in(l), out = work.out(l), w = work.weights(l), b = work.bias(l);
      double[] from = l == 0 ? x : a[l - 1];
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < out; j++) {
          double z = theta[b + j];
          for (int p = 0; p < in; p++) z += from[i * in + p] * theta[w + p * out + j];
          a[l][i * out + j] = l < a.length - 1 ? Math.max(0, z) : z;
        }
        if (l == a.length - 1) loss += softmax(a[l], i * out, out, i * out + labels[i]);
      }
    }
    return loss;
  }

  /** Computes p = exp(z − max) / Σ exp(z − max) in place. Returns −ln p[label] = max + ln Σ − z[label]. */
  private static double softmax(double[] z, int from, int n, int label) {
    double max = z[from], sum = 0;
    for (int j = 1; j < n; j++) max = Math.max(max, z[from + j]);
    for (int j = 0; j < n; j++) sum += Math.exp(z[from + j] - max);
    double loss = max + Math.log(sum) - z[label];
    for (int j = 0; j < n; j++) z[from + j] = Math.exp(z[from + j] - max) / sum;
    return loss;
  }

  @Override public double step() {
    int n = work.batch(), last = a.length - 1, classes = work.classes();
    double loss = forward(n) / n;
    for (int p = 0; p < n * classes; p++) delta[last][p] = a[last][p] / n; // δ = (p − y) / n
    for (int i = 0; i < n; i++) delta[last][i * classes + labels[i]] -= 1.0 / n;
    for (int l = last; l >= 0; l--) {
      int in = work.in(l), out = work.out(l), w = work.weights(l), b = work.bias(l);
      double[] from = l == 0 ? x : a[l - 1], d = delta[l];
      for (int j = 0; j < out; j++) {
        double sum = 0;
        for (int i = 0; i < n; i++) sum += d[i * out + j];
        gradient[b + j] = sum;
      }
      for (int p = 0; p < in; p++) {
        for (int j = 0; j < out; j++) {
          double sum = 0;
          for (int i = 0; i < n; i++) sum += from[i * in + p] * d[i * out + j];
          gradient[w + p * out + j] = sum;
        }
      }
      if (l == 0) continue;
      for (int i = 0; i < n; i++) {
        for (int p = 0; p < in; p++) {
          double sum = 0;
          for (int j = 0; j < out; j++) sum += d[i * out + j] * theta[w + p * out + j];
          delta[l - 1][i * in + p] = from[i * in + p] > 0 ? sum : 0;
        }
      }
    }
    update();
    return loss;
  }

  private void update() {
    t++;
    double rate = work.task().rate;
    double c1 = 1 - Math.pow(Workload.BETA1, t), c2 = 1 - Math.pow(Workload.BETA2, t);
    for (int i = 0; i < theta.length; i++) {
      double g = gradient[i];
      if (work.task() == Workload.Task.SGD) {
        theta[i] -= rate * g;
      } else {
        m[i] = Workload.BETA1 * m[i] + (1 - Workload.BETA1) * g;
        v[i] = Workload.BETA2 * v[i] + (1 - Workload.BETA2) * g * g;
        theta[i] -= rate * (m[i] / c1) / (Math.sqrt(v[i] / c2) + Workload.EPSILON);
      }
    }
  }

  @Override public void predict(double[] probabilities) {
    forward(1);
    System.arraycopy(a[a.length - 1], 0, probabilities, 0, work.classes());
  }
}
