// SPDX-License-Identifier: MIT
package chainrule.report;

import chainrule.data.Encoding;
import chainrule.data.InputColumn;
import chainrule.format.Formatting;
import chainrule.io.Predictions;
import chainrule.metrics.ClassOutputs;
import chainrule.metrics.LogLoss;
import chainrule.metrics.PermutationImportance;
import chainrule.train.Evaluation;
import chainrule.train.MultilabelMetrics;
import java.util.List;
import java.util.Locale;

/**
 * The permutation importance of the columns: how much the log loss rises if the values of a column are permuted. For
 * numbers, and for outputs that are not probabilities, it is the drop of R² or of the accuracy.
 */
final class ImportanceSection {
  private static final int REPEATS = 5, MOST_COLUMNS = 20;
  private static final long SEED = 1;
  /** The most predicted numbers, rows × columns × repeats × parameters, for which it is computed. */
  private static final double MOST_WORK = 2e10;

  private ImportanceSection() {}

  static void write(Html h, EvaluatedRows results) {
    Encoding e = results.model().encoding();
    List<InputColumn> columns = e.inputColumns();
    double work = (double) results.rows().rows() * columns.size() * REPEATS * results.model().parameters();
    if (e.imageSize().isPresent() || columns.size() < 2 || results.rows().rows() < 2 || work > MOST_WORK) return;
    boolean losses = (e.target().isClass() || e.target().isMultilabel()) && ClassOutputs.areProbabilities(
        e.target().isMultilabel() ? 1 : results.rows().outputs(), results.predictions().yhat());
    PermutationImportance p = PermutationImportance.of(results.rows().x(),
        columns.stream().mapToInt(InputColumn::width).toArray(), x -> score(results, x, losses), REPEATS, SEED);
    if (Double.isNaN(p.score())) return;
    List<Integer> ranking = p.ranking();
    double most = Math.max(1e-12, p.importance()[ranking.get(0)]);
    h.element("h2", "Importance of columns").raw("\n");
    h.element("p", (losses ? "The rise of the log loss" : "The drop of " + (e.target().isClass() ? "accuracy"
        : e.target().isMultilabel() ? "mean label accuracy" : "R²")) + " if the values of a column are permuted among "
        + "the rows, " + results.where() + ": the mean and the standard deviation of " + REPEATS
        + " permutations. Columns that carry the same information share their importance.").raw("\n");
    h.open("section", "class", "card").raw("\n").open("table", "class", "list importance").raw("\n").open("tbody")
        .raw("\n");
    for (int j : ranking.subList(0, Math.min(MOST_COLUMNS, ranking.size()))) {
      h.open("tr").element("th", Formatting.truncate(columns.get(j).name(), 60), "scope", "row");
      double share = Math.max(0, Math.min(1, p.importance()[j] / most));
      h.element("td", "", "class", "share", "style", String.format(Locale.ROOT, "--s:%.3f", share));
      h.element("td", String.format(Locale.ROOT, "%.4f ± %.4f", p.importance()[j], p.deviation()[j]), "class", "n")
          .closeLine();
    }
    h.close().closeLine();
    if (ranking.size() > MOST_COLUMNS) {
      h.element("p", "The " + MOST_COLUMNS + " most important of " + Formatting.count(ranking.size()) + " columns.",
          "class", "remark");
    }
    h.closeLine();
  }

  private static double score(EvaluatedRows results, double[] x, boolean losses) {
    Predictions p = results.model().predictEncoded(x);
    if (losses) return -LogLoss.of(p.yhat(), results.rows());
    if (results.rows().isMultilabel()) return MultilabelMetrics.ofPredictions(p.yhat(), results.rows()).meanAccuracy();
    if (!results.rows().isClassification()) return Evaluation.ofPredictions(p.yhat(), results.rows()).r2();
    int right = 0;
    for (int i = 0; i < p.rows(); i++) if (p.classOf(i) == results.trueClass(i)) right++;
    return (double) right / p.rows();
  }
}
