// SPDX-License-Identifier: MIT
package chainrule.report;

import chainrule.format.Formatting;
import chainrule.train.MultilabelMetrics;
import java.util.Locale;

/** The results of a multilabel problem: accuracy, precision, recall and F1 of each label, and the exact match. */
final class MultilabelSection {
  private static final int MOST_LABELS = 100;

  private MultilabelSection() {}

  static void write(Html h, EvaluatedRows results) {
    MultilabelMetrics m = results.labelMetrics();
    int labels = m.labels().size();
    h.element("h2", "Accuracy by label").raw("\n");
    h.element("p", "Measured " + results.where() + ". Every label is right in "
        + Formatting.percent(m.exactMatch(), m.rows()) + " of the rows.").raw("\n");
    h.open("div", "class", "cards").raw("\n").open("section", "class", "card full").raw("\n");
    h.open("h3").text("Metrics by label").closeLine();
    h.open("div", "class", "scroll", "tabindex", "0").open("table", "class", "list").raw("\n").open("thead").open("tr");
    h.element("th", "label", "scope", "col");
    for (String s : new String[] {"accuracy", "precision", "recall", "F1", "rows"}) {
      h.element("th", s, "scope", "col", "class", "n");
    }
    h.close().closeLine().open("tbody").raw("\n");
    for (int i = 0; i < Math.min(MOST_LABELS, labels); i++) {
      String label = m.labels().get(i);
      h.open("tr").element("th", Formatting.truncate(label, 40), "scope", "row", "title", label);
      share(h, m.accuracy(i));
      share(h, m.precision(i));
      share(h, m.recall(i));
      share(h, m.f1(i));
      h.element("td", Formatting.count(m.actual(i)), "class", "n").closeLine();
    }
    h.close().close().closeLine();
    h.element("p", (labels > MOST_LABELS ? "The first " + MOST_LABELS + " of " + Formatting.count(labels) + " labels. "
        : "") + "Accuracy: the fraction of rows where the label is right. Precision: the fraction of its predictions "
        + "that are correct. Recall: the fraction of the rows with the label that are found. F1: their harmonic mean.",
        "class", "remark").closeLine().closeLine();
  }

  private static void share(Html h, double v) {
    String strength = Double.isNaN(v) ? "--s:0" : String.format(Locale.ROOT, "--s:%.3f", v);
    h.element("td", Double.isNaN(v) ? "–" : String.format(Locale.ROOT, "%.3f", v), "class",
        "n share", "style", strength);
  }
}
