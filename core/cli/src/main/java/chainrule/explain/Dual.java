// SPDX-License-Identifier: MIT
package chainrule.explain;

import chainrule.kernels.Elementary;

/**
 * A value with its derivative by one variable: forward automatic differentiation. It uses the functions of
 * {@link StrictMath}, which are the same everywhere and independent of the library's own; only Φ is the library's, with
 * the density as its derivative.
 *
 * @param value f
 * @param slope f′
 */
record Dual(double value, double slope) {
  static Dual constant(double value) {
    return new Dual(value, 0);
  }

  static Dual variable(double value) {
    return new Dual(value, 1);
  }

  Dual plus(Dual o) {
    return new Dual(value + o.value, slope + o.slope);
  }

  Dual minus(Dual o) {
    return new Dual(value - o.value, slope - o.slope);
  }

  Dual negate() {
    return new Dual(-value, -slope);
  }

  Dual times(Dual o) {
    return new Dual(value * o.value, slope * o.value + value * o.slope);
  }

  Dual over(Dual o) {
    return new Dual(value / o.value, (slope - value / o.value * o.slope) / o.value);
  }

  Dual power(Dual exponent) {
    if (exponent.slope == 0) {
      double n = exponent.value;
      if (n == 0) return constant(1);
      return new Dual(StrictMath.pow(value, n), n * StrictMath.pow(value, n - 1) * slope);
    }
    return exponent.times(ln()).exp();
  }

  Dual exp() {
    double e = StrictMath.exp(value);
    return new Dual(e, e * slope);
  }

  Dual ln() {
    return new Dual(StrictMath.log(value), slope / value);
  }

  Dual root() {
    double root = Math.sqrt(value);
    return new Dual(root, slope / (2 * root));
  }

  Dual abs() {
    return value < 0 ? negate() : this;
  }

  Dual sign() {
    return constant(Math.signum(value));
  }

  Dual tanh() {
    double t = StrictMath.tanh(value);
    return new Dual(t, (1 - t * t) * slope);
  }

  Dual sigmoid() {
    return constant(1).over(constant(1).plus(negate().exp()));
  }

  /** φ, the density of the standard normal distribution. */
  Dual normalDensity() {
    double d = StrictMath.exp(-value * value / 2) / Math.sqrt(2 * Math.PI);
    return new Dual(d, -value * d * slope);
  }

  /** Φ, the standard normal distribution function. */
  Dual normalCdf() {
    return new Dual(Elementary.normalCdf(value), normalDensity().value * slope);
  }

  Dual max(Dual o) {
    return value >= o.value ? this : o;
  }

  Dual min(Dual o) {
    return value <= o.value ? this : o;
  }
}
