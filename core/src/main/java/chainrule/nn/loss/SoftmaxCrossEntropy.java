// SPDX-License-Identifier: MIT
package chainrule.nn.loss;

import chainrule.kernels.Elementary;
import chainrule.kernels.Kernels;
import chainrule.nn.activation.Activation;

/**
 * Categorical cross-entropy fused with a softmax output, as a function of the logits z:
 * <pre>
 * L = f Σ_b Σ_j y_j (lse(z) − z_j)        ∂L/∂z_j = f (ŷ_j Σ_i y_i − y_j)
 * ŷ = softmax(z),  lse(z) = ln Σ_j e^z_j
 * </pre>
 * For targets that sum to 1, the gradient is ŷ − y. It is finite for every finite z. So is the value, unless two logits
 * of a row differ by more than the largest double (then it is ∞). A term with y_j = 0 is 0.
 * f = 1/n (mean, the default) or 1 (sum). NaN propagates.
 *
 * @param reduction a mean or a sum over the rows, which sets f
 */
public record SoftmaxCrossEntropy(Reduction reduction) implements Loss {
  /** A mean over the rows. */
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
      total = addRow(total, 1, cols, m, Elementary.log(s), z, zb, y, yo + zb);
    }
    return total;
  }

  @Override public double weightedSum(Kernels kernels, int rows, int cols, double[] z, double[] y, int yo, double[] w,
      int wo, double[] row) {
    double total = 0;
    for (int b = 0; b < rows; b++) {
      if (w[wo + b] == 0) continue;
      int zb = b * cols;
      double m = kernels.max(cols, z, zb), s = 0;
      for (int j = 0; j < cols; j++) s += Elementary.exp(z[zb + j] - m);
      total = addRow(total, w[wo + b], cols, m, Elementary.log(s), z, zb, y, yo + zb);
    }
    return total;
  }

  /** Returns total + w Σ_j y_j ((m − z_j) + ln s). */
  private static double addRow(
      double total, double w, int cols, double m, double logS, double[] z, int zb, double[] y, int yb) {
    for (int j = 0; j < cols; j++) {
      // (m − z_j) + ln s, not (m + ln s) − z_j, since m − z_j is exact for logits close to the largest
      // for y_j = 0 the term is 0 even if z_j = −∞; 0 · ln s is NaN if the row contains NaN
      total += w * (y[yb + j] == 0 ? 0 * logS : y[yb + j] * ((m - z[zb + j]) + logS));
    }
    return total;
  }

  @Override public void gradient(
      Kernels kernels, int rows, int cols, double[] z, double[] y, int yo, double factor, double[] g) {
    kernels.softmax(rows, cols, z, 0, g, 0);
    for (int b = 0; b < rows; b++) rowGradient(kernels, cols, 1, y, yo + b * cols, factor, g, b * cols);
  }

  /**
   * Computes g = f (ŷ Σ_i y_i − y) for one row, where g holds e and ŷ = e / s.
   * Formula: 001-softmax-cce-d. Spec: FusedLossSpec#theGradientIsAMinusYIfTheTargetsSumToOne.
   * Formula: 003-softmax-cce-d. Spec: FusedLossSpec#theGradientPerSampleIsYHatMinusYAndTheMeanDividesItByN.
   */
  private static void rowGradient(
      Kernels kernels, int cols, double s, double[] y, int yb, double factor, double[] g, int gb) {
    double total = kernels.sum(cols, y, yb);
    for (int j = 0; j < cols; j++) g[gb + j] = factor * (g[gb + j] / s * total - y[yb + j]);
  }

  @Override public double sumAndGradient(
      Kernels kernels, int rows, int cols, double[] z, double[] y, int yo, double factor, double[] g) {
    return sumAndGradient(kernels, rows, cols, z, y, yo, null, 0, factor, g);
  }

  @Override public double weightedSumAndGradient(Kernels kernels, int rows, int cols, double[] z, double[] y, int yo,
      double[] w, int wo, double factor, double[] g) {
    return sumAndGradient(kernels, rows, cols, z, y, yo, w, wo, factor, g);
  }

  /**
   * Computes the exponentials of all rows in one call, which is vectorized even if rows are short.
   *
   * @param w null for no weights
   */
  private static double sumAndGradient(Kernels kernels, int rows, int cols, double[] z, double[] y, int yo, double[] w,
      int wo, double factor, double[] g) {
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
      double weight = w == null ? 1 : w[wo + b];
      if (weight == 0) {
        for (int j = 0; j < cols; j++) g[zb + j] = 0;
        continue;
      }
      for (int j = 0; j < cols; j++) s += g[zb + j];
      total = addRow(total, weight, cols, kernels.max(cols, z, zb), Elementary.log(s), z, zb, y, yo + zb);
      rowGradient(kernels, cols, kernels.sum(cols, g, zb), y, yo + zb, weight * factor, g, zb);
    }
    return total;
  }

  @Override public String misfit(Activation output, int outputs) {
    if (outputs < 2) return "needs an output for each class, at least 2; for one output use sigmoid-cross-entropy";
    return output.givesProbabilities() ? "takes logits: use a linear output, or the loss cce" : "";
  }
}
