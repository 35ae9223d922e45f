// SPDX-License-Identifier: MIT
package chainrule.spec;

import chainrule.kernels.Kernels;
import chainrule.nn.activation.Activation;
import chainrule.nn.loss.Loss;
import chainrule.nn.loss.Reduction;

/** A loss that is not fused with the activation before it, so that the chain rule is applied to both. */
record UnfusedLoss(Loss loss) implements Loss {
  @Override public String name() {
    return loss.name();
  }

  @Override public Reduction reduction() {
    return loss.reduction();
  }

  @Override public double sum(Kernels kernels, int rows, int cols, double[] yhat, double[] y, int yo) {
    return loss.sum(kernels, rows, cols, yhat, y, yo);
  }

  @Override public void gradient(
      Kernels kernels, int rows, int cols, double[] yhat, double[] y, int yo, double factor, double[] g) {
    loss.gradient(kernels, rows, cols, yhat, y, yo, factor, g);
  }

  @Override public String misfit(Activation output, int outputs) {
    return loss.misfit(output, outputs);
  }
}
