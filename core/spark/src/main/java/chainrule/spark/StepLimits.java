// SPDX-License-Identifier: MIT
package chainrule.spark;

import chainrule.nn.GradientSum;
import chainrule.train.GradientSource;
import java.util.Locale;
import org.apache.spark.SparkConf;

/** Refuses settings with which a step cannot be divided, or its results do not fit in the driver. */
final class StepLimits {
  private StepLimits() {}

  private static final String MOST_RESULTS = "spark.driver.maxResultSize";
  private static final String WORTH = String.format(Locale.ROOT,
      "Synchronous training pays off from about %,d parameters and %,d rows per step on; below that, train on one "
      + "machine (./chainrule train, Trainer.fit without Spark)",
      SparkGradients.WORTH_PARAMETERS, SparkGradients.WORTH_ROWS);

  static void require(GradientSource.Setting s, RowPlacement rows, int tasks, SparkConf conf) {
    if (rows.inputs() != s.network().inputs() || rows.outputs() != s.network().outputs()) {
      throw new IllegalArgumentException("training data: rows of " + rows.inputs() + " inputs and " + rows.outputs()
          + " outputs do not fit the network " + s.network());
    }
    requireSeveralBlocks(s, rows.rows());
    requireResultsFit(s, tasks, conf);
  }

  private static void requireSeveralBlocks(GradientSource.Setting s, int rows) {
    if (s.block() == 0) {
      throw new IllegalArgumentException("blocks: not set, so a batch cannot be divided among executors. "
          + "Call Trainer.blocks(256), or pass --blocks 256");
    }
    if (s.batch() <= s.block()) {
      String advice = rows <= s.block() ? ", and there are no more rows."
          : String.format(Locale.ROOT, ". Use a batch of ≥ %,d rows (--batch), better ≥ %,d.", s.block() + 1L,
              16L * s.block());
      throw new IllegalArgumentException(String.format(Locale.ROOT, "batch: %,d rows are one block of %,d rows, which "
          + "one task would compute%s %s", s.batch(), s.block(), advice, WORTH));
    }
  }

  private static void requireResultsFit(GradientSource.Setting s, int tasks, SparkConf conf) {
    long most = conf.getSizeAsBytes(MOST_RESULTS, "1g");
    int blocks = GradientSum.blocks(s.batch(), s.block()), count = BlockRanges.tasks(blocks, tasks), subtrees = 0;
    int[] cuts = BlockRanges.cuts(blocks, count);
    for (int t = 0; t < count; t++) subtrees += BlockRanges.subtrees(blocks, cuts[t], cuts[t + 1]);
    double bytes = 8.0 * s.network().parameters().length * subtrees;
    if (most == 0 || bytes <= most) return;
    throw new IllegalArgumentException(String.format(Locale.ROOT, "tasks: a step's %d tasks return %d gradients of %,d "
        + "parameters, %.1f GB, and %s is %.1f GB. Use fewer tasks, or set %s=%dg", count, subtrees,
        s.network().parameters().length, bytes / (1 << 30), MOST_RESULTS, most / (double) (1 << 30), MOST_RESULTS,
        (int) Math.ceil(1.1 * bytes / (1 << 30))));
  }
}
