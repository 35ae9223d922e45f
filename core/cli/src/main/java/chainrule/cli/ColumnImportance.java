// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.Dataset;
import chainrule.data.Encoding;
import chainrule.format.Formatting;
import chainrule.io.Model;
import chainrule.metrics.PermutationImportance;
import chainrule.metrics.TrivialBaseline;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How much the score of a model drops when a column is permuted, see {@link PermutationImportance}. */
record ColumnImportance(List<Encoding.Input> columns, PermutationImportance drops, String score, int repeats) {
  private static final int DEFAULT_REPEATS = 5, MAX_REPEATS = 1000;
  private static final long SEED = 1;
  private static final int MAX_LISTED = 30, MAX_NAME = 40;

  static int repeats(Arguments a) {
    return a.value(Option.IMPORTANCE).get().isEmpty() ? DEFAULT_REPEATS
        : (int) a.integer(Option.IMPORTANCE, DEFAULT_REPEATS, 1, MAX_REPEATS);
  }

  static ColumnImportance of(Model model, Dataset data, int repeats) {
    List<Encoding.Input> columns = model.encoding().inputColumns();
    TrivialBaseline baseline = TrivialBaseline.of(data);
    double threshold = model.calibration().threshold();
    Results whole = Results.of(model.outputs(data.x()), data, model.encoding().target(), baseline, threshold);
    PermutationImportance drops = PermutationImportance.of(data.x(),
        columns.stream().mapToInt(Encoding.Input::width).toArray(),
        x -> Results.score(model.outputs(x), data, threshold),
        repeats, SEED);
    return new ColumnImportance(columns, drops, whole.scoreName(), repeats);
  }

  /** Prints the columns from the most important to the least. */
  void print(PrintStream out) {
    out.println("importance: the drop of " + (score.equals("r2") ? "R²" : score.replace('_', ' '))
        + " if the column's values are permuted, the mean and standard deviation of "
        + Formatting.count(repeats, "permutation", "permutations"));
    List<Integer> ranking = drops.ranking();
    List<Integer> shown = ranking.subList(0, Math.min(MAX_LISTED, ranking.size()));
    int width = 0;
    for (int j : shown) width = Math.max(width, name(j).length());
    for (int j : shown) {
      out.printf(Locale.ROOT, "  %s  %s ± %s%n", name(j) + " ".repeat(width - name(j).length()),
          MetricFormat.decimals(drops.importance()[j], 4), MetricFormat.decimals(drops.deviation()[j], 4));
    }
    if (shown.size() < ranking.size()) {
      out.println("  (the " + MAX_LISTED + " most important of " + ranking.size() + " columns; --json lists all)");
    }
  }

  private String name(int j) {
    return Formatting.line(columns.get(j).name(), MAX_NAME);
  }

  void put(Map<String, Object> json) {
    List<Map<String, Object>> list = new ArrayList<>();
    for (int j : drops.ranking()) {
      Map<String, Object> o = new LinkedHashMap<>();
      o.put("name", columns.get(j).name());
      o.put("mean", drops.importance()[j]);
      o.put("deviation", drops.deviation()[j]);
      list.add(o);
    }
    json.put("importance_score", score);
    json.put("importance_repeats", repeats);
    json.put("importance", list);
  }
}
