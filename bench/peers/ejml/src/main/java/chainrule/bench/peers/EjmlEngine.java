// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import java.util.Arrays;
import org.ejml.concurrency.EjmlConcurrency;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.CommonOps_MT_DDRM;

/**
 * EJML's dense row-major matrices. δ·Wᵀ uses a transposed copy of W, because EJML's product with a transposed right
 * operand consists of dot products, which C2 does not vectorize.
 */
public final class EjmlEngine implements Engine {
  private boolean parallel;

  @Override public String name() {
    return "EJML 0.46.1, " + (parallel ? "CommonOps_MT_DDRM" : "CommonOps_DDRM");
  }

  @Override public PreparedWorkload prepare(Workload work, int threads) {
    parallel = threads > 1;
    if (EjmlConcurrency.getMaxThreads() != threads) EjmlConcurrency.setMaxThreads(threads);
    return new EjmlWorkload(work, parallel);
  }

  private static final class EjmlWorkload implements PreparedWorkload {
    private final Workload work;
    private final boolean parallel;
    private final int n, last;
    private final int[] labels;
    private final double[] m, v, theta, gradient;
    private final DMatrixRMaj[] w, transposed, dw; // W [in × out], Wᵀ, dW
    private final double[][] b;
    private final DMatrixRMaj[] a, delta; // a[l] [n × in_l]; delta[l] [n × out_l]
    private final DMatrixRMaj row;
    private final DMatrixRMaj[] one; // as a, for one row
    private int t;

    EjmlWorkload(Workload work, boolean parallel) {
      this.work = work;
      this.parallel = parallel;
      n = work.batch();
      last = work.layers() - 1;
      labels = work.labels();
      theta = work.parameters();
      boolean adam = work.task() == Workload.Task.ADAM;
      gradient = new double[adam ? theta.length : 0];
      m = new double[gradient.length];
      v = new double[gradient.length];
      w = new DMatrixRMaj[last + 1];
      transposed = new DMatrixRMaj[last + 1];
      dw = new DMatrixRMaj[last + 1];
      b = new double[last + 1][];
      a = new DMatrixRMaj[last + 2];
      one = new DMatrixRMaj[last + 2];
      delta = new DMatrixRMaj[last + 1];
      double[] x = work.x();
      a[0] = DMatrixRMaj.wrap(n, work.inputs(), x);
      row = DMatrixRMaj.wrap(1, work.inputs(), Arrays.copyOf(x, work.inputs()));
      one[0] = row;
      for (int l = 0; l <= last; l++) {
        int in = work.in(l), out = work.out(l);
        w[l] = DMatrixRMaj.wrap(in, out, Arrays.copyOfRange(theta, work.weights(l), work.bias(l)));
        b[l] = Arrays.copyOfRange(theta, work.bias(l), work.bias(l) + out);
        transposed[l] = new DMatrixRMaj(out, in);
        dw[l] = new DMatrixRMaj(in, out);
        a[l + 1] = new DMatrixRMaj(n, out);
        one[l + 1] = new DMatrixRMaj(1, out);
        delta[l] = new DMatrixRMaj(n, out);
      }
    }

    private void forward(DMatrixRMaj[] values, int rows) {
      for (int l = 0; l <= last; l++) {
        if (parallel) CommonOps_MT_DDRM.mult(values[l], w[l], values[l + 1]);
        else CommonOps_DDRM.mult(values[l], w[l], values[l + 1]);
        double[] z = values[l + 1].data, bias = b[l];
        int out = bias.length;
        for (int i = 0; i < rows; i++) {
          int from = i * out;
          if (l < last) {
            for (int j = 0; j < out; j++) z[from + j] = Math.max(0, z[from + j] + bias[j]);
          } else {
            for (int j = 0; j < out; j++) z[from + j] += bias[j];
          }
        }
      }
    }

    @Override public double step() {
      forward(a, n);
      double loss = ElementwiseLoops.softmaxCrossEntropy(n, work.classes(), a[last + 1].data, labels, delta[last].data);
      for (int l = last; l >= 0; l--) {
        if (l > 0) {
          CommonOps_DDRM.transpose(w[l], transposed[l]);
          if (parallel) CommonOps_MT_DDRM.mult(delta[l], transposed[l], delta[l - 1]);
          else CommonOps_DDRM.mult(delta[l], transposed[l], delta[l - 1]);
          ElementwiseLoops.reluBackward(delta[l - 1].getNumElements(), a[l].data, 0, delta[l - 1].data, 0);
        }
        update(l);
      }
      if (work.task() == Workload.Task.ADAM) adam();
      return loss;
    }

    /** Takes a step of gradient descent, or stores the gradients of the layer for Adam. */
    private void update(int l) {
      double rate = work.task().rate;
      int out = work.out(l);
      double[] d = delta[l].data;
      if (work.task() == Workload.Task.SGD) {
        if (parallel) CommonOps_MT_DDRM.multAddTransA(-rate, a[l], delta[l], w[l]);
        else CommonOps_DDRM.multAddTransA(-rate, a[l], delta[l], w[l]);
        for (int i = 0; i < n; i++) {
          for (int j = 0; j < out; j++) b[l][j] -= rate * d[i * out + j];
        }
        return;
      }
      if (parallel) CommonOps_MT_DDRM.multTransA(a[l], delta[l], dw[l]);
      else CommonOps_DDRM.multTransA(a[l], delta[l], dw[l]);
      System.arraycopy(dw[l].data, 0, gradient, work.weights(l), dw[l].data.length);
      int at = work.bias(l);
      Arrays.fill(gradient, at, at + out, 0);
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < out; j++) gradient[at + j] += d[i * out + j];
      }
    }

    private void adam() {
      ElementwiseLoops.adam(++t, work.task().rate, theta, gradient, m, v);
      for (int l = 0; l <= last; l++) {
        System.arraycopy(theta, work.weights(l), w[l].data, 0, w[l].data.length);
        System.arraycopy(theta, work.bias(l), b[l], 0, b[l].length);
      }
    }

    @Override public void predict(double[] probabilities) {
      forward(one, 1);
      ElementwiseLoops.softmax(work.classes(), one[last + 1].data, 0, probabilities);
    }
  }
}
