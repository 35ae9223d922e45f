package chainrule.spec;

import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.kernels.Elementary;
import chainrule.nn.CounterRandom;
import chainrule.spec.witness.HighPrecision;
import chainrule.spec.witness.Normal;
import java.math.BigDecimal;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The elementary functions against 50-digit values, in ulps, over their whole range and at its edges. */
class ElementarySpec {
  private static final int POINTS = 4000;

  @Test
  void expIsWithinOneUlp() {
    double[] edges = {0, -0.0, 1, -1, 709.782712893384, -708.3964185322641, -745.13, -740, Math.log(2) / 2,
        -Math.log(2) / 2, Double.MIN_VALUE, 1e-17, -1e-17, 0x1p-53};
    within(1, Elementary::exp, HighPrecision::exp, edges, -745, 709.7, false);
    within(1, Elementary::exp, HighPrecision::exp, edges, -1, 1, false);
  }

  @Test
  void logIsWithinOneUlp() {
    double[] edges = {Double.MIN_VALUE, Double.MIN_NORMAL, Math.nextDown(1.0), Math.nextUp(1.0), 0.5, 2, Math.sqrt(0.5),
        Math.sqrt(2), Math.nextDown(Math.sqrt(2)), Double.MAX_VALUE, 0x1p-1040};
    within(1, Elementary::log, HighPrecision::log, edges, 1e-300, 1e300, true);
    within(1, Elementary::log, HighPrecision::log, edges, 0.3, 3, false);
  }

  @Test
  void sigmoidIsWithinTwoUlps() {
    double[] edges = {0, 1e-17, -1e-17, 36.7, 37.5, -36.7, -708, -745, 800, -700.5};
    within(2, Elementary::sigmoid, HighPrecision::sigmoid, edges, -740, 40, false);
    within(2, Elementary::sigmoid, HighPrecision::sigmoid, edges, -5, 5, false);
  }

  @Test
  void tanhIsWithinTwoUlps() {
    double[] edges = {Double.MIN_VALUE, 1e-300, 1e-9, 0.55, Math.nextDown(0.55), -0.55, 19, 19.1, 22, 400, -400};
    within(2, Elementary::tanh, HighPrecision::tanh, edges, -20, 20, false);
    within(2, Elementary::tanh, HighPrecision::tanh, edges, -1, 1, false);
    within(2, Elementary::tanh, HighPrecision::tanh, edges, 1e-300, 1, true);
  }

  @Test
  void softplusIsWithinTwoUlps() {
    double[] edges = {0, 1e-17, -1e-17, 36.7, 37.5, -36.7, -708, -744, 800, Math.log(Math.sqrt(2) - 1)};
    within(2, Elementary::softplus, HighPrecision::softplus, edges, -740, 40, false);
    within(2, Elementary::softplus, HighPrecision::softplus, edges, -5, 5, false);
  }

  @Test
  void expm1IsWithinOneUlpNearZeroAndFourBeyond() {
    double[] edges = {0, -0.0, Double.MIN_VALUE, -Double.MIN_VALUE, 1e-300, 1e-17, -1e-17, 0.34, -0.34,
        Math.nextDown(0.34), Math.nextUp(-0.34), 0.35, 0.41, -37, -40, -745, -800, 709.7, Math.log(2), -Math.log(2)};
    within(1, Elementary::expm1, HighPrecision::expm1, new double[0], -0.339, 0.339, false);
    within(1, Elementary::expm1, HighPrecision::expm1, new double[0], 1e-300, 0.339, true);
    within(4, Elementary::expm1, HighPrecision::expm1, new double[0], -2, -0.34, false);
    within(4, Elementary::expm1, HighPrecision::expm1, edges, -2, 2, false);
    within(4, Elementary::expm1, HighPrecision::expm1, edges, 0.34, 0.7, false);
    within(4, Elementary::expm1, HighPrecision::expm1, edges, -40, 709, false);
  }

  @Test
  void normalCdfIsWithinSixUlps() {
    double[] edges = {0, -0.0, Double.MIN_VALUE, 1e-17, -1e-17, 5, -5, 8.3, -8.3, -37.5, -37.6, -38.4, -38.5, -39,
        40, -40};
    within(6, Elementary::normalCdf, Normal::cdf, edges, -38.5, 9, false);
    within(6, Elementary::normalCdf, Normal::cdf, edges, -2, 2, false);
  }

  @Test
  void normalDensityIsWithinFourUlps() {
    double[] edges = {0, -0.0, Double.MIN_VALUE, 1e-17, 1, -1, 37.6, -37.6, 38.5, -38.5, 38.6, 39, 40, -40};
    within(4, Elementary::normalDensity, Normal::density, edges, -38.5, 38.5, false);
    within(4, Elementary::normalDensity, Normal::density, edges, -3, 3, false);
  }

  /** Edges, and points spread over [from, to], evenly or by magnitude. */
  private static void within(
      double bound, DoubleUnaryOperator f, UnaryOperator<BigDecimal> exact, double[] edges, double from, double to,
      boolean byMagnitude) {
    double worst = 0, at = Double.NaN;
    for (int i = 0; i < edges.length + POINTS; i++) {
      double u = CounterRandom.uniform(1, 1, i);
      double x = i < edges.length ? edges[i]
          : byMagnitude ? Math.exp(Math.log(from) + u * (Math.log(to) - Math.log(from)))
          : from + (to - from) * u;
      double ulps = HighPrecision.ulps(f.applyAsDouble(x), exact.apply(new BigDecimal(x)));
      if (ulps > worst) {
        worst = ulps;
        at = x;
      }
    }
    System.out.printf("worst error %.3f ulp at %s%n", worst, at);
    assertTrue(worst <= bound, "error of " + worst + " ulp at " + at);
  }
}
