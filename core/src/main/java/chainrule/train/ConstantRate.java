// SPDX-License-Identifier: MIT
package chainrule.train;

/** Keeps the rate constant: <pre>factor(t) = 1</pre> */
public record ConstantRate() implements Schedule {
  @Override public String name() {
    return "constant";
  }

  @Override public double factor(long t, int stepsPerEpoch, int epochs) {
    return 1;
  }

  @Override public boolean dependsOnEpochs() {
    return false;
  }
}
