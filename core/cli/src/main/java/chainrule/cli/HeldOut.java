// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.Dataset;
import chainrule.format.Formatting;
import chainrule.io.Calibration;
import chainrule.metrics.ClassOutputs;
import chainrule.metrics.ConformalScores;
import chainrule.metrics.ThresholdRule;
import java.util.List;
import java.util.Optional;

/** Calibrates a trained model on rows that it was not trained on: the threshold of {@code --threshold}, and scores. */
final class HeldOut {
  /** A threshold that is chosen on fewer rows of the positive class is noted. */
  private static final int FEW = 10;

  private HeldOut() {}

  /** Checks --threshold before training. */
  static void requireThreshold(Arguments a, Dataset train, boolean hasHeldOutRows) {
    if (!a.has(Option.THRESHOLD)) return;
    if (train.labels().size() != 2) {
      throw new UsageException("--threshold is for two classes, but the target " + (train.isClassification()
          ? "has " + train.labels().size() + " classes" : "is not a class") + "; remove it");
    }
    if (rule(a).isEmpty()) {
      number(a);
    } else if (!hasHeldOutRows) {
      throw new UsageException("--threshold " + a.value(Option.THRESHOLD).get()
          + " requires rows on which it is chosen; add --patience 20 or --ensemble 5, or give a number");
    }
  }

  private static Optional<ThresholdRule> rule(Arguments a) {
    String name = a.value(Option.THRESHOLD).orElse("");
    for (ThresholdRule r : ThresholdRule.values()) if (r.label().equals(name)) return Optional.of(r);
    return Optional.empty();
  }

  /**
   * Returns a note if {@code --threshold f1|youden} chooses among few rows of the positive class.
   *
   * @param rows on which it is chosen; null if there are none
   */
  static Optional<String> few(Arguments a, Dataset rows) {
    if (rule(a).isEmpty() || rows == null || rows.labels().size() != 2) return Optional.empty();
    int positive = 0;
    for (int c : rows.classes()) positive += c;
    if (positive == 0 || positive >= FEW) return Optional.empty();
    return Optional.of("--threshold " + a.value(Option.THRESHOLD).get() + ": chosen on only "
        + Formatting.count(positive, "held-out row", "held-out rows") + " of class '"
        + Formatting.line(rows.labels().get(1), 60) + "', so it may be far from the best one"
        + (a.has(Option.ENSEMBLE) || a.has(Option.FROM) ? "" : "; --ensemble 5 chooses it on all training rows"));
  }

  private static double number(Arguments a) {
    String s = a.value(Option.THRESHOLD).get();
    try {
      double t = Double.parseDouble(s.strip());
      if (t > 0 && t < 1) return t;
    } catch (NumberFormatException e) {
      // reported below
    }
    throw new UsageException("--threshold: expected a number > 0 and < 1, f1 or youden, found '" + s + "'"
        + SpellingHint.of(s, List.of("f1", "youden")));
  }

  /**
   * Returns the calibration.
   *
   * @param yhat the outputs [rows × outputs] for held-out rows
   * @param rows these rows; null if there are none, which gives no scores and only a fixed threshold
   */
  static Calibration calibrate(Arguments a, double[] yhat, Dataset rows) {
    List<ConformalScores> scores = rows == null ? List.of() : Calibration.scores(yhat, rows);
    if (!a.has(Option.THRESHOLD)) return new Calibration(Double.NaN, scores);
    Optional<ThresholdRule> rule = rule(a);
    if (rule.isEmpty()) return new Calibration(number(a), scores);
    double[] p = ClassOutputs.scores(rows.outputs(), yhat, 1);
    double t = rule.get().choose(p, ClassOutputs.isClass(rows.classes(), 1)).threshold();
    return new Calibration(t > 0 && t < 1 ? t : Double.NaN, scores); // NaN: the rows have one class only
  }
}
