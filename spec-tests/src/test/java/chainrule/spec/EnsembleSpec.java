// SPDX-License-Identifier: MIT
package chainrule.spec;

import chainrule.metrics.LogLoss;
import chainrule.nn.EnsembleMean;
import chainrule.random.CounterRandom;
import chainrule.spec.ledger.Ledger;
import chainrule.spec.ledger.Ledger.Entry;
import chainrule.spec.ledger.Proves;
import java.math.BigDecimal;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** The mean of the outputs of an ensemble, in exact sums, and what it is for. */
class EnsembleSpec {
  static final String ID = "beyond-ensemble-mean";
  private static final double U = 0x1p-53;

  /** The code under test, or an implementation with a planted bug. */
  interface Mean {
    void of(double[][] members, int n, double[] mean);
  }

  private static double[][] members(int m, int n, long seed) {
    double[][] all = new double[m][n];
    for (int k = 0; k < m; k++) for (int i = 0; i < n; i++) all[k][i] = CounterRandom.normal(seed, 995 + k, i);
    return all;
  }

  /** M − 1 additions and a division, each with an error of U times the sum of sizes at most. */
  static void meanSpec(Entry entry, Mean code, double[][] members, int n) {
    double[] mean = new double[n + 1];
    Arrays.fill(mean, -77);
    code.of(members, n, mean);
    for (int i = 0; i < n; i++) {
      BigDecimal sum = BigDecimal.ZERO, size = BigDecimal.ZERO;
      for (double[] member : members) {
        sum = sum.add(new BigDecimal(member[i]));
        size = size.add(new BigDecimal(member[i]).abs());
      }
      BigDecimal exact = sum.divide(BigDecimal.valueOf(members.length), java.math.MathContext.DECIMAL128);
      double error = new BigDecimal(mean[i]).subtract(exact).abs().doubleValue();
      entry.check(Entry.VALUE, error * members.length / size.doubleValue(), members.length * U, members.length, i);
    }
    entry.exact(-77, mean[n], "only n outputs are written");
  }

  @Property(tries = 1000)
  @Proves(value = ID, home = "EnsembleMean#of")
  void theOutputIsTheMeanOfTheMembersOutputs(@ForAll @LongRange(min = 1, max = 1_000_000_000) long seed) {
    int m = 1 + CounterRandom.below(8, seed, 994, 0), n = 1 + CounterRandom.below(10, seed, 994, 1);
    meanSpec(Ledger.of(ID), EnsembleMean::of, members(m, n, seed), n);
  }

  /**
   * Krogh and Vedelsby: (ŷ − y)² = mean of (ŷ_m − y)² − mean of (ŷ_m − ŷ)². With all numbers of size ≤ s, ŷ has an
   * error of m·U·s, so (ŷ − y)² has one of 4(m + 2)·U·s². Each mean has m + 3 roundings of a sum ≤ 4s², and the second
   * one the error of ŷ as well; the two additions add 16·U·s². That is at most (16m + 48)·U·s².
   */
  @Property(tries = 500)
  @Proves(value = ID, by = "EnsembleMean#of")
  void theSquaredErrorIsTheMeanSquaredErrorMinusTheVarianceOfTheMembers(
      @ForAll @LongRange(min = 1, max = 1_000_000_000) long seed) {
    int m = 1 + CounterRandom.below(8, seed, 994, 2);
    double[][] all = members(m, 1, seed);
    double[] mean = new double[1];
    EnsembleMean.of(all, 1, mean);
    double y = CounterRandom.normal(seed, 994, 3), errors = 0, variance = 0, size = Math.abs(y);
    for (double[] member : all) {
      errors += Math.pow(member[0] - y, 2) / m;
      variance += Math.pow(member[0] - mean[0], 2) / m;
      size = Math.max(size, Math.abs(member[0]));
    }
    Ledger.of(ID).check("Krogh and Vedelsby", Math.abs(Math.pow(mean[0] - y, 2) - errors + variance),
        (16 * m + 48) * U * size * size, seed);
  }

  /** Means of distributions are distributions, with a log loss of at most the mean of the members' (Jensen). */
  @Property(tries = 500)
  @Proves(value = ID, by = "EnsembleMean#of")
  void theLogLossIsAtMostTheMeanOfTheMembers(@ForAll @LongRange(min = 1, max = 1_000_000_000) long seed) {
    int m = 1 + CounterRandom.below(6, seed, 994, 4), outputs = 3, n = 8;
    double[][] all = new double[m][];
    double losses = 0;
    int[] classes = RandomPredictions.of(outputs, n, seed).classes();
    for (int k = 0; k < m; k++) {
      all[k] = RandomPredictions.of(outputs, n, seed + 7919L * k).yhat();
      losses += LogLoss.of(outputs, all[k], classes) / m;
    }
    double[] mean = new double[outputs * n];
    EnsembleMean.of(all, mean.length, mean);
    // a log loss ≤ 52 ln 2 has an error of (n + 8)·U·(1 + 52 ln 2), and the mean of m of them m·U·52 ln 2 more
    double bound = (2 * (n + 8) + m) * U * (1 + 52 * Math.log(2));
    Ledger.of(ID).check("Jensen", Math.max(0, LogLoss.of(outputs, mean, classes) - losses), bound, seed);
    for (int i = 0; i < n; i++) {
      double sum = mean[3 * i] + mean[3 * i + 1] + mean[3 * i + 2];
      Ledger.of(ID).check("sum", Math.abs(sum - 1), 8 * (m + 3) * U, seed, i);
    }
  }

  @Test
  @Proves(value = ID, by = "EnsembleMean#of")
  void specialEnsemblesAreDefined() {
    Entry entry = Ledger.of(ID);
    double[][] two = {{1, Double.NaN, 3}, {2, 5, Double.POSITIVE_INFINITY}};
    EnsembleMean.of(two, 3, two[0]);
    entry.exact(1.5, two[0][0], "in place");
    entry.exact(Double.NaN, two[0][1]);
    entry.exact(Double.POSITIVE_INFINITY, two[0][2]);
    Assertions.assertThrows(IllegalArgumentException.class, () -> EnsembleMean.of(new double[0][], 0, new double[0]));
    double[] same = {0.1, -7.3, 1e-310}, mean = new double[3];
    EnsembleMean.of(new double[][] {same}, 3, mean);
    for (int i = 0; i < 3; i++) entry.exact(same[i], mean[i], "one member");
  }
}
