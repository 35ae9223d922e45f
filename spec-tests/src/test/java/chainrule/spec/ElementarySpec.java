// SPDX-License-Identifier: MIT
package chainrule.spec;

import chainrule.kernels.Elementary;
import chainrule.kernels.Kernels;
import chainrule.random.CounterRandom;
import chainrule.spec.ledger.Ledger;
import chainrule.spec.ledger.Ledger.Entry;
import chainrule.spec.ledger.Proves;
import chainrule.spec.witness.FastFunctions;
import chainrule.spec.witness.FastFunctions.Scaled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleFunction;
import java.util.function.DoublePredicate;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * Tests the largest error in ulp of each elementary function, activation and derivative. The points are drawn uniformly
 * from the ranges where the function changes, and log-uniformly from all doubles. In addition there are all edge cases
 * with their neighbors: zeros, subnormals, every power of two, the breakpoints of the argument reduction, the ends of
 * the range, and the thresholds in the code.
 *
 * <p>The ordinary build draws a million points per function. {@code -Dchainrule.points=10000000} draws ten million.
 * The errors are printed, and written to {@code target/ulps.md}. {@code spec-tests/RANGES.md} lists the arguments that
 * are left out.
 */
class ElementarySpec {
  private static final double LN2 = 0.6931471805599453, MAX_EXP = 709.782712893384, MIN_NORMAL_EXP = -708.396418532264,
      MIN_EXP = -745.1332191019411, INF = Double.POSITIVE_INFINITY;

  /** The number of points drawn per function, in addition to the edge cases. */
  private static final int POINTS = Integer.getInteger("chainrule.points", 1_000_000);

  /** The row of each function in {@code target/ulps.md}. */
  private static final Map<String, String> ROWS = new TreeMap<>();

  // ---------------------------------------------------------------- functions

  @Test
  @Proves(value = "beyond-exp", home = "Elementary#exp", by = "Kernels#exp")
  void expIsWithinOneUlp() {
    new Subject("exp", "beyond-exp", Kernels.best()::exp, FastFunctions::exp).within(1,
        edges(1).and(0.4, even(-745.2, MAX_EXP)).and(0.2, even(-1, 1)).and(0.1, even(-746, -700))
            .and(0.3, magnitudes()));
  }

  @Test
  @Proves(value = "beyond-log", home = "Elementary#log", by = "Kernels#log")
  void logIsWithinOneUlp() {
    double[] roots = new double[2099];
    for (int i = 0; i < roots.length; i++) roots[i] = Math.scalb(Math.sqrt(0.5), i - 1074);
    // There is no logarithm for x ≤ 0; see functionsHaveTheirLimitsAtTheEndsOfTheRange.
    Points edges = edges(1).and(around(4, roots)).and(around(3000, 1)).only(x -> x > 0);
    IntToDoubleFunction magnitudes = magnitudes();
    new Subject("log", "beyond-log", Kernels.best()::log, FastFunctions::log).within(1,
        edges.and(0.6, i -> Math.abs(magnitudes.applyAsDouble(i))).and(0.3, even(0.3, 3)).and(0.1, even(0.99, 1.01)));
  }

  @Test
  @Proves(value = "beyond-expm1", home = "Elementary#expm1")
  void expm1IsWithinTwoUlps() {
    new Subject("expm1", "beyond-expm1", each(Elementary::expm1), FastFunctions::expm1).within(2,
        edges(1).and(0.3, even(-2, 2)).and(0.2, even(-40, MAX_EXP)).and(0.2, even(0.3, 0.7)).and(0.3, magnitudes()));
  }

  @Test
  @Proves(value = "beyond-sigmoid-kernel", home = "Elementary#sigmoid", by = "Kernels#sigmoid")
  void sigmoidIsWithinTwoUlps() {
    new Subject("sigmoid", "beyond-sigmoid-kernel", Kernels.best()::sigmoid, FastFunctions::sigmoid)
        .within(2, exponentials());
  }

  @Test
  @Proves(value = "beyond-tanh-kernel", home = "Elementary#tanh", by = "Kernels#tanh")
  void tanhIsWithinTwoUlps() {
    new Subject("tanh", "beyond-tanh-kernel", Kernels.best()::tanh, FastFunctions::tanh).within(2,
        edges(0.5).and(0.3, even(-20, 20)).and(0.4, even(-1, 1)).and(0.3, magnitudes()));
  }

  @Test
  @Proves(value = "beyond-softplus-kernel", home = "Elementary#softplus", by = "Kernels#softplus")
  void softplusIsWithinTwoUlps() {
    new Subject("softplus", "beyond-softplus-kernel", Kernels.best()::softplus, FastFunctions::softplus).within(2,
        exponentials());
  }

  @Test
  @Proves(value = "beyond-elu", by = "Kernels#elu")
  void eluIsWithinTwoUlpsAndThreeForOtherAlpha() {
    for (double alpha : new double[] {1, 0.7, 30}) {
      Kernel elu = (n, x, xo, y, yo) -> Kernels.best().elu(n, alpha, x, xo, y, yo);
      new Subject("elu, α = " + alpha, "beyond-elu", elu, x -> FastFunctions.elu(alpha, x)).within(alpha == 1 ? 2 : 3,
          exponentials());
    }
  }

  @Test
  @Proves(value = "beyond-silu-kernel", home = "Elementary#silu", by = "Kernels#silu")
  void siluIsWithinFourUlps() {
    new Subject("silu", "beyond-silu-kernel", Kernels.best()::silu, FastFunctions::silu).within(4, exponentials());
  }

  @Test
  @Proves(value = "beyond-normal-cdf", home = "Elementary#normalCdf")
  void normalCdfIsWithinEightUlps() {
    new Subject("normalCdf", "beyond-normal-cdf", each(Elementary::normalCdf), FastFunctions::normalCdf)
        .within(8, bells());
  }

  @Test
  @Proves(value = "beyond-normal-density", home = "Elementary#normalDensity")
  void normalDensityIsWithinFourUlps() {
    new Subject("normalDensity", "beyond-normal-density", each(Elementary::normalDensity), FastFunctions::normalDensity)
        .within(4, bells());
  }

  @Test
  @Proves(value = "beyond-gelu", by = "Kernels#gelu, Elementary#gelu")
  void geluIsWithinEightUlps() {
    new Subject("gelu", "beyond-gelu", Kernels.best()::gelu, FastFunctions::gelu).within(8, bells());
  }

  // ---------------------------------------------------------------- derivatives

  /** As a function of the activation's value. */
  @Test
  @Proves(value = "001-sigmoid-d", by = "Kernels#sigmoidGradient")
  void sigmoidGradientIsWithinOneAndAHalfUlpsAsAFunctionOfTheActivation() {
    // 0 ≤ a = σ(z) ≤ 1, so points are drawn from all doubles of that range.
    long one = Double.doubleToLongBits(1);
    Points activations = edges(1).only(a -> a >= 0 && a <= 1).and(around(2000, 0.5)).and(0.5, even(0, 1))
        .and(0.2, even(0.99, 1)).and(0.3, i -> Double.longBitsToDouble((long) (one * CounterRandom.uniform(1, 2, i))));
    new Subject("sigmoidGradient(a)", "001-sigmoid-d", ofOnes(Kernels.best()::sigmoidGradient),
        FastFunctions::sigmoidGradient)
        .within(1.5, activations);
  }

  /** As a function of the activation's value. */
  @Test
  @Proves(value = "001-tanh-d", by = "Kernels#tanhGradient")
  void tanhGradientIsCorrectlyRoundedAsAFunctionOfTheActivation() {
    // −1 ≤ a = tanh z ≤ 1
    long one = Double.doubleToLongBits(1);
    Points activations = edges(1).only(a -> Math.abs(a) <= 1).and(0.5, even(-1, 1)).and(0.2, even(0.99, 1))
        .and(0.3, i -> Double.longBitsToDouble((long) (one * CounterRandom.uniform(1, 2, i)) | (long) i << 63));
    new Subject("tanhGradient(a)", "001-tanh-d", ofOnes(Kernels.best()::tanhGradient), FastFunctions::tanhGradient)
        .within(0.5 + ERROR_OF_WITNESS, activations);
  }

  /** For z > 0, 1 − a has the absolute rounding error of a, so the unit is the ulp of ½, 2⁻⁵³. */
  @Test
  @Proves(value = "001-sigmoid-d", by = "Kernels#sigmoid, Kernels#sigmoidGradient")
  void sigmoidGradientIsWithinFourUlpsAsAFunctionOfZ() {
    Kernel slope = (n, x, xo, y, yo) -> {
      Kernels.best().sigmoid(n, x, xo, y, yo);
      ofOnes(Kernels.best()::sigmoidGradient).apply(n, y, yo, y, yo);
    };
    new Subject("sigmoidGradient(σ(z))", "001-sigmoid-d", slope, FastFunctions::sigmoidDerivative)
        .inUlpsOf(z -> FastFunctions.sigmoid(0), 0, INF).within(4, exponentials());
  }

  /** 1 − a² has the absolute rounding error of a, so the unit is the ulp of ½, 2⁻⁵³. */
  @Test
  @Proves(value = "001-tanh-d", by = "Kernels#tanh, Kernels#tanhGradient")
  void tanhGradientIsWithinFourUlpsOfAHalfAsAFunctionOfZ() {
    Kernel slope = (n, x, xo, y, yo) -> {
      Kernels.best().tanh(n, x, xo, y, yo);
      ofOnes(Kernels.best()::tanhGradient).apply(n, y, yo, y, yo);
    };
    new Subject("tanhGradient(tanh z)", "001-tanh-d", slope, FastFunctions::tanhDerivative)
        .inUlpsOf(z -> FastFunctions.sigmoid(0), -INF, INF).within(4,
            edges(0.5).and(0.4, even(-20, 20)).and(0.4, even(-1, 1)).and(0.2, magnitudes()));
  }

  @Test
  @Proves(value = "beyond-softplus", by = "Kernels#softplusGradient")
  void softplusGradientIsWithinTwoUlps() {
    new Subject("softplusGradient", "beyond-softplus", ofOnes(Kernels.best()::softplusGradient), FastFunctions::sigmoid)
        .within(2, exponentials());
  }

  @Test
  @Proves(value = "beyond-elu", by = "Kernels#eluGradient, Elementary#eluDerivative")
  void eluGradientIsWithinOneUlpAndTwoForOtherAlpha() {
    for (double alpha : new double[] {1, 0.7, 30, 1e100}) {
      Gradient elu = (n, x, xo, g, go, d, dof) -> Kernels.best().eluGradient(n, alpha, x, xo, g, go, d, dof);
      new Subject("eluGradient, α = " + alpha, "beyond-elu", ofOnes(elu), x -> FastFunctions.eluDerivative(alpha, x))
          .within(alpha == 1 ? 1 : 2, exponentials());
    }
  }

  /** For −2 < x < −½ the terms σ(x) and x·σ(x)·σ(−x) cancel, so the unit there is the ulp of σ(x). */
  @Test
  @Proves(value = "beyond-silu", by = "Kernels#siluGradient, Elementary#siluDerivative")
  void siluGradientIsWithinSixUlps() {
    new Subject("siluGradient", "beyond-silu", ofOnes(Kernels.best()::siluGradient), FastFunctions::siluDerivative)
        .inUlpsOf(FastFunctions::sigmoid, -2, -0.5).within(6, exponentials().and(0.1, even(-2, -0.5)));
  }

  /** For −2 < x < −¼ the terms Φ(x) and x·φ(x) cancel, so the unit there is the ulp of Φ(x). */
  @Test
  @Proves(value = "beyond-gelu", by = "Kernels#geluGradient, Elementary#geluDerivative")
  void geluGradientIsWithinEightUlps() {
    new Subject("geluGradient", "beyond-gelu", ofOnes(Kernels.best()::geluGradient), FastFunctions::geluDerivative)
        .inUlpsOf(FastFunctions::normalCdf, -2, -0.25).within(8, bells().and(0.1, even(-2, -0.25)));
  }

  @Test
  @Proves(value = {"beyond-exp", "beyond-log", "beyond-expm1", "beyond-sigmoid-kernel", "beyond-tanh-kernel",
      "beyond-softplus-kernel", "beyond-silu-kernel", "beyond-normal-cdf", "beyond-normal-density", "beyond-elu",
      "beyond-gelu", "beyond-silu", "beyond-softplus"}, by = "Elementary, Kernels")
  void functionsHaveTheirLimitsAtTheEndsOfTheRange() {
    Kernels k = Kernels.best();
    Kernel elu = (n, x, xo, y, yo) -> k.elu(n, 1, x, xo, y, yo);
    Gradient eluGradient = (n, x, xo, g, go, d, dof) -> k.eluGradient(n, 1, x, xo, g, go, d, dof);
    double max = Double.MAX_VALUE, least = Double.MIN_VALUE, nan = Double.NaN;
    double[] x = {-INF, -max, -least, -0.0, 0.0, least, max, INF, nan};
    limits("beyond-exp", k::exp, x, 0, 0, 1, 1, 1, 1, INF, INF, nan);
    limits("beyond-log", k::log, x, nan, nan, nan, -INF, -INF, -744.4400719213812, MAX_EXP, INF, nan);
    limits("beyond-expm1", each(Elementary::expm1), x, -1, -1, -least, -0.0, 0, least, INF, INF, nan);
    limits("beyond-sigmoid-kernel", k::sigmoid, x, 0, 0, 0.5, 0.5, 0.5, 0.5, 1, 1, nan);
    limits("beyond-tanh-kernel", k::tanh, x, -1, -1, -least, -0.0, 0, least, 1, 1, nan);
    limits("beyond-softplus-kernel", k::softplus, x, 0, 0, LN2, LN2, LN2, LN2, max, INF, nan);
    limits("beyond-silu-kernel", k::silu, x, -0.0, -0.0, -0.0, -0.0, 0, 0, max, INF, nan);
    limits("beyond-normal-cdf", each(Elementary::normalCdf), x, 0, 0, 0.5, 0.5, 0.5, 0.5, 1, 1, nan);
    double peak = 0.3989422804014327;
    limits("beyond-normal-density", each(Elementary::normalDensity), x, 0, 0, peak, peak, peak, peak, 0, 0, nan);
    limits("beyond-gelu", k::gelu, x, -0.0, -0.0, -0.0, -0.0, 0, 0, max, INF, nan);
    limits("beyond-elu", elu, x, -1, -1, -least, -0.0, 0, least, max, INF, nan);
    limits("beyond-elu", ofOnes(eluGradient), x, 0, 0, 1, 1, 1, 1, 1, 1, nan);
    limits("beyond-silu", ofOnes(k::siluGradient), x, -0.0, -0.0, 0.5, 0.5, 0.5, 0.5, 1, 1, nan);
    limits("beyond-gelu", ofOnes(k::geluGradient), x, -0.0, -0.0, 0.5, 0.5, 0.5, 0.5, 1, 1, nan);
    limits("beyond-softplus", ofOnes(k::softplusGradient), x, 0, 0, 0.5, 0.5, 0.5, 0.5, 1, 1, nan);
  }

  /** Compares bits, so that −0 differs from 0, both alone and in the middle of a vector of ordinary numbers. */
  private static void limits(String id, Kernel f, double[] x, double... expected) {
    Entry e = Ledger.of(id);
    for (int i = 0; i < x.length; i++) {
      for (int n : new int[] {1, 19}) {
        double[] in = new double[n], y = new double[n];
        Arrays.fill(in, 0.5);
        in[n / 2] = x[i];
        f.apply(n, in, 0, y, 0);
        e.holds(Double.doubleToLongBits(expected[i]) == Double.doubleToLongBits(y[n / 2]),
            "at " + x[i] + " expected " + expected[i] + ", found " + y[n / 2]);
      }
    }
  }

  // ---------------------------------------------------------------- the comparison

  /** y[i] = f(x[i]). */
  private interface Kernel {
    void apply(int n, double[] x, int xo, double[] y, int yo);
  }

  /** d[i] = g[i]·f(x[i]). */
  private interface Gradient {
    void apply(int n, double[] x, int xo, double[] g, int go, double[] d, int dof);
  }

  private static Kernel each(DoubleUnaryOperator f) {
    return (n, x, xo, y, yo) -> {
      for (int i = 0; i < n; i++) y[yo + i] = f.applyAsDouble(x[xo + i]);
    };
  }

  private static Kernel ofOnes(Gradient f) {
    return (n, x, xo, y, yo) -> {
      double[] ones = new double[n];
      Arrays.fill(ones, 1);
      f.apply(n, x, xo, ones, 0, y, yo);
    };
  }

  /** The relative error of the witness is at most 2⁻⁷⁵ ({@code FastFunctionsSpec}), which is 2⁻²² ulp. */
  private static final double ERROR_OF_WITNESS = 0x1p-22;

  /** A function under test and its witness. Errors are in ulps of the exact value or, where terms cancel, of a term. */
  private record Subject(
      String name, String id, Kernel f, DoubleFunction<Scaled> exact, DoubleFunction<Scaled> term, double from,
      double to) {

    Subject(String name, String id, Kernel f, DoubleFunction<Scaled> exact) {
      this(name, id, f, exact, null, 0, 0);
    }

    Subject inUlpsOf(DoubleFunction<Scaled> term, double from, double to) {
      return new Subject(name, id, f, exact, term, from, to);
    }

    private double ulps(double x, double actual) {
      double magnitude = x > from && x < to ? term.apply(x).value().hi() : 0;
      return exact.apply(x).ulps(actual, magnitude);
    }

    void within(double bound, Points points) {
      Worst worst = points.blocks().parallel().map(this::worstOf).reduce(Worst.NONE, Worst::or);
      String hex = Double.toHexString(worst.at);
      ROWS.put(name, String.format(Locale.ROOT, "| %s | %,d | %.3f | %s | %s | %s |",
          name, worst.of, worst.ulps, worst.at, hex, bound));
      String found = String.format(Locale.ROOT, "%s: the largest error at %,d points is %.3f ulp, at x = %s (%s). "
          + "The bound is %.1f ulp.", name, worst.of, worst.ulps, worst.at, hex, bound);
      System.out.println(found);
      Entry e = Ledger.of(id);
      e.checkWorst(Entry.VALUE, worst.of, worst.ulps, bound, found);
      e.remark(found);
    }

    private Worst worstOf(double[] x) {
      double[] y = new double[x.length];
      f.apply(x.length, x, 0, y, 0);
      Worst worst = Worst.NONE;
      for (int i = 0; i < x.length; i++) worst = worst.or(new Worst(1, ulps(x[i], y[i]), x[i]));
      return worst;
    }
  }

  /** The largest error over a number of points, and its point. */
  private record Worst(long of, double ulps, double at) {
    static final Worst NONE = new Worst(0, -1, Double.NaN);

    /** Returns the worse of the two, where NaN is worst. The order does not matter, so blocks can run in parallel. */
    Worst or(Worst o) {
      int c = Double.compare(ulps, o.ulps);
      Worst w = c > 0 || c == 0 && Double.compare(at, o.at) < 0 ? this : o;
      return new Worst(of + o.of, w.ulps, w.at);
    }
  }

  @AfterAll
  static void writeTheTable() throws IOException {
    String head = "| function | points | largest error, ulp | at x | | bound |\n|---|--:|--:|--:|---|--:|\n";
    Files.writeString(Path.of("target", "ulps.md"), head + String.join("\n", ROWS.values()) + "\n");
  }

  // ---------------------------------------------------------------- points

  /** A sequence of arguments, in blocks. */
  private static final class Points {
    private static final int BLOCK = 1 << 15;

    private final List<double[]> fixed = new ArrayList<>();
    private final List<Integer> sizes = new ArrayList<>();
    private final List<IntToDoubleFunction> drawn = new ArrayList<>();

    Points and(double... more) {
      fixed.add(more);
      return this;
    }

    /** Adds this share of {@link #POINTS} random points. */
    Points and(double share, IntToDoubleFunction more) {
      sizes.add((int) Math.ceil(share * POINTS));
      drawn.add(more);
      return this;
    }

    /** Returns only the edge cases in the domain of the function. */
    Points only(DoublePredicate isInDomain) {
      return new Points().and(edges().filter(isInDomain).toArray());
    }

    private DoubleStream edges() {
      return fixed.stream().flatMapToDouble(Arrays::stream);
    }

    Stream<double[]> blocks() {
      Stream<double[]> all = Stream.of(edges().toArray());
      for (int p = 0; p < drawn.size(); p++) {
        int size = sizes.get(p);
        IntToDoubleFunction x = drawn.get(p);
        all = Stream.concat(all, IntStream.range(0, (size + BLOCK - 1) / BLOCK).mapToObj(
            b -> IntStream.range(b * BLOCK, Math.min(size, (b + 1) * BLOCK)).mapToDouble(x).toArray()));
      }
      return all;
    }
  }

  private static IntToDoubleFunction even(double from, double to) {
    return i -> from + (to - from) * CounterRandom.uniform(1, 1, i);
  }

  /** Draws log-uniformly from the smallest to the largest double, with both signs. */
  private static IntToDoubleFunction magnitudes() {
    long largest = Double.doubleToLongBits(Double.MAX_VALUE);
    return i -> {
      double size = Double.longBitsToDouble((long) (largest * CounterRandom.uniform(1, 2, i)));
      return i % 2 == 0 ? size : -size;
    };
  }

  /** Returns each center with its {@code n} neighbors on either side. */
  private static double[] around(int n, double... centers) {
    double[] x = new double[centers.length * (2 * n + 1)];
    int i = 0;
    for (double c : centers) {
      double v = c;
      for (int j = 0; j < n; j++) v = Math.nextDown(v);
      for (int j = 0; j <= 2 * n; j++, v = Math.nextUp(v)) x[i++] = v;
    }
    return x;
  }

  /**
   * Returns the points where any of the functions changes its behavior, with their neighbors: ±2^e for every exponent;
   * ±0; the thresholds in the code and in the results; and ±scale·k·½ ln 2, the centers and breakpoints of the
   * reduction.
   */
  private static Points edges(double scale) {
    double[] powers = new double[2 * 2098], breaks = new double[2 * 2100];
    for (int i = 0; i < powers.length; i++) powers[i] = (i % 2 == 0 ? 1 : -1) * Math.scalb(1.0, i / 2 - 1074);
    for (int i = 0; i < breaks.length; i++) breaks[i] = scale * (i / 2.0 - 1076) * LN2;
    double[] thresholds = {
      0, 0.5, 1, 2, 8.3, 19.06, 20, 22, 36.7, 37, 37.5, 37.6, 37.7, 38.4, 38.5, 38.57, 40, MAX_EXP,
      MIN_NORMAL_EXP, MIN_EXP, 708, 714.796, 751.8, 1000, Double.MIN_NORMAL
    };
    double[] negative = Arrays.stream(thresholds).map(t -> -t).toArray();
    return new Points().and(around(2, powers)).and(around(4, breaks)).and(around(50, thresholds))
        .and(around(50, negative)).and(-Double.MAX_VALUE, Double.MAX_VALUE);
  }

  /** Points for functions of e^−|x|. */
  private static Points exponentials() {
    return edges(1).and(0.25, even(-745.2, 40)).and(0.3, even(-5, 5)).and(0.15, even(-753, -700))
        .and(0.3, magnitudes());
  }

  /** Points for functions of e^(−x²/2), including the breakpoints of its reduction, with both signs. */
  private static Points bells() {
    double[] breaks = new double[2 * 2160];
    for (int i = 0; i < breaks.length; i++) breaks[i] = (i % 2 == 0 ? 1 : -1) * Math.sqrt((i / 2) * LN2);
    return edges(1).and(around(4, breaks)).and(0.25, even(-38.7, 9)).and(0.3, even(-3, 3)).and(0.15, even(-39, -36))
        .and(0.1, even(-39, 39)).and(0.2, magnitudes());
  }
}
