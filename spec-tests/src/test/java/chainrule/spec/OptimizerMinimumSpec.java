// SPDX-License-Identifier: MIT
package chainrule.spec;

import chainrule.nn.optimizer.GradientDescent;
import chainrule.nn.optimizer.Optimizer;
import chainrule.nn.optimizer.RmsProp;
import chainrule.random.CounterRandom;
import chainrule.spec.OptimizerRules.Rule;
import chainrule.spec.ledger.Ledger;
import chainrule.spec.ledger.Ledger.Entry;
import chainrule.spec.ledger.Proves;
import chainrule.spec.witness.FiniteDifferences;
import chainrule.spec.witness.Dual;
import java.util.function.LongToDoubleFunction;
import org.junit.jupiter.api.Test;

/** The minimum of y = x² − 10 is where its derivative, 2x, is 0. Every optimizer finds it. */
class OptimizerMinimumSpec {
  private static final int STEPS = 3000;

  @Test
  @Proves(value = "002-minimum", by = "Optimizer#update")
  void theDerivativeIsTwoXAndZeroAtTheMinimum() {
    Entry entry = Ledger.of("002-minimum");
    for (double x : new double[] {-1e6, -3, -0.1, 0, 0x1p-30, 0.5, 7, 1e9}) {
      Dual v = Dual.variable(x), y = v.times(v).minus(Dual.constant(10));
      entry.dual(2 * x, y.derivative(), 1e-13, x);
      // y is accurate to half an ulp of max(x², 10); divided by a step of 2⁻¹⁰·max(|x|, 1), 2⁻⁴³ of the scale below.
      double numeric = FiniteDifferences.fivePoint(z -> z * z - 10, x), scale = Math.max(10, Math.abs(2 * x));
      entry.check(Entry.DIFFERENCE, Math.abs(numeric - 2 * x) / scale, 1e-9, x);
    }
    entry.exact(-10, 0.0 * 0.0 - 10, "y at the minimum");
  }

  @Test
  @Proves(value = "002-minimum", home = "GradientDescent#update", by = "Optimizer#update")
  void everyOptimizerFindsTheMinimumOfXSquaredMinusTen() {
    Entry entry = Ledger.of("002-minimum");
    for (Rule rule : OptimizerRules.ALL) {
      double rate = switch (rule.id()) {
        case "003-adagrad", "003-adadelta", "beyond-adadelta-zeiler" -> 1;
        case "003-rmsprop" -> 0.05;
        default -> 0.1;
      };
      // The length of RMSProp's step does not depend on the slope, so its rate must decay.
      LongToDoubleFunction schedule = rule == OptimizerRules.RMSPROP ? t -> 0.05 * Math.pow(0.995, t) : t -> rate;
      minimumSpec(entry, rule.subject().apply(OptimizerRules.usual(rule, rate)), schedule);
    }
    entry.remark("RMSProp with a fixed η ends up alternating between η/2 and −η/2, so its η must decay; the "
        + "others find the minimum with a fixed η");
  }

  /** From any starting point, x is within 1e-8 of 0 after 3,000 steps, so that y is −10 to the last bit. */
  static void minimumSpec(Entry entry, Optimizer subject, LongToDoubleFunction rate) {
    for (int k = 0; k < 12; k++) {
      double start = k == 0 ? 0 : k == 1 ? 3 : k == 2 ? -4 : 8 * CounterRandom.uniform(2, 0, k) - 4;
      double[] x = {start}, g = new double[1];
      double[][] state = OptimizerRules.memory(subject, 1);
      for (long t = 1; t <= STEPS; t++) {
        g[0] = 2 * x[0];
        subject.update(t, rate.applyAsDouble(t), 1, x, g, state);
      }
      entry.check("minimum", Math.abs(x[0]), 1e-8, subject, start);
      entry.exact(-10, x[0] * x[0] - 10, subject, start);
    }
  }

  @Test
  @Proves(value = "002-minimum", by = "RmsProp")
  void rmsPropWithAFixedRateOscillatesAroundTheMinimum() {
    RmsProp subject = new RmsProp(0.05);
    double[] x = {3};
    double[][] state = OptimizerRules.memory(subject, 1);
    for (long t = 1; t <= STEPS; t++) {
      double before = x[0];
      subject.update(t, 0.05, 1, x, new double[] {2 * x[0]}, state);
      if (t > 2000) {
        Ledger.of("002-minimum").holds(Math.abs(Math.abs(x[0]) - 0.025) < 1e-8 && x[0] * before < 0, t, x[0]);
      }
    }
  }

  @Test
  @Proves(value = "002-gd", home = "GradientDescent#update")
  void gradientDescentStopsWhereTheGradientIsZero() {
    stationarySpec(Ledger.of("002-gd"), new GradientDescent(0.1));
  }

  /** Gradient descent moves exactly where dL/dw is not 0. Here L = (w − c)² and dL/dw = 2(w − c). */
  static void stationarySpec(Entry entry, Optimizer subject) {
    for (double c : new double[] {0, 1, -2.5, 1e6}) {
      double[] w = {c};
      subject.update(1, 0.1, 1, w, new double[] {2 * (w[0] - c)}, new double[0][]);
      entry.exact(c, w[0], "at the minimum", c);
      w[0] = c + 1;
      double loss = 1;
      for (int t = 1; t <= 100; t++) {
        subject.update(t, 0.1, 1, w, new double[] {2 * (w[0] - c)}, new double[0][]);
        double now = (w[0] - c) * (w[0] - c);
        entry.holds(now < loss || now <= 1e-24 * (1 + c * c), "downhill", c, t);
        loss = now;
      }
    }
  }
}
