// SPDX-License-Identifier: MIT
package chainrule.spec;

import chainrule.kernels.Kernels;
import chainrule.kernels.ScalarKernels;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Softmax;
import chainrule.random.CounterRandom;
import chainrule.spec.ledger.Ledger;
import chainrule.spec.ledger.Ledger.Entry;
import chainrule.spec.ledger.Proves;
import chainrule.spec.witness.FiniteDifferences;
import chainrule.spec.witness.Dual;
import chainrule.spec.witness.HighPrecision;
import chainrule.spec.witness.DoubleDouble;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Softmax: its values in ulps, its Jacobian by two witnesses, its sums, and its behavior at extreme logits. */
class SoftmaxSpec {
  private static final double INF = Double.POSITIVE_INFINITY, NAN = Double.NaN;
  private static final List<String> VALUES = List.of("000-1.4", "001-softmax", "002-softmax", "003-softmax");
  private static final List<String> JACOBIANS = List.of("000-1.4-d", "001-softmax-d", "003-softmax-d");
  private static final Kernels[] KERNELS = {ScalarKernels.INSTANCE, Kernels.best()};

  @Property(tries = 200)
  @Proves(value = {"000-1.4", "001-softmax", "002-softmax", "003-softmax"}, home = "Softmax#forward")
  void everyValueIsItsExponentialOverTheSumOfItsRow(
      @ForAll @IntRange(min = 1, max = 3) int rows, @ForAll @IntRange(min = 1, max = 12) int cols,
      @ForAll @DoubleRange(min = 0.01, max = 350) double spread, @ForAll @IntRange(min = 1, max = 1_000_000) int seed) {
    double[] z = uniform(rows * cols, spread, seed, 1);
    for (String id : VALUES) values(Ledger.of(id), new Softmax(), rows, cols, z);
    Ledger.of("002-softmax").remark("The sum has its own index: y_i = e^z_i / Σ_k e^z_k. With the document's i, "
        + "which is already used, it would be e^z_i / e^z_i = 1.");
    Ledger.of("003-softmax").remark("Rows are samples, and z_i and z_ij are logits of the same row: each row is "
        + "divided by its own sum, not by the sum over the batch.");
  }

  /**
   * Checks that values are within 4 ulps of e^z_i/Σ_j e^z_j, times a condition number: rounding z_i − m to half an ulp
   * changes e^(z_i − m) by |z_i − m| half ulps, and the sum by their weighted mean.
   */
  static void values(Entry e, Activation phi, int rows, int cols, double[] z) {
    for (Kernels k : KERNELS) {
      double[] a = new double[z.length];
      phi.forward(k, rows, cols, z, a);
      for (int r = 0; r < rows; r++) {
        double[] row = Arrays.copyOfRange(z, r * cols, (r + 1) * cols);
        Dual[] exact = softmax(row, -1);
        double m = Arrays.stream(row).max().orElseThrow(), mean = 0;
        for (int j = 0; j < cols; j++) mean += exact[j].value() * (m - row[j]);
        for (int j = 0; j < cols; j++) {
          double condition = 1 + (m - row[j]) + mean;
          double ulps = HighPrecision.ulps(a[r * cols + j], exact[j].v());
          e.check(Entry.VALUE, ulps / condition, 4, k.name(), "row", r, "column", j, row);
        }
      }
    }
  }

  /** e^z_i / Σ_j e^z_j in dual numbers, differentiated by z_v, or by nothing if v = −1. */
  static Dual[] softmax(double[] z, int v) {
    Dual[] e = new Dual[z.length];
    Dual total = Dual.ZERO;
    for (int i = 0; i < z.length; i++) {
      e[i] = (i == v ? Dual.variable(z[i]) : Dual.constant(z[i])).exp();
      total = total.plus(e[i]);
    }
    for (int i = 0; i < z.length; i++) e[i] = e[i].over(total);
    return e;
  }

  @Property(tries = 200)
  @Proves(value = {"000-1.4", "001-softmax", "002-softmax", "003-softmax"}, by = "Kernels#softmax")
  void rowsSumToOneWithinFourUlps(
      @ForAll @IntRange(min = 1, max = 4) int rows, @ForAll @IntRange(min = 1, max = 32) int cols,
      @ForAll @DoubleRange(min = 0.01, max = 800) double spread, @ForAll @IntRange(min = 1, max = 1_000_000) int seed) {
    double[] z = uniform(rows * cols, spread, seed, 2);
    for (String id : VALUES) sumsToOne(Ledger.of(id), new Softmax(), rows, cols, z);
  }

  /**
   * For at most 32 columns. The sum is a stripe of 4 (3 roundings) and a tree of depth 3, so it is within 6·2⁻⁵³ of
   * the exact sum of the computed exponentials. Each quotient adds at most 2⁻⁵³ of itself. The total is 7·2⁻⁵³, below
   * 4 ulps of 1.
   */
  static void sumsToOne(Entry e, Activation phi, int rows, int cols, double[] z) {
    for (Kernels k : KERNELS) {
      double[] a = new double[z.length];
      phi.forward(k, rows, cols, z, a);
      for (int r = 0; r < rows; r++) {
        BigDecimal sum = BigDecimal.ZERO;
        for (int j = 0; j < cols; j++) sum = sum.add(new BigDecimal(a[r * cols + j]));
        e.check("sum", sum.subtract(BigDecimal.ONE).abs().doubleValue() / Math.ulp(1.0), 4, k.name(), "row", r, z);
      }
    }
  }

  /** Measured: a stripe has up to 125 additions here, so the bound from rounding analysis exceeds 4 ulps. */
  @Test
  @Proves(value = "beyond-softmax-sum", home = "Kernels#softmax")
  void rowsOfUpToAThousandColumnsSumToOneWithinFourUlps() {
    Entry e = Ledger.of("beyond-softmax-sum");
    StringBuilder found = new StringBuilder();
    for (int cols : new int[] {2, 10, 100, 1000}) {
      double worst = -1, spreadThere = 0;
      int rows = 1000, repeats = 1000 / cols + 1;
      for (int seed = 1; seed <= repeats; seed++) {
        double spread = StrictMath.pow(10, 5.0 * seed / repeats - 2); // 0.01 to 1000
        double[] z = uniform(rows * cols, spread, seed, 4);
        for (Kernels k : KERNELS) {
          double[] a = new double[z.length];
          k.softmax(rows, cols, z, 0, a, 0);
          for (int r = 0; r < rows; r++) {
            DoubleDouble sum = DoubleDouble.of(-1);
            for (int j = 0; j < cols; j++) sum = sum.plus(DoubleDouble.of(a[r * cols + j]));
            double ulps = Math.abs(sum.hi()) / Math.ulp(1.0);
            if (!(ulps <= worst)) {
              worst = ulps;
              spreadThere = spread;
            }
          }
        }
      }
      String place =
          String.format(Locale.ROOT, "%d columns: %.2f ulp, logits within ±%.3g. ", cols, worst, spreadThere);
      e.checkWorst("sum", (long) rows * repeats * KERNELS.length, worst, 4, place);
      found.append(place);
    }
    e.remark(found.toString().strip());
  }

  @Property(tries = 150)
  @Proves(value = {"000-1.4-d", "001-softmax-d", "003-softmax-d"}, home = "Softmax#applyDerivative")
  void everyEntryOfTheJacobianAgreesWithBothWitnesses(
      @ForAll @IntRange(min = 1, max = 7) int cols, @ForAll @DoubleRange(min = 0.01, max = 8) double spread,
      @ForAll @IntRange(min = 1, max = 1_000_000) int seed) {
    jacobian(Ledger::of, new Softmax(), uniform(cols, spread, seed, 3));
  }

  /** The backward pass of g = e_i gives row i of J. */
  static void jacobian(Function<String, Entry> ledger, Activation phi, double[] z) {
    int n = z.length;
    for (int j = 0; j < n; j++) {
      Dual[] exact = softmax(z, j); // column j: every a_i by z_j
      for (int i = 0; i < n; i++) {
        double[] g = new double[n], at = z.clone();
        g[i] = 1;
        backward(ScalarKernels.INSTANCE, phi, 1, n, z, g);
        double ai = exact[i].value(), aj = exact[j].value(), d = exact[i].derivative();
        // a_i(δ_ij − a_j): for i = j, 1 − a_j is as accurate as a_j; a_i is accurate to 4 ulps, see values
        double terms = i == j ? ai : ai * aj;
        int row = i, column = j;
        double numeric = FiniteDifferences.fivePoint(v -> {
          at[column] = v;
          double[] a = new double[n];
          phi.forward(ScalarKernels.INSTANCE, 1, n, at, a);
          return a[row];
        }, z[j], 0x1p-10 / Math.max(1, Math.abs(z[j])), 1);
        // a_i is accurate to (4 + spread) ulps, so differences have errors of 1.5·20·2⁻⁵²/h · a_i, below 1e-9 · a_i/64.
        double resolved = Math.max(Math.abs(d), ai / 64);
        for (String id : JACOBIANS) {
          Entry e = ledger.apply(id);
          algebra(e, id, exact, i, j);
          e.check(Entry.DUAL, Math.abs(g[j] - d) / terms, 1e-13, "∂a", i, "∂z", j, "expected", d, "got", g[j], z);
          e.check(Entry.DIFFERENCE, Math.abs(g[j] - numeric) / resolved, 1e-9, "∂a", i, "∂z", j, numeric, g[j], z);
        }
      }
    }
  }

  /** In 50 digits, the printed derivatives are the derivatives of the printed value. */
  private static void algebra(Entry e, String id, Dual[] a, int i, int j) {
    Dual delta = i == j ? Dual.ONE : Dual.ZERO, ai = a[i], aj = a[j];
    Dual withDelta = ai.times(delta.minus(aj));
    Dual inTwoCases = switch (id) {
      case "001-softmax-d" -> i == j ? ai.times(Dual.ONE.minus(ai)) : ai.times(aj).negate();
      case "003-softmax-d" -> i == j ? ai.minus(ai.times(aj)) : ai.times(aj).negate();
      default -> withDelta;
    };
    for (Dual printed : List.of(withDelta, inTwoCases)) {
      e.check("algebra", printed.v().subtract(ai.d()).abs().doubleValue() / ai.value(), 1e-40, "∂a", i, "∂z", j);
    }
  }

  @Property(tries = 150)
  @Proves(value = {"000-1.4-d", "001-softmax-d", "003-softmax-d"}, by = "Softmax#applyDerivative")
  void theBackwardPassMultipliesByTheJacobian(
      @ForAll @IntRange(min = 1, max = 3) int rows, @ForAll @IntRange(min = 1, max = 9) int cols,
      @ForAll @DoubleRange(min = 0.01, max = 8) double spread, @ForAll @IntRange(min = 1, max = 1_000_000) int seed) {
    double[] z = uniform(rows * cols, spread, seed, 4), g = uniform(rows * cols, 3, seed, 5);
    for (String id : JACOBIANS) jacobianProduct(Ledger.of(id), new Softmax(), rows, cols, z, g);
  }

  /** δ_j = Σ_i g_i ∂a_i/∂z_j of each row, relative to the magnitude of its terms, a_j(|g_j| + Σ_i a_i|g_i|). */
  static void jacobianProduct(Entry e, Activation phi, int rows, int cols, double[] z, double[] g) {
    for (Kernels k : KERNELS) {
      double[] delta = g.clone();
      backward(k, phi, rows, cols, z, delta);
      for (int r = 0; r < rows; r++) {
        double[] row = Arrays.copyOfRange(z, r * cols, (r + 1) * cols);
        for (int j = 0; j < cols; j++) {
          Dual[] a = softmax(row, j);
          Dual product = Dual.ZERO;
          double terms = Math.abs(g[r * cols + j]);
          for (int i = 0; i < cols; i++) {
            product = product.plus(a[i].times(g[r * cols + i]));
            terms += a[i].value() * Math.abs(g[r * cols + i]);
          }
          double error = Math.abs(delta[r * cols + j] - product.derivative()) / (a[j].value() * terms);
          e.check(Entry.DUAL, error, 1e-13, k.name(), "δ", j, "row", r, row);
        }
      }
    }
  }

  private static void backward(Kernels k, Activation phi, int rows, int cols, double[] z, double[] g) {
    double[] a = new double[z.length];
    phi.forward(k, rows, cols, z, a);
    phi.applyDerivative(k, rows, cols, phi.needsInput() ? z : a, a, g);
  }

  @Test
  @Proves(value = {"000-1.4", "001-softmax", "002-softmax", "003-softmax"}, by = "Softmax#forward")
  void largeLogitsDoNotOverflow() {
    for (String id : VALUES) extremes(Ledger.of(id), new Softmax());
    Entry e = Ledger.of("000-1.4");
    double top = StrictMath.exp(710);
    e.exact(INF, top, "e^710");
    e.exact(NAN, top / (top + StrictMath.exp(0)), "the printed form at (710, 0)");
    double least = StrictMath.exp(-746);
    e.exact(NAN, least / (least + least), "the printed form at (−746, −746)");
    e.remark("In double precision, the printed form is ∞/∞ for x ≥ 709.79 and 0/0 below −745.14. Softmax subtracts the "
        + "row's largest x first, which is mathematically the same and accurate for every finite x.");
  }

  @Test
  @Proves(value = "000-1.4-d", by = "Softmax#applyDerivative")
  void theJacobianOfLargeLogitsIsFinite() {
    Entry e = Ledger.of("000-1.4-d");
    jacobianProduct(e, new Softmax(), 2, 2, new double[] {710, 710, 1e6, 1e6}, new double[] {1, -1, 2, 0.5});
    jacobianProduct(e, new Softmax(), 1, 3, new double[] {-746, -746, -747}, new double[] {1, -1, 3});
    double printed = StrictMath.exp(710) / (2 * StrictMath.exp(710));
    e.exact(NAN, printed * (1 - printed), "printed S(1 − S) at (710, 710), exact value ¼");
    e.remark("The printed S, and so J, is NaN for x ≥ 709.79; at (710, 710) Softmax gives the exact ±¼.");
  }

  static void extremes(Entry e, Activation phi) {
    row(e, phi, new double[] {710, 710}, 0.5, 0.5);
    row(e, phi, new double[] {-1e300, -1e300}, 0.5, 0.5);
    row(e, phi, new double[] {1e308, -1e308, 0}, 1, 0, 0);
    row(e, phi, new double[] {-INF, 3, 3}, 0, 0.5, 0.5);
    row(e, phi, new double[] {7}, 1);
    row(e, phi, new double[] {0, -0.0}, 0.5, 0.5);
    row(e, phi, new double[] {-INF, -INF}, NAN, NAN);
    row(e, phi, new double[] {INF, 0}, NAN, NAN);
    row(e, phi, new double[] {1, NAN, 2}, NAN, NAN, NAN);
    values(e, phi, 1, 3, new double[] {710, 709, 0});
    values(e, phi, 1, 2, new double[] {0, -744});
    // two rows, each divided by its own sum
    row(e, phi, new double[] {5, 5}, 0.5, 0.5);
    double[] a = new double[4];
    phi.forward(Kernels.best(), 2, 2, new double[] {0, 0, 9, 9}, a);
    for (double value : a) e.exact(0.5, value, "rows [0 0] and [9 9]");
  }

  private static void row(Entry e, Activation phi, double[] z, double... expected) {
    for (Kernels k : KERNELS) {
      double[] a = new double[z.length];
      phi.forward(k, 1, z.length, z, a);
      for (int j = 0; j < a.length; j++) e.exact(expected[j], a[j], k.name(), z, j);
    }
  }

  /** n uniform numbers in ±spread. */
  static double[] uniform(int n, double spread, long seed, long stream) {
    double[] v = new double[n];
    for (int i = 0; i < n; i++) v[i] = spread * (2 * CounterRandom.uniform(seed, stream, i) - 1);
    return v;
  }
}
