// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.train.MetricSpread;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The metrics of a cross-validation in a table: their headings, and how their values are printed. */
final class MetricColumns {
  private static final int LEAST_WIDTH = 8;
  private static final Map<String, String> HEADINGS = new LinkedHashMap<>();

  static {
    HEADINGS.put("accuracy", "accuracy");
    HEADINGS.put("exact_match", "exact match");
    HEADINGS.put("mean_accuracy", "mean accuracy");
    HEADINGS.put("r2", "R²");
    HEADINGS.put("rmse", "RMSE");
    HEADINGS.put("mae", "MAE");
    HEADINGS.put("loss", "loss");
    HEADINGS.put("log_loss", "log loss");
    HEADINGS.put("brier", "Brier");
    HEADINGS.put("roc_auc", "ROC AUC");
    HEADINGS.put("balanced_accuracy", "balanced");
    HEADINGS.put("macro_f1", "macro F1");
    HEADINGS.put("f1", "F1");
    HEADINGS.put("threshold", "threshold");
    HEADINGS.put("coverage", "coverage");
    HEADINGS.put("width", "width");
    HEADINGS.put("set_size", "set size");
  }

  private final List<String> names = new ArrayList<>();

  /** @param metrics the metrics of a fold; of those that the table knows, all are shown */
  MetricColumns(Map<String, ?> metrics) {
    for (String name : HEADINGS.keySet()) {
      if (metrics.containsKey(name) && !isReplaced(name, metrics)) names.add(name);
    }
  }

  /** The loss of classes is usually the log loss. Of two classes, the F1 of the positive one is shown. */
  private static boolean isReplaced(String name, Map<String, ?> metrics) {
    return name.equals("loss") && metrics.containsKey("log_loss")
        || name.equals("macro_f1") && metrics.containsKey("f1");
  }

  /** Returns the name of the metric to look at first: the first that is defined in a fold. */
  String headline(Map<String, MetricSpread> summary) {
    return names.stream().filter(n -> summary.get(n).count() > 0).findFirst().orElse(names.get(0));
  }

  static String heading(String name) {
    return HEADINGS.get(name);
  }

  String headings() {
    StringBuilder s = new StringBuilder();
    for (String name : names) s.append(cell(name, heading(name)));
    return s.toString();
  }

  /** Returns the cells of a row; a metric that is missing or undefined is a dash. */
  String cells(Map<String, Double> values) {
    StringBuilder s = new StringBuilder();
    for (String name : names) s.append(cell(name, format(name, values.getOrDefault(name, Double.NaN))));
    return s.toString();
  }

  String means(Map<String, MetricSpread> summary) {
    Map<String, Double> means = new LinkedHashMap<>();
    summary.forEach((name, m) -> means.put(name, m.mean()));
    return cells(means);
  }

  String deviations(Map<String, MetricSpread> summary) {
    Map<String, Double> deviations = new LinkedHashMap<>();
    summary.forEach((name, m) -> deviations.put(name, m.deviation()));
    return cells(deviations);
  }

  private static String cell(String name, String text) {
    int width = Math.max(LEAST_WIDTH, heading(name).length());
    if (List.of("rmse", "mae", "width").contains(name)) width = 12;
    return "  " + " ".repeat(Math.max(0, width - text.length())) + text;
  }

  /** Formats a value of a metric. */
  static String format(String name, double v) {
    if (Double.isNaN(v)) return "–";
    return switch (name) {
      case "rmse", "mae", "width" -> MetricFormat.digits(v);
      case "loss", "log_loss" -> MetricFormat.loss(v);
      default -> MetricFormat.decimals(v, 4);
    };
  }
}
