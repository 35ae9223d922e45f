package chainrule.cli;

import chainrule.data.DataException;
import chainrule.data.Dataset;
import chainrule.io.Json;
import chainrule.io.Model;
import chainrule.nn.activation.Activation;
import chainrule.nn.loss.Loss;
import chainrule.nn.loss.Losses;
import chainrule.nn.loss.MeanSquaredError;
import chainrule.train.Confusion;
import chainrule.train.Evaluation;
import chainrule.train.Trainer;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code evaluate MODEL DATA}: how a model does on examples whose targets are known. */
final class EvaluateCommand {
  private final PrintStream out;

  EvaluateCommand(PrintStream out) {
    this.out = out;
  }

  void run(List<String> args) {
    Arguments a = Arguments.parse(Command.EVALUATE, args);
    List<String> words = a.words(Command.EVALUATE, "a model", "data");
    Model model = ModelData.usableModel(words.get(0), a);
    Dataset data = ModelData.examples(model, words.get(1), a);
    boolean quiet = a.has(Option.QUIET);
    if (!quiet) {
      out.printf(Locale.ROOT, "model     %s: %s, %,d parameters%n",
          words.get(0), model.network(), model.network().parameters().length);
      out.printf(Locale.ROOT, "data      %s: %,d rows%n%n", words.get(1), data.rows());
    }
    Evaluation e = evaluation(words.get(0), model, data);
    if (data.rows() > 0 && !Double.isFinite(e.loss())) {
      NonFiniteResults.refuse(words.get(1), model.network().predict(data.x()), data.outputs());
      throw new DataException(words.get(1) + ": " + NonFiniteResults.ofLoss("mean", e.loss(), model.network(), data));
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("task", data.isClassification() ? "classify" : "regress");
    json.put("rows", data.rows());
    json.put("loss", e.loss());
    if (data.isClassification()) {
      Confusion c = Confusion.of(model.network(), data);
      out.printf(Locale.ROOT, "accuracy %.4f (%,d of %,d right), macro F1 %.4f, loss %s%n",
          e.accuracy(), Math.round(e.accuracy() * data.rows()), data.rows(), c.macroF1(), MetricFormat.loss(e.loss()));
      if (!quiet) {
        out.println();
        MetricsTable.printClasses(out, c);
        out.println();
        MetricsTable.printPairs(out, c);
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

  /** The loss of the training, where it is known and fits; else the usual one, or one that fits any output. */
  private static Loss loss(Model model, Dataset data) {
    Activation output = model.network().output().activation();
    return Stream.of(Losses.named(model.training().getOrDefault("loss", "")), Optional.of(Losses.forOutput(output)))
        .flatMap(Optional::stream).filter(l -> l.misfit(output, data.outputs()).isEmpty())
        .findFirst().orElse(new MeanSquaredError());
  }
}
