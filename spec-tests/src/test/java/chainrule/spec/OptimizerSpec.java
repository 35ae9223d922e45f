// SPDX-License-Identifier: MIT
package chainrule.spec;

import static chainrule.spec.OptimizerRules.ADADELTA;
import static chainrule.spec.OptimizerRules.ADADELTA_ZEILER;
import static chainrule.spec.OptimizerRules.ADAGRAD;
import static chainrule.spec.OptimizerRules.ADAM;
import static chainrule.spec.OptimizerRules.ADAMW;
import static chainrule.spec.OptimizerRules.MOMENTUM;
import static chainrule.spec.OptimizerRules.NESTEROV;
import static chainrule.spec.OptimizerRules.RMSPROP;
import static chainrule.spec.OptimizerRules.SGD;

import chainrule.nn.optimizer.GradientDescent;
import chainrule.nn.optimizer.Optimizer;
import chainrule.spec.OptimizerRules.Hyper;
import chainrule.spec.OptimizerRules.Rule;
import chainrule.spec.ledger.Ledger;
import chainrule.spec.ledger.Ledger.Entry;
import chainrule.spec.ledger.Proves;
import chainrule.spec.witness.Bounded;
import chainrule.spec.witness.HighPrecision;
import chainrule.spec.witness.Recurrence;
import java.math.BigDecimal;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;

/** One step of every optimizer, from any θ, gradient and memory, against its printed formula in 50 digits. */
class OptimizerSpec {
  private static final int TRIES = 400;

  /** The state before a step: θ, ∇, the memory m (of either sign), v and u (both ≥ 0), and the step's number. */
  record Start(double theta, double g, double m, double v, double u, long t) {}

  @Property(tries = TRIES)
  @Proves(value = "003-sgd", home = "GradientDescent#update")
  @Proves(value = {"000-3.3", "000-3.4", "001-gd", "002-gd"}, by = "GradientDescent#update")
  void gradientDescentSubtractsEtaTimesTheGradientWithOneRounding(
      @ForAll("starts") Start s, @ForAll("hypers") Hyper h) {
    for (String id : new String[] {"001-gd", "002-gd", "003-sgd"}) {
      oneRoundingSpec(Ledger.of(id), new GradientDescent(1), h.rate(), s);
    }
    // Δw and Δb are what is subtracted: η = 1.
    for (String id : new String[] {"000-3.3", "000-3.4"}) oneRoundingSpec(Ledger.of(id), new GradientDescent(1), 1, s);
    stepSpec(Ledger.of("003-sgd"), SGD, new GradientDescent(3), h, s);
  }

  @Property(tries = TRIES)
  @Proves(value = "003-momentum", home = "Momentum#update")
  void momentumAveragesTheGradients(@ForAll("starts") Start s, @ForAll("hypers") Hyper h) {
    stepSpec(MOMENTUM, h, s);
  }

  @Property(tries = TRIES)
  @Proves(value = "beyond-nesterov", home = "Nesterov#update")
  void nesterovStepsAlongAWeightedMeanOfTheNewAverageAndTheGradient(
      @ForAll("starts") Start s, @ForAll("hypers") Hyper h) {
    stepSpec(NESTEROV, h, s);
  }

  @Property(tries = TRIES)
  @Proves(value = "003-adagrad", home = "AdaGrad#update")
  void adaGradDividesByTheRootOfTheSumOfSquares(@ForAll("starts") Start s, @ForAll("hypers") Hyper h) {
    stepSpec(ADAGRAD, h, s);
  }

  @Property(tries = TRIES)
  @Proves(value = "003-rmsprop", home = "RmsProp#update")
  void rmsPropDividesByTheRootOfTheMeanSquare(@ForAll("starts") Start s, @ForAll("hypers") Hyper h) {
    stepSpec(RMSPROP, h, s);
  }

  @Property(tries = TRIES)
  @Proves(value = "003-adadelta", home = "AdaDelta#update")
  void adaDeltaHasEpsilonOutsideTheRoots(@ForAll("starts") Start s, @ForAll("hypers") Hyper h) {
    stepSpec(ADADELTA, h, s);
  }

  @Property(tries = TRIES)
  @Proves(value = "beyond-adadelta-zeiler", home = "AdaDeltaZeiler#update")
  void zeilersAdaDeltaHasEpsilonInsideTheRoots(@ForAll("starts") Start s, @ForAll("hypers") Hyper h) {
    stepSpec(ADADELTA_ZEILER, h, s);
  }

  @Property(tries = TRIES)
  @Proves(value = "003-adam", home = "Adam#update")
  void adamDividesTheCorrectedMeanByTheRootOfTheCorrectedMeanSquare(
      @ForAll("starts") Start s, @ForAll("hypers") Hyper h) {
    stepSpec(ADAM, h, s);
  }

  @Property(tries = TRIES)
  @Proves(value = "beyond-adamw", home = "AdamW#update")
  void adamWAppliesItsDecaySeparatelyFromTheGradient(@ForAll("starts") Start s, @ForAll("hypers") Hyper h) {
    stepSpec(ADAMW, h, s);
  }

  /** The subject is created with another rate, because only the rate passed to the step must matter. */
  private static void stepSpec(Rule rule, Hyper h, Start s) {
    Hyper other = new Hyper(3, h.decay(), h.decay2(), h.epsilon(), h.lambda());
    stepSpec(Ledger.of(rule.id()), rule, rule.subject().apply(other), h, s);
  }

  /** θ − η∇ rounded once: half an ulp of the result. */
  static void oneRoundingSpec(Entry entry, Optimizer subject, double rate, Start s) {
    double[] theta = {s.theta};
    subject.update(s.t, rate, 1, theta, new double[] {s.g}, new double[0][]);
    BigDecimal exact = new BigDecimal(s.theta).subtract(new BigDecimal(rate).multiply(new BigDecimal(s.g)));
    entry.ulps(theta[0], exact, 0.5, s, rate);
  }

  /** One step of the subject with h.rate against the rule's recurrence: θ and every slot of the memory. */
  static void stepSpec(Entry entry, Rule rule, Optimizer subject, Hyper h, Start s) {
    int slots = rule.slots().length();
    entry.holds(subject.slots() == slots, "slots", subject.slots());
    double[] theta = {s.theta}, g = {s.g};
    double[][] state = new double[slots][1];
    Bounded[] exact = new Bounded[slots];
    for (int k = 0; k < slots; k++) {
      state[k][0] = switch (rule.slots().charAt(k)) {
        case 'm' -> s.m;
        case 'v' -> s.v;
        default -> s.u;
      };
      exact[k] = Bounded.of(state[k][0]);
    }
    subject.update(s.t, h.rate(), 1, theta, g, state);
    Recurrence page = rule.page().apply(h);
    Bounded next = page.step(s.t, Bounded.of(h.rate()), Bounded.of(s.theta), Bounded.of(s.g), exact);
    near(entry, theta[0], next, "theta", h, s);
    for (int k = 0; k < slots; k++) near(entry, state[k][0], exact[k], "slot " + k, h, s);
    entry.exact(s.g, g[0], "the gradient must not change");
  }

  /**
   * Checks that a value is within 4 ulps of the exact one. Where terms cancel or underflow, or 1 − β^t is close to 0
   * (its condition number is t·β^t/(1 − β^t)), running error analysis of the printed formula gives the bound. The
   * ledger records ulps divided by the condition number.
   */
  static void near(Entry entry, double actual, Bounded exact, Object... place) {
    double ulp = Math.ulp(exact.value());
    double condition = Math.max(1, exact.error() / (4 * ulp));
    if (!(Math.abs(actual) < Double.POSITIVE_INFINITY)) {
      entry.check(Entry.VALUE, Double.POSITIVE_INFINITY, 4, place);
    }
    entry.check(Entry.VALUE, HighPrecision.ulps(actual, exact.v()) / condition, 4, place);
  }

  @Provide
  Arbitrary<Start> starts() {
    // Magnitudes are limited so that squares do not overflow, even with a small ε or 1 − β.
    Arbitrary<Double> theta = Arbitraries.oneOf(
        signed(1e-3, 1e3), signed(1e-300, 1e150), Arbitraries.of(0.0, -0.0, Double.MIN_VALUE, -1e-310, 1.0));
    Arbitrary<Double> g = Arbitraries.oneOf(
        signed(1e-6, 1e6), signed(1e-320, 1e140), Arbitraries.of(0.0, -0.0, Double.MIN_VALUE, -1e-310, 1e-162, 1.0));
    Arbitrary<Double> m = Arbitraries.oneOf(signed(1e-6, 1e6), signed(1e-320, 1e140), Arbitraries.of(0.0, -1e-310));
    Arbitrary<Double> square = Arbitraries.oneOf(
        magnitude(1e-12, 1e12), magnitude(1e-320, 1e280), Arbitraries.of(0.0, Double.MIN_VALUE, 1e-310));
    Arbitrary<Long> t =
        Arbitraries.oneOf(Arbitraries.longs().between(1, 10), Arbitraries.longs().between(1, 1_000_000));
    return Combinators.combine(theta, g, m, square, square, t).as(Start::new);
  }

  @Provide
  Arbitrary<Hyper> hypers() {
    Arbitrary<Double> decay = Arbitraries.oneOf(
        Arbitraries.of(0.0, 0.5, 0.9, 0.95, 0.99, 0.999, 0.999999, Double.MIN_VALUE),
        fraction().map(f -> 0.9999 * f));
    Arbitrary<Double> lambda = Arbitraries.oneOf(Arbitraries.of(0.0), magnitude(1e-6, 1));
    return Combinators.combine(magnitude(1e-6, 10), decay, decay, magnitude(1e-12, 1), lambda).as(Hyper::new);
  }

  private static Arbitrary<Double> signed(double from, double to) {
    return Combinators.combine(magnitude(from, to), Arbitraries.of(1.0, -1.0)).as((a, b) -> a * b);
  }

  /** Log-uniform in [from, to]. */
  private static Arbitrary<Double> magnitude(double from, double to) {
    return fraction().map(f -> Math.pow(10, Math.log10(from) + f * (Math.log10(to) - Math.log10(from))));
  }

  /** Uniform in [0, 1], with all bits random. By default, jqwik's doubles have two decimal places. */
  private static Arbitrary<Double> fraction() {
    return Arbitraries.longs().between(0, 1L << 53).withDistribution(RandomDistribution.uniform())
        .map(k -> k * 0x1p-53);
  }
}
