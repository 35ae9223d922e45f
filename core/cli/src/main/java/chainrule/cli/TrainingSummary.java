// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.Dataset;
import chainrule.format.Formatting;
import chainrule.io.Json;
import chainrule.io.Model;
import chainrule.kernels.Kernels;
import chainrule.report.Report;
import chainrule.train.ConfusionMatrix;
import chainrule.train.Evaluation;
import chainrule.train.History;
import chainrule.train.MultilabelMetrics;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Ends a training run: prints the results, writes the requested files, and suggests what to try next. */
final class TrainingSummary {
  private static final String LAUNCHER = "./chainrule";

  private final PrintStream out;
  private final Terminal terminal;
  private final TrainingRequest request;
  private final Arguments a;
  private final TrainingPlan plan;
  private final History history;
  private final History.Epoch kept; // null if no epoch was completed
  private final Map<String, String> settings;
  private final Optional<CheckpointFile> checkpoint;
  private final List<String> written = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();

  TrainingSummary(Terminal terminal, TrainingRequest request, History history, Map<String, String> settings,
      Optional<CheckpointFile> checkpoint) {
    this.out = terminal.stream();
    this.terminal = terminal;
    this.request = request;
    this.a = request.arguments();
    this.plan = request.plan();
    this.history = history;
    this.kept = history.keptEpoch();
    this.settings = settings;
    this.checkpoint = checkpoint;
  }

  /**
   * Prints and writes everything that can be written.
   * @throws UsageException if a file could not be written, the checkpoint included
   */
  void write() {
    Model model = model();
    write(Option.OUT, model::write);
    checkpoint.filter(c -> !c.failed()).ifPresent(c -> written.add(c.file().toString()));
    if (kept != null) write(Option.REPORT, report(model)::write);
    print(model);
    checkpoint.filter(CheckpointFile::failed).ifPresent(c -> failures.add(c.failure()));
    if (!failures.isEmpty()) throw new UsageException(String.join("; ", failures) + remedy());
  }

  private void write(Option option, Consumer<Path> writer) {
    if (!a.has(option)) return;
    String file = a.value(option).get();
    try {
      writer.accept(Path.of(file));
      written.add(file);
    } catch (UncheckedIOException e) {
      failures.add(option.flag + " was not written: " + Main.reason(e.getCause()));
    }
  }

  /** What to do about files that could not be written. */
  private String remedy() {
    if (checkpoint.isPresent() && checkpoint.get().isResumable()) {
      return ". Free disk space, then continue with: " + resumeCommand();
    }
    return ". Free disk space, then repeat the command" + (written.isEmpty() ? "" : "; written: "
        + String.join(", ", written));
  }

  /** Returns the command that continues this run, with the name by which the launcher was called. */
  private String resumeCommand() {
    String launcher = TrainingSettings.quoted(System.getProperty("chainrule.command", LAUNCHER));
    return launcher + request.rerunCommand().substring(LAUNCHER.length())
        + (a.has(Option.RESUME) ? "" : " " + Option.RESUME.flag);
  }

  private void print(Model model) {
    boolean quiet = a.has(Option.QUIET);
    if (!quiet) out.println();
    printEnd();
    if (kept == null) return;
    boolean shown = !quiet || a.has(Option.JSON);
    ConfusionMatrix confusion =
        shown && kept.test() != null && plan.train().isClassification() ? model.confusion(plan.test()) : null;
    MultilabelMetrics labels = kept.test() != null && plan.train().isMultilabel()
        ? MultilabelMetrics.of(model.network(), plan.test()) : null;
    List<TargetMetrics> targets = kept.test() != null && hasSeveralNumbers() ? TargetMetrics.of(model, plan.test())
        : List.of();
    printResult(labels, targets);
    if (!quiet) {
      if (confusion != null || labels != null || !targets.isEmpty()) out.println();
      if (confusion != null) MetricsTable.printClassMetrics(out, confusion);
      if (labels != null) MetricsTable.printLabelMetrics(out, labels);
      if (!targets.isEmpty()) MetricsTable.printTargetMetrics(out, targets);
      printFiles();
      printSuggestions();
    }
    if (a.has(Option.JSON)) out.println(Json.text(json(confusion, labels, targets)));
  }

  private Model model() {
    Map<String, String> training = new LinkedHashMap<>(settings);
    if (kept != null) {
      training.put("epochs", history.last().number() + " of " + plan.epochs()
          + (history.kept() == history.last().number() ? "" : ", with the weights of epoch " + history.kept()));
      training.put("train loss", MetricFormat.loss(kept.trainLoss()));
      if (kept.validation() != null) training.put("validation", described(kept.validation()));
      if (kept.test() != null) training.put("test", described(kept.test()));
    }
    return new Model(plan.network(), request.data().encoding(), training);
  }

  private Report report(Model model) {
    String title = Path.of(TableInput.label(request.dataName())).getFileName().toString();
    return Report.of(model, history, plan.train()).test(plan.test()).title(title).command(request.rerunCommand())
        .settings(settings);
  }

  /** Returns whether there are several numeric targets, whose units may differ. */
  private boolean hasSeveralNumbers() {
    Dataset train = plan.train();
    return !train.isClassification() && !train.isMultilabel() && train.outputs() > 1;
  }

  private double unit() {
    return hasSeveralNumbers() ? Double.NaN : request.data().encoding().target().deviation();
  }

  private String described(Evaluation e) {
    if (hasSeveralNumbers()) return MetricFormat.r2(e.r2(), e.rmse()) + ", loss " + MetricFormat.loss(e.loss());
    return Double.isNaN(e.accuracy())
        ? MetricFormat.r2(e.r2(), e.rmse()) + ", RMSE " + MetricFormat.digits(e.rmse() * unit())
            + ", MAE " + MetricFormat.digits(e.mae() * unit())
        : String.format(Locale.ROOT, "%s %.4f, loss %s",
            plan.train().isMultilabel() ? "exact match" : "accuracy", e.accuracy(), MetricFormat.loss(e.loss()));
  }

  private void printEnd() {
    if (history.end() == History.End.INTERRUPTED) {
      String when = kept == null ? "in epoch 1" : "after epoch " + history.last().number();
      boolean resumable = checkpoint.isPresent() && checkpoint.get().isResumable();
      out.println("interrupted " + when + (resumable ? "; to continue:" : ""));
      if (resumable) out.println("  " + terminal.bold(resumeCommand()));
    }
    if (plan.validation() != null && kept != null) {
      String why = history.end() == History.End.STOPPED_EARLY
          ? "stopped early after " + Formatting.count(plan.patience(), "epoch", "epochs")
          + " without a lower validation loss; " : "";
      out.printf(Locale.ROOT, "%skept the weights of epoch %d, validation %s%n",
          why, history.kept(), described(kept.validation()));
    }
  }

  private void printResult(MultilabelMetrics labels, List<TargetMetrics> targets) {
    Evaluation test = kept.test();
    if (test == null) {
      printBold("training loss " + MetricFormat.loss(kept.trainLoss()) + " after "
          + Formatting.count(kept.number(), "epoch", "epochs") + "; no rows were held out for testing");
    } else if (plan.train().isClassification()) {
      int n = plan.test().rows();
      printBold(String.format(Locale.ROOT, "test accuracy %.4f (%,d of %,d correct), loss %s",
          test.accuracy(), Math.round(test.accuracy() * n), n, MetricFormat.loss(test.loss())));
    } else if (labels != null) {
      printBold("test " + MetricFormat.labels(labels) + ", loss " + MetricFormat.loss(test.loss()));
    } else if (!targets.isEmpty()) {
      printBold("test " + MetricFormat.targets(targets, test));
    } else {
      printBold(String.format("test %s, root mean squared error %s, mean absolute error %s in the target's unit",
          MetricFormat.r2(test.r2(), test.rmse()), MetricFormat.digits(test.rmse() * unit()),
          MetricFormat.digits(test.mae() * unit())));
    }
    if (test != null && !Double.isFinite(test.loss())) {
      out.println(NonFiniteResults.explainLoss("test", test.loss(), plan.network(), plan.test()));
    }
  }

  private void printBold(String line) {
    out.println(terminal.bold(line));
  }

  private void printFiles() {
    if (written.isEmpty()) return;
    out.println();
    out.println("wrote     " + String.join(", ", written));
  }

  private Map<String, Object> json(
      ConfusionMatrix confusion, MultilabelMetrics labels, List<TargetMetrics> targets) {
    Kernels kernels = request.kernels();
    Evaluation test = kept.test();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("task", TrainingSettings.task(plan.train()));
    json.put("train_loss", kept.trainLoss());
    json.put("test_loss", test == null ? null : test.loss());
    if (plan.train().isClassification()) {
      json.put("test_accuracy", test == null ? null : test.accuracy());
      json.put("test_macro_f1", confusion == null ? null : confusion.macroF1());
    } else if (plan.train().isMultilabel()) {
      json.put("test_accuracy", labels == null ? null : labels.exactMatch());
      json.put("test_exact_match", labels == null ? null : labels.exactMatch());
      json.put("test_mean_accuracy", labels == null ? null : labels.meanAccuracy());
      json.put("test_macro_f1", labels == null ? null : labels.macroF1());
      json.put("test_labels", labels == null ? null : TargetMetrics.json(labels));
    } else {
      if (hasSeveralNumbers()) json.put("test_targets", TargetMetrics.json(targets));
      json.put("test_rmse", test == null ? null : test.rmse() * unit());
      json.put("test_mae", test == null ? null : test.mae() * unit());
      json.put("test_r2", test == null ? null : test.r2());
    }
    json.put("epochs", history.last().number());
    json.put("kept_epoch", kept.number());
    json.put("seconds", history.last().seconds());
    json.put("kernels", kernels.name());
    json.put("threads", kernels.threads());
    json.put("seed", request.seed());
    json.put("notices", request.data().notices());
    return json;
  }

  private void printSuggestions() {
    out.println();
    out.println("try next");
    if (request.dataName().equals("spirals")) {
      suggest("./chainrule train moons --layers 16:tanh", "other built-in data: circles, xor, digits");
      suggest("./chainrule train yours.csv --target COLUMN", "your own table");
    } else {
      suggest("--seed 2", "a different split and initial weights: how much is luck?");
      suggest("--layers 128:relu", "a different network; see also --epochs, --rate and --batch");
    }
    if (a.has(Option.OUT) && failures.isEmpty()) {
      String model = TrainingSettings.quoted(a.value(Option.OUT).get());
      suggest("./chainrule info " + model, "its layers, encoding and settings");
      suggest("./chainrule predict " + model + " DATA", "its predictions for new data");
    } else if (!a.has(Option.OUT)) {
      suggest("--out model.npz --report report.html", "save the network; see how it learned");
    }
    suggest("./chainrule help train", "every option");
  }

  private void suggest(String command, String result) {
    out.printf("  %-43s   %s%n", command, terminal.dim(result));
  }
}
