// SPDX-License-Identifier: MIT
package chainrule.spec;

import static chainrule.spec.PrintedActivation.NO_CANCELLATION;
import static chainrule.spec.PrintedActivation.SMOOTH;

import chainrule.nn.activation.Elementwise;
import chainrule.nn.activation.Elu;
import chainrule.nn.activation.Gelu;
import chainrule.nn.activation.Silu;
import chainrule.nn.activation.Softplus;
import chainrule.spec.ledger.Ledger;
import chainrule.spec.ledger.Ledger.Entry;
import chainrule.spec.ledger.Proves;
import chainrule.spec.witness.Dual;
import chainrule.spec.witness.HighPrecision;
import chainrule.spec.witness.NormalDistribution;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** The activations beyond the five documents, by the formulas of their papers: ELU, GELU, SiLU and softplus. */
class BeyondActivationSpec {
  private static final double INF = Double.POSITIVE_INFINITY, NAN = Double.NaN;
  private static final Dual ONE = Dual.ONE;

  /** The derivative has the same entry as the value. */
  private static final Function<String, Entry> LEDGER = inOneEntry(Ledger::of);

  static Function<String, Entry> inOneEntry(Function<String, Entry> ledger) {
    return id -> ledger.apply(id.endsWith("-d") ? id.substring(0, id.length() - 2) : id);
  }

  /** z and α(e^z − 1). The bound is 2 ulp for e^z − 1, doubled because α may scale the ulp, and one rounding. */
  static PrintedActivation elu(double alpha) {
    Dual k = Dual.constant(alpha);
    return new PrintedActivation("beyond-elu", z -> z.isPositive() ? z : k.times(z.exp().minus(ONE)),
        (z, a) -> z.isPositive() ? ONE : k.times(z.exp()),
        x -> x.signum() > 0 ? x : HighPrecision.expm1(x).multiply(k.v()), 4.5, NO_CANCELLATION, SMOOTH_PIECES);
  }

  /** Smaller steps near the kink at 0, so that no stencil reaches across it. */
  private static final DoubleUnaryOperator SMOOTH_PIECES = z -> 0x1p-10 * Math.min(1, Math.abs(z));

  /** Within 8 ulp, as ElementarySpec tests. */
  static final PrintedActivation GELU = new PrintedActivation("beyond-gelu", z -> z.times(NormalDistribution.cdf(z)),
      (z, a) -> {
        Dual density = new Dual(NormalDistribution.density(z.v()), BigDecimal.ZERO);
        return NormalDistribution.cdf(z).plus(z.times(density));
      }, 8,
      (z, y) -> {
        BigDecimal x = new BigDecimal(z);
        return NormalDistribution.cdf(x).add(x.multiply(NormalDistribution.density(x)).abs()).doubleValue();
      }, z -> 0x1p-10 / Math.max(1, Math.abs(z))); // the tail changes by a factor of e within 1/|z|

  /** Within 4 ulp, as ElementarySpec tests. */
  static final PrintedActivation SILU = new PrintedActivation("beyond-silu", z -> z.times(ActivationSpec.sigmoid(z)),
      (z, a) -> {
        Dual left = ActivationSpec.sigmoid(z), right = ActivationSpec.sigmoid(z.negate());
        return left.times(ONE.plus(z.times(right)));
      }, 4,
      (z, y) -> {
        BigDecimal x = new BigDecimal(z), right = HighPrecision.sigmoid(x.negate());
        return HighPrecision.sigmoid(x).doubleValue() * (1 + Math.abs(z) * right.doubleValue());
      }, SMOOTH);

  static final PrintedActivation SOFTPLUS = new PrintedActivation("beyond-softplus", z -> ONE.plus(z.exp()).log(),
      (z, a) -> ActivationSpec.sigmoid(z), HighPrecision::softplus, 2, NO_CANCELLATION, SMOOTH);

  @Property(tries = 300)
  @Proves(value = "beyond-elu", home = "Elu#value")
  void eluIsLinearOnTheRightAndExponentialOnTheLeft(@ForAll("hundreds") double z, @ForAll("slopes") double alpha) {
    elu(alpha).check(LEDGER, new Elu(alpha), z);
    elu(1).check(LEDGER, new Elu(), z);
  }

  @Property(tries = 300)
  @Proves(value = "beyond-gelu", home = "Gelu#value")
  void geluIsZTimesTheNormalDistributionOfZ(@ForAll("tens") double z) {
    GELU.check(LEDGER, new Gelu(), z);
  }

  @Property(tries = 300)
  @Proves(value = "beyond-silu", home = "Silu#value")
  void siluIsZTimesTheSigmoidOfZ(@ForAll("hundreds") double z) {
    SILU.check(LEDGER, new Silu(), z);
  }

  @Property(tries = 300)
  @Proves(value = "beyond-softplus", home = "Softplus#value")
  void softplusIsTheLogarithmOfOnePlusExp(@ForAll("hundreds") double z) {
    SOFTPLUS.check(LEDGER, new Softplus(), z);
  }

  @Test
  @Proves(value = {"beyond-gelu", "beyond-silu", "beyond-softplus"}, by = "Gelu, Silu, Softplus")
  void geluSiluAndSoftplusAreCorrectWhereDerivativesVanishAndWhereValuesUnderflow() {
    for (double z : new double[] {0, -0.0, Double.MIN_VALUE, -1e-300, -0.7517915246935645, -5, 5, -37, 9, 40}) {
      GELU.check(LEDGER, new Gelu(), z);
    }
    for (double z : new double[] {0, -0.0, Double.MIN_VALUE, -1e-300, -1.2784645427610738, -36.8, 36.8, -690, 700}) {
      SILU.check(LEDGER, new Silu(), z);
      SOFTPLUS.check(LEDGER, new Softplus(), z);
    }
    // e^z or Φ(z) is subnormal but the product is not; both are subnormal; both are 0.
    for (double z : new double[] {-37.3, -37.6, -38.2, -38.5, -38.6, -39, -41}) GELU.check(LEDGER, new Gelu(), z);
    for (double z : new double[] {-708.5, -709, -714.79617435587056, -720, -740, -745.1, -745.2, -750, -752, -1001}) {
      SILU.check(LEDGER, new Silu(), z);
    }
  }

  @Test
  @Proves(value = "beyond-elu", by = "Elu")
  void eluHasTheSlopeAlphaAtItsKinkAndItsLimitsAtInfinity() {
    Entry e = Ledger.of("beyond-elu");
    for (double alpha : new double[] {1, 0.5, 3}) {
      Elu phi = new Elu(alpha);
      for (double z : new double[] {0, -0.0}) {
        e.exact(0, phi.value(z), alpha, z);
        e.exact(alpha, phi.derivative(z, 0), "the slope at the kink is the one from the left", alpha, z);
      }
      ends(e, phi, -alpha, 0, INF, 1);
      BigDecimal least = new BigDecimal(-Double.MIN_VALUE).multiply(new BigDecimal(alpha));
      e.ulps(phi.value(-Double.MIN_VALUE), least, 0.5, alpha);
      e.exact(Double.MIN_VALUE, phi.value(Double.MIN_VALUE), alpha);
      e.exact(1, phi.derivative(Double.MIN_VALUE, Double.MIN_VALUE), alpha);
    }
    e.remark("φ'(0) = α, the derivative from the left. For α = 1 there is no kink.");
  }

  @Test
  @Proves(value = {"beyond-gelu", "beyond-silu", "beyond-softplus"}, by = "Gelu, Silu, Softplus")
  void geluSiluAndSoftplusHaveTheirLimitsAtInfinity() {
    ends(Ledger.of("beyond-gelu"), new Gelu(), 0, 0, INF, 1);
    ends(Ledger.of("beyond-silu"), new Silu(), 0, 0, INF, 1);
    ends(Ledger.of("beyond-softplus"), new Softplus(), 0, 0, INF, 1);
  }

  /** Checks the limits at ±∞ and at large numbers, and NaN. */
  static void ends(Entry e, Elementwise phi, double left, double leftSlope, double right, double rightSlope) {
    for (double z : new double[] {-INF, -Double.MAX_VALUE, -1e6, -800}) {
      e.exact(left, phi.value(z), z);
      e.exact(leftSlope, phi.derivative(z, phi.value(z)), z);
    }
    for (double z : new double[] {INF, Double.MAX_VALUE, 1e6, 800}) {
      e.exact(Math.min(right, z), phi.value(z), z);
      e.exact(rightSlope, phi.derivative(z, phi.value(z)), z);
    }
    e.exact(NAN, phi.value(NAN), "NaN");
    e.exact(NAN, phi.derivative(NAN, NAN), "slope at NaN");
  }

  @Property(tries = 100)
  @Proves(value = {"beyond-elu", "beyond-gelu", "beyond-silu", "beyond-softplus"},
      by = "Elementwise#forward, Elementwise#applyDerivative")
  void arraysHaveTheBitsOfTheScalarFormulas(
      @ForAll @Size(min = 0, max = 67) List<@From("hundreds") Double> z, @ForAll("tens") double g) {
    double[] in = new double[z.size() + 5], back = new double[in.length];
    for (int i = 0; i < z.size(); i++) in[i] = z.get(i);
    System.arraycopy(new double[] {INF, -INF, NAN, 0, -0.0}, 0, in, z.size(), 5);
    for (int i = 0; i < back.length; i++) back[i] = g * (i - 3);
    PrintedActivation.bulk(Ledger.of("beyond-elu"), new Elu(0.7), in, back);
    PrintedActivation.bulk(Ledger.of("beyond-gelu"), new Gelu(), in, back);
    PrintedActivation.bulk(Ledger.of("beyond-silu"), new Silu(), in, back);
    PrintedActivation.bulk(Ledger.of("beyond-softplus"), new Softplus(), in, back);
  }

  @Property(tries = 100)
  @Proves(value = "beyond-elu", by = "Elu")
  void eluOfArraysUsesItsAlphaForwardAndBackward(@ForAll("slopes") double alpha, @ForAll("tens") double g) {
    double[] z = {-40, -3, -1, -0.25, -1e-9, -0.0, 0, 1e-9, 0.5, 2, 40}, back = new double[z.length];
    for (int i = 0; i < back.length; i++) back[i] = g * (i + 1);
    PrintedActivation.bulk(Ledger.of("beyond-elu"), new Elu(alpha), z, back);
  }

  /** Up to where z·e^z is 0, and from 1e-280, because differences of smaller values have no correct digits. */
  @Provide
  Arbitrary<Double> hundreds() {
    return Arbitraries.oneOf(PrintedActivation.reals(1e-280, 760), PrintedActivation.reals(1e-8, 40));
  }

  /** Up to where z·Φ(z) is 0. */
  @Provide
  Arbitrary<Double> tens() {
    return Arbitraries.oneOf(PrintedActivation.reals(1e-280, 40), PrintedActivation.reals(1e-8, 6));
  }

  @Provide
  Arbitrary<Double> slopes() {
    return PrintedActivation.reals(1e-3, 20).map(Math::abs);
  }
}
