// SPDX-License-Identifier: MIT
package chainrule.report;

import chainrule.format.Formatting;
import chainrule.train.ConfusionMatrix;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The results of a classification: the confusion matrix, and the precision, recall and F1 of each class. */
final class ClassificationSection {
  /** The most classes of a confusion matrix; of more classes, this many of the worst are listed. */
  private static final int MAX_CLASSES = 20;
  /** The strength of a cell's color above which white digits are easier to read than black ones, in light mode. */
  private static final double STRONG = 0.925;

  private ClassificationSection() {}

  /** @param majority the most frequent class of the training rows */
  static void write(Html h, EvaluatedRows results, int majority) {
    ConfusionMatrix c = results.model().confusion(results.rows());
    int classes = c.labels().size();
    h.element("h2", "Accuracy by class").raw("\n");
    h.element("p", "Measured " + results.where() + ". " + baseline(c, majority)).raw("\n");
    h.open("div", "class", "cards").raw("\n");
    if (classes <= MAX_CLASSES) matrix(h, c);
    else mistakes(h, c);
    table(h, c);
    h.closeLine();
  }

  /** The accuracy of always predicting the class that is most frequent in training. */
  private static String baseline(ConfusionMatrix c, int most) {
    return "Always predicting “" + Formatting.named(c.labels().get(most), 30) + "” would be correct for "
        + Formatting.percent((double) c.actual(most) / c.total(), c.total()) + " of the rows.";
  }

  private static void matrix(Html h, ConfusionMatrix c) {
    int n = c.labels().size();
    boolean upright = longest(c.labels()) > (n > 10 ? 2 : n > 6 ? 3 : 7);
    h.open("section", "class", n > 10 ? "card full" : "card").raw("\n").open("h3").text("Confusion matrix").closeLine();
    h.open("div", "class", "scroll", "tabindex", "0").raw("\n");
    h.open("table", "class", "confusion" + (n > 7 ? " many" : "") + (n > 10 ? " crowded" : "")).raw("\n").open("thead")
        .open("tr").element("th", "true", "class", "title", "scope", "col", "rowspan", "2");
    h.element("th", "predicted", "class", "title", "colspan", "" + n).close().open("tr");
    for (String label : c.labels()) {
      h.open("th", "scope", "col", "class", upright ? "up" : null, "title", label);
      h.element("span", Formatting.named(label, 16)).close();
    }
    h.close().closeLine().open("tbody").raw("\n");
    for (int i = 0; i < n; i++) {
      h.open("tr").element(
          "th", Formatting.named(c.labels().get(i), 22), "scope", "row", "title",
          c.labels().get(i));
      for (int j = 0; j < n; j++) cell(h, c.count(i, j), c.actual(i), i == j);
      h.closeLine();
    }
    h.close().close().closeLine();
    h.element("p", "Number of rows. The color shows their fraction of the true class.", "class", "remark").closeLine();
  }

  private static int longest(List<String> labels) {
    int most = 0;
    for (String label : labels) most = Math.max(most, label.length());
    return most;
  }

  private static void cell(Html h, long count, long ofClass, boolean hit) {
    if (count == 0) {
      h.element("td", "0", "class", "none");
      return;
    }
    double share = (double) count / ofClass, strength = hit ? 0.12 + 0.88 * share : Math.min(1, 0.25 + 1.5 * share);
    h.element("td", Formatting.count(count), "class", (hit ? "hit" : "miss") + (strength > STRONG ? " strong" : ""),
        "style", String.format(Locale.ROOT, "--s:%.2f", strength));
  }

  private static void mistakes(Html h, ConfusionMatrix c) {
    List<int[]> pairs = new ArrayList<>();
    int n = c.labels().size();
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) if (i != j && c.count(i, j) > 0) pairs.add(new int[] {i, j});
    }
    pairs.sort(Comparator.comparingLong((int[] p) -> -c.count(p[0], p[1])));
    h.open("section", "class", "card").raw("\n").open("h3").text("Most frequent mistakes");
    h.element("small", pairs.isEmpty() ? "all rows are correct"
        : Formatting.count(pairs.size(), "kind", "kinds") + " of mistakes").closeLine();
    h.open("table", "class", "list").raw("\n").open("thead").open("tr").element("th", "true class", "scope", "col");
    h.element("th", "predicted", "scope", "col").element("th", "rows", "scope", "col", "class", "n").close().close();
    h.open("tbody").raw("\n");
    for (int[] p : pairs.subList(0, Math.min(MAX_CLASSES, pairs.size()))) {
      h.open("tr").element("th", Formatting.named(c.labels().get(p[0]), 60), "scope", "row");
      h.element("td", Formatting.named(c.labels().get(p[1]), 60));
      h.element("td", Formatting.count(c.count(p[0], p[1])), "class", "n").closeLine();
    }
    h.close().close().closeLine();
  }

  private static void table(Html h, ConfusionMatrix c) {
    int n = c.labels().size();
    double[] f1 = new double[n];
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      f1[i] = c.f1(i);
      if (n <= MAX_CLASSES || !Double.isNaN(f1[i])) order.add(i);
    }
    boolean subset = order.size() > MAX_CLASSES;
    if (subset) order.sort(Comparator.comparingDouble((Integer i) -> f1[i]));
    h.open("section", "class", n > 10 && n <= MAX_CLASSES ? "card full" : "card").raw("\n").open("h3")
        .text("Metrics by class");
    if (subset) h.element("small", "the " + MAX_CLASSES + " of " + Formatting.count(n) + " classes with the lowest F1");
    h.closeLine().open("div", "class", "scroll", "tabindex", "0").open("table", "class", "list").raw("\n");
    h.open("thead").open("tr");
    h.element("th", "class", "scope", "col");
    for (String s : new String[] {"precision", "recall", "F1", "rows"}) {
      h.element("th", s, "scope", "col", "class", "n");
    }
    h.close().closeLine().open("tbody").raw("\n");
    for (int i : order.subList(0, Math.min(MAX_CLASSES, order.size()))) {
      h.open("tr").element(
          "th", Formatting.named(c.labels().get(i), 40), "scope", "row", "title",
          c.labels().get(i));
      share(h, c.precision(i));
      share(h, c.recall(i));
      share(h, f1[i]);
      h.element("td", Formatting.count(c.actual(i)), "class", "n").closeLine();
    }
    h.close().close().closeLine();
    h.element("p", "Precision: the fraction of predictions of a class that are correct. Recall: the fraction of rows "
        + "of a class that "
        + "are found. F1: their harmonic mean; macro F1, the mean over all classes, is " + rounded(c.macroF1()) + ".",
        "class", "remark").closeLine();
  }

  private static void share(Html h, double v) {
    String strength = Double.isNaN(v) ? "--s:0" : String.format(Locale.ROOT, "--s:%.3f", v);
    h.element("td", rounded(v), "class", "n share", "style", strength);
  }

  private static String rounded(double v) {
    return Double.isNaN(v) ? "–" : String.format(Locale.ROOT, "%.3f", v);
  }
}
