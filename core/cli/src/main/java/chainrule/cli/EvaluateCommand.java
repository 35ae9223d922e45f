// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.DataException;
import chainrule.data.Dataset;
import chainrule.format.Formatting;
import chainrule.io.Json;
import chainrule.io.Model;
import chainrule.io.ModelImport;
import chainrule.metrics.TrivialBaseline;
import chainrule.train.Evaluation;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code evaluate MODEL DATA}: measures a model on examples whose targets are known. */
final class EvaluateCommand {
  private static final String OLDER_MODEL = "the model does not contain the baseline of its training rows, as older "
      + "models do not; the baseline is that of these rows";
  private static final String IMPORTED = "the model was imported, so it does not contain the baseline of its training "
      + "rows; the baseline is that of these rows";

  private final PrintStream out;
  private final Terminal err;

  EvaluateCommand(PrintStream out, Terminal err) {
    this.out = out;
    this.err = err;
  }

  void run(List<String> args) {
    Arguments a = Arguments.parse(Command.EVALUATE, args);
    List<String> operands = a.operands(Command.EVALUATE, "a model", "data");
    int repeats = a.has(Option.IMPORTANCE) ? ColumnImportance.repeats(a) : 0;
    String name = TableInput.label(operands.get(1));
    Model model = ModelData.usableModel(operands.get(0), a);
    ModelData.Examples examples = ModelData.examples(model, operands.get(1), a, err);
    Dataset data = examples.rows();
    int positive = PositiveClass.index(a, data.labels());
    List<String> notices = new ArrayList<>(examples.notices());
    if (model.baseline().isEmpty()) {
      notices.add(model.training().containsKey(ModelImport.IMPORTED) ? IMPORTED : OLDER_MODEL);
    }
    boolean quiet = a.has(Option.QUIET);
    if (!quiet) {
      out.printf(Locale.ROOT, "model     %s: %s, %,d parameters%n",
          operands.get(0), model.describeLayers(), model.parameters());
      out.println("data      " + name + ": " + Formatting.count(data.rows(), "row", "rows"));
      Notices.print(out, notices, "--json lists all of them");
      out.println();
    }
    Evaluation e = evaluation(operands.get(0), model, data);
    if (data.rows() > 0 && !Double.isFinite(e.loss())) {
      double[] yhat = model.outputs(data.x());
      NonFiniteResults.refuse(name, yhat, data.outputs());
      throw new DataException(name + ": " + NonFiniteResults.explainLoss("mean", e.loss(), yhat, data));
    }
    NewValues.warn(err, examples.counts());
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("task", TrainingSettings.task(data));
    json.put("rows", data.rows());
    json.put("loss", e.loss());
    Results results = Results.of(model.outputs(data.x()), data, model.encoding().target(),
        model.baseline().orElseGet(() -> TrivialBaseline.of(data)), model.calibration().threshold());
    if (results instanceof ClassResults c) results = c.withPositive(positive);
    List<String> warnings = ResultWarnings.ofEvaluation(results, model);
    out.println(results.headline(e.loss()));
    if (!quiet) printFurther(results, warnings);
    results.put(json, "");
    if (!Double.isNaN(model.calibration().threshold())) json.put("threshold", model.calibration().threshold());
    if (a.has(Option.IMPORTANCE)) {
      ColumnImportance importance = ColumnImportance.of(model, data, repeats);
      if (!quiet) out.println();
      importance.print(out);
      importance.put(json);
    }
    json.put("rows_without_target", examples.left());
    NewValues.put(json, examples.counts());
    json.put("baseline_rows", model.baseline().isPresent() ? "training" : "evaluated");
    json.put("notices", notices);
    json.put("warnings", warnings);
    if (a.has(Option.JSON)) out.println(Json.text(json));
    else if (quiet) {
      Notices.warn(err, notices);
      Notices.warnOfResult(err, warnings);
    }
  }

  private void printFurther(Results results, List<String> warnings) {
    results.details().forEach(out::println);
    for (String warning : warnings) out.println("warning   " + warning);
    if (results instanceof NumberResults n && n.targets().size() == 1) return;
    out.println();
    results.printTable(out);
    if (results instanceof ClassResults c) MetricsTable.printConfusionMatrix(out, c.confusion());
  }

  private static Evaluation evaluation(String name, Model model, Dataset data) {
    try {
      return model.evaluate(ModelData.loss(model, data.outputs()), data);
    } catch (IllegalArgumentException e) {
      throw new UsageException(name + ": " + e.getMessage());
    }
  }
}
