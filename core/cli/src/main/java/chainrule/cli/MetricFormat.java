// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.train.Evaluation;
import chainrule.train.MultilabelMetrics;
import java.util.List;
import java.util.Locale;

/** Formats metrics for the terminal: short for any magnitude, and as words where a value is not finite. */
final class MetricFormat {
  private MetricFormat() {}

  /** Formats with four decimals; in scientific notation where these would all be 0, or from a million. */
  static String loss(double v) {
    return Math.abs(v) < 0.001 && v != 0 ? String.format(Locale.ROOT, "%.1e", v) : decimals(v, 4);
  }

  /** Formats with a fixed number of decimals; in scientific notation from a million. */
  static String decimals(double v, int decimals) {
    return format(v, Math.abs(v) < 1e6 ? "%." + decimals + "f" : "%.3e");
  }

  /** Formats with six significant digits. */
  static String digits(double v) {
    return format(v, "%.6g");
  }

  /** Formats R², with the reason if it is undefined although the errors are finite. */
  static String r2(double r2, double rmse) {
    boolean constant = Double.isNaN(r2) && rmse < Double.POSITIVE_INFINITY;
    return "R² " + decimals(r2, 4) + (constant ? " (every row has the same target)" : "");
  }

  /** Formats the metrics of several numeric targets, which have no unit in common. */
  static String targets(List<TargetMetrics> targets, Evaluation all) {
    return r2(all.r2(), all.rmse()) + " over " + targets.size() + " targets";
  }

  /** Formats the metrics of a multilabel problem. */
  static String labels(MultilabelMetrics m) {
    return String.format(Locale.ROOT, "exact match %.4f (%,d of %,d rows), mean label accuracy %.4f",
        m.exactMatch(), m.exact(), m.rows(), m.meanAccuracy());
  }

  private static String format(double v, String format) {
    if (Double.isNaN(v)) return "undefined";
    return Double.isInfinite(v) ? v > 0 ? "infinite" : "−infinite" : String.format(Locale.ROOT, format, v);
  }
}
