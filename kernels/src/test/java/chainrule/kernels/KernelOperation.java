// SPDX-License-Identifier: MIT
package chainrule.kernels;

/** Every kernel except the matrix products, behind one signature, so that one property can test them all. */
enum KernelOperation {
  FILL((k, s, x, y, z) -> k.fill(s.n, 1.5, z, s.zo)),
  REPEAT_ROW((k, s, x, y, z) -> k.repeatRow(s.rows, s.cols, x, s.xo, z, s.zo)),
  MULTIPLY((k, s, x, y, z) -> k.multiply(s.n, x, s.xo, y, s.yo, z, s.zo)),
  AXPY((k, s, x, y, z) -> k.axpy(s.n, -0.3, x, s.xo, z, s.zo)),
  SCALE((k, s, x, y, z) -> k.scale(s.n, -0.3, z, s.zo)),
  EXP((k, s, x, y, z) -> k.exp(s.n, x, s.xo, z, s.zo)),
  LOG((k, s, x, y, z) -> k.log(s.n, x, s.xo, z, s.zo)),
  SIGMOID((k, s, x, y, z) -> k.sigmoid(s.n, x, s.xo, z, s.zo)),
  TANH((k, s, x, y, z) -> k.tanh(s.n, x, s.xo, z, s.zo)),
  SOFTPLUS((k, s, x, y, z) -> k.softplus(s.n, x, s.xo, z, s.zo)),
  RELU((k, s, x, y, z) -> k.relu(s.n, x, s.xo, z, s.zo)),
  LEAKY_RELU((k, s, x, y, z) -> k.leakyRelu(s.n, 0.3, x, s.xo, z, s.zo)),
  ELU((k, s, x, y, z) -> k.elu(s.n, 0.7, x, s.xo, z, s.zo)),
  GELU((k, s, x, y, z) -> k.gelu(s.n, x, s.xo, z, s.zo)),
  SILU((k, s, x, y, z) -> k.silu(s.n, x, s.xo, z, s.zo)),
  SIGMOID_GRADIENT((k, s, x, y, z) -> k.sigmoidGradient(s.n, x, s.xo, y, s.yo, z, s.zo)),
  TANH_GRADIENT((k, s, x, y, z) -> k.tanhGradient(s.n, x, s.xo, y, s.yo, z, s.zo)),
  RELU_GRADIENT((k, s, x, y, z) -> k.reluGradient(s.n, x, s.xo, y, s.yo, z, s.zo)),
  LEAKY_RELU_GRADIENT((k, s, x, y, z) -> k.leakyReluGradient(s.n, 0.3, x, s.xo, y, s.yo, z, s.zo)),
  ELU_GRADIENT((k, s, x, y, z) -> k.eluGradient(s.n, 0.7, x, s.xo, y, s.yo, z, s.zo)),
  GELU_GRADIENT((k, s, x, y, z) -> k.geluGradient(s.n, x, s.xo, y, s.yo, z, s.zo)),
  SILU_GRADIENT((k, s, x, y, z) -> k.siluGradient(s.n, x, s.xo, y, s.yo, z, s.zo)),
  SOFTPLUS_GRADIENT((k, s, x, y, z) -> k.softplusGradient(s.n, x, s.xo, y, s.yo, z, s.zo)),
  COLUMN_SUMS((k, s, x, y, z) -> k.columnSums(s.rows, s.cols, x, s.xo, z, s.zo)),
  SUM((k, s, x, y, z) -> z[0] = k.sum(s.n, x, s.xo)),
  DOT((k, s, x, y, z) -> z[0] = k.dot(s.n, x, s.xo, y, s.yo)),
  MAX((k, s, x, y, z) -> z[0] = k.max(s.n, x, s.xo)),
  SOFTMAX((k, s, x, y, z) -> k.softmax(s.rows, s.cols, x, s.xo, z, s.zo)),
  SOFTMAX_GRADIENT((k, s, x, y, z) -> k.softmaxGradient(s.rows, s.cols, x, s.xo, y, s.yo, z, s.zo)),
  LOG_SUM_EXP((k, s, x, y, z) -> k.logSumExp(s.rows, s.cols, x, s.xo, z, s.zo));

  /** Sizes, n = rows · cols, and the index of the first element in each array. */
  record Shape(int rows, int cols, int n, int xo, int yo, int zo) {
    static Shape of(int rows, int cols, int xo, int yo, int zo) {
      return new Shape(rows, cols, rows * cols, xo, yo, zo);
    }
  }

  interface Run {
    void on(Kernels k, Shape s, double[] x, double[] y, double[] z);
  }

  final Run run;

  KernelOperation(Run run) {
    this.run = run;
  }
}
