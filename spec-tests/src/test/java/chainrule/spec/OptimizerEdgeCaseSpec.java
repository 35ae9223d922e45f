// SPDX-License-Identifier: MIT
package chainrule.spec;

import chainrule.nn.optimizer.Optimizer;
import chainrule.spec.OptimizerRules.Rule;
import chainrule.spec.ledger.Ledger;
import chainrule.spec.ledger.Ledger.Entry;
import chainrule.spec.ledger.Proves;
import java.util.Arrays;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** Every optimizer with gradients that are 0, NaN, infinite, tiny or huge, and with no gradients at all. */
class OptimizerEdgeCaseSpec {

  private static void each(BiConsumer<Entry, Optimizer> spec) {
    for (Rule rule : OptimizerRules.ALL) {
      spec.accept(Ledger.of(rule.id()), rule.subject().apply(OptimizerRules.usual(rule, 0.1)));
    }
  }

  @Test
  @Proves(value = {"003-sgd", "003-momentum", "003-adagrad", "003-rmsprop", "003-adadelta", "003-adam"},
      by = "Optimizer#update")
  @Proves(value = {"beyond-nesterov", "beyond-adamw", "beyond-adadelta-zeiler"}, by = "Optimizer#update")
  void aZeroGradientMovesNothingAndCausesNoNaN() {
    each(OptimizerEdgeCaseSpec::zeroGradientSpec);
  }

  /** From the first step, only AdamW moves, by its decay. */
  static void zeroGradientSpec(Entry entry, Optimizer subject) {
    double decay = subject.name().equals("adamw") ? 1 - 0.1 * 0.01 : 1;
    double[] start = {2, -3, 0, -0.0, Double.MIN_VALUE}, theta = start.clone(), g = {0, -0.0, 0, -0.0, 0};
    double[][] state = OptimizerRules.memory(subject, theta.length);
    for (int t = 1; t <= 20; t++) {
      subject.update(t, 0.1, theta.length, theta, g, state);
      for (int i = 0; i < theta.length; i++) {
        double expected = start[i] * Math.pow(decay, t);
        entry.check("zero gradient", Ledger.Entry.relative(theta[i], expected), decay == 1 ? 0 : 1e-14, i, t);
      }
      for (double[] slot : state) entry.holds(Arrays.stream(slot).allMatch(s -> s == 0), "memory", t);
    }
  }

  @Test
  @Proves(value = {"003-sgd", "003-momentum", "003-adagrad", "003-rmsprop", "003-adadelta", "003-adam"},
      by = "Optimizer#update")
  @Proves(value = {"beyond-nesterov", "beyond-adamw", "beyond-adadelta-zeiler"}, by = "Optimizer#update")
  void aNaNOrInfiniteGradientAffectsItsOwnParameterOnly() {
    each((entry, subject) -> foreignGradientSpec(entry, subject, Double.NaN));
    each((entry, subject) -> foreignGradientSpec(entry, subject, Double.POSITIVE_INFINITY));
  }

  /** Two runs that differ in one gradient: the bits of all other parameters and their memory agree. */
  static void foreignGradientSpec(Entry entry, Optimizer subject, double bad) {
    int n = 5, at = 2;
    double[] theta = new double[n], sound = new double[n], g = new double[n];
    double[][] state = OptimizerRules.memory(subject, n), soundState = OptimizerRules.memory(subject, n);
    for (int t = 1; t <= 20; t++) {
      for (int i = 0; i < n; i++) g[i] = Math.sin(t + 10 * i);
      subject.update(t, 0.1, n, sound, g, soundState);
      if (t == 3) g[at] = bad;
      subject.update(t, 0.1, n, theta, g, state);
      for (int i = 0; i < n; i++) {
        if (i != at) entry.exact(sound[i], theta[i], i, t);
        for (int k = 0; k < state.length; k++) if (i != at) entry.exact(soundState[k][i], state[k][i], i, k, t);
      }
      if (t >= 3) entry.holds(!Double.isFinite(theta[at]), "must not be finite", t);
    }
  }

  @Test
  @Proves(value = {"003-sgd", "003-momentum", "003-adagrad", "003-rmsprop", "003-adadelta", "003-adam"},
      by = "Optimizer#update")
  @Proves(value = {"beyond-nesterov", "beyond-adamw", "beyond-adadelta-zeiler"}, by = "Optimizer#update")
  void gradientsWhoseSquaresUnderflowOrOverflowCauseNoNaNAndNoStepUphill() {
    each(OptimizerEdgeCaseSpec::extremeGradientSpec);
  }

  /**
   * The square is 0 below 1e-162 and ∞ above 1.3e154, where rules that divide by its root stop this parameter. θ
   * starts at 0, so that AdamW has nothing to decay at first, and even the smallest step is visible.
   */
  static void extremeGradientSpec(Entry entry, Optimizer subject) {
    for (double g : new double[] {Double.MIN_VALUE, 1e-310, Double.MIN_NORMAL, 1e-170, 1e-162, 1e154, 1e160, 1e300}) {
      double[] theta = {0, 0};
      double[][] state = OptimizerRules.memory(subject, 2);
      for (int t = 1; t <= 10; t++) {
        subject.update(t, 0.1, 2, theta, new double[] {g, -g}, state);
        entry.holds(Double.isFinite(theta[0]) && theta[0] <= 0, "downhill", g, t, theta[0]);
        entry.exact(-theta[0], theta[1], "symmetric", g, t);
      }
    }
  }

  @Test
  @Proves(value = {"003-sgd", "003-momentum", "003-adagrad", "003-rmsprop", "003-adadelta", "003-adam"},
      by = "Optimizer#update")
  @Proves(value = {"beyond-nesterov", "beyond-adamw", "beyond-adadelta-zeiler"}, by = "Optimizer#update")
  void onlyTheFirstNParametersAreUpdatedAndNMayBeZero() {
    each(OptimizerEdgeCaseSpec::firstNSpec);
  }

  static void firstNSpec(Entry entry, Optimizer subject) {
    for (int n = 0; n <= 2; n++) {
      double[] theta = {1, 2, 3}, g = {4, 5, 6};
      double[][] state = OptimizerRules.memory(subject, 3);
      subject.update(1, 0.1, n, theta, g, state);
      for (int i = 0; i < 3; i++) {
        entry.holds((theta[i] == i + 1) == (i >= n), "theta", n, i);
        entry.exact(4 + i, g[i], "the gradient must not change", n, i);
        for (double[] slot : state) entry.holds((slot[i] == 0) == (i >= n), "memory", n, i);
      }
    }
    subject.update(1, 0.1, 0, new double[0], new double[0], new double[subject.slots()][0]);
  }
}
