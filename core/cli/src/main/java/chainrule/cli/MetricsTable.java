// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.format.Formatting;
import chainrule.train.ConfusionMatrix;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Prints the metrics of each class and the confusion matrix, which show how well small classes are predicted. */
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
    int width = Math.max("class".length(), width(c, classes));
    out.printf(Locale.ROOT, "%-" + width + "s  %8s  %9s  %6s  %6s%n", "class", "rows", "precision", "recall", "F1");
    for (int i : classes) {
      out.printf(Locale.ROOT, "%s  %,8d  %9s  %6s  %6s%n",
          padded(c.labels().get(i), width), c.actual(i), ratio(c.precision(i)), ratio(c.recall(i)), ratio(c.f1(i)));
    }
    if (subset) out.println("(the " + MAX_LISTED + " of " + c.labels().size() + " classes with the lowest F1)");
  }

  /** Prints the confusion matrix: true classes down, predicted classes across. */
  static void printConfusionMatrix(PrintStream out, ConfusionMatrix c) {
    int n = c.labels().size();
    if (n > MAX_MATRIX) return;
    List<Integer> classes = new ArrayList<>();
    for (int i = 0; i < n; i++) classes.add(i);
    int width = width(c, classes), column = Math.max(6, Math.min(16, width(c, classes)));
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

  private static String ratio(double v) {
    return Double.isNaN(v) ? "–" : String.format(Locale.ROOT, "%.3f", v);
  }

  private static int width(ConfusionMatrix c, List<Integer> classes) {
    int width = 0;
    for (int i : classes) width = Math.max(width, length(c.labels().get(i), MAX_LABEL_WIDTH));
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
