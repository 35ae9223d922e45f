// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.DataException;
import chainrule.data.Dataset;
import chainrule.data.Encoding;
import chainrule.data.InputCounts;
import chainrule.data.NumberColumn;
import chainrule.data.Table;
import chainrule.data.Target;
import chainrule.format.Formatting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A table on which the training of a model continues. The encoding is that of the model. */
final class ContinuedTable extends UnsplitData {
  private final String name;
  private final StartingModel from;
  private final TableInput input;
  private final Table table;
  private final int[] withTarget; // rows of the table
  private final Dataset all; // these rows, encoded
  private final TargetRows rows; // of `all`
  private final int weight; // the column of weights; −1 for none

  ContinuedTable(String data, StartingModel from, Arguments a, TableInput input) {
    super(a);
    this.from = from;
    this.input = input;
    Encoding e = from.model().encoding();
    this.table = input.read(data, e.tableOptions());
    from.requireTargets(table, a);
    this.weight = weight();
    requireLabels();
    this.withTarget = e.rowsWithTarget(table);
    if (withTarget.length == 0) throw new DataException(table.file() + ": no row has a value of the target");
    this.all = from.model().adapt(e.encode(table, withTarget));
    this.rows = new TargetRows(IntStream.range(0, all.rows()).toArray(),
        all.isClassification() ? all.classes() : null, all.labels());
    this.name = TableInput.label(data) + ", target" + (e.target().names().size() > 1 ? "s " : " ")
        + TableColumns.named(e.target().names());
  }

  private int weight() {
    if (!a.has(Option.WEIGHT)) return -1;
    int column = table.columnIndex(a.value(Option.WEIGHT).get());
    String found = table.names().get(column);
    boolean isInput = from.model().encoding().inputColumns().stream().anyMatch(in -> in.name().equals(found));
    if (!isInput && !from.model().encoding().target().names().contains(found)) return column;
    throw new UsageException("--weight: '" + Formatting.line(found, 60) + "' is "
        + (isInput ? "an input" : "the target") + " of " + from.name() + "; choose another column");
  }

  /** Refuses a word in a column of labels that are numbers, which would count as missing. */
  private void requireLabels() {
    Target target = from.model().encoding().target();
    if (!target.isClass() && !target.isMultilabel()) return;
    for (int j = 0; j < target.names().size(); j++) {
      int column = table.indexOf(target.names().get(j));
      if (column < 0 || !(table.column(column) instanceof NumberColumn c) || c.words().isEmpty()) continue;
      int row = Collections.min(c.words().keySet());
      List<String> labels = target.isClass() ? target.labels() : target.values().get(j);
      throw new DataException(table.file() + ":" + table.line(row) + ": column '"
          + Formatting.line(target.names().get(j), 60) + "': expected a class of the model, found '"
          + Formatting.line(c.words().get(row), 60) + "'. The classes are "
          + Formatting.line(String.join(", ", labels), 200)
          + ". Fix the label, delete the line, or train a new model.");
    }
  }

  @Override TargetRows rows() {
    return rows;
  }

  @Override String name() {
    return name;
  }

  @Override InputData divide(RowParts parts) {
    Encoding e = from.model().encoding();
    List<String> notices = new ArrayList<>(from.notices(a));
    notices.addAll(table.notices());
    notices.addAll(from.ignored(table, weight));
    notices.addAll(TargetRows.missing(table.rows() - withTarget.length));
    List<InputCounts> counts = e.counts(table, withTarget);
    notices.addAll(NewValues.unseen(table, counts, a));
    NewValues.missing(counts, "filled in as in the training of " + from.name()).ifPresent(notices::add);
    Dataset test = a.has(Option.TEST) ? from.model().adapt(separateTest(input, e, notices)) : all.select(parts.test());
    notices.addAll(parts.notices());
    Map<String, String> weights = new LinkedHashMap<>();
    if (weight >= 0) weights.put("weights", "column " + table.names().get(weight));
    return InputData.of(name, e, weighted(parts.train()), parts.validation() == null ? null
        : weighted(parts.validation()), test, a, weights, notices);
  }

  private Dataset weighted(int[] part) {
    Dataset chosen = all.select(part);
    if (weight < 0) return chosen;
    return chosen.withWeights(Weighting.column(table, weight, Arrays.stream(part).map(i -> withTarget[i]).toArray()));
  }
}
