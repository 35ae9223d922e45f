// SPDX-License-Identifier: MIT
package chainrule.spec;

import static chainrule.spec.PrintedActivation.NO_CANCELLATION;
import static chainrule.spec.PrintedActivation.PIECEWISE_LINEAR;
import static chainrule.spec.PrintedActivation.SMOOTH;

import chainrule.nn.activation.Elementwise;
import chainrule.nn.activation.LeakyRelu;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Step;
import chainrule.nn.activation.Tanh;
import chainrule.spec.ledger.Ledger;
import chainrule.spec.ledger.Ledger.Entry;
import chainrule.spec.ledger.Proves;
import chainrule.spec.witness.Dual;
import chainrule.spec.witness.HighPrecision;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** The element-wise activations of the five documents: values, derivatives, kinks, and values at ±∞ and NaN. */
class ActivationSpec {
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final Dual ONE = Dual.ONE, TWO = Dual.constant(2);

  static final List<PrintedActivation> LINEAR = List.of(
      new PrintedActivation("000-1.1", x -> x, (x, a) -> ONE, 0, NO_CANCELLATION, PIECEWISE_LINEAR),
      new PrintedActivation("002-linear", x -> x, null, 0, NO_CANCELLATION, PIECEWISE_LINEAR),
      new PrintedActivation("003-linear", x -> x, (x, a) -> ONE, 0, NO_CANCELLATION, PIECEWISE_LINEAR));

  /** For x ≠ 0, where the documents agree. */
  static final List<PrintedActivation> RELU = List.of(
      new PrintedActivation("000-1.2", x -> x.v().signum() < 0 ? Dual.ZERO : x,
          (x, a) -> x.v().signum() < 0 ? Dual.ZERO : ONE,
          0, NO_CANCELLATION, PIECEWISE_LINEAR),
      new PrintedActivation("001-relu", ActivationSpec::maxWithZero, (z, a) -> z.isPositive() ? ONE : Dual.ZERO,
          0, NO_CANCELLATION, PIECEWISE_LINEAR),
      new PrintedActivation("003-relu", ActivationSpec::maxWithZero, (z, a) -> z.isPositive() ? ONE : Dual.ZERO,
          0, NO_CANCELLATION, PIECEWISE_LINEAR));

  private static Dual maxWithZero(Dual x) {
    return x.isPositive() ? x : Dual.ZERO;
  }

  /** φ' = a(1 − a): a has an error of 2 ulp, and 1 − a inherits its absolute error, so φ' is only as accurate as a. */
  private static final PrintedActivation.Terms OF_SIGMOID = (z, y) -> y.value();

  static final List<PrintedActivation> SIGMOID = List.of(
      new PrintedActivation("000-1.3", ActivationSpec::sigmoid, ActivationSpec::printedSlopeOf000, 2,
          OF_SIGMOID, SMOOTH),
      new PrintedActivation("001-sigmoid", ActivationSpec::sigmoid, (z, a) -> a.times(ONE.minus(a)), 2,
          OF_SIGMOID, SMOOTH),
      new PrintedActivation("003-sigmoid", ActivationSpec::sigmoid, (z, a) -> a.times(ONE.minus(a)), 2,
          OF_SIGMOID, SMOOTH),
      new PrintedActivation("004-sigmoid", ActivationSpec::sigmoid, (z, a) -> a.times(ONE.minus(a)), 2,
          OF_SIGMOID, SMOOTH));

  /** 1/(1+e^−z). */
  static Dual sigmoid(Dual z) {
    return ONE.over(ONE.plus(z.negate().exp()));
  }

  /** e^x/(1+e^x)². */
  private static Dual printedSlopeOf000(Dual x, Dual a) {
    Dual e = x.exp(), s = ONE.plus(e);
    return e.over(s.times(s));
  }

  /** φ' = 1 − a²: both terms are at most 1, and cancel where a² is near 1. */
  static final PrintedActivation TANH = new PrintedActivation(
      "001-tanh", z -> TWO.over(ONE.plus(z.times(-2).exp())).minus(ONE),
      (z, a) -> ONE.minus(a.times(a)), HighPrecision::tanh, 2, (z, y) -> 1, SMOOTH);

  /** εz and z, for z ≠ 0. */
  static PrintedActivation leaky(double epsilon) {
    Dual e = Dual.constant(epsilon);
    return new PrintedActivation("001-leaky-relu", z -> z.isPositive() ? z : e.times(z),
        (z, a) -> z.isPositive() ? ONE : e,
        0.5, NO_CANCELLATION, PIECEWISE_LINEAR);
  }

  @Property(tries = 400)
  @Proves(value = {"000-1.1", "002-linear", "003-linear"}, home = "Linear#value")
  @Proves(value = {"000-1.1-d", "003-linear-d"}, home = "Linear#derivative")
  void linearReturnsItsInput(@ForAll("farAndNear") double x) {
    for (PrintedActivation formula : LINEAR) formula.check(Ledger::of, new Linear(), x);
  }

  @Test
  @Proves(value = {"000-1.1", "002-linear", "003-linear"}, by = "Linear#value")
  void linearReturnsZeroInfinityAndNaNUnchanged() {
    for (PrintedActivation formula : LINEAR) {
      for (double x : new double[] {0, -0.0, Double.MIN_VALUE, Double.MAX_VALUE, INF, -INF, Double.NaN}) {
        Ledger.of(formula.id()).exact(x, new Linear().value(x), x);
      }
    }
  }

  @Property(tries = 400)
  @Proves(value = {"000-1.2", "001-relu", "003-relu"}, home = "Relu#value")
  @Proves(value = {"000-1.2-d", "001-relu-d", "003-relu-d"}, by = "Relu")
  void reluReplacesNegativeNumbersByZero(@ForAll("farAndNear") double x) {
    for (PrintedActivation formula : RELU) formula.check(Ledger::of, new Relu(), x);
  }

  @Test
  @Proves(value = {"000-1.2-d", "001-relu-d", "003-relu-d"}, home = "Relu#derivative")
  @Proves(value = {"000-1.2", "001-relu", "003-relu"}, by = "Relu")
  void reluHasDerivativeZeroAtItsKink() {
    reluAtItsKinkAndEnds(Ledger::of, new Relu());
    Ledger.of("000-1.2-d").remark(
        "Relu has φ'(0) = 0, the limit from the left, as in 001 and 003. 000 prints 1, the limit from the right.");
    for (String id : List.of("001-relu-d", "003-relu-d")) Ledger.of(id).remark("Relu has φ'(0) = 0, as printed here.");
  }

  static void reluAtItsKinkAndEnds(Function<String, Entry> ledger, Elementwise phi) {
    for (String id : List.of("000-1.2", "001-relu", "003-relu")) {
      Entry value = ledger.apply(id), slope = ledger.apply(id + "-d");
      for (double x : new double[] {0, -0.0, -Double.MIN_VALUE, -Double.MAX_VALUE, -INF}) {
        value.exact(0, phi.value(x), x);
        slope.exact(0, phi.derivative(x, phi.value(x)), x);
      }
      for (double x : new double[] {Double.MIN_VALUE, Double.MAX_VALUE, INF}) {
        value.exact(x, phi.value(x), x);
        slope.exact(1, phi.derivative(x, phi.value(x)), x);
      }
      value.exact(Double.NaN, phi.value(Double.NaN), "NaN");
      // Either choice is the derivative from one side; at the kink itself there is none.
      for (double h : new double[] {1, 0x1p-30, Double.MIN_NORMAL}) {
        slope.exact(1, (phi.value(h) - phi.value(0)) / h, "000's choice: the derivative from the right", h);
        slope.exact(0, (phi.value(-h) - phi.value(0)) / -h, "001's and 003's choice: the derivative from the left", h);
      }
    }
  }

  @Property(tries = 400)
  @Proves(value = {"000-1.3", "001-sigmoid", "003-sigmoid"}, home = "Sigmoid#value")
  @Proves(value = {"000-1.3-d", "001-sigmoid-d", "003-sigmoid-d", "004-sigmoid-d"}, home = "Sigmoid#derivative")
  @Proves(value = "004-sigmoid", by = "Sigmoid")
  void sigmoidIsOneOverOnePlusExpOfMinusZ(@ForAll("hundreds") double z) {
    for (PrintedActivation formula : SIGMOID) formula.check(Ledger::of, new Sigmoid(), z);
  }

  @Test
  @Proves(value = {"000-1.3", "000-1.3-d", "001-sigmoid", "001-sigmoid-d", "003-sigmoid", "003-sigmoid-d",
      "004-sigmoid", "004-sigmoid-d"}, by = "Sigmoid")
  void sigmoidIsOneHalfAtZeroAndSaturates() {
    for (PrintedActivation formula : SIGMOID) {
      for (double z : new double[] {0, -0.0, Double.MIN_VALUE, -1e-17, 36.7, 36.8, 37, 40, -37, 709.7, 709.79, 710,
          -708.4, -709.79, -740, -745.1, 745}) {
        formula.check(Ledger::of, new Sigmoid(), z);
      }
      sigmoidAtItsEnds(Ledger::of, formula.id(), new Sigmoid());
    }
  }

  static void sigmoidAtItsEnds(Function<String, Entry> ledger, String id, Elementwise phi) {
    Entry value = ledger.apply(id), slope = ledger.apply(id + "-d");
    value.exact(0.5, phi.value(0), 0);
    slope.exact(0.25, phi.derivative(0, phi.value(0)), 0);
    for (double z : new double[] {746, 1e6, Double.MAX_VALUE, INF}) {
      value.exact(1, phi.value(z), z);
      value.exact(0, phi.value(-z), -z);
      slope.exact(0, phi.derivative(z, phi.value(z)), z);
      slope.exact(0, phi.derivative(-z, phi.value(-z)), -z);
    }
    value.exact(Double.NaN, phi.value(Double.NaN), "NaN");
    slope.exact(Double.NaN, phi.derivative(Double.NaN, phi.value(Double.NaN)), "NaN");
  }

  @Test
  @Proves(value = "000-1.3-d", by = "Sigmoid#derivative")
  void theDerivativePrintedIn000IsNaNWhereExpOverflows() {
    Entry e = Ledger.of("000-1.3-d");
    double lastFinite = 709.782712893384, firstNaN = Math.nextUp(lastFinite);
    e.exact(0, printedInDouble(lastFinite), "the square overflows for x ≥ 355, which gives 0");
    for (double x : new double[] {firstNaN, 710, 1e6, INF}) {
      e.exact(Double.NaN, printedInDouble(x), "printed form at", x);
      double a = new Sigmoid().value(x), d = new Sigmoid().derivative(x, a);
      // The exact derivative is below e^−709 = 1e-308.
      e.holds(Math.abs(d - StrictMath.exp(-x)) < Double.MIN_NORMAL, "implementation at", x, d);
    }
    e.remark("In double precision, e^x/(1+e^x)² is 0 for x ≥ 355, and NaN (∞/∞) for x ≥ " + firstNaN + ". a(1−a) is 0 "
        + "there, with an error below Double.MIN_NORMAL for x ≥ 709. For 37 < x < 354.8 the printed form has a "
        + "relative error below 1e-15, but a(1−a) is 0 for x ≥ 37.5, where a is 1.");
  }

  /** e^x, 1 + e^x, its square and the quotient each have an error of ½ or 1 ulp, which the square doubles. */
  @Test
  @Proves(value = "000-1.3-d", by = "Sigmoid#derivative")
  void theDerivativePrintedIn000IsMoreAccurateBetween37And354() {
    Entry e = Ledger.of("000-1.3-d");
    for (int k = 1; k <= 3547; k++) {
      double x = k / 10.0, a = new Sigmoid().value(x), d = new Sigmoid().derivative(x, a);
      Dual y = Dual.ONE.over(Dual.ONE.plus(Dual.variable(x).negate().exp()));
      double printed = Entry.relative(printedInDouble(x), y.derivative()), ours = Entry.relative(d, y.derivative());
      e.check("printed in double", printed, 1e-15, "printed form at", x);
      e.holds(Math.abs(d - y.derivative()) < 0x1p-53, "implementation at", x, d);
      if (x > 37) e.holds(ours > printed, "the printed form is more accurate at", x, ours, printed);
      if (x >= 37.5) e.exact(0, d, "a is 1", x);
    }
    e.exact(0, printedInDouble(355));
  }

  private static double printedInDouble(double x) {
    double e = StrictMath.exp(x);
    return e / ((1 + e) * (1 + e));
  }

  @Property(tries = 400)
  @Proves(value = "001-tanh", home = "Tanh#value")
  @Proves(value = "001-tanh-d", home = "Tanh#derivative")
  void tanhIsWithinTwoUlpsAndItsDerivativeIsOneMinusItsSquare(@ForAll("hundreds") double z) {
    TANH.check(Ledger::of, new Tanh(), z);
  }

  @Test
  @Proves(value = {"001-tanh", "001-tanh-d"}, by = "Tanh")
  void tanhIsOddAndSaturates() {
    Entry value = Ledger.of("001-tanh"), slope = Ledger.of("001-tanh-d");
    Tanh phi = new Tanh();
    for (double z : new double[] {0, Double.MIN_VALUE, 1e-300, 0.55, Math.nextDown(0.55), 18.9, 19.1, 22, 400, 745}) {
      TANH.check(Ledger::of, phi, z);
      TANH.check(Ledger::of, phi, -z);
      value.exact(-phi.value(z), phi.value(-z), z);
    }
    for (double z : new double[] {20, 1e6, Double.MAX_VALUE, INF}) {
      value.exact(1, phi.value(z), z);
      value.exact(-1, phi.value(-z), -z);
      slope.exact(0, phi.derivative(z, 1), z);
      slope.exact(0, phi.derivative(-z, -1), -z);
    }
    value.exact(Double.NaN, phi.value(Double.NaN), "NaN");
  }

  @Test
  @Proves(value = "001-tanh", by = "Tanh#value")
  void thePrintedTanhLosesItsDigitsNearZero() {
    Entry e = Ledger.of("001-tanh");
    for (double z : new double[] {1e-5, -1e-8, 1e-10, 1e-15, 1e-17, -1e-300}) {
      double exact = HighPrecision.tanh(new BigDecimal(z)).doubleValue();
      double printed = 2 / (1 + StrictMath.exp(-2 * z)) - 1;
      e.holds(Entry.relative(printed, exact) > Math.min(0.5, 1e-18 / Math.abs(z)), "printed form at", z, printed);
      TANH.value(e, new Tanh(), z);
    }
    e.exact(0, 2 / (1 + StrictMath.exp(-2e-17)) - 1, "the printed form at 1e-17");
    e.remark("Correct, but in double precision the printed form has a rounding error relative to 1, not to tanh z. It "
        + "has 7 correct digits at z = 1e-10, and is 0 at 1e-17. Tanh is within 2 ulp everywhere.");
  }

  @Property(tries = 400)
  @Proves(value = "001-leaky-relu", home = "LeakyRelu#value")
  @Proves(value = "001-leaky-relu-d", home = "LeakyRelu#derivative")
  void leakyReluHasSlopeEpsilonForNegativeNumbers(@ForAll("farAndNear") double z, @ForAll("slopes") double epsilon) {
    leaky(epsilon).check(Ledger::of, new LeakyRelu(epsilon), z);
  }

  @Test
  @Proves(value = {"001-leaky-relu", "001-leaky-relu-d"}, by = "LeakyRelu")
  void leakyReluHasSlopeEpsilonAtItsKink() {
    for (double epsilon : new double[] {0.01, 0.2, 1, 3, Double.MIN_VALUE}) {
      leakyAtItsKink(Ledger::of, epsilon, new LeakyRelu(epsilon));
    }
    Ledger.of("001-leaky-relu").remark("ε is a parameter of LeakyRelu, 0.01 by default. φ'(0) = ε, as printed.");
  }

  static void leakyAtItsKink(Function<String, Entry> ledger, double epsilon, Elementwise phi) {
    Entry value = ledger.apply("001-leaky-relu"), slope = ledger.apply("001-leaky-relu-d");
    for (double z : new double[] {0, -0.0, -Double.MIN_VALUE, -1, -INF}) {
      if (z != -Double.MIN_VALUE) value.exact(z == 0 ? 0 : epsilon * z, phi.value(z), z);
      slope.exact(epsilon, phi.derivative(z, phi.value(z)), z);
    }
    for (double z : new double[] {Double.MIN_VALUE, 1, INF}) {
      value.exact(z, phi.value(z), z);
      slope.exact(1, phi.derivative(z, phi.value(z)), z);
    }
    value.exact(Double.NaN, phi.value(Double.NaN), "NaN");
  }

  @Property(tries = 150)
  @Proves(value = {"000-1.1", "001-relu", "001-sigmoid", "001-tanh", "001-leaky-relu", "002-step"},
      by = "Elementwise#forward, Elementwise#applyDerivative")
  void arraysHaveTheBitsOfTheScalarFormulas(
      @ForAll @Size(min = 0, max = 67) List<@From("anything") Double> z, @ForAll("hundreds") double g) {
    double[] in = z.stream().mapToDouble(x -> x).toArray(), back = new double[in.length];
    for (int i = 0; i < back.length; i++) back[i] = g * (i - 3);
    PrintedActivation.bulk(Ledger.of("000-1.1"), new Linear(), in, back);
    PrintedActivation.bulk(Ledger.of("001-relu"), new Relu(), in, back);
    PrintedActivation.bulk(Ledger.of("001-sigmoid"), new Sigmoid(), in, back);
    PrintedActivation.bulk(Ledger.of("001-tanh"), new Tanh(), in, back);
    for (double slope : new double[] {0.2, 0.9, 3}) {
      PrintedActivation.bulk(Ledger.of("001-leaky-relu"), new LeakyRelu(slope), in, back);
    }
    PrintedActivation.bulk(Ledger.of("002-step"), new Step(), in, back);
  }

  /** Numbers whose exponential is neither 0 nor ∞. */
  @Provide
  Arbitrary<Double> hundreds() {
    return Arbitraries.oneOf(PrintedActivation.reals(1e-300, 744), PrintedActivation.reals(1e-8, 40));
  }

  /** Numbers for which the stencil of the differences neither underflows nor overflows. */
  @Provide
  Arbitrary<Double> farAndNear() {
    return Arbitraries.oneOf(PrintedActivation.reals(1e-280, 1e300), PrintedActivation.reals(1e-8, 40));
  }

  @Provide
  Arbitrary<Double> slopes() {
    return PrintedActivation.reals(1e-6, 100).map(Math::abs);
  }

  /** Arbitrary bits, numbers of ordinary size, and edge cases. */
  @Provide
  Arbitrary<Double> anything() {
    return Arbitraries.oneOf(
        Arbitraries.longs().withDistribution(RandomDistribution.uniform()).map(Double::longBitsToDouble),
        PrintedActivation.reals(1e-8, 40), Arbitraries.of(0.0, -0.0, INF, -INF, Double.NaN, Double.MIN_VALUE));
  }
}
