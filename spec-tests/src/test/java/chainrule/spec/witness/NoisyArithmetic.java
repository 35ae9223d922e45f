// SPDX-License-Identifier: MIT
package chainrule.spec.witness;

import java.util.List;

/**
 * Dual numbers of doubles, computed with the functions of Math, that carry a bound of their rounding errors, called
 * noise. They are fast enough for every parameter of many networks. The unit of noise is 2⁻⁵³. Each operation adds its
 * own rounding error to those it inherits, to first order (Wilkinson's running error analysis); the bound of a sum
 * holds for any order of its terms. The noise of a derivative is relative to {@code scale}, the sum of |product| over
 * all paths from the variable, where nothing cancels. So it bounds the chain rule in either direction: forward, as
 * here, and backward, as in the code under test.
 */
public final class NoisyArithmetic implements Arithmetic<NoisyArithmetic.Noisy> {
  /** The unit of noise. */
  public static final double UNIT = 0x1p-53;

  /**
   * A number with its derivative and the bounds of their errors.
   *
   * @param v value
   * @param d derivative
   * @param noise bound of v's error, in units
   * @param scale Σ|terms| of the derivative
   * @param slopeNoise bound of d's error, in units
   */
  public record Noisy(double v, double d, double noise, double scale, double slopeNoise) {}

  private double clearance = Double.POSITIVE_INFINITY;
  private double steepest;

  /** Returns how far the variable can move before it reaches a kink, to first order. */
  public double clearance() {
    return clearance;
  }

  /** Returns the largest rate, relative to the variable, at which an argument of a curved function changes. */
  public double steepest() {
    return steepest;
  }

  @Override public void kink(Noisy x) {
    if (x.scale > 0) clearance = Math.min(clearance, Math.abs(x.v) / x.scale);
  }

  @Override public void bend(Noisy x) {
    steepest = Math.max(steepest, x.scale);
  }

  @Override public Noisy constant(double x) {
    return new Noisy(x, 0, 0, 0, 0);
  }

  @Override public Noisy variable(double x) {
    return new Noisy(x, 1, 0, 1, 0);
  }

  @Override public Noisy sum(List<Noisy> terms) {
    double v = 0, d = 0, noise = 0, scale = 0, slopeNoise = 0, n = terms.size();
    for (Noisy t : terms) {
      v += t.v;
      d += t.d;
      noise += t.noise + n * Math.abs(t.v);
      scale += t.scale;
      slopeNoise += t.slopeNoise + n * t.scale;
    }
    return new Noisy(v, d, noise, scale, slopeNoise);
  }

  @Override public Noisy times(Noisy a, Noisy b) {
    double va = Math.abs(a.v), vb = Math.abs(b.v), v = a.v * b.v, scale = a.scale * vb + va * b.scale;
    return new Noisy(v, a.d * b.v + a.v * b.d, a.noise * vb + va * b.noise + Math.abs(v), scale,
        a.slopeNoise * vb + a.scale * b.noise + b.slopeNoise * va + b.scale * a.noise + 2 * scale);
  }

  @Override public Noisy over(Noisy a, Noisy b) {
    double q = a.v / b.v, vq = Math.abs(q), vb = Math.abs(b.v), scale = (a.scale + vq * b.scale) / vb;
    double noise = (a.noise + vq * b.noise) / vb + vq;
    return new Noisy(q, (a.d - q * b.d) / b.v, noise, scale,
        (a.slopeNoise + vq * b.slopeNoise + noise * b.scale + scale * b.noise) / vb + 3 * scale);
  }

  /** Allows one ulp (two units) for the function, and |x| units for the shift of its argument in a softmax. */
  @Override public Noisy exp(Noisy x) {
    double e = Math.exp(x.v), noise = e * (x.noise + 2 + Math.abs(x.v));
    return new Noisy(e, e * x.d, noise, e * x.scale, e * x.slopeNoise + noise * x.scale + e * x.scale);
  }

  @Override public Noisy log(Noisy x) {
    double v = Math.log(x.v), a = Math.abs(x.v), scale = x.scale / a;
    return new Noisy(v, x.d / x.v, x.noise / a + 2 * Math.abs(v), scale,
        x.slopeNoise / a + scale * (x.noise / a + 1));
  }

  /**
   * Sums the series of {@link ExactArithmetic}. Below 0 its error is a few units absolutely, not relatively. Beyond ±9
   * the result is 0 or 1.
   */
  @Override public Noisy normalCdf(Noisy x) {
    double square = x.v * x.v, density = Math.exp(-square / 2) / Math.sqrt(2 * Math.PI), term = x.v, sum = term;
    for (int k = 1; Math.abs(x.v) < 9 && Math.abs(term) > 1e-20 * Math.abs(sum); k++) {
      term *= square / (2 * k + 1);
      sum += term;
    }
    double units = 4 + square, v = Math.abs(x.v) < 9 ? 0.5 + density * sum : x.v > 0 ? 1 : 0;
    return new Noisy(v, density * x.d, density * x.noise + units, density * x.scale,
        density * (x.slopeNoise + x.scale * (Math.abs(x.v) * x.noise + units)));
  }

  @Override public Noisy derivedFromValue(Noisy a, Noisy z, double units) {
    return new Noisy(a.v, a.d, a.noise, a.scale, a.slopeNoise + units * z.scale);
  }

  @Override public double value(Noisy x) {
    return x.v;
  }
}
