// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.format.Formatting;
import chainrule.train.ConfusionMatrix;
import chainrule.train.MultilabelMetrics;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Prints the metrics of each class, label or target, and the confusion matrix. */
final class MetricsTable {
  private MetricsTable() {}

  /** The most classes that are listed; of more, those with the lowest F1. */
  private static final int MAX_LISTED = 20;
  /** The most classes for which a confusion matrix is printed. */
  private static final int MAX_MATRIX = 10;
  private static final int MAX_LABEL_WIDTH = 24;

  /** Prints precision, recall and F1 of each class. */
  static void printClassMetrics(PrintStream out, ConfusionMatrix c) {
    List<Integer> classes = new ArrayList<>();
    for (int i = 0; i < c.labels().size(); i++) classes.add(i);
    boolean subset = classes.size() > MAX_LISTED;
    if (subset) {
      classes.sort(Comparator.comparingDouble(i -> Double.isNaN(c.f1(i)) ? 2 : c.f1(i)));
      classes = classes.subList(0, MAX_LISTED);
    }
    int width = Math.max("class".length(), width(c.labels(), classes));
    out.printf(Locale.ROOT, "%-" + width + "s  %8s  %9s  %6s  %6s%n", "class", "rows", "precision", "recall", "F1");
    for (int i : classes) {
      out.printf(Locale.ROOT, "%s  %,8d  %9s  %6s  %6s%n",
          padded(c.labels().get(i), width), c.actual(i), ratio(c.precision(i)), ratio(c.recall(i)), ratio(c.f1(i)));
    }
    if (subset) out.println("(the " + MAX_LISTED + " of " + c.labels().size() + " classes with the lowest F1)");
  }

  /** Prints an empty line and the confusion matrix: true classes down, predicted classes across. */
  static void printConfusionMatrix(PrintStream out, ConfusionMatrix c) {
    int n = c.labels().size();
    if (n > MAX_MATRIX) return;
    out.println();
    List<Integer> classes = new ArrayList<>();
    for (int i = 0; i < n; i++) classes.add(i);
    int width = width(c.labels(), classes), column = Math.max(6, Math.min(16, width(c.labels(), classes)));
    out.println("confusion matrix (a row for each true class, a column for each predicted class)");
    out.print(" ".repeat(width));
    for (String label : c.labels()) {
      out.print("  " + " ".repeat(column - length(label, column)) + truncated(label, column));
    }
    out.println();
    for (int i = 0; i < n; i++) {
      out.print(padded(c.labels().get(i), width));
      for (int j = 0; j < n; j++) out.printf(Locale.ROOT, "  %," + column + "d", c.count(i, j));
      out.println();
    }
  }

  /** Prints accuracy, precision, recall and F1 of each label of a multilabel problem. */
  static void printLabelMetrics(PrintStream out, MultilabelMetrics m) {
    List<Integer> labels = new ArrayList<>();
    for (int i = 0; i < m.labels().size(); i++) labels.add(i);
    boolean subset = labels.size() > MAX_LISTED;
    if (subset) {
      labels.sort(Comparator.comparingDouble(m::accuracy));
      labels = labels.subList(0, MAX_LISTED);
    }
    int width = Math.max("label".length(), width(m.labels(), labels));
    out.printf(Locale.ROOT, "%-" + width + "s  %8s  %8s  %9s  %6s  %6s%n",
        "label", "rows", "accuracy", "precision", "recall", "F1");
    for (int i : labels) {
      out.printf(Locale.ROOT, "%s  %,8d  %8s  %9s  %6s  %6s%n", padded(m.labels().get(i), width), m.actual(i),
          ratio(m.accuracy(i)), ratio(m.precision(i)), ratio(m.recall(i)), ratio(m.f1(i)));
    }
    if (subset) {
      out.println("(the " + MAX_LISTED + " of " + m.labels().size() + " labels with the lowest accuracy)");
    }
  }

  /** Prints R² and the errors of each target. */
  static void printTargetMetrics(PrintStream out, List<TargetMetrics> targets) {
    List<TargetMetrics> shown = targets;
    if (targets.size() > MAX_LISTED) {
      shown = new ArrayList<>(targets);
      shown.sort(Comparator.comparingDouble(t -> Double.isNaN(t.r2()) ? 2 : t.r2()));
      shown = shown.subList(0, MAX_LISTED);
    }
    int width = "target".length();
    for (TargetMetrics t : shown) width = Math.max(width, length(t.name(), MAX_LABEL_WIDTH));
    out.printf(Locale.ROOT, "%-" + width + "s  %9s  %12s  %12s%n", "target", "R²", "RMSE", "MAE");
    for (TargetMetrics t : shown) {
      out.printf(Locale.ROOT, "%s  %9s  %12s  %12s%n", padded(t.name(), width), MetricFormat.decimals(t.r2(), 4),
          MetricFormat.digits(t.rmse()), MetricFormat.digits(t.mae()));
    }
    if (shown.size() < targets.size()) {
      out.println("(the " + MAX_LISTED + " of " + targets.size() + " targets with the lowest R²)");
    }
  }

  private static String ratio(double v) {
    return Double.isNaN(v) ? "–" : String.format(Locale.ROOT, "%.3f", v);
  }

  private static int width(List<String> labels, List<Integer> chosen) {
    int width = 0;
    for (int i : chosen) width = Math.max(width, length(labels.get(i), MAX_LABEL_WIDTH));
    return width;
  }

  private static int length(String label, int most) {
    return Math.min(label.length(), most);
  }

  private static String truncated(String label, int most) {
    return Formatting.line(label, most);
  }

  private static String padded(String label, int width) {
    String s = truncated(label, Math.min(width, MAX_LABEL_WIDTH));
    return s + " ".repeat(width - s.length());
  }
}
