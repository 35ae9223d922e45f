// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.Dataset;
import chainrule.format.Formatting;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What {@code --ensemble K} means for the other options. The defaults were chosen by measurements on many tables:
 * an L2 penalty of λ = 2/n for n training rows, twice the epochs of a single network, and patience 20.
 */
final class EnsembleOptions {
  /** The most networks of an ensemble. */
  static final int MOST = 100;
  private static final int PATIENCE = 20;

  private EnsembleOptions() {}

  /** Returns the number of networks, 1 without {@code --ensemble}. */
  static int members(Arguments a) {
    return (int) a.integer(Option.ENSEMBLE, 1, 2, MOST);
  }

  /** Returns the default patience: 0 for a single network. */
  static int patience(Arguments a) {
    return a.has(Option.ENSEMBLE) ? PATIENCE : 0;
  }

  /** Returns the default λ of the L2 penalty times the number of training rows. */
  static int l2(Arguments a, int single) {
    return a.has(Option.ENSEMBLE) ? 2 : single;
  }

  /** Returns the default number of epochs. Early stopping needs fewer, and the rate falls over all of them. */
  static long epochs(Arguments a, long single) {
    return a.has(Option.ENSEMBLE) ? 2 * single : single;
  }

  /** Refuses separate validation rows: each network validates on its own fold. */
  static void requireNoValidationRows(Arguments a) {
    if (a.has(Option.ENSEMBLE) && a.has(Option.VALIDATION_FRACTION)) {
      throw new UsageException("--validation-fraction does not apply to --ensemble, where each network validates on "
          + "its own fold; remove it");
    }
  }

  /**
   * Checks that the training rows can be divided into folds. Adds a notice about classes with fewer rows than folds.
   *
   * @return the data itself without {@code --ensemble}
   */
  static InputData check(Arguments a, InputData data) {
    if (!a.has(Option.ENSEMBLE)) return data;
    int k = members(a), n = data.train().rows();
    if (n < k && n > 0) {
      throw new UsageException("--ensemble " + k + " requires at least " + k + " training rows, but there "
          + (n == 1 ? "is 1" : "are " + n) + (n < 2 ? "" : "; use --ensemble " + n + " or less"));
    }
    if (!data.train().isClassification()) return data;
    List<String> rare = rare(data.train(), k);
    if (rare.isEmpty()) return data;
    List<String> notices = new ArrayList<>(data.notices());
    notices.add((rare.size() == 1 ? "class " + rare.get(0) + " has" : rare.size() + " classes (such as " + rare.get(0)
        + ") have") + " fewer training rows than the " + k + " folds: not every network validates on "
        + (rare.size() == 1 ? "it" : "them"));
    return new InputData(data.description(), data.encoding(), data.train(), data.validation(), data.test(),
        data.settings(), List.copyOf(notices));
  }

  /** Returns the names, quoted, of the classes with some rows but fewer than k. */
  private static List<String> rare(Dataset train, int k) {
    int[] sizes = new int[train.labels().size()];
    for (int c : train.classes()) sizes[c]++;
    return IntStream.range(0, sizes.length).filter(c -> sizes[c] > 0 && sizes[c] < k)
        .mapToObj(c -> "'" + Formatting.line(train.labels().get(c), 40) + "'").toList();
  }

  /** Returns the folds of the training rows: for each network the rows to train on and those to validate on. */
  static int[][][] folds(TrainingPlan plan, long seed) {
    int[][][] folds = plan.train().folds(plan.members(), seed);
    double[] w = plan.train().weights();
    if (w == null) return folds;
    for (int[][] fold : folds) {
      for (int[] rows : fold) {
        if (IntStream.of(rows).anyMatch(r -> w[r] > 0)) continue;
        throw new UsageException("--ensemble " + plan.members() + ": all rows that one network would "
            + (rows == fold[0] ? "train" : "validate") + " on have the weight 0; use fewer networks, or leave out rows "
            + "of weight 0");
      }
    }
    return folds;
  }
}
