package chainrule.kernels;

/**
 * {@link VectorKernels} for lanes whose masks are no registers ({@link Lanes#MASKS}): kernels that select by lane take
 * the scalar text, which has the same bits; all others keep their lanes.
 */
final class MasklessKernels extends VectorKernels {
  private static final ScalarKernels SCALAR = ScalarKernels.INSTANCE;

  @Override public void exp(int n, double[] x, int xo, double[] y, int yo) {
    SCALAR.exp(n, x, xo, y, yo);
  }

  @Override public void log(int n, double[] x, int xo, double[] y, int yo) {
    SCALAR.log(n, x, xo, y, yo);
  }

  @Override public void sigmoid(int n, double[] x, int xo, double[] y, int yo) {
    SCALAR.sigmoid(n, x, xo, y, yo);
  }

  @Override public void tanh(int n, double[] x, int xo, double[] y, int yo) {
    SCALAR.tanh(n, x, xo, y, yo);
  }

  @Override public void softplus(int n, double[] x, int xo, double[] y, int yo) {
    SCALAR.softplus(n, x, xo, y, yo);
  }

  @Override public void relu(int n, double[] x, int xo, double[] y, int yo) {
    SCALAR.relu(n, x, xo, y, yo);
  }

  @Override public void leakyRelu(int n, double epsilon, double[] x, int xo, double[] y, int yo) {
    SCALAR.leakyRelu(n, epsilon, x, xo, y, yo);
  }

  @Override public void elu(int n, double alpha, double[] x, int xo, double[] y, int yo) {
    SCALAR.elu(n, alpha, x, xo, y, yo);
  }

  @Override public void gelu(int n, double[] x, int xo, double[] y, int yo) {
    SCALAR.gelu(n, x, xo, y, yo);
  }

  @Override public void silu(int n, double[] x, int xo, double[] y, int yo) {
    SCALAR.silu(n, x, xo, y, yo);
  }

  @Override public void reluGradient(int n, double[] a, int ao, double[] g, int go, double[] d, int dof) {
    SCALAR.reluGradient(n, a, ao, g, go, d, dof);
  }

  @Override public void leakyReluGradient(
      int n, double epsilon, double[] a, int ao, double[] g, int go, double[] d, int dof) {
    SCALAR.leakyReluGradient(n, epsilon, a, ao, g, go, d, dof);
  }

  @Override public void eluGradient(int n, double alpha, double[] x, int xo, double[] g, int go, double[] d, int dof) {
    SCALAR.eluGradient(n, alpha, x, xo, g, go, d, dof);
  }

  @Override public void geluGradient(int n, double[] x, int xo, double[] g, int go, double[] d, int dof) {
    SCALAR.geluGradient(n, x, xo, g, go, d, dof);
  }

  @Override public void siluGradient(int n, double[] x, int xo, double[] g, int go, double[] d, int dof) {
    SCALAR.siluGradient(n, x, xo, g, go, d, dof);
  }

  @Override public void softplusGradient(int n, double[] x, int xo, double[] g, int go, double[] d, int dof) {
    SCALAR.softplusGradient(n, x, xo, g, go, d, dof);
  }

  @Override public void softmax(int rows, int cols, double[] x, int xo, double[] y, int yo) {
    SCALAR.softmax(rows, cols, x, xo, y, yo);
  }

  @Override public void logSumExp(int rows, int cols, double[] x, int xo, double[] y, int yo) {
    SCALAR.logSumExp(rows, cols, x, xo, y, yo);
  }
}
