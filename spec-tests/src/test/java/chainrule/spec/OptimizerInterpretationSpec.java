// SPDX-License-Identifier: MIT
package chainrule.spec;

import static chainrule.spec.OptimizerTrajectorySpec.STEPS;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chainrule.nn.optimizer.AdaDelta;
import chainrule.nn.optimizer.AdaDeltaZeiler;
import chainrule.nn.optimizer.AdaGrad;
import chainrule.nn.optimizer.Adam;
import chainrule.nn.optimizer.Momentum;
import chainrule.nn.optimizer.Nesterov;
import chainrule.nn.optimizer.Optimizer;
import chainrule.nn.optimizer.RmsProp;
import chainrule.spec.OptimizerTrajectorySpec.Gradients;
import chainrule.spec.ledger.Ledger;
import chainrule.spec.ledger.Ledger.Entry;
import chainrule.spec.ledger.Proves;
import chainrule.spec.witness.Bounded;
import chainrule.spec.witness.HighPrecision;
import chainrule.spec.witness.Recurrence;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

/**
 * Ambiguities and misprints in the documents' pages on optimizers: the interpretation that the code follows, and what
 * the other one would do.
 */
class OptimizerInterpretationSpec {

  @Test
  @Proves(value = "003-momentum", by = "Momentum")
  void momentumWithoutTheFactorOneMinusGammaIsTheSameAtTheRateTimesThatFactor() {
    classicMomentumSpec(Ledger.of("003-momentum"), new Momentum(0.1, 0.9), 0.1, 0.9);
    Ledger.of("003-momentum").remark("Momentum averages gradients as printed, v ← γv + (1 − γ)∇. The form v ← γv + ∇ "
        + "gives the same θ with η·(1 − γ) in place of η.");
  }

  /** The subject at η against v ← γv + ∇, θ ← θ − η(1 − γ)·v in 50 digits. */
  static void classicMomentumSpec(Entry entry, Optimizer subject, double rate, double gamma) {
    Gradients gradients = OptimizerTrajectorySpec.recorded(3);
    BigDecimal keep = new BigDecimal(gamma), take = BigDecimal.ONE.subtract(keep);
    BigDecimal eta = new BigDecimal(rate).multiply(take);
    for (int i = 0; i < gradients.n(); i++) {
      double[] theta = {gradients.start(i)}, g = new double[1];
      double[][] state = OptimizerRules.memory(subject, 1);
      BigDecimal exact = new BigDecimal(theta[0]), v = BigDecimal.ZERO;
      double way = 0, largest = 0;
      for (long t = 1; t <= STEPS; t++) {
        g[0] = gradients.of(t, i, theta[0]);
        subject.update(t, rate, 1, theta, g, state);
        v = keep.multiply(v).add(new BigDecimal(g[0]), HighPrecision.DIGITS);
        exact = exact.subtract(eta.multiply(v), HighPrecision.DIGITS);
        way += Math.abs(eta.multiply(v).doubleValue());
        largest = Math.max(largest, Math.abs(take.multiply(v).doubleValue()));
        OptimizerTrajectorySpec.near(entry, theta[0], exact, way, "theta", i, t);
        OptimizerTrajectorySpec.near(entry, state[0][0], take.multiply(v), largest, "v", i, t);
      }
    }
  }

  @Test
  @Proves(value = "003-epsilon", home = "AdaGrad#EPSILON")
  void thePrintedEpsilonOfTenToTheEighthWouldStallTraining() {
    Entry entry = Ledger.of("003-epsilon");
    epsilonSpec(entry, new AdaGrad(1, 1e-8));
    double printed = 3 - descend(new AdaGrad(1, 1e8), 3, STEPS);
    entry.counterexample(printed >= 0 && printed < 1e-4,
        "1,000 steps of AdaGrad on x² − 10 from x = 3, η = 1: with ε = 10⁸, x moves by 6·10⁻⁵; with ε = 10⁻⁸, to 0");
    for (Optimizer o : new Optimizer[] {new RmsProp(1, 0.9, 1e8), new Adam(1, 0.9, 0.999, 1e8)}) {
      double moved = 3 - descend(o, 3, STEPS);
      entry.holds(moved >= 0 && moved < 1e-4, o, moved);
    }
    // Learning is still possible: a rate of 10⁷ compensates.
    double x = descend(new AdaGrad(1e7, 1e8), 3, STEPS);
    entry.check("minimum", Math.abs(x), 1e-8, "η = 10⁷, ε = 10⁸", x);
    entry.exact(1e-8, new AdaGrad(1).epsilon(), "the code's default");
  }

  /** The first step is almost η for gradients of any size, and 1,000 steps find the minimum. */
  static void epsilonSpec(Entry entry, Optimizer subject) {
    for (double g : new double[] {1e-3, 1, 1e3}) {
      double[] theta = {0};
      subject.update(1, 1, 1, theta, new double[] {g}, OptimizerRules.memory(subject, 1));
      entry.check("step", Ledger.Entry.relative(theta[0], -g / (g + 1e-8)), 8 * 0x1p-53, g);
    }
    double x = descend(subject, 3, STEPS);
    entry.check("minimum", Math.abs(x), 1e-8, x);
  }

  /** x after this many steps on y = x² − 10. */
  private static double descend(Optimizer o, double start, int steps) {
    double[] x = {start};
    double[][] state = OptimizerRules.memory(o, 1);
    for (long t = 1; t <= steps; t++) o.update(t, o.rate(), 1, x, new double[] {2 * x[0]}, state);
    return x[0];
  }

  @Test
  @Proves(value = "003-adam", by = "Adam")
  void adamCountsStepsFromOneBecauseThePrintedFormDividesByZeroAtZero() {
    Entry entry = Ledger.of("003-adam");
    Bounded[] memory = {Bounded.ZERO, Bounded.ZERO};
    ArithmeticException e = assertThrows(ArithmeticException.class,
        () -> Recurrence.adam(0.9, 0.999, 1e-8).step(0, Bounded.of(0.1), Bounded.ONE, Bounded.ONE, memory));
    entry.holds(e.getMessage().contains("zero"), e.getMessage());
    double[] theta = {1};
    Adam adam = new Adam(0.1);
    adam.update(0, 0.1, 1, theta, new double[] {1}, OptimizerRules.memory(adam, 1));
    entry.exact(Double.NaN, theta[0], "t = 0 in double");
    firstAdamStepSpec(entry, adam);
    entry.remark("t is 1 at the first update of the network, and counts steps, not arrays. With t = 0, the printed "
        + "1 − β₁⁰ is 0 and m̂ = m/0.");
  }

  /** With bias correction, m̂ = g and v̂ = g² in the first step, so it is η·g/(|g| + ε). */
  static void firstAdamStepSpec(Entry entry, Optimizer subject) {
    for (double g : new double[] {1e-4, -1, 1e6}) {
      double[] theta = {0};
      subject.update(1, 0.1, 1, theta, new double[] {g}, OptimizerRules.memory(subject, 1));
      entry.check("step", Ledger.Entry.relative(theta[0], -0.1 * g / (Math.abs(g) + 1e-8)), 8 * 0x1p-53, g);
    }
  }

  @Test
  @Proves(value = "003-adadelta", by = "AdaDelta")
  void adaDeltaAveragesItsSquaredUpdatesWhichTheDocumentOmits() {
    Entry entry = Ledger.of("003-adadelta");
    // The root of Δθ itself, as printed, is the root of a negative number after one step against a gradient of 1.
    double first = -(Math.sqrt(0) + 1e-3) / (Math.sqrt(0.05) + 1e-3);
    double second = -(Math.sqrt(first) + 1e-3) / (Math.sqrt(0.95 * 0.05 + 0.05) + 1e-3);
    entry.holds(Double.isNaN(second), "√Δθ as printed", first, second);
    updateOfUSpec(entry, new AdaDelta());
    updateOfUSpec(Ledger.of("beyond-adadelta-zeiler"), new AdaDeltaZeiler());
    entry.remark("The root is that of u ← ρu + (1 − ρ)Δ², whose update the document omits; the printed Δθ can be "
        + "negative. AdaDelta has ε outside the roots, as printed; AdaDeltaZeiler has it inside, as in the paper.");
  }

  /**
   * Under a constant gradient of 1, u accumulates every update and the steps grow. v approaches 1, so without u a step
   * would be close to 1e-3, which is ε in one form and √ε in the other. With u, step 100 is more than twice that.
   */
  static void updateOfUSpec(Entry entry, Optimizer subject) {
    double[] theta = {0};
    double[][] state = OptimizerRules.memory(subject, 1);
    double last = 0, u = 0;
    for (long t = 1; t <= 100; t++) {
      double before = theta[0];
      subject.update(t, 1, 1, theta, new double[] {1}, state);
      last = theta[0] - before;
      u = 0.95 * u + 0.05 * last * last;
      // last is a difference of two θ of at most 1, so Δ is accurate to 2⁻⁵³, and so is the root of u.
      entry.check("u", Math.abs(Math.sqrt(state[1][0]) - Math.sqrt(u)), 4 * 0x1p-53, t);
    }
    entry.holds(last < -2e-3, "steps must grow", last);
  }

  @Test
  @Proves(value = "003-adadelta", by = "AdaDelta")
  @Proves(value = "beyond-adadelta-zeiler", by = "AdaDeltaZeiler")
  void theTwoFormsOfAdaDeltaDifferInTheirFirstStep() {
    // ρ = 0 makes v = g² = 1: ε/(1 + ε) outside the roots, √(ε/(1 + ε)) inside. ε = 1/8 gives 1/9 and 1/3.
    firstAdaDeltaStepSpec(Ledger.of("003-adadelta"), new AdaDelta(1, 0, 0.125), -1 / 9.0);
    firstAdaDeltaStepSpec(Ledger.of("beyond-adadelta-zeiler"), new AdaDeltaZeiler(1, 0, 0.125), -1 / 3.0);
    Ledger.of("beyond-adadelta-zeiler").remark("This is the paper's form, √(u + ε)/√(v + ε). AdaDelta is the "
        + "document's, (√u + ε)/(√v + ε).");
  }

  static void firstAdaDeltaStepSpec(Entry entry, Optimizer subject, double expected) {
    double[] theta = {0};
    subject.update(1, 1, 1, theta, new double[] {1}, OptimizerRules.memory(subject, 1));
    entry.check("step", Ledger.Entry.relative(theta[0], expected), 4 * 0x1p-53, subject);
  }

  @Test
  @Proves(value = "beyond-nesterov", by = "Nesterov")
  void nesterovAndMomentumAreGradientDescentWhenGammaIsZero() {
    for (Optimizer o : new Optimizer[] {new Nesterov(0.5, 0), new Momentum(0.5, 0)}) {
      double[] theta = {1};
      double[][] state = OptimizerRules.memory(o, 1);
      o.update(1, 0.5, 1, theta, new double[] {0.75}, state);
      Entry entry = Ledger.of(o instanceof Nesterov ? "beyond-nesterov" : "003-momentum");
      entry.exact(0.625, theta[0], o);
      entry.exact(0.75, state[0][0], o);
    }
  }
}
