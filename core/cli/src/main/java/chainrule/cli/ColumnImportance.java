// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.Dataset;
import chainrule.data.InputColumn;
import chainrule.format.Formatting;
import chainrule.io.Model;
import chainrule.metrics.ClassOutputs;
import chainrule.metrics.LogLoss;
import chainrule.metrics.PermutationImportance;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How much worse a model predicts when a column is permuted, see {@link PermutationImportance}: the drop of R², or of
 * the accuracy and, if the outputs are probabilities, the rise of the log loss, which then ranks the columns.
 *
 * @param score the name of the score in JSON
 * @param drops of the score
 * @param rises of the log loss; null for numbers and for outputs that are not probabilities
 */
record ColumnImportance(List<InputColumn> columns, String score, PermutationImportance drops,
    PermutationImportance rises, int repeats) {
  private static final int DEFAULT_REPEATS = 5, MAX_REPEATS = 1000;
  private static final long SEED = 1;
  private static final int MAX_LISTED = 30, MAX_NAME = 40;

  static int repeats(Arguments a) {
    return a.value(Option.IMPORTANCE).get().isEmpty() ? DEFAULT_REPEATS
        : (int) a.integer(Option.IMPORTANCE, DEFAULT_REPEATS, 1, MAX_REPEATS);
  }

  static ColumnImportance of(Model model, Dataset data, int repeats) {
    List<InputColumn> columns = model.encoding().inputColumns();
    double threshold = model.calibration().threshold();
    boolean numbers = !data.isClassification() && !data.isMultilabel();
    boolean losses = !numbers
        && ClassOutputs.areProbabilities(data.isMultilabel() ? 1 : data.outputs(), model.outputs(data.x()));
    List<PermutationImportance> found = PermutationImportance.of(data.x(),
        columns.stream().mapToInt(InputColumn::width).toArray(), losses ? 2 : 1, x -> {
          double[] yhat = model.outputs(x);
          double score = Results.score(yhat, data, threshold);
          return losses ? new double[] {score, -LogLoss.of(yhat, data)} : new double[] {score};
        }, repeats, SEED);
    String score = numbers ? "r2" : data.isMultilabel() ? "mean_accuracy" : "accuracy";
    return new ColumnImportance(columns, score, found.get(0), losses ? found.get(1) : null, repeats);
  }

  private List<Integer> ranking() {
    return (rises == null ? drops : rises).ranking();
  }

  /** Prints the columns from the most important to the least. */
  void print(PrintStream out) {
    String dropped = "the drop of " + (score.equals("r2") ? "R²" : score.replace('_', ' '));
    out.println("importance: " + (rises == null ? dropped : "the rise of the log loss, and " + dropped + ",")
        + " if the column's values are permuted: mean ± standard deviation of "
        + Formatting.count(repeats, "permutation", "permutations"));
    List<Integer> ranking = ranking();
    List<Integer> shown = ranking.subList(0, Math.min(MAX_LISTED, ranking.size()));
    int width = 0;
    for (int j : shown) width = Math.max(width, name(j).length());
    for (int j : shown) {
      String cells = rises == null ? change(drops, j) : change(rises, j) + "   " + change(drops, j);
      out.println("  " + name(j) + " ".repeat(width - name(j).length()) + "  " + cells);
    }
    if (shown.size() < ranking.size()) {
      out.println("  (the " + MAX_LISTED + " most important of " + ranking.size() + " columns; --json lists all)");
    }
  }

  /** The change of one score, with the width of a figure below 10, so that columns line up. */
  private static String change(PermutationImportance p, int j) {
    String mean = MetricFormat.decimals(p.importance()[j], 4);
    return " ".repeat(Math.max(0, 7 - mean.length())) + mean + " ± " + MetricFormat.decimals(p.deviation()[j], 4);
  }

  private String name(int j) {
    return Formatting.line(columns.get(j).name(), MAX_NAME);
  }

  void put(Map<String, Object> json) {
    List<Map<String, Object>> list = new ArrayList<>();
    for (int j : ranking()) {
      Map<String, Object> o = new LinkedHashMap<>();
      o.put("name", columns.get(j).name());
      o.put("mean", drops.importance()[j]);
      o.put("deviation", drops.deviation()[j]);
      if (rises != null) {
        o.put("log_loss_mean", rises.importance()[j]);
        o.put("log_loss_deviation", rises.deviation()[j]);
      }
      list.add(o);
    }
    json.put("importance_score", score);
    json.put("importance_ranking", rises == null ? score : "log_loss");
    json.put("importance_repeats", repeats);
    json.put("importance", list);
  }
}
