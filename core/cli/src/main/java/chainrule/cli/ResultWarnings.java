// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.io.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Warns of a result that is worse than the trivial baseline, and of a training score far above the test score. */
final class ResultWarnings {
  /** The smallest distance of the scores that counts, and the smallest in standard errors of the test score. */
  private static final double LEAST_GAP = 0.1, LEAST_ERRORS = 3;

  /** The setting that a model records if --class-weight was given. */
  static final String CLASS_WEIGHTS = "class weights";

  private ResultWarnings() {}

  /** Returns a line for results that are worse than the baseline; none if they are not. */
  static List<String> ofEvaluation(Results results, Model model) {
    return results.worseThanBaseline(hasWeightedClasses(model)).map(worse -> List.of(worse
        + ". Check that this data has the columns, units and classes of the training data.")).orElse(List.of());
  }

  /**
   * Returns at most one line, with a remedy that the run did not have.
   *
   * @param test the results on the test rows
   * @param train those on the training rows
   * @param model the trained model
   * @param continued whether it started from a model, whose networks {@code --from} keeps
   */
  static List<String> ofTraining(
      Results test, Results train, TrainingPlan plan, Model model, boolean continued) {
    List<String> lines = new ArrayList<>();
    boolean weighted = hasWeightedClasses(model), overfitted = isFarAbove(train, test);
    boolean underfitted = !overfitted && train.worseThanBaseline(weighted).isPresent();
    test.worseThanBaseline(weighted).ifPresent(worse ->
        lines.add(worse + ". " + (underfitted ? againstUnderfitting(plan, continued)
            : againstOverfitting(plan, continued))));
    if (lines.isEmpty() && overfitted) {
      lines.add(String.format(Locale.ROOT,
          "the training rows' %s of %.4f is far above the test rows' %.4f: overfitting. %s",
          name(test), train.score(), test.score(), againstOverfitting(plan, continued)));
    }
    return lines;
  }

  /**
   * Returns whether the results on the training rows could cause a warning. Scores are at most 1, so a test score above
   * 0.9 is never far below. For 60,000 images, computing them takes most of a second.
   */
  static boolean mayDependOnTraining(Results test, Model model) {
    return !(test.score() > 1 - LEAST_GAP) || test.worseThanBaseline(hasWeightedClasses(model)).isPresent();
  }

  private static boolean hasWeightedClasses(Model model) {
    return model.training().containsKey(CLASS_WEIGHTS);
  }

  private static boolean isFarAbove(Results train, Results test) {
    double gap = train.score() - test.score();
    return gap >= LEAST_GAP && gap >= LEAST_ERRORS * test.standardError();
  }

  private static String name(Results r) {
    return r.scoreName().equals("r2") ? "R²" : r.scoreName().replace('_', ' ');
  }

  private static String againstOverfitting(TrainingPlan plan, boolean continued) {
    if (continued && plan.patience() == 0) {
      return "Try --patience 20, which keeps the weights of the best epoch, or a lower --rate.";
    }
    if (!continued && plan.members() == 1 && plan.patience() == 0) {
      return "Try --ensemble 5, or --patience 20 for one network; both keep the weights of the best epoch.";
    }
    if (!continued && plan.members() == 1) return "Try --ensemble 5, which averages five networks.";
    double l2 = plan.regularization().l2();
    return String.format(Locale.ROOT, "Try --l2 %.1g, %s, or more rows.", l2 == 0 ? 0.001 : 10 * l2,
        continued ? "a lower --rate" : "a smaller network such as --layers 16:relu");
  }

  /** The network is not better on its own training rows either. */
  private static String againstUnderfitting(TrainingPlan plan, boolean continued) {
    return "It is not better on the training rows: try --epochs " + (int) Math.min(10_000, 4L * plan.epochs())
        + ", another --rate, or " + (continued ? "a new model without --from."
        : "other columns with --target and --drop.");
  }
}
