// SPDX-License-Identifier: MIT
package chainrule.spec;

import chainrule.kernels.Kernels;
import chainrule.nn.Backpropagation;
import chainrule.nn.Dropout;
import chainrule.nn.Network;
import chainrule.nn.activation.Linear;
import chainrule.nn.loss.ElementwiseLoss;
import chainrule.nn.loss.Reduction;
import chainrule.random.CounterRandom;
import chainrule.spec.ledger.Ledger;
import chainrule.spec.ledger.Ledger.Entry;
import chainrule.spec.ledger.Proves;
import chainrule.spec.witness.FiniteDifferences;
import chainrule.spec.witness.Dual;
import chainrule.spec.witness.HighPrecision;
import java.math.BigDecimal;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** Dropout: the distribution of its masks, the forward and the backward pass, and inference, which changes nothing. */
class DropoutSpec {
  /** The probability that a correct implementation fails a statistical test for a random seed; the seeds are fixed. */
  static final double SIGNIFICANCE = 1e-6;
  /** The absolute value of a standard normal variable exceeds this with probability {@link #SIGNIFICANCE}. */
  static final double Z = 4.8917;

  /** A dropout layer under test. The museum implements it with bugs. */
  interface Subject {
    boolean keeps(long seed, long step, int row, int unit);

    /**
     * Returns z [rows × units] in training, for rows that start at firstRow. If dx is not null, writes ∂L/∂x for
     * delta = ∂L/∂z.
     */
    double[] train(long seed, long step, int firstRow, int rows, double[] x, double[] delta, double[] dx);

    /** Returns z at inference. */
    double[] infer(double[] x);
  }

  /** L = Σ y ⊙ ŷ, whose gradient is y, so that a test can choose the δ of the last layer. */
  private record Weighted() implements ElementwiseLoss {
    @Override public String name() {
      return "weighted";
    }

    @Override public Reduction reduction() {
      return Reduction.SUM;
    }

    @Override public double value(double yhat, double y) {
      return yhat * y;
    }

    @Override public double derivative(double yhat, double y) {
      return y;
    }
  }

  /** The real layer in a network: dropout, then the identity. */
  record Real(int units, double rate, int threads) implements Subject {
    private Network network() {
      Kernels kernels = Kernels.best().withThreads(threads);
      return Network.input(units).dropout(rate).activation(new Linear()).kernels(kernels).build(1);
    }

    @Override public boolean keeps(long seed, long step, int row, int unit) {
      return new Dropout(units, rate, 0).keeps(seed, step, row, unit);
    }

    @Override public double[] train(long seed, long step, int firstRow, int rows, double[] x, double[] delta,
        double[] dx) {
      Backpropagation b = new Backpropagation(network(), new Weighted(), rows);
      b.setStep(seed, step, firstRow);
      b.lossAndGradients(rows, x, 0, delta == null ? new double[x.length] : delta, 0);
      if (dx != null) b.inputGradients(dx);
      return Arrays.copyOf(b.outputs(), x.length);
    }

    @Override public double[] infer(double[] x) {
      return network().predict(x);
    }
  }

  private static final double[] RATES = {0, 0.1, 0.2, 0.25, 0.5, 0.75, 0.9, 0.99};

  private static double[] numbers(long seed, int n) {
    double[] x = new double[n];
    for (int i = 0; i < n; i++) x[i] = CounterRandom.normal(seed, 50, i) + 0.01;
    return x;
  }

  // ---------------------------------------------------------------- forward and backward

  /** z = x · k/(1 − p) for one element, where k is 1 or 0 in the mask. */
  private static Dual printed(double x, double rate, boolean kept) {
    return Dual.variable(x).times(kept ? 1 : 0).over(Dual.ONE.minus(Dual.constant(rate)));
  }

  /** Checks the forward and the backward pass against the formula, both with the mask of {@code keeps}. */
  static void passSpec(Entry value, Entry derivative, Subject dropout, double rate, int rows, int units, long seed) {
    double[] x = numbers(seed, rows * units), delta = numbers(seed + 1, rows * units), dx = new double[x.length];
    int first = (int) (seed % 5);
    double[] z = dropout.train(seed, seed % 7, first, rows, x, delta, dx);
    for (int i = 0; i < x.length; i++) {
      Dual exact = printed(x[i], rate, dropout.keeps(seed, seed % 7, first + i / units, i % units));
      // 1 − p, its reciprocal and the product: three roundings
      value.check(Entry.VALUE, z[i] == exact.value() ? 0 : HighPrecision.ulps(z[i], exact.v()), 3, rate, i, z[i]);
      derivative.check(Entry.DUAL, Entry.relative(dx[i], delta[i] * exact.derivative()), 1e-13, rate, i, dx[i]);
    }
    // the function is linear, so large steps are exact except for rounding; few elements, as each takes four passes
    for (int i = 0; i < Math.min(3, x.length); i++) {
      int at = i;
      double numeric = FiniteDifferences.fivePoint(v -> {
        double[] moved = x.clone();
        moved[at] = v;
        return dropout.train(seed, seed % 7, first, rows, moved, null, null)[at] * delta[at];
      }, x[i], 0.5, 1);
      derivative.check(Entry.DIFFERENCE, Entry.relative(dx[i], numeric), 1e-9, rate, i, dx[i], numeric);
    }
  }

  @Property(tries = 100)
  @Proves(value = "003-dropout", home = "Dropout#mask")
  @Proves(value = "003-dropout-d", home = "Dropout#inputGradient")
  void bothPassesScaleKeptUnitsByOneOverOneMinusPWithTheSameMask(
      @ForAll @LongRange(min = 1, max = 1_000_000) long seed, @ForAll @IntRange(min = 1, max = 6) int rows,
      @ForAll @IntRange(min = 1, max = 9) int units) {
    Entry value = Ledger.of("003-dropout"), derivative = Ledger.of("003-dropout-d");
    for (double p : RATES) passSpec(value, derivative, new Real(units, p, 1), p, rows, units, seed);
    Ledger.of("003-dropout-d").remark(
        "B(1,p) is the mask of the forward pass, the same draw, which keeps a unit with probability 1 − p.");
  }

  @Test
  @Proves(value = {"003-dropout", "003-dropout-d"}, by = "Dropout")
  void nanIsKeptDroppedInfinityIsNanAndRateZeroIsTheIdentity() {
    double[] x = {1, Double.NaN, -2, 3e300}, dx = new double[4], delta = {1, 2, 3, 4};
    for (long seed = 1; seed < 30; seed++) { // seeds whose masks keep the NaN, and others
      double[] z = new Real(4, 0.5, 1).train(seed, 0, 0, 1, x, delta, dx);
      for (int i = 0; i < 4; i++) Ledger.of("003-dropout").holds(Double.isNaN(z[i]) == (i == 1), seed, i, z[i]);
    }
    for (int unit = 0; unit < 20; unit++) {
      double[] inf = new double[20];
      inf[unit] = Double.POSITIVE_INFINITY;
      double z = new Real(20, 0.5, 1).train(1, 0, 0, 1, inf, null, null)[unit];
      boolean kept = new Dropout(20, 0.5, 0).keeps(1, 0, 0, unit);
      Ledger.of("003-dropout").exact(kept ? Double.POSITIVE_INFINITY : Double.NaN, z, "∞ · 0 is NaN", unit);
    }
    double[] z = new Real(4, 0, 1).train(1, 0, 0, 1, x, delta, dx);
    for (int i = 0; i < 4; i++) {
      Ledger.of("003-dropout").exact(x[i], z[i], "p = 0");
      Ledger.of("003-dropout-d").exact(delta[i], dx[i], "p = 0");
    }
    for (double bad : new double[] {-0.1, 1, 1.5, Double.NaN}) {
      boolean refused = false;
      try {
        new Dropout(2, bad, 0);
      } catch (IllegalArgumentException e) {
        refused = e.getMessage().contains("rate");
      }
      Ledger.of("003-dropout").holds(refused, "a rate outside [0, 1) is rejected", bad);
    }
  }

  @Property(tries = 50)
  @Proves(value = "003-dropout-inference", home = "Dropout#forward")
  void atInferenceDropoutIsTheIdentity(@ForAll @LongRange(min = 1, max = 1_000_000) long seed) {
    for (double p : RATES) inferenceSpec(Ledger.of("003-dropout-inference"), new Real(5, p, 1), seed);
  }

  static void inferenceSpec(Entry entry, Subject dropout, long seed) {
    double[] x = numbers(seed, 15);
    double[] edges = {0, -0.0, Double.NaN, Double.MIN_VALUE, Double.MAX_VALUE};
    System.arraycopy(edges, 0, x, 0, 5);
    double[] z = dropout.infer(x);
    for (int i = 0; i < x.length; i++) {
      entry.holds(Double.doubleToLongBits(x[i]) == Double.doubleToLongBits(z[i]), "the same bits", x[i], z[i]);
    }
  }

  @Property(tries = 50)
  @Proves(value = {"003-dropout", "003-dropout-d"}, by = "Dropout, Backpropagation#setStep")
  void masksDoNotDependOnTheSplitOfABatchOrOnThreads(@ForAll @LongRange(min = 1, max = 1_000_000) long seed) {
    splitSpec(Ledger.of("003-dropout"), Ledger.of("003-dropout-d"), new Real(7, 0.4, 1), new Real(7, 0.4, 3), seed);
  }

  /** Checks that a batch split at any row, and a batch on several threads, give the bits of the whole batch. */
  static void splitSpec(Entry value, Entry derivative, Subject dropout, Subject threaded, long seed) {
    int rows = 12, units = 7, cut = (1 + (int) (seed % (rows - 1))) * units;
    double[] x = numbers(seed, rows * units), delta = numbers(seed + 1, x.length), dx = new double[x.length];
    double[] z = dropout.train(seed, 3, 0, rows, x, delta, dx);
    double[] parts = new double[x.length], partsDx = new double[x.length];
    for (int[] part : new int[][] {{cut, x.length}, {0, cut}}) { // in reverse, since the order must not matter
      double[] some = new double[part[1] - part[0]];
      double[] out = dropout.train(seed, 3, part[0] / units, some.length / units,
          Arrays.copyOfRange(x, part[0], part[1]),
          Arrays.copyOfRange(delta, part[0], part[1]), some);
      System.arraycopy(out, 0, parts, part[0], some.length);
      System.arraycopy(some, 0, partsDx, part[0], some.length);
    }
    double[] otherDx = new double[x.length], other = threaded.train(seed, 3, 0, rows, x, delta, otherDx);
    value.holds(Arrays.equals(z, parts), "split", cut);
    derivative.holds(Arrays.equals(dx, partsDx), "split", cut);
    value.holds(Arrays.equals(z, other), "threads");
    derivative.holds(Arrays.equals(dx, otherDx), "threads");
    value.holds(!Arrays.equals(z, dropout.train(seed, 4, 0, rows, x, null, null)), "each step has its own mask");
    value.holds(!Arrays.equals(z, dropout.train(seed + 1, 3, 0, rows, x, null, null)), "each seed has its own");
  }

  // ---------------------------------------------------------------- distribution

  private static BigDecimal binomial(int n, int k, BigDecimal p) {
    BigDecimal c = BigDecimal.ONE;
    for (int i = 0; i < k; i++) c = c.multiply(BigDecimal.valueOf(n - i)).divide(BigDecimal.valueOf(i + 1));
    return c.multiply(p.pow(k)).multiply(BigDecimal.ONE.subtract(p).pow(n - k));
  }

  @Test
  @Proves(value = {"003-binomial", "003-bernoulli"}, by = "Dropout#keeps")
  void theBinomialFormulaIsTheDistributionOfASumOfTrialsAndBernoulliIsTheCaseOfOneTrial() {
    Entry entry = Ledger.of("003-binomial"), one = Ledger.of("003-bernoulli");
    for (double rate : RATES) {
      BigDecimal p = new BigDecimal(rate), q = BigDecimal.ONE.subtract(p);
      BigDecimal[] trials = {BigDecimal.ONE}; // the distribution of n trials, by repeated convolution
      for (int n = 1; n <= 12; n++) {
        BigDecimal[] next = new BigDecimal[n + 1];
        for (int k = 0; k <= n; k++) {
          BigDecimal success = k == 0 ? BigDecimal.ZERO : trials[k - 1].multiply(p);
          next[k] = k == n ? success : success.add(trials[k].multiply(q));
          entry.holds(binomial(n, k, p).compareTo(next[k]) == 0, n, k, rate);
        }
        trials = next;
      }
      for (int k = 0; k <= 1; k++) {
        BigDecimal power = p.pow(k).multiply(q.pow(1 - k));
        one.holds(power.compareTo(k == 1 ? p : q) == 0 && power.compareTo(binomial(1, k, p)) == 0, k, rate);
      }
    }
  }

  /** The direction in which twelve mask elements are counted together. */
  enum Along { UNITS, ROWS, STEPS }

  @Test
  @Proves(value = "003-binomial", home = "Dropout#keeps")
  void theNumberOfKeptUnitsIsBinomial() {
    for (double rate : new double[] {0.1, 0.2, 0.5, 0.75, 0.9}) {
      binomialSpec(Ledger.of("003-binomial"), new Real(12, rate, 1), rate);
    }
    Ledger.of("003-binomial").remark("The number of kept units out of 12, along units, rows and steps, is "
        + "B(12, 1 − p): chi-square tests over 20,000 masks with fixed seeds, each at significance 1e-6.");
  }

  /** A chi-square test. Cells are joined until each expects at least 5 and the number of degrees of freedom is even. */
  static void binomialSpec(Entry entry, Subject dropout, double rate) {
    int n = 12, masks = 20_000;
    for (Along along : Along.values()) {
      long[] seen = new long[n + 1];
      for (int m = 0; m < masks; m++) {
        int kept = 0;
        for (int i = 0; i < n; i++) {
          kept += switch (along) {
            case UNITS -> dropout.keeps(11, m, 0, i);
            case ROWS -> dropout.keeps(12, m / 12, (m / 144) * 12 + i, m % 12);
            case STEPS -> dropout.keeps(13, (m / 12) * 12L + i, 0, m % 12);
          } ? 1 : 0;
        }
        seen[kept]++;
      }
      chiSquare(entry, seen, rate, masks, along);
    }
  }

  private static void chiSquare(Entry entry, long[] seen, double rate, int masks, Along along) {
    int n = seen.length - 1;
    BigDecimal keep = BigDecimal.ONE.subtract(new BigDecimal(rate));
    double[] observed = new double[n + 1], expected = new double[n + 1];
    int cells = 0;
    for (int k = 0; k <= n; k++) {
      observed[cells] += seen[k];
      expected[cells] += masks * binomial(n, k, keep).doubleValue();
      if (expected[cells] >= 5) cells++;
    }
    if (cells <= n) cells = join(observed, expected, cells + 1); // the last cell may expect less than 5
    if ((cells - 1) % 2 == 1) cells = join(observed, expected, cells);
    double statistic = 0;
    for (int c = 0; c < cells; c++) statistic += Math.pow(observed[c] - expected[c], 2) / expected[c];
    entry.check(Entry.STATISTIC, statistic, critical(cells - 1), "chi-square", along, rate, cells - 1,
        "degrees of freedom");
  }

  /** Adds the last cell to the one before it. */
  private static int join(double[] observed, double[] expected, int cells) {
    observed[cells - 2] += observed[cells - 1];
    expected[cells - 2] += expected[cells - 1];
    return cells - 1;
  }

  /** Finds the number that chi-square with this even number of degrees exceeds with probability SIGNIFICANCE. */
  private static double critical(int degrees) {
    double low = 0, high = 1000;
    for (int i = 0; i < 200; i++) {
      double middle = (low + high) / 2, term = Math.exp(-middle / 2), tail = 0;
      for (int j = 0; j < degrees / 2; j++) { // P = e^(−x/2) Σ_{j < degrees/2} (x/2)^j / j!
        tail += term;
        term *= middle / 2 / (j + 1);
      }
      if (tail > SIGNIFICANCE) low = middle;
      else high = middle;
    }
    return high;
  }

  @Test
  @Proves(value = "003-bernoulli", home = "Dropout#keeps")
  void aUnitIsKeptWithProbability1MinusP() {
    for (double rate : RATES) bernoulliSpec(Ledger.of("003-bernoulli"), new Real(10, rate, 1), rate);
    Ledger.of("003-bernoulli").remark(
        "The mask is B(1, 1 − p): 1 (kept) with probability 1 − p, 0 (dropped) with the drop rate p.");
  }

  /** Checks the frequency of kept units, and the independence of neighboring units, rows and steps. */
  static void bernoulliSpec(Entry entry, Subject dropout, double rate) {
    int n = 40_000;
    double keep = 1 - rate, kept = 0;
    double[] pairs = new double[3];
    for (int i = 0; i < n; i++) {
      long step = i / 1000;
      int row = i / 10 % 100, unit = i % 10;
      boolean here = dropout.keeps(21, step, row, unit);
      if (here) kept++;
      if (here && dropout.keeps(21, step, row, (unit + 1) % 10)) pairs[0]++;
      if (here && dropout.keeps(21, step, row + 100, unit)) pairs[1]++;
      if (here && dropout.keeps(21, step + 1000, row, unit)) pairs[2]++;
    }
    if (rate == 0) {
      entry.exact(n, kept, "p = 0 keeps every unit");
      return;
    }
    entry.check(Entry.STATISTIC, Math.abs(kept - n * keep) / Math.sqrt(n * keep * rate), Z, "kept", rate, kept / n);
    // neighboring pairs in a ring of ten share units, so their variance is q²(1 − q²) + 2q³(1 − q) each
    double q = keep, ring = q * q * (1 - q * q) + 2 * q * q * q * (1 - q), apart = q * q * (1 - q * q);
    for (int k = 0; k < 3; k++) {
      entry.check(Entry.STATISTIC, Math.abs(pairs[k] - n * q * q) / Math.sqrt(n * (k == 0 ? ring : apart)), Z, "pairs",
          k, rate);
    }
  }

  /**
   * Observes the masks of three layers of a network one at a time, with rate 0 in the other two. If the draws are
   * independent, a unit that one layer keeps is kept with probability 1 − p by another layer, and by the same layer in
   * another row, step or run.
   */
  @Test
  @Proves(value = "003-bernoulli", by = "Dropout")
  void masksAreIndependentAcrossLayersUnitsRowsStepsAndSeeds() {
    Entry entry = Ledger.of("003-bernoulli");
    int rows = 40, units = 25, steps = 20;
    for (double rate : new double[] {0.2, 0.5, 0.8}) {
      boolean[][] masks = new boolean[3][];
      for (int l = 0; l < 3; l++) masks[l] = observedMasks(l, rate, 3, rows, units, steps);
      boolean[] otherSeed = observedMasks(0, rate, 4, rows, units, steps);
      int row = units, step = rows * units;
      for (int l = 0; l < 3; l++) {
        independent(entry, masks[l], masks[(l + 1) % 3], 0, rate, "layers", l);
        independent(entry, masks[l], masks[(l + 1) % 3], row, rate, "layers, next row", l);
        independent(entry, masks[l], masks[l], 1, rate, "units", l);
        independent(entry, masks[l], masks[l], row, rate, "rows", l);
        independent(entry, masks[l], masks[l], step, rate, "steps", l);
      }
      independent(entry, masks[0], otherSeed, 0, rate, "seeds", 0);
    }
  }

  /** Returns which ones layer {@code l} of three keeps, step by step and row by row. */
  private static boolean[] observedMasks(int l, double rate, long seed, int rows, int units, int steps) {
    Network.Builder builder = Network.input(units);
    for (int i = 0; i < 3; i++) builder.dropout(i == l ? rate : 0);
    Backpropagation b = new Backpropagation(builder.activation(new Linear()).build(1), new Weighted(), rows);
    double[] ones = new double[rows * units];
    Arrays.fill(ones, 1);
    boolean[] seen = new boolean[steps * rows * units];
    for (int s = 0; s < steps; s++) {
      b.setStep(seed, s, 0);
      b.trainingLoss(rows, ones, 0, ones, 0);
      for (int i = 0; i < ones.length; i++) seen[s * ones.length + i] = b.outputs()[i] != 0;
    }
    return seen;
  }

  /** Checks Σ (a − q)(b − q) over pairs, in standard deviations: each factor has variance pq and mean 0. */
  private static void independent(Entry entry, boolean[] a, boolean[] b, int shift, double rate, String what, int l) {
    int n = a.length - shift;
    double q = 1 - rate, sum = 0;
    for (int i = 0; i < n; i++) sum += ((a[i] ? 1 : 0) - q) * ((b[i + shift] ? 1 : 0) - q);
    entry.check(Entry.STATISTIC, Math.abs(sum) / (rate * q * Math.sqrt(n)), Z, "correlation", what, l, rate);
  }

  @Test
  @Proves(value = "003-dropout", by = "Dropout")
  void theMeanOverMasksIsX() {
    for (double rate : RATES) meanSpec(Ledger.of("003-dropout"), new Real(10, rate, 1), rate);
  }

  /**
   * Checks the mean of z over 20,000 mask elements, in units of the standard deviation of x·B(1, 1 − p)/(1 − p), which
   * is x √(p/(1 − p)).
   */
  static void meanSpec(Entry entry, Subject dropout, double rate) {
    int rows = 2000, units = 10;
    double x = 1.75, mean = mean(dropout, x, rows, units);
    if (rate == 0) entry.exact(x, mean, "p = 0");
    else entry.check(Entry.STATISTIC, Math.abs(mean - x) / (x * Math.sqrt(rate / (1 - rate) / (rows * units))), Z,
        "mean", rate, mean);
  }

  private static double mean(Subject dropout, double x, int rows, int units) {
    double[] in = new double[rows * units];
    Arrays.fill(in, x);
    double sum = 0;
    for (double z : dropout.train(31, 5, 0, rows, in, null, null)) sum += z;
    return sum / in.length;
  }

  /** The mean of z over all masks is x, so the mean of ∂z/∂x is 1. Also checks the elements that the legend names. */
  @Test
  @Proves(value = "003-dropout-d", by = "Dropout")
  void asPrintedTheMeanGradientIsNotOne() {
    Entry entry = Ledger.of("003-dropout-d");
    int rows = 2000, units = 10;
    double p = 0.2;
    double real = gradientSpec(entry, new Real(units, p, 1), p, rows, units);
    double printed = meanGradient(new DropoutMuseumSpec.KeepsP(units, p), rows, units);
    entry.counterexample(Math.abs(printed - 0.25) < 0.02 && Math.abs(real - 1) < 0.02,
        "p = 0.2, ∂L/∂x̂ = 1: with the printed B(1, p) the mean of ∂L/∂x is p/(1 − p) = 0.25; with B(1, 1 − p) it is "
            + "1. The elements that the legend calls 1 are 1/(1 − p) = 1.25");
  }

  /** Checks that each element is 0 or 1/(1 − p), and that the mean is 1 within Z standard deviations √(p/(1 − p)/n). */
  static double gradientSpec(Entry entry, Subject dropout, double p, int rows, int units) {
    double[] ones = new double[rows * units], dx = new double[ones.length];
    Arrays.fill(ones, 1);
    dropout.train(31, 5, 0, rows, ones, ones, dx);
    for (double d : dx) entry.holds(d == 0 || Math.abs(d - 1 / (1 - p)) <= Math.ulp(1 / (1 - p)), d);
    double mean = Arrays.stream(dx).sum() / dx.length;
    entry.check(Entry.STATISTIC, Math.abs(mean - 1) / Math.sqrt(p / (1 - p) / dx.length), Z, "mean of ∂L/∂x", p, mean);
    return mean;
  }

  private static double meanGradient(Subject dropout, int rows, int units) {
    double[] ones = new double[rows * units], dx = new double[ones.length];
    Arrays.fill(ones, 1);
    dropout.train(31, 5, 0, rows, ones, ones, dx);
    return Arrays.stream(dx).sum() / dx.length;
  }

  @Test
  @Proves(value = "003-dropout", by = "Dropout")
  void asPrintedTheMeanIsNotX() {
    Entry entry = Ledger.of("003-dropout");
    for (double rate : new double[] {0.1, 0.2, 0.25, 0.75, 0.9}) {
      BigDecimal p = new BigDecimal(rate), q = BigDecimal.ONE.subtract(p), printed = BigDecimal.ZERO,
          corrected = BigDecimal.ZERO;
      for (int k = 0; k <= 1; k++) { // E[x · k/(1 − p)] for x = 1, k from B(1, p) and from B(1, 1 − p)
        BigDecimal z = BigDecimal.valueOf(k).divide(q, HighPrecision.DIGITS);
        printed = printed.add(binomial(1, k, p).multiply(z));
        corrected = corrected.add(binomial(1, k, q).multiply(z));
      }
      entry.check("mean", corrected.subtract(BigDecimal.ONE).abs().doubleValue(), 1e-45, "B(1, 1 − p)/(1 − p)", rate);
      entry.check("mean", printed.subtract(p.divide(q, HighPrecision.DIGITS)).abs().doubleValue(), 1e-45,
          "B(1, p)/(1 − p)", rate);
      entry.holds(Math.abs(printed.doubleValue() - 1) > 0.5, "as printed, it is not x", rate);
    }
    double real = mean(new Real(10, 0.2, 1), 1, 2000, 10),
        printed = mean(new DropoutMuseumSpec.KeepsP(10, 0.2), 1, 2000, 10);
    entry.counterexample(Math.abs(printed - 0.25) < 0.02 && Math.abs(real - 1) < 0.02,
        "p = 0.2, x = 1: with the printed B(1, p) the mean is p/(1 − p) = 0.25; with B(1, 1 − p) it is 1");
  }
}
