// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.Target;
import chainrule.data.TextColumn;
import chainrule.format.Formatting;
import chainrule.io.Json;
import chainrule.io.Model;
import chainrule.io.Predictions;
import chainrule.io.SafeFile;
import chainrule.train.MultilabelMetrics;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code predict MODEL DATA}: writes a CSV with one row for each row of DATA, in the same order. */
final class PredictCommand {
  private final PrintStream out;
  private final Terminal err;

  PredictCommand(PrintStream out, Terminal err) {
    this.out = out;
    this.err = err;
  }

  void run(List<String> args) {
    Arguments a = Arguments.parse(Command.PREDICT, args);
    List<String> operands = a.operands(Command.PREDICT, "a model", "data");
    String data = operands.get(1);
    if (a.has(Option.OUT)) InputFiles.refuseOverwriting(a, Option.OUT, operands);
    else if (a.has(Option.JSON)) {
      throw new UsageException("--json requires --out FILE, because the predictions go to standard output");
    }
    Model model = ModelData.usableModel(operands.get(0), a);
    Optional<PredictionIntervals> intervals = PredictionIntervals.of(a, operands.get(0), model);
    ModelData.Inputs inputs = ModelData.inputs(model, data, a, err);
    Predictions p = model.predictEncoded(inputs.x());
    NonFiniteResults.refuse(TableInput.label(data), p.yhat(), p.outputs());
    Notices.warn(err, inputs.notices());
    NewValues.warn(err, inputs.counts());
    try {
      if (a.has(Option.OUT)) {
        SafeFile.write(InputFiles.path(a.value(Option.OUT).get()), to -> {
          Writer w = new BufferedWriter(new OutputStreamWriter(to, StandardCharsets.UTF_8));
          write(p, inputs.kept(), intervals, w);
          w.flush();
        });
        out.println("wrote     " + a.value(Option.OUT).get() + ", "
            + Formatting.count(p.rows(), "prediction", "predictions"));
      } else {
        write(p, inputs.kept(), intervals, out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (!a.has(Option.JSON)) return;
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("rows", p.rows());
    NewValues.put(json, inputs.counts());
    json.put("notices", inputs.notices());
    out.println(Json.text(json));
  }

  private static void write(
      Predictions p, List<TextColumn> kept, Optional<PredictionIntervals> intervals, Appendable w) throws IOException {
    Target t = p.target();
    List<String> cells = new ArrayList<>();
    for (TextColumn column : kept) cells.add(column.name());
    if (t.isClass()) {
      cells.add("class");
      for (String label : t.labels()) cells.add("p(" + label + ")");
    } else {
      cells.addAll(t.names());
      if (t.isMultilabel()) for (String name : t.names()) cells.add("p(" + name + ")");
    }
    intervals.ifPresent(v -> v.addNames(t, cells));
    writeRow(cells, w);
    for (int i = 0; i < p.rows(); i++) {
      cells.clear();
      for (TextColumn column : kept) cells.add(column.text(i));
      if (t.isClass()) {
        cells.add(p.label(i));
        for (int c = 0; c < t.labels().size(); c++) cells.add(Double.toString(p.probability(i, c)));
      } else if (t.isMultilabel()) {
        addLabels(p, i, cells);
      } else {
        for (int j = 0; j < t.names().size(); j++) cells.add(Double.toString(p.value(i, j)));
      }
      int row = i;
      intervals.ifPresent(v -> v.addCells(p, row, cells));
      writeRow(cells, w);
    }
  }

  /** Adds whether the row has each label, in the words of the training data, then the probabilities. */
  private static void addLabels(Predictions p, int row, List<String> cells) {
    int labels = p.target().names().size();
    for (int j = 0; j < labels; j++) {
      boolean present = MultilabelMetrics.predicts(p.yhat()[row * p.outputs() + j]);
      cells.add(p.target().values().get(j).get(present ? 1 : 0));
    }
    for (int j = 0; j < labels; j++) cells.add(Double.toString(p.yhat()[row * p.outputs() + j]));
  }

  private static void writeRow(List<String> cells, Appendable w) throws IOException {
    for (int i = 0; i < cells.size(); i++) w.append(i == 0 ? "" : ",").append(quoted(cells.get(i)));
    w.append('\n');
  }

  /** Quotes a cell as RFC 4180 specifies, if necessary. */
  private static String quoted(String cell) {
    boolean plain = cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
        && cell.equals(cell.strip());
    return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }
}
