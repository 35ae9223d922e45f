// SPDX-License-Identifier: MIT
package chainrule.spec.published;

import chainrule.nn.loss.ElementwiseLoss;
import chainrule.nn.loss.Reduction;

/** The loss of tests that call {@code backward()} on all outputs: L = Σ ŷ, with the slope 1. Targets are not used. */
record SumOfOutputs() implements ElementwiseLoss {
  @Override public String name() {
    return "sum-of-outputs";
  }

  @Override public Reduction reduction() {
    return Reduction.SUM;
  }

  @Override public double value(double yhat, double y) {
    return yhat;
  }

  @Override public double derivative(double yhat, double y) {
    return 1;
  }
}
