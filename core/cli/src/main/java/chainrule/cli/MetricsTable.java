package chainrule.cli;

import chainrule.train.Confusion;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Prints how a classification does class by class, so that small classes are seen. */
final class MetricsTable {
  private MetricsTable() {}

  /** Classes that are listed, at most: beyond, those with the lowest F1. */
  private static final int MOST_LISTED = 20;
  /** Classes for which every pair is shown. */
  private static final int MOST_PAIRS = 10;
  private static final int WIDEST_LABEL = 24;

  /** Precision, recall and F1 of each class. */
  static void printClasses(PrintStream out, Confusion c) {
    List<Integer> classes = new ArrayList<>();
    for (int i = 0; i < c.labels().size(); i++) classes.add(i);
    boolean some = classes.size() > MOST_LISTED;
    if (some) {
      classes.sort(Comparator.comparingDouble(i -> Double.isNaN(c.f1(i)) ? 2 : c.f1(i)));
      classes = classes.subList(0, MOST_LISTED);
    }
    int width = Math.max("class".length(), width(c, classes));
    out.printf(Locale.ROOT, "%-" + width + "s  %8s  %9s  %6s  %6s%n", "class", "rows", "precision", "recall", "F1");
    for (int i : classes) {
      out.printf(Locale.ROOT, "%s  %,8d  %9s  %6s  %6s%n",
          padded(c.labels().get(i), width), c.truly(i), share(c.precision(i)), share(c.recall(i)), share(c.f1(i)));
    }
    if (some) out.println("(the " + MOST_LISTED + " lowest F1 of " + c.labels().size() + " classes)");
  }

  /** How often each class was taken for each other. */
  static void printPairs(PrintStream out, Confusion c) {
    int n = c.labels().size();
    if (n > MOST_PAIRS) return;
    List<Integer> classes = new ArrayList<>();
    for (int i = 0; i < n; i++) classes.add(i);
    int width = Math.max("truly".length(), width(c, classes)), column = Math.max(6, Math.min(16, width(c, classes)));
    out.println(padded("truly", width) + "  taken for");
    out.print(" ".repeat(width));
    for (String label : c.labels()) out.print("  " + " ".repeat(column - length(label, column)) + cut(label, column));
    out.println();
    for (int i = 0; i < n; i++) {
      out.print(padded(c.labels().get(i), width));
      for (int j = 0; j < n; j++) out.printf(Locale.ROOT, "  %," + column + "d", c.count(i, j));
      out.println();
    }
  }

  private static String share(double v) {
    return Double.isNaN(v) ? "–" : String.format(Locale.ROOT, "%.3f", v);
  }

  private static int width(Confusion c, List<Integer> classes) {
    int width = 0;
    for (int i : classes) width = Math.max(width, length(c.labels().get(i), WIDEST_LABEL));
    return width;
  }

  private static int length(String label, int most) {
    return Math.min(label.length(), most);
  }

  private static String cut(String label, int most) {
    return PrintableText.line(label, most);
  }

  private static String padded(String label, int width) {
    String s = cut(label, Math.min(width, WIDEST_LABEL));
    return s + " ".repeat(width - s.length());
  }
}
