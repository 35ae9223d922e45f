// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.DataException;
import chainrule.data.Dataset;
import chainrule.io.Json;
import chainrule.io.Model;
import chainrule.nn.activation.Activation;
import chainrule.nn.loss.Loss;
import chainrule.nn.loss.Losses;
import chainrule.nn.loss.MeanSquaredError;
import chainrule.train.ConfusionMatrix;
import chainrule.train.Evaluation;
import chainrule.train.Trainer;
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

  EvaluateCommand(PrintStream out) {
    this.out = out;
  }

  void run(List<String> args) {
    Arguments a = Arguments.parse(Command.EVALUATE, args);
    List<String> operands = a.operands(Command.EVALUATE, "a model", "data");
    Model model = ModelData.usableModel(operands.get(0), a);
    Dataset data = ModelData.examples(model, operands.get(1), a);
    boolean quiet = a.has(Option.QUIET);
    if (!quiet) {
      out.printf(Locale.ROOT, "model     %s: %s, %,d parameters%n",
          operands.get(0), model.network(), model.network().parameters().length);
      out.printf(Locale.ROOT, "data      %s: %,d rows%n%n", operands.get(1), data.rows());
    }
    Evaluation e = evaluation(operands.get(0), model, data);
    if (data.rows() > 0 && !Double.isFinite(e.loss())) {
      NonFiniteResults.refuse(operands.get(1), model.network().predict(data.x()), data.outputs());
      throw new DataException(
          operands.get(1) + ": " + NonFiniteResults.explainLoss("mean", e.loss(), model.network(), data));
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("task", data.isClassification() ? "classify" : "regress");
    json.put("rows", data.rows());
    json.put("loss", e.loss());
    if (data.isClassification()) {
      ConfusionMatrix c = ConfusionMatrix.of(model.network(), data);
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
    } else {
      double unit = model.encoding().target().deviation();
      out.printf("%s, root mean squared error %s, mean absolute error %s in the target's unit%n",
          MetricFormat.r2(e.r2(), e.rmse()), MetricFormat.digits(e.rmse() * unit), MetricFormat.digits(e.mae() * unit));
      json.put("rmse", e.rmse() * unit);
      json.put("mae", e.mae() * unit);
      json.put("r2", e.r2());
    }
    if (a.has(Option.JSON)) out.println(Json.text(json));
  }

  private static Evaluation evaluation(String name, Model model, Dataset data) {
    try {
      return Trainer.of(model.network()).loss(loss(model, data)).evaluate(data);
    } catch (IllegalArgumentException e) {
      throw new UsageException(name + ": " + e.getMessage());
    }
  }

  /**
   * Returns the loss of the training if the model names one that fits. Otherwise returns the default loss of the output
   * activation, or the mean squared error, which fits every output.
   */
  private static Loss loss(Model model, Dataset data) {
    Activation output = model.network().output().activation();
    return Stream.of(Losses.named(model.training().getOrDefault("loss", "")), Optional.of(Losses.forOutput(output)))
        .flatMap(Optional::stream).filter(l -> l.misfit(output, data.outputs()).isEmpty())
        .findFirst().orElse(new MeanSquaredError());
  }
}
