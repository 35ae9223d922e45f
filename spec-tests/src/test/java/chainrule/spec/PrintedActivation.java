// SPDX-License-Identifier: MIT
package chainrule.spec;

import chainrule.kernels.Kernels;
import chainrule.kernels.ScalarKernels;
import chainrule.nn.activation.Elementwise;
import chainrule.random.CounterRandom;
import chainrule.spec.ledger.Ledger.Entry;
import chainrule.spec.witness.FiniteDifferences;
import chainrule.spec.witness.Dual;
import java.math.BigDecimal;
import java.util.function.BinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.RandomDistribution;

/**
 * An elementwise activation as a document prints it, and the checks that an implementation must pass. The checks take
 * the implementation as an argument, so that the museum can pass in wrong ones.
 *
 * @param id the formula's id; its derivative's has the suffix -d
 * @param value φ(z) as printed
 * @param slope φ'(z) as printed, a function of z and a = φ(z); null if the document prints none
 * @param exact φ(z) to 50 digits; differs from {@code value} only where the printed form cancels
 * @param ulps the largest error of an implementation, in ulps
 * @param terms the magnitude of the terms of φ'(z): where they cancel, rounding errors are relative to it
 * @param step the h of the differences: small compared with the distance over which φ changes
 */
record PrintedActivation(
    String id, UnaryOperator<Dual> value, BinaryOperator<Dual> slope, UnaryOperator<BigDecimal> exact, double ulps,
    Terms terms, DoubleUnaryOperator step) {

  /** Returns the magnitude of the terms of φ'(z), given φ(z) and φ'(z) to 50 digits. */
  interface Terms {
    double at(double z, Dual y);
  }

  /** No terms cancel. */
  static final Terms NO_CANCELLATION = (z, y) -> Math.abs(y.derivative());

  /** For a φ that changes over a distance of about 1. */
  static final DoubleUnaryOperator SMOOTH = z -> 0x1p-10;

  /** For a piecewise linear φ with a kink at 0: the stencil never reaches it. */
  static final DoubleUnaryOperator PIECEWISE_LINEAR = z -> 0x1p-10 * Math.abs(z);

  /** An activation whose printed value is accurate to 50 digits. */
  PrintedActivation(
      String id, UnaryOperator<Dual> value, BinaryOperator<Dual> slope, double ulps, Terms terms,
      DoubleUnaryOperator step) {
    this(id, value, slope, x -> value.apply(new Dual(x, BigDecimal.ZERO)).v(), ulps, terms, step);
  }

  /**
   * The largest relative error of a derivative: 16 ulps of its terms, if these are just above a power of two.
   * {@link ElementarySpec} measures each derivative in ulps, with tighter bounds.
   */
  static final double SLOPE_BOUND = 0x1p-48;

  /** Checks value and derivative of {@code phi} against all witnesses, at a z where φ is smooth. */
  void check(Function<String, Entry> ledger, Elementwise phi, double z) {
    value(ledger.apply(id), phi, z);
    if (slope != null) derivative(ledger.apply(id + "-d"), phi, z);
  }

  void value(Entry e, Elementwise phi, double z) {
    BigDecimal y = exact.apply(new BigDecimal(z)), printed = value.apply(Dual.variable(z)).v();
    double scale = Math.max(1, y.abs().doubleValue());
    e.check("algebra", y.subtract(printed).abs().doubleValue() / scale, 1e-40, "printed value", z);
    e.ulps(phi.value(z), y, ulps, z);
  }

  void derivative(Entry e, Elementwise phi, double z) {
    Dual x = Dual.variable(z), y = value.apply(x);
    // A subnormal number has the ulp of the least normal one.
    double size = Math.max(terms.at(z, y), Double.MIN_NORMAL);
    double printed = slope.apply(x, new Dual(y.v(), BigDecimal.ZERO)).v().subtract(y.d()).abs().doubleValue();
    e.check("algebra", printed / size, 1e-40, "printed derivative", z);
    double a = phi.value(z), d = phi.derivative(z, a);
    e.check(Entry.DUAL, Math.abs(d - y.derivative()) / size, SLOPE_BOUND, "expected " + y.derivative(), "got " + d, z);
    // Differences of subnormal or nearly subnormal values have too few digits; the check by dual numbers suffices.
    BigDecimal v = exact.apply(new BigDecimal(z));
    if (v.signum() != 0 && Math.abs(v.doubleValue()) < 1e-290) return;
    double h = step.applyAsDouble(z);
    double numeric = FiniteDifferences.fivePoint(phi::value, z, h / Math.max(Math.abs(z), 1), 1);
    // Values accurate to some ulps give differences with errors of 6·2⁻⁵³·|φ|/h ≤ 7e-13·|φ|, below 1e-9 of |φ|/256.
    double resolved = Math.max(Math.abs(y.derivative()), step == PIECEWISE_LINEAR ? 0 : Math.abs(y.value()) / 256);
    double error = d == numeric ? 0 : Math.abs(d - numeric) / resolved;
    e.check(Entry.DIFFERENCE, error, 1e-9, "differences " + numeric, "got " + d, z);
  }

  /** The forward and backward passes, scalar and vectorized, have the bits of value and derivative. */
  static void bulk(Entry e, Elementwise phi, double[] z, double[] g) {
    int n = z.length;
    for (Kernels k : new Kernels[] {ScalarKernels.INSTANCE, Kernels.best()}) {
      double[] in = z.clone(), a = phi.needsInput() ? new double[n] : in, back = g.clone();
      phi.forward(k, 1, n, in, a);
      for (int i = 0; i < n; i++) {
        boolean same = Double.doubleToLongBits(a[i]) == Double.doubleToLongBits(phi.value(z[i]));
        e.holds(same, k.name(), "value at " + z[i], a[i]);
      }
      double[] kept = a.clone();
      phi.applyDerivative(k, 1, n, in, a, back);
      for (int i = 0; i < n; i++) {
        e.exact(g[i] * phi.derivative(z[i], kept[i]), back[i], k.name(), "derivative at " + z[i]);
        e.exact(kept[i], a[i], "the backward pass must not change a");
      }
    }
  }

  /** Numbers of both signs with least ≤ |x| ≤ limit: some uniform, some log-uniform. */
  static Arbitrary<Double> reals(double least, double limit) {
    Arbitrary<Long> seeds = Arbitraries.longs().withDistribution(RandomDistribution.uniform());
    double low = Math.log(least), high = Math.log(limit);
    Arbitrary<Double> even = seeds.map(s -> limit * (2 * CounterRandom.uniform(s, 0, 0) - 1));
    Arbitrary<Double> magnitudes = seeds.map(s -> {
      double size = Math.min(limit, Math.exp(low + (high - low) * CounterRandom.uniform(s, 0, 0)));
      return s < 0 ? -size : size;
    });
    return Arbitraries.oneOf(even.filter(x -> Math.abs(x) >= least), magnitudes);
  }
}
