// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import java.util.Arrays;

/**
 * Training steps written by hand over a BLAS library, on Java arrays. W and b of a layer are contiguous, so they form
 * one matrix [(in+1) × out]. Rows of x and a end with a 1, so biases need no separate pass:
 *
 * <pre>
 * z_l = [a_{l−1} 1]·[W_l; b_l]      δ_{l−1} = δ_l·W_lᵀ where a_{l−1} &gt; 0      [dW_l; db_l] = [a_{l−1} 1]ᵀ·δ_l
 * </pre>
 *
 * Gradient descent is part of the last product, θ_l ← θ_l − η·[a 1]ᵀ·δ_l. Adam is a loop over flat arrays.
 */
public final class ArrayBlasWorkload implements PreparedWorkload {
  private final Workload work;
  private final ArrayBlas blas;
  private final int n, last;
  private final int[] labels;
  private final double[] theta, gradient, m, v;
  private final double[][] a; // a[l] [n × (in_l + 1)], the inputs of layer l; a[layers] [n × classes]
  private final double[][] delta; // [n × out_l]
  private int t;

  public ArrayBlasWorkload(Workload work, ArrayBlas blas) {
    this.work = work;
    this.blas = blas;
    n = work.batch();
    last = work.layers() - 1;
    labels = work.labels();
    theta = work.parameters();
    boolean adam = work.task() == Workload.Task.ADAM;
    gradient = new double[adam ? theta.length : 0];
    m = new double[gradient.length];
    v = new double[gradient.length];
    a = new double[last + 2][];
    delta = new double[last + 1][];
    for (int l = 0; l <= last; l++) {
      a[l] = new double[n * (work.in(l) + 1)];
      Arrays.fill(a[l], 1);
      delta[l] = new double[n * work.out(l)];
    }
    a[last + 1] = new double[n * work.classes()];
    double[] x = work.x();
    int in = work.inputs();
    for (int i = 0; i < n; i++) System.arraycopy(x, i * in, a[0], i * (in + 1), in);
  }

  /** Returns the row distance of layer l's outputs, which end with a 1 except in the last layer. */
  private int stride(int l) {
    return work.out(l) + (l < last ? 1 : 0);
  }

  private void forward(int rows) {
    for (int l = 0; l <= last; l++) {
      int in = work.in(l), out = work.out(l), ld = stride(l);
      double[] z = a[l + 1];
      if (rows == 1) {
        blas.gemv(out, in + 1, a[l], theta, work.weights(l), z);
      } else {
        blas.gemm(false, false, rows, out, in + 1, 1, a[l], 0, in + 1, theta, work.weights(l), out, 0, z, 0, ld);
      }
      if (l == last) return;
      for (int p = 0; p < rows * ld; p++) z[p] = Math.max(0, z[p]); // leaves the 1 unchanged
    }
  }

  @Override public double step() {
    forward(n);
    double loss = ElementwiseLoops.softmaxCrossEntropy(n, work.classes(), a[last + 1], labels, delta[last]);
    for (int l = last; l >= 0; l--) {
      int in = work.in(l), out = work.out(l), at = work.weights(l);
      if (l > 0) {
        blas.gemm(false, true, n, in, out, 1, delta[l], 0, out, theta, at, out, 0, delta[l - 1], 0, in);
        for (int i = 0; i < n; i++) ElementwiseLoops.reluBackward(in, a[l], i * (in + 1), delta[l - 1], i * in);
      }
      if (work.task() == Workload.Task.SGD) {
        blas.gemm(true, false, in + 1, out, n, -work.task().rate, a[l], 0, in + 1, delta[l], 0, out, 1, theta, at, out);
      } else {
        blas.gemm(true, false, in + 1, out, n, 1, a[l], 0, in + 1, delta[l], 0, out, 0, gradient, at, out);
      }
    }
    if (work.task() == Workload.Task.ADAM) ElementwiseLoops.adam(++t, work.task().rate, theta, gradient, m, v);
    return loss;
  }

  @Override public void predict(double[] probabilities) {
    forward(1);
    ElementwiseLoops.softmax(work.classes(), a[last + 1], 0, probabilities);
  }
}
