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
 * What a page says of an activation of one number, and the comparisons that any implementation of it has to pass. They
 * take the subject as an argument, so that the museum can hand in wrong ones.
 *
 * @param id the formula's; its derivative's is the same with -d
 * @param value φ(z) as printed
 * @param slope φ'(z) as printed, from z and a = φ(z); null where the page prints none
 * @param exact φ(z) to 50 digits; differs from {@code value} only where the printed form cancels
 * @param ulps how far an implementation may be from it
 * @param terms the magnitude of the terms that make up φ'(z): where they cancel, rounding is relative to them
 * @param step the h of the differences: small against the length over which φ changes
 */
record PrintedActivation(
    String id, UnaryOperator<Dual> value, BinaryOperator<Dual> slope, UnaryOperator<BigDecimal> exact, double ulps,
    Terms terms, DoubleUnaryOperator step) {

  /** The magnitude of the terms of φ'(z), given φ(z) and φ'(z) to 50 digits. */
  interface Terms {
    double at(double z, Dual y);
  }

  /** Nothing cancels. */
  static final Terms NO_CANCELLATION = (z, y) -> Math.abs(y.derivative());

  /** Where φ changes over a length of about 1. */
  static final DoubleUnaryOperator SMOOTH = z -> 0x1p-10;

  /** Where φ is made of straight pieces that meet at 0: a stencil that never reaches the kink. */
  static final DoubleUnaryOperator PIECES = z -> 0x1p-10 * Math.abs(z);

  /** A page whose printed value is itself the best 50-digit form. */
  PrintedActivation(
      String id, UnaryOperator<Dual> value, BinaryOperator<Dual> slope, double ulps, Terms terms,
      DoubleUnaryOperator step) {
    this(id, value, slope, x -> value.apply(new Dual(x, BigDecimal.ZERO)).v(), ulps, terms, step);
  }

  /**
   * The relative error that a derivative may have: 16 ulp of its terms, if these are just above a power of two.
   * {@link ElementarySpec} measures each derivative in ulps and has tighter bounds.
   */
  static final double SLOPE_BOUND = 0x1p-48;

  /** Value and derivative of {@code phi} at a z where φ is smooth, against all witnesses. */
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
    // The ulp of a subnormal number is that of the least normal one, so ulps are counted from there.
    double size = Math.max(terms.at(z, y), Double.MIN_NORMAL);
    double printed = slope.apply(x, new Dual(y.v(), BigDecimal.ZERO)).v().subtract(y.d()).abs().doubleValue();
    e.check("algebra", printed / size, 1e-40, "printed derivative", z);
    double a = phi.value(z), d = phi.derivative(z, a);
    e.check(Entry.DUAL, Math.abs(d - y.derivative()) / size, SLOPE_BOUND, "expected " + y.derivative(), "got " + d, z);
    // Differences of values that are subnormal, or nearly so, have too few digits. The dual number has been compared.
    BigDecimal v = exact.apply(new BigDecimal(z));
    if (v.signum() != 0 && Math.abs(v.doubleValue()) < 1e-290) return;
    double h = step.applyAsDouble(z);
    double numeric = FiniteDifferences.fivePoint(phi::value, z, h / Math.max(Math.abs(z), 1), 1);
    // Differences of values known to some ulps carry 6·2⁻⁵³·|φ|/h ≤ 7e-13·|φ|, below 1e-9 of |φ|/256.
    double resolved = Math.max(Math.abs(y.derivative()), step == PIECES ? 0 : Math.abs(y.value()) / 256);
    double error = d == numeric ? 0 : Math.abs(d - numeric) / resolved;
    e.check(Entry.DIFFERENCE, error, 1e-9, "differences " + numeric, "got " + d, z);
  }

  /** forward and backward, with scalar and with the best kernels, give the bits of value and derivative. */
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
        e.exact(kept[i], a[i], "backward leaves a as it is");
      }
    }
  }

  /** Numbers of both signs in ±limit: spread evenly, and spread over the magnitudes down to {@code least}. */
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
