// SPDX-License-Identifier: MIT
package chainrule.spec.witness;

import java.util.Arrays;
import java.util.List;

/**
 * The operations in which a formula is written once, to be computed twice: in dual numbers of 50 digits
 * ({@link ExactArithmetic}), and in dual numbers of doubles that carry a bound of their rounding errors
 * ({@link NoisyArithmetic}).
 */
public interface Arithmetic<N> {
  N constant(double x);

  /** The variable of the derivative. */
  N variable(double x);

  N sum(List<N> terms);

  N times(N a, N b);

  N over(N a, N b);

  N exp(N x);

  N log(N x);

  /** Φ, the cumulative distribution function of the standard normal distribution. Its derivative is the density. */
  N normalCdf(N x);

  double value(N x);

  /** Declares that the formula has a kink where {@code x} is 0, which finite differences must not step over. */
  default void kink(N x) {}

  /** Declares that the formula curves over distances of about 1 in {@code x}: finite differences need smaller steps. */
  default void bend(N x) {}

  /**
   * Returns a = φ(z), and declares that an implementation computes φ' from its rounded a, as a(1 − a) or 1 − a².
   *
   * @param units the resulting error of φ', in units of 2⁻⁵³
   */
  default N derivedFromValue(N a, N z, double units) {
    return a;
  }

  default N plus(N a, N b) {
    return sum(Arrays.asList(a, b));
  }

  default N minus(N a, N b) {
    return plus(a, times(b, constant(-1)));
  }
}
