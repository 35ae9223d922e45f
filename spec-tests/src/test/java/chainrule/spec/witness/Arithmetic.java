package chainrule.spec.witness;

import java.util.Arrays;
import java.util.List;

/**
 * Arithmetic that a formula is written in once and computed in twice: in 50-digit dual numbers
 * ({@link ExactArithmetic}), and in double dual numbers that know how much rounding can have done to them
 * ({@link NoisyArithmetic}).
 */
public interface Arithmetic<N> {
  N constant(double x);

  /** The number that is differentiated by. */
  N variable(double x);

  N sum(List<N> terms);

  N times(N a, N b);

  N over(N a, N b);

  N exp(N x);

  N log(N x);

  /** Φ, the normal distribution function: the integral of its density, which is therefore its derivative. */
  N normalCdf(N x);

  double value(N x);

  /** Says that the formula has a kink where {@code x} is 0: differences must not step over it. */
  default void kink(N x) {}

  /** Says that what follows bends with {@code x}, within distances of about 1: differences must step less. */
  default void bend(N x) {}

  /**
   * a = φ(z), of which an implementation takes φ' from its rounded a, as a(1 − a) or 1 − a².
   *
   * @param units the error that makes in φ', in units of 2⁻⁵³
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
