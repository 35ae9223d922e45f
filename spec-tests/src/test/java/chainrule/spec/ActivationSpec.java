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

/** The element-wise activations of the five documents: values in ulps, derivatives by two witnesses, kinks and ends. */
class ActivationSpec {
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final Dual ONE = Dual.ONE, TWO = Dual.constant(2);

  static final List<PrintedActivation> LINEAR = List.of(
      new PrintedActivation("000-1.1", x -> x, (x, a) -> ONE, 0, NO_CANCELLATION, PIECEWISE_LINEAR),
      new PrintedActivation("002-linear", x -> x, null, 0, NO_CANCELLATION, PIECEWISE_LINEAR),
      new PrintedActivation("003-linear", x -> x, (x, a) -> ONE, 0, NO_CANCELLATION, PIECEWISE_LINEAR));

  /** Away from 0, where the pages agree. */
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

  /** a(1 − a): a is known to 2 ulp and 1 − a only as well as a, so φ' is as exact as a, and not more when a nears 1. */
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

  /** 1 − a²: both terms are at most 1, and near 1 together. */
  static final PrintedActivation TANH = new PrintedActivation(
      "001-tanh", z -> TWO.over(ONE.plus(z.times(-2).exp())).minus(ONE),
      (z, a) -> ONE.minus(a.times(a)), HighPrecision::tanh, 2, (z, y) -> 1, SMOOTH);

  /** εz and z; away from 0. */
  static PrintedActivation leaky(double epsilon) {
    Dual e = Dual.constant(epsilon);
    return new PrintedActivation("001-leaky-relu", z -> z.isPositive() ? z : e.times(z),
        (z, a) -> z.isPositive() ? ONE : e,
        0.5, NO_CANCELLATION, PIECEWISE_LINEAR);
  }

  @Property(tries = 400)
  @Proves(value = {"000-1.1", "000-1.1-d", "002-linear", "003-linear", "003-linear-d"}, by = "Linear")
  void linearPassesEverythingThrough(@ForAll("farAndNear") double x) {
    for (PrintedActivation page : LINEAR) page.check(Ledger::of, new Linear(), x);
  }

  @Test
  @Proves(value = {"000-1.1", "002-linear", "003-linear"}, by = "Linear#value")
  void linearPassesTheEndsThrough() {
    for (PrintedActivation page : LINEAR) {
      for (double x : new double[] {0, -0.0, Double.MIN_VALUE, Double.MAX_VALUE, INF, -INF, Double.NaN}) {
        Ledger.of(page.id()).exact(x, new Linear().value(x), x);
      }
    }
  }

  @Property(tries = 400)
  @Proves(value = {"000-1.2", "000-1.2-d", "001-relu", "001-relu-d", "003-relu", "003-relu-d"}, by = "Relu")
  void reluCutsOffWhatIsNegative(@ForAll("farAndNear") double x) {
    for (PrintedActivation page : RELU) page.check(Ledger::of, new Relu(), x);
  }

  @Test
  @Proves(value = {"000-1.2", "000-1.2-d", "001-relu", "001-relu-d", "003-relu", "003-relu-d"}, by = "Relu")
  void reluHasDerivativeZeroAtItsKink() {
    reluAtItsKinkAndEnds(Ledger::of, new Relu());
    Ledger.of("000-1.2-d").remark(
        "Relu has φ'(0) = 0, the limit from the left, as 001 and 003 print it; 000 prints 1, that from the right.");
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
      // Either choice is the slope to one side: a kink has no derivative of its own.
      for (double h : new double[] {1, 0x1p-30, Double.MIN_NORMAL}) {
        slope.exact(1, (phi.value(h) - phi.value(0)) / h, "000's choice: the slope to the right", h);
        slope.exact(0, (phi.value(-h) - phi.value(0)) / -h, "001's and 003's: the slope to the left", h);
      }
    }
  }

  @Property(tries = 400)
  @Proves(value = {"000-1.3", "000-1.3-d", "001-sigmoid", "001-sigmoid-d", "003-sigmoid", "003-sigmoid-d",
      "004-sigmoid", "004-sigmoid-d"}, by = "Sigmoid")
  void sigmoidIsOneOverOnePlusExpOfMinusZ(@ForAll("hundreds") double z) {
    for (PrintedActivation page : SIGMOID) page.check(Ledger::of, new Sigmoid(), z);
  }

  @Test
  @Proves(value = {"000-1.3", "000-1.3-d", "001-sigmoid", "001-sigmoid-d", "003-sigmoid", "003-sigmoid-d",
      "004-sigmoid", "004-sigmoid-d"}, by = "Sigmoid")
  void sigmoidIsHalfAtZeroAndSaturatesAtItsEnds() {
    for (PrintedActivation page : SIGMOID) {
      for (double z : new double[] {0, -0.0, Double.MIN_VALUE, -1e-17, 36.7, 36.8, 37, 40, -37, 709.7, 709.79, 710,
          -708.4, -709.79, -740, -745.1, 745}) {
        page.check(Ledger::of, new Sigmoid(), z);
      }
      sigmoidAtItsEnds(Ledger::of, page.id(), new Sigmoid());
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
  void thePrintedDerivativeOf000IsNaNWhereExpOverflows() {
    Entry e = Ledger.of("000-1.3-d");
    double lastFinite = 709.782712893384, firstNaN = Math.nextUp(lastFinite);
    e.exact(0, printedInDouble(lastFinite), "the square overflows from 355 on, and leaves 0");
    for (double x : new double[] {firstNaN, 710, 1e6, INF}) {
      e.exact(Double.NaN, printedInDouble(x), "printed form at", x);
      double a = new Sigmoid().value(x), d = new Sigmoid().derivative(x, a);
      // The true derivative is below e^−709 = 1e-308 of a's terms.
      e.holds(Math.abs(d - StrictMath.exp(-x)) < Double.MIN_NORMAL, "implementation at", x, d);
    }
    e.remark("In double e^x/(1+e^x)² is NaN from x = " + firstNaN + " on (∞/∞) and 0 from 355 on; a(1−a) is 0 there, "
        + "which is right to within Double.MIN_NORMAL from 709 on. For 37 < x < 354.8 the printed form is within 1e-15 "
        + "of the derivative, relatively, and a(1−a), whose a is 1 from 37.5 on, is 0.");
  }

  /** e^x, 1 + e^x, its square and the quotient: each within an ulp or half of one, and the square doubles it. */
  @Test
  @Proves(value = "000-1.3-d", by = "Sigmoid#derivative")
  void thePrintedDerivativeOf000IsRelativelyBetterBetween37And354() {
    Entry e = Ledger.of("000-1.3-d");
    for (int k = 1; k <= 3547; k++) {
      double x = k / 10.0, a = new Sigmoid().value(x), d = new Sigmoid().derivative(x, a);
      Dual y = Dual.ONE.over(Dual.ONE.plus(Dual.variable(x).negate().exp()));
      double printed = Entry.relative(printedInDouble(x), y.derivative()), ours = Entry.relative(d, y.derivative());
      e.check("printed in double", printed, 1e-15, "printed form at", x);
      e.holds(Math.abs(d - y.derivative()) < 0x1p-53, "implementation at", x, d);
      if (x > 37) e.holds(ours > printed, "the printed form is the better one at", x, ours, printed);
      if (x >= 37.5) e.exact(0, d, "a is 1", x);
    }
    e.exact(0, printedInDouble(355));
  }

  private static double printedInDouble(double x) {
    double e = StrictMath.exp(x);
    return e / ((1 + e) * (1 + e));
  }

  @Property(tries = 400)
  @Proves(value = {"001-tanh", "001-tanh-d"}, by = "Tanh")
  void tanhIsWithinTwoUlpsAndItsDerivativeIsOneMinusItsSquare(@ForAll("hundreds") double z) {
    TANH.check(Ledger::of, new Tanh(), z);
  }

  @Test
  @Proves(value = {"001-tanh", "001-tanh-d"}, by = "Tanh")
  void tanhIsOddAndSaturatesAtItsEnds() {
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
    e.remark("True, but in double the printed form rounds at 1 and not at tanh z: at z = 1e-10 it has 7 digits left, "
        + "at 1e-17 it is 0. Tanh keeps 2 ulp everywhere.");
  }

  @Property(tries = 400)
  @Proves(value = {"001-leaky-relu", "001-leaky-relu-d"}, by = "LeakyRelu")
  void leakyReluHasSlopeEpsilonOnTheLeft(@ForAll("farAndNear") double z, @ForAll("slopes") double epsilon) {
    leaky(epsilon).check(Ledger::of, new LeakyRelu(epsilon), z);
  }

  @Test
  @Proves(value = {"001-leaky-relu", "001-leaky-relu-d"}, by = "LeakyRelu")
  void leakyReluHasSlopeEpsilonAtItsKink() {
    for (double epsilon : new double[] {0.01, 0.2, 1, 3, Double.MIN_VALUE}) {
      leakyAtItsKink(Ledger::of, epsilon, new LeakyRelu(epsilon));
    }
    Ledger.of("001-leaky-relu").remark("ε is LeakyRelu's parameter, 0.01 unless given; φ'(0) = ε, as printed.");
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
  void arraysGetTheBitsOfTheScalarFormulas(
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

  /** Where e^z and its like are neither 0 nor ∞. */
  @Provide
  Arbitrary<Double> hundreds() {
    return Arbitraries.oneOf(PrintedActivation.reals(1e-300, 744), PrintedActivation.reals(1e-8, 40));
  }

  /** Not so near 0 that a stencil underflows, nor so far that it overflows. */
  @Provide
  Arbitrary<Double> farAndNear() {
    return Arbitraries.oneOf(PrintedActivation.reals(1e-280, 1e300), PrintedActivation.reals(1e-8, 40));
  }

  @Provide
  Arbitrary<Double> slopes() {
    return PrintedActivation.reals(1e-6, 100).map(Math::abs);
  }

  /** Any bits at all, and numbers of everyday size. */
  @Provide
  Arbitrary<Double> anything() {
    return Arbitraries.oneOf(
        Arbitraries.longs().withDistribution(RandomDistribution.uniform()).map(Double::longBitsToDouble),
        PrintedActivation.reals(1e-8, 40), Arbitraries.of(0.0, -0.0, INF, -INF, Double.NaN, Double.MIN_VALUE));
  }
}
