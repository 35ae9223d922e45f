// SPDX-License-Identifier: MIT
package chainrule.spec;

import chainrule.metrics.PermutationImportance;
import chainrule.random.CounterRandom;
import chainrule.spec.ledger.Ledger;
import chainrule.spec.ledger.Ledger.Entry;
import chainrule.spec.ledger.Proves;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** Permutation importance, with permutations by an independent generator and with known expectations. */
class ImportanceSpec {
  static final String ID = "beyond-permutation-importance";
  private static final double NAN = Double.NaN;

  /** The code under test, or an implementation with a planted bug. */
  interface Importance {
    PermutationImportance of(double[] x, int[] widths, ToDoubleFunction<double[]> score, int repeats, long seed);
  }

  /** A score that depends on every value and its row, without symmetries. */
  private static double score(double[] x) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) sum += x[i] * Math.sin(i + 1);
    return sum;
  }

  private static double[] normals(int n, long seed) {
    double[] x = new double[n];
    for (int i = 0; i < n; i++) x[i] = CounterRandom.normal(seed, 990, i);
    return x;
  }

  /** Permutes the raw columns one by one, each of them as a list of blocks of inputs. */
  static void importanceSpec(Entry entry, Importance code, int n, int[] widths, int repeats, long seed) {
    int inputs = IntStream.of(widths).sum(), from = 0;
    double[] x = normals(n * inputs, seed), before = x.clone();
    PermutationImportance found = code.of(x, widths, ImportanceSpec::score, repeats, seed);
    entry.holds(Arrays.equals(before, x), "x is not changed");
    entry.exact(score(x), found.score());
    for (int j = 0; j < widths.length; j++) {
      BigDecimal sum = BigDecimal.ZERO, squares = BigDecimal.ZERO;
      double largest = 0;
      for (int r = 0; r < repeats; r++) {
        int[] order = PlainRandom.order(n, seed, PlainRandom.IMPORTANCE, ((long) j << 20) + r);
        double[] moved = x.clone();
        for (int i = 0; i < n; i++) {
          for (int k = from; k < from + widths[j]; k++) moved[i * inputs + k] = x[order[i] * inputs + k];
        }
        BigDecimal drop = new BigDecimal(score(x)).subtract(new BigDecimal(score(moved)));
        largest = Math.max(largest, Math.abs(drop.doubleValue()));
        sum = sum.add(drop);
        squares = squares.add(drop.pow(2));
      }
      BigDecimal mean = sum.divide(BigDecimal.valueOf(repeats), java.math.MathContext.DECIMAL128);
      double variance = squares.divide(BigDecimal.valueOf(repeats), java.math.MathContext.DECIMAL128)
          .subtract(mean.pow(2)).doubleValue();
      entry.check(Entry.VALUE, Math.abs(found.importance()[j] - mean.doubleValue()) / (largest + 1e-300),
          (repeats + 3) * 0x1p-53, n, widths, j, seed);
      entry.check("deviation", Math.abs(found.deviation()[j] - Math.sqrt(Math.max(0, variance))) / (largest + 1e-300),
          1e-14, n, widths, j, seed);
      from += widths[j];
    }
  }

  @Property(tries = 600)
  @Proves(value = ID, home = "PermutationImportance#of")
  void theImportanceIsTheMeanDropOfTheScore(@ForAll @LongRange(min = 1, max = 1_000_000_000) long seed) {
    int[] widths = new int[1 + CounterRandom.below(5, seed, 991, 0)];
    for (int j = 0; j < widths.length; j++) widths[j] = 1 + CounterRandom.below(3, seed, 992, j);
    int n = 1 + CounterRandom.below(20, seed, 993, 0);
    importanceSpec(Ledger.of(ID), PermutationImportance::of, n, widths, 1 + (int) (seed % 7), seed);
  }

  /** The inputs of a category stay one-hot, and the number of rows of each category stays the same. */
  @Test
  @Proves(value = ID, by = "PermutationImportance#of")
  void aColumnIsPermutedAsAWhole() {
    int n = 50;
    double[] x = new double[n * 4];
    for (int i = 0; i < n; i++) x[i * 4 + CounterRandom.below(3, 1, 994, i)] = 1;
    for (int i = 0; i < n; i++) x[i * 4 + 3] = i;
    PermutationImportance.of(x, new int[] {3, 1}, moved -> {
      double[] totals = new double[4];
      for (int i = 0; i < n; i++) {
        Ledger.of(ID).exact(1, moved[i * 4] + moved[i * 4 + 1] + moved[i * 4 + 2], i);
        for (int c = 0; c < 4; c++) totals[c] += moved[i * 4 + c] - x[i * 4 + c];
      }
      for (double t : totals) Ledger.of(ID).exact(0, t);
      return 0;
    }, 5, 3);
  }

  /**
   * For ŷ = Σ a_j x_j = y, a permutation of column j gives a mean squared error of (a_j)²·Σ(x_ij − x_πij)²/n, with the
   * expectation 2·(a_j)²·s_j² over all permutations, where s_j² is the variance of the column.
   */
  @Test
  @Proves(value = ID, by = "PermutationImportance#of")
  void theImportanceOfALinearModelsColumnIsTwiceItsShareOfTheVariance() {
    int n = 300, repeats = 50;
    double[] a = {3, 0, 1, -2}, x = normals(n * 4, 5), y = linear(a, x);
    PermutationImportance found = PermutationImportance.of(x, new int[] {1, 1, 1, 1}, moved -> {
      double sum = 0;
      double[] yhat = linear(a, moved);
      for (int i = 0; i < n; i++) sum -= (yhat[i] - y[i]) * (yhat[i] - y[i]) / n;
      return sum;
    }, repeats, 6);
    for (int j = 0; j < 4; j++) {
      double mean = 0, variance = 0;
      for (int i = 0; i < n; i++) mean += x[i * 4 + j] / n;
      for (int i = 0; i < n; i++) variance += Math.pow(x[i * 4 + j] - mean, 2) / n;
      double error = Math.abs(found.importance()[j] - 2 * a[j] * a[j] * variance);
      if (a[j] == 0) Ledger.of(ID).exact(0, error, "a column that the model ignores");
      else Ledger.of(ID).check(Entry.STATISTIC, error / (found.deviation()[j] / Math.sqrt(repeats)), 4, j);
    }
    Ledger.of(ID).holds(found.ranking().equals(List.of(0, 3, 2, 1)), found.ranking());
  }

  private static double[] linear(double[] a, double[] x) {
    double[] y = new double[x.length / a.length];
    for (int i = 0; i < x.length; i++) y[i / a.length] += a[i % a.length] * x[i];
    return y;
  }

  @Test
  @Proves(value = ID, by = "PermutationImportance#ranking")
  void specialImportancesAreDefined() {
    Entry entry = Ledger.of(ID);
    PermutationImportance none = PermutationImportance.of(new double[0], new int[] {1}, x -> NAN, 2, 1);
    entry.exact(NAN, none.importance()[0]);
    PermutationImportance one = PermutationImportance.of(new double[] {1, 2}, new int[] {1, 1}, x -> x[0], 3, 1);
    entry.exact(0, one.importance()[0], "a single row stays");
    entry.holds(new PermutationImportance(1, new double[] {NAN, 2, -1, 2}, new double[4]).ranking()
        .equals(List.of(1, 3, 2, 0)));
    for (int[] widths : new int[][] {{}, {0}, {1, 2}, {3}}) {
      Assertions.assertThrows(IllegalArgumentException.class,
          () -> PermutationImportance.of(new double[4], widths, x -> 0, 1, 1));
    }
    for (int repeats : new int[] {0, -1, 1001}) {
      Assertions.assertThrows(IllegalArgumentException.class,
          () -> PermutationImportance.of(new double[4], new int[] {1, 1}, x -> 0, repeats, 1));
    }
  }
}
