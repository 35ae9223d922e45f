// SPDX-License-Identifier: MIT
package chainrule.nn.loss;

import chainrule.kernels.Elementary;
import chainrule.kernels.Kernels;
import chainrule.nn.activation.Activation;

/**
 * Categorical cross-entropy fused with the softmax before it, on logits z:
 * <pre>
 * L = f Σ_b Σ_j y_j (lse(z) − z_j)        ∂L/∂z_j = f (ŷ_j Σ_i y_i − y_j)
 * ŷ = softmax(z),  lse(z) = ln Σ_j e^z_j
 * </pre>
 * which for targets that sum to 1 is the documents' ŷ − y. The gradient is finite for every finite z, the value too
 * unless two logits of a row lie further apart than the largest double (then it is ∞). Where y_j = 0 the term is 0.
 * f = 1/n (mean, the default) or 1 (sum). NaN propagates. Source: 001-softmax-cce-d, 003-softmax-cce-d.
 */
public record SoftmaxCrossEntropy(Reduction reduction) implements Loss {
  public SoftmaxCrossEntropy() {
    this(Reduction.MEAN);
  }

  @Override public String name() {
    return reduction.name("softmax-cross-entropy");
  }

  @Override public double sum(Kernels kernels, int rows, int cols, double[] z, double[] y, int yo) {
    double total = 0;
    for (int b = 0; b < rows; b++) {
      int zb = b * cols;
      double m = kernels.max(cols, z, zb), s = 0;
      for (int j = 0; j < cols; j++) s += Elementary.exp(z[zb + j] - m);
      total = addRow(total, cols, m, Elementary.log(s), z, zb, y, yo + zb);
    }
    return total;
  }

  /** total + Σ_j y_j ((m − z_j) + ln s) */
  private static double addRow(
      double total, int cols, double m, double logS, double[] z, int zb, double[] y, int yb) {
    for (int j = 0; j < cols; j++) {
      // (m − z_j) + ln s, not (m + ln s) − z_j: the first difference is exact where it matters
      // where y_j = 0 the term is 0 also for z_j = −∞, but a NaN of the row still shows, through ln s
      total += y[yb + j] == 0 ? 0 * logS : y[yb + j] * ((m - z[zb + j]) + logS);
    }
    return total;
  }

  @Override public void gradient(
      Kernels kernels, int rows, int cols, double[] z, double[] y, int yo, double factor, double[] g) {
    kernels.softmax(rows, cols, z, 0, g, 0);
    for (int b = 0; b < rows; b++) towardsTarget(kernels, cols, 1, y, yo + b * cols, factor, g, b * cols);
  }

  /** g = f (ŷ Σ_i y_i − y) for one row, from e with ŷ = e / s in g. */
  private static void towardsTarget(
      Kernels kernels, int cols, double s, double[] y, int yb, double factor, double[] g, int gb) {
    double total = kernels.sum(cols, y, yb);
    for (int j = 0; j < cols; j++) g[gb + j] = factor * (g[gb + j] / s * total - y[yb + j]);
  }

  /** The exponentials of all rows at once, for both: in lanes also where rows are short. */
  @Override public double sumAndGradient(
      Kernels kernels, int rows, int cols, double[] z, double[] y, int yo, double factor, double[] g) {
    for (int b = 0; b < rows; b++) {
      int zb = b * cols;
      double m = kernels.max(cols, z, zb);
      for (int j = 0; j < cols; j++) g[zb + j] = z[zb + j] - m;
    }
    kernels.exp(rows * cols, g, 0, g, 0);
    double total = 0;
    for (int b = 0; b < rows; b++) {
      int zb = b * cols;
      double s = 0;
      for (int j = 0; j < cols; j++) s += g[zb + j];
      total = addRow(total, cols, kernels.max(cols, z, zb), Elementary.log(s), z, zb, y, yo + zb);
      towardsTarget(kernels, cols, kernels.sum(cols, g, zb), y, yo + zb, factor, g, zb);
    }
    return total;
  }

  @Override public String misfit(Activation output, int outputs) {
    if (outputs < 2) return "needs an output for each class, at least 2; for one output use sigmoid-cross-entropy";
    return output.givesProbabilities() ? "takes logits: give the network a linear output, or the loss cce" : "";
  }
}
