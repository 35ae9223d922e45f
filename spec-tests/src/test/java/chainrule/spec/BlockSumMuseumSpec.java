// SPDX-License-Identifier: MIT
package chainrule.spec;

import static chainrule.spec.LossChecks.rejects;

import chainrule.spec.BlockSumSpec.BlockSum;
import chainrule.spec.BlockSumSpec.Plan;
import chainrule.spec.ledger.Ledger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The bug museum for sums of blocks: the spec that {@code GradientSum} passes must reject each planted bug. */
class BlockSumMuseumSpec {

  private static final Consumer<BlockSum> SPEC = s -> {
    for (long seed = 1; seed <= 30; seed++) {
      BlockSumSpec.sumSpec(Ledger.scratch("museum"), s, BlockSumSpec.plan(seed));
    }
  };

  /** The numbers of each block: its gradient, then its loss. */
  private static double[][] numbers(Plan plan) {
    double[][] all = new double[plan.blocks()][];
    for (int k = 0; k < all.length; k++) all[k] = BlockSumSpec.with(plan.g()[k], plan.losses()[k]);
    return all;
  }

  private static double[] plus(double[] a, double[] b) {
    if (a == null) return b;
    double[] sum = a.clone();
    for (int i = 0; i < sum.length; i++) sum[i] += b[i];
    return sum;
  }

  /** Adds blocks to their parts, and parts to each other, in the order in which they happen to arrive. */
  private static double[] inOrderOfArrival(Plan plan) {
    double[][] all = numbers(plan), parts = new double[plan.merges().length + 1][];
    for (int k : plan.order()) parts[plan.part()[k]] = plus(parts[plan.part()[k]], all[k]);
    int last = 0;
    for (int[] merge : plan.merges()) {
      last = merge[0];
      if (parts[merge[1]] != null) parts[last] = plus(parts[last], parts[merge[1]]);
    }
    return parts[last];
  }

  @Test
  void aSumInTheOrderOfArrivalIsRejected() {
    rejects(SPEC, BlockSumSpec.REAL, BlockSumMuseumSpec::inOrderOfArrival);
  }

  @Test
  void lossesInTheOrderOfArrivalAreRejected() {
    rejects(SPEC, BlockSumSpec.REAL, plan -> {
      double[] sum = BlockSumSpec.definition(plan);
      sum[sum.length - 1] = inOrderOfArrival(plan)[sum.length - 1];
      return sum;
    });
  }

  @Test
  void aSumFromTheFirstToTheLastBlockIsRejected() {
    rejects(SPEC, BlockSumSpec.REAL, plan -> {
      double[] sum = null;
      for (double[] block : numbers(plan)) sum = plus(sum, block);
      return sum;
    });
  }

  /** Each worker adds its own blocks, and the driver adds the workers' sums: the bits depend on the cuts. */
  @Test
  void aSumOfTheSumsOfPartsIsRejected() {
    rejects(SPEC, BlockSumSpec.REAL, plan -> {
      double[][] all = numbers(plan), parts = new double[plan.merges().length + 1][];
      for (int k = 0; k < all.length; k++) parts[plan.part()[k]] = plus(parts[plan.part()[k]], all[k]);
      double[] sum = null;
      for (double[] part : parts) if (part != null) sum = plus(sum, part);
      return sum;
    });
  }

  private static double[] halves(double[][] all, int k, int n, boolean roundedUp) {
    if (n == 1) return all[k];
    int m = roundedUp ? (n + 1) / 2 : n / 2;
    return plus(halves(all, k, m, roundedUp), halves(all, k + m, n - m, roundedUp));
  }

  @Test
  void aTreeOfEqualHalvesIsRejected() {
    rejects(SPEC, BlockSumSpec.REAL, plan -> halves(numbers(plan), 0, plan.blocks(), false));
    rejects(SPEC, BlockSumSpec.REAL, plan -> halves(numbers(plan), 0, plan.blocks(), true));
  }

  /** Neighbors are added, and their sums; a last one without a neighbor is added to the sum before it. */
  @Test
  void aLastBlockThatJoinsTheNodeBeforeItIsRejected() {
    rejects(SPEC, BlockSumSpec.REAL, plan -> {
      List<double[]> level = new ArrayList<>(Arrays.asList(numbers(plan)));
      while (level.size() > 1) {
        List<double[]> next = new ArrayList<>();
        for (int i = 0; i + 1 < level.size(); i += 2) next.add(plus(level.get(i), level.get(i + 1)));
        int last = next.size() - 1;
        if (level.size() % 2 == 1) next.set(last, plus(next.get(last), level.get(level.size() - 1)));
        level = next;
      }
      return level.get(0);
    });
  }

  /** A sum with less rounding is not the defined one either. */
  @Test
  void aCompensatedSumIsRejected() {
    rejects(SPEC, BlockSumSpec.REAL, plan -> {
      double[] sum = new double[plan.g()[0].length + 1], rest = new double[sum.length];
      for (double[] block : numbers(plan)) {
        for (int i = 0; i < sum.length; i++) {
          double y = block[i] - rest[i], t = sum[i] + y;
          rest[i] = t - sum[i] - y;
          sum[i] = t;
        }
      }
      return sum;
    });
  }
}
