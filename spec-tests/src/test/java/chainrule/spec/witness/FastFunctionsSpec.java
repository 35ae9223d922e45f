// SPDX-License-Identifier: MIT
package chainrule.spec.witness;

import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.random.CounterRandom;
import java.math.BigDecimal;
import java.util.function.DoubleFunction;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Tests the fast witness against 50 digits: the relative error is at most 2⁻⁷⁵, so ulps are known to six digits. */
class FastFunctionsSpec {
  private static final double BOUND = 0x1p-75;

  @Test
  void theFastWitnessAgreesWithFiftyDigits() {
    agree("exp", FastFunctions::exp, HighPrecision::exp, -745, 709.7, -1, 1);
    agree("expm1", FastFunctions::expm1, HighPrecision::expm1, -40, 709, -1, 1);
    agree("log", FastFunctions::log, HighPrecision::log, 0, 1e300, 0.3, 3);
    agree("sigmoid", FastFunctions::sigmoid, HighPrecision::sigmoid, -745, 300, -5, 5);
    agree("tanh", FastFunctions::tanh, HighPrecision::tanh, -90, 90, -1, 1);
    agree("softplus", FastFunctions::softplus, HighPrecision::softplus, -744, 744, -5, 5);
    agree("normalCdf", FastFunctions::normalCdf, NormalDistribution::cdf, -39, 9, -5.2, 5.2);
    agree("silu", FastFunctions::silu, FastFunctionsSpec::silu, -760, 300, -5, 5);
    agree("siluDerivative", FastFunctions::siluDerivative, FastFunctionsSpec::siluDerivative, -760, 300, -5, 5);
    agree("elu", x -> FastFunctions.elu(0.7, x),
        x -> x.signum() > 0 ? x : HighPrecision.expm1(x).multiply(SEVEN_TENTHS), -40, 40, -1, 1);
    agree("eluDerivative", x -> FastFunctions.eluDerivative(0.7, x),
        x -> x.signum() > 0 ? BigDecimal.ONE : HighPrecision.exp(x).multiply(SEVEN_TENTHS), -760, 40, -1, 1);
    agree("sigmoidDerivative", FastFunctions::sigmoidDerivative, FastFunctionsSpec::sigmoidDerivative,
        -760, 760, -5, 5);
    agree("tanhDerivative", FastFunctions::tanhDerivative,
        x -> FastFunctionsSpec.sigmoidDerivative(x.add(x)).multiply(BigDecimal.valueOf(4)), -380, 380, -5, 5);
    agree("sigmoidGradient", FastFunctions::sigmoidGradient, a -> a.multiply(BigDecimal.ONE.subtract(a)), 0, 1, 0.9, 1);
    agree("tanhGradient", FastFunctions::tanhGradient, a -> BigDecimal.ONE.subtract(a.multiply(a)), -1, 1, 0.9, 1);
    agree("gelu", FastFunctions::gelu, x -> NormalDistribution.cdf(x).multiply(x), -39, 9, -5.2, 5.2);
    agree("geluDerivative", FastFunctions::geluDerivative,
        x -> NormalDistribution.cdf(x).add(NormalDistribution.density(x).multiply(x)), -39, 9, -5.2, 5.2);
    agree("normalDensity", FastFunctions::normalDensity, NormalDistribution::density, -39, 39, -2, 2);
  }

  private static final BigDecimal SEVEN_TENTHS = new BigDecimal(0.7);

  private static BigDecimal silu(BigDecimal x) {
    return HighPrecision.sigmoid(x).multiply(x);
  }

  private static BigDecimal sigmoidDerivative(BigDecimal x) {
    return HighPrecision.sigmoid(x).multiply(HighPrecision.sigmoid(x.negate()));
  }

  private static BigDecimal siluDerivative(BigDecimal x) {
    BigDecimal right = HighPrecision.sigmoid(x.negate());
    return HighPrecision.sigmoid(x).multiply(BigDecimal.ONE.add(x.multiply(right)));
  }

  private static void agree(
      String name, DoubleFunction<FastFunctions.Scaled> fast, UnaryOperator<BigDecimal> slow, double... ranges) {
    double[] edges = {
      Double.MIN_VALUE, 0x1p-1040, 1e-300, 0x1p-221, 0x1p-219, 1e-40, 1e-17, 0x1p-53, 1e-9, 0x1p-10, 0.1, 0.34, 0.4,
      0.5, Math.log(2) / 2, Math.nextDown(1.0), 1, Math.nextUp(1.0), 1.5, 2, 4.999, 5, 5.001, 8, 37, 38.5
    };
    double worst = 0, at = 0;
    for (int i = 0; i < 2 * edges.length + 200; i++) {
      int range = i % ranges.length & ~1;
      double u = CounterRandom.uniform(3, 5, i);
      double x = i < 2 * edges.length ? (i % 2 == 0 ? 1 : -1) * edges[i / 2]
          : ranges[range] + (ranges[range + 1] - ranges[range]) * u;
      if (x < 0 && ranges[0] >= 0) continue;
      BigDecimal exact = slow.apply(new BigDecimal(x));
      if (exact.signum() == 0) {
        assertTrue(fast.apply(x).value().hi() == 0, name + " at " + x);
        continue;
      }
      double error = fast.apply(x).exactly().subtract(exact).divide(exact, HighPrecision.DIGITS).abs().doubleValue();
      if (!(error <= worst)) {
        worst = error;
        at = x;
      }
    }
    System.out.printf("%s: the largest relative error of the fast witness is %.1e, at %s%n", name, worst, at);
    assertTrue(worst <= BOUND, name + ": " + worst + " at " + at);
  }
}
