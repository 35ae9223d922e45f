package chainrule.spec.witness;

import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.random.CounterRandom;
import java.math.BigDecimal;
import java.util.function.DoubleFunction;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The quick witness against the one of 50 digits: 2⁻⁷⁵ of the value at most, so ulps are known to six digits. */
class QuickSpec {
  private static final double BOUND = 0x1p-75;

  @Test
  void theQuickWitnessAgreesWithTheSlowOne() {
    agree("exp", Quick::exp, HighPrecision::exp, -745, 709.7, -1, 1);
    agree("expm1", Quick::expm1, HighPrecision::expm1, -40, 709, -1, 1);
    agree("log", Quick::log, HighPrecision::log, 0, 1e300, 0.3, 3);
    agree("sigmoid", Quick::sigmoid, HighPrecision::sigmoid, -745, 300, -5, 5);
    agree("tanh", Quick::tanh, HighPrecision::tanh, -90, 90, -1, 1);
    agree("softplus", Quick::softplus, HighPrecision::softplus, -744, 744, -5, 5);
    agree("normalCdf", Quick::normalCdf, Normal::cdf, -39, 9, -5.2, 5.2);
    agree("silu", Quick::silu, QuickSpec::silu, -760, 300, -5, 5);
    agree("siluDerivative", Quick::siluDerivative, QuickSpec::siluDerivative, -760, 300, -5, 5);
    agree("elu", x -> Quick.elu(0.7, x), x -> x.signum() > 0 ? x : HighPrecision.expm1(x).multiply(SEVEN_TENTHS),
        -40, 40, -1, 1);
    agree("eluDerivative", x -> Quick.eluDerivative(0.7, x),
        x -> x.signum() > 0 ? BigDecimal.ONE : HighPrecision.exp(x).multiply(SEVEN_TENTHS), -760, 40, -1, 1);
    agree("sigmoidDerivative", Quick::sigmoidDerivative, QuickSpec::sigmoidDerivative, -760, 760, -5, 5);
    agree("tanhDerivative", Quick::tanhDerivative,
        x -> QuickSpec.sigmoidDerivative(x.add(x)).multiply(BigDecimal.valueOf(4)), -380, 380, -5, 5);
    agree("sigmoidGradient", Quick::sigmoidGradient, a -> a.multiply(BigDecimal.ONE.subtract(a)), 0, 1, 0.9, 1);
    agree("tanhGradient", Quick::tanhGradient, a -> BigDecimal.ONE.subtract(a.multiply(a)), -1, 1, 0.9, 1);
    agree("gelu", Quick::gelu, x -> Normal.cdf(x).multiply(x), -39, 9, -5.2, 5.2);
    agree("geluDerivative", Quick::geluDerivative, x -> Normal.cdf(x).add(Normal.density(x).multiply(x)),
        -39, 9, -5.2, 5.2);
    agree("normalDensity", Quick::normalDensity, Normal::density, -39, 39, -2, 2);
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
      String name, DoubleFunction<Quick.Scaled> quick, UnaryOperator<BigDecimal> slow, double... ranges) {
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
        assertTrue(quick.apply(x).value().hi() == 0, name + " at " + x);
        continue;
      }
      double error = quick.apply(x).exactly().subtract(exact).divide(exact, HighPrecision.DIGITS).abs().doubleValue();
      if (!(error <= worst)) {
        worst = error;
        at = x;
      }
    }
    System.out.printf("%s: the quick witness is wrong by %.1e at most, at %s%n", name, worst, at);
    assertTrue(worst <= BOUND, name + ": " + worst + " at " + at);
  }
}
