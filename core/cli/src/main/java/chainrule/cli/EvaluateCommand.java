// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.DataException;
import chainrule.data.Dataset;
import chainrule.format.Formatting;
import chainrule.io.Json;
import chainrule.io.Model;
import chainrule.nn.activation.Activation;
import chainrule.nn.loss.Loss;
import chainrule.nn.loss.Losses;
import chainrule.nn.loss.MeanSquaredError;
import chainrule.train.ConfusionMatrix;
import chainrule.train.Evaluation;
import chainrule.train.MultilabelMetrics;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code evaluate MODEL DATA}: measures a model on examples whose targets are known. */
final class EvaluateCommand {
  private final PrintStream out;
  private final Terminal err;

  EvaluateCommand(PrintStream out, Terminal err) {
    this.out = out;
    this.err = err;
  }

  void run(List<String> args) {
    Arguments a = Arguments.parse(Command.EVALUATE, args);
    List<String> operands = a.operands(Command.EVALUATE, "a model", "data");
    String name = TableInput.label(operands.get(1));
    Model model = ModelData.usableModel(operands.get(0), a);
    ModelData.Examples examples = ModelData.examples(model, operands.get(1), a, err);
    Dataset data = examples.rows();
    boolean quiet = a.has(Option.QUIET);
    if (!quiet) {
      out.printf(Locale.ROOT, "model     %s: %s, %,d parameters%n",
          operands.get(0), model.describeLayers(), model.parameters());
      out.println("data      " + name + ": " + Formatting.count(data.rows(), "row", "rows"));
      Notices.print(out, examples.notices(), "--json lists all of them");
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
    if (data.isClassification()) classes(model, data, e, quiet, json);
    else if (data.isMultilabel()) labels(model, data, e, quiet, json);
    else numbers(model, data, e, quiet, json);
    json.put("rows_without_target", examples.left());
    NewValues.put(json, examples.counts());
    json.put("notices", examples.notices());
    if (a.has(Option.JSON)) out.println(Json.text(json));
    else if (quiet) Notices.warn(err, examples.notices());
  }

  private void classes(Model model, Dataset data, Evaluation e, boolean quiet, Map<String, Object> json) {
    ConfusionMatrix c = ConfusionMatrix.ofPredictions(model.outputs(data.x()), data);
    out.printf(Locale.ROOT, "accuracy %.4f (%,d of %,d correct), macro F1 %.4f, loss %s%n",
        e.accuracy(), Math.round(e.accuracy() * data.rows()), data.rows(), c.macroF1(), MetricFormat.loss(e.loss()));
    if (!quiet) {
      out.println();
      MetricsTable.printClassMetrics(out, c);
      out.println();
      MetricsTable.printConfusionMatrix(out, c);
    }
    json.put("accuracy", e.accuracy());
    json.put("macro_f1", c.macroF1());
  }

  private void labels(Model model, Dataset data, Evaluation e, boolean quiet, Map<String, Object> json) {
    MultilabelMetrics m = MultilabelMetrics.ofPredictions(model.outputs(data.x()), data);
    out.println(MetricFormat.labels(m) + ", loss " + MetricFormat.loss(e.loss()));
    if (!quiet) {
      out.println();
      MetricsTable.printLabelMetrics(out, m);
    }
    json.put("accuracy", m.exactMatch());
    json.put("exact_match", m.exactMatch());
    json.put("mean_accuracy", m.meanAccuracy());
    json.put("macro_f1", m.macroF1());
    json.put("labels", TargetMetrics.json(m));
  }

  private void numbers(Model model, Dataset data, Evaluation e, boolean quiet, Map<String, Object> json) {
    boolean several = data.outputs() > 1;
    double unit = several ? Double.NaN : model.encoding().target().deviation();
    if (several) {
      List<TargetMetrics> targets = TargetMetrics.of(model, data);
      out.println(MetricFormat.targets(targets, e));
      if (!quiet) {
        out.println();
        MetricsTable.printTargetMetrics(out, targets);
      }
      json.put("targets", TargetMetrics.json(targets));
    } else {
      out.printf("%s, root mean squared error %s, mean absolute error %s in the target's unit%n",
          MetricFormat.r2(e.r2(), e.rmse()), MetricFormat.digits(e.rmse() * unit), MetricFormat.digits(e.mae() * unit));
    }
    json.put("rmse", e.rmse() * unit); // null for several targets, whose units may differ
    json.put("mae", e.mae() * unit);
    json.put("r2", e.r2());
  }

  private static Evaluation evaluation(String name, Model model, Dataset data) {
    try {
      return model.evaluate(loss(model, data), data);
    } catch (IllegalArgumentException e) {
      throw new UsageException(name + ": " + e.getMessage());
    }
  }

  /**
   * Returns the loss of the training if the model names one that fits. Otherwise returns the default loss of the output
   * activation, or the mean squared error, which fits every output.
   */
  private static Loss loss(Model model, Dataset data) {
    Activation output = model.architecture().output().activation();
    return Stream.of(Losses.named(model.training().getOrDefault("loss", "")), Optional.of(Losses.forOutput(output)))
        .flatMap(Optional::stream).filter(l -> l.misfit(output, data.outputs()).isEmpty())
        .findFirst().orElse(new MeanSquaredError());
  }
}
