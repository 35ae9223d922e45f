package chainrule.spec;

import chainrule.kernels.Elementary;
import chainrule.kernels.Kernels;
import chainrule.random.CounterRandom;
import chainrule.spec.ledger.Ledger;
import chainrule.spec.ledger.Ledger.Entry;
import chainrule.spec.ledger.Proves;
import chainrule.spec.witness.Quick;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * Each elementary function in ulps, at a million points and more: evenly and by magnitude over its whole range, and the
 * neighbours of every place where something changes: ends of the range, powers of two, turns of the argument reduction,
 * thresholds of the code. The worst is on the ledger.
 */
class ElementarySpec {
  private static final double LN2 = 0.6931471805599453, MAX_EXP = 709.782712893384;

  @Test
  @Proves(value = "beyond-exp", by = "Kernels#exp, Elementary#exp")
  void expIsWithinOneUlp() {
    Kernels k = Kernels.best();
    double[] edges = points(around(4, turns(1)), powers(),
        around(20, 0, MAX_EXP, -708.396418532264, -745.1332191019411, 1000, -1000));
    within("beyond-exp", 1, k::exp, Quick::exp,
        points(edges, evenly(500_000, -745.2, MAX_EXP), evenly(300_000, -1, 1), byMagnitude(250_000, 1e-20, MAX_EXP)));
  }

  @Test
  @Proves(value = "beyond-log", by = "Kernels#log, Elementary#log")
  void logIsWithinOneUlp() {
    double[] powers = new double[2099], roots = new double[2099];
    for (int i = 0; i < powers.length; i++) {
      powers[i] = Math.scalb(1.0, i - 1074);
      roots[i] = Math.scalb(Math.sqrt(0.5), i - 1074);
    }
    double[] edges = points(around(4, powers), around(4, roots), around(3000, 1), around(20, Double.MIN_NORMAL),
        new double[] {Double.MIN_VALUE, Double.MAX_VALUE});
    double[] all = points(edges, byMagnitude(1_000_000, Double.MIN_VALUE, Double.MAX_VALUE),
        evenly(400_000, 0.3, 3), evenly(150_000, 0.99, 1.01));
    within("beyond-log", 1, Kernels.best()::log, Quick::log, Arrays.stream(all).filter(x -> x > 0).toArray());
  }

  @Test
  @Proves(value = "beyond-sigmoid-kernel", by = "Kernels#sigmoid, Elementary#sigmoid")
  void sigmoidIsWithinTwoUlps() {
    within("beyond-sigmoid-kernel", 2, Kernels.best()::sigmoid, Quick::sigmoid,
        points(tails(), evenly(500_000, -745.2, 40), evenly(400_000, -5, 5), byMagnitude(200_000, 1e-20, 745)));
  }

  @Test
  @Proves(value = "beyond-tanh-kernel", by = "Kernels#tanh, Elementary#tanh")
  void tanhIsWithinTwoUlps() {
    double[] edges = points(around(4, turns(0.5)), around(100, 19.06, 20, 22), powers());
    within("beyond-tanh-kernel", 2, Kernels.best()::tanh, Quick::tanh, points(
        edges, evenly(400_000, -20, 20), evenly(400_000, -1, 1), byMagnitude(250_000, Double.MIN_VALUE, 400)));
  }

  @Test
  @Proves(value = "beyond-softplus-kernel", by = "Kernels#softplus, Elementary#softplus")
  void softplusIsWithinTwoUlps() {
    double threshold = Math.log(Math.sqrt(2) - 1); // e^x = √2 − 1, where the logarithm begins to reduce
    within("beyond-softplus-kernel", 2, Kernels.best()::softplus, Quick::softplus,
        points(tails(), around(1000, threshold, -threshold), evenly(500_000, -745.2, 40), evenly(400_000, -5, 5),
            byMagnitude(200_000, 1e-20, 745)));
  }

  @Test
  @Proves(value = "beyond-expm1", by = "Elementary#expm1")
  void expm1IsWithinTwoUlps() {
    double[] edges = points(around(4, turns(1)), around(20, -37, -40, 40, -1000, MAX_EXP), powers());
    within("beyond-expm1", 2, each(Elementary::expm1), Quick::expm1, points(
        edges, evenly(500_000, -2, 2), evenly(300_000, -40, MAX_EXP), evenly(300_000, 0.3, 0.7),
        byMagnitude(300_000, Double.MIN_VALUE, 1)));
  }

  @Test
  @Proves(value = "beyond-silu-kernel", by = "Kernels#silu, Elementary#silu")
  void siluIsWithinFourUlps() {
    double[] x = points(tails(), evenly(500_000, -708, 40), evenly(400_000, -5, 5), byMagnitude(200_000, 1e-20, 700));
    within("beyond-silu-kernel", 4, Kernels.best()::silu, Quick::silu, Arrays.stream(x).filter(v -> v > -708).toArray());
  }

  @Test
  @Proves(value = "beyond-normal-cdf", by = "Elementary#normalCdf")
  void normalCdfIsWithinSevenUlps() {
    within("beyond-normal-cdf", 7, each(Elementary::normalCdf), Quick::normalCdf, points(
        bells(), evenly(400_000, -38.6, 9), evenly(400_000, -3, 3), byMagnitude(250_000, 1e-20, 38.6)));
  }

  @Test
  @Proves(value = "beyond-normal-density", by = "Elementary#normalDensity")
  void normalDensityIsWithinFourUlps() {
    within("beyond-normal-density", 4, each(Elementary::normalDensity), Quick::normalDensity,
        points(bells(), evenly(500_000, -38.6, 38.6), evenly(350_000, -3, 3), byMagnitude(250_000, 1e-20, 38.6)));
  }

  // ---------------------------------------------------------------- the comparison

  /** y[i] = f(x[i]). */
  private interface Kernel {
    void apply(int n, double[] x, int xo, double[] y, int yo);
  }

  private static Kernel each(DoubleUnaryOperator f) {
    return (n, x, xo, y, yo) -> {
      for (int i = 0; i < n; i++) y[yo + i] = f.applyAsDouble(x[xo + i]);
    };
  }

  private static String within(String id, double bound, Kernel f, DoubleFunction<Quick.Scaled> exact, double[] x) {
    double[] y = new double[x.length];
    f.apply(x.length, x, 0, y, 0);
    double worst = -1, at = 0;
    for (int i = 0; i < x.length; i++) {
      double ulps = exact.apply(x[i]).ulps(y[i]);
      if (!(ulps <= worst)) { // so that NaN is worse than all
        worst = ulps;
        at = x[i];
      }
    }
    Entry e = Ledger.of(id);
    String found = String.format(Locale.ROOT, "Of %,d points the worst is x = %s (%s): %.3f ulp; %s are allowed.",
        x.length, at, Double.toHexString(at), worst, bound);
    e.checkWorst(Entry.VALUE, x.length, worst, bound, found);
    e.remark(found);
    System.out.println(id + ": " + found);
    return found;
  }

  // ---------------------------------------------------------------- points

  private static double[] points(double[]... parts) {
    return Arrays.stream(parts).flatMapToDouble(Arrays::stream).toArray();
  }

  private static double[] evenly(int n, double from, double to) {
    double[] x = new double[n];
    for (int i = 0; i < n; i++) x[i] = from + (to - from) * CounterRandom.uniform(1, 1, i);
    return x;
  }

  /** Every exponent alike, both signs. */
  private static double[] byMagnitude(int n, double from, double to) {
    long least = Double.doubleToLongBits(from), span = Double.doubleToLongBits(to) - least;
    double[] x = new double[n];
    for (int i = 0; i < n; i++) {
      double size = Double.longBitsToDouble(least + (long) (span * CounterRandom.uniform(1, 2, i)));
      x[i] = i % 2 == 0 ? size : -size;
    }
    return x;
  }

  /** Each centre and its {@code n} neighbours on either side. */
  private static double[] around(int n, double... centres) {
    double[] x = new double[centres.length * (2 * n + 1)];
    int i = 0;
    for (double c : centres) {
      double v = c;
      for (int j = 0; j < n; j++) v = Math.nextDown(v);
      for (int j = 0; j <= 2 * n; j++, v = Math.nextUp(v)) x[i++] = v;
    }
    return x;
  }

  /** All ±2^e from the least to 2^10, and their neighbours: with them ±0 and what lies beside it. */
  private static double[] powers() {
    double[] x = new double[2 * 1085];
    for (int i = 0; i < x.length; i++) x[i] = (i % 2 == 0 ? 1 : -1) * Math.scalb(1.0, i / 2 - 1074);
    return around(2, x);
  }

  /** {@code scale} times every multiple of ½ ln 2: middles and turns of exp's reduction. */
  private static double[] turns(double scale) {
    double[] x = new double[2 * 2100];
    for (int i = 0; i < x.length; i++) x[i] = scale * (i / 2.0 - 1076) * LN2;
    return x;
  }

  /** For functions of e^−|x|. */
  private static double[] tails() {
    return points(around(4, turns(1)), around(20, 36.7, -36.7, 37.5, -37.5, -708.396418532264, -745.1332191019411, 800),
        powers());
  }

  /** For functions of e^(−x²/2): where its reduction turns, both signs, and the ends. */
  private static double[] bells() {
    double[] x = new double[2 * 2160];
    for (int i = 0; i < x.length; i++) x[i] = (i % 2 == 0 ? 1 : -1) * Math.sqrt((i / 2) * LN2);
    return points(around(4, x), powers(),
        around(20, 8.3, -8.3, -37.5, 37.5, -38.4, -38.5, 38.5, 38.57, -38.57, 40, -40));
  }
}
