// SPDX-License-Identifier: MIT
package chainrule.cli;

/** What {@code train} on a cluster requires of its options. {@code cv} and {@code tune} take all of theirs. */
final class ClusterOptions {
  private ClusterOptions() {}

  /** Checks the options before the data is read. */
  static void require(Arguments a) {
    if (a.has(Option.ENSEMBLE)) {
      refuse(a, Option.FROM, "its networks are trained by workers, which do not have the model's file");
      refuse(a, Option.CHECKPOINT,
          "its networks are trained by workers, and the network of a lost worker is trained again");
      refuse(a, Option.REPORT, "its networks are trained by workers, where no step is measured");
    } else if (!a.has(Option.BLOCKS)) {
      throw new UsageException("train on a cluster requires --ensemble K or --blocks N: one network in small batches "
          + "trains faster on one machine, with ./chainrule train. For a large network, pass --batch 4096 "
          + "--blocks 256");
    }
  }

  private static void refuse(Arguments a, Option option, String because) {
    if (!a.has(option)) return;
    throw new UsageException(option.flag + " does not apply to --ensemble on a cluster: " + because + "; remove it, or "
        + "train on one machine, with ./chainrule train");
  }

  /** Checks that a batch can be divided. */
  static void requireBlocks(TrainingPlan plan) {
    int batch = Math.min(plan.batch(), plan.train().rows());
    if (batch > plan.blocks()) return;
    throw new UsageException("--blocks " + plan.blocks() + ": a batch of " + batch + " rows is a single block, which "
        + "cannot be divided among machines; pass a larger --batch, such as --batch " + 16L * plan.blocks()
        + ", or train on one machine, with ./chainrule train");
  }
}
