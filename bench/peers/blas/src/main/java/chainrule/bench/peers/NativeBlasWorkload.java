// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import static chainrule.bench.peers.NativeBlas.NO_TRANS;
import static chainrule.bench.peers.NativeBlas.TRANS;

import java.util.Arrays;
import org.bytedeco.javacpp.DoublePointer;

/**
 * {@link ArrayBlasWorkload} on native memory. The operands of products stay there. Only activations and their errors,
 * on which Java computes, are copied to arrays and back. In-place access through direct buffers or JavaCPP's indexers
 * was as fast for 784-128-10 and a fifth slower for 2-16-16-3, because C2 does not vectorize it.
 */
public final class NativeBlasWorkload implements PreparedWorkload {
  private final Workload work;
  private final NativeBlas blas;
  private final int n, last;
  private final int[] labels;
  private final DoublePointer theta, gradient;
  private final DoublePointer[] w, dw; // of layer l: [(in+1) × out], views of the two above
  private final DoublePointer[] a; // a[l] [n × (in_l + 1)], the inputs of layer l; a[layers] [n × classes]
  private final DoublePointer[] delta; // [n × out_l]
  private final double[][] activation, error; // copies of the last two
  private final double[] values, slopes, m, v; // copies of θ and g, for Adam
  private int t;

  public NativeBlasWorkload(Workload work, NativeBlas blas) {
    this.work = work;
    this.blas = blas;
    n = work.batch();
    last = work.layers() - 1;
    labels = work.labels();
    values = work.parameters();
    theta = new DoublePointer(values);
    slopes = new double[work.task() == Workload.Task.ADAM ? values.length : 0];
    gradient = new DoublePointer(slopes.length);
    m = new double[slopes.length];
    v = new double[slopes.length];
    w = new DoublePointer[last + 1];
    dw = new DoublePointer[last + 1];
    a = new DoublePointer[last + 2];
    delta = new DoublePointer[last + 1];
    activation = new double[last + 2][];
    error = new double[last + 1][];
    double[] x = work.x();
    for (int l = 0; l <= last + 1; l++) {
      int width = l <= last ? work.in(l) + 1 : work.classes();
      activation[l] = new double[n * width];
      Arrays.fill(activation[l], 1);
      if (l == 0) {
        for (int i = 0; i < n; i++) System.arraycopy(x, i * (width - 1), activation[0], i * width, width - 1);
      }
      a[l] = new DoublePointer(activation[l]);
      if (l > last) break;
      error[l] = new double[n * work.out(l)];
      delta[l] = new DoublePointer(error[l]);
      w[l] = theta.getPointer(work.weights(l));
      dw[l] = gradient.getPointer(slopes.length == 0 ? 0 : work.weights(l));
    }
  }

  private void forward(int rows) {
    for (int l = 0; l <= last; l++) {
      int in = work.in(l), out = work.out(l), ld = out + (l < last ? 1 : 0);
      if (rows == 1) {
        blas.gemv(out, in + 1, a[l], w[l], a[l + 1]);
      } else {
        blas.gemm(NO_TRANS, NO_TRANS, rows, out, in + 1, 1, a[l], in + 1, w[l], out, 0, a[l + 1], ld);
      }
      double[] z = activation[l + 1];
      a[l + 1].get(z, 0, rows * ld);
      if (l == last) return;
      for (int p = 0; p < rows * ld; p++) z[p] = Math.max(0, z[p]); // leaves the 1 unchanged
      a[l + 1].put(z, 0, rows * ld);
    }
  }

  @Override public double step() {
    forward(n);
    double loss = ElementwiseLoops.softmaxCrossEntropy(n, work.classes(), activation[last + 1], labels, error[last]);
    delta[last].put(error[last], 0, error[last].length);
    for (int l = last; l >= 0; l--) {
      int in = work.in(l), out = work.out(l);
      if (l > 0) {
        double[] d = error[l - 1];
        blas.gemm(NO_TRANS, TRANS, n, in, out, 1, delta[l], out, w[l], out, 0, delta[l - 1], in);
        delta[l - 1].get(d, 0, d.length);
        for (int i = 0; i < n; i++) ElementwiseLoops.reluBackward(in, activation[l], i * (in + 1), d, i * in);
        delta[l - 1].put(d, 0, d.length);
      }
      if (work.task() == Workload.Task.SGD) {
        blas.gemm(TRANS, NO_TRANS, in + 1, out, n, -work.task().rate, a[l], in + 1, delta[l], out, 1, w[l], out);
      } else {
        blas.gemm(TRANS, NO_TRANS, in + 1, out, n, 1, a[l], in + 1, delta[l], out, 0, dw[l], out);
      }
    }
    if (work.task() == Workload.Task.ADAM) {
      gradient.get(slopes, 0, slopes.length);
      ElementwiseLoops.adam(++t, work.task().rate, values, slopes, m, v);
      theta.put(values, 0, values.length);
    }
    return loss;
  }

  @Override public void predict(double[] probabilities) {
    forward(1);
    ElementwiseLoops.softmax(work.classes(), activation[last + 1], 0, probabilities);
  }
}
